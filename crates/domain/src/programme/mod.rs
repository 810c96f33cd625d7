//! Programmes: versioned templates of an onboarding, read from `programmes/*.toml`.
//!
//! Everything here is data a customer-success expert writes. `methodology` loads and lints it;
//! [`crate::package`] fits it to a deal. Here are a programme's head, its people and its phases; `work`
//! holds tasks and milestones, `predecessor` how they follow each other, `meeting` who meets and who
//! decides, `adoption` training, surveys, activation and rollout.

mod adoption;
mod meeting;
mod predecessor;
mod work;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::methodology::{FormSheet, Survey};

pub use adoption::*;
pub use meeting::*;
pub use predecessor::Predecessor;
pub use work::*;

/// A versioned template for onboardings of one segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Id, kebab-case, equal to the file name.
    pub id: String,
    /// Version; raised by every published change.
    pub version: u32,
    /// Name people see.
    pub name: String,
    /// Segment it is made for (id in `segments.toml`).
    pub segment: String,
    /// What it is and for whom, one paragraph.
    pub summary: String,
    /// Calendar days from kickoff to finish: shortest and longest usual duration.
    pub duration_days: [u32; 2],
    /// Calendar day (kickoff is day 0) on which a standard deal goes live; gate targets scale with it.
    pub go_live_day: u32,
    /// Calendar day by which a standard onboarding is complete: the "when" of done.
    pub complete_day: u32,
    /// Calendar days before kickoff at which preparation starts.
    pub lead_days: u32,
    /// Least number of live contacts at the customer, where it is not that of `people.toml`.
    #[serde(default)]
    pub least_contacts: Option<u32>,
    /// Whose people take part; tasks name these roles.
    #[serde(rename = "role")]
    pub roles: Vec<Role>,
    /// The phases in order.
    #[serde(rename = "phase")]
    pub phases: Vec<Phase>,
    /// The tasks.
    #[serde(rename = "task")]
    pub tasks: Vec<TaskTemplate>,
    /// Milestones and gates.
    #[serde(rename = "milestone")]
    pub milestones: Vec<MilestoneTemplate>,
    /// Definition of complete: 3–5 value and 3–5 technical milestones [000].
    pub complete: Complete,
    /// Meetings.
    #[serde(rename = "meeting", default)]
    pub meetings: Vec<MeetingTemplate>,
    /// Governance cadence.
    #[serde(rename = "governance", default)]
    pub governance: Vec<GovernanceTemplate>,
    /// Who does what: the RACI matrix.
    pub raci: RaciTemplate,
    /// Ids of training tracks (`training/*.toml`) in the order they are given.
    #[serde(default)]
    pub training: Vec<TrainingUse>,
    /// Surveys and when they go out.
    #[serde(rename = "survey", default)]
    pub surveys: Vec<SurveyUse>,
    /// Surveys in this programme's own words, in place of those of `surveys/*.toml` with the same id, or beside them.
    #[serde(rename = "questionnaire", default, skip_serializing_if = "Vec::is_empty")]
    pub questionnaires: Vec<Survey>,
    /// Forms in this programme's own words, in place of those of `forms/*.toml` with the same id, or beside them.
    #[serde(rename = "form", default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<FormSheet>,
    /// Activation targets.
    pub activation: ActivationTemplate,
    /// Rollout strategy used when there are several sites, and how many sites a wave holds.
    #[serde(default)]
    pub rollout: Rollout,
}

impl Programme {
    /// Whether people meet at the start; programmes that onboard without people do not.
    #[must_use]
    pub fn has_kickoff_meeting(&self) -> bool {
        let kickoff = self.tasks.iter().find(|task| task.kickoff);
        kickoff.is_some_and(|task| self.meetings.iter().any(|meeting| meeting.at.as_ref() == Some(&task.id)))
    }
}

/// Which side of the table something belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The vendor: whoever runs Gangway.
    Vendor,
    /// The customer.
    Customer,
    /// Both together; works on days both work.
    Joint,
}

impl Side {
    /// Every side, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Vendor, Self::Customer, Self::Joint];

    /// The word in files, forms and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::Customer => "customer",
            Self::Joint => "joint",
        }
    }

    /// The side a word says.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.word() == word)
    }
}

/// A role in a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Id, e.g. `onboarding-manager`, `customer-project-lead`.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// Whose role it is; never `joint`.
    pub side: Side,
    /// Stakeholder role of [`crate::deal::StakeholderRole`] that fills it on the customer side (snake_case).
    #[serde(default)]
    pub filled_by: Option<crate::deal::StakeholderRole>,
    /// Ids of roles of other programmes that it stands in for: whatever names them is its own here.
    #[serde(default)]
    pub covers: Vec<String>,
    /// Filled by the only contact a deal names, whatever that person's role: in a small team one does all.
    #[serde(default)]
    pub only_contact: bool,
    /// What the role does, one sentence.
    #[serde(default)]
    pub does: String,
}

/// Stage of the onboarding journey a phase belongs to [004, the onboarding journey].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Context moves from sales to customer success.
    Handoff,
    /// Alignment and goals.
    Kickoff,
    /// Set-up and data.
    Configure,
    /// Skills and usage.
    Train,
    /// Validate and iterate.
    Pilot,
    /// Launch.
    GoLive,
    /// Ongoing success.
    Transition,
}

/// A phase of a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Id.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// Stage of the journey.
    pub stage: Stage,
    /// What is true at its end, one sentence.
    pub goal: String,
    /// Weeks from kickoff in which it runs in a standard deal, first and last; `[0, 0]` before kickoff.
    pub weeks: [u32; 2],
    /// What the customer's people do and feel in it, one sentence.
    #[serde(default)]
    pub customer: String,
    /// Names of what is handed over in it.
    #[serde(default)]
    pub deliverables: Vec<String>,
}

/// A number written as such, or as a CEL rule over [`crate::rule::FIT_FACTS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Amount {
    /// Always the same.
    Fixed(u32),
    /// Computed from the deal.
    Rule(String),
}
