//! Signals, the health model, and what is done at each level of risk.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deal::Severity;

/// A kind of warning signal [004].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignalKind {
    /// Id.
    pub id: String,
    /// `engagement`, `progress`, `technical`, `adoption`, `sentiment`, `organizational`.
    pub category: String,
    /// Name people see.
    pub name: String,
    /// How grave.
    pub severity: Severity,
    /// When it counts as seen.
    pub trigger: String,
    /// What is done about it.
    pub intervention: String,
    /// How it is noticed: `computed` or `observed`.
    pub detection: String,
}

/// A health model of `health/*.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthModel {
    /// Id.
    pub id: String,
    /// Version.
    pub version: u32,
    /// Name people see.
    pub name: String,
    /// Components; their weights sum to 100.
    #[serde(rename = "component")]
    pub components: Vec<HealthComponent>,
    /// Statuses from best to worst.
    #[serde(rename = "status")]
    pub statuses: Vec<HealthStatus>,
    /// Least share of weight with data, percent; below it the status is "Insufficient data".
    pub min_coverage_percent: u32,
}

/// A component of a health model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthComponent {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Weight in percent.
    pub weight: u32,
    /// Inputs in words.
    pub inputs: Vec<String>,
    /// How the inputs become 0–100, in words.
    pub scoring: String,
    /// What green looks like.
    pub green: String,
    /// What yellow looks like.
    pub yellow: String,
    /// What red looks like.
    pub red: String,
}

/// A status of a health model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthStatus {
    /// Name, e.g. `At risk`.
    pub name: String,
    /// Least score.
    pub from: u32,
    /// What is done.
    pub response: String,
}

/// What is done at a risk level [004, intervention playbook].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Intervention {
    /// Id.
    pub id: String,
    /// Risk level, e.g. `Critical`.
    pub level: String,
    /// Who owns it.
    pub owner: String,
    /// Response clock in words.
    pub within: String,
    /// Actions in order.
    pub actions: Vec<String>,
}
