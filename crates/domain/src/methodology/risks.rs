//! Risks: what counts as one on the first day, in which category it falls, how one is escalated.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deal::Severity;

/// `risks.toml`: risks that show on the first day, categories of risk and the escalation matrix [004].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RiskRules {
    /// Working days of slack up to which a task of the customer counts as tight.
    pub tight_slack_days: u32,
    /// What is a risk when it holds for a deal and its plan.
    #[serde(rename = "risk")]
    pub risks: Vec<RiskRule>,
    /// Categories of risk.
    #[serde(rename = "category")]
    pub categories: Vec<RiskCategory>,
    /// Levels of escalation, mildest first.
    #[serde(rename = "escalation")]
    pub escalations: Vec<EscalationLevel>,
}

/// A risk that shows on the first day. Texts may hold [`FIRST_DAY_PLACEHOLDERS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskRule {
    /// Id.
    pub id: String,
    /// Id of its category.
    #[serde(default)]
    pub category: Option<String>,
    /// How grave; a red flag of the deal may say otherwise.
    pub severity: Severity,
    /// One risk for each of these; one in all when left out.
    #[serde(default)]
    pub for_each: Option<RiskItem>,
    /// Only when this CEL rule over [`crate::rule::first_day_facts`] holds.
    #[serde(default)]
    pub when: Option<String>,
    /// The risk in words.
    pub text: String,
    /// What is done about it; a red flag of the deal may say otherwise.
    pub mitigation: String,
    /// Roles that own it (ids): the first one that the programme has.
    pub owner: Vec<String>,
    /// Where it shows, in words.
    pub origin: String,
}

/// What a risk is repeated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RiskItem {
    /// Every red flag of the handoff.
    RedFlag,
    /// Every promise dated before the plan can show it.
    LatePromise,
    /// Every dated promise that nothing in the plan shows.
    UntiedPromise,
}

/// Placeholders that texts of risks and questions may hold beside those of
/// [`crate::programme::PLACEHOLDERS`], with what they stand for. `{item}` is what the text is
/// repeated for.
pub const FIRST_DAY_PLACEHOLDERS: &[(&str, &str)] = &[
    ("late_by", "by how much the planned go-live misses the wanted day: `9 calendar days`"),
    ("spare", "how much time the wanted go-live leaves: `3 calendar days`"),
    ("tight_tasks", "how many of the customer's tasks are tight: `4 tasks`"),
    ("tight_task", "the first of them"),
    ("tight_slack", "the slack up to which a task is tight: `2 working days`"),
    ("threading", "how many contacts are known, as a sentence"),
    ("holidays", "what the plan takes for the public holidays of a customer whose country is unknown"),
    ("place", "with `for_each`: where the deal says it"),
    ("why", "with `for_each = \"missing-role\"`: what the role is needed for"),
];

/// A category of risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskCategory {
    /// Id.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// What it looks like.
    pub signals: Vec<String>,
    /// What prevents it.
    pub mitigations: Vec<String>,
    /// What is done when it shows.
    pub intervention: String,
}

/// A level of escalation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationLevel {
    /// Level from 1.
    pub level: u32,
    /// Name.
    pub name: String,
    /// What sets it off.
    pub trigger: String,
    /// Who is asked.
    pub path: String,
    /// Response in hours; 0 means at once.
    pub within_hours: u32,
    /// Response in words.
    pub within: String,
}
