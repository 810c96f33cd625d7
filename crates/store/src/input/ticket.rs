//! Tickets of customers, as the support desk tells of them.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::deal::Severity;
use gangway_domain::ids::{AccountId, TicketId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{args, unword, word};

sql! {
    "input::ticket";
    SET = "INSERT INTO support_ticket
             (workspace_id, id, account_id, external_id, subject, severity, status, opened_at, solved_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (workspace_id, account_id, external_id)
           DO UPDATE SET subject = excluded.subject, severity = excluded.severity, status = excluded.status,
                         opened_at = CASE WHEN $10 THEN excluded.opened_at ELSE support_ticket.opened_at END,
                         solved_at = CASE WHEN $11 OR support_ticket.solved_at IS NULL OR excluded.solved_at IS NULL
                                          THEN excluded.solved_at ELSE support_ticket.solved_at END,
                         reopened = support_ticket.reopened
                                  + CASE WHEN support_ticket.status = 'solved' AND excluded.status <> 'solved'
                                         THEN 1 ELSE 0 END";
    REMOVE = "DELETE FROM support_ticket WHERE workspace_id = $1 AND account_id = $2 AND external_id = $3";
    OF_ACCOUNT = "SELECT id, external_id, subject, severity, status, opened_at, solved_at, reopened
                  FROM support_ticket
                  WHERE workspace_id = $1 AND account_id = $2 ORDER BY opened_at DESC, id DESC LIMIT $3";
    // Those that are open, and those opened since; the rest says nothing of today.
    RECENT = "SELECT id, external_id, subject, severity, status, opened_at, solved_at, reopened FROM support_ticket
              WHERE workspace_id = $1 AND account_id = $2 AND (opened_at >= $3 OR status <> 'solved')
              ORDER BY opened_at DESC, id DESC LIMIT $4";
    RECENT_OF = "SELECT r.id, r.external_id, r.subject, r.severity, r.status, r.opened_at, r.solved_at, r.reopened,
                        r.account_id AS of_id
                 FROM (SELECT t.id, t.external_id, t.subject, t.severity, t.status, t.opened_at, t.solved_at, t.reopened, t.account_id,
                              ROW_NUMBER() OVER (PARTITION BY t.account_id ORDER BY t.opened_at DESC, t.id DESC) AS place
                       FROM support_ticket t
                       WHERE t.workspace_id = $1 AND (t.opened_at >= $2 OR t.status <> 'solved')
                         AND t.account_id IN ($4)) r
                 WHERE r.place <= $3 ORDER BY r.opened_at DESC, r.id DESC";
    // Of whom the support desk ever told; how much says nothing.
    KNOWN_OF = "SELECT a.id, a.id AS of_id FROM account a
                WHERE a.workspace_id = $1 AND a.id IN ($2)
                  AND EXISTS (SELECT 1 FROM support_ticket t WHERE t.workspace_id = a.workspace_id AND t.account_id = a.id)";
    KNOWN = "SELECT id FROM support_ticket WHERE workspace_id = $1 AND account_id = $2 LIMIT 1";
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Id.
    pub id: TicketId,
    /// What the support desk calls it.
    pub external_id: String,
    /// What it is about; may be empty.
    pub subject: String,
    /// How grave.
    pub severity: Severity,
    /// `open`, `pending`, `solved`.
    pub status: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was solved.
    pub solved_at: Option<Timestamp>,
    /// How often it was opened again after it was solved; not written.
    pub reopened: i64,
}

/// Which times of a ticket somebody told; those that were only taken for now leave what is known as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// When it was opened.
    pub opened: bool,
    /// When it was solved.
    pub solved: bool,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    external_id: String,
    subject: String,
    severity: String,
    status: String,
    opened_at: Timestamp,
    solved_at: Option<Timestamp>,
    reopened: i64,
}

impl TryFrom<Row> for Ticket {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: TicketId::from(row.id),
            external_id: row.external_id,
            subject: row.subject,
            severity: unword("ticket", row.severity)?,
            status: row.status,
            opened_at: row.opened_at,
            solved_at: row.solved_at,
            reopened: row.reopened,
        })
    }
}

/// Keeps a ticket, in place of what was known of it; its id stays. One that was solved and is not any more was opened
/// again.
///
/// # Errors
/// When the database fails.
pub async fn set(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    one: &Ticket,
    told: Times,
) -> Result<(), StoreError> {
    let row = args![
        workspace,
        one.id.uuid(),
        account,
        &one.external_id,
        &one.subject,
        word("ticket", &one.severity)?,
        &one.status,
        one.opened_at,
        one.solved_at,
        told.opened,
        told.solved,
    ];
    tx.run(SET, row).await?;
    Ok(())
}

/// Forgets a ticket. False when it was not known.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    external_id: &str,
) -> Result<bool, StoreError> {
    Ok(tx.run(REMOVE, args![workspace, account, external_id]).await? == 1)
}

/// Tickets of a customer, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_account(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    limit: u32,
) -> Result<Vec<Ticket>, StoreError> {
    tx.list::<Row, _>(OF_ACCOUNT, args![workspace, account, limit]).await
}

/// Tickets of a customer that are open or were opened since an instant, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn recent(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<Ticket>, StoreError> {
    tx.list::<Row, _>(RECENT, args![workspace, account, since, limit]).await
}

/// Tickets of many customers that are open or were opened since an instant, the newest first, at most so many of each.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn recent_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    since: Timestamp,
    limit: u32,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Vec<Ticket>>, StoreError> {
    tx.lists::<_, Row, _>(RECENT_OF, args![workspace, since, limit], accounts).await
}

/// The customers among these of whom the support desk ever told.
///
/// # Errors
/// When the database fails.
pub async fn known_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
) -> Result<BTreeSet<AccountId>, StoreError> {
    let known = tx.lists::<_, (Uuid,), (Uuid,)>(KNOWN_OF, args![workspace], accounts).await?;
    Ok(known.into_keys().collect())
}

/// Whether the support desk ever told of this customer.
///
/// # Errors
/// When the database fails.
pub async fn any(tx: &mut Tx, workspace: WorkspaceId, account: AccountId) -> Result<bool, StoreError> {
    let row: Option<(Uuid,)> = tx.optional(KNOWN, args![workspace, account]).await?;
    Ok(row.is_some())
}
