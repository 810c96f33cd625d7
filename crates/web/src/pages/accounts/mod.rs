//! Accounts: the customers, what belongs to them, and merging two that are one.

pub(crate) mod account;
pub(crate) mod inputs;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod usage;

use gangway_app::AppError;
use gangway_domain::ids::AccountId;

use crate::Web;
use crate::extract::named;

/// The account an address names.
fn read_id(id: &str) -> Result<AccountId, AppError> {
    named("account", id)
}

/// A country as people call it; its code where the methodology has no calendar of it.
fn country(web: &Web, code: &str) -> String {
    web.app.methodology.country(code).unwrap_or_else(|| code.to_owned())
}
