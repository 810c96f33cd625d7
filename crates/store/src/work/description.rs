//! What is to be done in tasks, in the words of the team.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, TaskId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use super::stamp;
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "work::description";
    INSERT = "INSERT INTO task_description (workspace_id, task_id, onboarding_id, text, changed_by, changed_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, 1)
              ON CONFLICT (workspace_id, task_id) DO NOTHING";
    CHANGE = "UPDATE task_description SET text = $3, changed_by = $4, changed_at = $5, version = version + 1
              WHERE workspace_id = $1 AND task_id = $2 AND version = $6";
    // Whoever asks for the task by its version is told that it is another.
    TOUCH = "UPDATE task SET version = version + 1 WHERE workspace_id = $1 AND id = $2";
    OF_TASK = "SELECT text, changed_by, changed_at, version FROM task_description
               WHERE workspace_id = $1 AND task_id = $2";
    OF_ONBOARDING = "SELECT task_id, text FROM task_description
                     WHERE workspace_id = $1 AND onboarding_id = $2 AND text <> '' ORDER BY task_id";
}

/// What is to be done in a task.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Description {
    /// In plain text; may be empty.
    pub text: String,
    /// Who changed it last.
    #[sqlx(rename = "changed_by")]
    pub by: String,
    /// When.
    #[sqlx(rename = "changed_at")]
    pub at: Timestamp,
    /// Counts changes, from 1.
    pub version: i64,
}

/// Keeps what is to be done in a task, in place of the version it says it was: 0 where there was none. The task has another
/// version then. False when it is not that version any more.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    tx: &mut Tx,
    workspace: WorkspaceId,
    (onboarding, task): (OnboardingId, TaskId),
    said: &Description,
) -> Result<bool, StoreError> {
    let Description { text, by, at, version } = said;
    let rows = if *version == 0 {
        tx.run(INSERT, args![workspace, task, onboarding, text, by, *at]).await?
    } else {
        tx.run(CHANGE, args![workspace, task, text, by, *at, *version]).await?
    };
    if rows == 0 {
        return Ok(false);
    }
    stamp::count_on(tx, workspace, [onboarding]).await?;
    tx.run(TOUCH, args![workspace, task]).await?;
    Ok(true)
}

/// What is to be done in a task; none when nobody has said.
///
/// # Errors
/// When the database fails.
pub async fn of_task(
    tx: &mut Tx,
    workspace: WorkspaceId,
    task: TaskId,
) -> Result<Option<Description>, StoreError> {
    tx.optional(OF_TASK, args![workspace, task]).await
}

/// What is to be done in the tasks of an onboarding, where somebody has said.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<BTreeMap<TaskId, String>, StoreError> {
    let rows: Vec<(Uuid, String)> = tx.all(OF_ONBOARDING, args![workspace, onboarding]).await?;
    Ok(rows.into_iter().map(|(task, text)| (TaskId::from(task), text)).collect())
}
