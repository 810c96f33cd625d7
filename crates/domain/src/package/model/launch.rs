//! Training, meetings, surveys and the go-live.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::methodology::{GoLiveRules, Question, TrainingModule};
use crate::programme::{AgendaItem, Rollout};

/// Go-live: strategy, readiness, hypercare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GoLive {
    /// Strategy and wave size of the programme.
    pub rollout: Rollout,
    /// Readiness checklist.
    pub readiness: Vec<ReadinessGroup>,
    /// Named approvals.
    pub approvals: Vec<Approval>,
    /// Rules: strategies, hypercare, rollback.
    pub rules: GoLiveRules,
    /// Hypercare from go-live until.
    pub hypercare_until: Date,
    /// People in the pilot: least and most, when users are known.
    pub pilot_users: Option<[u32; 2]>,
}

/// A group of the readiness checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadinessGroup {
    /// Title.
    pub title: String,
    /// Items.
    pub items: Vec<ReadinessItem>,
}

/// An item of the readiness checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadinessItem {
    /// In words.
    pub text: String,
    /// What proves it, in words.
    pub evidence: Option<String>,
    /// Who answers for it.
    pub role: Option<String>,
    /// Date its evidence is planned, when it is a task or milestone.
    pub planned: Option<Date>,
}

/// A named approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    /// Role.
    pub role: String,
    /// Person, when known.
    pub person: Option<String>,
}

/// A training track sized to the deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrainingPlan {
    /// Track (id).
    pub track: String,
    /// Name.
    pub name: String,
    /// For whom.
    pub audience: String,
    /// Format.
    pub format: String,
    /// Participants.
    pub people: u32,
    /// Sessions needed; 0 when self-paced.
    pub sessions: u32,
    /// Minutes of one run through the modules.
    pub minutes: u32,
    /// First day.
    pub start: Date,
    /// Last day.
    pub finish: Date,
    /// Competency to reach.
    pub level: String,
    /// How it is checked.
    pub validation: String,
    /// Modules.
    pub modules: Vec<TrainingModule>,
}

/// A meeting with a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Meeting {
    /// Id, unique in the package.
    pub id: String,
    /// Title.
    pub title: String,
    /// Day; the first of a series.
    pub on: Date,
    /// Further days of a series.
    pub then: Vec<Date>,
    /// Proposed start, `HH:MM` in `time_zone`.
    pub at: String,
    /// Minutes.
    pub minutes: u32,
    /// Participants: role names, with the person where known.
    pub participants: Vec<String>,
    /// E-mail addresses of those whose address is known.
    pub invite: Vec<String>,
    /// Whether customers are in the room.
    pub with_customer: bool,
    /// Purpose.
    pub purpose: String,
    /// Agenda.
    pub agenda: Vec<AgendaItem>,
    /// Whether it is the kickoff.
    pub kickoff: bool,
}

/// A survey with a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SurveyPlan {
    /// Survey (id).
    pub survey: String,
    /// Title.
    pub title: String,
    /// Who is asked.
    pub audience: String,
    /// Day it goes out.
    pub on: Date,
    /// Response rate aimed at, percent.
    pub target_response_percent: u32,
    /// Questions.
    pub questions: Vec<Question>,
}
