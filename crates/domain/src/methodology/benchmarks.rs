//! Time to value by product type, metrics with targets, stages of the funnel.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `benchmarks.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Benchmarks {
    /// Time-to-value targets by product type.
    #[serde(rename = "time_to_value")]
    pub time_to_value: IndexMap<String, TimeToValue>,
    /// Metrics with targets.
    #[serde(rename = "metric")]
    pub metrics: Vec<MetricTarget>,
    /// Stages of the funnel.
    #[serde(rename = "funnel")]
    pub funnel: Vec<FunnelStage>,
}

/// Time-to-value targets of a product type, in hours [004].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeToValue {
    /// Name people see.
    pub name: String,
    /// Account created to first login.
    pub first_login_hours: u32,
    /// First login to set up.
    pub setup_hours: u32,
    /// Account created to first value.
    pub first_value_hours: u32,
    /// Account created to full value (adoption).
    pub full_value_hours: u32,
}

/// A metric with its target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricTarget {
    /// Id.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// Group: `onboarding`, `handoff`, `golive`, `training`, `implementation`, `tech-touch`, `ttv`.
    pub group: String,
    /// How it is computed.
    pub formula: String,
    /// Target in words with its comparison, e.g. `>85%`.
    pub target: String,
    /// Bad from here, where the sources say.
    #[serde(default)]
    pub bad: Option<String>,
    /// How often it is looked at.
    #[serde(default)]
    pub frequency: Option<String>,
}

/// A stage of the onboarding funnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FunnelStage {
    /// Name.
    pub name: String,
    /// Entered when.
    pub entry: String,
    /// Left when.
    pub exit: String,
    /// Conversion target in percent.
    pub target_percent: u32,
}
