//! Training tracks and surveys.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deal::StakeholderRole;

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
    /// What people answer at the end; none where nobody is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Assessment>,
    /// What people do while a trainer watches.
    #[serde(default, rename = "exercise", skip_serializing_if = "Vec::is_empty")]
    pub exercises: Vec<PracticalExercise>,
    /// The steps on the way to being a trainer; only of a track that makes trainers.
    #[serde(default, rename = "phase", skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<TrainerPhase>,
}

/// Questions at the end of a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// Percent of the marks to pass.
    #[serde(default = "eighty")]
    pub pass_percent: u32,
    /// How often somebody may try; 0 for as often as they like.
    #[serde(default)]
    pub attempts: u32,
    /// Days after passing when it is asked again, to see what stayed; 0 for never.
    #[serde(default)]
    pub follow_up_days: u32,
    /// The questions.
    #[serde(rename = "question")]
    pub questions: Vec<AssessmentQuestion>,
}

/// The usual pass mark, percent.
fn eighty() -> u32 {
    80
}

/// A question of an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessmentQuestion {
    /// Id, unique in the assessment.
    pub id: String,
    /// `choice` (one is right), `multi` (several are), `text` (a trainer reads it).
    pub kind: String,
    /// The question.
    pub text: String,
    /// What is offered; nothing for text.
    #[serde(default)]
    pub options: Vec<String>,
    /// The options that are right; for text the points an answer should name.
    pub correct: Vec<String>,
}

/// Something done while a trainer watches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PracticalExercise {
    /// Id, unique in the track.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What is to be done.
    pub task: String,
    /// What the trainer looks for.
    pub criteria: Vec<String>,
}

/// A step on the way to being a trainer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainerPhase {
    /// Id, unique in the track.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What is done.
    pub activities: String,
    /// What there is afterwards.
    pub deliverable: String,
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
    /// Roles of stakeholders who are asked; everybody who takes part when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<StakeholderRole>,
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
