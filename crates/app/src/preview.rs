//! What would become of a deal, without keeping anything.

use gangway_domain::deal::DealFormat;
use gangway_domain::package::Package;
use gangway_domain::permission::Action;
use gangway_store::workspace;

use crate::boxed;
use crate::error::AppError;
use crate::onboarding::{self, GenerateOptions};
use crate::{Actor, App, handoff};

/// Reads a deal and plans its onboarding; nothing is written.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Refused`] when the text cannot be read as a deal,
/// [`AppError::Build`] when no package can be made; or when the database fails.
#[boxed]
pub async fn preview(
    app: &App,
    actor: &Actor,
    text: Vec<u8>,
    format: Option<DealFormat>,
    options: GenerateOptions,
) -> Result<Package, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let vendor = workspace::get(&mut tx, actor.workspace).await?.map(|place| place.name).unwrap_or_default();
    drop(tx);
    let reading = handoff::read(app, text, format).await?;
    onboarding::build(app, actor, reading, vendor, options).await
}
