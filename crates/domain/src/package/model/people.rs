//! Who does what, and who is who.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deal::StakeholderRole;
use crate::fact::Confidence;
use crate::methodology::{Audience, ChangePhase};
use crate::playbook::PhaseMessage;
use crate::programme::Side;

/// The RACI matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Raci {
    /// Columns: role names, with the person where known.
    pub columns: Vec<RaciColumn>,
    /// Rows.
    pub rows: Vec<RaciLine>,
}

/// A column of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RaciColumn {
    /// Role.
    pub role: String,
    /// Person, when known.
    pub person: Option<String>,
    /// Side.
    pub side: Side,
}

/// A row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RaciLine {
    /// Activity.
    pub activity: String,
    /// Letters per column.
    pub cells: Vec<String>,
}

/// The customer's people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct People {
    /// Stakeholders with their place on the grid.
    pub stakeholders: Vec<Placed>,
    /// Roles nobody fills yet, with why they matter.
    pub gaps: Vec<RoleGap>,
    /// Whether enough live contacts are known (three, an executive among them), in words.
    pub threading: String,
    /// Whether that check holds.
    pub multi_threaded: bool,
    /// The vendor's people.
    pub team: Vec<TeamLine>,
    /// Communication plan: audiences.
    pub audiences: Vec<Audience>,
    /// Communication calendar.
    pub calendar: Vec<PlannedMessage>,
    /// Change-management plan.
    pub change: Vec<ChangePhase>,
    /// Communication plan: the key message of each phase.
    #[serde(default)]
    pub phase_messages: Vec<PhaseMessage>,
}

/// A stakeholder on the power/interest grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Placed {
    /// What to call them.
    pub label: String,
    /// Title, when the label is a name.
    pub title: Option<String>,
    /// Role.
    pub role: StakeholderRole,
    /// Role as people see it.
    pub role_name: String,
    /// People this stands for.
    pub count: u32,
    /// E-mail.
    pub email: Option<String>,
    /// `low`, `medium`, `high`.
    pub power: String,
    /// `low`, `medium`, `high`.
    pub interest: String,
    /// `Manage closely`, `Keep satisfied`, `Keep informed`, `Monitor`.
    pub strategy: String,
    /// Kind of engagement and how often.
    pub engagement: String,
    /// Notes.
    pub notes: Option<String>,
    /// How sure the role is.
    pub confidence: Confidence,
}

/// A role nobody fills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RoleGap {
    /// Role.
    pub role: String,
    /// Why it matters.
    pub why: String,
}

/// Somebody on the vendor's side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TeamLine {
    /// Role.
    pub role: String,
    /// Person, when known.
    pub person: Option<String>,
    /// E-mail, when known.
    pub email: Option<String>,
    /// What the role does.
    pub does: String,
}

/// A dated message of the communication calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedMessage {
    /// Day.
    pub on: Date,
    /// Audience.
    pub audience: String,
    /// Message.
    pub message: String,
    /// Sender.
    pub owner: String,
}
