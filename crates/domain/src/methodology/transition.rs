//! What happens once an onboarding is done: how the customer meets whoever looks after them, and the first 90 days.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::programme::{AgendaItem, Side};

/// `transition.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransitionRules {
    /// How the customer is told.
    pub introduction: IntroductionMail,
    /// The same in other languages, by their word (`de`).
    #[serde(rename = "introduction_in", default)]
    pub languages: IndexMap<String, IntroductionMail>,
    /// The meeting in which they meet.
    pub meeting: TransitionMeeting,
    /// What is usually done in the first 90 days.
    #[serde(rename = "step", default)]
    pub steps: Vec<NextRule>,
}

/// The mail in which the customer is told. Both texts may name `{customer}`, `{contact}`, `{product}`, `{csm}`,
/// `{sender}` and `{vendor}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntroductionMail {
    /// Subject line.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// The meeting in which the customer meets whoever looks after them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransitionMeeting {
    /// Title.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// What is spoken of.
    pub agenda: Vec<AgendaItem>,
}

impl TransitionMeeting {
    /// How long it takes, in minutes.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        self.agenda.iter().map(|item| item.minutes).sum()
    }
}

/// A step of the first 90 days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextRule {
    /// What is done; may name `{product}` and `{use_case}`.
    pub text: String,
    /// Whose step it is.
    pub side: Side,
    /// Calendar days after the handover by which it is done, 1 to 90.
    pub day: u32,
}
