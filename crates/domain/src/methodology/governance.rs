//! Governance of a running onboarding: how exposed a risk is, when a change is major, what makes an onboarding
//! amber or red, what is escalated by whom, which meetings there are beside those of the programme.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deal::Severity;
use crate::programme::{AgendaItem, Side};

/// `governance.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GovernanceRules {
    /// Bands of exposure (probability × impact), the least exposed first.
    #[serde(rename = "band")]
    pub bands: Vec<ExposureBand>,
    /// Where a severity of the first day stands on the scales of probability and impact.
    #[serde(rename = "severity")]
    pub severities: Vec<SeverityPlace>,
    /// When a change request is major, and how far scope may grow.
    pub change: ChangeRules,
    /// Who approves a change request.
    #[serde(rename = "approval")]
    pub approvals: Vec<ApprovalRule>,
    /// What makes an onboarding red or amber.
    #[serde(rename = "light")]
    pub lights: Vec<LightRule>,
    /// What is suggested for escalation.
    #[serde(rename = "escalate")]
    pub escalate: Vec<EscalateRule>,
    /// Meetings that can be held beside those of the programme.
    #[serde(rename = "meeting")]
    pub meetings: Vec<ForumTemplate>,
}

/// A band of exposure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExposureBand {
    /// Id.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// Least exposure in it, 1 to 25; it reaches up to the next band.
    pub from: u32,
    /// What is done with a risk in it.
    pub answer: String,
}

/// Where a severity stands on the scales.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeverityPlace {
    /// The severity.
    pub severity: Severity,
    /// Probability, 1 to 5.
    pub probability: u32,
    /// Impact, 1 to 5.
    pub impact: u32,
}

/// When a change request is major, and how far scope may grow [004, implementation metrics].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeRules {
    /// Growth of the work by approved changes must stay below this share of the original work, percent.
    pub growth_below_percent: u32,
    /// Major from so many calendar days by which go-live or finish move.
    pub major_days: u32,
    /// Major from so many working days of additional effort.
    pub major_effort_days: u32,
    /// Major from this share of the annual contract value, percent.
    pub major_cost_percent: u32,
}

/// Somebody whose approval a change request needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRule {
    /// Id.
    pub id: String,
    /// The role people see.
    pub name: String,
    /// Whose side it is on.
    pub side: Side,
    /// Only for major changes.
    #[serde(default)]
    pub major_only: bool,
}

/// The colour of an onboarding as a whole.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// On track.
    #[default]
    Green,
    /// At risk.
    Amber,
    /// Off track.
    Red,
}

impl Light {
    /// Every colour.
    pub const ALL: [Self; 3] = [Self::Green, Self::Amber, Self::Red];

    /// The word in files and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }

    /// What people read beside the colour.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Green => "On track",
            Self::Amber => "At risk",
            Self::Red => "Off track",
        }
    }

    /// The colour of a word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|light| light.word() == word)
    }
}

/// Something that makes an onboarding red or amber.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LightRule {
    /// Id.
    pub id: String,
    /// The colour.
    pub light: Light,
    /// When: CEL over [`crate::standing::STANDING_FACTS`].
    pub when: String,
    /// Why, with the facts as placeholders: `{blocked_critical} critical tasks are blocked`.
    pub because: String,
}

/// Something that is suggested for escalation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalateRule {
    /// Id.
    pub id: String,
    /// The level of `risks.toml` it is escalated to.
    pub level: u32,
    /// When: CEL over [`crate::standing::STANDING_FACTS`].
    pub when: String,
    /// What is escalated, with the facts as placeholders.
    pub because: String,
}

/// A meeting that can be held beside those of the programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForumTemplate {
    /// Id.
    pub id: String,
    /// Title people see.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// Whether customers are in the room.
    #[serde(default)]
    pub with_customer: bool,
    /// The agenda; its minutes add up to the length.
    #[serde(rename = "item")]
    pub agenda: Vec<AgendaItem>,
}

impl ForumTemplate {
    /// Length in minutes.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        self.agenda.iter().map(|item| item.minutes).sum()
    }
}

impl GovernanceRules {
    /// The band an exposure falls into.
    #[must_use]
    pub fn band(&self, exposure: i64) -> Option<&ExposureBand> {
        self.bands.iter().rev().find(|band| i64::from(band.from) <= exposure)
    }

    /// Place of a band from the top: 0 for the most exposed.
    #[must_use]
    pub fn from_top(&self, band: &str) -> Option<usize> {
        self.bands.iter().rev().position(|known| known.id == band)
    }

    /// Probability and impact a severity stands for; in the middle where nothing says otherwise.
    #[must_use]
    pub fn place(&self, severity: Severity) -> (i64, i64) {
        let found = self.severities.iter().find(|place| place.severity == severity);
        found.map_or((3, 3), |place| (i64::from(place.probability), i64::from(place.impact)))
    }
}
