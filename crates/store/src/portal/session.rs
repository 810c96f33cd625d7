//! Browsers in which a portal is open.

use gangway_domain::ids::{PersonId, PortalAccessId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Access, Row, columns};
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "portal::session";
    INSERT = "INSERT INTO portal_session
                (digest, workspace_id, access_id, peek_by, agent, created_at, seen_at, expires_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    OPEN = "SELECT workspace_id, access_id, peek_by, seen_at FROM portal_session WHERE digest = $1 AND expires_at > $2";
    ACCESS = concat!("SELECT ", columns!(), " WHERE p.workspace_id = $1 AND p.id = $2 AND p.revoked_at IS NULL");
    TOUCH = "UPDATE portal_session SET seen_at = $2, expires_at = $3 WHERE digest = $1";
    DELETE = "DELETE FROM portal_session WHERE digest = $1";
    DELETE_OF_ACCESS = "DELETE FROM portal_session WHERE workspace_id = $1 AND access_id = $2";
    DELETE_EXPIRED = "DELETE FROM portal_session WHERE expires_at <= $1";
}

/// A session as it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the secret in the cookie, hex.
    pub digest: String,
    /// Where.
    pub workspace: WorkspaceId,
    /// Whose portal.
    pub access: PortalAccessId,
    /// The colleague who looks on; nobody when it is the guest.
    pub peek_by: Option<PersonId>,
    /// The browser, as it calls itself.
    pub agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
}

/// Who is behind a session that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// By what they came in.
    pub access: Access,
    /// The colleague who looks on.
    pub peek_by: Option<PersonId>,
    /// When it was last noted as used.
    pub seen_at: Timestamp,
}

#[derive(FromRow)]
struct Line {
    workspace_id: Uuid,
    access_id: Uuid,
    peek_by: Option<Uuid>,
    seen_at: Timestamp,
}

/// Begins a session.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, session: &Session) -> Result<(), StoreError> {
    let Session { digest, workspace, access, peek_by, agent, created_at, expires_at } = session;
    let row = args![digest, *workspace, *access, *peek_by, agent, *created_at, *created_at, *expires_at];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// Who is behind a session that has not ended, and whose access neither ran out nor was taken away. A colleague who
/// looks on comes in by a session of their own time: whoever they look as need not have been invited.
///
/// # Errors
/// When the database fails.
pub async fn opened(tx: &mut Tx, digest: &str, now: Timestamp) -> Result<Option<Opened>, StoreError> {
    let line: Option<Line> = tx.optional(OPEN, args![digest, now]).await?;
    let Some(Line { workspace_id, access_id, peek_by, seen_at }) = line else { return Ok(None) };
    let row: Option<Row> = tx.optional(ACCESS, args![workspace_id, access_id]).await?;
    let Some(row) = row else { return Ok(None) };
    let access: Access = row.try_into()?;
    if peek_by.is_none() && access.expires_at <= now {
        return Ok(None);
    }
    Ok(Some(Opened { access, peek_by: peek_by.map(PersonId::from), seen_at }))
}

/// Notes that a session was used, and until when it lasts from here.
///
/// # Errors
/// When the database fails.
pub async fn touch(
    tx: &mut Tx,
    digest: &str,
    seen_at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(TOUCH, args![digest, seen_at, expires_at]).await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, digest: &str) -> Result<(), StoreError> {
    tx.run(DELETE, args![digest]).await?;
    Ok(())
}

/// Ends every session of an access.
///
/// # Errors
/// When the database fails.
pub async fn delete_of_access(
    tx: &mut Tx,
    workspace: WorkspaceId,
    access: PortalAccessId,
) -> Result<u64, StoreError> {
    tx.run(DELETE_OF_ACCESS, args![workspace, access]).await
}

/// Forgets sessions that have ended by themselves.
///
/// # Errors
/// When the database fails.
pub async fn delete_expired(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    tx.run(DELETE_EXPIRED, args![now]).await
}
