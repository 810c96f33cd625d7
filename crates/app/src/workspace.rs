//! Workspaces.

use gangway_domain::ids::WorkspaceId;
use gangway_domain::permission::Action;
use gangway_store::workspace::{self, Workspace};
use uuid::Uuid;

use crate::error::AppError;
use crate::{Actor, App};

/// The workspace of an installation that has only one; the same id everywhere, so that every
/// process finds it without asking.
#[must_use]
pub fn default_id() -> WorkspaceId {
    WorkspaceId::from_uuid(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001))
}

/// Makes the default workspace unless it exists; a name it has already stays.
///
/// # Errors
/// When the database fails.
pub async fn ensure_default(app: &App, name: &str) -> Result<Workspace, AppError> {
    let row = Workspace { id: default_id(), name: name.to_owned(), created_at: app.now() };
    let mut tx = app.db.write().await?;
    workspace::insert(&mut tx, &row).await?;
    let kept = workspace::get(&mut tx, row.id).await?;
    tx.commit().await?;
    kept.ok_or_else(|| AppError::missing("workspace", row.id))
}

/// The actor's workspace.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
pub async fn get(app: &App, actor: &Actor) -> Result<Workspace, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let found = workspace::get(&mut tx, actor.workspace).await?;
    found.ok_or_else(|| AppError::missing("workspace", actor.workspace))
}
