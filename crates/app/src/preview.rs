//! What would become of a deal, without keeping anything.

use gangway_domain::deal::DealFormat;
use gangway_domain::package::{BuildOptions, Package};
use gangway_domain::permission::Action;
use gangway_store::workspace;

use crate::error::AppError;
use crate::onboarding::GenerateOptions;
use crate::plan::{self, PlanError};
use crate::{Actor, App, calculate};

/// Reads a deal and plans its onboarding; nothing is written.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Refused`] when the text cannot be read as a deal,
/// [`AppError::Build`] when no package can be made; or when the database fails.
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
    let GenerateOptions { kickoff_on, segment } = options;
    let options = BuildOptions { as_of: app.today(), kickoff_on, segment, vendor, vendor_country: None };
    let methodology = app.methodology.clone();
    let planned = calculate(move || plan::plan(&methodology, &text, format, &options)).await?;
    planned.map_err(|error| match error {
        PlanError::Intake(error) => AppError::Refused(error),
        PlanError::Build(error) => AppError::Build(error),
    })
}
