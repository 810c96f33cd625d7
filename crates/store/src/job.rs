//! Jobs: what is to be done later, written in the transaction that wants it done.

use gangway_domain::ids::{JobId, WorkspaceId};
use serde_json::Value as Json;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "job";
    INSERT = "INSERT INTO job (workspace_id, id, kind, payload, run_at, attempts, created_at)
              VALUES ($1, $2, $3, $4, $5, 0, $6)";
}

/// A job to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Id.
    pub id: JobId,
    /// What kind of work, e.g. `mail`.
    pub kind: String,
    /// What the work needs to know.
    pub payload: Json,
    /// Not before.
    pub run_at: Timestamp,
    /// When it was wanted.
    pub created_at: Timestamp,
}

/// Adds a job.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, job: &Job) -> Result<(), StoreError> {
    let Job { id, kind, payload, run_at, created_at } = job;
    tx.run(INSERT, args![workspace, *id, kind, payload.clone(), *run_at, *created_at]).await?;
    Ok(())
}
