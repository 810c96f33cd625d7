//! How tasks slip: the distribution of actual over planned working days, learnt from history.
//!
//! # Marginals
//! Work of the same side and kind forms a *group*. Its log ratios `ln(actual ÷ planned)` are kept as
//! a quantile function over normal scores: the i-th of n sorted values stands at the score of
//! `(i − ½) ÷ n` (Hazen's plotting position), straight lines join them, and beyond the first and the
//! last the slope is the sample's standard deviation, as in a log-normal distribution.
//!
//! # Shrinkage
//! Few observations say little. With `n` of them a group's quantiles weigh `w = min(n ÷ 30, 1)`, and
//! the quantiles of its whole side `1 − w`; the side's are blended in the same way with the prior.
//! Blending quantiles (Vincent's averaging, 1912) moves location and spread together and never makes
//! two humps of one. From 30 observations on, the prior is forgotten.
//!
//! # What tasks of one onboarding share
//! A customer slow with one task is slow with the next. If tasks slipped independently, their errors
//! would cancel out over a plan, and the P80 would be passed by far more than one onboarding in five.
//! So the score of task `i` of side `s` is `x = √ρ·Z + √(1 − ρ)·ε`, with one `Z` per side and onboarding:
//! a Gaussian copula over the marginals. `ρ` is the intraclass correlation of the scores of past tasks,
//! grouped by onboarding: `(B − W) ÷ (B + (m₀ − 1)·W)` from the mean squares between and within
//! (Fisher's one-way analysis of variance; Donner 1986 for groups of unequal size), blended with the
//! prior's as above, `n` being the number of onboardings. A joint task shares `(Z_vendor + Z_customer) ÷ √2`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::normal::{density, probability, score};
use crate::programme::Side;

/// Observations (or onboardings, for what they share) after which the prior counts no more.
pub const ENOUGH: usize = 30;

/// A task that was done: what was planned and what it took, in working days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Observation {
    /// Whatever tells one onboarding from another.
    pub onboarding: String,
    /// Who did it.
    pub owner: Side,
    /// Kind of work.
    pub kind: String,
    /// Working days planned; milestones (0) teach nothing and are left out.
    pub planned: u32,
    /// Working days from its first to its last day, both included; 0 counts as 1.
    pub actual: u32,
}

/// A log-normal distribution of actual over planned duration.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogNormal {
    /// Ratio that half of the tasks stay below.
    pub median: f64,
    /// Standard deviation of the logarithm of the ratio.
    pub sigma: f64,
}

/// What is assumed while the workspace has no history of its own. An assumption to be replaced, not a
/// finding: it says that vendors know their own work better than their customers' calendars.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlipPrior {
    /// Tasks of the vendor.
    pub vendor: LogNormal,
    /// Tasks of the customer.
    pub customer: LogNormal,
    /// Tasks of both.
    pub joint: LogNormal,
    /// Share of the variance that the tasks of a side have in common within an onboarding, 0 to 1.
    pub shared: f64,
}

impl Default for SlipPrior {
    fn default() -> Self {
        Self {
            vendor: LogNormal { median: 1.1, sigma: 0.3 },
            customer: LogNormal { median: 1.3, sigma: 0.5 },
            joint: LogNormal { median: 1.2, sigma: 0.4 },
            shared: 0.3,
        }
    }
}

impl SlipPrior {
    fn of(&self, side: Side) -> LogNormal {
        match side {
            Side::Vendor => self.vendor,
            Side::Customer => self.customer,
            Side::Joint => self.joint,
        }
    }
}

/// How tasks slip, learnt from history on top of a prior.
#[derive(Debug, Clone)]
pub struct SlipModel {
    groups: BTreeMap<(Side, String), Learnt>,
    vendor: SideModel,
    customer: SideModel,
    joint: SideModel,
}

#[derive(Debug, Clone)]
struct Learnt {
    quantiles: Quantiles,
    observations: usize,
}

#[derive(Debug, Clone)]
struct SideModel {
    all: Learnt,
    shared: f64,
    onboardings: usize,
}

/// Where the figures of a group come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Basis {
    /// Side.
    pub owner: Side,
    /// Kind of work.
    pub kind: String,
    /// Past tasks of this side and kind.
    pub observations: u32,
    /// Past tasks of this side, of every kind.
    pub of_side: u32,
    /// Weight of the workspace's own history (group and side together) against the prior, 0 to 1.
    pub own_weight: f64,
    /// Actual over planned duration that half of such tasks stay below.
    pub median: f64,
    /// The same for four of five.
    pub p80: f64,
}

impl SlipModel {
    /// Learns from history. Order does not matter.
    #[must_use]
    pub fn learn(history: &[Observation], prior: &SlipPrior) -> Self {
        let useful: Vec<&Observation> = history.iter().filter(|seen| seen.planned > 0).collect();
        let sides = |side| SideModel {
            all: Learnt::blend(
                useful.iter().filter(|seen| seen.owner == side).map(|seen| log_ratio(seen)).collect(),
                &Quantiles::log_normal(prior.of(side)),
            ),
            shared: prior.shared.clamp(0.0, MOST_SHARED),
            onboardings: 0,
        };
        let mut model = Self {
            groups: BTreeMap::new(),
            vendor: sides(Side::Vendor),
            customer: sides(Side::Customer),
            joint: sides(Side::Joint),
        };
        let mut ratios: BTreeMap<(Side, String), Vec<f64>> = BTreeMap::new();
        for seen in &useful {
            ratios.entry((seen.owner, seen.kind.clone())).or_default().push(log_ratio(seen));
        }
        for ((side, kind), ratios) in ratios {
            let learnt = Learnt::blend(ratios, &model.side(side).all.quantiles);
            model.groups.insert((side, kind), learnt);
        }
        for side in [Side::Vendor, Side::Customer, Side::Joint] {
            model.learn_shared(side, &useful);
        }
        model
    }

    /// Where the figures for a side and kind come from.
    #[must_use]
    pub fn basis(&self, owner: Side, kind: &str) -> Basis {
        let side = self.side(owner);
        let observations = self.groups.get(&(owner, kind.to_owned())).map_or(0, |group| group.observations);
        let quantiles = self.quantiles(owner, kind);
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let (own, of_side) = (weight(observations), weight(side.all.observations));
        Basis {
            owner,
            kind: kind.to_owned(),
            observations: count(observations),
            of_side: count(side.all.observations),
            own_weight: own + (1.0 - own) * of_side,
            median: quantiles.at(0.0).exp(),
            p80: quantiles.at(score(0.8)).exp(),
        }
    }

    /// Share of the variance that tasks of a side have in common within an onboarding.
    #[must_use]
    pub fn shared(&self, owner: Side) -> f64 {
        self.side(owner).shared
    }

    /// The same for an onboarding not seen yet: where its side lies compared with the few of the past
    /// is known only as well as their mean is, whose variance is that of one of them divided by their number.
    pub(super) fn shared_ahead(&self, owner: Side) -> f64 {
        let side = self.side(owner);
        let seen = side.onboardings.max(1) as f64;
        side.shared * (1.0 + weight(side.onboardings).min(1.0) / seen)
    }

    pub(super) fn quantiles(&self, owner: Side, kind: &str) -> &Quantiles {
        match self.groups.get(&(owner, kind.to_owned())) {
            Some(group) => &group.quantiles,
            None => &self.side(owner).all.quantiles,
        }
    }

    /// Lets tasks slip independently of each other, to show what that does.
    #[cfg(test)]
    pub(super) fn share_nothing(&mut self) {
        for side in [&mut self.vendor, &mut self.customer, &mut self.joint] {
            side.shared = 0.0;
        }
    }

    fn side(&self, side: Side) -> &SideModel {
        match side {
            Side::Vendor => &self.vendor,
            Side::Customer => &self.customer,
            Side::Joint => &self.joint,
        }
    }

    fn learn_shared(&mut self, side: Side, history: &[&Observation]) {
        let mut scores: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for seen in history.iter().filter(|seen| seen.owner == side) {
            let score = self.quantiles(side, &seen.kind).score_of(log_ratio(seen));
            scores.entry(&seen.onboarding).or_default().push(score);
        }
        let onboardings = scores.len();
        let found = intraclass(&scores.into_values().collect::<Vec<_>>());
        let model = match side {
            Side::Vendor => &mut self.vendor,
            Side::Customer => &mut self.customer,
            Side::Joint => &mut self.joint,
        };
        model.onboardings = onboardings;
        if let Some(found) = found {
            let own = weight(onboardings);
            model.shared = own * found.clamp(0.0, MOST_SHARED) + (1.0 - own) * model.shared;
        }
    }
}

/// Some noise of its own is left to every task.
const MOST_SHARED: f64 = 0.95;

fn weight(observations: usize) -> f64 {
    observations.min(ENOUGH) as f64 / ENOUGH as f64
}

fn log_ratio(seen: &Observation) -> f64 {
    (f64::from(seen.actual.max(1)) / f64::from(seen.planned.max(1))).ln()
}

/// The intraclass correlation of groups of unequal size; `None` when nothing tells between from within.
fn intraclass(groups: &[Vec<f64>]) -> Option<f64> {
    let total: f64 = groups.iter().map(|group| group.len() as f64).sum();
    let count = groups.len() as f64;
    if groups.len() < 2 || total <= count {
        return None;
    }
    let mean = groups.iter().flatten().sum::<f64>() / total;
    let (mut between, mut within, mut squares) = (0.0, 0.0, 0.0);
    for group in groups {
        let size = group.len() as f64;
        let own = group.iter().sum::<f64>() / size.max(1.0);
        between += size * (own - mean).powi(2);
        within += group.iter().map(|value| (value - own).powi(2)).sum::<f64>();
        squares += size * size;
    }
    let (between, within) = (between / (count - 1.0), within / (total - count));
    let usual_size = (total - squares / total) / (count - 1.0);
    let spread = between + (usual_size - 1.0) * within;
    (spread > 0.0).then(|| (between - within) / spread)
}

/// Scores at which quantiles are kept: from −4 to 4, 32 to the unit.
const PER_UNIT: f64 = 32.0;
const FARTHEST: f64 = 4.0;
const POINTS: usize = 257;
/// No task takes less than a twentieth or more than twenty times what was planned.
const LARGEST_LOG: f64 = 3.0;

/// A quantile function: log ratios by normal score, never decreasing.
#[derive(Debug, Clone)]
pub(super) struct Quantiles {
    values: Vec<f64>,
}

impl Quantiles {
    fn from_scores(value: impl Fn(f64) -> f64) -> Self {
        let at = |point: usize| value(point as f64 / PER_UNIT - FARTHEST).clamp(-LARGEST_LOG, LARGEST_LOG);
        Self { values: (0..POINTS).map(at).collect() }
    }

    fn log_normal(prior: LogNormal) -> Self {
        let (middle, sigma) = (prior.median.max(0.05).ln(), prior.sigma.abs());
        Self::from_scores(|x| middle + sigma * x)
    }

    /// Of sorted log ratios, at least one.
    fn empirical(sorted: &[f64]) -> Self {
        let count = sorted.len() as f64;
        let mean = sorted.iter().sum::<f64>() / count;
        let spread = (sorted.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
        let placed: Vec<(f64, f64)> =
            (0_u32..).zip(sorted).map(|(i, &value)| (score((f64::from(i) + 0.5) / count), value)).collect();
        Self::from_scores(|x| {
            let after = placed.partition_point(|&(place, _)| place < x);
            match (after.checked_sub(1).and_then(|before| placed.get(before)), placed.get(after)) {
                (Some(&(x0, y0)), Some(&(x1, y1))) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
                (Some(&(place, value)), None) | (None, Some(&(place, value))) => value + spread * (x - place),
                (None, None) => 0.0,
            }
        })
    }

    /// The log ratio at a normal score.
    pub fn at(&self, x: f64) -> f64 {
        let place = ((x + FARTHEST) * PER_UNIT).clamp(0.0, (POINTS - 1) as f64);
        let before = (place as usize).min(POINTS - 2);
        let (low, high) = (self.values[before], self.values[before + 1]);
        low + (high - low) * (place - before as f64)
    }

    /// The normal score of a log ratio: the middle of all that have it.
    pub fn score_of(&self, value: f64) -> f64 {
        let at_least = self.reach(self.values.partition_point(|&other| other < value), value);
        let at_most = self.reach(self.values.partition_point(|&other| other <= value), value);
        f64::midpoint(at_least, at_most)
    }

    /// The score at which a value is reached on the way to a point.
    fn reach(&self, point: usize, value: f64) -> f64 {
        let place = match point {
            0 => 0.0,
            POINTS => (POINTS - 1) as f64,
            _ => {
                let (low, high) = (self.values[point - 1], self.values[point]);
                let along = if high > low { (value - low) / (high - low) } else { 1.0 };
                (point - 1) as f64 + along.clamp(0.0, 1.0)
            }
        };
        place / PER_UNIT - FARTHEST
    }
}

impl Learnt {
    fn blend(mut ratios: Vec<f64>, parent: &Quantiles) -> Self {
        ratios.sort_by(f64::total_cmp);
        let observations = ratios.len();
        if observations == 0 {
            return Self { quantiles: parent.clone(), observations };
        }
        let (own, weight) = (Quantiles::empirical(&ratios), weight(observations));
        let blended = own.values.iter().zip(&parent.values).map(|(own, of_parent)| {
            // Written so that equal values stay what they are.
            of_parent + weight * (own - of_parent)
        });
        Self { quantiles: Quantiles { values: blended.collect() }, observations }
    }
}

/// The score a task has within those that take longer than some score: what is left of the
/// distribution, stretched to all of it.
pub(super) fn beyond(passed: f64, x: f64) -> f64 {
    let gone = probability(passed);
    score(gone + (1.0 - gone) * probability(x))
}

/// The mean score of tasks known to lie between two scores; without the lower one, anywhere below
/// the upper: the mean of a truncated normal distribution.
pub(super) fn mean_between(low: Option<f64>, high: f64) -> f64 {
    let (below, at_low) = low.map_or((0.0, 0.0), |low| (probability(low), density(low)));
    let share = probability(high) - below;
    match low {
        Some(low) if share < 1e-9 => f64::midpoint(low, high),
        None if share < 1e-9 => high,
        _ => (at_low - density(high)) / share,
    }
}
