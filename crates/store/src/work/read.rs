//! Reading a plan: its rows as one value.

use std::collections::BTreeMap;

use gangway_domain::ids::{ContactId, MilestoneId, OnboardingId, PersonId, TaskId, WorkspaceId};
use gangway_domain::plan::LinkSpec;
use gangway_domain::work::{
    Assignee, Ground, Origin, RunningMilestone, RunningPhase, RunningPlan, RunningTask, TaskRule, TaskState,
    Waiver,
};
use jiff::civil::Date;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::{MilestoneFacts, Stored, TaskFacts};
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{args, unword};
use crate::{link, phase};

sql! {
    "work::read";
    GROUND = "SELECT ground, revision FROM plan_ground WHERE workspace_id = $1 AND onboarding_id = $2";
    TASKS = "SELECT id, position, code, phase, name, side, role, assignee, assignee_person, assignee_contact, days,
                    starts_on, finishes_on, slack, critical, status, started_on, finished_on, because, blocked_by,
                    blocked_since, rule, origin, baseline_starts_on, baseline_finishes_on, baseline_days, version
             FROM task WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY position";
    MILESTONES = "SELECT id, code, phase, name, kind, gate, due_on, planned_on, reached_on, waived, criteria, said,
                         baseline_on, version
                  FROM milestone WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY position";
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
                return Err(StoreError::corrupt("task", format_args!("`{other}` is no state")));
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

/// The rows of the tasks of an onboarding: their ids by code.
///
/// # Errors
/// When the database fails.
pub(super) async fn task_ids(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<BTreeMap<String, Uuid>, StoreError> {
    let rows: Vec<TaskRow> = tx.all(TASKS, args![workspace, onboarding]).await?;
    Ok(rows.into_iter().map(|row| (row.code, row.id)).collect())
}

/// The rows of the milestones of an onboarding: their ids by code.
///
/// # Errors
/// When the database fails.
pub(super) async fn milestone_ids(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<BTreeMap<String, Uuid>, StoreError> {
    let rows: Vec<MilestoneRow> = tx.all(MILESTONES, args![workspace, onboarding]).await?;
    Ok(rows.into_iter().map(|row| (row.code, row.id)).collect())
}
