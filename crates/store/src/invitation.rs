//! Invitations into a workspace.

use gangway_domain::ids::{InvitationId, WorkspaceId};
use gangway_domain::permission::Role;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "invitation";
    INSERT = "INSERT INTO invitation
                (workspace_id, id, email, email_key, role, digest, invited_by, created_at, expires_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    OF_WORKSPACE = "SELECT workspace_id, id, email, role, digest, invited_by, created_at, expires_at
                    FROM invitation WHERE workspace_id = $1 ORDER BY created_at, id";
    BY_DIGEST = "SELECT workspace_id, id, email, role, digest, invited_by, created_at, expires_at
                 FROM invitation WHERE digest = $1";
    DELETE = "DELETE FROM invitation WHERE workspace_id = $1 AND id = $2";
    DELETE_FOR = "DELETE FROM invitation WHERE workspace_id = $1 AND email_key = $2";
}

/// An invitation that was not taken up yet.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Invitation {
    /// Where to.
    #[sqlx(try_from = "uuid::Uuid", rename = "workspace_id")]
    pub workspace: WorkspaceId,
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: InvitationId,
    /// Whom it was sent to.
    pub email: String,
    /// As what.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// SHA-256 of the secret in its link, hex.
    pub digest: String,
    /// Name of whoever invited.
    pub invited_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Until when it can be taken up.
    pub expires_at: Timestamp,
}

/// Adds an invitation; an earlier one to the same address is withdrawn.
///
/// # Errors
/// When the database fails.
pub async fn replace(tx: &mut Tx, invitation: &Invitation) -> Result<(), StoreError> {
    let Invitation { workspace, id, email, role, digest, invited_by, created_at, expires_at } = invitation;
    let key = crate::person::email_key(email);
    tx.run(DELETE_FOR, args![*workspace, &key]).await?;
    let row = args![*workspace, *id, email, &key, *role, digest, invited_by, *created_at, *expires_at];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// Invitations of a workspace, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_workspace(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Invitation>, StoreError> {
    tx.all(OF_WORKSPACE, args![workspace]).await
}

/// The invitation with this secret's digest, ended or not.
///
/// # Errors
/// When the database fails.
pub async fn by_digest(tx: &mut Tx, digest: &str) -> Result<Option<Invitation>, StoreError> {
    tx.optional(BY_DIGEST, args![digest]).await
}

/// Withdraws an invitation, or uses it up. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: InvitationId) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id]).await? == 1)
}
