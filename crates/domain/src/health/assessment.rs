//! What a model says of a customer on a day, with everything it rests on.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Points;
use crate::deal::Severity;

/// The status when too few inputs have data.
pub const INSUFFICIENT: &str = "Insufficient data";

/// A signal that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenSignal {
    /// Its kind (id).
    pub kind: String,
    /// How grave it is.
    pub severity: Severity,
}

/// A status a person gave. It stands above the score and the cap while it holds; no rule changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HealthOverride")]
pub struct Override {
    /// The status.
    pub status: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// The last day it holds.
    pub until: Date,
}

impl Override {
    /// Whether it holds on a day.
    #[must_use]
    pub fn holds(&self, today: Date) -> bool {
        today <= self.until
    }
}

/// A cap that lowers the status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HealthCapped")]
pub struct Cap {
    /// The best status possible.
    pub status: String,
    /// Kinds (ids) of the critical signals that are open.
    pub signals: Vec<String>,
}

/// What a model says of a customer on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HealthAssessment")]
pub struct Assessment {
    /// The model (id).
    pub model: String,
    /// Its version.
    pub version: u32,
    /// The mean of the components with data; nothing without any.
    pub raw: Points,
    /// That in whole points, lowered to the best the cap allows. None while data are insufficient.
    pub score: Option<u32>,
    /// Share of the weight that has data.
    pub coverage_percent: u32,
    /// The status that counts.
    pub status: String,
    /// The status the score alone gives.
    pub by_score: String,
    /// The cap, when it lowers the status.
    pub cap: Option<Cap>,
    /// The person's word that counts instead, while it holds.
    pub by_hand: Option<Override>,
    /// The components, in order.
    pub components: Vec<ComponentScore>,
    /// What a person should know before relying on it.
    pub warnings: Vec<String>,
}

/// A component as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComponentScore {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Its weight in the model, in percent.
    pub weight: u32,
    /// The mean of its inputs; none without data.
    pub score: Option<Points>,
    /// How many points of the raw score come from it. Those of all components add up to the raw score.
    pub points: Points,
    /// Its inputs, in order.
    pub inputs: Vec<InputScore>,
}

/// An input as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InputScore {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it is, with its values.
    pub words: String,
    /// What its expression gives, 0 to 100; none when facts are missing.
    pub score: Option<u32>,
    /// How old it is, in calendar days, when that is known.
    pub age_days: Option<i64>,
    /// Whether and why it counts.
    #[serde(flatten)]
    pub state: InputState,
    /// How much of its weight counts.
    pub fresh_percent: u32,
    /// How many points of the raw score come from it. Those of a component's inputs add up to its own.
    pub points: Points,
}

/// Whether an input counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
#[schemars(rename = "HealthInputState")]
pub enum InputState {
    /// In full.
    Counted,
    /// With part of its weight, for it is old.
    Faded,
    /// No longer, for it is too old.
    Stale,
    /// Not, for nobody knows it.
    NoData {
        /// Facts that are missing.
        missing: Vec<String>,
    },
    /// Not, for it never counts alone, and nothing else of its component has data.
    VanityOnly,
}

impl InputState {
    /// The word in the API.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Faded => "faded",
            Self::Stale => "stale",
            Self::NoData { .. } => "no_data",
            Self::VanityOnly => "vanity_only",
        }
    }

    /// In words.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Counted => "Counts",
            Self::Faded => "Fading",
            Self::Stale => "Too old",
            Self::NoData { .. } => "No data",
            Self::VanityOnly => "Does not count alone",
        }
    }

    /// Whether it counts at all.
    #[must_use]
    pub fn counts(&self) -> bool {
        matches!(self, Self::Counted | Self::Faded)
    }
}
