//! What the readers understand, from the outside.

mod acme;
mod support;
