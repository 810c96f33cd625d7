//! Stakeholder roles, communication and change.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deal::StakeholderRole;
use crate::playbook::{ChampionPhase, ExecutiveEngagement, PhaseMessage, Resistance, ResistanceResponse};

/// `people.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeopleRules {
    /// What each stakeholder role means, its place on the power/interest grid and its rhythm.
    #[serde(rename = "role")]
    pub roles: Vec<StakeholderRule>,
    /// Least number of live contacts (multi-threading).
    pub least_contacts: u32,
    /// Calendar days for which a talk keeps a contact live.
    #[serde(default = "month")]
    pub live_within_days: u32,
    /// Calendar days within which those spoken with at milestones are spoken with after one.
    #[serde(default = "week")]
    pub milestone_grace_days: u32,
    /// Audiences of the communication plan.
    #[serde(rename = "audience")]
    pub audiences: Vec<Audience>,
    /// Messages of the communication calendar.
    #[serde(rename = "message")]
    pub messages: Vec<Message>,
    /// Phases of change management.
    #[serde(rename = "change")]
    pub change: Vec<ChangePhase>,
    /// Key message of each phase.
    #[serde(rename = "phase_message")]
    pub phase_messages: Vec<PhaseMessage>,
    /// How a champion is found, grown and kept.
    #[serde(rename = "champion")]
    pub champion: Vec<ChampionPhase>,
    /// How executives are kept engaged.
    #[serde(rename = "executive")]
    pub executive: Vec<ExecutiveEngagement>,
    /// Kinds of resistance and what helps.
    #[serde(rename = "resistance")]
    pub resistance: Vec<Resistance>,
    /// What is done about resistance, by how it shows.
    #[serde(rename = "resistance_response")]
    pub resistance_responses: Vec<ResistanceResponse>,
    /// What makes it likely that a stakeholder is lost.
    #[serde(rename = "stakeholder_risk")]
    pub risk: RiskPoints,
    /// What is done when a champion leaves.
    #[serde(rename = "loss_step")]
    pub loss_steps: Vec<LossStep>,
    /// When the loss of a champion is escalated.
    #[serde(rename = "loss_criterion")]
    pub loss_criteria: Vec<LossCriterion>,
}

fn month() -> u32 {
    30
}

fn week() -> u32 {
    7
}

impl PeopleRules {
    /// What a role means.
    #[must_use]
    pub fn role(&self, role: StakeholderRole) -> Option<&StakeholderRule> {
        self.roles.iter().find(|rule| rule.role == role)
    }

    /// The name of a role people see.
    #[must_use]
    pub fn role_name(&self, role: StakeholderRole) -> &str {
        self.role(role).map_or("Other", |rule| rule.name.as_str())
    }
}

/// What makes it likely that a stakeholder is lost: points that add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RiskPoints {
    /// For contact that is overdue.
    pub late: u32,
    /// For contact that is long overdue, instead.
    pub long_late: u32,
    /// Calendar days from which that is long.
    pub long_late_days: u32,
    /// For whoever speaks against it.
    pub negative: u32,
    /// For whoever hardly takes part.
    pub low_engagement: u32,
    /// Medium risk from so many points.
    pub medium_from: u32,
    /// High risk from so many points.
    pub high_from: u32,
}

impl Default for RiskPoints {
    /// Those that are built in, for files of earlier versions.
    fn default() -> Self {
        Self {
            late: 1,
            long_late: 2,
            long_late_days: 14,
            negative: 2,
            low_engagement: 2,
            medium_from: 1,
            high_from: 3,
        }
    }
}

/// Something that is done when a champion leaves; it becomes a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossStep {
    /// When, in words people see: `Day 1`.
    pub window: String,
    /// What is done; `{name}` is whoever leaves.
    pub name: String,
    /// Calendar days after the loss was recorded before which it does not start.
    #[serde(default)]
    pub from_day: u32,
    /// Working days it takes.
    #[serde(default = "one_day")]
    pub days: u32,
}

fn one_day() -> u32 {
    1
}

/// What a criterion of escalation is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LossWatch {
    /// Nobody is named to take over after `after_days`.
    NoSuccessor,
    /// Whoever is to take over speaks against it or hardly takes part.
    SuccessorAgainst,
    /// A person says so.
    Said,
    /// An executive sponsor leaves too.
    SponsorLeaves,
}

/// When the loss of a champion is escalated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossCriterion {
    /// Id.
    pub id: String,
    /// In words.
    pub text: String,
    /// What it is judged by.
    pub watch: LossWatch,
    /// Calendar days that may pass before it holds.
    #[serde(default)]
    pub after_days: u32,
}

/// What a stakeholder role means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StakeholderRule {
    /// The role.
    pub role: StakeholderRole,
    /// Name people see.
    pub name: String,
    /// Definition.
    pub definition: String,
    /// `low`, `medium`, `high`.
    pub power: String,
    /// `low`, `medium`, `high`.
    pub interest: String,
    /// Strategy on the grid in words, where the sources differ from what power and interest alone would say.
    #[serde(default)]
    pub strategy: Option<String>,
    /// Kind of engagement.
    pub engagement: String,
    /// How often.
    pub frequency: String,
    /// How often in calendar days, where it is regular.
    #[serde(default)]
    pub every_days: Option<u32>,
    /// After each milestone instead.
    #[serde(default)]
    pub at_milestones: bool,
    /// What the role is needed for, when every onboarding needs somebody in it: “that person …”.
    #[serde(default)]
    pub needed: Option<String>,
    /// Words in a title that suggest the role, lower case.
    #[serde(default)]
    pub titles: Vec<String>,
}

/// An audience of the communication plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Name.
    pub name: String,
    /// Key message.
    pub message: String,
    /// Channel.
    pub channel: String,
    /// How often.
    pub frequency: String,
}

/// A dated message of the communication calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Audience.
    pub audience: String,
    /// The message; placeholders as in task names.
    pub message: String,
    /// Who sends it (role in words).
    pub owner: String,
    /// `kickoff`, `go-live`, `finish`, or the id of a task or milestone.
    pub at: String,
    /// Calendar days from there; negative means before.
    #[serde(default)]
    pub offset_days: i32,
    /// Only when this CEL rule holds for the deal.
    #[serde(default)]
    pub when: Option<String>,
}

/// A phase of change management.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePhase {
    /// `Awareness` … `Reinforcement`.
    pub name: String,
    /// What is done.
    pub activities: Vec<String>,
    /// For whom.
    pub focus: String,
}
