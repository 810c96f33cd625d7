//! Where an entry of the register stands, and the steps it can go.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Kind, Outcome};

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
#[schemars(rename = "RegisterStatus")]
pub enum Status {
    /// Somebody must do something about it.
    Open,
    /// It ended.
    Closed {
        /// How.
        #[serde(flatten)]
        outcome: Outcome,
    },
}

/// A step the entry's state or kind does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// It ended before.
    #[error("this {kind} has ended already: it was {was}")]
    Ended {
        /// What it is.
        kind: Kind,
        /// How it ended.
        was: &'static str,
    },
    /// It did not end yet.
    #[error("this {0} is open already")]
    Open(Kind),
    /// Entries of its kind end otherwise.
    #[error("{} {kind} cannot be {outcome}", .kind.article())]
    Unfit {
        /// What it is.
        kind: Kind,
        /// How it was to end.
        outcome: &'static str,
    },
}

impl Status {
    /// The word: `open` or `closed`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed { .. } => "closed",
        }
    }

    /// Whether somebody must still do something.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }

    /// An entry of this kind ends.
    ///
    /// # Errors
    /// [`Refusal::Ended`] when it has, [`Refusal::Unfit`] when its kind ends otherwise.
    pub fn close(self, kind: Kind, outcome: Outcome) -> Result<Self, Refusal> {
        match self {
            Self::Closed { outcome: before } => Err(Refusal::Ended { kind, was: before.word() }),
            Self::Open if !outcome.fits(kind) => Err(Refusal::Unfit { kind, outcome: outcome.word() }),
            Self::Open => Ok(Self::Closed { outcome }),
        }
    }

    /// It did not end after all.
    ///
    /// # Errors
    /// [`Refusal::Open`] when it is open.
    pub fn reopen(self, kind: Kind) -> Result<Self, Refusal> {
        match self {
            Self::Open => Err(Refusal::Open(kind)),
            Self::Closed { .. } => Ok(Self::Open),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved() -> Outcome {
        Outcome::Resolved { how: "IT opened the port".to_owned() }
    }

    #[test]
    fn entries_end_in_ways_of_their_kind_and_once() {
        let closed = Status::Open.close(Kind::Issue, resolved()).unwrap();
        assert_eq!(closed.word(), "closed");
        let again = closed.clone().close(Kind::Issue, resolved()).unwrap_err();
        assert_eq!(again.to_string(), "this issue has ended already: it was resolved");
        let unfit = Status::Open.close(Kind::Risk, resolved()).unwrap_err();
        assert_eq!(unfit.to_string(), "a risk cannot be resolved");
        assert_eq!(closed.reopen(Kind::Issue), Ok(Status::Open));
        assert_eq!(Status::Open.reopen(Kind::Action), Err(Refusal::Open(Kind::Action)));
        for kind in Kind::ALL {
            assert!(Outcome::Dropped { how: String::new() }.fits(kind), "{kind}");
        }
    }
}
