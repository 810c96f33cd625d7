//! Reminders that were mailed to contacts: one a day, whatever waits.

use gangway_domain::ids::{ContactId, WorkspaceId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "portal::reminder";
    INSERT = "INSERT INTO portal_reminder (workspace_id, contact_id, day, items, sent_at)
              VALUES ($1, $2, $3, $4, $5)
              ON CONFLICT (workspace_id, contact_id, day) DO NOTHING";
    SENT = "SELECT contact_id FROM portal_reminder WHERE workspace_id = $1 AND contact_id = $2 AND day = $3";
}

/// Notes that a contact is reminded on that day. False when they were already.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    contact: ContactId,
    day: Date,
    items: i64,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(INSERT, args![workspace, contact, day, items, at]).await? == 1)
}

/// Whether a contact was reminded on that day.
///
/// # Errors
/// When the database fails.
pub async fn is_sent(
    tx: &mut Tx,
    workspace: WorkspaceId,
    contact: ContactId,
    day: Date,
) -> Result<bool, StoreError> {
    let row: Option<(Uuid,)> = tx.optional(SENT, args![workspace, contact, day]).await?;
    Ok(row.is_some())
}
