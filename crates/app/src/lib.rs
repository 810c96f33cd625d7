//! Use cases every door calls: authorise, validate, one transaction, activity and outbox.

pub mod package;
pub mod plan;
