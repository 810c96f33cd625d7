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
    /// What a launch that is under way is judged by. Packages hold none of it: running launches follow the methodology.
    #[serde(skip_serializing)]
    #[schemars(skip)]
    pub launch: LaunchRules,
}

/// What a launch that is under way is judged by: `[launch]` of `golive.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LaunchRules {
    /// In the order of `hypercare_exit`: the rule over the facts of a run that says it holds; empty where a person does.
    pub exit: Vec<String>,
    /// In the order of `rollback_automatic`: the rule over what was seen; empty where a person says it.
    pub rollback_automatic: Vec<String>,
    /// In the order of `rollback_evaluate`, likewise.
    pub rollback_evaluate: Vec<String>,
    /// Minutes within which people are told of a rollback.
    pub tell_within_minutes: u32,
    /// Hours within which a rollback is reviewed.
    pub review_within_hours: u32,
    /// Working days of a pilot: least and most.
    pub pilot_days: [u32; 2],
    /// Which waves a strategy begins with.
    pub waves: Vec<StrategyWaves>,
    /// What people are told of the launch.
    #[serde(rename = "message")]
    pub messages: Vec<LaunchMessage>,
}

/// Which waves a strategy begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrategyWaves {
    /// Name of the strategy.
    pub strategy: String,
    /// Names of its waves in order.
    pub names: Vec<String>,
    /// Whether those of the plan go before, when it launches in waves.
    #[serde(default)]
    pub of_plan: bool,
    /// Whether the first of them is the pilot, which begins before the go-live is decided.
    #[serde(default)]
    pub pilot: bool,
}

/// Something people are told of the launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchMessage {
    /// Id.
    pub id: String,
    /// When, in words.
    pub title: String,
    /// Calendar days after the go-live; negative before it.
    pub days: i32,
    /// Name of its template in `methodology/emails`.
    pub template: String,
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
