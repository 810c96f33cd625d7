//! The ways in: first set-up, signing in, the identity provider, forgotten passwords, invitations.

pub(crate) mod join;
pub(crate) mod provider;
pub(crate) mod reset;
pub(crate) mod setup;
pub(crate) mod sign_in;
