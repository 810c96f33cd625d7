//! Filters of the portfolio under a name. Everybody keeps their own; who may share views shares them with
//! the whole workspace.

use gangway_domain::ids::{PersonId, ViewId};
use gangway_domain::permission::Action;
use gangway_store::saved_view::{self, View};

use crate::activity;
use crate::error::{AppError, Problem};
use crate::identity::{checked_name, none_of};
use crate::{Actor, App};

/// Views one person can keep.
const MOST: usize = 50;

/// Longest filter.
const LONGEST: usize = 1000;

/// What a view is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Name.
    pub name: String,
    /// What stands behind the `?` of the address.
    pub query: String,
    /// Everybody of the workspace sees it.
    pub shared: bool,
}

/// The views the actor sees: their own, then those that are shared.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<View>, AppError> {
    actor.require(Action::Look)?;
    let Some(person) = actor.person else { return Ok(Vec::new()) };
    let mut tx = app.db.read().await?;
    Ok(saved_view::seen_by(&mut tx, actor.workspace, person).await?)
}

/// Keeps a filter under a name.
///
/// # Errors
/// [`AppError::Forbidden`] to share it without permission, [`AppError::Invalid`]; or when the database fails.
pub async fn keep(app: &App, actor: &Actor, draft: Draft) -> Result<ViewId, AppError> {
    let person = somebody(actor)?;
    if draft.shared {
        actor.require(Action::ShareViews)?;
    }
    let mut tx = app.db.write().await?;
    let known = saved_view::seen_by(&mut tx, actor.workspace, person).await?;
    let own: Vec<View> = known.into_iter().filter(|view| view.person == person).collect();
    let Draft { name, query, shared } = checked(draft, &own, None)?;
    if own.len() >= MOST {
        return Err(AppError::Invalid(vec![Problem::new(
            "name",
            format!("would be one of more than {MOST}"),
        )]));
    }
    let id = ViewId::fresh(&*app.ids);
    let person_name = actor.name.clone();
    let view = View { id, person, person_name, name, query, shared, is_default: false };
    saved_view::insert(&mut tx, actor.workspace, &view, app.now()).await?;
    if shared {
        let summary = format!("Shared the view {}", view.name);
        activity::audit(app, &mut tx, actor, "view.shared", summary).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Changes name, filter and reach of a view: one's own, or a shared one by whoever may share.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
pub async fn change(app: &App, actor: &Actor, id: ViewId, draft: Draft) -> Result<(), AppError> {
    let person = somebody(actor)?;
    let mut tx = app.db.write().await?;
    let known = saved_view::seen_by(&mut tx, actor.workspace, person).await?;
    let view = known.iter().find(|view| view.id == id).cloned();
    let view = view.ok_or_else(|| AppError::missing("view", id))?;
    if view.shared || draft.shared || view.person != person {
        actor.require(Action::ShareViews)?;
    }
    let own: Vec<View> = known.into_iter().filter(|known| known.person == view.person).collect();
    let Draft { name, query, shared } = checked(draft, &own, Some(id))?;
    let changed = View { name, query, shared, ..view.clone() };
    saved_view::change(&mut tx, actor.workspace, &changed).await?;
    if view.shared || shared {
        let summary = match (view.shared, shared) {
            (true, false) => format!("Stopped sharing the view {}", changed.name),
            (false, true) => format!("Shared the view {}", changed.name),
            _ => format!("Changed the shared view {}", changed.name),
        };
        activity::audit(app, &mut tx, actor, "view.changed", summary).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Forgets a view: one's own, or a shared one by whoever may share.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn forget(app: &App, actor: &Actor, id: ViewId) -> Result<(), AppError> {
    let person = somebody(actor)?;
    let mut tx = app.db.write().await?;
    let known = saved_view::seen_by(&mut tx, actor.workspace, person).await?;
    let view = known.into_iter().find(|view| view.id == id).ok_or_else(|| AppError::missing("view", id))?;
    if view.shared {
        actor.require(Action::ShareViews)?;
    }
    saved_view::delete(&mut tx, actor.workspace, id).await?;
    if view.shared {
        let summary = format!("Deleted the shared view {}", view.name);
        activity::audit(app, &mut tx, actor, "view.deleted", summary).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Says with which view the actor begins; none for everything.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn begin_with(app: &App, actor: &Actor, id: Option<ViewId>) -> Result<(), AppError> {
    let person = somebody(actor)?;
    let mut tx = app.db.write().await?;
    if let Some(id) = id {
        let known = saved_view::seen_by(&mut tx, actor.workspace, person).await?;
        known.iter().find(|view| view.id == id).ok_or_else(|| AppError::missing("view", id))?;
    }
    saved_view::begin_with(&mut tx, actor.workspace, person, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Views belong to people who have signed in.
fn somebody(actor: &Actor) -> Result<PersonId, AppError> {
    actor.require(Action::Look)?;
    actor.person.ok_or(AppError::Forbidden(Action::OwnAccess))
}

fn checked(draft: Draft, own: &[View], id: Option<ViewId>) -> Result<Draft, AppError> {
    let mut problems = Vec::new();
    let name = checked_name("name", &draft.name, &mut problems);
    let taken = |view: &View| Some(view.id) != id && view.name.to_lowercase() == name.to_lowercase();
    if own.iter().any(taken) {
        problems.push(Problem::new("name", "is that of another view"));
    }
    if draft.query.chars().count() > LONGEST {
        problems.push(Problem::new("query", "is too long to be kept"));
    }
    // It becomes part of an address.
    if draft
        .query
        .chars()
        .any(|c| c.is_control() || c.is_whitespace() || matches!(c, '#' | '"' | '<' | '>' | '\\'))
    {
        problems.push(Problem::new("query", "has a character that cannot stand in an address: encode it"));
    }
    none_of(problems)?;
    Ok(Draft { name, ..draft })
}
