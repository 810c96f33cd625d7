//! Tasks of onboardings.

use gangway_domain::ids::{IdSource, OnboardingId, TaskId, WorkspaceId};
use gangway_domain::package::PlanTask;
use jiff::civil::Date;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{Value, args, word};

sql! {
    "task";
    INSERT = "INSERT INTO task (workspace_id, id, onboarding_id, position, code, phase, name, side, role, assignee,
                                days, starts_on, finishes_on, slack, critical)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    OF_ONBOARDING = "SELECT id, code, phase, name, side, role, assignee, days, starts_on, finishes_on, slack, critical,
                            status, because, baseline_starts_on, baseline_finishes_on
                     FROM task WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY position";
    OPEN_FROM = "SELECT id, code, phase, name, side, role, assignee, days, starts_on, finishes_on, slack, critical,
                        status, because, baseline_starts_on, baseline_finishes_on
                 FROM task WHERE workspace_id = $1 AND onboarding_id = $2
                   AND status IN ('open', 'started', 'blocked')
                   AND (finishes_on >= $3 OR status <> 'open')
                 ORDER BY starts_on, position LIMIT $4";
}

/// A task of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Task {
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: TaskId,
    /// Id inside the plan.
    pub code: String,
    /// Phase (its code).
    pub phase: String,
    /// What is done.
    pub name: String,
    /// `vendor`, `customer` or `joint`.
    pub side: String,
    /// Role as people see it.
    pub role: String,
    /// Person, when known.
    pub assignee: Option<String>,
    /// Working days.
    pub days: i64,
    /// First day.
    #[sqlx(try_from = "Day")]
    pub starts_on: Date,
    /// Last day.
    #[sqlx(try_from = "Day")]
    pub finishes_on: Date,
    /// Working days it can slip without moving go-live.
    pub slack: i64,
    /// On the critical path.
    pub critical: bool,
    /// How far it is: a word of [`gangway_domain::work::TaskState::WORDS`].
    pub status: String,
    /// Why it is blocked or skipped.
    pub because: Option<String>,
    /// First day as agreed; none for tasks that came later.
    pub baseline_starts_on: Option<Day>,
    /// Last day as agreed.
    pub baseline_finishes_on: Option<Day>,
}

impl Task {
    /// Nothing of it remains to be done.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.status.as_str(), "done" | "skipped")
    }

    /// Its last planned day has passed and it is not done.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        !self.is_over() && self.finishes_on < today
    }
}

/// Adds the tasks of a plan in order.
///
/// # Errors
/// When the database fails.
pub async fn insert_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    ids: &dyn IdSource,
    tasks: &[PlanTask],
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(tasks.len());
    for (position, task) in (0_i64..).zip(tasks) {
        rows.push(row(workspace, onboarding, ids, position, task)?);
    }
    tx.insert_all(INSERT, rows).await
}

/// Adds one at a position.
pub(crate) async fn insert_at(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    ids: &dyn IdSource,
    position: i64,
    task: &PlanTask,
) -> Result<(), StoreError> {
    tx.run(INSERT, row(workspace, onboarding, ids, position, task)?).await?;
    Ok(())
}

fn row(
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    ids: &dyn IdSource,
    position: i64,
    task: &PlanTask,
) -> Result<Vec<Value>, StoreError> {
    Ok(args![
        workspace,
        TaskId::fresh(ids),
        onboarding,
        position,
        &task.id,
        &task.phase,
        &task.name,
        word("side", &task.owner)?,
        &task.role_name,
        &task.assignee,
        task.days,
        task.start,
        task.finish,
        task.slack,
        task.critical,
    ])
}

/// The tasks of an onboarding in order of the plan.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Task>, StoreError> {
    tx.all(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// The tasks planned to finish on `today` or later, those that start first first.
///
/// # Errors
/// When the database fails.
pub async fn open_from(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    today: Date,
    limit: u32,
) -> Result<Vec<Task>, StoreError> {
    tx.all(OPEN_FROM, args![workspace, onboarding, today, limit]).await
}
