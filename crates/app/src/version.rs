//! Versions: of two people who change one thing at once, the second is told to look again.

use crate::error::AppError;

/// Lets pass what is still at the version that was `seen`.
pub(crate) fn fresh(what: &'static str, version: i64, seen: i64) -> Result<(), AppError> {
    if version == seen { Ok(()) } else { Err(AppError::Stale { what, version }) }
}

/// The version after `seen`, when what was asked of the database was `done` at that one: else somebody else was faster.
pub(crate) fn after(what: &'static str, seen: i64, done: bool) -> Result<i64, AppError> {
    let version = seen + 1;
    if done { Ok(version) } else { Err(AppError::Stale { what, version }) }
}
