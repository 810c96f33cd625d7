//! When an onboarding could go live with the people there are: scheduling with limited resources.
//!
//! The engine's dates assume that everybody needed is free. Here each task takes units of resources
//! on every day it is worked, no resource gives more than it has, and tasks wait for each other where
//! they must. That is the resource-constrained project scheduling problem (RCPSP), which is NP-hard;
//! what is found is the best of a bounded number of schedules, the same on every machine.
//!
//! 1. Serial and parallel schedule generation (Kelley 1963; Brooks and White 1965; Kolisch 1996) with several
//!    priority rules: latest finish, latest start, slack, most successors, greatest rank positional weight.
//! 2. *Justification* of each schedule (Valls, Ballestín and Quintanilla 2005): everything as late as the finish
//!    allows, then as early as possible again, which often ends earlier and never later.
//! 3. A genetic algorithm over activity lists with two-point crossover (Hartmann 1998), every child justified.
//!
//! Effort is counted in placed tasks, never in seconds. On PSPLIB's j30 and j60 the usual effort comes
//! within about one per cent of the best known finishes on average: `docs/performance.md` has the figures,
//! `benches/level.rs` measures them again.

mod problem;
mod search;
mod staffing;
mod weave;

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::network::Network;
use super::timeline::Timeline;
use super::{LiveError, LivePlan, PlanError, PlanSpec, Point, pass};
use problem::Problem;
pub use staffing::{Demand, LevelError, Limit, Resource, Staffing};

/// Tasks placed in the usual search: about 650 schedules of 60 tasks, some ten milliseconds.
pub const USUAL_EFFORT: u64 = 40_000;

/// How hard to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelOptions {
    /// Tasks placed at most; the first schedule is always finished.
    pub effort: u64,
    /// Seed of the random numbers: the same seed, the same schedule.
    pub seed: u64,
}

impl Default for LevelOptions {
    fn default() -> Self {
        Self { effort: USUAL_EFFORT, seed: 1 }
    }
}

/// A schedule that asks of nobody more than there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Levelled {
    /// Dates of the tasks, in the order of the plan.
    pub tasks: Vec<LevelledTask>,
    /// Last finish of any task.
    pub finish: Point,
    /// Finish of the go-live, when the plan names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go_live: Option<Point>,
    /// What `go_live` (else `finish`) would be if everybody needed were free: no schedule is better.
    pub unlimited: Point,
    /// Calendar days (units) from there to what was found.
    pub waits: i64,
    /// Days on which facts and fixed dates alone ask for more than there is; nothing else does.
    pub overloads: Vec<Overload>,
    /// Schedules made in the search.
    pub schedules: u32,
    /// Whether it is known that none is better.
    pub optimal: bool,
}

/// Dates of a task, as the engine shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LevelledTask {
    /// The task.
    pub id: String,
    /// First day; start in units.
    pub start: Point,
    /// Last day; finish in units.
    pub finish: Point,
    /// Working days (units) after the earliest it could be if everybody were free.
    pub waits: i64,
}

/// A day on which more of a resource is needed than there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Overload {
    /// The resource.
    pub resource: String,
    /// The day (unit).
    pub on: Point,
    /// Units too many.
    pub over: u32,
}

/// Levels a plan of which nothing has happened yet.
///
/// # Errors
/// When the plan cannot be scheduled, or the staffing does not fit it.
pub fn level(spec: &PlanSpec, staffing: &Staffing, options: LevelOptions) -> Result<Levelled, LevelError> {
    let spec = staffing.on_calendars(spec)?;
    let net = Network::compile(&spec).map_err(LiveError::from)?;
    solve(&net, None, staffing, options)
}

/// Levels what remains of a plan being worked. Tasks done ask for nothing any more; tasks begun go on
/// without a break.
///
/// # Errors
/// As [`level`].
pub fn level_live(
    live: &LivePlan,
    staffing: &Staffing,
    options: LevelOptions,
) -> Result<Levelled, LevelError> {
    let live = LivePlan { plan: staffing.on_calendars(&live.plan)?, ..live.clone() };
    let net = live.compile()?;
    let end = live.go_live.as_deref().and_then(|id| live.position(id));
    solve(&net, end, staffing, options)
}

fn solve(
    net: &Network<'_>,
    end: Option<usize>,
    staffing: &Staffing,
    options: LevelOptions,
) -> Result<Levelled, LevelError> {
    super::conflict::check_fixed_starts(net).map_err(LiveError::from)?;
    let line = Timeline::new(net, net.start);
    let forward = pass::forward(&line).map_err(LiveError::from)?;
    let end = end.or(net.target.and_then(|(task, _)| task));
    let problem = Problem::new(&line, end, &forward.early, staffing)?;
    let found = search::search(&problem, &forward, options)?;

    let at = |moment| {
        super::point(net, moment)
            .ok_or_else(|| LiveError::from(PlanError::OutOfRange("the levelled plan".into())))
    };
    let mut tasks = Vec::with_capacity(net.nodes.len());
    let mut last = line.origin;
    for (task, node) in net.nodes.iter().enumerate() {
        let (start, finish) = line.shown(node, found.best.position[task]);
        last = last.max(finish);
        let waits = found.best.position[task] - forward.early[task];
        tasks.push(LevelledTask {
            id: net.id(task).to_owned(),
            start: at(start)?,
            finish: at(finish)?,
            waits,
        });
    }
    let shown_end = end.map(|task| line.shown(&net.nodes[task], found.best.position[task]).1);
    let unlimited = pass::shown_finish(&line, &forward, end);
    Ok(Levelled {
        tasks,
        finish: at(last)?,
        go_live: shown_end.map(at).transpose()?,
        unlimited: at(unlimited)?,
        waits: shown_end.unwrap_or(last) - unlimited,
        overloads: problem.overloads(&found.best, staffing, at)?,
        schedules: found.schedules,
        optimal: shown_end.unwrap_or(last) == unlimited,
    })
}
