//! The states of a task. Who moved it is in the ledger, not here.

use std::fmt;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How far a task is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TaskState {
    /// It has not begun.
    #[default]
    Open,
    /// It is being worked.
    Started {
        /// First day of work.
        on: Date,
    },
    /// It cannot go on.
    Blocked {
        /// First day of work, when it had begun.
        started: Option<Date>,
        /// Since when.
        since: Date,
        /// Why.
        because: String,
        /// The task that blocks it (code), when it is one of the plan.
        by: Option<String>,
    },
    /// It is done.
    Done {
        /// First day of work.
        started_on: Date,
        /// Last day of work.
        finished_on: Date,
    },
    /// It is not done and will not be.
    Skipped {
        /// Why.
        reason: String,
    },
}

/// A transition that the state does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StateError {
    /// It is in another state than the transition begins with.
    #[error("a task that is {from} cannot be {to}")]
    Refused {
        /// State it is in.
        from: &'static str,
        /// What was asked for.
        to: &'static str,
    },
    /// It would have been done before it began.
    #[error("it cannot be done on {finished}, before it began on {started}")]
    Backwards {
        /// First day.
        started: Date,
        /// Last day.
        finished: Date,
    },
}

impl TaskState {
    /// Every state, as rows and addresses name them.
    pub const WORDS: [&'static str; 5] = ["open", "started", "blocked", "done", "skipped"];

    /// The word of the state.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Started { .. } => "started",
            Self::Blocked { .. } => "blocked",
            Self::Done { .. } => "done",
            Self::Skipped { .. } => "skipped",
        }
    }

    /// Nothing of it remains to be done.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Skipped { .. })
    }

    /// First day of work, when it has begun.
    #[must_use]
    pub fn started_on(&self) -> Option<Date> {
        match self {
            Self::Open | Self::Skipped { .. } => None,
            Self::Started { on } => Some(*on),
            Self::Blocked { started, .. } => *started,
            Self::Done { started_on, .. } => Some(*started_on),
        }
    }

    /// Last day of work, when it is done.
    #[must_use]
    pub fn finished_on(&self) -> Option<Date> {
        match self {
            Self::Done { finished_on, .. } => Some(*finished_on),
            _ => None,
        }
    }

    /// Work begins.
    ///
    /// # Errors
    /// When it has begun, or is over; and when it is blocked.
    pub fn start(self, on: Date) -> Result<Self, StateError> {
        match self {
            Self::Open => Ok(Self::Started { on }),
            other => Err(other.refuse("started")),
        }
    }

    /// Work is done; `began` is the first day when none is known. What blocked it did not.
    ///
    /// # Errors
    /// When it is over, or began later.
    pub fn finish(self, began: Date, on: Date) -> Result<Self, StateError> {
        let started_on = match self {
            Self::Open | Self::Blocked { started: None, .. } => began,
            Self::Started { on: started } | Self::Blocked { started: Some(started), .. } => started,
            other => return Err(other.refuse("done")),
        };
        if on < started_on {
            return Err(StateError::Backwards { started: started_on, finished: on });
        }
        Ok(Self::Done { started_on, finished_on: on })
    }

    /// It cannot go on; blocked again, the reason is another.
    ///
    /// # Errors
    /// When it is over.
    pub fn block(self, since: Date, because: String, by: Option<String>) -> Result<Self, StateError> {
        match self {
            Self::Open => Ok(Self::Blocked { started: None, since, because, by }),
            Self::Started { on } => Ok(Self::Blocked { started: Some(on), since, because, by }),
            Self::Blocked { started, since, .. } => Ok(Self::Blocked { started, since, because, by }),
            other => Err(other.refuse("blocked")),
        }
    }

    /// It can go on.
    ///
    /// # Errors
    /// When it is not blocked.
    pub fn unblock(self) -> Result<Self, StateError> {
        match self {
            Self::Blocked { started: Some(on), .. } => Ok(Self::Started { on }),
            Self::Blocked { started: None, .. } => Ok(Self::Open),
            other => Err(other.refuse("unblocked")),
        }
    }

    /// One step back: what was done is being worked, what was started or skipped is open.
    ///
    /// # Errors
    /// When it is open, or blocked.
    pub fn reopen(self) -> Result<Self, StateError> {
        match self {
            Self::Done { started_on, .. } => Ok(Self::Started { on: started_on }),
            Self::Started { .. } | Self::Skipped { .. } => Ok(Self::Open),
            other => Err(other.refuse("reopened")),
        }
    }

    /// It will not be done.
    ///
    /// # Errors
    /// When it is over.
    pub fn skip(self, reason: String) -> Result<Self, StateError> {
        match self {
            Self::Open | Self::Started { .. } | Self::Blocked { .. } => Ok(Self::Skipped { reason }),
            other => Err(other.refuse("skipped")),
        }
    }

    fn refuse(&self, to: &'static str) -> StateError {
        StateError::Refused { from: self.word(), to }
    }
}

impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn goes_its_way_and_no_other() {
        let monday = date(2027, 1, 11);
        let friday = date(2027, 1, 15);
        let started = TaskState::Open.start(monday).unwrap();
        assert!(started.clone().start(friday).is_err());
        let blocked = started.block(friday, "no access".into(), None).unwrap();
        assert_eq!(
            blocked.clone().start(friday).unwrap_err().to_string(),
            "a task that is blocked cannot be started"
        );
        assert_eq!(blocked.clone().unblock().unwrap(), TaskState::Started { on: monday });
        let done = blocked.finish(friday, friday).unwrap();
        assert_eq!((done.started_on(), done.finished_on()), (Some(monday), Some(friday)));
        assert!(
            done.clone().skip("late".into()).is_err()
                && done.clone().block(friday, String::new(), None).is_err()
        );
        assert_eq!(done.reopen().unwrap().reopen().unwrap(), TaskState::Open);
    }

    #[test]
    fn nothing_is_done_before_it_began() {
        let started = TaskState::Open.start(date(2027, 1, 12)).unwrap();
        let error = started.finish(date(2027, 1, 12), date(2027, 1, 11)).unwrap_err();
        assert_eq!(error.to_string(), "it cannot be done on 2027-01-11, before it began on 2027-01-12");
    }

    #[test]
    fn rows_keep_every_word_of_it() {
        let blocked = TaskState::Blocked {
            started: None,
            since: date(2027, 1, 11),
            because: "legal".into(),
            by: Some("a".into()),
        };
        let json = serde_json::to_value(&blocked).unwrap();
        assert_eq!(json["state"], "blocked");
        assert_eq!(serde_json::from_value::<TaskState>(json).unwrap(), blocked);
    }
}
