//! Memberships: who belongs to which workspace, and as what.

use gangway_domain::ids::{PersonId, WorkspaceId};
use gangway_domain::permission::Role;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "membership";
    INSERT = "INSERT INTO membership (workspace_id, person_id, role, created_at) VALUES ($1, $2, $3, $4)";
    GET = "SELECT m.person_id, p.name, p.email, m.role, m.created_at, m.version
           FROM membership m JOIN person p ON p.id = m.person_id
           WHERE m.workspace_id = $1 AND m.person_id = $2";
    OF_WORKSPACE = "SELECT m.person_id, p.name, p.email, m.role, m.created_at, m.version
                    FROM membership m JOIN person p ON p.id = m.person_id
                    WHERE m.workspace_id = $1 ORDER BY LOWER(p.name), m.person_id";
    OF_PERSON = "SELECT m.workspace_id, w.name, m.role FROM membership m JOIN workspace w ON w.id = m.workspace_id
                 WHERE m.person_id = $1 ORDER BY m.created_at, m.workspace_id";
    SET_ROLE = "UPDATE membership SET role = $3, version = version + 1
                WHERE workspace_id = $1 AND person_id = $2 AND version = $4";
    DELETE = "DELETE FROM membership WHERE workspace_id = $1 AND person_id = $2";
}

/// Somebody in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Member {
    /// Who.
    #[sqlx(try_from = "uuid::Uuid", rename = "person_id")]
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// As what.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
    /// Counts changes of their role, from 1.
    pub version: i64,
}

/// A workspace somebody belongs to.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Place {
    /// Which.
    #[sqlx(try_from = "uuid::Uuid", rename = "workspace_id")]
    pub workspace: WorkspaceId,
    /// Its name.
    pub name: String,
    /// As what.
    #[sqlx(try_from = "String")]
    pub role: Role,
}

/// Lets somebody in.
///
/// # Errors
/// [`StoreError::Conflict`] when they are in already; or when the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    role: Role,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(INSERT, args![workspace, person, role, at]).await?;
    Ok(())
}

/// One of the workspace's people.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
) -> Result<Option<Member>, StoreError> {
    tx.optional(GET, args![workspace, person]).await
}

/// The workspace's people, by name.
///
/// # Errors
/// When the database fails.
pub async fn of_workspace(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Member>, StoreError> {
    tx.all(OF_WORKSPACE, args![workspace]).await
}

/// The workspaces somebody belongs to, the oldest membership first.
///
/// # Errors
/// When the database fails.
pub async fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<Place>, StoreError> {
    tx.all(OF_PERSON, args![person]).await
}

/// Changes a role that is still the version `seen`. False when somebody else was faster, or they are not in.
///
/// # Errors
/// When the database fails.
pub async fn set_role(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    role: Role,
    seen: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(SET_ROLE, args![workspace, person, role, seen]).await? == 1)
}

/// Shows somebody out; their sessions and API tokens there go with them. False when they were not in.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, person: PersonId) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, person]).await? == 1)
}
