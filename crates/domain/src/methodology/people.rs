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
