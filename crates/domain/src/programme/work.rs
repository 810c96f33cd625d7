//! What is done and what is reached: tasks, milestones and gates, the definition of complete.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Amount, Side};

/// What a template is repeated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForEach {
    /// Every system to integrate (single sign-on excluded).
    Integration,
    /// Every data source to bring over.
    DataSource,
    /// Every rollout wave after the pilot.
    Wave,
    /// Every training track of the programme that applies.
    Track,
    /// Every product.
    Product,
    /// Every promise that falls due before the kickoff: only the preparation has time for it.
    EarlyPromise,
}

/// Placeholders that texts of a programme may hold, with what they stand for. Doubled braces are not special.
pub const PLACEHOLDERS: &[(&str, &str)] = &[
    ("item", "the item of `for_each`: the system, the data source, the sites of the wave, the promise"),
    ("pilot", "the pilot site, or who is in the pilot, such as `the first 12 to 24 users`"),
    ("product", "the product, or the first of several"),
    ("customer", "the customer's name"),
    ("sites", "all sites in words (`all 3 plants`), or `all users` without sites"),
    ("site", "what one site is called (`plant`), or `group`"),
    ("use_case", "the use cases in words, or `the goal agreed at the kickoff`"),
    ("goal", "the first success criterion, or `the agreed goal`"),
    ("sponsor", "the executive sponsor's name or title"),
    ("users", "the number of users, or `the agreed number of`"),
    ("integrations", "the systems to integrate, in words"),
    ("sso", "the sign-on provider, or `single sign-on`"),
    ("vendor", "whoever runs Gangway"),
    ("start", "`the kickoff`, or `the start` in a programme without a kickoff meeting"),
];

/// A task of a programme.
///
/// `name` and `deliverable` may hold the placeholders of [`PLACEHOLDERS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskTemplate {
    /// Id, unique in the programme.
    pub id: String,
    /// Phase it belongs to.
    pub phase: String,
    /// What is done.
    pub name: String,
    /// Whose calendar it runs on.
    pub owner: Side,
    /// Role that does it (id).
    pub role: String,
    /// Working days.
    pub days: Amount,
    /// Predecessors: `"id"`, `"id SS"`, `"id FS+2"`, `"id FF-1"`; lag in working days. Names tasks or milestones.
    /// Without any, a task of a phase after kickoff follows the kickoff.
    #[serde(default)]
    pub after: Vec<String>,
    /// Only when this CEL rule holds for the deal. Links to a task left out pass through to its own predecessors.
    #[serde(default)]
    pub when: Option<String>,
    /// Repeated for every item; links between tasks repeated for the same kind connect item to item.
    #[serde(default)]
    pub for_each: Option<ForEach>,
    /// With `for_each`: each repetition follows the one before.
    #[serde(default)]
    pub chain: bool,
    /// What it leaves behind.
    #[serde(default)]
    pub deliverable: Option<String>,
    /// How to do it well; one or two sentences.
    #[serde(default)]
    pub note: Option<String>,
    /// Set on the one task that is the kickoff meeting: it is pinned to the kickoff date.
    #[serde(default)]
    pub kickoff: bool,
    /// Set on the one task that is the go-live: never on a Friday, weekend or blackout, and measured against the target.
    #[serde(default)]
    pub go_live: bool,
    /// Set on a task with which part of the customer goes live before the waves do, such as the pilot's switch-over:
    /// it neither begins nor ends on a day on which nothing goes live, and keeps clear of blackouts.
    #[serde(default)]
    pub switch_over: bool,
}

/// Kind of a milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MilestoneKind {
    /// The customer is better off.
    Value,
    /// Something works.
    Technical,
}

/// A milestone of a programme; a gate when `gate` is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MilestoneTemplate {
    /// Id, unique among tasks and milestones.
    pub id: String,
    /// Phase it closes or belongs to.
    pub phase: String,
    /// What is reached; the same placeholders as in task names.
    pub name: String,
    /// Value or technical.
    pub kind: MilestoneKind,
    /// Whether nothing after it may start before its criteria hold.
    #[serde(default)]
    pub gate: bool,
    /// Set on the one value milestone that is the first value: the customer's own reason to buy begins to
    /// show, which is more than a login [000, 001].
    #[serde(default)]
    pub first_value: bool,
    /// What must be finished before it is reached.
    pub after: Vec<String>,
    /// Calendar day from kickoff (day 0) it is due in a standard deal; scales with the go-live target.
    pub day: u32,
    /// What must be true to pass.
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    /// What proves it.
    #[serde(default)]
    pub evidence: Option<String>,
    /// How and with whom it is celebrated.
    #[serde(default)]
    pub celebrate: Option<String>,
    /// Only when this CEL rule holds for the deal.
    #[serde(default)]
    pub when: Option<String>,
}

/// Something that must be true to pass a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// In words; the same placeholders as in task names.
    pub text: String,
    /// As a CEL rule over the running onboarding's facts (usage, plan, integrations), where it can be computed.
    #[serde(default)]
    pub rule: Option<String>,
    /// Only when this CEL rule holds for the deal.
    #[serde(default)]
    pub when: Option<String>,
}

/// Definition of complete [000].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complete {
    /// Ids of 3–5 value milestones.
    pub value: Vec<String>,
    /// Ids of 3–5 technical milestones.
    pub technical: Vec<String>,
}
