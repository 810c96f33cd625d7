//! Contacts: the customers' people.

pub(crate) mod contact;
pub(crate) mod list;
pub(crate) mod merge;

use gangway_app::AppError;
use gangway_domain::ids::ContactId;

/// The contact an address names.
fn read_id(id: &str) -> Result<ContactId, AppError> {
    id.parse().map_err(|_| AppError::NotFound { what: "contact", id: id.chars().take(60).collect() })
}
