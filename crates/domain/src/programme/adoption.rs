//! How people come to use it: training, surveys, activation targets, rollout.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Amount;

/// How a programme uses a training track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingUse {
    /// Id of the track.
    pub track: String,
    /// Task during which it is given.
    pub task: String,
    /// Only when this CEL rule holds for the deal.
    #[serde(default)]
    pub when: Option<String>,
    /// Number of participants, as a number or a CEL rule over the deal (`users / 20 + 1`).
    pub people: Amount,
}

/// How a programme uses a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyUse {
    /// Id of the survey.
    pub survey: String,
    /// Task or milestone after which it goes out.
    pub after: String,
    /// Calendar days after that.
    #[serde(default)]
    pub days: u32,
}

/// Activation targets of a programme [004, activation scorecard and time to value].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivationTemplate {
    /// Product type in `benchmarks.toml` whose time-to-value targets apply.
    pub product_type: String,
    /// What must be seen in the product by when.
    #[serde(rename = "target")]
    pub targets: Vec<ActivationTarget>,
}

/// One thing that must be seen in the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivationTarget {
    /// Id.
    pub id: String,
    /// In words; the same placeholders as in task names.
    pub name: String,
    /// What is counted, e.g. `active users`, `dashboards built`.
    pub metric: String,
    /// Number to reach.
    pub target: Amount,
    /// Unit after the number: `users`, `%`, `dashboards`.
    pub unit: String,
    /// What counts it while the onboarding runs, in that unit: a CEL rule over its facts that gives a whole number
    /// (`usage.active_users`). None where nobody but people can tell.
    #[serde(default)]
    pub counted_by: Option<String>,
    /// Calendar day from kickoff by which, in a standard deal; scales with the go-live target.
    pub day: u32,
    /// Only when this CEL rule holds for the deal.
    #[serde(default)]
    pub when: Option<String>,
}

/// How several sites are rolled out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rollout {
    /// Name of the strategy as in the methodology, e.g. `Pilot + expand`.
    pub strategy: String,
    /// Sites rolled out together in one wave; 0 means all remaining at once.
    pub sites_per_wave: u32,
    /// Pilot share of users in percent: lower and upper bound (5–15) [004].
    pub pilot_percent: [u32; 2],
}
