//! What the readers understand, from the outside.

mod acme;
mod bad_input;
mod formats;
mod properties;
mod spellings;
mod support;
