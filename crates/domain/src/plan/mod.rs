//! The plan engine: tasks with durations, links with lag, calendars of several parties, and what
//! follows from them: early and late dates, slack, the critical path, feasibility of a target.
//!
//! [`PlanSpec`] is the published plan schema; [`schedule`] is the engine. See `domain.md`,
//! "Scheduling", and any text on the critical path method.

mod model;

pub use model::*;
