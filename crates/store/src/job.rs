//! Jobs: what is to be done later, written in the transaction that wants it done, and done once.
//!
//! Whoever does a job holds a lease on it: a time until when nobody else takes it. The number of the
//! attempt tells an old holder from a new one, so that a worker that comes back from the dead after its
//! lease has ended changes nothing any more.

use gangway_domain::ids::{JobId, WorkspaceId};
use serde_json::Value as Json;
use sqlx::FromRow;

use crate::db::Tx;
use crate::dialect;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "job";
    INSERT = "INSERT INTO job (workspace_id, id, kind, payload, run_at, attempts, created_at)
              VALUES ($1, $2, $3, $4, $5, 0, $6)";
    // Planned by whoever comes first: the id says what for.
    PLAN = "INSERT INTO job (workspace_id, id, kind, payload, run_at, attempts, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (workspace_id, id) DO NOTHING";
    FINISH = "UPDATE job SET ended_at = $4, leased_until = NULL, problem = NULL, payload = $5
              WHERE workspace_id = $1 AND id = $2 AND attempts = $3 AND ended_at IS NULL";
    RETRY = "UPDATE job SET run_at = $4, leased_until = NULL, problem = $5
             WHERE workspace_id = $1 AND id = $2 AND attempts = $3 AND ended_at IS NULL";
    GIVE_UP = "UPDATE job SET ended_at = $4, leased_until = NULL, problem = $5
               WHERE workspace_id = $1 AND id = $2 AND attempts = $3 AND ended_at IS NULL";
    REVIVE = "UPDATE job SET run_at = $3, attempts = 0, leased_until = NULL, ended_at = NULL
              WHERE workspace_id = $1 AND id = $2 AND problem IS NOT NULL";
    REVIVE_ALL = "UPDATE job SET run_at = $3, attempts = 0, leased_until = NULL, ended_at = NULL
                  WHERE workspace_id = $1 AND kind = $2 AND problem IS NOT NULL AND ended_at IS NOT NULL";
    PROBLEM = "SELECT problem FROM job WHERE workspace_id = $1 AND kind = $2 AND problem IS NOT NULL
               ORDER BY created_at DESC, id DESC LIMIT 1";
    TROUBLED = "SELECT id, kind, attempts, problem, run_at, leased_until, ended_at, created_at FROM job
                WHERE workspace_id = $1 AND problem IS NOT NULL
                   OR workspace_id = $1 AND ended_at IS NULL AND run_at < $2
                ORDER BY created_at DESC, id DESC LIMIT $3";
    // The queue belongs to the installation; these count and clear it, and show nobody's work to anybody.
    DEPTH = "SELECT kind, CAST(SUM(CASE WHEN run_at <= $1 THEN 1 ELSE 0 END) AS BIGINT) AS due,
                    CAST(COUNT(*) AS BIGINT) AS waiting
             FROM job WHERE ended_at IS NULL GROUP BY kind ORDER BY kind";
    GIVEN_UP = "SELECT CAST(COUNT(*) AS BIGINT) AS count FROM job WHERE ended_at IS NOT NULL AND problem IS NOT NULL";
    NEXT = "SELECT MIN(CASE WHEN leased_until IS NULL OR leased_until < run_at THEN run_at ELSE leased_until END) AS at
            FROM job WHERE ended_at IS NULL";
    WAITING = "SELECT id FROM job WHERE workspace_id = $1 AND kind = $2 AND ended_at IS NULL LIMIT 1";
    PRUNE = "DELETE FROM job WHERE ended_at < $1";
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

/// A job a worker has to itself until its lease ends.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Claimed {
    /// Whose.
    #[sqlx(try_from = "uuid::Uuid", rename = "workspace_id")]
    pub workspace: WorkspaceId,
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: JobId,
    /// What kind of work.
    pub kind: String,
    /// What the work needs to know.
    #[sqlx(json)]
    pub payload: Json,
    /// Which attempt this is, from 1; it is also what proves the lease.
    pub attempts: i64,
    /// When it was wanted.
    pub created_at: Timestamp,
}

/// A job that went wrong, waits too long, or was given up.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Troubled {
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: JobId,
    /// What kind of work.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i64,
    /// What went wrong the last time.
    pub problem: Option<String>,
    /// When it is tried (again).
    pub run_at: Timestamp,
    /// Until when a worker has it.
    pub leased_until: Option<Timestamp>,
    /// When it was given up.
    pub ended_at: Option<Timestamp>,
    /// When it was wanted.
    pub created_at: Timestamp,
}

/// How much waits, of one kind.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Depth {
    /// What kind of work.
    pub kind: String,
    /// Jobs that could be done now.
    pub due: i64,
    /// All jobs that are not ended.
    pub waiting: i64,
}

#[derive(FromRow)]
struct Count {
    count: i64,
}

#[derive(FromRow)]
struct Next {
    at: Option<Timestamp>,
}

/// Adds a job. Workers of this process hear of it when the transaction is committed.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, job: &Job) -> Result<(), StoreError> {
    let Job { id, kind, payload, run_at, created_at } = job;
    tx.run(INSERT, args![workspace, *id, kind, payload.clone(), *run_at, *created_at]).await?;
    tx.wake_workers();
    Ok(())
}

/// Adds those jobs of which there is none of the same id, done ones included. Workers of this process hear of it when the
/// transaction is committed.
///
/// # Errors
/// When the database fails.
pub async fn plan_all(tx: &mut Tx, workspace: WorkspaceId, jobs: &[Job]) -> Result<(), StoreError> {
    let row = |job: &Job| {
        let Job { id, kind, payload, run_at, created_at } = job;
        args![workspace, *id, kind, payload.clone(), *run_at, 0_i64, *created_at]
    };
    tx.upsert_all(PLAN, jobs.iter().map(row).collect()).await?;
    tx.wake_workers();
    Ok(())
}

/// Whether a job of this kind is still to be done.
///
/// # Errors
/// When the database fails.
pub async fn is_waiting(tx: &mut Tx, workspace: WorkspaceId, kind: &str) -> Result<bool, StoreError> {
    let row: Option<(uuid::Uuid,)> = tx.optional(WAITING, args![workspace, kind]).await?;
    Ok(row.is_some())
}

/// Takes up to `limit` due jobs of these kinds, the longest due first, until `leased_until`. Jobs whose
/// lease has ended are due again. Whoever claims at the same time gets others.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    tx: &mut Tx,
    kinds: &[&str],
    now: Timestamp,
    leased_until: Timestamp,
    limit: u32,
) -> Result<Vec<Claimed>, StoreError> {
    let kinds = Json::from(kinds);
    let mut claimed = dialect::job::claim(tx, args![now, leased_until, limit, kinds]).await?;
    claimed.sort_by_key(|job| (job.created_at, job.id));
    Ok(claimed)
}

/// Ends a job that is done and forgets what it needed to know: a mail holds links that are nobody's
/// business. False when the lease was lost; then nothing of this transaction may be kept.
///
/// # Errors
/// When the database fails.
pub async fn finish(tx: &mut Tx, job: &Claimed, now: Timestamp) -> Result<bool, StoreError> {
    let forgotten = Json::Object(serde_json::Map::new());
    Ok(tx.run(FINISH, args![job.workspace, job.id, job.attempts, now, forgotten]).await? == 1)
}

/// Puts a job back for another attempt. False when the lease was lost.
///
/// # Errors
/// When the database fails.
pub async fn retry(tx: &mut Tx, job: &Claimed, at: Timestamp, problem: &str) -> Result<bool, StoreError> {
    let held = tx.run(RETRY, args![job.workspace, job.id, job.attempts, at, problem]).await? == 1;
    tx.wake_workers();
    Ok(held)
}

/// Ends a job that will not be tried again. False when the lease was lost.
///
/// # Errors
/// When the database fails.
pub async fn give_up(tx: &mut Tx, job: &Claimed, now: Timestamp, problem: &str) -> Result<bool, StoreError> {
    Ok(tx.run(GIVE_UP, args![job.workspace, job.id, job.attempts, now, problem]).await? == 1)
}

/// Lets a job that went wrong be tried again from the start, now. False when there is no such job.
///
/// # Errors
/// When the database fails.
pub async fn revive(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: JobId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let revived = tx.run(REVIVE, args![workspace, id, now]).await? == 1;
    tx.wake_workers();
    Ok(revived)
}

/// Lets every job of a kind that was given up be tried again from the start, now.
///
/// # Errors
/// When the database fails.
pub async fn revive_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    kind: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.run(REVIVE_ALL, args![workspace, kind, now]).await?;
    tx.wake_workers();
    Ok(())
}

/// What went wrong with the newest job of a kind that failed and is not done since.
///
/// # Errors
/// When the database fails.
pub async fn problem(tx: &mut Tx, workspace: WorkspaceId, kind: &str) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx.optional(PROBLEM, args![workspace, kind]).await?;
    Ok(row.map(|(problem,)| problem))
}

/// Jobs that went wrong, or should have been done before `overdue` and were not; the newest first.
///
/// # Errors
/// When the database fails.
pub async fn troubled(
    tx: &mut Tx,
    workspace: WorkspaceId,
    overdue: Timestamp,
    limit: u32,
) -> Result<Vec<Troubled>, StoreError> {
    tx.all(TROUBLED, args![workspace, overdue, limit]).await
}

/// How much waits in the whole installation, by kind.
///
/// # Errors
/// When the database fails.
pub async fn depth(tx: &mut Tx, now: Timestamp) -> Result<Vec<Depth>, StoreError> {
    tx.all(DEPTH, args![now]).await
}

/// How many jobs of the whole installation were given up and not cleared away yet.
///
/// # Errors
/// When the database fails.
pub async fn given_up(tx: &mut Tx) -> Result<i64, StoreError> {
    let count: Option<Count> = tx.optional(GIVEN_UP, args![]).await?;
    Ok(count.map_or(0, |row| row.count))
}

/// When the next job can be done, or the next lease ends; in the past when something waits already.
///
/// # Errors
/// When the database fails.
pub async fn next(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let next: Option<Next> = tx.optional(NEXT, args![]).await?;
    Ok(next.and_then(|row| row.at))
}

/// Clears away jobs that ended before; returns how many.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    tx.run(PRUNE, args![before]).await
}
