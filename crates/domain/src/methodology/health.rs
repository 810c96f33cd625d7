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
    /// CEL rule over [`crate::rule::Schema::run`] that says it is there; computed signals have one. Packages hold
    /// none of this and what follows: running onboardings follow the methodology.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub when: Option<String>,
    /// For how many hours its rule must not have held before it is resolved by itself.
    #[serde(default = "a_day", skip_serializing_if = "is_a_day")]
    #[schemars(skip)]
    pub resolve_after_hours: u32,
    /// What was seen, with facts in it: `nobody signed in for {usage.days_since_login:day|days}`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(skip)]
    pub facts: String,
    /// Checklist (id) that is worked through when it is there, such as `champion-loss`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub protocol: Option<String>,
}

impl SignalKind {
    /// As packages hold it: what people read, without what is computed.
    #[must_use]
    pub fn described(&self) -> Self {
        Self {
            when: None,
            resolve_after_hours: DAY_HOURS,
            facts: String::new(),
            protocol: None,
            ..self.clone()
        }
    }
}

/// Hours of a day.
const DAY_HOURS: u32 = 24;

fn a_day() -> u32 {
    DAY_HOURS
}

fn is_a_day(hours: &u32) -> bool {
    *hours == DAY_HOURS
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
    /// Whose health it is the model of. Packages hold none of this and of the inputs of components: running
    /// onboardings follow the methodology.
    #[serde(default, skip_serializing_if = "HealthApplies::is_everybody")]
    #[schemars(skip)]
    pub applies: HealthApplies,
    /// Best status possible while critical signals are open; the first whose number is reached counts, so the
    /// greatest number stands first.
    #[serde(default, rename = "cap", skip_serializing_if = "Vec::is_empty")]
    #[schemars(skip)]
    pub caps: Vec<HealthCap>,
}

impl HealthModel {
    /// As packages hold it: what people read, without what is computed.
    #[must_use]
    pub fn described(&self) -> Self {
        let component = |one: &HealthComponent| HealthComponent { measures: Vec::new(), ..one.clone() };
        Self {
            components: self.components.iter().map(component).collect(),
            applies: HealthApplies::default(),
            caps: Vec::new(),
            ..self.clone()
        }
    }
}

/// Whose health a model is of. Of the models that apply, the one with the most conditions is taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HealthApplies {
    /// Segments (ids); empty means all.
    pub segments: Vec<String>,
    /// `onboarding` or `adopted`; empty means both.
    pub phases: Vec<String>,
    /// CEL rule over [`crate::rule::Schema::run`] that must hold as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
}

impl HealthApplies {
    /// Nobody is excepted.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }

    /// How many conditions it has.
    #[must_use]
    pub fn conditions(&self) -> usize {
        usize::from(!self.segments.is_empty())
            + usize::from(!self.phases.is_empty())
            + usize::from(self.when.is_some())
    }
}

/// The best status possible while signals are open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthCap {
    /// From how many open critical signals on.
    pub critical_signals: u32,
    /// The best status then.
    pub status: String,
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
    /// What it is computed from.
    #[serde(default, rename = "input", skip_serializing_if = "Vec::is_empty")]
    #[schemars(skip)]
    pub measures: Vec<HealthInput>,
}

/// An input of a component: a number from 0 to 100 computed from facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthInput {
    /// Id, unique in the component.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// CEL expression over [`crate::rule::Schema::run`] that gives 0 to 100; what is beyond counts as 0 or 100.
    pub score: String,
    /// Weight inside the component, against that of the others.
    #[serde(default = "one")]
    pub weight: u32,
    /// For how many calendar days it counts in full; over as many days more it fades to no data. None: it never ages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_days: Option<u32>,
    /// Fact that says how many days old it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<String>,
    /// It looks good without meaning value, such as a count of sign-ins: it never counts alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vanity: bool,
    /// What it is in words, with facts in it.
    pub words: String,
}

fn one() -> u32 {
    1
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
    /// Role (id) of whoever owns it. Packages hold none of this and what follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub owner_role: Option<String>,
    /// Hours until it must be answered; 0 means the same day, none that no clock runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub within_hours: Option<u32>,
    /// Its actions as tasks.
    #[serde(default, rename = "task", skip_serializing_if = "Vec::is_empty")]
    #[schemars(skip)]
    pub tasks: Vec<InterventionTask>,
    /// What a plan to save the customer or to part says, where this level asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub save_or_exit: Option<SaveOrExitRules>,
}

impl Intervention {
    /// As packages hold it: what people read, without what is made of it.
    #[must_use]
    pub fn described(&self) -> Self {
        Self { owner_role: None, within_hours: None, tasks: Vec::new(), save_or_exit: None, ..self.clone() }
    }
}

/// A task of an intervention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterventionTask {
    /// Id, unique in the intervention.
    pub id: String,
    /// What is done.
    pub title: String,
    /// Role (id) that does it.
    pub role: String,
    /// Hours from the beginning until it is done; 0 means the same day.
    pub within_hours: u32,
}

/// What a plan to save the customer or to part says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveOrExitRules {
    /// Calendar days until it is decided.
    pub decide_within_days: u32,
    /// Questions that decide it.
    pub questions: Vec<String>,
    /// What must hold for the customer to be kept.
    pub save_when: Vec<String>,
    /// Steps to save it, in order.
    pub save_steps: Vec<String>,
    /// What must hold for the work to rest for a while.
    #[serde(default)]
    pub pause_when: Vec<String>,
    /// Steps to let it rest, in order.
    #[serde(default)]
    pub pause_steps: Vec<String>,
    /// Steps to part well, in order.
    pub exit_steps: Vec<String>,
}
