//! What usage events mean: logins, errors, steps of the set-up, features, and the pace that is expected.

use serde::{Deserialize, Serialize};

/// `usage.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UsageRules {
    /// Events by what they mean.
    pub meaning: Meanings,
    /// Steps of the basic configuration; all of them seen: set up.
    #[serde(rename = "setup_step")]
    pub setup_steps: Vec<SetupStep>,
    /// Features, for workspaces that have none of their own.
    #[serde(rename = "feature")]
    pub features: Vec<FeatureRule>,
    /// When full value is reached.
    pub full_value: FullValue,
    /// The pace that is expected, by segment.
    #[serde(rename = "pace")]
    pub paces: Vec<PaceRule>,
}

/// Names of events by what they mean; compared without regard to case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Meanings {
    /// Somebody came in.
    pub login: Vec<String>,
    /// Somebody saw an error.
    pub error: Vec<String>,
    /// A dashboard was built.
    pub dashboard: Vec<String>,
    /// What the product was bought for was done once: value was seen.
    pub core_task: Vec<String>,
}

/// A step of the basic configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupStep {
    /// Id.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// Any of these shows that it is done.
    pub events: Vec<String>,
}

/// A feature of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureRule {
    /// Id.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// What it is.
    #[serde(default)]
    pub description: String,
    /// Any of these shows its use.
    pub events: Vec<String>,
    /// Whether everybody should use it: it counts for adoption.
    #[serde(default)]
    pub core: bool,
    /// Whether its use shows that a customer goes beyond the core.
    #[serde(default)]
    pub advanced: bool,
}

/// When full value is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FullValue {
    /// A CEL rule over the facts of a run; empty: it is never detected.
    pub rule: String,
    /// The same in words.
    pub because: String,
}

/// The pace that is expected of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaceRule {
    /// Id of the segment.
    pub segment: String,
    /// Share in percent of a leg's target after which an onboarding that has not reached it is stuck; above 100.
    pub stuck_percent: u32,
    /// Calendar days without any use after which it is stuck.
    pub quiet_days: u32,
}

impl UsageRules {
    /// The pace expected of a segment; one that is not listed gets twice its targets and a week.
    #[must_use]
    pub fn pace(&self, segment: &str) -> PaceRule {
        let listed = self.paces.iter().find(|pace| pace.segment == segment);
        listed.cloned().unwrap_or_else(|| PaceRule {
            segment: segment.to_owned(),
            stuck_percent: 200,
            quiet_days: 7,
        })
    }
}
