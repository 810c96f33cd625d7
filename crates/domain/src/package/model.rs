//! What a package holds: the published schema of `package.json`, version 1.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deal::{Reading, Severity, StakeholderRole};
use crate::fact::{Confidence, Notice};
use crate::methodology::{
    Audience, ChangePhase, GoLiveRules, HealthModel, Intervention, MetricTarget, Question, SignalKind,
    TimeToValue, TrainingModule,
};
use crate::plan::{CalendarSpec, Feasibility, LinkSpec};
use crate::programme::{AgendaItem, GovernanceTemplate, MilestoneKind, Rollout, Side, Stage};

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

/// The handoff as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Handoff {
    /// Quality against the handoff checklist.
    pub quality: Quality,
    /// Response clocks.
    pub clocks: Vec<Clock>,
    /// SPICED, each part with what is known.
    pub spiced: Vec<SpicedPart>,
    /// What sales promised, each with where it is kept in the plan.
    pub promises: Vec<PromiseEntry>,
    /// Internal handoff meeting.
    pub internal_meeting: MeetingAgenda,
    /// Customer introduction.
    pub introduction: MeetingAgenda,
    /// "Did we get this right?": statements for the customer to confirm or correct.
    pub confirmation: Vec<Confirmation>,
}

/// How complete a handoff is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quality {
    /// Weighted share of checklist items that hold, 0–100; items that only people can tick count when ticked.
    pub score: u32,
    /// Share of the items that documents alone can answer, 0–100.
    pub document_score: u32,
    /// Whether the document score is enough to hold the kickoff.
    pub ready: bool,
    /// The items.
    pub items: Vec<QualityItem>,
}

/// An item of the handoff checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QualityItem {
    /// Group title.
    pub group: String,
    /// The item.
    pub text: String,
    /// `met`, `partly`, `missing`, or `open` for what people tick later.
    pub state: ItemState,
    /// What supports or what lacks.
    pub because: String,
}

/// State of a checklist item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Holds.
    Met,
    /// Holds in part.
    Partly,
    /// Does not hold.
    Missing,
    /// Not known yet: a person ticks it.
    Open,
}

/// A response clock with its deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Clock {
    /// Id.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// Hours allowed.
    pub hours: u32,
    /// Counted from.
    pub from: String,
    /// Last day, when the start is known.
    pub due: Option<Date>,
    /// Who answers for it.
    pub owner: String,
    /// Already past at `as_of`.
    pub overdue: bool,
}

/// One letter of SPICED.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SpicedPart {
    /// `Situation`, `Pain`, `Impact`, `Critical event`, `Decision`.
    pub name: String,
    /// The question it answers.
    pub question: String,
    /// What is known.
    pub known: Vec<Known>,
}

/// A known thing with its confidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Known {
    /// In words.
    pub text: String,
    /// How sure.
    pub confidence: Confidence,
    /// Where from, in words (`line 3`, `properties.amount`).
    pub place: String,
}

/// A promise of sales and where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromiseEntry {
    /// `P1`, `P2`, …
    pub id: String,
    /// The promise.
    pub text: String,
    /// By when.
    pub by: Option<Date>,
    /// Milestone (id) at which it shows whether it was kept.
    pub milestone: Option<String>,
    /// Name and date of that milestone, in words.
    pub kept_at: String,
    /// Whether the plan keeps it: date of the milestone is not after `by`; `None` without a date.
    pub on_time: Option<bool>,
    /// Where from, in words.
    pub place: String,
}

/// An agenda without a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingAgenda {
    /// Title.
    pub title: String,
    /// Who takes part.
    pub attendees: Vec<String>,
    /// What it is for.
    pub purpose: String,
    /// Length in minutes.
    pub minutes: u32,
    /// Points; those of the deal are filled in.
    pub items: Vec<AgendaItem>,
}

/// A statement for the customer to confirm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Confirmation {
    /// Topic.
    pub topic: String,
    /// What we understood.
    pub statement: String,
    /// How sure we are.
    pub confidence: Confidence,
}

/// Segment, touch model and programme with reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Segmentation {
    /// Segment chosen (id).
    pub segment: String,
    /// Its name.
    pub segment_name: String,
    /// Touch model: `high`, `medium`, `low`, `tech`.
    pub touch: String,
    /// Touch model in words.
    pub touch_words: String,
    /// Programme used (id).
    pub programme: String,
    /// Its name.
    pub programme_name: String,
    /// Its version.
    pub programme_version: u32,
    /// Digest of the methodology it was made from.
    pub methodology: String,
    /// Segment that value alone would give, when known.
    pub by_value: Option<String>,
    /// Reasons, each with its facet and pull.
    pub reasons: Vec<Reason>,
    /// Set when a person chose otherwise: what was recommended and why it was overridden.
    pub overridden: Option<Override>,
    /// Rhythm of meetings.
    pub meetings: String,
    /// Usual duration in calendar days.
    pub duration_days: [u32; 2],
    /// Whose people work on it.
    pub resources: String,
    /// How much is made for this customer alone.
    pub personalization: String,
}

/// A reason of a recommendation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// Facet: `value`, `complexity`, `users`, …
    pub facet: String,
    /// Points: positive pulls to more touch.
    pub pull: i32,
    /// In words, with the facts.
    pub text: String,
}

/// A recommendation a person overrode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Override {
    /// Segment that was recommended (id).
    pub recommended: String,
    /// Why the person chose otherwise.
    pub reason: String,
}

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
    /// Working days it can slip without moving go-live (or finish).
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

/// The RACI matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Raci {
    /// Columns: role names, with the person where known.
    pub columns: Vec<RaciColumn>,
    /// Rows.
    pub rows: Vec<RaciLine>,
}

/// A column of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RaciColumn {
    /// Role.
    pub role: String,
    /// Person, when known.
    pub person: Option<String>,
    /// Side.
    pub side: Side,
}

/// A row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RaciLine {
    /// Activity.
    pub activity: String,
    /// Letters per column.
    pub cells: Vec<String>,
}

/// The customer's people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct People {
    /// Stakeholders with their place on the grid.
    pub stakeholders: Vec<Placed>,
    /// Roles nobody fills yet, with why they matter.
    pub gaps: Vec<RoleGap>,
    /// Whether enough live contacts are known (three, an executive among them), in words.
    pub threading: String,
    /// Whether that check holds.
    pub multi_threaded: bool,
    /// The vendor's people.
    pub team: Vec<TeamLine>,
    /// Communication plan: audiences.
    pub audiences: Vec<Audience>,
    /// Communication calendar.
    pub calendar: Vec<PlannedMessage>,
    /// Change-management plan.
    pub change: Vec<ChangePhase>,
}

/// A stakeholder on the power/interest grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Placed {
    /// What to call them.
    pub label: String,
    /// Title, when the label is a name.
    pub title: Option<String>,
    /// Role.
    pub role: StakeholderRole,
    /// Role as people see it.
    pub role_name: String,
    /// People this stands for.
    pub count: u32,
    /// E-mail.
    pub email: Option<String>,
    /// `low`, `medium`, `high`.
    pub power: String,
    /// `low`, `medium`, `high`.
    pub interest: String,
    /// `Manage closely`, `Keep satisfied`, `Keep informed`, `Monitor`.
    pub strategy: String,
    /// Kind of engagement and how often.
    pub engagement: String,
    /// Notes.
    pub notes: Option<String>,
    /// How sure the role is.
    pub confidence: Confidence,
}

/// A role nobody fills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RoleGap {
    /// Role.
    pub role: String,
    /// Why it matters.
    pub why: String,
}

/// Somebody on the vendor's side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TeamLine {
    /// Role.
    pub role: String,
    /// Person, when known.
    pub person: Option<String>,
    /// E-mail, when known.
    pub email: Option<String>,
    /// What the role does.
    pub does: String,
}

/// A dated message of the communication calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedMessage {
    /// Day.
    pub on: Date,
    /// Audience.
    pub audience: String,
    /// Message.
    pub message: String,
    /// Sender.
    pub owner: String,
}

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
}

/// Something unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenQuestion {
    /// The question.
    pub text: String,
    /// Whom to ask.
    pub ask: String,
    /// By when it should be answered.
    pub by: Date,
    /// Why it matters.
    pub why: String,
    /// Whether the plan rests on an assumption until then, and which.
    pub assumed: Option<String>,
}
