//! Contacts: the customers' people.

pub(crate) mod contact;
pub(crate) mod list;
pub(crate) mod merge;

use gangway_app::AppError;
use gangway_domain::ids::ContactId;

use crate::extract::named;

/// The contact an address names.
fn read_id(id: &str) -> Result<ContactId, AppError> {
    named("contact", id)
}
