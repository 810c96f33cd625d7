//! Tickets of customers, as the support desk tells of them.

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
                         opened_at = excluded.opened_at, solved_at = excluded.solved_at";
    OF_ACCOUNT = "SELECT id, external_id, subject, severity, status, opened_at, solved_at FROM support_ticket
                  WHERE workspace_id = $1 AND account_id = $2 ORDER BY opened_at DESC, id DESC LIMIT $3";
    // Those that are open, and those opened since; the rest says nothing of today.
    RECENT = "SELECT id, external_id, subject, severity, status, opened_at, solved_at FROM support_ticket
              WHERE workspace_id = $1 AND account_id = $2 AND (opened_at >= $3 OR status <> 'solved')
              ORDER BY opened_at DESC, id DESC LIMIT $4";
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
        })
    }
}

/// Keeps a ticket, in place of what was known of it; its id stays.
///
/// # Errors
/// When the database fails.
pub async fn set(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    one: &Ticket,
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
    ];
    tx.run(SET, row).await?;
    Ok(())
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

/// Whether the support desk ever told of this customer.
///
/// # Errors
/// When the database fails.
pub async fn any(tx: &mut Tx, workspace: WorkspaceId, account: AccountId) -> Result<bool, StoreError> {
    let row: Option<(Uuid,)> = tx.optional(KNOWN, args![workspace, account]).await?;
    Ok(row.is_some())
}
