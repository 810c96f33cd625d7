//! Workspaces.

use gangway_domain::ids::{PersonId, WorkspaceId};
use gangway_domain::permission::{Action, Role};
use gangway_store::workspace::{self, Workspace};
use gangway_store::{Tx, membership, person, session};
use uuid::Uuid;

use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_name, none_of};
use crate::{Actor, App, version};

pub use gangway_store::workspace::Contents;

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
#[boxed]
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
#[boxed]
pub async fn get(app: &App, actor: &Actor) -> Result<Workspace, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let found = workspace::get(&mut tx, actor.workspace).await?;
    found.ok_or_else(|| AppError::missing("workspace", actor.workspace))
}

/// Every workspace of the installation, the oldest first. Asks for no permission: for whoever has a shell on the machine,
/// and for counting them.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn all(app: &App) -> Result<Vec<Workspace>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(workspace::all(&mut tx).await?)
}

/// The version of a workspace: nothing counts its changes, so it is made of its name.
#[must_use]
pub fn version_of(workspace: &Workspace) -> i64 {
    version::of_words(&[&workspace.name])
}

/// Gives the actor's workspace another name, and says what it is then: documents made from now on carry it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn rename(app: &App, actor: &Actor, name: &str) -> Result<Workspace, AppError> {
    rename_seen(app, actor, name, None).await
}

/// The same for whoever says which version they have seen.
///
/// # Errors
/// As [`rename`]; [`AppError::Stale`] when it is called otherwise by now.
#[boxed]
pub async fn rename_seen(
    app: &App,
    actor: &Actor,
    name: &str,
    seen: Option<i64>,
) -> Result<Workspace, AppError> {
    actor.require(Action::ManageWorkspace)?;
    let name = checked(name)?;
    let mut tx = app.db.write().await?;
    let all = workspace::lock_all(&mut tx).await?;
    let known = own(&all, actor)?;
    if let Some(seen) = seen {
        version::fresh("workspace", version_of(known), seen)?;
    }
    if known.name == name {
        return Ok(known.clone());
    }
    is_free(&name, all.iter().filter(|known| known.id != actor.workspace))?;
    workspace::rename(&mut tx, actor.workspace, &name).await?;
    let summary = format!("Renamed the workspace {name}, before {}", known.name);
    activity::record(app, &mut tx, actor, "workspace.renamed", About::default(), summary).await?;
    tx.commit().await?;
    Ok(Workspace { name, ..known.clone() })
}

/// Makes another workspace, empty and apart from all others, with the actor as its admin.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
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
#[boxed]
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
    is_free(&name, &workspace::lock_all(tx).await?)?;
    let id = WorkspaceId::fresh(&*app.ids);
    let summary = format!("Made the workspace {name}");
    workspace::insert(tx, &Workspace { id, name, created_at: app.now() }).await?;
    membership::insert(tx, id, admin, Role::Admin, app.now()).await?;
    let there = match actor.person {
        Some(person) => Actor::person(person, &actor.name, Role::Admin, id, actor.door),
        None => Actor::system(&actor.name, id, actor.door),
    };
    activity::audit(app, tx, &there, "workspace.made", summary).await?;
    crate::digest::plan(app, tx, id).await?;
    crate::survey::plan_rounds(app, tx, id).await?;
    Ok(id)
}

/// How much would be gone with the actor's workspace.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn contents(app: &App, actor: &Actor) -> Result<Contents, AppError> {
    actor.require(Action::ManageWorkspace)?;
    let mut tx = app.db.read().await?;
    let found = workspace::contents(&mut tx, actor.workspace).await?;
    found.ok_or_else(|| AppError::missing("workspace", actor.workspace))
}

/// Removes the actor's workspace with everything in it; `typed` is its name, as whoever wants that has typed it.
/// Sessions in it go on in another workspace of their person, the first they joined; without one they end. Says
/// whether the actor is anywhere still.
///
/// Its audit trail is gone with it: the log of the server keeps who removed it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when the name is another one or the
/// installation has no other workspace; or when the database fails.
#[boxed]
pub async fn remove(app: &App, actor: &Actor, typed: &str) -> Result<bool, AppError> {
    actor.require(Action::ManageWorkspace)?;
    let mut tx = app.db.write().await?;
    let all = workspace::lock_all(&mut tx).await?;
    let name = &own(&all, actor)?.name;
    let problem = if all.len() == 1 {
        Some("is that of the only workspace here: make another one first")
    } else if typed.split_whitespace().eq(name.split_whitespace()) {
        None
    } else {
        Some("is another one: type it as it stands above")
    };
    none_of(problem.map(|problem| Problem::new("confirmation", problem)).into_iter().collect())?;
    let mut goes_on = false;
    for member in membership::of_workspace(&mut tx, actor.workspace).await? {
        let places = membership::of_person(&mut tx, member.person).await?;
        let Some(next) = places.iter().find(|place| place.workspace != actor.workspace) else { continue };
        session::move_all(&mut tx, member.person, actor.workspace, next.workspace).await?;
        goes_on |= actor.person == Some(member.person);
    }
    workspace::remove(&mut tx, actor.workspace).await?;
    tx.commit().await?;
    tracing::warn!(
        workspace = %actor.workspace,
        called = %name,
        by = %actor.name,
        "a workspace was removed with everything in it"
    );
    Ok(goes_on)
}

/// The actor's workspace among all.
fn own<'a>(all: &'a [Workspace], actor: &Actor) -> Result<&'a Workspace, AppError> {
    let own = all.iter().find(|known| known.id == actor.workspace);
    own.ok_or_else(|| AppError::missing("workspace", actor.workspace))
}

/// Refuses a name that one of these has: nobody could tell them apart.
fn is_free<'a>(name: &str, others: impl IntoIterator<Item = &'a Workspace>) -> Result<(), AppError> {
    let key = name.to_lowercase();
    if others.into_iter().any(|known| known.name.to_lowercase() == key) {
        let problem = "is that of another workspace here: choose one that tells them apart";
        return Err(AppError::Invalid(vec![Problem::new("workspace", problem)]));
    }
    Ok(())
}

fn checked(name: &str) -> Result<String, AppError> {
    let mut problems = Vec::new();
    let name = checked_name("workspace", name, &mut problems);
    none_of(problems)?;
    Ok(name)
}
