//! The register of an onboarding: risks, issues, decisions and actions [004, status report].
//!
//! Entries are numbered by kind (`R-1`, `I-1`, `D-1`, `A-1`) and open until they end in a way of their kind: a
//! risk happens or is avoided, an issue is resolved, a decision is made, an action is done.

mod outcome;
mod owner;
mod status;

pub use outcome::Outcome;
pub use owner::Owner;
pub use status::{Refusal, Status};

use std::fmt;

use jiff::{Timestamp, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::deal::Severity;
use crate::people::read_by_word;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RegisterKind")]
pub enum Kind {
    /// May go wrong.
    Risk,
    /// Went wrong and stands in the way.
    Issue,
    /// Must be decided, or was.
    Decision,
    /// Is to be done by somebody.
    Action,
}

impl Kind {
    /// Every kind, in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Risk, Self::Issue, Self::Decision, Self::Action];

    /// The word in addresses and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Risk => "risk",
            Self::Issue => "issue",
            Self::Decision => "decision",
            Self::Action => "action",
        }
    }

    /// The letter its numbers begin with.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Risk => 'R',
            Self::Issue => 'I',
            Self::Decision => 'D',
            Self::Action => 'A',
        }
    }

    /// `a` or `an`, as the kind wants it.
    #[must_use]
    pub fn article(self) -> &'static str {
        match self {
            Self::Risk | Self::Decision => "a",
            Self::Issue | Self::Action => "an",
        }
    }

    /// What an entry of the kind is called: `R-7`.
    #[must_use]
    pub fn code(self, number: i64) -> String {
        format!("{}-{number}", self.letter())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The word is no kind of entry.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not kept in a register: use risk, issue, decision or action")]
pub struct UnknownKind(pub String);

read_by_word!(Kind, UnknownKind, UnknownKind);

/// How likely or how grave, from 1 (hardly) to 5 (nearly certain, or the end of it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "i64", into = "i64")]
#[schemars(with = "i64")]
pub struct Level(u8);

/// A number that is no level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{0} is not between 1 and 5")]
pub struct NoLevel(pub i64);

impl Level {
    /// The number, 1 to 5.
    #[must_use]
    pub fn number(self) -> i64 {
        i64::from(self.0)
    }
}

impl TryFrom<i64> for Level {
    type Error = NoLevel;

    fn try_from(number: i64) -> Result<Self, NoLevel> {
        u8::try_from(number).ok().filter(|level| (1..=5).contains(level)).map(Self).ok_or(NoLevel(number))
    }
}

impl From<Level> for i64 {
    fn from(level: Level) -> Self {
        level.number()
    }
}

/// What an entry says beside its title, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "RegisterDetails")]
pub enum Details {
    /// Of a risk.
    Risk {
        /// How likely it is.
        probability: Level,
        /// How grave it would be.
        impact: Level,
        /// Its category (id in `risks.toml`).
        #[serde(default)]
        category: Option<String>,
        /// What is done about it.
        #[serde(default)]
        mitigation: String,
        /// Where it shows, in words.
        #[serde(default)]
        origin: String,
    },
    /// Of an issue.
    Issue {
        /// How grave it is.
        severity: Severity,
        /// Task that waits for it (its code in the plan).
        #[serde(default)]
        blocks: Option<String>,
        /// What happened, in words.
        #[serde(default)]
        about: String,
    },
    /// Of a decision.
    Decision {
        /// What there is to choose from.
        #[serde(default)]
        options: Vec<String>,
        /// What the plan assumes until then.
        #[serde(default)]
        assumed: String,
        /// Why it matters, in words.
        #[serde(default)]
        about: String,
    },
    /// Of an action.
    Action {
        /// What is to be done, in words.
        #[serde(default)]
        about: String,
        /// Task it became (its code in the plan).
        #[serde(default)]
        task: Option<String>,
    },
}

impl Details {
    /// Of which kind of entry.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Risk { .. } => Kind::Risk,
            Self::Issue { .. } => Kind::Issue,
            Self::Decision { .. } => Kind::Decision,
            Self::Action { .. } => Kind::Action,
        }
    }

    /// How much attention it deserves, 1 to 25: probability × impact of a risk, the severity of an issue on the
    /// same scale; none for decisions and actions.
    #[must_use]
    pub fn exposure(&self) -> Option<i64> {
        match self {
            Self::Risk { probability, impact, .. } => Some(probability.number() * impact.number()),
            Self::Issue { severity, .. } => Some(match severity {
                Severity::Low => 4,
                Severity::Medium => 9,
                Severity::High => 16,
                Severity::Critical => 25,
            }),
            Self::Decision { .. } | Self::Action { .. } => None,
        }
    }
}

/// Who sees an entry.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Only the workspace.
    #[default]
    Internal,
    /// The customer too.
    Customer,
}

impl Visibility {
    /// Both, the narrower first.
    pub const ALL: [Self; 2] = [Self::Internal, Self::Customer];

    /// The word in files, addresses and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Customer => "customer",
        }
    }
}

/// The word is no visibility.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` says nobody: use internal or customer")]
pub struct UnknownVisibility(pub String);

read_by_word!(Visibility, UnknownVisibility, UnknownVisibility);

/// Whole hours from when an entry was opened until it was closed, or until now while it is open.
#[must_use]
pub fn hours_open(opened: Timestamp, closed: Option<Timestamp>, now: Timestamp) -> i64 {
    let until = closed.unwrap_or(now);
    let span = until.since((Unit::Hour, opened));
    span.map_or(0, |span| i64::from(span.get_hours())).max(0)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    #[test]
    fn exposure_is_probability_times_impact() {
        let level = |number: i64| Level::try_from(number).unwrap();
        let risk = |probability: i64, impact: i64| Details::Risk {
            probability: level(probability),
            impact: level(impact),
            category: None,
            mitigation: String::new(),
            origin: String::new(),
        };
        assert_eq!(risk(3, 4).exposure(), Some(12));
        assert_eq!(risk(5, 5).exposure(), Some(25));
        assert_eq!(Details::Action { about: String::new(), task: None }.exposure(), None);
        for wrong in [0, 6, -1, 300] {
            assert_eq!(Level::try_from(wrong), Err(NoLevel(wrong)));
        }
    }

    #[test]
    fn what_is_kept_reads_as_it_was_written() {
        let decided = Status::Closed {
            outcome: Outcome::Decided {
                choice: "SAML".to_owned(),
                by: "Dana Whitfield".to_owned(),
                on: date(2027, 1, 20),
            },
        };
        let kept = serde_json::to_value(&decided).unwrap();
        let expected = json!({
            "status": "closed", "outcome": "decided", "choice": "SAML", "by": "Dana Whitfield", "on": "2027-01-20"
        });
        assert_eq!(kept, expected);
        assert_eq!(serde_json::from_value::<Status>(kept).unwrap(), decided);
        assert_eq!(serde_json::from_value::<Status>(json!({ "status": "open" })).unwrap(), Status::Open);
        let issue: Details = serde_json::from_value(json!({ "kind": "issue", "severity": "high" })).unwrap();
        assert_eq!((issue.kind(), issue.exposure()), (Kind::Issue, Some(16)));
        let wrong = json!({ "kind": "risk", "probability": 6, "impact": 1 });
        assert!(serde_json::from_value::<Details>(wrong).is_err());
        let unknown = json!({ "kind": "action", "abuot": "call them" });
        assert!(serde_json::from_value::<Details>(unknown).is_err());
    }

    #[test]
    fn hours_are_counted_until_it_ended() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (opened, now) = (at("2027-01-11T09:00:00Z"), at("2027-01-13T10:59:00Z"));
        assert_eq!(hours_open(opened, None, now), 49);
        assert_eq!(hours_open(opened, Some(at("2027-01-11T21:30:00Z")), now), 12);
        assert_eq!(hours_open(now, None, opened), 0, "clocks that go back do not count");
    }
}
