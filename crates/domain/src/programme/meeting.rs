//! Who meets when and who decides: meetings, governance, the RACI matrix.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A meeting of a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeetingTemplate {
    /// Id.
    pub id: String,
    /// Title people see.
    pub title: String,
    /// Task or milestone at which it is held (on its start), or `every` for a series.
    #[serde(default)]
    pub at: Option<String>,
    /// Series: every so many weeks on the kickoff's weekday, from kickoff to the end of phase `until`.
    #[serde(default)]
    pub every_weeks: Option<u32>,
    /// Series: last phase in which it is held.
    #[serde(default)]
    pub until: Option<String>,
    /// Held on every day both sides work, from the start of the task `at` to its end.
    #[serde(default)]
    pub daily: bool,
    /// Length in minutes; the sum of the agenda.
    pub minutes: u32,
    /// Roles that take part.
    pub roles: Vec<String>,
    /// Whether customers are in the room.
    #[serde(default)]
    pub with_customer: bool,
    /// What it is for.
    pub purpose: String,
    /// The agenda.
    #[serde(rename = "item", default)]
    pub agenda: Vec<AgendaItem>,
}

/// A point of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgendaItem {
    /// Minutes.
    pub minutes: u32,
    /// Title.
    pub title: String,
    /// What comes out of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Questions and points.
    #[serde(default)]
    pub points: Vec<String>,
}

/// A level of governance [004, program governance].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GovernanceTemplate {
    /// Name of the forum.
    pub name: String,
    /// How often, in words.
    pub frequency: String,
    /// Who takes part.
    pub participants: Vec<String>,
    /// What it is about.
    pub focus: String,
}

/// The RACI matrix of a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RaciTemplate {
    /// Role ids, in the order of the columns.
    pub columns: Vec<String>,
    /// One row per activity.
    #[serde(rename = "row")]
    pub rows: Vec<RaciRow>,
}

/// A row of a RACI matrix: letters per column, e.g. `"R, A"`, `"C"`, `""`. Exactly one A in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaciRow {
    /// The activity.
    pub activity: String,
    /// Letters per column.
    pub cells: Vec<String>,
    /// Only when this CEL rule holds for the deal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
}
