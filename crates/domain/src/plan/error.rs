//! Why a plan cannot be scheduled.

use jiff::civil::Date;

use super::Point;
use crate::calendar::CalendarError;

/// Why a plan cannot be scheduled at all. A target or constraint that is merely missed is not an
/// error: it is reported in the schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// `schema` names another format.
    #[error("unknown plan schema `{0}`: this engine reads `gangway.plan/1`")]
    UnknownSchema(String),
    /// The plan is larger than the engine accepts.
    #[error("the plan has {count} {what}; at most {limit} are accepted")]
    TooLarge {
        /// `tasks`, `links` or `calendars`.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many are accepted.
        limit: usize,
    },
    /// A task has no id.
    #[error("task number {position} has an empty id")]
    EmptyId {
        /// Position in the plan, from 1.
        position: usize,
    },
    /// Two tasks have the same id.
    #[error("the task id `{0}` is used more than once")]
    DuplicateTask(String),
    /// Two calendars have the same id.
    #[error("the calendar id `{0}` is used more than once")]
    DuplicateCalendar(String),
    /// A link or the target names a task that is not in the plan.
    #[error("{by} names the task `{task}`, which is not in the plan")]
    UnknownTask {
        /// The unknown id.
        task: String,
        /// Who names it, e.g. `the link a → b`.
        by: String,
    },
    /// A task names a calendar that is not in the plan.
    #[error("task `{task}` uses the calendar `{calendar}`, which is not in the plan")]
    UnknownCalendar {
        /// The task.
        task: String,
        /// The unknown id.
        calendar: String,
    },
    /// A task depends on itself.
    #[error("task `{0}` is linked to itself")]
    SelfLink(String),
    /// Tasks depend on each other in a circle.
    #[error("these tasks wait for each other in a circle: {}; remove one of the links", explain_cycle(.0))]
    Cycle(
        /// Ids in the order of the links; the last one links back to the first.
        Vec<String>,
    ),
    /// A business plan has no start.
    #[error("a business plan needs a `start` date")]
    MissingStart,
    /// A continuous plan has something that needs dates.
    #[error("a continuous plan counts from 0 and has no dates: remove {0}")]
    NotContinuous(
        /// What to remove, e.g. `start` or `the calendars of task x`.
        String,
    ),
    /// A date stands where a number is needed, or the other way round.
    #[error("{place} is {found}, but this is a {model} plan: use {needed}")]
    WrongPoint {
        /// Where, e.g. `the constraint of task x`.
        place: String,
        /// What stands there.
        found: Point,
        /// `business` or `continuous`.
        model: &'static str,
        /// What is needed.
        needed: &'static str,
    },
    /// A task is fixed to a moment before the plan begins.
    #[error("task `{task}` is fixed to {at}, before the plan's start on {start}: move the start or the task")]
    FixedBeforeStart {
        /// The task.
        task: String,
        /// Where it is fixed.
        at: Point,
        /// The plan's start.
        start: Point,
    },
    /// A duration or lag beyond any real plan.
    #[error("{what} is {days} days; at most {limit} are accepted")]
    TooLong {
        /// Which duration or lag.
        what: String,
        /// Its size.
        days: i64,
        /// The largest accepted.
        limit: i64,
    },
    /// A number beyond the range of a continuous plan.
    #[error("{place} is beyond the range of ±{limit}")]
    BeyondRange {
        /// Where the number stands.
        place: String,
        /// Largest magnitude accepted.
        limit: i64,
    },
    /// A calendar is unusable.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The calendars of a joint task have no working day in common.
    #[error("task `{task}`: {source}")]
    NoCommonDay {
        /// The task.
        task: String,
        /// Which calendars.
        source: CalendarError,
    },
    /// A period to avoid ends before it begins.
    #[error("task `{task}`: the period to avoid from {from} ends earlier, on {to}")]
    AvoidBackwards {
        /// The task.
        task: String,
        /// First day of the period.
        from: Date,
        /// Last day of the period.
        to: Date,
    },
    /// What a task avoids leaves it no day at all.
    #[error("task `{0}` finds no day it is allowed on: relax the days it avoids, or its calendars")]
    NeverAllowed(String),
    /// A date left the calendar's range.
    #[error("the dates of task `{0}` fall outside the years -9999 to 9999")]
    OutOfRange(String),
}

/// Writes a cycle the way people read it: `a → b → c → a`. Long cycles are cut in the middle.
#[must_use]
pub fn explain_cycle(tasks: &[String]) -> String {
    const SHOWN: usize = 12;
    let closed = tasks.iter().chain(tasks.first()).map(String::as_str);
    if tasks.len() <= SHOWN {
        return closed.collect::<Vec<_>>().join(" → ");
    }
    let head = tasks.iter().take(SHOWN - 2).map(String::as_str).collect::<Vec<_>>().join(" → ");
    let tail = closed.skip(tasks.len() - 1).collect::<Vec<_>>().join(" → ");
    format!("{head} → … {} more … → {tail}", tasks.len() - SHOWN + 1)
}

impl std::fmt::Display for Point {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unit(unit) => write!(f, "{unit}"),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}
