//! When an onboarding will really go live: thousands of runs in which every open task takes as
//! long as such tasks have taken.
//!
//! Each run draws the remaining duration of every task (`slip` says from what) and makes the
//! engine's own forward pass on the parties' calendars. A run is one way the onboarding could go; P80 is
//! the day by which four of five runs are done.
//!
//! - A task not begun takes `planned × ratio` working days, at least one.
//! - A task begun `e` working days ago takes a total drawn from those that are longer than `e`. When
//!   somebody said what remains, that is the plan from the day it was said.
//! - Tasks already done tell how fast the two sides are *here*: the factors they share are drawn
//!   from their normal posterior given the scores of the tasks done (conditioning of a Gaussian).
//!
//! The measures of risk are Williams' and Vanhoucke's: *criticality index*, the share of runs in
//! which a task lies on the driving chain; *cruciality*, the correlation of its duration with the finish
//! (Pearson); *schedule sensitivity index*, `criticality × σ(task) ÷ σ(finish)` (PMBOK). Tasks are ranked by
//! the last: correlation alone also praises tasks that merely belong to a slow side.

mod grid;
mod normal;
mod run;
mod slip;

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::live::estimate;
use super::network::{Fact, Network};
use super::random::Random;
use super::timeline::Timeline;
use super::{Estimate, LiveError, LivePlan, PlanError, Progress, pass};
use crate::calendar::{DayNumber, date_of, day_number};
use crate::programme::Side;
use grid::Grid;
use run::{Factors, Tally, Work, simulate};
pub use slip::{Basis, ENOUGH, LogNormal, Observation, SlipModel, SlipPrior};

/// Runs worth making: more change neither P50 nor P80 by a day.
pub const USUAL_RUNS: u32 = 10_000;
/// Runs at most.
pub const MOST_RUNS: u32 = 1_000_000;
/// Days a run may last: about 270 years.
const LONGEST: DayNumber = 100_000;

/// What to forecast with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForecastOptions {
    /// Number of runs, from 1 to [`MOST_RUNS`].
    pub runs: u32,
    /// Seed of the random numbers: the same seed, the same forecast.
    pub seed: u64,
    /// Last day promised for the go-live (for the finish, in a plan without one).
    pub promised: Option<Date>,
}

/// When an onboarding will go live, and what that depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Forecast {
    /// Number of runs.
    pub runs: u32,
    /// Seed they were drawn with.
    pub seed: u64,
    /// Go-live, when the plan names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go_live: Option<Outlook>,
    /// Finish of the whole plan.
    pub finish: Outlook,
    /// How the promise stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Promise>,
    /// The open tasks, the riskiest first.
    pub drivers: Vec<Driver>,
    /// Where the figures come from, for each side and kind of work that is still open.
    pub basis: Vec<Basis>,
}

/// The distribution of a date over the runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Outlook {
    /// The date if every task took exactly as long as planned.
    pub planned: Date,
    /// First day by which half of the runs are done.
    pub p50: Date,
    /// First day by which four of five are done.
    pub p80: Date,
    /// The same for 5, 10, … 95 and 99 per cent.
    pub quantiles: Vec<Quantile>,
    /// On how many runs each day is the one, in order; days of no run are left out.
    pub days: Vec<DayRuns>,
}

/// A day and the share of the runs that are done by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quantile {
    /// Per cent of the runs.
    pub percent: u8,
    /// First day by which as many are done.
    pub by: Date,
}

/// A day and the runs that end on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DayRuns {
    /// The day.
    pub date: Date,
    /// Number of runs.
    pub runs: u32,
}

/// How a promised date stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Promise {
    /// The promised day.
    pub by: Date,
    /// Share of the runs that keep it, 0 to 1.
    pub kept: f64,
    /// Whether to warn: P80 lies after the promise.
    pub at_risk: bool,
    /// Calendar days from the promise to P80; negative when there is time to spare.
    pub p80_past: i64,
}

/// An open task and what depends on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Driver {
    /// The task.
    pub task: String,
    /// Who does it.
    pub owner: Side,
    /// Share of the runs in which it lies on the driving chain, 0 to 1.
    pub criticality: f64,
    /// Correlation of its duration with the go-live (or finish), −1 to 1; 0 when it does not vary.
    pub correlation: f64,
    /// Criticality times its standard deviation over that of the go-live (or finish).
    pub sensitivity: f64,
    /// Mean of what is left of it, in working days.
    pub mean_days: f64,
}

/// Forecasts go-live and finish of a plan being worked.
///
/// Time is linear in runs × (tasks + links).
///
/// # Errors
/// When the plan cannot be scheduled, or a run could last longer than 270 years.
pub fn forecast(live: &LivePlan, slips: &SlipModel, options: ForecastOptions) -> Result<Forecast, LiveError> {
    let net = live.compile()?;
    super::conflict::check_fixed_starts(&net)?;
    let line = Timeline::new(&net, net.start);
    let planned = pass::forward(&line)?;
    let slowest = Slips { live, slips, net: &net };
    let works: Vec<Work> = net.order.iter().map(|&task| slowest.work(task)).collect();
    let grid = Grid::new(&line, last_day(&net, &works)?);
    let end = live.go_live.as_deref().and_then(|id| live.position(id));
    let planned_end = pass::shown_finish(&line, &planned, end);
    let planned_finish = pass::shown_finish(&line, &planned, None);
    let reference = i32::try_from(planned_end - grid.first).unwrap_or(0);
    let runs = options.runs.clamp(1, MOST_RUNS);
    let mut random = Random::seeded(options.seed);
    let end_place = end.map(|task| grid.place[task]);
    let tally = simulate(&grid, &works, slowest.factors(), end_place, reference, runs, &mut random);

    let finish = outlook(&tally.finish, &grid, planned_finish, runs)?;
    let go_live = match end {
        Some(_) => Some(outlook(&tally.go_live, &grid, planned_end, runs)?),
        None => None,
    };
    let measured = go_live.as_ref().unwrap_or(&finish);
    Ok(Forecast {
        runs,
        seed: options.seed,
        promise: options.promised.map(|by| promise(measured, by, runs)),
        drivers: drivers(live, &grid, &tally),
        basis: slowest.basis(),
        go_live,
        finish,
    })
}

/// Tasks and how they slip.
struct Slips<'x> {
    live: &'x LivePlan,
    slips: &'x SlipModel,
    net: &'x Network<'x>,
}

impl Slips<'_> {
    /// What is left of a task.
    fn work(&self, task: usize) -> Work {
        let node = &self.net.nodes[task];
        let known = self.live.task(self.net.id(task));
        let shared = self.slips.shared(known.owner);
        let mut work = Work {
            side: known.owner,
            shared: self.slips.shared_ahead(known.owner),
            own: 1.0 - shared,
            days: Vec::new(),
        };
        if node.is_done() || node.duration == 0 {
            return work;
        }
        let quantiles = self.slips.quantiles(known.owner, &known.kind);
        let spec = &self.net.spec.tasks[task];
        let scores =
            (0..run::POINTS).map(|point| point as f64 / f64::from(run::PER_UNIT) - f64::from(run::FARTHEST));
        let whole = |days: f64| days.round().clamp(1.0, 1e6) as i32;
        work.days = match known.progress {
            Progress::Started { on, remaining } => {
                let Estimate { days, as_of } = estimate(spec, on, remaining);
                let gone = self.worked(task, day_number(as_of), day_number(self.live.today)) as f64;
                // Whatever would have rounded to the days gone is over.
                let passed = quantiles.score_of(((gone + 0.5) / f64::from(days)).ln());
                let gone_for = if gone > 0.0 { passed } else { -f64::INFINITY };
                let total = |x| f64::from(days) * quantiles.at(slip::beyond(gone_for, x)).exp();
                scores.map(|x| whole(total(x) - gone)).collect()
            }
            _ => scores.map(|x| whole(f64::from(spec.duration) * quantiles.at(x).exp())).collect(),
        };
        work
    }

    /// Working days of a task's calendar from one day up to another.
    fn worked(&self, task: usize, from: DayNumber, until: DayNumber) -> i64 {
        let calendar = &self.net.calendars[self.net.nodes[task].calendar];
        (calendar.worked_before(until) - calendar.worked_before(from)).max(0)
    }

    /// The factors the sides' tasks share, given the tasks that are done: with loadings `a` and own
    /// variances `v`, precision `I + Σ a·aᵀ ÷ v` and mean `precision⁻¹ · Σ a·x ÷ v`.
    fn factors(&self) -> Factors {
        let (mut precision, mut pull) = ([[1.0, 0.0], [0.0, 1.0]], [0.0, 0.0]);
        for (task, node) in self.net.nodes.iter().enumerate() {
            let Some(Fact::Done { start, finish }) = node.fact else { continue };
            if node.duration == 0 {
                continue;
            }
            let known = self.live.task(self.net.id(task));
            let shared = self.slips.shared(known.owner);
            let loading = shared.sqrt();
            let joint = loading * std::f64::consts::FRAC_1_SQRT_2;
            let loadings = match known.owner {
                Side::Vendor => [loading, 0.0],
                Side::Customer => [0.0, loading],
                Side::Joint => [joint, joint],
            };
            let quantiles = self.slips.quantiles(known.owner, &known.kind);
            let (took, planned) = (self.worked(task, start, finish).max(1) as f64, node.duration as f64);
            // Whole days hide how long it took exactly: the mean of all that it can mean.
            let score = |days: f64| quantiles.score_of((days / planned).ln());
            let x = slip::mean_between((took > 1.0).then(|| score(took - 0.5)), score(took + 0.5));
            for row in 0..2 {
                pull[row] += loadings[row] * x / (1.0 - shared);
                for column in 0..2 {
                    precision[row][column] += loadings[row] * loadings[column] / (1.0 - shared);
                }
            }
        }
        let [[a, b], [_, d]] = precision;
        let size = a * d - b * b;
        let variance = [[d / size, -b / size], [-b / size, a / size]];
        let mean = [
            variance[0][0] * pull[0] + variance[0][1] * pull[1],
            variance[1][0] * pull[0] + variance[1][1] * pull[1],
        ];
        // Cholesky's decomposition of the variance.
        let first = variance[0][0].sqrt();
        let across = variance[1][0] / first;
        let second = (variance[1][1] - across * across).max(0.0).sqrt();
        Factors { mean, lower: [[first, 0.0], [across, second]] }
    }

    /// Every side and kind still open, once.
    fn basis(&self) -> Vec<Basis> {
        let mut kinds: Vec<(Side, String)> = (self.net.nodes.iter().enumerate())
            .filter(|(_, node)| !node.is_done() && node.duration > 0)
            .map(|(task, _)| self.live.task(self.net.id(task)))
            .map(|known| (known.owner, known.kind))
            .collect();
        kinds.sort();
        kinds.dedup();
        kinds.into_iter().map(|(owner, kind)| self.slips.basis(owner, &kind)).collect()
    }
}

/// A day after the end of every run: the finish when every task takes longest, with room for
/// days to avoid. A longer task never lets the plan finish earlier.
fn last_day(net: &Network<'_>, works: &[Work]) -> Result<DayNumber, LiveError> {
    const ROOM: DayNumber = 400;
    let mut slow = net.clone();
    for (&task, work) in net.order.iter().zip(works) {
        if let (Some(node), Some(&longest)) = (slow.nodes.get_mut(task), work.days.last()) {
            node.duration = i64::from(longest);
        }
    }
    let line = Timeline::new(&slow, slow.start);
    let forward = pass::forward(&line)?;
    let last = forward.placed.iter().map(|placed| placed.finish).fold(net.start, DayNumber::max);
    if last - net.start > LONGEST {
        return Err(PlanError::OutOfRange("the longest run".to_owned()).into());
    }
    Ok(last + ROOM)
}

fn outlook(counts: &[u32], grid: &Grid<'_, '_>, planned: DayNumber, runs: u32) -> Result<Outlook, LiveError> {
    let date = |day: DayNumber| date_of(day).ok_or_else(|| PlanError::OutOfRange("the forecast".to_owned()));
    let mut days = Vec::new();
    for (day, &runs) in (grid.first..).zip(counts) {
        if runs > 0 {
            days.push(DayRuns { date: date(day)?, runs });
        }
    }
    let planned = date(planned)?;
    let by = |percent: u8| quantile(&days, runs, percent).unwrap_or(planned);
    let percents = (1..20).map(|twentieth| twentieth * 5).chain([99]);
    let quantiles = percents.map(|percent| Quantile { percent, by: by(percent) }).collect();
    Ok(Outlook { planned, p50: by(50), p80: by(80), quantiles, days })
}

/// The first day by which a share of the runs is done.
fn quantile(days: &[DayRuns], runs: u32, percent: u8) -> Option<Date> {
    let needed = (u64::from(runs) * u64::from(percent)).div_ceil(100);
    let mut done = 0;
    days.iter()
        .find(|day| {
            done += u64::from(day.runs);
            done >= needed
        })
        .map(|day| day.date)
}

fn promise(outlook: &Outlook, by: Date, runs: u32) -> Promise {
    let kept: u32 = outlook.days.iter().filter(|day| day.date <= by).map(|day| day.runs).sum();
    Promise {
        by,
        kept: f64::from(kept) / f64::from(runs.max(1)),
        at_risk: outlook.p80 > by,
        p80_past: day_number(outlook.p80) - day_number(by),
    }
}

fn drivers(live: &LivePlan, grid: &Grid<'_, '_>, tally: &Tally) -> Vec<Driver> {
    let runs = f64::from(tally.runs);
    let [end, end_squared] = tally.end.map(|sum| sum as f64);
    let end_spread = (end_squared / runs - (end / runs).powi(2)).max(0.0).sqrt();
    let mut drivers: Vec<Driver> = (grid.items.iter().zip(&tally.driving).zip(&tally.work))
        .filter(|((item, _), _)| !matches!(item.state, grid::State::Done { .. }))
        .map(|((item, &driving), sums)| {
            let [work, squared, with_end] = sums.map(|sum| sum as f64);
            let mean = work / runs;
            let spread = (squared / runs - mean * mean).max(0.0).sqrt();
            let criticality = f64::from(driving) / runs;
            let varies = spread > 1e-9 && end_spread > 1e-9;
            let covariance = with_end / runs - mean * end / runs;
            let id = grid.line.net.id(item.task);
            Driver {
                task: id.to_owned(),
                owner: live.owner(id),
                criticality,
                correlation: if varies { (covariance / spread / end_spread).clamp(-1.0, 1.0) } else { 0.0 },
                sensitivity: if varies { criticality * spread / end_spread } else { 0.0 },
                mean_days: mean,
            }
        })
        .collect();
    let order = |a: &Driver, b: &Driver| {
        let by_risk = b.sensitivity.total_cmp(&a.sensitivity);
        by_risk.then(b.criticality.total_cmp(&a.criticality)).then_with(|| a.task.cmp(&b.task))
    };
    drivers.sort_by(order);
    drivers
}
