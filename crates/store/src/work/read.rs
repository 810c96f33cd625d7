//! Reading a plan: its rows as one value.

use std::collections::BTreeMap;
use std::sync::Arc;

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
    STAMP = "SELECT stamp FROM plan_ground WHERE workspace_id = $1 AND onboarding_id = $2";
    GROUND = "SELECT ground, revision, stamp FROM plan_ground WHERE workspace_id = $1 AND onboarding_id = $2";
    TASKS = "SELECT id, position, code, phase, name, side, role, assignee, assignee_person, assignee_contact, days,
                    starts_on, finishes_on, slack, critical, status, started_on, finished_on, because, blocked_by,
                    blocked_since, rule, origin, baseline_starts_on, baseline_finishes_on, baseline_days, version
             FROM task WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY position";
    GROUNDS = "SELECT ground, revision, stamp, onboarding_id AS of_id FROM plan_ground
               WHERE workspace_id = $1 AND onboarding_id IN ($2)";
    TASKS_OF = "SELECT id, position, code, phase, name, side, role, assignee, assignee_person, assignee_contact, days,
                       starts_on, finishes_on, slack, critical, status, started_on, finished_on, because, blocked_by,
                       blocked_since, rule, origin, baseline_starts_on, baseline_finishes_on, baseline_days, version,
                       onboarding_id AS of_id
                FROM task WHERE workspace_id = $1 AND onboarding_id IN ($2) ORDER BY position";
    MILESTONES_OF = "SELECT id, code, phase, name, kind, gate, due_on, planned_on, reached_on, waived, criteria, said,
                            baseline_on, version, onboarding_id AS of_id
                     FROM milestone WHERE workspace_id = $1 AND onboarding_id IN ($2) ORDER BY position";
    MILESTONES = "SELECT id, code, phase, name, kind, gate, due_on, planned_on, reached_on, waived, criteria, said,
                         baseline_on, version
                  FROM milestone WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY position";
    TASK_IDS = "SELECT code, id, onboarding_id AS of_id FROM task
                WHERE workspace_id = $1 AND onboarding_id IN ($2) ORDER BY position";
    MILESTONE_IDS = "SELECT code, id, onboarding_id AS of_id FROM milestone
                     WHERE workspace_id = $1 AND onboarding_id IN ($2) ORDER BY position";
}

#[derive(FromRow)]
struct GroundRow {
    #[sqlx(json)]
    ground: Ground,
    revision: i64,
    stamp: i64,
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

/// The plan of an onboarding as it stands; none when it has none that can be worked yet. One that this process has read
/// or written last is not read again.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<Stored>, StoreError> {
    let stamp: Option<(i64,)> = tx.optional(STAMP, args![workspace, onboarding]).await?;
    let Some((stamp,)) = stamp else { return Ok(None) };
    if let Some(kept) = tx.plans().get((workspace, onboarding), stamp) {
        // Nothing but its stamp says that a plan that is kept is what its rows say; every test looks.
        if cfg!(debug_assertions) && tx.only_reads() {
            let read = read(tx, workspace, onboarding).await?;
            debug_assert!(
                read.as_ref() == Some(&*kept),
                "the plan of {onboarding} changed without its stamp"
            );
        }
        return Ok(Some(Arc::unwrap_or_clone(kept)));
    }
    let plan = read(tx, workspace, onboarding).await?;
    if let Some(plan) = plan.as_ref().filter(|_| tx.only_reads()) {
        tx.plans().put((workspace, onboarding), Arc::new(plan.clone()));
    }
    Ok(plan)
}

async fn read(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<Stored>, StoreError> {
    let ground: Option<GroundRow> = tx.optional(GROUND, args![workspace, onboarding]).await?;
    let Some(ground) = ground else { return Ok(None) };
    let tasks: Vec<TaskRow> = tx.all(TASKS, args![workspace, onboarding]).await?;
    let milestones: Vec<MilestoneRow> = tx.all(MILESTONES, args![workspace, onboarding]).await?;
    let links = link::of_onboarding(tx, workspace, onboarding).await?;
    let phases = phase::of_onboarding(tx, workspace, onboarding).await?;
    stored(ground, tasks, milestones, (links, phases)).map(Some)
}

/// The plans of many onboardings as they stand; those that cannot be worked yet are not there.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_onboardings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Stored>, StoreError> {
    let grounds = tx.each::<_, GroundRow, GroundRow>(GROUNDS, args![workspace], onboardings).await?;
    let there: Vec<OnboardingId> = grounds.keys().copied().collect();
    let mut tasks = tx.lists::<_, TaskRow, TaskRow>(TASKS_OF, args![workspace], &there).await?;
    let mut milestones =
        tx.lists::<_, MilestoneRow, MilestoneRow>(MILESTONES_OF, args![workspace], &there).await?;
    let mut links = link::of_onboardings(tx, workspace, &there).await?;
    let mut phases = phase::of_onboardings(tx, workspace, &there).await?;
    let mut plans = BTreeMap::new();
    for (id, ground) in grounds {
        let (tasks, milestones) = (tasks.remove(&id), milestones.remove(&id));
        let beside = (links.remove(&id).unwrap_or_default(), phases.remove(&id).unwrap_or_default());
        plans.insert(id, stored(ground, tasks.unwrap_or_default(), milestones.unwrap_or_default(), beside)?);
    }
    Ok(plans)
}

/// A plan from its rows; links and phases stand together.
fn stored(
    GroundRow { ground, revision, stamp }: GroundRow,
    task_rows: Vec<TaskRow>,
    milestone_rows: Vec<MilestoneRow>,
    (link_rows, phase_rows): (Vec<link::Link>, Vec<phase::Phase>),
) -> Result<Stored, StoreError> {
    let mut tasks = Vec::with_capacity(task_rows.len());
    let mut task_facts = BTreeMap::new();
    for row in task_rows {
        task_facts.insert(row.code.clone(), row.facts());
        tasks.push(row.task()?);
    }
    let mut milestones = Vec::with_capacity(milestone_rows.len());
    let mut milestone_facts = BTreeMap::new();
    for row in milestone_rows {
        milestone_facts.insert(row.code.clone(), row.facts());
        milestones.push(row.milestone()?);
    }
    let mut links = Vec::with_capacity(link_rows.len());
    for row in link_rows {
        let lag = i32::try_from(row.lag).unwrap_or_default();
        let kind = unword("link kind", row.kind)?;
        links.push(LinkSpec { from: row.from_code, to: row.to_code, kind, lag });
    }
    let mut phases = Vec::with_capacity(phase_rows.len());
    for phase::Phase { code, name, stage, starts_on, finishes_on } in phase_rows {
        let stage = unword("stage", stage)?;
        phases.push(RunningPhase { code, name, stage, start: starts_on, finish: finishes_on });
    }
    let plan = RunningPlan { ground, phases, tasks, milestones, links };
    Ok(Stored { plan, revision, stamp, tasks: task_facts, milestones: milestone_facts })
}

/// The ids of the tasks of many onboardings by code.
///
/// # Errors
/// When the database fails.
pub(super) async fn task_ids(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, BTreeMap<String, Uuid>>, StoreError> {
    let rows = tx.lists::<_, (String, Uuid), (String, Uuid)>(TASK_IDS, args![workspace], onboardings).await?;
    Ok(rows.into_iter().map(|(onboarding, ids)| (onboarding, ids.into_iter().collect())).collect())
}

/// The ids of the milestones of many onboardings by code.
///
/// # Errors
/// When the database fails.
pub(super) async fn milestone_ids(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, BTreeMap<String, Uuid>>, StoreError> {
    let rows =
        tx.lists::<_, (String, Uuid), (String, Uuid)>(MILESTONE_IDS, args![workspace], onboardings).await?;
    Ok(rows.into_iter().map(|(onboarding, ids)| (onboarding, ids.into_iter().collect())).collect())
}
