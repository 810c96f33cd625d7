//! Checklists of tasks.

use gangway_domain::ids::{CheckId, OnboardingId, TaskId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "work::checklist";
    INSERT = "INSERT INTO checklist_item (workspace_id, id, onboarding_id, task_id, position, said)
              VALUES ($1, $2, $3, $4, $5, $6)";
    LAST = "SELECT COALESCE(MAX(position), 0) FROM checklist_item WHERE workspace_id = $1 AND task_id = $2";
    OF_TASK = "SELECT id, onboarding_id, task_id, said, done_by, done_at FROM checklist_item
               WHERE workspace_id = $1 AND task_id = $2 ORDER BY position, id";
    GET = "SELECT id, onboarding_id, task_id, said, done_by, done_at FROM checklist_item
           WHERE workspace_id = $1 AND id = $2";
    TICK = "UPDATE checklist_item SET done_by = $3, done_at = $4 WHERE workspace_id = $1 AND id = $2";
    REMOVE = "DELETE FROM checklist_item WHERE workspace_id = $1 AND id = $2";
}

/// A line of a checklist.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Item {
    /// Id.
    #[sqlx(try_from = "Uuid")]
    pub id: CheckId,
    /// The onboarding.
    #[sqlx(try_from = "Uuid", rename = "onboarding_id")]
    pub onboarding: OnboardingId,
    /// The task.
    #[sqlx(try_from = "Uuid", rename = "task_id")]
    pub task: TaskId,
    /// What is to be checked.
    pub said: String,
    /// Who ticked it.
    pub done_by: Option<String>,
    /// When.
    pub done_at: Option<Timestamp>,
}

/// Adds a line at the end.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, item: &Item) -> Result<(), StoreError> {
    let position = tx.single_number(LAST, args![workspace, item.task]).await? + 1;
    let row = args![workspace, item.id, item.onboarding, item.task, position, &item.said];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// The checklist of a task in order.
///
/// # Errors
/// When the database fails.
pub async fn of_task(tx: &mut Tx, workspace: WorkspaceId, task: TaskId) -> Result<Vec<Item>, StoreError> {
    tx.all(OF_TASK, args![workspace, task]).await
}

/// One line.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: CheckId) -> Result<Option<Item>, StoreError> {
    tx.optional(GET, args![workspace, id]).await
}

/// Ticks a line, or takes the tick away.
///
/// # Errors
/// When the database fails.
pub async fn tick(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CheckId,
    done: Option<(String, Timestamp)>,
) -> Result<(), StoreError> {
    let (by, at) = done.unzip();
    tx.run(TICK, args![workspace, id, by, at]).await?;
    Ok(())
}

/// Takes a line out.
///
/// # Errors
/// When the database fails.
pub async fn remove(tx: &mut Tx, workspace: WorkspaceId, id: CheckId) -> Result<(), StoreError> {
    tx.run(REMOVE, args![workspace, id]).await?;
    Ok(())
}
