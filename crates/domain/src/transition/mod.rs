//! The end of an onboarding: what must be so before it is done, how it is handed to whoever looks after the customer
//! from then on, what the clocks show, how it ended, and what others learn from it.

mod clock;
mod done;
mod ending;

pub use clock::{Clocks, Moments};
pub use done::{
    CONFIRMED, DoneFacts, DoneKind, DoneLine, HYPERCARE_ENDED, NO_GRAVE_ISSUE, definition_of_done, is_done,
};
pub use ending::{Ending, Improvement, LessonKind, UnknownEnding, UnknownLesson};

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::programme::Side;

/// Where a handover to customer success stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
#[schemars(rename = "TransitionState")]
pub enum State {
    /// It is being written.
    #[default]
    Preparing,
    /// Whoever takes over was asked.
    Proposed {
        /// Who asked.
        by: String,
        /// When.
        at: Timestamp,
        /// Why although the definition of done is not met; nothing when it is.
        despite: Option<String>,
    },
    /// Whoever was asked said what is missing.
    Returned {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
        /// What is missing.
        reason: String,
    },
    /// The customer was taken over.
    Accepted {
        /// Who took them over.
        by: String,
        /// When.
        at: Timestamp,
        /// Why although the definition of done was not met; nothing when it was.
        despite: Option<String>,
    },
}

/// A step its state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a handover that is {was} cannot be {to}")]
pub struct Refusal {
    /// What it is.
    pub was: &'static str,
    /// What was asked for.
    pub to: &'static str,
}

impl State {
    /// Every word of [`State::word`].
    pub const WORDS: [&'static str; 4] = ["preparing", "proposed", "returned", "accepted"];

    /// The word in files and the API.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Proposed { .. } => "proposed",
            Self::Returned { .. } => "returned",
            Self::Accepted { .. } => "accepted",
        }
    }

    /// Whether what is handed over can still be written.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Preparing | Self::Returned { .. })
    }

    /// Whoever takes over is asked.
    ///
    /// # Errors
    /// When they were asked, or have taken over.
    pub fn propose(self, by: String, at: Timestamp, despite: Option<String>) -> Result<Self, Refusal> {
        match self {
            Self::Preparing | Self::Returned { .. } => Ok(Self::Proposed { by, at, despite }),
            other => Err(Refusal { was: other.word(), to: "proposed" }),
        }
    }

    /// Whoever was asked says what is missing.
    ///
    /// # Errors
    /// When nobody is asked.
    pub fn hand_back(self, by: String, at: Timestamp, reason: String) -> Result<Self, Refusal> {
        match self {
            Self::Proposed { .. } => Ok(Self::Returned { by, at, reason }),
            other => Err(Refusal { was: other.word(), to: "handed back" }),
        }
    }

    /// Whoever was asked takes over.
    ///
    /// # Errors
    /// When nobody is asked.
    pub fn accept(self, by: String, at: Timestamp) -> Result<Self, Refusal> {
        match self {
            Self::Proposed { despite, .. } => Ok(Self::Accepted { by, at, despite }),
            other => Err(Refusal { was: other.word(), to: "accepted" }),
        }
    }
}

/// A promise of sales as it is handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HandedPromise")]
pub struct Promised {
    /// The promise.
    pub text: String,
    /// By when.
    pub by: Option<Date>,
    /// Whether it was kept.
    pub kept: bool,
    /// Who keeps it from now on, or how it was kept; may be empty.
    pub note: String,
}

impl Promised {
    /// Whether nobody has to ask after it any more: it was kept, or somebody is named who keeps it.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.kept || !self.note.is_empty()
    }
}

/// A step of the first 90 days after the handover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "NextStep")]
pub struct NextStep {
    /// What is done.
    pub text: String,
    /// Whose step it is.
    pub side: Side,
    /// By when.
    pub by: Date,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Timestamp {
        "2027-03-01T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_handover_is_proposed_handed_back_proposed_again_and_accepted() {
        let (ines, sofia) = ("Ines".to_owned(), "Sofia".to_owned());
        let asked = State::default().propose(ines.clone(), at(), None).unwrap();
        assert!(!asked.is_open());
        let twice = asked.clone().propose(ines.clone(), at(), None).unwrap_err();
        assert_eq!(twice.to_string(), "a handover that is proposed cannot be proposed");
        let back = asked.hand_back(sofia.clone(), at(), "Who is the sponsor now?".to_owned()).unwrap();
        assert!(back.is_open());
        assert!(back.clone().accept(sofia.clone(), at()).is_err(), "nobody is asked");
        let despite = Some("The audit is done in April".to_owned());
        let again = back.propose(ines, at(), despite.clone()).unwrap();
        let taken = again.accept(sofia.clone(), at()).unwrap();
        assert_eq!(taken, State::Accepted { by: sofia.clone(), at: at(), despite });
        assert!(taken.hand_back(sofia, at(), "Too late".to_owned()).is_err());
        assert!(State::WORDS.contains(&State::Preparing.word()));
    }

    #[test]
    fn a_promise_is_settled_once_it_is_kept_or_somebody_keeps_it() {
        let promise = Promised { text: "A report a week".into(), by: None, kept: false, note: String::new() };
        assert!(!promise.is_settled());
        assert!(Promised { kept: true, ..promise.clone() }.is_settled());
        assert!(Promised { note: "Sofia, from April".into(), ..promise }.is_settled());
    }
}
