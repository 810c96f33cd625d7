//! The handoff: its clocks, the agendas of its meetings, and checklists.

use serde::{Deserialize, Serialize};

/// `handoff.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HandoffRules {
    /// Clocks in order.
    #[serde(rename = "clock")]
    pub clocks: Vec<ClockRule>,
    /// Checklist whose items make the quality score.
    pub checklist: String,
    /// Score from which a handoff is good enough to kick off, percent.
    pub ready_percent: u32,
}

/// A response clock of the handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRule {
    /// Id: `document`, `meeting`, `introduction`, `first-contact`.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// `close`, or the id of the clock it starts after.
    pub from: String,
    /// Calendar hours allowed.
    pub hours: u32,
    /// Who answers for it (role in words).
    pub owner: String,
}

/// An agenda of `agendas/*.toml` (internal handoff meeting, customer introduction).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agenda {
    /// Id.
    pub id: String,
    /// Title people see.
    pub title: String,
    /// Who takes part, in words.
    pub attendees: Vec<String>,
    /// What it is for.
    pub purpose: String,
    /// The points; their minutes sum to the length.
    #[serde(rename = "item")]
    pub items: Vec<crate::programme::AgendaItem>,
}

/// A checklist of `checklists/*.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// Id.
    pub id: String,
    /// Title people see.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// Groups of items.
    #[serde(rename = "group")]
    pub groups: Vec<ChecklistGroup>,
    /// Named approvals at the end, by role id.
    #[serde(default)]
    pub approvals: Vec<String>,
}

/// A group of checklist items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistGroup {
    /// Title.
    pub title: String,
    /// The items.
    #[serde(rename = "item")]
    pub items: Vec<ChecklistItem>,
}

/// A checklist item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItem {
    /// Id, unique in the checklist.
    pub id: String,
    /// In words; placeholders as in task names.
    pub text: String,
    /// What proves it: a task or milestone id, or words; several separated by `|`, of which the first in
    /// the plan counts, else the words.
    #[serde(default)]
    pub evidence: Option<String>,
    /// Role that answers for it.
    #[serde(default)]
    pub role: Option<String>,
    /// Only when this CEL rule holds for the deal.
    #[serde(default)]
    pub when: Option<String>,
    /// For the go-live checklist: the CEL rule over the facts of a running onboarding that says it is ready. While nobody
    /// collects those facts, the evidence counts. For the weekly signal review: the rule that says yes.
    #[serde(default)]
    pub rule: Option<String>,
    /// For the weekly signal review: what the facts say, with facts in it.
    #[serde(default)]
    pub facts: Option<String>,
    /// For the handoff checklist: which part of the deal answers it (see `handoff::answers`), e.g. `stakeholders`.
    #[serde(default)]
    pub answered_by: Option<String>,
    /// Weight in a score; 1 when left out.
    #[serde(default = "one")]
    pub weight: u32,
}

fn one() -> u32 {
    1
}
