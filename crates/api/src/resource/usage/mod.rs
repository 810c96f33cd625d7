//! Usage of the product: where events come from, what counts as a feature, who is who, what was seen.

pub(crate) mod activation;
pub(crate) mod customer;
pub(crate) mod expected;
pub(crate) mod export;
pub(crate) mod feature;
pub(crate) mod import;
pub(crate) mod message;
pub(crate) mod seen;
pub(crate) mod source;

use super::instant;
