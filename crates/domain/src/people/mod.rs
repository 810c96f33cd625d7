//! The people of a running onboarding: where they stand, who spoke with them when, what holds the relationship.
//!
//! Everything here is judged from stated facts and a day; rules come from `people.toml`.

mod executive;
mod loss;
mod message;
mod raci;
mod relation;
mod stakeholder;
mod threading;

use thiserror::Error;

pub use executive::{Anchors, Due, Milestone, Talk, executive};
pub use loss::{Criterion, Happened, Loss, LossError, Successor, criteria};
pub use message::{MessageMove, message_moves, moved_to};
pub use raci::{LETTERS, Matrix, MatrixColumn, MatrixError, MatrixRow};
pub use relation::{Relation, RelationError, RelationKind};
pub use stakeholder::{
    Cadence, Channel, Gap, Grade, Judged, Rhythm, Sentiment, cadence, judge, strategy, strategy_of,
};
pub use threading::{Threading, Voice, threading};

/// A word that is none of those there are.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{given}` is no {what}: use {known}")]
pub struct UnknownWord {
    /// What it should have been.
    pub what: &'static str,
    /// What was given, shortened.
    pub given: String,
    /// The words there are.
    pub known: String,
}

/// Declares an enum whose values have a word for files and the API, and a label for people.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $what:literal { $($(#[$about:meta])* $variant:ident = $word:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$about])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every value, in the order they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in files, addresses and the API.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// What people read.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$variant => $label,)+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::people::UnknownWord;

            fn from_str(word: &str) -> Result<Self, $crate::people::UnknownWord> {
                Self::ALL.iter().copied().find(|known| known.word() == word).ok_or_else(|| {
                    $crate::people::UnknownWord {
                        what: $what,
                        given: word.chars().take(60).collect(),
                        known: [$($word),+].join(", "),
                    }
                })
            }
        }
    };
}
pub(crate) use words;

/// Reads an enum from the words it has; what is none of them goes, shortened, into the error that `$wrong` makes.
macro_rules! read_by_word {
    ($name:ident, $error:ident, $wrong:expr) => {
        impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(word: &str) -> Result<Self, $error> {
                let known = Self::ALL.into_iter().find(|known| known.word() == word);
                known.ok_or_else(|| word.chars().take(60).collect::<String>()).map_err($wrong)
            }
        }
    };
}
pub(crate) use read_by_word;
