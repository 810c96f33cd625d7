//! Messages as they come in, and the log they are kept in.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod contract;
mod embedded;
mod hostile;
mod killed;
mod messages;
mod refused;
mod support;
