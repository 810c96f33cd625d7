//! Training tracks and surveys.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A training track of `training/*.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingTrack {
    /// Id.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// For whom.
    pub audience: String,
    /// Format in words (live workshop, self-paced …).
    pub format: String,
    /// People in one session; 0 for self-paced without limit.
    pub group_size: u32,
    /// Competency to reach: `awareness`, `knowledge`, `application`, `proficiency`, `mastery`.
    pub level: String,
    /// How it is checked.
    pub validation: String,
    /// The modules in order.
    #[serde(rename = "module")]
    pub modules: Vec<TrainingModule>,
}

/// A module of a training track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrainingModule {
    /// Title.
    pub title: String,
    /// Minutes.
    pub minutes: u32,
    /// "Afterwards you can …".
    pub outcome: String,
    /// What is practised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exercise: Option<String>,
}

/// A survey of `surveys/*.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// Id.
    pub id: String,
    /// Title people see.
    pub title: String,
    /// Who is asked.
    pub audience: String,
    /// Response rate aimed at, percent.
    pub target_response_percent: u32,
    /// The questions.
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
}

/// A question of a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Id.
    pub id: String,
    /// `nps`, `csat`, `ces`, `rating5`, `scale10`, `choice`, `text`.
    pub kind: String,
    /// The question.
    pub text: String,
    /// Choices or rated aspects.
    #[serde(default)]
    pub options: Vec<String>,
}
