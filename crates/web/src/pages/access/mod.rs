//! The ways in: first set-up, signing in, forgotten passwords, invitations.

pub(crate) mod join;
pub(crate) mod reset;
pub(crate) mod setup;
pub(crate) mod sign_in;
