//! How an onboarding ended, what was learned, and what becomes of it in the programme.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::people::read_by_word;

/// How an onboarding ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The definition of done is met.
    Successful,
    /// The customer works with it, and something that was agreed is missing.
    Partly,
    /// It was given up.
    Stopped,
}

impl Ending {
    /// Every ending.
    pub const ALL: [Self; 3] = [Self::Successful, Self::Partly, Self::Stopped];

    /// The word in files and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Successful => "successful",
            Self::Partly => "partly",
            Self::Stopped => "stopped",
        }
    }

    /// The name people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Successful => "Successful",
            Self::Partly => "Partly successful",
            Self::Stopped => "Stopped",
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The word is no ending.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no way to end: use successful, partly or stopped")]
pub struct UnknownEnding(pub String);

read_by_word!(Ending, UnknownEnding, UnknownEnding);

/// What a lesson says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LessonKind {
    /// It went well: do it again.
    Keep,
    /// It did not: do it in another way.
    Change,
}

impl LessonKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Keep, Self::Change];

    /// The word in files and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Change => "change",
        }
    }

    /// The name people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Keep => "Went well",
            Self::Change => "Do it differently",
        }
    }
}

/// The word is no kind of lesson.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no kind of lesson: use keep or change")]
pub struct UnknownLesson(pub String);

read_by_word!(LessonKind, UnknownLesson, UnknownLesson);

/// What became of an improvement somebody suggested for a programme.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
#[schemars(rename = "ImprovementState")]
pub enum Improvement {
    /// Nobody has decided.
    #[default]
    Open,
    /// The programme does it this way.
    Adopted {
        /// Who decided.
        by: String,
        /// When.
        at: Timestamp,
        /// What was changed.
        how: String,
        /// The version of the programme that has it first, where one was published for it.
        version: Option<i64>,
    },
    /// The programme stays as it is.
    Declined {
        /// Who decided.
        by: String,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

impl Improvement {
    /// Every word of [`Improvement::word`].
    pub const WORDS: [&'static str; 3] = ["open", "adopted", "declined"];

    /// The word in files and the API.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Adopted { .. } => "adopted",
            Self::Declined { .. } => "declined",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for ending in Ending::ALL {
            assert_eq!(ending.word().parse(), Ok(ending));
        }
        for kind in LessonKind::ALL {
            assert_eq!(kind.word().parse(), Ok(kind));
        }
        let error = "won".parse::<Ending>().unwrap_err();
        assert_eq!(error.to_string(), "`won` is no way to end: use successful, partly or stopped");
        assert!("".parse::<LessonKind>().is_err());
        assert!(Improvement::WORDS.contains(&Improvement::default().word()));
    }
}
