//! Addresses at which a CRM announces won deals.

use gangway_domain::ids::{HookId, WorkspaceId};
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "crm_hook";
    INSERT = "INSERT INTO crm_hook (workspace_id, id, crm, secret, created_at) VALUES ($1, $2, $3, $4, $5)";
    OF_WORKSPACE = "SELECT workspace_id, id, crm, secret, created_at, used_at FROM crm_hook
                    WHERE workspace_id = $1 ORDER BY created_at, id";
    BY_ID = "SELECT workspace_id, id, crm, secret, created_at, used_at FROM crm_hook WHERE id = $1";
    USED = "UPDATE crm_hook SET used_at = $3 WHERE workspace_id = $1 AND id = $2";
    DELETE = "DELETE FROM crm_hook WHERE workspace_id = $1 AND id = $2";
}

/// An address of a CRM.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct CrmHook {
    /// Where its deals go.
    #[sqlx(try_from = "uuid::Uuid", rename = "workspace_id")]
    pub workspace: WorkspaceId,
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: HookId,
    /// `hubspot` or `salesforce`.
    pub crm: String,
    /// What proves that a message is the CRM's: the sealed signing secret of HubSpot, the digest of the secret in the
    /// address of Salesforce.
    pub secret: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a message last came.
    pub used_at: Option<Timestamp>,
}

/// Adds an address.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, hook: &CrmHook) -> Result<(), StoreError> {
    let CrmHook { workspace, id, crm, secret, created_at, used_at: _ } = hook;
    tx.run(INSERT, args![*workspace, *id, crm, secret, *created_at]).await?;
    Ok(())
}

/// The addresses of a workspace, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_workspace(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<CrmHook>, StoreError> {
    tx.all(OF_WORKSPACE, args![workspace]).await
}

/// The address of this id, whatever its workspace: a CRM names nothing else.
///
/// # Errors
/// When the database fails.
pub async fn by_id(tx: &mut Tx, id: HookId) -> Result<Option<CrmHook>, StoreError> {
    tx.optional(BY_ID, args![id]).await
}

/// Notes that a message came.
///
/// # Errors
/// When the database fails.
pub async fn used(tx: &mut Tx, workspace: WorkspaceId, id: HookId, at: Timestamp) -> Result<(), StoreError> {
    tx.run(USED, args![workspace, id, at]).await?;
    Ok(())
}

/// Ends an address at once. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: HookId) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id]).await? == 1)
}
