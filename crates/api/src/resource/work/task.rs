//! Tasks as they are being worked.

use axum::Json;
use axum::http::HeaderMap;
use gangway_app::AppError;
use gangway_app::work::{self, Sight, TaskSight};
use gangway_app::workload;
use gangway_domain::ids::{ContactId, OnboardingId, PersonId, TaskId};
use gangway_domain::work::{Assignee, Change, RunningTask, TaskState};
use gangway_store::work::TaskFacts;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::assignee_id;
use super::plan::OutcomeOut;
use crate::caller::{Here, Sent};
use crate::description;
use crate::etag::{IfMatch, changed, tagged};
use crate::input::QueryOf;
use crate::page::{Page, bad_query, limit};
use crate::problem::{Answer, Problem};
use crate::resource::account::said;
use crate::resource::workload::overloads;

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
    /// The same at length, in plain text; empty when nobody has said.
    description: String,
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
    fn new(
        onboarding: OnboardingId,
        task: &RunningTask,
        facts: TaskFacts,
        description: String,
        today: Date,
    ) -> Self {
        let side = serde_json::to_value(task.side).ok().and_then(|word| word.as_str().map(str::to_owned));
        Self {
            id: facts.id.to_string(),
            onboarding: onboarding.to_string(),
            code: task.code.clone(),
            phase: task.phase.clone(),
            name: task.name.clone(),
            description,
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
    let mut described = work::descriptions(&api.app, &caller.actor, id).await?;
    let all = stored.plan.tasks.iter();
    let mut tasks: Vec<TaskOut> = all
        .filter(|task| status.as_ref().is_none_or(|status| task.state.word() == status))
        .filter(|task| overdue.is_none_or(|overdue| task.is_overdue(today) == overdue))
        .filter_map(|task| {
            let facts = *stored.tasks.get(&task.code)?;
            let description = described.remove(&facts.id).unwrap_or_default();
            Some(TaskOut::new(id, task, facts, description, today))
        })
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
    let description = sight.talk.description.map(|said| said.text).unwrap_or_default();
    let out = TaskOut::new(sight.head.id, &sight.task, sight.facts, description, sight.today);
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
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, patch): Sent<TaskPatch>) -> Answer {
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
