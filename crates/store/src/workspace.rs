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
    CONTENTS = "SELECT (SELECT COUNT(*) FROM membership WHERE workspace_id = $1) AS people,
                       (SELECT COUNT(*) FROM account WHERE workspace_id = $1) AS accounts,
                       (SELECT COUNT(*) FROM contact WHERE workspace_id = $1) AS contacts,
                       (SELECT COUNT(*) FROM handoff WHERE workspace_id = $1) AS handoffs,
                       (SELECT COUNT(*) FROM onboarding WHERE workspace_id = $1) AS onboardings,
                       (SELECT COUNT(*) FROM programme_version WHERE workspace_id = $1) AS versions,
                       (SELECT COUNT(*) FROM api_token WHERE workspace_id = $1) AS tokens";
    /// Every table with a workspace is tied to it by foreign keys that delete along; a test looks at each of them.
    REMOVE = "DELETE FROM workspace WHERE id = $1";
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

/// How much there is in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Contents {
    /// People who belong to it.
    pub people: i64,
    /// Accounts.
    pub accounts: i64,
    /// Contacts.
    pub contacts: i64,
    /// Handoffs.
    pub handoffs: i64,
    /// Onboardings, with their packages.
    pub onboardings: i64,
    /// Versions of programmes that were published in it.
    pub versions: i64,
    /// API tokens.
    pub tokens: i64,
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

/// The same for every workspace there is, and which those are once nobody else passes: what is decided by comparing
/// them still holds when it is written.
///
/// # Errors
/// When the database fails.
pub async fn lock_all(tx: &mut Tx) -> Result<Vec<Workspace>, StoreError> {
    // Always in one order, so that no two who wait do so for each other.
    for known in all(tx).await? {
        lock(tx, known.id).await?;
    }
    all(tx).await
}

/// How much there is in a workspace.
///
/// # Errors
/// When the database fails.
pub async fn contents(tx: &mut Tx, id: WorkspaceId) -> Result<Option<Contents>, StoreError> {
    tx.optional(CONTENTS, args![id]).await
}

/// Removes a workspace with every row in it. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn remove(tx: &mut Tx, id: WorkspaceId) -> Result<bool, StoreError> {
    Ok(tx.run(REMOVE, args![id]).await? == 1)
}
