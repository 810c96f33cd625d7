//! The plan engine: tasks with durations, links with lag, calendars of several parties, and what
//! follows from them: early and late dates, slack, the critical path, feasibility of a target.
//!
//! [`PlanSpec`] is the published plan schema; [`schedule`] is the engine. See `domain.md`,
//! "Scheduling", and any text on the critical path method.

mod model;

pub use model::*;

/// Why a plan cannot be scheduled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot be scheduled")]
pub struct PlanError;

/// Schedules a plan.
///
/// # Errors
/// When the plan is not valid.
pub fn schedule(_spec: &PlanSpec) -> Result<Schedule, PlanError> {
    Err(PlanError)
}
