//! How an entry of the register ended.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Kind;

/// How an entry ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "outcome", rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "RegisterOutcome")]
pub enum Outcome {
    /// The risk became true.
    Happened {
        /// What it led to.
        how: String,
    },
    /// The risk is over and did not become true.
    Avoided {
        /// Why it cannot happen any more.
        how: String,
    },
    /// The issue is out of the way.
    Resolved {
        /// How.
        how: String,
    },
    /// The decision was made.
    Decided {
        /// What was decided.
        choice: String,
        /// By whom.
        by: String,
        /// On which day.
        on: Date,
    },
    /// The action was done.
    Done {
        /// What came of it; may be empty.
        #[serde(default)]
        how: String,
    },
    /// It is not pursued any more, whatever it is.
    Dropped {
        /// Why.
        how: String,
    },
}

impl Outcome {
    /// Whether an entry of this kind can end like that.
    #[must_use]
    pub fn fits(&self, kind: Kind) -> bool {
        match self {
            Self::Happened { .. } | Self::Avoided { .. } => kind == Kind::Risk,
            Self::Resolved { .. } => kind == Kind::Issue,
            Self::Decided { .. } => kind == Kind::Decision,
            Self::Done { .. } => kind == Kind::Action,
            Self::Dropped { .. } => true,
        }
    }

    /// The word: `resolved`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Happened { .. } => "happened",
            Self::Avoided { .. } => "avoided",
            Self::Resolved { .. } => "resolved",
            Self::Decided { .. } => "decided",
            Self::Done { .. } => "done",
            Self::Dropped { .. } => "dropped",
        }
    }

    /// What people wrote about it.
    #[must_use]
    pub fn how(&self) -> &str {
        match self {
            Self::Happened { how }
            | Self::Avoided { how }
            | Self::Resolved { how }
            | Self::Done { how }
            | Self::Dropped { how } => how,
            Self::Decided { choice, .. } => choice,
        }
    }
}
