//! Workspaces: the tenants.

use gangway_domain::ids::WorkspaceId;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "workspace";
    INSERT = "INSERT INTO workspace (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
    GET = "SELECT id, name, created_at FROM workspace WHERE id = $1";
    ALL = "SELECT id, name, created_at FROM workspace ORDER BY created_at, id";
    RENAME = "UPDATE workspace SET name = $2 WHERE id = $1";
    /// Changes nothing: PostgreSQL holds a row that is written until the end of the transaction, and SQLite, whose
    /// grammar has no `FOR UPDATE`, has one writer anyway.
    LOCK = "UPDATE workspace SET name = name WHERE id = $1";
}

/// A tenant: everything of one organisation that runs Gangway.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Workspace {
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: WorkspaceId,
    /// The vendor: whoever runs Gangway, as documents name them.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Adds a workspace; one with the same id stays as it is. Says whether it was added.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: &Workspace) -> Result<bool, StoreError> {
    let Workspace { id, name, created_at } = workspace;
    Ok(tx.run(INSERT, args![*id, name, *created_at]).await? == 1)
}

/// One workspace.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, id: WorkspaceId) -> Result<Option<Workspace>, StoreError> {
    tx.optional(GET, args![id]).await
}

/// Every workspace, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<Workspace>, StoreError> {
    tx.all(ALL, args![]).await
}

/// Gives a workspace another name.
///
/// # Errors
/// When the database fails.
pub async fn rename(tx: &mut Tx, id: WorkspaceId, name: &str) -> Result<(), StoreError> {
    tx.run(RENAME, args![id, name]).await?;
    Ok(())
}

/// Lets nobody else pass here until the transaction ends, so that what is counted across rows of the workspace still
/// holds when it is written. Call it before anything is read: whoever has waited sees what the one before has written.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &mut Tx, id: WorkspaceId) -> Result<(), StoreError> {
    tx.run(LOCK, args![id]).await?;
    Ok(())
}
