//! The checklists of tasks.

use gangway_domain::ids::{CheckId, TaskId};
use gangway_domain::permission::Action;
use gangway_store::work::checklist::{self as rows, Item};

use super::{about, check, record, subject};
use crate::activity;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App};

/// Most lines of a checklist.
const MOST_ITEMS: usize = 100;
/// Longest line of a checklist, in characters.
const LONGEST_ITEM: usize = 300;

/// Adds a line to the checklist of a task.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn add_check(app: &App, actor: &Actor, task: TaskId, said: &str) -> Result<Item, AppError> {
    actor.require(Action::RunOnboarding)?;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    check("said", said.chars().count(), LONGEST_ITEM)?;
    let mut tx = app.db.write().await?;
    let subject = subject(&mut tx, actor, &task.to_string()).await?;
    if rows::of_task(&mut tx, actor.workspace, task).await?.len() >= MOST_ITEMS {
        let problem = Problem::new("said", format!("is one line too many: {MOST_ITEMS} at most"));
        return Err(AppError::Invalid(vec![problem]));
    }
    let item = Item {
        id: CheckId::fresh(&*app.ids),
        onboarding: subject.head.id,
        task,
        said,
        done_by: None,
        done_at: None,
    };
    rows::insert(&mut tx, actor.workspace, &item).await?;
    let summary = format!("Added to the checklist of “{}”: {}", subject.name, item.said);
    record(app, &mut tx, actor, &subject, "work.checklist_changed", summary).await?;
    tx.commit().await?;
    Ok(item)
}

/// Ticks a line of a checklist, or takes the tick away.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn tick(app: &App, actor: &Actor, id: CheckId, done: bool) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let item = rows::get(&mut tx, actor.workspace, id).await?;
    let item = item.ok_or_else(|| AppError::missing("line of a checklist", id))?;
    let ticked = done.then(|| (actor.name.clone(), app.now()));
    rows::tick(&mut tx, actor.workspace, id, ticked).await?;
    let about = about(&mut tx, actor, item.onboarding).await?;
    let summary =
        if done { format!("Ticked: {}", item.said) } else { format!("Took the tick away: {}", item.said) };
    activity::record(app, &mut tx, actor, "work.checklist_changed", about, summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a line out of a checklist; gives what it said.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn remove_check(app: &App, actor: &Actor, id: CheckId) -> Result<Item, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let item = rows::get(&mut tx, actor.workspace, id).await?;
    let item = item.ok_or_else(|| AppError::missing("line of a checklist", id))?;
    rows::remove(&mut tx, actor.workspace, id).await?;
    let about = about(&mut tx, actor, item.onboarding).await?;
    let summary = format!("Took out of a checklist: {}", item.said);
    activity::record(app, &mut tx, actor, "work.checklist_changed", about, summary).await?;
    tx.commit().await?;
    Ok(item)
}
