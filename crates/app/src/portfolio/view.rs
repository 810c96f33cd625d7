//! Filters of the portfolio under a name. Everybody keeps their own; who may share views shares them with
//! the whole workspace.

use gangway_domain::ids::{PersonId, ViewId};
use gangway_domain::permission::Action;
use gangway_store::saved_view::{self, View};

use crate::activity;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_name, none_of};
use crate::mark::mark as mark_of;
use crate::{Actor, App, version};

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
#[boxed]
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<View>, AppError> {
    actor.require(Action::Look)?;
    let Some(person) = actor.person else { return Ok(Vec::new()) };
    let mut tx = app.db.read().await?;
    Ok(saved_view::seen_by(&mut tx, actor.workspace, person).await?)
}

/// A view the actor sees.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: ViewId) -> Result<View, AppError> {
    let seen = list(app, actor).await?;
    among(&seen, id)
}

/// Says what a view is now, as the actor sees it: whatever is changed of it gives another mark. Never negative.
#[must_use]
pub fn mark(view: &View) -> i64 {
    let View { id: _, person: _, person_name, name, query, shared, is_default } = view;
    let word = |yes: bool| if yes { "yes" } else { "no" };
    mark_of(&[person_name, name, query, word(*shared), word(*is_default)])
}

/// Keeps a filter under a name.
///
/// # Errors
/// [`AppError::Forbidden`] to share it without permission, [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn keep(app: &App, actor: &Actor, draft: Draft) -> Result<View, AppError> {
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
    let person_name = actor.own_name().to_owned();
    let view = View { id, person, person_name, name, query, shared, is_default: false };
    saved_view::insert(&mut tx, actor.workspace, &view, app.now()).await?;
    if shared {
        let summary = format!("Shared the view {}", view.name);
        activity::audit(app, &mut tx, actor, "view.shared", summary).await?;
    }
    tx.commit().await?;
    Ok(view)
}

/// Changes name, filter and reach of a view: one's own, or a shared one by whoever may share. With a mark, only the
/// view that still has it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`] when it has another
/// mark; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: ViewId,
    seen: Option<i64>,
    draft: Draft,
) -> Result<View, AppError> {
    let person = somebody(actor)?;
    let mut tx = app.db.write().await?;
    saved_view::lock(&mut tx, actor.workspace, id).await?;
    let known = saved_view::seen_by(&mut tx, actor.workspace, person).await?;
    let view = among(&known, id)?;
    if view.shared || draft.shared || view.person != person {
        actor.require(Action::ShareViews)?;
    }
    is_as_seen(&view, seen)?;
    let own: Vec<View> = known.into_iter().filter(|known| known.person == view.person).collect();
    let Draft { name, query, shared } = checked(draft, &own, Some(id))?;
    // Nobody begins with a view that is somebody else's and not shared.
    let is_default = view.is_default && (shared || view.person == person);
    let changed = View { name, query, shared, is_default, ..view.clone() };
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
    Ok(changed)
}

/// Forgets a view: one's own, or a shared one by whoever may share. With a mark, only the view that still has it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`] when it has another mark; or when the database
/// fails.
#[boxed]
pub async fn forget(app: &App, actor: &Actor, id: ViewId, seen: Option<i64>) -> Result<(), AppError> {
    let person = somebody(actor)?;
    let mut tx = app.db.write().await?;
    saved_view::lock(&mut tx, actor.workspace, id).await?;
    let known = saved_view::seen_by(&mut tx, actor.workspace, person).await?;
    let view = among(&known, id)?;
    if view.shared {
        actor.require(Action::ShareViews)?;
    }
    is_as_seen(&view, seen)?;
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
#[boxed]
pub async fn begin_with(app: &App, actor: &Actor, id: Option<ViewId>) -> Result<(), AppError> {
    let person = somebody(actor)?;
    let mut tx = app.db.write().await?;
    if let Some(id) = id {
        let known = saved_view::seen_by(&mut tx, actor.workspace, person).await?;
        among(&known, id)?;
    }
    saved_view::begin_with(&mut tx, actor.workspace, person, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Views belong to people who have signed in.
fn somebody(actor: &Actor) -> Result<PersonId, AppError> {
    actor.require(Action::KeepViews)?;
    actor.person.ok_or(AppError::Forbidden(Action::KeepViews))
}

fn among(views: &[View], id: ViewId) -> Result<View, AppError> {
    let view = views.iter().find(|view| view.id == id).cloned();
    view.ok_or_else(|| AppError::missing("view", id))
}

fn is_as_seen(view: &View, seen: Option<i64>) -> Result<(), AppError> {
    seen.map_or(Ok(()), |seen| version::fresh("view", mark(view), seen))
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
