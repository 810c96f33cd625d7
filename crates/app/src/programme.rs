//! Programmes in force.

use gangway_domain::permission::Action;
use gangway_domain::programme::Programme;

use crate::error::AppError;
use crate::{Actor, App};

/// The programmes new onboardings are made from, in order of their files.
///
/// # Errors
/// [`AppError::Forbidden`].
pub fn list<'a>(app: &'a App, actor: &Actor) -> Result<impl Iterator<Item = &'a Programme>, AppError> {
    actor.require(Action::Look)?;
    Ok(app.methodology.programmes.values())
}

/// One programme.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub fn get<'a>(app: &'a App, actor: &Actor, id: &str) -> Result<&'a Programme, AppError> {
    actor.require(Action::Look)?;
    let short: String = id.chars().take(60).collect();
    app.methodology.programmes.get(id).ok_or_else(|| AppError::missing("programme", short))
}
