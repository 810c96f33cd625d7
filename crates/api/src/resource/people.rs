//! The customer's people in running onboardings: stakeholders and their relations, talks, the loss of a champion,
//! resistance, communication, who does what.

use gangway_domain::ids::ContactId;

use crate::input::Names;
use crate::problem::Problem;

pub(crate) mod communication;
pub(crate) mod loss;
pub(crate) mod matrix;
pub(crate) mod relation;
pub(crate) mod resistance;
pub(crate) mod stakeholder;
pub(crate) mod standing;
pub(crate) mod touch;

/// The contact an address names behind its onboarding.
fn contact(names: &Names) -> Result<ContactId, Problem> {
    names.text(1).parse().map_err(|_| Problem::missing("stakeholder", names.text(1)))
}

/// The contact a field names.
fn named(field: &'static str, text: &str) -> Result<ContactId, Problem> {
    text.parse::<ContactId>().map_err(|error| Problem::field(field, format!("is not usable: {error}")))
}
