//! The methodology as typed data: what the files under `methodology/` say.
//!
//! The `gangway-methodology` crate loads and checks them; the domain only reads.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::HolidayCalendar;
use crate::deal::Severity;
use crate::playbook::{
    ChampionPhase, ExecutiveEngagement, Guide, Journey, PhaseMessage, Resistance, ResistanceResponse,
    RiskRules, ValueRules,
};
use crate::programme::Programme;

/// Everything the methodology says.
#[derive(Debug, Clone, Default)]
pub struct Methodology {
    /// Digest of all files, hex; changes whenever a file does.
    pub digest: String,
    /// `segments.toml`.
    pub segments: Segments,
    /// `benchmarks.toml`.
    pub benchmarks: Benchmarks,
    /// `programmes/*.toml` by id, in order of file name.
    pub programmes: IndexMap<String, Programme>,
    /// `checklists/*.toml` by id.
    pub checklists: IndexMap<String, Checklist>,
    /// `training/*.toml` by id.
    pub training: IndexMap<String, TrainingTrack>,
    /// `surveys/*.toml` by id.
    pub surveys: IndexMap<String, Survey>,
    /// `signals/*.toml`, all categories together, by id.
    pub signals: IndexMap<String, SignalKind>,
    /// `health/*.toml` by id.
    pub health: IndexMap<String, HealthModel>,
    /// `interventions/*.toml` by id: what to do at each level.
    pub interventions: IndexMap<String, Intervention>,
    /// `agendas/*.toml` by id: meetings of the handoff itself.
    pub agendas: IndexMap<String, Agenda>,
    /// `handoff.toml`: clocks and what a complete handoff holds.
    pub handoff: HandoffRules,
    /// `people.toml`: stakeholder strategies, communication and change plan.
    pub people: PeopleRules,
    /// `golive.toml`: rollout strategies, hypercare, rollback.
    pub golive: GoLiveRules,
    /// `journeys/*.toml` by id: automated sequences.
    pub journeys: IndexMap<String, Journey>,
    /// `guides/*.toml` by id: reference tables and practices.
    pub guides: IndexMap<String, Guide>,
    /// `value.toml`: ladder, quick wins, blockers.
    pub value: ValueRules,
    /// `risks.toml`: categories and escalation.
    pub risks: RiskRules,
    /// `calendars/*.toml` by country code.
    pub calendars: IndexMap<String, HolidayCalendar>,
    /// `documents/*.md`: templates of documents by name.
    pub documents: IndexMap<String, String>,
    /// `emails/<name>/{subject.txt,body.md}` by name.
    pub emails: IndexMap<String, EmailTemplate>,
}

/// `segments.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Segments {
    /// Workspace currency that the bounds are in (ISO 4217).
    pub currency: String,
    /// What one unit of another currency is worth in the workspace currency, for choosing a segment only.
    pub rates: IndexMap<String, f64>,
    /// Points of pull, up or down, at which facets move the recommendation by one segment; 0: never.
    pub shift_at: u32,
    /// From smallest to largest.
    #[serde(rename = "segment")]
    pub segments: Vec<Segment>,
    /// Facets besides value and how they pull towards a touch model.
    #[serde(rename = "facet")]
    pub facets: Vec<Facet>,
    /// Words in an industry that make it regulated.
    pub regulated_industries: Vec<String>,
}

/// A segment [004].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// `self-serve`, `smb`, `mid-market`, `enterprise`.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// Least annual value, whole units of the workspace currency, inclusive.
    pub from: i64,
    /// Bound above, exclusive; absent for the largest.
    #[serde(default)]
    pub below: Option<i64>,
    /// `high`, `medium`, `low`, `tech`.
    pub touch: String,
    /// Touch model in words (dedicated CSM …).
    pub touch_words: String,
    /// Programme used.
    pub programme: String,
    /// Usual duration in calendar days.
    pub duration_days: [u32; 2],
    /// Rhythm of meetings in words.
    pub meetings: String,
    /// How much is made for this customer alone, in words.
    pub personalization: String,
    /// Whose people work on it, in words.
    pub resources: String,
    /// Good and bad bounds of time to first value, calendar days.
    pub first_value_days: [u32; 2],
}

/// A facet of segmentation: pulls up (more touch) or down (less) [000, 004 "when to use tech-touch"].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facet {
    /// Id.
    pub id: String,
    /// `value`, `complexity`, `users`, `integrations`, `industry`, `maturity`, `use-case`.
    pub facet: String,
    /// CEL rule over [`crate::rule::FIT_FACTS`].
    pub when: String,
    /// Points: positive pulls to more touch, negative to less.
    pub pull: i32,
    /// Why, in words; `{users}`, `{integrations}`, `{sites}` … stand for the facts.
    pub reason: String,
}

/// `benchmarks.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Benchmarks {
    /// Time-to-value targets by product type.
    #[serde(rename = "time_to_value")]
    pub time_to_value: IndexMap<String, TimeToValue>,
    /// Metrics with targets.
    #[serde(rename = "metric")]
    pub metrics: Vec<MetricTarget>,
    /// Stages of the funnel.
    #[serde(rename = "funnel")]
    pub funnel: Vec<FunnelStage>,
}

/// Time-to-value targets of a product type, in hours [004].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeToValue {
    /// Name people see.
    pub name: String,
    /// Account created to first login.
    pub first_login_hours: u32,
    /// First login to set up.
    pub setup_hours: u32,
    /// Account created to first value.
    pub first_value_hours: u32,
    /// Account created to full value (adoption).
    pub full_value_hours: u32,
}

/// A metric with its target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricTarget {
    /// Id.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// Group: `onboarding`, `handoff`, `golive`, `training`, `implementation`, `tech-touch`, `ttv`.
    pub group: String,
    /// How it is computed.
    pub formula: String,
    /// Target in words with its comparison, e.g. `>85%`.
    pub target: String,
    /// Bad from here, where the sources say.
    #[serde(default)]
    pub bad: Option<String>,
    /// How often it is looked at.
    #[serde(default)]
    pub frequency: Option<String>,
}

/// A stage of the onboarding funnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FunnelStage {
    /// Name.
    pub name: String,
    /// Entered when.
    pub entry: String,
    /// Left when.
    pub exit: String,
    /// Conversion target in percent.
    pub target_percent: u32,
}

/// A checklist of `checklists/*.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// Id.
    pub id: String,
    /// Title people see.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// Groups of items.
    #[serde(rename = "group")]
    pub groups: Vec<ChecklistGroup>,
    /// Named approvals at the end, by role id.
    #[serde(default)]
    pub approvals: Vec<String>,
}

/// A group of checklist items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistGroup {
    /// Title.
    pub title: String,
    /// The items.
    #[serde(rename = "item")]
    pub items: Vec<ChecklistItem>,
}

/// A checklist item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItem {
    /// Id, unique in the checklist.
    pub id: String,
    /// In words; placeholders as in task names.
    pub text: String,
    /// What proves it: a task or milestone id, or words.
    #[serde(default)]
    pub evidence: Option<String>,
    /// Role that answers for it.
    #[serde(default)]
    pub role: Option<String>,
    /// Only when this CEL rule holds for the deal.
    #[serde(default)]
    pub when: Option<String>,
    /// For the handoff checklist: which part of the deal answers it (see `handoff::answers`), e.g. `stakeholders`.
    #[serde(default)]
    pub answered_by: Option<String>,
    /// Weight in a score; 1 when left out.
    #[serde(default = "one")]
    pub weight: u32,
}

fn one() -> u32 {
    1
}

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

/// A kind of warning signal [004].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignalKind {
    /// Id.
    pub id: String,
    /// `engagement`, `progress`, `technical`, `adoption`, `sentiment`, `organizational`.
    pub category: String,
    /// Name people see.
    pub name: String,
    /// How grave.
    pub severity: Severity,
    /// When it counts as seen.
    pub trigger: String,
    /// What is done about it.
    pub intervention: String,
    /// How it is noticed: `computed` or `observed`.
    pub detection: String,
}

/// A health model of `health/*.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthModel {
    /// Id.
    pub id: String,
    /// Version.
    pub version: u32,
    /// Name people see.
    pub name: String,
    /// Components; their weights sum to 100.
    #[serde(rename = "component")]
    pub components: Vec<HealthComponent>,
    /// Statuses from best to worst.
    #[serde(rename = "status")]
    pub statuses: Vec<HealthStatus>,
    /// Least share of weight with data, percent; below it the status is "Insufficient data".
    pub min_coverage_percent: u32,
}

/// A component of a health model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthComponent {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Weight in percent.
    pub weight: u32,
    /// Inputs in words.
    pub inputs: Vec<String>,
    /// How the inputs become 0–100, in words.
    pub scoring: String,
    /// What green looks like.
    pub green: String,
    /// What yellow looks like.
    pub yellow: String,
    /// What red looks like.
    pub red: String,
}

/// A status of a health model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthStatus {
    /// Name, e.g. `At risk`.
    pub name: String,
    /// Least score.
    pub from: u32,
    /// What is done.
    pub response: String,
}

/// What is done at a risk level [004, intervention playbook].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Intervention {
    /// Id.
    pub id: String,
    /// Risk level, e.g. `Critical`.
    pub level: String,
    /// Who owns it.
    pub owner: String,
    /// Response clock in words.
    pub within: String,
    /// Actions in order.
    pub actions: Vec<String>,
}

/// An agenda of `agendas/*.toml` (internal handoff meeting, customer introduction).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agenda {
    /// Id.
    pub id: String,
    /// Title people see.
    pub title: String,
    /// Who takes part, in words.
    pub attendees: Vec<String>,
    /// What it is for.
    pub purpose: String,
    /// The points; their minutes sum to the length.
    #[serde(rename = "item")]
    pub items: Vec<crate::programme::AgendaItem>,
}

/// `handoff.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HandoffRules {
    /// Clocks in order.
    #[serde(rename = "clock")]
    pub clocks: Vec<ClockRule>,
    /// Checklist whose items make the quality score.
    pub checklist: String,
    /// Score from which a handoff is good enough to kick off, percent.
    pub ready_percent: u32,
}

/// A response clock of the handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRule {
    /// Id: `document`, `meeting`, `introduction`, `first-contact`.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// `close`, or the id of the clock it starts after.
    pub from: String,
    /// Calendar hours allowed.
    pub hours: u32,
    /// Who answers for it (role in words).
    pub owner: String,
}

/// `people.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeopleRules {
    /// What each stakeholder role means, its place on the power/interest grid and its rhythm.
    #[serde(rename = "role")]
    pub roles: Vec<StakeholderRule>,
    /// Least number of live contacts (multi-threading).
    pub least_contacts: u32,
    /// Audiences of the communication plan.
    #[serde(rename = "audience")]
    pub audiences: Vec<Audience>,
    /// Messages of the communication calendar.
    #[serde(rename = "message")]
    pub messages: Vec<Message>,
    /// Phases of change management.
    #[serde(rename = "change")]
    pub change: Vec<ChangePhase>,
    /// Key message of each phase.
    #[serde(rename = "phase_message")]
    pub phase_messages: Vec<PhaseMessage>,
    /// How a champion is found, grown and kept.
    #[serde(rename = "champion")]
    pub champion: Vec<ChampionPhase>,
    /// How executives are kept engaged.
    #[serde(rename = "executive")]
    pub executive: Vec<ExecutiveEngagement>,
    /// Kinds of resistance and what helps.
    #[serde(rename = "resistance")]
    pub resistance: Vec<Resistance>,
    /// What is done about resistance, by how it shows.
    #[serde(rename = "resistance_response")]
    pub resistance_responses: Vec<ResistanceResponse>,
}

/// What a stakeholder role means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StakeholderRule {
    /// The role.
    pub role: crate::deal::StakeholderRole,
    /// Name people see.
    pub name: String,
    /// Definition.
    pub definition: String,
    /// `low`, `medium`, `high`.
    pub power: String,
    /// `low`, `medium`, `high`.
    pub interest: String,
    /// Strategy on the grid in words, where the sources differ from what power and interest alone would say.
    #[serde(default)]
    pub strategy: Option<String>,
    /// Kind of engagement.
    pub engagement: String,
    /// How often.
    pub frequency: String,
    /// Words in a title that suggest the role, lower case.
    #[serde(default)]
    pub titles: Vec<String>,
}

/// An audience of the communication plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Name.
    pub name: String,
    /// Key message.
    pub message: String,
    /// Channel.
    pub channel: String,
    /// How often.
    pub frequency: String,
}

/// A dated message of the communication calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Audience.
    pub audience: String,
    /// The message; placeholders as in task names.
    pub message: String,
    /// Who sends it (role in words).
    pub owner: String,
    /// `kickoff`, `go-live`, `finish`, or the id of a task or milestone.
    pub at: String,
    /// Calendar days from there; negative means before.
    #[serde(default)]
    pub offset_days: i32,
}

/// A phase of change management.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePhase {
    /// `Awareness` … `Reinforcement`.
    pub name: String,
    /// What is done.
    pub activities: Vec<String>,
    /// For whom.
    pub focus: String,
}

/// `golive.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GoLiveRules {
    /// Rollout strategies.
    #[serde(rename = "strategy")]
    pub strategies: Vec<RolloutStrategy>,
    /// Checklist of readiness.
    pub checklist: String,
    /// Weekdays on which nothing goes live (`friday` …), weekends always included.
    pub never_on: Vec<String>,
    /// Length of hypercare in calendar days.
    pub hypercare_days: u32,
    /// Response clocks in hypercare.
    #[serde(rename = "severity")]
    pub severities: Vec<HypercareSeverity>,
    /// Hypercare ends when.
    pub hypercare_exit: Vec<String>,
    /// Roll back at once when.
    pub rollback_automatic: Vec<String>,
    /// Consider rolling back when.
    pub rollback_evaluate: Vec<String>,
    /// Steps of a rollback.
    pub rollback_steps: Vec<String>,
}

/// A rollout strategy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RolloutStrategy {
    /// Name.
    pub name: String,
    /// How it works.
    pub description: String,
    /// Best for.
    pub best_for: String,
    /// `low`, `medium`, `high`.
    pub risk: String,
}

/// A severity in hypercare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HypercareSeverity {
    /// Name.
    pub name: String,
    /// Definition.
    pub definition: String,
    /// Response time in minutes.
    pub response_minutes: u32,
    /// Time to resolution in minutes.
    pub resolution_minutes: u32,
}

/// An e-mail template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailTemplate {
    /// Subject line template.
    pub subject: String,
    /// Body template, Markdown.
    pub body: String,
}
