//! Programmes: versioned templates of an onboarding, read from `programmes/*.toml`.
//!
//! Everything here is data a customer-success expert writes. `methodology` loads and lints it;
//! [`crate::package`] fits it to a deal.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// Activation targets.
    pub activation: ActivationTemplate,
    /// Rollout strategy used when there are several sites, and how many sites a wave holds.
    #[serde(default)]
    pub rollout: Rollout,
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

/// What a template is repeated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForEach {
    /// Every system to integrate (single sign-on excluded).
    Integration,
    /// Every data source to bring over.
    DataSource,
    /// Every rollout wave after the pilot.
    Wave,
    /// Every training track of the programme that applies.
    Track,
    /// Every product.
    Product,
}

/// Placeholders that texts of a programme may hold, with what they stand for. Doubled braces are not special.
pub const PLACEHOLDERS: &[(&str, &str)] = &[
    ("item", "the item of `for_each`: the system, the data source, the sites of the wave"),
    ("pilot", "the pilot site, or `the pilot group`"),
    ("product", "the product, or the first of several"),
    ("customer", "the customer's name"),
    ("sites", "all sites in words (`all 3 plants`), or `all users` without sites"),
    ("site", "what one site is called (`plant`), or `group`"),
    ("use_case", "the use cases in words, or `the goal agreed at the kickoff`"),
    ("goal", "the first success criterion, or `the agreed goal`"),
    ("sponsor", "the executive sponsor's name or title"),
    ("users", "the number of users, or `the agreed number of`"),
    ("integrations", "the systems to integrate, in words"),
    ("sso", "the sign-on provider, or `single sign-on`"),
    ("vendor", "whoever runs Gangway"),
];

/// A task of a programme.
///
/// `name` and `deliverable` may hold the placeholders of [`PLACEHOLDERS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskTemplate {
    /// Id, unique in the programme.
    pub id: String,
    /// Phase it belongs to.
    pub phase: String,
    /// What is done.
    pub name: String,
    /// Whose calendar it runs on.
    pub owner: Side,
    /// Role that does it (id).
    pub role: String,
    /// Working days.
    pub days: Amount,
    /// Predecessors: `"id"`, `"id SS"`, `"id FS+2"`, `"id FF-1"`; lag in working days. Names tasks or milestones.
    /// Without any, a task of a phase after kickoff follows the kickoff.
    #[serde(default)]
    pub after: Vec<String>,
    /// Only when this CEL rule holds for the deal. Links to a task left out pass through to its own predecessors.
    #[serde(default)]
    pub when: Option<String>,
    /// Repeated for every item; links between tasks repeated for the same kind connect item to item.
    #[serde(default)]
    pub for_each: Option<ForEach>,
    /// With `for_each`: each repetition follows the one before.
    #[serde(default)]
    pub chain: bool,
    /// What it leaves behind.
    #[serde(default)]
    pub deliverable: Option<String>,
    /// How to do it well; one or two sentences.
    #[serde(default)]
    pub note: Option<String>,
    /// Set on the one task that is the kickoff meeting: it is pinned to the kickoff date.
    #[serde(default)]
    pub kickoff: bool,
    /// Set on the one task that is the go-live: never on a Friday, weekend or blackout, and measured against the target.
    #[serde(default)]
    pub go_live: bool,
}

/// Kind of a milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MilestoneKind {
    /// The customer is better off.
    Value,
    /// Something works.
    Technical,
}

/// A milestone of a programme; a gate when `gate` is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MilestoneTemplate {
    /// Id, unique among tasks and milestones.
    pub id: String,
    /// Phase it closes or belongs to.
    pub phase: String,
    /// What is reached; the same placeholders as in task names.
    pub name: String,
    /// Value or technical.
    pub kind: MilestoneKind,
    /// Whether nothing after it may start before its criteria hold.
    #[serde(default)]
    pub gate: bool,
    /// Set on the one value milestone that is the first value: the customer's own reason to buy begins to
    /// show, which is more than a login [000, 001].
    #[serde(default)]
    pub first_value: bool,
    /// What must be finished before it is reached.
    pub after: Vec<String>,
    /// Calendar day from kickoff (day 0) it is due in a standard deal; scales with the go-live target.
    pub day: u32,
    /// What must be true to pass.
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    /// What proves it.
    #[serde(default)]
    pub evidence: Option<String>,
    /// How and with whom it is celebrated.
    #[serde(default)]
    pub celebrate: Option<String>,
    /// Only when this CEL rule holds for the deal.
    #[serde(default)]
    pub when: Option<String>,
}

/// Something that must be true to pass a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// In words; the same placeholders as in task names.
    pub text: String,
    /// As a CEL rule over the running onboarding's facts (usage, plan, integrations), where it can be computed.
    #[serde(default)]
    pub rule: Option<String>,
    /// Only when this CEL rule holds for the deal.
    #[serde(default)]
    pub when: Option<String>,
}

/// Definition of complete [000].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complete {
    /// Ids of 3–5 value milestones.
    pub value: Vec<String>,
    /// Ids of 3–5 technical milestones.
    pub technical: Vec<String>,
}

/// A meeting of a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeetingTemplate {
    /// Id.
    pub id: String,
    /// Title people see.
    pub title: String,
    /// Task or milestone at which it is held (on its start), or `every` for a series.
    #[serde(default)]
    pub at: Option<String>,
    /// Series: every so many weeks on the kickoff's weekday, from kickoff to the end of phase `until`.
    #[serde(default)]
    pub every_weeks: Option<u32>,
    /// Series: last phase in which it is held.
    #[serde(default)]
    pub until: Option<String>,
    /// Length in minutes; the sum of the agenda.
    pub minutes: u32,
    /// Roles that take part.
    pub roles: Vec<String>,
    /// Whether customers are in the room.
    #[serde(default)]
    pub with_customer: bool,
    /// What it is for.
    pub purpose: String,
    /// The agenda.
    #[serde(rename = "item", default)]
    pub agenda: Vec<AgendaItem>,
}

/// A point of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgendaItem {
    /// Minutes.
    pub minutes: u32,
    /// Title.
    pub title: String,
    /// What comes out of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Questions and points.
    #[serde(default)]
    pub points: Vec<String>,
}

/// A level of governance [004, program governance].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GovernanceTemplate {
    /// Name of the forum.
    pub name: String,
    /// How often, in words.
    pub frequency: String,
    /// Who takes part.
    pub participants: Vec<String>,
    /// What it is about.
    pub focus: String,
}

/// The RACI matrix of a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RaciTemplate {
    /// Role ids, in the order of the columns.
    pub columns: Vec<String>,
    /// One row per activity.
    #[serde(rename = "row")]
    pub rows: Vec<RaciRow>,
}

/// A row of a RACI matrix: letters per column, e.g. `"R, A"`, `"C"`, `""`. Exactly one A in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RaciRow {
    /// The activity.
    pub activity: String,
    /// Letters per column.
    pub cells: Vec<String>,
    /// Only when this CEL rule holds for the deal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
}

/// How a programme uses a training track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingUse {
    /// Id of the track.
    pub track: String,
    /// Task during which it is given.
    pub task: String,
    /// Only when this CEL rule holds for the deal.
    #[serde(default)]
    pub when: Option<String>,
    /// Number of participants, as a number or a CEL rule over the deal (`users / 20 + 1`).
    pub people: Amount,
}

/// How a programme uses a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyUse {
    /// Id of the survey.
    pub survey: String,
    /// Task or milestone after which it goes out.
    pub after: String,
    /// Calendar days after that.
    #[serde(default)]
    pub days: u32,
}

/// Activation targets of a programme [004, activation scorecard and time to value].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivationTemplate {
    /// Product type in `benchmarks.toml` whose time-to-value targets apply.
    pub product_type: String,
    /// What must be seen in the product by when.
    #[serde(rename = "target")]
    pub targets: Vec<ActivationTarget>,
}

/// One thing that must be seen in the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivationTarget {
    /// Id.
    pub id: String,
    /// In words; the same placeholders as in task names.
    pub name: String,
    /// What is counted, e.g. `active users`, `dashboards built`.
    pub metric: String,
    /// Number to reach.
    pub target: Amount,
    /// Unit after the number: `users`, `%`, `dashboards`.
    pub unit: String,
    /// Calendar day from kickoff by which, in a standard deal; scales with the go-live target.
    pub day: u32,
    /// Only when this CEL rule holds for the deal.
    #[serde(default)]
    pub when: Option<String>,
}

/// How several sites are rolled out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rollout {
    /// Name of the strategy as in the methodology, e.g. `Pilot + expand`.
    pub strategy: String,
    /// Sites rolled out together in one wave; 0 means all remaining at once.
    pub sites_per_wave: u32,
    /// Pilot share of users in percent: lower and upper bound (5–15) [004].
    pub pilot_percent: [u32; 2],
}

/// A predecessor as written in `after`: `"id"`, `"id SS"`, `"id FS+2"`, `"id FF-1"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predecessor {
    /// Id of the task or milestone.
    pub id: String,
    /// Which ends are tied together.
    pub kind: crate::plan::LinkKind,
    /// Working days in between; may be negative.
    pub lag: i32,
}

impl std::str::FromStr for Predecessor {
    type Err = String;

    /// Reads the written form; the error says in words what is wrong.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        use crate::plan::LinkKind;
        let mut parts = text.split_whitespace();
        let id = parts.next().ok_or("a predecessor must not be empty")?.to_owned();
        let link = parts.next().unwrap_or("FS");
        if parts.next().is_some() {
            return Err(format!("`{text}` has too many parts: write `{id}`, `{id} SS` or `{id} FS+2`"));
        }
        let kind = match link.get(..2) {
            Some("FS") => LinkKind::FinishStart,
            Some("SS") => LinkKind::StartStart,
            Some("FF") => LinkKind::FinishFinish,
            Some("SF") => LinkKind::StartFinish,
            _ => {
                return Err(format!(
                    "`{link}` is not a kind of link: use FS, SS, FF or SF, with days of lag such as FS+2"
                ));
            }
        };
        let lag = match link.get(2..).unwrap_or_default() {
            "" => 0,
            days => days
                .parse::<i32>()
                .ok()
                .filter(|lag| days.starts_with(['+', '-']) && lag.unsigned_abs() <= 1000)
                .ok_or(format!("`{days}` is not a lag: write +2 or -1 (working days)"))?,
        };
        Ok(Self { id, kind, lag })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::LinkKind;

    #[test]
    fn predecessors_are_read_as_written() {
        let read = |text: &str| text.parse::<Predecessor>().map(|p| (p.id, p.kind, p.lag));
        assert_eq!(read("kickoff"), Ok(("kickoff".into(), LinkKind::FinishStart, 0)));
        assert_eq!(read("kickoff SS"), Ok(("kickoff".into(), LinkKind::StartStart, 0)));
        assert_eq!(read("kickoff FS+2"), Ok(("kickoff".into(), LinkKind::FinishStart, 2)));
        assert_eq!(read("kickoff FF-1"), Ok(("kickoff".into(), LinkKind::FinishFinish, -1)));
        for wrong in ["", "a b c", "a XY", "a FS2", "a FS+x", "a FS+99999", "a é"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
