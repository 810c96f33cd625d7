//! Tasks and milestones as they are being worked.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use gangway_app::AppError;
use gangway_app::work::{self, MilestoneSight, Sight, TaskSight};
use gangway_app::workload;
use gangway_domain::ids::{ContactId, MilestoneId, OnboardingId, PersonId, TaskId};
use gangway_domain::work::{Assignee, Change, GateCheck, RunningMilestone, RunningTask, TaskState, Verdict};
use gangway_store::work::{MilestoneFacts, TaskFacts};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::assignee_id;
use super::plan::OutcomeOut;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::description;
use crate::etag::{IfMatch, changed, tagged};
use crate::input::{JsonOf, QueryOf};
use crate::page::{Page, bad_query, limit};
use crate::problem::{Answer, Problem};
use crate::resource::account::said;
use crate::resource::workload::overloads;

/// A task as it is being worked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Task)]
pub(crate) struct TaskOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// Id inside the plan.
    code: String,
    /// Phase (its code).
    phase: String,
    /// What is done.
    name: String,
    /// `vendor`, `customer` or `joint`: whose calendar, and who answers for it.
    side: String,
    /// Role as people see it.
    role: String,
    /// Id of whoever does it, a person or a contact; null when there is only a name, or nobody.
    #[schema(required = true)]
    assignee: Option<String>,
    /// What they are called.
    #[schema(required = true)]
    assignee_name: Option<String>,
    /// How far it is.
    #[schema(schema_with = description::task_state)]
    state: TaskState,
    /// Working days planned.
    days: u32,
    /// First day: as it was once it has begun, else as planned.
    starts_on: Date,
    /// Last day likewise.
    finishes_on: Date,
    /// First day as agreed; null for tasks that came later.
    #[schema(required = true)]
    baseline_starts_on: Option<Date>,
    /// Last day as agreed.
    #[schema(required = true)]
    baseline_finishes_on: Option<Date>,
    /// Does not start before.
    #[schema(required = true)]
    not_before: Option<Date>,
    /// Must be finished by.
    #[schema(required = true)]
    finish_by: Option<Date>,
    /// Working days it can slip without moving the go-live.
    slack: i64,
    /// On the chain that decides the go-live.
    critical: bool,
    /// Its last day has passed and it is not done.
    overdue: bool,
    /// Counts changes of its row, from 1; the ETag is made of it.
    version: i64,
}

impl TaskOut {
    fn new(onboarding: OnboardingId, task: &RunningTask, facts: TaskFacts, today: Date) -> Self {
        let side = serde_json::to_value(task.side).ok().and_then(|word| word.as_str().map(str::to_owned));
        Self {
            id: facts.id.to_string(),
            onboarding: onboarding.to_string(),
            code: task.code.clone(),
            phase: task.phase.clone(),
            name: task.name.clone(),
            side: side.unwrap_or_default(),
            role: task.role.clone(),
            assignee: task.assignee.as_ref().and_then(assignee_id),
            assignee_name: task.assignee.as_ref().map(|who| who.name().to_owned()),
            state: task.state.clone(),
            days: task.days,
            starts_on: task.start,
            finishes_on: task.finish,
            baseline_starts_on: facts.baseline.map(|(start, ..)| start),
            baseline_finishes_on: facts.baseline.map(|(_, finish, _)| finish),
            not_before: task.rule.not_before,
            finish_by: task.rule.finish_by,
            slack: task.slack,
            critical: task.critical,
            overdue: task.is_overdue(today),
            version: facts.version,
        }
    }
}

/// Which tasks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TasksQuery {
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
    /// Those in this state: `open`, `started`, `blocked`, `done` or `skipped`.
    status: Option<String>,
    /// Those that are overdue (`true`), or that are not.
    overdue: Option<bool>,
}

/// List the tasks of an onboarding
///
/// As they are being worked, in the order of the plan. The ETag is the plan's revision, which changes of it compare.
#[utoipa::path(get, path = "/onboardings/{id}/tasks", operation_id = "list_tasks", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"), TasksQuery),
    responses((status = 200, description = "A page of tasks.", body = Page<TaskOut>, headers(("ETag" = String)))))]
pub(crate) async fn list(Here(api, caller, names): Here, QueryOf(query): QueryOf<TasksQuery>) -> Answer {
    let TasksQuery { limit: lines, after, status, overdue } = query;
    let lines = limit(lines)? as usize;
    if let Some(status) = &status
        && !TaskState::WORDS.contains(&status.as_str())
    {
        return Err(bad_query("status", format!("must be one of {}", TaskState::WORDS.join(", "))));
    }
    let id: OnboardingId = names.id("onboarding")?;
    let Sight { stored, today, .. } = work::sight(&api.app, &caller.actor, id).await?;
    let all = stored.plan.tasks.iter();
    let mut tasks: Vec<TaskOut> = all
        .filter(|task| status.as_ref().is_none_or(|status| task.state.word() == status))
        .filter(|task| overdue.is_none_or(|overdue| task.is_overdue(today) == overdue))
        .filter_map(|task| Some(TaskOut::new(id, task, *stored.tasks.get(&task.code)?, today)))
        .collect();
    if let Some(after) = after {
        let at = tasks.iter().position(|task| task.id == after);
        let at = at.ok_or_else(|| bad_query("after", "is no place in this list".to_owned()))?;
        tasks.drain(..=at);
    }
    let more = tasks.len() > lines;
    tasks.truncate(lines);
    let page = Page::after_last(tasks, more, |task| task.id.clone());
    Ok(changed(stored.revision, Json(page)))
}

/// Get a task
///
/// As it is being worked.
#[utoipa::path(get, path = "/tasks/{id}", operation_id = "get_task", tag = "Plan",
    params(("id" = String, Path, description = "Id of the task.", example = "tsk_01900000000070008000000000000001")),
    responses((status = 200, description = "The task.", body = TaskOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let sight = work::task(&api.app, &caller.actor, names.id("task")?).await?;
    let out = TaskOut::new(sight.head.id, &sight.task, sight.facts, sight.today);
    Ok(tagged(&headers, sight.facts.version, Json(out)))
}

/// What is to change of a task; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "days": 4, "assignee": "Dana Whitfield" }))]
pub(crate) struct TaskPatch {
    /// What is done.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// Working days, 1 to 520.
    #[schema(minimum = 1, maximum = 520)]
    days: Option<u32>,
    /// Who does it: id of a person or of a contact of this customer, or a name; null for nobody.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    assignee: Option<Option<String>>,
    /// Does not start before; null for as soon as it can.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Date>)]
    not_before: Option<Option<Date>>,
    /// Must be finished by; null for no such day.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Date>)]
    finish_by: Option<Option<Date>>,
}

/// Change a task
///
/// Everything that follows is scheduled again; the ledger says what moved. For states, links and tasks that come or
/// go see the changes of a plan.
#[utoipa::path(patch, path = "/tasks/{id}", operation_id = "change_task", tag = "Plan",
    params(("id" = String, Path, description = "Id of the task.", example = "tsk_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = TaskPatch),
    responses((status = 200, description = "What followed.", body = OutcomeOut, headers(("ETag" = String)))))]
pub(crate) async fn change(
    Here(api, caller, names): Here,
    version: IfMatch,
    JsonOf(patch): JsonOf<TaskPatch>,
) -> Answer {
    let version = version.required()?;
    let id: TaskId = names.id("task")?;
    let sight = work::task(&api.app, &caller.actor, id).await?;
    if version != sight.facts.version {
        return Err(AppError::Stale { what: "task", version: sight.facts.version }.into());
    }
    let TaskPatch { name, days, assignee, not_before, finish_by } = patch;
    let task = || sight.task.code.clone();
    let mut changes = Vec::new();
    changes.extend(name.map(|name| Change::Rename { task: task(), name }));
    changes.extend(days.map(|days| Change::SetDays { task: task(), days }));
    changes.extend(not_before.map(|not_before| Change::Move { task: task(), not_before }));
    changes.extend(finish_by.map(|by| Change::FinishBy { task: task(), by }));
    if let Some(who) = assignee {
        let assignee = who.map(|who| assignee_of(&sight, &who)).transpose()?;
        changes.push(Change::Assign { task: task(), assignee });
    }
    let (onboarding, revision) = (sight.head.id, sight.revision);
    let given = workload::given(&changes);
    let outcome = work::change(&api.app, &caller.actor, onboarding, Some(revision), changes).await?;
    let mut answer = OutcomeOut::from(outcome);
    answer.overloads = overloads(&api, &caller, onboarding, given).await?;
    let version = work::place(&api.app, &caller.actor, id).await?.version;
    Ok(changed(version, Json(answer)))
}

/// Who a word names: a member, a contact of the account, or somebody by their name only.
fn assignee_of(sight: &TaskSight, who: &str) -> Result<Assignee, Problem> {
    if let Ok(id) = who.parse::<PersonId>() {
        let known = sight.members.iter().find(|(member, _)| *member == id);
        let (id, name) =
            known.cloned().ok_or_else(|| Problem::field("assignee", "runs no onboardings here"))?;
        return Ok(Assignee::Person { id, name });
    }
    if let Ok(id) = who.parse::<ContactId>() {
        let known = sight.contacts.iter().find(|(contact, _)| *contact == id);
        let (id, name) =
            known.cloned().ok_or_else(|| Problem::field("assignee", "is no contact of this account"))?;
        return Ok(Assignee::Contact { id, name });
    }
    let name = who.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > 200 {
        return Err(Problem::field("assignee", "must have 1 to 200 characters"));
    }
    Ok(Assignee::Name { name })
}

/// A milestone as it is being worked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Milestone)]
pub(crate) struct MilestoneOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// Id inside the plan.
    code: String,
    /// What is reached.
    name: String,
    /// Whether nothing after it may start before its criteria hold.
    gate: bool,
    /// Date it is due.
    due_on: Date,
    /// Date the plan reaches it, or reached it.
    planned_on: Date,
    /// As agreed.
    #[schema(required = true)]
    baseline_on: Option<Date>,
    /// The day it was reached.
    #[schema(required = true)]
    reached_on: Option<Date>,
    /// Why it does not hold anything up any more, when somebody waived it.
    #[schema(required = true)]
    waived_because: Option<String>,
    /// Since when it does not, when somebody waived it.
    #[schema(required = true)]
    waived_on: Option<Date>,
    /// Who waived it.
    #[schema(required = true)]
    waived_by: Option<String>,
    /// What must be true to pass, as it stands.
    criteria: Vec<CriterionOut>,
    /// Names of what must be done before and is not.
    waits_for: Vec<String>,
    /// Nothing stands between it and the day it is reached.
    open: bool,
    /// Counts changes of its row, from 1; the ETag is made of it.
    version: i64,
}

/// A criterion of a gate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GateCriterionState)]
pub(crate) struct CriterionOut {
    /// In words.
    text: String,
    /// What its rule says; null when nothing is known to a rule, so that a person says it.
    #[schema(required = true)]
    holds: Option<bool>,
    /// Who said that it is met, where no rule can tell.
    #[schema(required = true)]
    said_by: Option<String>,
    /// It is met.
    met: bool,
}

impl MilestoneOut {
    fn new(
        onboarding: OnboardingId,
        milestone: &RunningMilestone,
        facts: MilestoneFacts,
        check: &GateCheck,
    ) -> Self {
        let criteria = check.criteria.iter().map(|one| CriterionOut {
            text: one.text.clone(),
            holds: match one.verdict {
                Verdict::Holds => Some(true),
                Verdict::Fails => Some(false),
                Verdict::Unknown => None,
            },
            said_by: one.said.as_ref().map(|said| said.by.clone()),
            met: one.is_met(),
        });
        Self {
            id: facts.id.to_string(),
            onboarding: onboarding.to_string(),
            code: milestone.code.clone(),
            name: milestone.name.clone(),
            gate: milestone.gate,
            due_on: milestone.due,
            planned_on: milestone.planned,
            baseline_on: facts.baseline,
            reached_on: milestone.reached_on,
            waived_because: milestone.waived.as_ref().map(|waived| waived.reason.clone()),
            waived_on: milestone.waived.as_ref().map(|waived| waived.on),
            waived_by: milestone.waived.as_ref().map(|waived| waived.by.clone()),
            criteria: criteria.collect(),
            waits_for: check.waits_for.clone(),
            open: check.is_open(),
            version: facts.version,
        }
    }
}

/// List the milestones of an onboarding
///
/// With what stands between each and the day it is reached. On one page.
#[utoipa::path(get, path = "/onboardings/{id}/milestones", operation_id = "list_milestones", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The milestones.", body = Page<MilestoneOut>, headers(("ETag" = String)))))]
pub(crate) async fn milestones(Here(api, caller, names): Here) -> Answer {
    let id: OnboardingId = names.id("onboarding")?;
    let Sight { stored, facts: known, .. } = work::sight(&api.app, &caller.actor, id).await?;
    let facts: &BTreeMap<String, MilestoneFacts> = &stored.milestones;
    let checks = work::gates(&stored.plan, &known);
    let both = stored.plan.milestones.iter().zip(&checks);
    let items =
        both.filter_map(|(one, check)| Some(MilestoneOut::new(id, one, *facts.get(&one.code)?, check)));
    Ok(changed(stored.revision, Json(Page::whole(items))))
}

/// Get a milestone
///
/// With what stands between it and the day it is reached.
#[utoipa::path(get, path = "/milestones/{id}", operation_id = "get_milestone", tag = "Plan",
    params(("id" = String, Path, description = "Id of the milestone.", example = "mil_01900000000070008000000000000001")),
    responses((status = 200, description = "The milestone.", body = MilestoneOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn milestone(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let sight = work::milestone(&api.app, &caller.actor, names.id("milestone")?).await?;
    let out = MilestoneOut::new(sight.head.id, &sight.milestone, sight.facts, &sight.check);
    Ok(tagged(&headers, sight.facts.version, Json(out)))
}

/// The day a milestone was reached.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "on": "2027-01-22" }))]
pub(crate) struct ReachIn {
    /// The day, today at the latest.
    on: Date,
}

/// Say that a milestone is reached
///
/// A gate is passed only when its criteria hold; 409 says what is missing.
#[utoipa::path(post, path = "/milestones/{id}/reach", operation_id = "reach_milestone", tag = "Plan",
    params(("id" = String, Path, description = "Id of the milestone.", example = "mil_01900000000070008000000000000001")),
    request_body(content = ReachIn),
    responses((status = 200, description = "What followed.", body = OutcomeOut)))]
pub(crate) async fn reach(Here(api, caller, names): Here, JsonOf(ReachIn { on }): JsonOf<ReachIn>) -> Answer {
    of_milestone(&api, &caller, names.id("milestone")?, |milestone| Change::Reach { milestone, on }).await
}

/// Why a gate is waived.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "The customer goes live without single sign-on" }))]
pub(crate) struct WaiverIn {
    /// Why, at most 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
    /// Since when it does not hold anything up any more: today when left out; not in the future, nor before the
    /// plan begins.
    on: Option<Date>,
}

/// Waive a gate
///
/// It does not hold anything up any more from that day on, and says who decided so and why.
#[utoipa::path(post, path = "/milestones/{id}/waiver", operation_id = "waive_milestone", tag = "Plan",
    params(("id" = String, Path, description = "Id of the milestone.", example = "mil_01900000000070008000000000000001")),
    request_body(content = WaiverIn),
    responses((status = 200, description = "What followed.", body = OutcomeOut)))]
pub(crate) async fn waive(
    Here(api, caller, names): Here,
    JsonOf(WaiverIn { reason, on }): JsonOf<WaiverIn>,
) -> Answer {
    let waive = |milestone| Change::Waive { milestone, reason, on };
    of_milestone(&api, &caller, names.id("milestone")?, waive).await
}

async fn of_milestone(
    api: &Api,
    caller: &Caller,
    id: MilestoneId,
    change: impl FnOnce(String) -> Change,
) -> Answer {
    let MilestoneSight { head, milestone, revision, .. } =
        work::milestone(&api.app, &caller.actor, id).await?;
    let changes = vec![change(milestone.code)];
    let outcome = work::change(&api.app, &caller.actor, head.id, Some(revision), changes).await?;
    Ok((StatusCode::OK, Json(OutcomeOut::from(outcome))).into_response())
}
