//! The onboarding package: everything a careful consultant would prepare from a won deal.
//!
//! [`Package`] is the published schema of `package.json`; every document is a rendering of it.

mod model;

pub use model::*;
