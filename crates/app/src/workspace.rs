//! Workspaces.

use gangway_domain::ids::{PersonId, WorkspaceId};
use gangway_domain::permission::{Action, Role};
use gangway_store::workspace::{self, Workspace};
use gangway_store::{Tx, membership, person};
use uuid::Uuid;

use crate::activity::{self, About};
use crate::error::AppError;
use crate::identity::{checked_name, none_of};
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

/// Every workspace of the installation, the oldest first. For whoever has a shell on the machine.
///
/// # Errors
/// When the database fails.
pub async fn all(app: &App) -> Result<Vec<Workspace>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(workspace::all(&mut tx).await?)
}

/// Gives the actor's workspace another name: documents made from now on carry it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`]; or when the database fails.
pub async fn rename(app: &App, actor: &Actor, name: &str) -> Result<(), AppError> {
    actor.require(Action::ManageWorkspace)?;
    let name = checked(name)?;
    let mut tx = app.db.write().await?;
    let known = workspace::get(&mut tx, actor.workspace).await?;
    let before = known.ok_or_else(|| AppError::missing("workspace", actor.workspace))?.name;
    if before == name {
        return Ok(());
    }
    workspace::rename(&mut tx, actor.workspace, &name).await?;
    let summary = format!("Renamed the workspace {name}, before {before}");
    activity::record(app, &mut tx, actor, "workspace.renamed", About::default(), summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes another workspace, empty and apart from all others, with the actor as its admin.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`]; or when the database fails.
pub async fn add(app: &App, actor: &Actor, name: &str) -> Result<WorkspaceId, AppError> {
    actor.require(Action::ManageWorkspace)?;
    let admin = actor.person.ok_or(AppError::Forbidden(Action::ManageWorkspace))?;
    let name = checked(name)?;
    let mut tx = app.db.write().await?;
    let id = insert(app, &mut tx, actor, name, admin).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same with whoever has this mail address as its admin. For whoever has a shell on the machine.
///
/// # Errors
/// [`AppError::NotFound`] when nobody has this address, [`AppError::Invalid`], [`AppError::Forbidden`]; or when the
/// database fails.
pub async fn add_for(app: &App, actor: &Actor, name: &str, email: &str) -> Result<WorkspaceId, AppError> {
    actor.require(Action::ManageWorkspace)?;
    let name = checked(name)?;
    let mut tx = app.db.write().await?;
    let found = person::by_email(&mut tx, email).await?;
    let admin = found.ok_or_else(|| AppError::missing("person with the address", email))?.id;
    let id = insert(app, &mut tx, actor, name, admin).await?;
    tx.commit().await?;
    Ok(id)
}

async fn insert(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    name: String,
    admin: PersonId,
) -> Result<WorkspaceId, AppError> {
    let id = WorkspaceId::fresh(&*app.ids);
    let summary = format!("Made the workspace {name}");
    workspace::insert(tx, &Workspace { id, name, created_at: app.now() }).await?;
    membership::insert(tx, id, admin, Role::Admin, app.now()).await?;
    let there = match actor.person {
        Some(person) => Actor::person(person, &actor.name, Role::Admin, id, actor.door),
        None => Actor::system(&actor.name, id, actor.door),
    };
    activity::audit(app, tx, &there, "workspace.made", summary).await?;
    Ok(id)
}

fn checked(name: &str) -> Result<String, AppError> {
    let mut problems = Vec::new();
    let name = checked_name("workspace", name, &mut problems);
    none_of(problems)?;
    Ok(name)
}
