//! What waits for a guest, from every part of the product.

use gangway_domain::portal::{Resource, Right};
use gangway_store::Tx;
use gangway_store::onboarding::head;
use jiff::civil::Date;
use serde::Serialize;

use super::work::Theirs;
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App, Guest};

/// Something that waits for a guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PortalTodo {
    /// Of what kind: `task`, `approval`, `outcome`, `training`, `form`, `survey`.
    pub kind: &'static str,
    /// What it is.
    pub title: String,
    /// Where it is done, from `/portal` on.
    pub href: String,
    /// By when.
    pub due: Option<Date>,
    /// That day has passed.
    pub overdue: bool,
}

/// What waits for a guest, the most urgent first.
///
/// # Errors
/// [`AppError::NotForGuest`]; or when the database fails.
#[boxed]
pub async fn todo(app: &App, actor: &Actor) -> Result<Vec<PortalTodo>, AppError> {
    let guest = actor.require_guest(Resource::Overview, Right::See)?;
    let mut tx = app.db.read().await?;
    todo_in(app, &mut tx, guest, app.today()).await
}

/// The same in a transaction.
pub(crate) async fn todo_in(
    app: &App,
    tx: &mut Tx,
    guest: &Guest,
    today: Date,
) -> Result<Vec<PortalTodo>, AppError> {
    let reads_plan = guest.may(Resource::OwnTask, Right::See) || guest.may(Resource::Approval, Right::Do);
    let theirs = if reads_plan { Theirs::told(app, tx, guest).await? } else { None };
    todo_of(app, tx, guest, theirs.as_ref(), today).await
}

/// The same with the plan in the language of the guest, which was read already: each part of the product says what it
/// waits for.
pub(super) async fn todo_of(
    app: &App,
    tx: &mut Tx,
    guest: &Guest,
    theirs: Option<&Theirs>,
    today: Date,
) -> Result<Vec<PortalTodo>, AppError> {
    let mut all: Vec<PortalTodo> = Vec::new();
    let head = head::get(tx, guest.workspace, guest.onboarding).await?;
    // Once it is over, all that is asked is how it was.
    if head.is_some_and(|head| !head.state.is_over()) {
        all.extend(theirs.map(|theirs| super::work::todo_of(theirs, guest, today)).unwrap_or_default());
        all.extend(super::change::todo_for(app, tx, guest).await?);
        all.extend(crate::outcome::todo_for(tx, guest, today).await?);
        let awaited = theirs.and_then(Theirs::awaited_go_live);
        all.extend(crate::launch::todo_for(app, tx, guest, awaited, today).await?);
        all.extend(crate::form::todo_for(tx, guest, today).await?);
        all.extend(crate::training::todo_for(app, tx, guest, today).await?);
    }
    all.extend(crate::survey::todo_for(tx, guest, today).await?);
    // Titles of the methodology are known in other languages; what people wrote stays as it is.
    for item in &mut all {
        item.title = match item.kind {
            "training" => app.methodology.say_session(guest.language, &item.title),
            _ => app.methodology.say(guest.language, &item.title).to_owned(),
        };
    }
    all.sort_by_key(|item| (!item.overdue, item.due.unwrap_or(Date::MAX), item.title.clone()));
    Ok(all)
}
