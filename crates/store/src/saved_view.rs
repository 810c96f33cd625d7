//! Filters of the portfolio under a name: of one person, or shared with the workspace.

use gangway_domain::ids::{PersonId, ViewId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "saved_view";
    INSERT = "INSERT INTO saved_view (workspace_id, id, person_id, name, query, shared, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7)";
    SEEN_BY = "SELECT v.id, v.person_id, p.name AS person, v.name, v.query, v.shared,
                      EXISTS (SELECT 1 FROM default_view d
                              WHERE d.workspace_id = v.workspace_id AND d.view_id = v.id AND d.person_id = $2)
                        AS is_default
               FROM saved_view v LEFT JOIN person p ON p.id = v.person_id
               WHERE v.workspace_id = $1 AND (v.person_id = $2 OR v.shared)
               ORDER BY v.shared, LOWER(v.name), v.id";
    CHANGE = "UPDATE saved_view SET name = $3, query = $4, shared = $5 WHERE workspace_id = $1 AND id = $2";
    /// Changes nothing, see `workspace::LOCK`.
    LOCK = "UPDATE saved_view SET name = name WHERE workspace_id = $1 AND id = $2";
    DELETE = "DELETE FROM saved_view WHERE workspace_id = $1 AND id = $2";
    CLEAR_DEFAULT = "DELETE FROM default_view WHERE workspace_id = $1 AND person_id = $2";
    SET_DEFAULT = "INSERT INTO default_view (workspace_id, person_id, view_id) VALUES ($1, $2, $3)";
    // Whoever began with it begins with everything again, unless it is their own.
    UNSHARE = "DELETE FROM default_view WHERE workspace_id = $1 AND view_id = $2 AND person_id <> $3";
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Id.
    pub id: ViewId,
    /// Whose it is.
    pub person: PersonId,
    /// What they are called.
    pub person_name: String,
    /// Name.
    pub name: String,
    /// What stands behind the `?` of the address.
    pub query: String,
    /// Everybody of the workspace sees it.
    pub shared: bool,
    /// Whoever asked begins with it.
    pub is_default: bool,
}

#[derive(FromRow)]
struct Row {
    #[sqlx(try_from = "Uuid")]
    id: ViewId,
    #[sqlx(try_from = "Uuid")]
    person_id: PersonId,
    person: Option<String>,
    name: String,
    query: String,
    shared: bool,
    is_default: bool,
}

/// Adds a view of `view.person`.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    view: &View,
    at: Timestamp,
) -> Result<(), StoreError> {
    let View { id, person, name, query, shared, .. } = view;
    tx.run(INSERT, args![workspace, *id, *person, name, query, *shared, at]).await?;
    Ok(())
}

/// The views somebody sees: their own, then those that are shared, by name.
///
/// # Errors
/// When the database fails.
pub async fn seen_by(tx: &mut Tx, workspace: WorkspaceId, person: PersonId) -> Result<Vec<View>, StoreError> {
    let rows: Vec<Row> = tx.all(SEEN_BY, args![workspace, person]).await?;
    Ok(rows
        .into_iter()
        .map(|row| View {
            id: row.id,
            person: row.person_id,
            person_name: row.person.unwrap_or_default(),
            name: row.name,
            query: row.query,
            shared: row.shared,
            is_default: row.is_default,
        })
        .collect())
}

/// Lets nobody else change the view until the transaction ends. Call it before the view is read: whoever has waited
/// sees what the one before has written.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &mut Tx, workspace: WorkspaceId, id: ViewId) -> Result<(), StoreError> {
    tx.run(LOCK, args![workspace, id]).await?;
    Ok(())
}

/// Keeps name, query and reach of a view. One that is shared no more is nobody else's first view either.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, view: &View) -> Result<(), StoreError> {
    let View { id, person, name, query, shared, .. } = view;
    tx.run(CHANGE, args![workspace, *id, name, query, *shared]).await?;
    if !shared {
        tx.run(UNSHARE, args![workspace, *id, *person]).await?;
    }
    Ok(())
}

/// Forgets a view.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: ViewId) -> Result<(), StoreError> {
    tx.run(DELETE, args![workspace, id]).await?;
    Ok(())
}

/// Says with which view somebody begins; none for everything.
///
/// # Errors
/// When the database fails.
pub async fn begin_with(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    view: Option<ViewId>,
) -> Result<(), StoreError> {
    tx.run(CLEAR_DEFAULT, args![workspace, person]).await?;
    if let Some(view) = view {
        tx.run(SET_DEFAULT, args![workspace, person, view]).await?;
    }
    Ok(())
}
