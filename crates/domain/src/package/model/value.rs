//! What the customer gets out of it, and how it is watched.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deal::Severity;
use crate::methodology::{HealthModel, Intervention, MetricTarget, SignalKind, TimeToValue};

/// The activation scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Activation {
    /// Time-to-value targets that apply.
    pub time_to_value: TimeToValue,
    /// Time-to-value milestones with dates, counted from account creation (taken as kickoff).
    pub clocks: Vec<ActivationClock>,
    /// What must be seen by when.
    pub targets: Vec<ActivationLine>,
}

/// A time-to-value milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActivationClock {
    /// `First login`, …
    pub name: String,
    /// Target in words (`within 3 days`).
    pub target: String,
    /// Last day.
    pub by: Date,
    /// What is measured.
    pub measured_by: String,
}

/// A line of the scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActivationLine {
    /// Id.
    pub id: String,
    /// In words.
    pub name: String,
    /// What is counted.
    pub metric: String,
    /// Number to reach.
    pub target: u32,
    /// Unit.
    pub unit: String,
    /// Calendar day from kickoff.
    pub day: u32,
    /// Date.
    pub by: Date,
}

/// The joint impact plan, as a draft to complete with the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImpactPlan {
    /// North star in one sentence.
    pub north_star: String,
    /// First impact: what and by when.
    pub first_impact: String,
    /// Outcomes.
    pub outcomes: Vec<Outcome>,
    /// Value milestones on the way (ids).
    pub milestones: Vec<String>,
}

/// An outcome to verify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// `O1`, `O2`, …
    pub id: String,
    /// Goal in the customer's words.
    pub goal: String,
    /// What is measured; to agree when unknown.
    pub metric: Option<String>,
    /// Where it stands today.
    pub baseline: Option<String>,
    /// What it should become.
    pub target: Option<String>,
    /// By when.
    pub by: Date,
    /// What will prove it.
    pub evidence: String,
    /// Who confirms it.
    pub confirmed_by: String,
    /// Promises it keeps (ids).
    pub promises: Vec<String>,
}

/// How health is watched during onboarding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HealthCadence {
    /// The model.
    pub model: HealthModel,
    /// Days of the weekly signal review.
    pub reviews: Vec<Date>,
    /// Questions of the weekly review by group.
    pub review: Vec<ReviewGroup>,
    /// The catalogue of signals.
    pub signals: Vec<SignalKind>,
    /// What is done at each level.
    pub interventions: Vec<Intervention>,
    /// Metrics with targets.
    pub metrics: Vec<MetricTarget>,
}

/// A group of questions of the weekly review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewGroup {
    /// Title.
    pub title: String,
    /// Questions.
    pub questions: Vec<String>,
}

/// A risk known at the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Risk {
    /// What.
    pub text: String,
    /// How grave.
    pub severity: Severity,
    /// What to do about it.
    pub mitigation: String,
    /// Who owns it (role).
    pub owner: String,
    /// Where from, in words: a red flag of the handoff, or what the plan shows.
    pub origin: String,
    /// Category, such as `Timeline`, when the methodology files it under one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

/// Something unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenQuestion {
    /// The question.
    pub text: String,
    /// Whom to ask.
    pub ask: String,
    /// Whether that is somebody on the customer's side.
    #[serde(default)]
    pub of_customer: bool,
    /// By when it should be answered.
    pub by: Date,
    /// Why it matters.
    pub why: String,
    /// Whether the plan rests on an assumption until then, and which.
    pub assumed: Option<String>,
}
