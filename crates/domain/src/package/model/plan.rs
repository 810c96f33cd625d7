//! The plan with dates.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{CalendarSpec, Feasibility, LinkSpec};
use crate::programme::{MilestoneKind, Side, Stage};

/// The dates that matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeyDates {
    /// First day of preparation.
    pub starts_on: Date,
    /// Kickoff.
    pub kickoff_on: Date,
    /// How the kickoff date was found.
    pub kickoff_because: String,
    /// Planned go-live.
    pub go_live_on: Date,
    /// Go-live the customer wants, when known.
    pub go_live_target: Option<Date>,
    /// How the target was found (`60 days after kickoff`, `as written`), or the programme's standard.
    pub go_live_because: String,
    /// Planned first value.
    pub first_value_on: Option<Date>,
    /// Planned end of the onboarding.
    pub finish_on: Date,
    /// Day by which the programme calls an onboarding complete.
    pub complete_by: Date,
    /// Whether go-live meets the target, and what would make it.
    pub feasibility: Option<Feasibility>,
    /// The same in words, one or two sentences.
    pub verdict: String,
    /// Ways to meet the target in words, cheapest first, or to come nearest to it (`verdict` says how
    /// near); empty when feasible.
    pub options: Vec<String>,
}

/// The plan with dates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OnboardingPlan {
    /// Phases in order.
    pub phases: Vec<PlanPhase>,
    /// Tasks in order of phase and start.
    pub tasks: Vec<PlanTask>,
    /// Milestones and gates in order of date.
    pub milestones: Vec<PlanMilestone>,
    /// Dependencies between tasks and milestones.
    pub links: Vec<LinkSpec>,
    /// Ids on the critical path to go-live, in order.
    pub critical_path: Vec<String>,
    /// Calendars the plan runs on, holidays limited to its time.
    pub calendars: Vec<CalendarSpec>,
    /// Definition of complete.
    pub complete: CompleteDefinition,
    /// Rollout, when there are several sites.
    pub rollout: Vec<RolloutWave>,
}

/// A phase with dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanPhase {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Stage of the journey.
    pub stage: Stage,
    /// What is true at its end.
    pub goal: String,
    /// First day.
    pub start: Date,
    /// Last day.
    pub finish: Date,
    /// `Weeks 3–4`, from the dates; `Before kickoff`.
    pub weeks: String,
    /// What the customer's people do in it.
    pub customer: String,
    /// What is handed over in it.
    pub deliverables: Vec<String>,
    /// Number of tasks.
    pub tasks: u32,
}

/// A task with dates. Slack in working days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanTask {
    /// Id.
    pub id: String,
    /// Phase (id).
    pub phase: String,
    /// What is done.
    pub name: String,
    /// Whose calendar.
    pub owner: Side,
    /// Role (id).
    pub role: String,
    /// Role as people see it.
    pub role_name: String,
    /// Person, when one is known for the role.
    pub assignee: Option<String>,
    /// Working days.
    pub days: u32,
    /// First day.
    pub start: Date,
    /// Last day.
    pub finish: Date,
    /// Latest start.
    pub late_start: Date,
    /// Latest finish.
    pub late_finish: Date,
    /// Working days it can slip before the wanted go-live is missed, the end moves or a fixed day is not kept.
    pub slack: i64,
    /// Working days it can slip without moving a successor.
    pub free_slack: i64,
    /// On the critical path.
    pub critical: bool,
    /// `W3D2`: week and working day since kickoff; `Pre` before it.
    pub week: String,
    /// Predecessors in words.
    pub after: Vec<String>,
    /// What it leaves behind.
    pub deliverable: Option<String>,
    /// How to do it well.
    pub note: Option<String>,
    /// Whether it is the kickoff.
    pub kickoff: bool,
    /// Whether it is the go-live.
    pub go_live: bool,
}

/// A milestone with dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanMilestone {
    /// Id.
    pub id: String,
    /// Phase (id).
    pub phase: String,
    /// What is reached.
    pub name: String,
    /// Value or technical.
    pub kind: MilestoneKind,
    /// Whether it is a gate.
    pub gate: bool,
    /// Whether it is the first value.
    pub first_value: bool,
    /// Calendar day from kickoff (kickoff is day 0) it is due.
    pub day: u32,
    /// Date it is due.
    pub due: Date,
    /// Date the plan reaches it.
    pub planned: Date,
    /// Calendar days the plan reaches it after its due date; negative when before.
    pub late_by: i64,
    /// What must be true to pass.
    pub criteria: Vec<GateCriterion>,
    /// What proves it.
    pub evidence: Option<String>,
    /// How it is celebrated.
    pub celebrate: Option<String>,
    /// On the critical path.
    pub critical: bool,
}

/// A criterion of a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GateCriterion {
    /// In words.
    pub text: String,
    /// As a rule, when it can be computed.
    pub rule: Option<String>,
}

/// Definition of complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CompleteDefinition {
    /// Ids of value milestones.
    pub value: Vec<String>,
    /// Ids of technical milestones.
    pub technical: Vec<String>,
    /// By when.
    pub by: Date,
}

/// A wave of the rollout; the first is the pilot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RolloutWave {
    /// `Pilot`, `Wave 1`, …
    pub name: String,
    /// Sites in it.
    pub sites: Vec<String>,
    /// Share of users reached after it, percent, when users are known.
    pub users: Option<u32>,
    /// First day.
    pub start: Date,
    /// Last day.
    pub finish: Date,
}
