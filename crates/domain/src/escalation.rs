//! Escalations: something is raised to a level that must answer by a time [004, escalation matrix].

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::methodology::EscalationLevel;

/// Where an escalation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
#[schemars(rename = "EscalationState")]
pub enum State {
    /// Nobody has taken it up.
    Raised,
    /// Somebody of the level has taken it up; the clock runs on.
    Acknowledged {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The level has said what is done; the clock stands.
    Answered {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
        /// What is done.
        answer: String,
    },
    /// It is over.
    Resolved {
        /// Who said so.
        by: String,
        /// When.
        at: Timestamp,
        /// How it ended.
        how: String,
        /// When the level had answered, if it had.
        answered_at: Option<Timestamp>,
    },
}

/// A step its state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an escalation that is {was} cannot be {to}")]
pub struct Refusal {
    /// What it is.
    pub was: &'static str,
    /// What was asked for.
    pub to: &'static str,
}

impl State {
    /// The word in files and the API.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Acknowledged { .. } => "acknowledged",
            Self::Answered { .. } => "answered",
            Self::Resolved { .. } => "resolved",
        }
    }

    /// Whether somebody must still do something.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self, Self::Resolved { .. })
    }

    /// Somebody of the level takes it up.
    ///
    /// # Errors
    /// When somebody has, or it is further.
    pub fn acknowledge(self, by: String, at: Timestamp) -> Result<Self, Refusal> {
        match self {
            Self::Raised => Ok(Self::Acknowledged { by, at }),
            other => Err(Refusal { was: other.word(), to: "acknowledged" }),
        }
    }

    /// The level says what is done.
    ///
    /// # Errors
    /// When it has, or it is over.
    pub fn answer(self, by: String, at: Timestamp, answer: String) -> Result<Self, Refusal> {
        match self {
            Self::Raised | Self::Acknowledged { .. } => Ok(Self::Answered { by, at, answer }),
            other => Err(Refusal { was: other.word(), to: "answered" }),
        }
    }

    /// It is over.
    ///
    /// # Errors
    /// When it was before.
    pub fn resolve(self, by: String, at: Timestamp, how: String) -> Result<Self, Refusal> {
        let answered_at = match &self {
            Self::Answered { at, .. } => Some(*at),
            Self::Raised | Self::Acknowledged { .. } => None,
            Self::Resolved { .. } => return Err(Refusal { was: "resolved", to: "resolved" }),
        };
        Ok(Self::Resolved { by, at, how, answered_at })
    }

    /// When the level answered: what stops its clock. Resolving answers too.
    #[must_use]
    pub fn answered_at(&self) -> Option<Timestamp> {
        match self {
            Self::Raised | Self::Acknowledged { .. } => None,
            Self::Answered { at, .. } => Some(*at),
            Self::Resolved { at, answered_at, .. } => Some(answered_at.unwrap_or(*at)),
        }
    }
}

/// Until when a level answers what is raised now.
#[must_use]
pub fn respond_by(level: &EscalationLevel, raised: Timestamp) -> Timestamp {
    let hours = SignedDuration::from_hours(i64::from(level.within_hours));
    raised.checked_add(hours).unwrap_or(Timestamp::MAX)
}

/// How a response clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "clock", rename_all = "snake_case")]
#[schemars(rename = "EscalationClock")]
pub enum Clock {
    /// It runs.
    Running {
        /// Whole minutes that are left.
        minutes_left: i64,
    },
    /// It has run out without an answer.
    Late {
        /// Whole minutes since then.
        minutes_late: i64,
    },
    /// The answer came in time.
    Met,
    /// The answer came too late.
    Missed {
        /// By so many whole minutes.
        minutes_late: i64,
    },
}

impl Clock {
    /// How the clock stands now.
    #[must_use]
    pub fn at(respond_by: Timestamp, answered: Option<Timestamp>, now: Timestamp) -> Self {
        let minutes = |from: Timestamp, to: Timestamp| to.duration_since(from).as_mins();
        match answered {
            Some(at) if at <= respond_by => Self::Met,
            Some(at) => Self::Missed { minutes_late: minutes(respond_by, at) },
            None if now <= respond_by => Self::Running { minutes_left: minutes(now, respond_by) },
            None => Self::Late { minutes_late: minutes(respond_by, now) },
        }
    }
}

/// Somebody who was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Told {
    /// Name.
    pub name: String,
    /// Mail address, when they were written to.
    pub email: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn level(hours: u32) -> EscalationLevel {
        EscalationLevel {
            level: 1,
            name: "Issue".to_owned(),
            trigger: String::new(),
            path: String::new(),
            within_hours: hours,
            within: String::new(),
        }
    }

    #[test]
    fn it_goes_forward_only() {
        let now = at("2027-01-11T09:00:00Z");
        let taken = State::Raised.acknowledge("Ines".to_owned(), now).unwrap();
        let again = taken.clone().acknowledge("Priya".to_owned(), now).unwrap_err();
        assert_eq!(again.to_string(), "an escalation that is acknowledged cannot be acknowledged");
        let answered = taken.answer("Ines".to_owned(), now, "A second engineer joins".to_owned()).unwrap();
        assert!(answered.clone().answer("Ines".to_owned(), now, String::new()).is_err());
        let over = answered.resolve("Ines".to_owned(), at("2027-01-12T09:00:00Z"), "unblocked".to_owned());
        let over = over.unwrap();
        assert_eq!((over.answered_at(), over.is_open()), (Some(now), false));
        assert!(over.resolve("Ines".to_owned(), now, String::new()).is_err());
    }

    #[test]
    fn clocks_run_until_the_answer() {
        let raised = at("2027-01-11T09:00:00Z");
        let due = respond_by(&level(24), raised);
        assert_eq!(due, at("2027-01-12T09:00:00Z"));
        assert_eq!(Clock::at(due, None, at("2027-01-11T10:30:00Z")), Clock::Running { minutes_left: 1350 });
        assert_eq!(Clock::at(due, None, at("2027-01-12T09:05:00Z")), Clock::Late { minutes_late: 5 });
        assert_eq!(Clock::at(due, Some(due), at("2028-01-01T00:00:00Z")), Clock::Met);
        let late = Some(at("2027-01-12T10:00:00Z"));
        assert_eq!(Clock::at(due, late, at("2028-01-01T00:00:00Z")), Clock::Missed { minutes_late: 60 });
        // "At once" has no time to spare.
        assert_eq!(respond_by(&level(0), raised), raised);
    }

    #[test]
    fn resolving_without_an_answer_stops_the_clock_too() {
        let now = at("2027-01-11T09:00:00Z");
        let over = State::Raised.resolve("Ines".to_owned(), now, "it was a mistake".to_owned()).unwrap();
        assert_eq!(over.answered_at(), Some(now));
    }
}
