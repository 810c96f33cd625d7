//! What is known of mail on its way: who wants none, what came back, when a domain takes the next one.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{JobId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "mail";
    SUPPRESS = "INSERT INTO mail_suppression (workspace_id, address, reason, made_by, made_at)
                VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (workspace_id, address) DO UPDATE
                SET reason = excluded.reason, made_by = excluded.made_by, made_at = excluded.made_at
                WHERE excluded.reason = 'bounced' AND mail_suppression.reason <> 'bounced'";
    RELEASE = "DELETE FROM mail_suppression WHERE workspace_id = $1 AND address = $2";
    REJOIN = "DELETE FROM mail_suppression
              WHERE workspace_id = $1 AND address = $2 AND reason = 'unsubscribed'";
    SUPPRESSED = "SELECT reason FROM mail_suppression WHERE workspace_id = $1 AND address = $2";
    ALL = "SELECT address, reason, made_by, made_at FROM mail_suppression
           WHERE workspace_id = $1 ORDER BY made_at DESC, address LIMIT $2";
    DEAD = "SELECT address FROM mail_suppression WHERE workspace_id = $1 AND reason = 'bounced'";
    ADDRESSES = "SELECT address FROM mail_suppression WHERE workspace_id = $1";
    BOUNCE = "INSERT INTO mail_bounce (workspace_id, job_id, address, subject, code, problem, at)
              VALUES ($1, $2, $3, $4, $5, $6, $7)
              ON CONFLICT (workspace_id, job_id, at) DO NOTHING";
    BOUNCES = "SELECT job_id, address, subject, code, problem, at FROM mail_bounce
               WHERE workspace_id = $1 ORDER BY at DESC, job_id LIMIT $2";
    PACE = "SELECT domain, next_at FROM mail_pace WHERE workspace_id = $1 AND next_at > $2";
    KEEP_PACE = "INSERT INTO mail_pace (workspace_id, domain, next_at) VALUES ($1, $2, $3)
                 ON CONFLICT (workspace_id, domain) DO UPDATE SET next_at = excluded.next_at";
    WAITING = "SELECT CAST(COUNT(*) AS BIGINT) FROM job
               WHERE workspace_id = $1 AND kind = 'mail' AND ended_at IS NULL";
}

/// An address that gets no mail nobody asked for.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Suppression {
    /// In lower case.
    pub address: String,
    /// `unsubscribed`, `bounced`, `asked`.
    pub reason: String,
    /// Who said so.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
}

/// Mail a server refused for good.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Bounce {
    /// The job that sent it.
    #[sqlx(try_from = "Uuid", rename = "job_id")]
    pub job: JobId,
    /// To whom it went.
    pub address: String,
    /// Its subject.
    pub subject: String,
    /// The server's code.
    pub code: Option<i64>,
    /// What went wrong.
    pub problem: String,
    /// When.
    pub at: Timestamp,
}

/// Sends an address no more of what nobody asked for. False when it got none already; only that its server refuses it
/// counts more than what was known.
///
/// # Errors
/// When the database fails.
pub async fn suppress(tx: &mut Tx, workspace: WorkspaceId, one: &Suppression) -> Result<bool, StoreError> {
    let Suppression { address, reason, made_by, made_at } = one;
    Ok(tx.run(SUPPRESS, args![workspace, address, reason, made_by, *made_at]).await? == 1)
}

/// Sends an address everything again. False when it got everything.
///
/// # Errors
/// When the database fails.
pub async fn release(tx: &mut Tx, workspace: WorkspaceId, address: &str) -> Result<bool, StoreError> {
    Ok(tx.run(RELEASE, args![workspace, address]).await? == 1)
}

/// Sends an address everything again whose reader had unsubscribed. False when that is not why it gets none: what a
/// server or the team said is not the reader's to take back.
///
/// # Errors
/// When the database fails.
pub async fn rejoin(tx: &mut Tx, workspace: WorkspaceId, address: &str) -> Result<bool, StoreError> {
    Ok(tx.run(REJOIN, args![workspace, address]).await? == 1)
}

/// Why an address gets none, when it does not.
///
/// # Errors
/// When the database fails.
pub async fn suppressed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    address: &str,
) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx.optional(SUPPRESSED, args![workspace, address]).await?;
    Ok(row.map(|(reason,)| reason))
}

/// Addresses that get none, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn suppressions(
    tx: &mut Tx,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<Suppression>, StoreError> {
    tx.all(ALL, args![workspace, limit]).await
}

/// Every address that gets none: for many mails at once.
///
/// # Errors
/// When the database fails.
pub async fn addresses(tx: &mut Tx, workspace: WorkspaceId) -> Result<BTreeSet<String>, StoreError> {
    let rows: Vec<(String,)> = tx.all(ADDRESSES, args![workspace]).await?;
    Ok(rows.into_iter().map(|(address,)| address).collect())
}

/// Every address that takes no mail at all, as its server said.
///
/// # Errors
/// When the database fails.
pub async fn dead(tx: &mut Tx, workspace: WorkspaceId) -> Result<BTreeSet<String>, StoreError> {
    let rows: Vec<(String,)> = tx.all(DEAD, args![workspace]).await?;
    Ok(rows.into_iter().map(|(address,)| address).collect())
}

/// Notes that a server refused a mail.
///
/// # Errors
/// When the database fails.
pub async fn bounced(tx: &mut Tx, workspace: WorkspaceId, one: &Bounce) -> Result<(), StoreError> {
    let Bounce { job, address, subject, code, problem, at } = one;
    tx.run(BOUNCE, args![workspace, *job, address, subject, *code, problem, *at]).await?;
    Ok(())
}

/// Mails that were refused, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn bounces(tx: &mut Tx, workspace: WorkspaceId, limit: u32) -> Result<Vec<Bounce>, StoreError> {
    tx.all(BOUNCES, args![workspace, limit]).await
}

/// When domains take the next mail, where that is after `now`.
///
/// # Errors
/// When the database fails.
pub async fn pace(
    tx: &mut Tx,
    workspace: WorkspaceId,
    now: Timestamp,
) -> Result<BTreeMap<String, Timestamp>, StoreError> {
    let rows: Vec<(String, Timestamp)> = tx.all(PACE, args![workspace, now]).await?;
    Ok(rows.into_iter().collect())
}

/// Keeps when domains take the next mail.
///
/// # Errors
/// When the database fails.
pub async fn keep_pace(
    tx: &mut Tx,
    workspace: WorkspaceId,
    next: &BTreeMap<String, Timestamp>,
) -> Result<(), StoreError> {
    for (domain, at) in next {
        tx.run(KEEP_PACE, args![workspace, domain, *at]).await?;
    }
    Ok(())
}

/// How many mails wait to be sent.
///
/// # Errors
/// When the database fails.
pub async fn waiting(tx: &mut Tx, workspace: WorkspaceId) -> Result<i64, StoreError> {
    tx.single_number(WAITING, args![workspace]).await
}
