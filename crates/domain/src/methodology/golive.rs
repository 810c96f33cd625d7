//! Going live: rollout strategies, days never used, hypercare, rollback.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `golive.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GoLiveRules {
    /// Rollout strategies.
    #[serde(rename = "strategy")]
    pub strategies: Vec<RolloutStrategy>,
    /// Checklist of readiness.
    pub checklist: String,
    /// Weekdays on which nothing goes live (`friday` …), weekends always included.
    pub never_on: Vec<String>,
    /// Length of hypercare in calendar days.
    pub hypercare_days: u32,
    /// Response clocks in hypercare.
    #[serde(rename = "severity")]
    pub severities: Vec<HypercareSeverity>,
    /// Hypercare ends when.
    pub hypercare_exit: Vec<String>,
    /// Roll back at once when.
    pub rollback_automatic: Vec<String>,
    /// Consider rolling back when.
    pub rollback_evaluate: Vec<String>,
    /// Steps of a rollback.
    pub rollback_steps: Vec<String>,
}

/// A rollout strategy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RolloutStrategy {
    /// Name.
    pub name: String,
    /// How it works.
    pub description: String,
    /// Best for.
    pub best_for: String,
    /// `low`, `medium`, `high`.
    pub risk: String,
}

/// A severity in hypercare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HypercareSeverity {
    /// Name.
    pub name: String,
    /// Definition.
    pub definition: String,
    /// Response time in minutes.
    pub response_minutes: u32,
    /// Time to resolution in minutes.
    pub resolution_minutes: u32,
}
