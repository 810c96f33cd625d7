//! Writing a plan back: what changed of it, row by row.

use std::collections::BTreeMap;

use gangway_domain::ids::{IdSource, OnboardingId, TaskId, WorkspaceId};
use gangway_domain::work::{Assignee, RunningMilestone, RunningPlan, RunningTask, TaskState};
use jiff::civil::Date;
use uuid::Uuid;

use super::Stored;
use super::read::{milestone_ids, task_ids};
use crate::db::Tx;
use crate::error::StoreError;
use crate::link;
use crate::statement::sql;
use crate::value::{Value, args, json, word};

sql! {
    "work::save";
    BEGIN = "INSERT INTO plan_ground (workspace_id, onboarding_id, ground, revision) VALUES ($1, $2, $3, 1)";
    ADVANCE = "UPDATE plan_ground SET ground = $4, revision = revision + 1
               WHERE workspace_id = $1 AND onboarding_id = $2 AND revision = $3";
    INSERT_TASK = "INSERT INTO task
                     (workspace_id, id, onboarding_id, position, code, phase, name, side, role, assignee,
                      assignee_person, assignee_contact, days, starts_on, finishes_on, slack, critical, status,
                      started_on, finished_on, because, blocked_by, blocked_since, rule, origin)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                           $21, $22, $23, $24, $25)";
    CHANGE_TASK = "UPDATE task
                   SET phase = $3, name = $4, side = $5, role = $6, assignee = $7, assignee_person = $8,
                       assignee_contact = $9, days = $10, starts_on = $11, finishes_on = $12, slack = $13,
                       critical = $14, status = $15, started_on = $16, finished_on = $17, because = $18,
                       blocked_by = $19, blocked_since = $20, rule = $21, origin = $22, version = version + 1
                   WHERE workspace_id = $1 AND id = $2";
    REMOVE_TASK = "DELETE FROM task WHERE workspace_id = $1 AND id = $2";
    CHANGE_MILESTONE = "UPDATE milestone
                        SET planned_on = $3, reached_on = $4, waived = $5, said = $6, version = version + 1
                        WHERE workspace_id = $1 AND id = $2";
    CRITERIA = "UPDATE milestone SET criteria = $3 WHERE workspace_id = $1 AND id = $2";
    CHANGE_PHASE = "UPDATE phase SET starts_on = $4, finishes_on = $5, until_on = $6
                    WHERE workspace_id = $1 AND onboarding_id = $2 AND code = $3";
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
    tx.run(BEGIN, args![workspace, onboarding, json("ground", &plan.ground)?]).await?;
    settle(tx, workspace, onboarding, plan).await
}

/// Brings rows that were written from a package to what the plan says, whatever they say now.
async fn settle(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    plan: &RunningPlan,
) -> Result<(), StoreError> {
    let ids = task_ids(tx, workspace, onboarding).await?;
    for task in &plan.tasks {
        if let Some(id) = ids.get(&task.code) {
            tx.run(CHANGE_TASK, [args![workspace, *id], columns(task)?].concat()).await?;
        }
    }
    let ids = milestone_ids(tx, workspace, onboarding).await?;
    for milestone in &plan.milestones {
        if let Some(id) = ids.get(&milestone.code) {
            tx.run(CRITERIA, args![workspace, *id, json("criteria", &milestone.criteria)?]).await?;
            tx.run(CHANGE_MILESTONE, milestone_columns(workspace, *id, milestone)?).await?;
        }
    }
    Ok(())
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
    if tx.run(ADVANCE, advanced).await? == 0 {
        return Ok(false);
    }
    settle(tx, workspace, onboarding, plan).await?;
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
    if tx.run(ADVANCE, advanced).await? == 0 {
        return Ok(false);
    }
    let known: BTreeMap<&str, &RunningTask> =
        before.plan.tasks.iter().map(|task| (task.code.as_str(), task)).collect();
    let mut next = before.tasks.values().map(|facts| facts.position).max().map_or(0, |last| last + 1);
    for task in &after.tasks {
        match (known.get(task.code.as_str()), before.tasks.get(&task.code)) {
            (Some(was), Some(_)) if is_same(was, task) => {}
            (Some(_), Some(facts)) => {
                tx.run(CHANGE_TASK, [args![workspace, facts.id], columns(task)?].concat()).await?;
            }
            _ => {
                let head = args![workspace, TaskId::fresh(ids), onboarding, next, &task.code];
                tx.run(INSERT_TASK, [head, columns(task)?].concat()).await?;
                next += 1;
            }
        }
    }
    for (code, facts) in &before.tasks {
        if after.task(code).is_none() {
            tx.run(REMOVE_TASK, args![workspace, facts.id]).await?;
        }
    }
    for (was, milestone) in before.plan.milestones.iter().zip(&after.milestones) {
        let Some(facts) = before.milestones.get(&milestone.code).filter(|_| was != milestone) else {
            continue;
        };
        tx.run(CHANGE_MILESTONE, milestone_columns(workspace, facts.id.uuid(), milestone)?).await?;
    }
    if before.plan.phases != after.phases {
        phases(tx, workspace, onboarding, after).await?;
    }
    if before.plan.links != after.links {
        links(tx, workspace, onboarding, after).await?;
    }
    if key_dates(&before.plan) != key_dates(after) {
        dates(tx, workspace, onboarding, after).await?;
    }
    Ok(true)
}

/// What a row holds of a task is the same; late dates and free slack are not kept.
fn is_same(one: &RunningTask, other: &RunningTask) -> bool {
    let RunningTask { late_start, late_finish, free_slack, .. } = other;
    *other
        == RunningTask {
            late_start: *late_start,
            late_finish: *late_finish,
            free_slack: *free_slack,
            ..one.clone()
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
    for (index, phase) in plan.phases.iter().enumerate() {
        let until = plan.phases.iter().skip(index + 1).map(|later| later.start).min().unwrap_or(Date::MAX);
        let row = args![workspace, onboarding, &phase.code, phase.start, phase.finish, until];
        tx.run(CHANGE_PHASE, row).await?;
    }
    Ok(())
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

fn milestone_columns(
    workspace: WorkspaceId,
    id: Uuid,
    milestone: &RunningMilestone,
) -> Result<Vec<Value>, StoreError> {
    let waived = match &milestone.waived {
        Some(waived) => Value::Json(json("waiver", waived)?),
        None => Value::NoJson,
    };
    let said = json("criteria", &milestone.said)?;
    Ok(args![workspace, id, milestone.planned, milestone.reached_on, waived, said])
}
