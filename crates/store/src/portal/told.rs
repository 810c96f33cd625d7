//! Of what somebody was told by mail.

use gangway_domain::ids::{PortalAccessId, WorkspaceId};

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "portal::told";
    INSERT = "INSERT INTO portal_told (workspace_id, access_id, item, told_at)
              VALUES ($1, $2, $3, $4)
              ON CONFLICT (workspace_id, access_id, item) DO NOTHING";
}

/// Notes that whoever has this access is told of a thing, by its id. False when they were told already.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    access: PortalAccessId,
    item: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(INSERT, args![workspace, access, item, at]).await? == 1)
}
