//! The plan engine: tasks with durations, links with lag, calendars of several parties, and what
//! follows from them: early and late dates, slack, the critical path, feasibility of a target.
//!
//! [`PlanSpec`] is the published plan schema; [`schedule`] is the engine. It checks and compiles the
//! plan (`network`), converts between days and working-day positions (`timeline`, which also
//! defines what links, milestones and lags mean), finds early and late positions (`pass`), and
//! explains what does not fit (`conflict`, `compress`). The method is the critical path method of
//! Kelley and Walker (1959) in its precedence form (Fondahl 1961, Roy's MPM), on calendars.

mod avoid;
mod compress;
mod conflict;
mod error;
pub mod forecast;
pub mod level;
mod live;
mod model;
mod network;
mod pass;
mod random;
pub mod reflow;
mod timeline;

#[cfg(test)]
mod tests;

pub use error::*;
pub use live::*;
pub use model::*;
pub use network::PLAN_SCHEMA;
pub use random::Random;

use crate::calendar::{DayNumber, date_of};
use network::Network;
use timeline::Timeline;

/// Finds the dates of every task, the slack, a critical path, and whether the target is met.
///
/// Constraints and targets that cannot be met do not fail: they are reported in
/// [`Schedule::conflicts`] and [`Schedule::feasibility`] beside the dates that follow from the
/// links. Same plan, same schedule; time is linear in tasks and links, apart from the search for
/// compressions of a missed target, whose effort is bounded.
///
/// # Errors
/// When the plan is not well-formed (unknown or repeated ids, cycles, points of the wrong kind, absurd
/// durations), a calendar or a task has no day it can ever use, or dates leave the years -9999 to 9999.
pub fn schedule(spec: &PlanSpec) -> Result<Schedule, PlanError> {
    solve(&Network::compile(spec)?, None)
}

/// The dates of a compiled plan. Without a target task, the critical path leads to `end`, or else to
/// the task that finishes last.
fn solve(net: &Network<'_>, end: Option<usize>) -> Result<Schedule, PlanError> {
    conflict::check_fixed_starts(net)?;
    let line = Timeline::new(net, net.start);
    let forward = pass::forward(&line)?;
    let horizon = pass::horizon(&line, &forward);
    let late = pass::backward(&line, horizon);
    let free = pass::free_slack(&line, &forward, &late, horizon);
    let planned = pass::planned(&line, &forward, &late);

    let open = (0..net.nodes.len()).filter(|&task| !net.nodes[task].is_done());
    let least_slack = open.map(|task| late[task] - forward.early[task]).min();
    let mut tasks = Vec::with_capacity(net.nodes.len());
    for (task, node) in net.nodes.iter().enumerate() {
        let dates = |(start, finish): (DayNumber, DayNumber)| -> Result<(Point, Point), PlanError> {
            let at =
                |moment| point(net, moment).ok_or_else(|| PlanError::OutOfRange(net.id(task).to_owned()));
            Ok((at(start)?, at(finish)?))
        };
        let (early_start, early_finish) = dates(pass::shown_early(&line, &forward, task))?;
        let (late_start, late_finish) = match late[task] == forward.early[task] {
            true => (early_start, early_finish),
            false => dates(line.shown(node, late[task]))?,
        };
        let (start, finish) = match planned[task] {
            position if position == forward.early[task] => (early_start, early_finish),
            position if position == late[task] => (late_start, late_finish),
            position => dates(line.shown(node, position))?,
        };
        let total_slack = late[task] - forward.early[task];
        tasks.push(Scheduled {
            id: net.id(task).to_owned(),
            early_start,
            early_finish,
            late_start,
            late_finish,
            start,
            finish,
            total_slack,
            free_slack: free[task],
            critical: !node.is_done() && Some(total_slack) == least_slack,
        });
    }

    let end = match net.target {
        Some((Some(task), _)) => Some(task),
        _ => end.or_else(|| pass::last_task(&line, &forward, &late)),
    };
    let chain = end.map(|end| pass::driving_chain(&line, &forward, end)).unwrap_or_default();
    let finish = tasks.iter().map(|task| task.early_finish).max().or_else(|| point(net, net.start));
    Ok(Schedule {
        finish: finish.unwrap_or(Point::Unit(0)),
        critical_path: chain.into_iter().map(|task| net.id(task).to_owned()).collect(),
        feasibility: feasibility(&line, &forward)?,
        conflicts: conflict::conflicts(&line, &forward),
        tasks,
    })
}

/// Compares the target with the expected finish, and looks for ways to meet it when it is missed.
fn feasibility(line: &Timeline<'_, '_>, forward: &pass::Forward) -> Result<Option<Feasibility>, PlanError> {
    let Some((task, target)) = line.net.target else { return Ok(None) };
    let expected = pass::shown_finish(line, forward, task);
    let late_by = expected - target;
    let remedy = if late_by > 0 { compress::find(line.net, task, target) } else { None };
    let at = |moment| point(line.net, moment).ok_or_else(|| PlanError::OutOfRange("target".to_owned()));
    let (compressions, best) = match remedy {
        Some(remedy) => (remedy.changes, Some(at(remedy.finish)?)),
        None => (Vec::new(), None),
    };
    Ok(Some(Feasibility {
        target: at(target)?,
        expected: at(expected)?,
        feasible: late_by <= 0,
        shortfall: late_by.max(0),
        buffer: (-late_by).max(0),
        compressions,
        best,
    }))
}

fn point(net: &Network<'_>, moment: DayNumber) -> Option<Point> {
    if net.business { date_of(moment).map(Point::Day) } else { Some(Point::Unit(moment)) }
}
