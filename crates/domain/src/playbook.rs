//! The rest of the methodology's knowledge as typed data: journeys, value, people in more
//! depth, and guides: tables and practices that people read and pages show.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An automated journey of `journeys/*.toml` [004, tech-touch].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Journey {
    /// Id.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// Ids of the segments it is made for.
    pub segments: Vec<String>,
    /// What it is for.
    pub summary: String,
    /// Most messages one person gets in a day, over all channels.
    pub messages_per_day: u32,
    /// The steps in order of their day.
    #[serde(rename = "step")]
    pub steps: Vec<JourneyStep>,
    /// What is done when someone behaves in a certain way.
    #[serde(rename = "trigger", default)]
    pub triggers: Vec<BehaviourTrigger>,
    /// When a person takes over from the machine.
    #[serde(default)]
    pub human_when: Vec<String>,
}

/// A step of a journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JourneyStep {
    /// Id, unique in the journey.
    pub id: String,
    /// Calendar day, counted from sign-up as day 0.
    pub day: u32,
    /// `email`, `in-app`, `survey`, `human`.
    pub channel: String,
    /// Title.
    pub title: String,
    /// What it should bring about.
    pub goal: String,
    /// Who gets it, in words, e.g. `has not signed in yet`.
    pub only_if: String,
    /// Name of the e-mail template or id of the survey it sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sends: Option<String>,
}

/// A reaction to behaviour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BehaviourTrigger {
    /// Id, unique in the journey.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// The behaviour in words.
    pub condition: String,
    /// The behaviour as a CEL rule over the running onboarding's facts, where it can be computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// `email`, `in-app`, `survey`, `human`.
    pub channel: String,
    /// What is done.
    pub action: String,
}

/// `value.toml`: how value is reached, shown and unblocked [004, time to value].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ValueRules {
    /// Rungs of the value ladder, from the ground up.
    #[serde(rename = "rung")]
    pub ladder: Vec<ValueRung>,
    /// The moment people see the value, by category of product.
    #[serde(rename = "aha")]
    pub aha_moments: Vec<AhaMoment>,
    /// Kinds of quick wins along the first month.
    #[serde(rename = "quick_win_kind")]
    pub quick_win_kinds: Vec<QuickWinKind>,
    /// Quick wins by stakeholder.
    #[serde(rename = "quick_win")]
    pub quick_wins: Vec<QuickWin>,
    /// Ways to get there faster.
    #[serde(rename = "tactic")]
    pub tactics: Vec<Tactic>,
    /// What is shown to whom on which day.
    #[serde(rename = "demonstration")]
    pub demonstrations: Vec<Demonstration>,
    /// What blocks value, why, and what to do.
    #[serde(rename = "blocker")]
    pub blockers: Vec<Blocker>,
    /// Examples of success criteria.
    #[serde(rename = "criterion")]
    pub criteria: Vec<CriterionExample>,
    /// How reaching value milestones is celebrated.
    #[serde(rename = "celebration")]
    pub celebrations: Vec<CelebrationPlan>,
}

impl ValueRules {
    /// How a value milestone is celebrated when nobody has said otherwise.
    #[must_use]
    pub fn celebration(&self, at: CelebrationAt) -> Option<&CelebrationPlan> {
        self.celebrations.iter().find(|one| one.at == at)
    }
}

/// At which milestones something is celebrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CelebrationAt {
    /// The first value.
    FirstValue,
    /// Any other value milestone.
    Value,
    /// The last value milestone of the definition of complete.
    FullValue,
}

/// How reaching a value milestone is celebrated [004, value milestone].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CelebrationPlan {
    /// At which milestones.
    pub at: CelebrationAt,
    /// Who hears of it.
    pub share_with: String,
    /// How: a mail, a call, a demo.
    pub format: String,
    /// What is said; `{milestone}` and `{customer}` are filled in.
    pub message: String,
}

/// A rung of the value ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueRung {
    /// Level; the ground is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u32>,
    /// Name.
    pub name: String,
    /// What is true on it.
    pub reached_when: String,
}

/// The moment people see the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AhaMoment {
    /// Category of product.
    pub category: String,
    /// The moment.
    pub moment: String,
    /// What brings it forward.
    pub accelerate: String,
}

/// A kind of quick win.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuickWinKind {
    /// Name.
    pub name: String,
    /// When, in words.
    pub when: String,
    /// Example.
    pub example: String,
    /// What it brings about.
    pub effect: String,
}

/// A quick win for a stakeholder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuickWin {
    /// For whom.
    pub stakeholder: String,
    /// What hurts them.
    pub pain: String,
    /// What they get.
    pub win: String,
    /// Calendar day by which.
    pub day: u32,
}

/// A way to reach value faster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tactic {
    /// Name.
    pub name: String,
    /// How.
    pub how: String,
    /// Days saved, least and most.
    pub saves_days: [u32; 2],
}

/// What is shown to whom when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Demonstration {
    /// Calendar day.
    pub day: u32,
    /// What has been reached.
    pub reached: String,
    /// What shows it.
    pub evidence: String,
    /// To whom.
    pub audience: String,
}

/// What blocks value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Blocker {
    /// The blocker.
    pub name: String,
    /// Why it happens.
    pub cause: String,
    /// What to do.
    pub solution: String,
}

/// An example of a success criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionExample {
    /// Category: adoption, efficiency, quality, revenue, satisfaction.
    pub category: String,
    /// Example.
    pub example: String,
    /// How it is measured.
    pub measure: String,
}

/// How a champion is found, grown and kept: a phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChampionPhase {
    /// Id; empty in files of earlier versions, where it cannot be chosen.
    #[serde(default)]
    pub id: String,
    /// Name.
    pub name: String,
    /// What is done.
    pub activities: String,
    /// What comes of it.
    pub outcome: String,
}

/// A way of keeping executives engaged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExecutiveEngagement {
    /// Id; empty in files of earlier versions, where it cannot be chosen.
    #[serde(default)]
    pub id: String,
    /// Kind.
    pub kind: String,
    /// How often.
    pub frequency: String,
    /// What it holds.
    pub content: String,
    /// In which form.
    pub format: String,
    /// What it follows from.
    #[serde(default)]
    pub from: ExecutiveFrom,
    /// How often in calendar days, where it is regular; once without, from the kickoff or the go-live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_days: Option<u32>,
    /// Calendar days within which it follows a milestone or a risk.
    #[serde(default)]
    pub grace_days: u32,
}

/// What an engagement of executives follows from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExecutiveFrom {
    /// The kickoff.
    Kickoff,
    /// The go-live.
    GoLive,
    /// Value milestones and gates.
    Milestones,
    /// Grave risks that are open.
    #[default]
    Risks,
}

/// A kind of resistance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resistance {
    /// Id; empty in files of earlier versions, where it cannot be chosen.
    #[serde(default)]
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Where it comes from.
    pub cause: String,
    /// What helps.
    pub strategy: String,
}

/// What is done about resistance, by how it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResistanceResponse {
    /// Id; empty in files of earlier versions, where it cannot be chosen.
    #[serde(default)]
    pub id: String,
    /// How it shows.
    pub signal: String,
    /// What is done.
    pub response: String,
    /// Who does it.
    pub owner: String,
}

/// The key message of a phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhaseMessage {
    /// Phase in words: Kickoff, Build, Training, Go-live, Post-launch.
    pub phase: String,
    /// The message.
    pub message: String,
}

/// A guide of `guides/*.toml`: reference tables and practices on one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// Id.
    pub id: String,
    /// Title people see.
    pub title: String,
    /// What it is about and why it matters.
    pub summary: String,
    /// What works.
    #[serde(default)]
    pub practices: Vec<Practice>,
    /// What goes wrong: name and what it looks like.
    #[serde(default)]
    pub pitfalls: Vec<Practice>,
    /// Tables.
    #[serde(rename = "table", default)]
    pub tables: Vec<GuideTable>,
}

/// A practice or a pitfall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    /// Name.
    pub name: String,
    /// What it means.
    pub means: String,
}

/// A table of a guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuideTable {
    /// Id, unique in the guide.
    pub id: String,
    /// Title.
    pub title: String,
    /// Heads of the columns.
    pub columns: Vec<String>,
    /// Rows; as many cells as columns.
    pub rows: Vec<Vec<String>>,
}
