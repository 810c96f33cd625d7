//! Replanning that explains itself: a change, the schedule that follows, and every date it moved.
//!
//! There is no incremental pass: the whole plan is scheduled again. For the 2,000 tasks of the largest
//! onboarding that takes a few milliseconds (`benches/reflow.rs`), less than what a page around it
//! costs, and a schedule that depends on nothing but the plan cannot drift from it. So a preview shown
//! while a bar is dragged, the replan when it is dropped, and the plan opened tomorrow always agree.

mod baseline;
mod change;
mod ledger;

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{LiveError, LivePlan, Point, Schedule};
use crate::calendar::day_number;
use crate::programme::Side;
pub use baseline::{Baseline, BaselineDates, Variance};
pub use change::{Change, ChangeError, Orphans};
pub use ledger::{Cause, Entry, Ledger, PartyTotal, Recorded, ledger};

/// What follows from a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Reflow {
    /// The plan with the change.
    pub plan: LivePlan,
    /// Its schedule.
    pub schedule: Schedule,
    /// Tasks whose planned dates moved, in the order of the plan; added and removed ones are not among them.
    pub moved: Vec<Moved>,
    /// Go-live (finish, in a plan without one) before the change.
    pub go_live_before: Date,
    /// Go-live (finish) with it.
    pub go_live: Date,
}

/// A task whose planned dates moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Moved {
    /// The task.
    pub task: String,
    /// Who does it.
    pub owner: Side,
    /// First day before.
    pub start_before: Date,
    /// First day now.
    pub start: Date,
    /// Last day before.
    pub finish_before: Date,
    /// Last day now.
    pub finish: Date,
    /// Calendar days its finish moved; negative when it is earlier.
    pub days: i64,
}

/// Makes a change and schedules the plan with it. Nothing is stored: this is the preview as well as the replan.
///
/// # Errors
/// When the change does not fit the plan, or the plan with it cannot be scheduled.
pub fn reflow(live: &LivePlan, change: &Change) -> Result<Reflow, ChangeError> {
    let before = live.schedule()?;
    reflow_from(live, &before, change)
}

/// The same, when the schedule before the change is known.
///
/// # Errors
/// As [`reflow`].
pub fn reflow_from(live: &LivePlan, before: &Schedule, change: &Change) -> Result<Reflow, ChangeError> {
    let plan = change.apply(live)?;
    let schedule = plan.schedule()?;
    Ok(Reflow {
        moved: moved(&plan, before, &schedule)?,
        go_live_before: go_live(live, before)?,
        go_live: go_live(&plan, &schedule)?,
        plan,
        schedule,
    })
}

/// The day that counts: when the go-live finishes at the earliest, or the plan, when it names none.
fn go_live(live: &LivePlan, schedule: &Schedule) -> Result<Date, LiveError> {
    let named = live.go_live.as_deref().and_then(|id| live.position(id));
    let task = named.and_then(|at| schedule.tasks.get(at));
    date(task.map_or(schedule.finish, |task| task.early_finish))
}

/// A plan being worked has dates only.
fn date(point: Point) -> Result<Date, LiveError> {
    match point {
        Point::Day(day) => Ok(day),
        Point::Unit(_) => Err(LiveError::NotBusiness),
    }
}

/// Compares two schedules. Most changes leave the tasks in their places, so each is looked for there first.
fn moved(live: &LivePlan, before: &Schedule, after: &Schedule) -> Result<Vec<Moved>, LiveError> {
    let mut by_id = None;
    let mut found = Vec::new();
    for (at, task) in after.tasks.iter().enumerate() {
        let same_place = before.tasks.get(at).filter(|old| old.id == task.id);
        let old = same_place.or_else(|| {
            let by_id = by_id.get_or_insert_with(|| {
                let rows = before.tasks.iter().map(|old| (old.id.as_str(), old));
                rows.collect::<std::collections::BTreeMap<_, _>>()
            });
            by_id.get(task.id.as_str()).copied()
        });
        let Some(old) = old.filter(|old| (old.start, old.finish) != (task.start, task.finish)) else {
            continue;
        };
        let (finish_before, finish) = (date(old.finish)?, date(task.finish)?);
        found.push(Moved {
            task: task.id.clone(),
            owner: live.owner(&task.id),
            start_before: date(old.start)?,
            start: date(task.start)?,
            finish_before,
            finish,
            days: day_number(finish) - day_number(finish_before),
        });
    }
    Ok(found)
}
