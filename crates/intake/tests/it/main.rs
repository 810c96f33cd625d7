//! What the readers understand, from the outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

mod acme;
mod bad_input;
mod formats;
mod hostile;
mod messy;
mod own_handoff;
mod people;
mod periods;
mod properties;
mod spellings;
mod support;
mod unread;
