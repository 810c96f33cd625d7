//! What a package holds: the published schema of `package.json`, version 1.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deal::Reading;
use crate::fact::Notice;
use crate::methodology::EscalationLevel;
use crate::programme::GovernanceTemplate;

mod handoff;
mod launch;
mod people;
mod plan;
mod value;

pub use handoff::*;
pub use launch::*;
pub use people::*;
pub use plan::*;
pub use value::*;

/// Everything prepared for one won deal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Package {
    /// Always `gangway.package/1`.
    pub schema: String,
    /// Version of Gangway that made it.
    pub generator: String,
    /// Day the package was made for: "today" of every calculation in it.
    pub as_of: Date,
    /// Names the documents speak with.
    pub names: Names,
    /// What was read from the deal: facts with provenance, unread text, notices.
    pub reading: Reading,
    /// The handoff: quality, clocks, agendas, confirmation.
    pub handoff: Handoff,
    /// Segment and programme with reasons.
    pub segmentation: Segmentation,
    /// The dates that matter.
    pub dates: KeyDates,
    /// Phases, tasks, milestones with dates.
    pub plan: OnboardingPlan,
    /// Who does what.
    pub raci: Raci,
    /// The customer's people.
    pub people: People,
    /// What must be seen in the product by when.
    pub activation: Activation,
    /// Goals and outcomes agreed with the customer.
    pub impact_plan: ImpactPlan,
    /// Go-live readiness, rollout, hypercare.
    pub go_live: GoLive,
    /// How health is watched.
    pub health: HealthCadence,
    /// Training sized to the deal.
    pub training: Vec<TrainingPlan>,
    /// Meetings with dates and agendas.
    pub meetings: Vec<Meeting>,
    /// Governance cadence.
    pub governance: Vec<GovernanceTemplate>,
    /// To whom something goes that is stuck, mildest level first; empty where no people lead the onboarding.
    #[serde(default)]
    pub escalation: Vec<EscalationLevel>,
    /// Surveys with dates.
    pub surveys: Vec<SurveyPlan>,
    /// Risks known at the start, from red flags and from what is missing.
    pub risks: Vec<Risk>,
    /// What is still unknown and whom to ask.
    pub questions: Vec<OpenQuestion>,
    /// What a person should know about how the package was made.
    pub notices: Vec<Notice>,
}

/// Names the documents speak with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Names {
    /// The customer, or "the customer" when no name was found.
    pub customer: String,
    /// The product(s), or "the product".
    pub product: String,
    /// The use case in a few words, or empty.
    pub use_case: String,
    /// The vendor: whoever runs Gangway.
    pub vendor: String,
}
