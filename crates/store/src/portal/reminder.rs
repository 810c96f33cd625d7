//! Reminders that were mailed to contacts: one a day, whatever waits.

use gangway_domain::ids::{ContactId, WorkspaceId};
use jiff::civil::Date;

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
