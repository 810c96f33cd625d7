//! The first steps of a new workspace. They tick themselves.

use gangway_domain::permission::Action;
use gangway_store::first_run;
pub use gangway_store::first_run::Steps;

use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// How far the actor's workspace has come.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn steps(app: &App, actor: &Actor) -> Result<Steps, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(first_run::steps(&mut tx, actor.workspace).await?)
}
