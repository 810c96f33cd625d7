//! What is to be done in a task, in plain text. It is the team's own: customers do not see it.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, TaskId};
use gangway_domain::permission::Action;
use gangway_domain::refusal::{Fault, Told};
use gangway_store::work::description::{self as rows, Description};

use super::{invalid, record, subject};
use crate::boxed;
use crate::error::AppError;
use crate::register::not_over;
use crate::{Actor, App, version};

/// Longest description, in characters.
pub const LONGEST_DESCRIPTION: usize = 4_000;

/// Says what is to be done in a task, in place of the version that was `seen`: 0 where nobody has said. An empty text takes
/// away what was said.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when it is longer than 4,000 characters,
/// [`AppError::Barred`] when the onboarding is over, [`AppError::Stale`]; or when the database fails.
#[boxed]
pub async fn describe(
    app: &App,
    actor: &Actor,
    task: TaskId,
    seen: i64,
    text: &str,
) -> Result<Description, AppError> {
    actor.require(Action::RunOnboarding)?;
    // Browsers end lines in two characters, which count as one.
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > LONGEST_DESCRIPTION {
        return Err(invalid("description", Told::from(Fault::TooLong).with("n", LONGEST_DESCRIPTION)));
    }
    let mut tx = app.db.write().await?;
    let subject = subject(&mut tx, actor, &task.to_string()).await?;
    not_over(&subject.head)?;
    let known = rows::of_task(&mut tx, actor.workspace, task).await?;
    let before = known.as_ref().map_or(0, |known| known.version);
    version::fresh(WHAT, before, seen)?;
    let is_same = known.as_ref().map_or(text.is_empty(), |known| known.text == text);
    let said = Description { text, by: actor.name.clone(), at: app.now(), version: before };
    if is_same {
        return Ok(known.unwrap_or(said));
    }
    let place = (subject.head.id, task);
    let done = rows::keep(&mut tx, actor.workspace, place, &said).await?;
    let version = version::after(WHAT, before, done)?;
    let summary = if said.text.is_empty() {
        format!("Took away what is to be done in “{}”", subject.name)
    } else {
        format!("Said what is to be done in “{}”", subject.name)
    };
    record(app, &mut tx, actor, &subject, "work.described", summary).await?;
    tx.commit().await?;
    Ok(Description { version, ..said })
}

/// What is called stale.
const WHAT: &str = "description of the task";

/// What is to be done in the tasks of an onboarding, where somebody has said.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn descriptions(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
) -> Result<BTreeMap<TaskId, String>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(rows::of_onboarding(&mut tx, actor.workspace, id).await?)
}
