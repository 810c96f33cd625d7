//! The plan being worked: its rows read as one value, and what changed of it written back.

pub mod attachment;
pub mod baseline;
pub mod checklist;
pub mod comment;
pub mod ledger;
pub mod mine;

use std::collections::BTreeMap;

use gangway_domain::ids::{ContactId, IdSource, MilestoneId, OnboardingId, PersonId, TaskId, WorkspaceId};
use gangway_domain::plan::LinkSpec;
use gangway_domain::work::{
    Assignee, Ground, Origin, RunningMilestone, RunningPhase, RunningPlan, RunningTask, TaskRule, TaskState,
    Waiver,
};
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{Value, args, json, word};
use crate::{link, phase};

sql! {
    "work";
    GROUND = "SELECT ground, revision FROM plan_ground WHERE workspace_id = $1 AND onboarding_id = $2";
    BEGIN = "INSERT INTO plan_ground (workspace_id, onboarding_id, ground, revision) VALUES ($1, $2, $3, 1)";
    ADVANCE = "UPDATE plan_ground SET ground = $4, revision = revision + 1
               WHERE workspace_id = $1 AND onboarding_id = $2 AND revision = $3";
    TASKS = "SELECT id, position, code, phase, name, side, role, assignee, assignee_person, assignee_contact, days,
                    starts_on, finishes_on, slack, critical, status, started_on, finished_on, because, blocked_by,
                    blocked_since, rule, origin, baseline_starts_on, baseline_finishes_on, baseline_days, version
             FROM task WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY position";
    MILESTONES = "SELECT id, code, phase, name, kind, gate, due_on, planned_on, reached_on, waived, criteria, said,
                         baseline_on, version
                  FROM milestone WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY position";
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
    LACKING = "SELECT o.id, o.state_name FROM onboarding o
               WHERE o.workspace_id = $1
                 AND NOT EXISTS (SELECT 1 FROM plan_ground g
                                 WHERE g.workspace_id = o.workspace_id AND g.onboarding_id = o.id)
               ORDER BY o.id LIMIT $2";
    PLACE = "SELECT onboarding_id, code, version FROM task WHERE workspace_id = $1 AND id = $2";
    MILESTONE_PLACE = "SELECT onboarding_id, code, version FROM milestone WHERE workspace_id = $1 AND id = $2";
}

/// A plan with what its rows know beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The plan.
    pub plan: RunningPlan,
    /// Counts its changes, from 1.
    pub revision: i64,
    /// What is known of its tasks beside, by code.
    pub tasks: BTreeMap<String, TaskFacts>,
    /// What is known of its milestones beside, by code.
    pub milestones: BTreeMap<String, MilestoneFacts>,
}

/// What a row knows of a task beside the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskFacts {
    /// Id.
    pub id: TaskId,
    /// Where it stands in the plan.
    pub position: i64,
    /// Dates and working days as agreed last; none for tasks that came later.
    pub baseline: Option<(Date, Date, i64)>,
    /// Counts changes, from 1.
    pub version: i64,
}

/// What a row knows of a milestone beside the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MilestoneFacts {
    /// Id.
    pub id: MilestoneId,
    /// Day as agreed last.
    pub baseline: Option<Date>,
    /// Counts changes, from 1.
    pub version: i64,
}

/// Where a task or milestone is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// Its code in the plan.
    pub code: String,
    /// Counts its changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct GroundRow {
    #[sqlx(json)]
    ground: Ground,
    revision: i64,
}

#[derive(FromRow)]
struct TaskRow {
    id: Uuid,
    position: i64,
    code: String,
    phase: String,
    name: String,
    side: String,
    role: String,
    assignee: Option<String>,
    assignee_person: Option<Uuid>,
    assignee_contact: Option<Uuid>,
    days: i64,
    starts_on: Day,
    finishes_on: Day,
    slack: i64,
    critical: bool,
    status: String,
    started_on: Option<Day>,
    finished_on: Option<Day>,
    because: Option<String>,
    blocked_by: Option<String>,
    blocked_since: Option<Day>,
    #[sqlx(json)]
    rule: TaskRule,
    #[sqlx(json)]
    origin: Origin,
    baseline_starts_on: Option<Day>,
    baseline_finishes_on: Option<Day>,
    baseline_days: Option<i64>,
    version: i64,
}

#[derive(FromRow)]
struct MilestoneRow {
    id: Uuid,
    code: String,
    phase: String,
    name: String,
    kind: String,
    gate: bool,
    due_on: Day,
    planned_on: Day,
    reached_on: Option<Day>,
    waived: Option<Json<Waiver>>,
    #[sqlx(json)]
    criteria: Vec<gangway_domain::package::GateCriterion>,
    #[sqlx(json)]
    said: Vec<gangway_domain::work::Said>,
    baseline_on: Option<Day>,
    version: i64,
}

impl TaskRow {
    fn facts(&self) -> TaskFacts {
        let dates = (self.baseline_starts_on, self.baseline_finishes_on, self.baseline_days);
        let baseline = match dates {
            (Some(start), Some(finish), Some(days)) => Some((start.into(), finish.into(), days)),
            _ => None,
        };
        TaskFacts { id: TaskId::from(self.id), position: self.position, baseline, version: self.version }
    }

    fn state(&self) -> Result<TaskState, StoreError> {
        let since = |day: Option<Day>| day.map_or_else(|| Date::from(self.starts_on), Date::from);
        let because = || self.because.clone().unwrap_or_default();
        Ok(match self.status.as_str() {
            "open" => TaskState::Open,
            "started" => TaskState::Started { on: since(self.started_on) },
            "blocked" => TaskState::Blocked {
                started: self.started_on.map(Date::from),
                since: since(self.blocked_since),
                because: because(),
                by: self.blocked_by.clone(),
            },
            "done" => TaskState::Done {
                started_on: since(self.started_on),
                finished_on: self.finished_on.map_or_else(|| self.finishes_on.into(), Date::from),
            },
            "skipped" => TaskState::Skipped { reason: because() },
            other => {
                return Err(StoreError::Corrupt { what: "task", reason: format!("`{other}` is no state") });
            }
        })
    }

    fn task(self) -> Result<RunningTask, StoreError> {
        let state = self.state()?;
        let (start, finish): (Date, Date) = (self.starts_on.into(), self.finishes_on.into());
        let assignee = self.assignee.map(|name| match (self.assignee_person, self.assignee_contact) {
            (Some(id), _) => Assignee::Person { id: PersonId::from(id), name },
            (None, Some(id)) => Assignee::Contact { id: ContactId::from(id), name },
            (None, None) => Assignee::Name { name },
        });
        Ok(RunningTask {
            code: self.code,
            phase: self.phase,
            name: self.name,
            side: unword("side", self.side)?,
            role: self.role,
            assignee,
            days: u32::try_from(self.days).unwrap_or_default(),
            rule: self.rule,
            state,
            origin: self.origin,
            start,
            finish,
            late_start: start,
            late_finish: finish,
            slack: self.slack,
            free_slack: 0,
            critical: self.critical,
        })
    }
}

impl MilestoneRow {
    fn facts(&self) -> MilestoneFacts {
        let (id, baseline) = (MilestoneId::from(self.id), self.baseline_on.map(Date::from));
        MilestoneFacts { id, baseline, version: self.version }
    }

    fn milestone(self) -> Result<RunningMilestone, StoreError> {
        Ok(RunningMilestone {
            code: self.code,
            phase: self.phase,
            name: self.name,
            kind: unword("milestone kind", self.kind)?,
            gate: self.gate,
            criteria: self.criteria,
            said: self.said,
            due: self.due_on.into(),
            planned: self.planned_on.into(),
            reached_on: self.reached_on.map(Date::from),
            waived: self.waived.map(|Json(waived)| waived),
        })
    }
}

/// The enum without data a word stands for.
pub(crate) fn unword<T: DeserializeOwned>(what: &'static str, word: String) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(word))
        .map_err(|error| StoreError::Corrupt { what, reason: error.to_string() })
}

/// The plan of an onboarding as it stands; none when it has none that can be worked yet.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<Stored>, StoreError> {
    let ground: Option<GroundRow> = tx.optional(GROUND, args![workspace, onboarding]).await?;
    let Some(GroundRow { ground, revision }) = ground else { return Ok(None) };
    let rows: Vec<TaskRow> = tx.all(TASKS, args![workspace, onboarding]).await?;
    let mut tasks = Vec::with_capacity(rows.len());
    let mut task_facts = BTreeMap::new();
    for row in rows {
        task_facts.insert(row.code.clone(), row.facts());
        tasks.push(row.task()?);
    }
    let rows: Vec<MilestoneRow> = tx.all(MILESTONES, args![workspace, onboarding]).await?;
    let mut milestones = Vec::with_capacity(rows.len());
    let mut milestone_facts = BTreeMap::new();
    for row in rows {
        milestone_facts.insert(row.code.clone(), row.facts());
        milestones.push(row.milestone()?);
    }
    let mut links = Vec::new();
    for row in link::of_onboarding(tx, workspace, onboarding).await? {
        let lag = i32::try_from(row.lag).unwrap_or_default();
        links.push(LinkSpec {
            from: row.from_code,
            to: row.to_code,
            kind: unword("link kind", row.kind)?,
            lag,
        });
    }
    let mut phases = Vec::new();
    for row in phase::of_onboarding(tx, workspace, onboarding).await? {
        let phase::Phase { code, name, stage, starts_on, finishes_on } = row;
        let stage = unword("stage", stage)?;
        phases.push(RunningPhase { code, name, stage, start: starts_on, finish: finishes_on });
    }
    let plan = RunningPlan { ground, phases, tasks, milestones, links };
    Ok(Some(Stored { plan, revision, tasks: task_facts, milestones: milestone_facts }))
}

/// How often the plan of an onboarding was changed, from 1; none when it cannot be worked yet.
///
/// # Errors
/// When the database fails.
pub async fn revision(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<i64>, StoreError> {
    let ground: Option<GroundRow> = tx.optional(GROUND, args![workspace, onboarding]).await?;
    Ok(ground.map(|row| row.revision))
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
    let rows: Vec<TaskRow> = tx.all(TASKS, args![workspace, onboarding]).await?;
    let ids: BTreeMap<String, Uuid> = rows.into_iter().map(|row| (row.code, row.id)).collect();
    for task in &plan.tasks {
        if let Some(id) = ids.get(&task.code) {
            tx.run(CHANGE_TASK, [args![workspace, *id], columns(task)?].concat()).await?;
        }
    }
    let rows: Vec<MilestoneRow> = tx.all(MILESTONES, args![workspace, onboarding]).await?;
    let ids: BTreeMap<String, Uuid> = rows.into_iter().map(|row| (row.code, row.id)).collect();
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

/// Onboardings whose plan cannot be worked yet, with their state; they came before plans could.
///
/// # Errors
/// When the database fails.
pub async fn lacking(
    tx: &mut Tx,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<(OnboardingId, String)>, StoreError> {
    let rows: Vec<(Uuid, String)> = tx.all(LACKING, args![workspace, limit]).await?;
    Ok(rows.into_iter().map(|(id, state)| (OnboardingId::from(id), state)).collect())
}

/// Where a task is.
///
/// # Errors
/// When the database fails.
pub async fn place(tx: &mut Tx, workspace: WorkspaceId, task: TaskId) -> Result<Option<Place>, StoreError> {
    let row: Option<(Uuid, String, i64)> = tx.optional(PLACE, args![workspace, task]).await?;
    Ok(row.map(place_of))
}

/// Where a milestone is.
///
/// # Errors
/// When the database fails.
pub async fn milestone_place(
    tx: &mut Tx,
    workspace: WorkspaceId,
    milestone: MilestoneId,
) -> Result<Option<Place>, StoreError> {
    let row: Option<(Uuid, String, i64)> = tx.optional(MILESTONE_PLACE, args![workspace, milestone]).await?;
    Ok(row.map(place_of))
}

fn place_of((onboarding, code, version): (Uuid, String, i64)) -> Place {
    Place { onboarding: OnboardingId::from(onboarding), code, version }
}
