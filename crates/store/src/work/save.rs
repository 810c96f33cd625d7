//! Writing a plan back: what changed of it, row by row.

use std::collections::BTreeMap;
use std::sync::Arc;

use gangway_domain::ids::{IdSource, OnboardingId, TaskId, WorkspaceId};
use gangway_domain::work::{Assignee, RunningMilestone, RunningPlan, RunningTask, TaskState};
use jiff::civil::Date;
use uuid::Uuid;

use super::read::{milestone_ids, task_ids};
use super::{MilestoneFacts, Stored, TaskFacts};
use crate::db::Tx;
use crate::error::StoreError;
use crate::link;
use crate::statement::sql;
use crate::value::{Value, args, json, word};

sql! {
    "work::save";
    BEGIN = "INSERT INTO plan_ground (workspace_id, onboarding_id, ground, revision) VALUES ($1, $2, $3, $4)";
    ADVANCE = "UPDATE plan_ground SET ground = $4, revision = revision + 1, stamp = stamp + 1
               WHERE workspace_id = $1 AND onboarding_id = $2 AND revision = $3 RETURNING stamp";
    INSERT_TASK = "INSERT INTO task
                     (workspace_id, id, onboarding_id, position, code, phase, name, side, role, assignee,
                      assignee_person, assignee_contact, days, starts_on, finishes_on, slack, critical, status,
                      started_on, finished_on, because, blocked_by, blocked_since, rule, origin)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                           $21, $22, $23, $24, $25)";
    // Changes of many rows at once. A row that is never there says of what kind the values are: PostgreSQL could not
    // tell from the arguments alone. Each row says its whole key: given the workspace beside, SQLite would go through all
    // of its rows instead of looking up those few.
    MOVE_TASKS = "WITH moved (workspace_id, id, starts_on, finishes_on, slack, critical) AS (
                    SELECT workspace_id, id, starts_on, finishes_on, slack, critical FROM task WHERE 1 = 0
                    UNION ALL SELECT $1, $2, $3, $4, $5, $6)
                  UPDATE task
                  SET starts_on = moved.starts_on, finishes_on = moved.finishes_on, slack = moved.slack,
                      critical = moved.critical, version = version + 1
                  FROM moved WHERE task.workspace_id = moved.workspace_id AND task.id = moved.id";
    CHANGE_TASKS = "WITH changed (workspace_id, id, phase, name, side, role, assignee, assignee_person,
                                  assignee_contact, days,
                                  starts_on, finishes_on, slack, critical, status, started_on, finished_on, because,
                                  blocked_by, blocked_since, rule, origin) AS (
                      SELECT workspace_id, id, phase, name, side, role, assignee, assignee_person, assignee_contact,
                             days, starts_on, finishes_on, slack, critical, status, started_on, finished_on, because,
                             blocked_by, blocked_since, rule, origin
                      FROM task WHERE 1 = 0
                      UNION ALL SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                                       $18, $19, $20, $21, $22)
                    UPDATE task
                    SET phase = changed.phase, name = changed.name, side = changed.side, role = changed.role,
                        assignee = changed.assignee, assignee_person = changed.assignee_person,
                        assignee_contact = changed.assignee_contact, days = changed.days,
                        starts_on = changed.starts_on, finishes_on = changed.finishes_on, slack = changed.slack,
                        critical = changed.critical, status = changed.status, started_on = changed.started_on,
                        finished_on = changed.finished_on, because = changed.because,
                        blocked_by = changed.blocked_by, blocked_since = changed.blocked_since,
                        rule = changed.rule, origin = changed.origin, version = version + 1
                    FROM changed WHERE task.workspace_id = changed.workspace_id AND task.id = changed.id";
    REMOVE_TASKS = "DELETE FROM task
                    WHERE workspace_id = $1
                      AND id IN (SELECT id FROM task WHERE 1 = 0 UNION ALL SELECT $2)";
    CHANGE_MILESTONES = "WITH changed (workspace_id, id, name, due_on, planned_on, reached_on, waived, said) AS (
                           SELECT workspace_id, id, name, due_on, planned_on, reached_on, waived, said
                           FROM milestone WHERE 1 = 0
                           UNION ALL SELECT $1, $2, $3, $4, $5, $6, $7, $8)
                         UPDATE milestone
                         SET name = changed.name, due_on = changed.due_on, planned_on = changed.planned_on,
                             reached_on = changed.reached_on, waived = changed.waived, said = changed.said,
                             version = version + 1
                         FROM changed WHERE milestone.workspace_id = changed.workspace_id AND milestone.id = changed.id";
    CRITERIA = "WITH changed (workspace_id, id, criteria) AS (
                  SELECT workspace_id, id, criteria FROM milestone WHERE 1 = 0
                  UNION ALL SELECT $1, $2, $3)
                UPDATE milestone SET criteria = changed.criteria
                FROM changed WHERE milestone.workspace_id = changed.workspace_id AND milestone.id = changed.id";
    CHANGE_PHASES = "WITH changed (workspace_id, onboarding_id, code, starts_on, finishes_on, until_on) AS (
                       SELECT workspace_id, onboarding_id, code, starts_on, finishes_on, until_on FROM phase WHERE 1 = 0
                       UNION ALL SELECT $1, $2, $3, $4, $5, $6)
                     UPDATE phase
                     SET starts_on = changed.starts_on, finishes_on = changed.finishes_on,
                         until_on = changed.until_on
                     FROM changed
                     WHERE phase.workspace_id = changed.workspace_id AND phase.onboarding_id = changed.onboarding_id
                       AND phase.code = changed.code";
    DROP_LINKS = "DELETE FROM link WHERE workspace_id = $1 AND onboarding_id = $2";
    DATES = "UPDATE onboarding
             SET starts_on = $3, kickoff_on = $4, go_live_on = $5, go_live_target = $6, first_value_on = $7,
                 finish_on = $8, late_days = $9, now_until = '0001-01-01', version = version + 1
             WHERE workspace_id = $1 AND id = $2";
}

/// Lets a plan whose rows are there be worked: keeps what it stands on, and what its rows lack.
///
/// # Errors
/// [`StoreError::Conflict`] when it can be already; or when the database fails.
pub async fn begin(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    plan: &RunningPlan,
) -> Result<(), StoreError> {
    begin_all(tx, workspace, &[(onboarding, plan)]).await
}

/// The same for many plans.
///
/// # Errors
/// As [`begin`].
pub async fn begin_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    plans: &[(OnboardingId, &RunningPlan)],
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(plans.len());
    for (onboarding, plan) in plans {
        rows.push(args![workspace, *onboarding, json("ground", &plan.ground)?, 1_i64]);
    }
    tx.insert_all(BEGIN, rows).await?;
    settle(tx, workspace, plans).await
}

/// Brings rows that were written from packages to what their plans say, whatever they say now.
async fn settle(
    tx: &mut Tx,
    workspace: WorkspaceId,
    plans: &[(OnboardingId, &RunningPlan)],
) -> Result<(), StoreError> {
    let onboardings: Vec<OnboardingId> = plans.iter().map(|(onboarding, _)| *onboarding).collect();
    let ids = task_ids(tx, workspace, &onboardings).await?;
    let mut rows = Vec::new();
    for (onboarding, plan) in plans {
        let Some(ids) = ids.get(onboarding) else { continue };
        for task in &plan.tasks {
            if let Some(id) = ids.get(&task.code) {
                rows.push([args![*id], columns(task)?].concat());
            }
        }
    }
    tx.change_all(CHANGE_TASKS, args![workspace], rows).await?;
    let ids = milestone_ids(tx, workspace, &onboardings).await?;
    let (mut criteria, mut rows) = (Vec::new(), Vec::new());
    for (onboarding, plan) in plans {
        let Some(ids) = ids.get(onboarding) else { continue };
        for milestone in &plan.milestones {
            if let Some(id) = ids.get(&milestone.code) {
                criteria.push(args![*id, json("criteria", &milestone.criteria)?]);
                rows.push(milestone_columns(*id, milestone)?);
            }
        }
    }
    tx.change_all(CRITERIA, args![workspace], criteria).await?;
    tx.change_all(CHANGE_MILESTONES, args![workspace], rows).await
}

/// Puts a plan in place of one that was planned anew, whose rows were replaced already. Where nothing was done yet
/// (`is_worked`), they say all there is to say. False when somebody else changed the plan since.
///
/// # Errors
/// When the database fails.
pub async fn restart(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    before: &Stored,
    plan: &RunningPlan,
    is_worked: bool,
) -> Result<bool, StoreError> {
    let advanced = args![workspace, onboarding, before.revision, json("ground", &plan.ground)?];
    let advanced: Option<(i64,)> = tx.optional(ADVANCE, advanced).await?;
    if advanced.is_none() {
        return Ok(false);
    }
    settle(tx, workspace, &[(onboarding, plan)]).await?;
    if is_worked {
        phases(tx, workspace, onboarding, plan).await?;
        links(tx, workspace, onboarding, plan).await?;
        dates(tx, workspace, onboarding, plan).await?;
    }
    Ok(true)
}

/// Writes what differs between a plan as it was read and as it is now; false when somebody else changed it since.
///
/// # Errors
/// When the database fails.
pub async fn save(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    before: &Stored,
    after: &RunningPlan,
    ids: &dyn IdSource,
) -> Result<bool, StoreError> {
    let advanced = args![workspace, onboarding, before.revision, json("ground", &after.ground)?];
    let advanced: Option<(i64,)> = tx.optional(ADVANCE, advanced).await?;
    let Some((stamp,)) = advanced else { return Ok(false) };
    let task_facts = tasks(tx, workspace, onboarding, before, after, ids).await?;
    let milestone_facts = milestones(tx, workspace, before, after).await?;
    if before.plan.phases != after.phases {
        phases(tx, workspace, onboarding, after).await?;
    }
    if before.plan.links != after.links {
        links(tx, workspace, onboarding, after).await?;
    }
    if key_dates(&before.plan) != key_dates(after) {
        dates(tx, workspace, onboarding, after).await?;
    }
    // Counted on by nobody else since it was read: then its rows are what is known here.
    if stamp == before.stamp + 1
        && let Some(plan) = as_read(&before.plan, after, &task_facts)
    {
        let revision = before.revision + 1;
        let written = Stored { plan, revision, stamp, tasks: task_facts, milestones: milestone_facts };
        tx.keep_plan((workspace, onboarding), Arc::new(written));
    }
    Ok(true)
}

/// A plan that was written as it will be read: rows do not keep everything, and tasks that came later stand last. None
/// where it is not the plan before with other tasks and dates.
fn as_read(
    before: &RunningPlan,
    after: &RunningPlan,
    facts: &BTreeMap<String, TaskFacts>,
) -> Option<RunningPlan> {
    let mut tasks = after.tasks.clone();
    for task in &mut tasks {
        (task.late_start, task.late_finish, task.free_slack) = (task.start, task.finish, 0);
    }
    let place = |task: &RunningTask| facts.get(&task.code).map(|facts| facts.position);
    if !tasks.is_sorted_by_key(place) {
        tasks.sort_by_key(place);
    }
    let mut milestones = before.milestones.clone();
    for (is, now) in milestones.iter_mut().zip(&after.milestones) {
        if is.code != now.code {
            return None;
        }
        is.name.clone_from(&now.name);
        (is.due, is.planned, is.reached_on) = (now.due, now.planned, now.reached_on);
        is.waived.clone_from(&now.waived);
        is.said.clone_from(&now.said);
    }
    let mut phases = before.phases.clone();
    for (is, now) in phases.iter_mut().zip(&after.phases) {
        if is.code != now.code {
            return None;
        }
        (is.start, is.finish) = (now.start, now.finish);
    }
    Some(RunningPlan { ground: after.ground.clone(), phases, tasks, milestones, links: after.links.clone() })
}

/// Writes the milestones that differ; gives what their rows know then.
async fn milestones(
    tx: &mut Tx,
    workspace: WorkspaceId,
    before: &Stored,
    after: &RunningPlan,
) -> Result<BTreeMap<String, MilestoneFacts>, StoreError> {
    let mut known = before.milestones.clone();
    let mut changed = Vec::new();
    for (was, milestone) in before.plan.milestones.iter().zip(&after.milestones) {
        if was != milestone
            && let Some(facts) = known.get_mut(&milestone.code)
        {
            facts.version += 1;
            changed.push(milestone_columns(facts.id.uuid(), milestone)?);
        }
    }
    tx.change_all(CHANGE_MILESTONES, args![workspace], changed).await?;
    Ok(known)
}

/// Writes the tasks that differ, many rows to a statement: most changes move tasks and say nothing else of them. Gives
/// what their rows know then.
async fn tasks(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    before: &Stored,
    after: &RunningPlan,
    ids: &dyn IdSource,
) -> Result<BTreeMap<String, TaskFacts>, StoreError> {
    let known: BTreeMap<&str, &RunningTask> =
        before.plan.tasks.iter().map(|task| (task.code.as_str(), task)).collect();
    let mut now = BTreeMap::new();
    let free = before.tasks.values().map(|facts| facts.position).max().map_or(0, |last| last + 1);
    let mut positions = free..;
    let (mut moved, mut changed, mut added) = (Vec::new(), Vec::new(), Vec::new());
    for task in &after.tasks {
        let Some((was, facts)) = known.get(task.code.as_str()).zip(before.tasks.get(&task.code)) else {
            let Some(position) = positions.next() else { break };
            let id = TaskId::fresh(ids);
            let head = args![workspace, id, onboarding, position, &task.code];
            added.push([head, columns(task)?].concat());
            now.insert(task.code.clone(), TaskFacts { id, position, baseline: None, version: 1 });
            continue;
        };
        let difference = difference(was, task);
        let changes = i64::from(!matches!(difference, Difference::None));
        now.insert(task.code.clone(), TaskFacts { version: facts.version + changes, ..*facts });
        match difference {
            Difference::None => {}
            Difference::Dates => {
                moved.push(args![facts.id, task.start, task.finish, task.slack, task.critical]);
            }
            Difference::More => changed.push([args![facts.id], columns(task)?].concat()),
        }
    }
    let gone = before.tasks.iter().filter(|(code, _)| !now.contains_key(code.as_str()));
    let gone = gone.map(|(_, facts)| args![facts.id]).collect();
    tx.change_all(MOVE_TASKS, args![workspace], moved).await?;
    tx.change_all(CHANGE_TASKS, args![workspace], changed).await?;
    tx.insert_all(INSERT_TASK, added).await?;
    tx.change_all(REMOVE_TASKS, args![workspace], gone).await?;
    Ok(now)
}

/// How much of what a row holds of a task is another; late dates and free slack are not kept.
enum Difference {
    None,
    /// What scheduling works out, and nothing else.
    Dates,
    More,
}

fn difference(was: &RunningTask, is: &RunningTask) -> Difference {
    // By name, so that a new part of a task is not forgotten here; and not on copies: there are thousands.
    let RunningTask {
        code,
        phase,
        name,
        side,
        role,
        assignee,
        days,
        rule,
        state,
        origin,
        start,
        finish,
        slack,
        critical,
        late_start: _,
        late_finish: _,
        free_slack: _,
    } = is;
    let is_same = was.code == *code
        && was.phase == *phase
        && was.name == *name
        && was.side == *side
        && was.role == *role
        && was.assignee == *assignee
        && was.days == *days
        && was.rule == *rule
        && was.state == *state
        && was.origin == *origin;
    let moved = (was.start, was.finish, was.slack, was.critical) != (*start, *finish, *slack, *critical);
    match (is_same, moved) {
        (false, _) => Difference::More,
        (true, true) => Difference::Dates,
        (true, false) => Difference::None,
    }
}

type KeyDates = (Date, Date, Date, Option<Date>, Option<Date>, Date, i64);

fn key_dates(plan: &RunningPlan) -> KeyDates {
    let promise = plan.promise();
    (
        plan.starts_on(),
        plan.kickoff_on(),
        promise.go_live,
        plan.ground.target,
        plan.first_value_on(),
        promise.finish,
        plan.late_days(),
    )
}

async fn dates(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    plan: &RunningPlan,
) -> Result<(), StoreError> {
    let (starts_on, kickoff, go_live, target, first_value, finish, late_days) = key_dates(plan);
    let row =
        args![workspace, onboarding, starts_on, kickoff, go_live, target, first_value, finish, late_days];
    tx.run(DATES, row).await?;
    Ok(())
}

async fn phases(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    plan: &RunningPlan,
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(plan.phases.len());
    for (index, phase) in plan.phases.iter().enumerate() {
        let until = plan.phases.iter().skip(index + 1).map(|later| later.start).min().unwrap_or(Date::MAX);
        rows.push(args![&phase.code, phase.start, phase.finish, until]);
    }
    tx.change_all(CHANGE_PHASES, args![workspace, onboarding], rows).await
}

async fn links(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    plan: &RunningPlan,
) -> Result<(), StoreError> {
    tx.run(DROP_LINKS, args![workspace, onboarding]).await?;
    link::insert_all(tx, workspace, onboarding, &plan.links).await
}

/// The columns of a task from its phase on, in the order of the statements.
fn columns(task: &RunningTask) -> Result<Vec<Value>, StoreError> {
    let (because, by, since) = match &task.state {
        TaskState::Blocked { because, by, since, .. } => (Some(because.clone()), by.clone(), Some(*since)),
        TaskState::Skipped { reason } => (Some(reason.clone()), None, None),
        _ => (None, None, None),
    };
    let assignee = task.assignee.as_ref();
    Ok(args![
        &task.phase,
        &task.name,
        word("side", &task.side)?,
        &task.role,
        assignee.map(|who| who.name().to_owned()),
        assignee.and_then(Assignee::person),
        assignee.and_then(Assignee::contact),
        task.days,
        task.start,
        task.finish,
        task.slack,
        task.critical,
        task.state.word(),
        task.state.started_on(),
        task.state.finished_on(),
        because,
        by,
        since,
        json("task rule", &task.rule)?,
        json("task origin", &task.origin)?,
    ])
}

/// A milestone's row: its id and what changes of it.
fn milestone_columns(id: Uuid, milestone: &RunningMilestone) -> Result<Vec<Value>, StoreError> {
    let waived = match &milestone.waived {
        Some(waived) => Value::Json(json("waiver", waived)?),
        None => Value::NoJson,
    };
    let said = json("criteria", &milestone.said)?;
    let RunningMilestone { name, due, planned, reached_on, .. } = milestone;
    Ok(args![id, name, *due, *planned, *reached_on, waived, said])
}
