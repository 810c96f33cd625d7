//! Sessions: browsers in which somebody has signed in.

use gangway_domain::ids::{PersonId, WorkspaceId};
use gangway_domain::permission::Role;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "session";
    INSERT = "INSERT INTO session (digest, person_id, workspace_id, agent, created_at, seen_at, expires_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7)";
    SIGNED = "SELECT s.digest, s.person_id, s.workspace_id, p.name, p.email, m.role, w.name AS workspace_name,
                     s.created_at, s.seen_at,
                     (SELECT COUNT(*) FROM membership o WHERE o.person_id = s.person_id) AS places
              FROM session s
              JOIN person p ON p.id = s.person_id
              JOIN membership m ON m.workspace_id = s.workspace_id AND m.person_id = s.person_id
              JOIN workspace w ON w.id = s.workspace_id
              WHERE s.digest = $1 AND s.expires_at > $2";
    TOUCH = "UPDATE session SET seen_at = $2, expires_at = $3 WHERE digest = $1";
    MOVE = "UPDATE session SET workspace_id = $2 WHERE digest = $1";
    MOVE_ALL = "UPDATE session SET workspace_id = $3 WHERE person_id = $1 AND workspace_id = $2";
    OF_PERSON = "SELECT digest, agent, created_at, seen_at FROM session
                 WHERE person_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, digest";
    DELETE = "DELETE FROM session WHERE digest = $1";
    DELETE_OTHERS = "DELETE FROM session WHERE person_id = $1 AND digest <> $2";
    DELETE_EXPIRED = "DELETE FROM session WHERE expires_at <= $1";
}

/// A session as it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the secret in the cookie, hex.
    pub digest: String,
    /// Who.
    pub person: PersonId,
    /// Where they are.
    pub workspace: WorkspaceId,
    /// The browser, as it calls itself.
    pub agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
}

/// Who is behind a session, and what they are where they are.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Signed {
    /// The session.
    pub digest: String,
    /// Who.
    #[sqlx(try_from = "uuid::Uuid", rename = "person_id")]
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Where they are.
    #[sqlx(try_from = "uuid::Uuid", rename = "workspace_id")]
    pub workspace: WorkspaceId,
    /// Name of that workspace.
    pub workspace_name: String,
    /// What they are there.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// When the session began.
    pub created_at: Timestamp,
    /// When it was last noted as used.
    pub seen_at: Timestamp,
    /// How many workspaces they belong to.
    pub places: i64,
}

/// A session in a list of somebody's sessions.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Line {
    /// The session.
    pub digest: String,
    /// The browser, as it calls itself.
    pub agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last noted as used.
    pub seen_at: Timestamp,
}

/// Begins a session.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, session: &Session) -> Result<(), StoreError> {
    let Session { digest, person, workspace, agent, created_at, expires_at } = session;
    tx.run(INSERT, args![digest, *person, *workspace, agent, *created_at, *created_at, *expires_at]).await?;
    Ok(())
}

/// Who is behind a session that has not ended.
///
/// # Errors
/// When the database fails.
pub async fn signed(tx: &mut Tx, digest: &str, now: Timestamp) -> Result<Option<Signed>, StoreError> {
    tx.optional(SIGNED, args![digest, now]).await
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

/// Goes to another workspace of the same person; the database refuses one they are not in.
///
/// # Errors
/// When the database fails.
pub async fn move_to(tx: &mut Tx, digest: &str, workspace: WorkspaceId) -> Result<(), StoreError> {
    tx.run(MOVE, args![digest, workspace]).await?;
    Ok(())
}

/// Takes all of somebody's sessions in one workspace to another of theirs.
///
/// # Errors
/// When the database fails.
pub async fn move_all(
    tx: &mut Tx,
    person: PersonId,
    from: WorkspaceId,
    to: WorkspaceId,
) -> Result<(), StoreError> {
    tx.run(MOVE_ALL, args![person, from, to]).await?;
    Ok(())
}

/// Somebody's sessions that have not ended, the last used first.
///
/// # Errors
/// When the database fails.
pub async fn of_person(tx: &mut Tx, person: PersonId, now: Timestamp) -> Result<Vec<Line>, StoreError> {
    tx.all(OF_PERSON, args![person, now]).await
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, digest: &str) -> Result<(), StoreError> {
    tx.run(DELETE, args![digest]).await?;
    Ok(())
}

/// Ends all of somebody's sessions but one (none has the digest `""`). Says how many.
///
/// # Errors
/// When the database fails.
pub async fn delete_others(tx: &mut Tx, person: PersonId, but: &str) -> Result<u64, StoreError> {
    tx.run(DELETE_OTHERS, args![person, but]).await
}

/// Forgets sessions that have ended by themselves.
///
/// # Errors
/// When the database fails.
pub async fn delete_expired(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    tx.run(DELETE_EXPIRED, args![now]).await
}
