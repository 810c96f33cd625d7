//! Did signals and scores foretell what happened? Looking back over customers whose end is known.
//!
//! A customer is watched from a day to a day, and something happened on a day in between (they left, they missed their
//! go-live) or did not. With a horizon of, say, 60 days:
//!
//! - A warning **foretold** what happened when it came within the 60 days before it, and not on the day itself. That is a
//!   true positive; without one it is a false negative.
//! - Where nothing happened, a warning that was followed for the whole horizon is a false positive; no warning in at least
//!   one whole horizon is a true negative. What was not followed long enough is undecided and counts nowhere.
//!
//! Precision is the share of warned customers to whom it happened; recall the share of those to whom it happened that were
//! warned. Both have Wilson's 95 % interval (Wilson 1927). The area under the curve is the chance that of two customers,
//! one to whom it happened and one to whom it did not, the first had the lower score a horizon before; equal scores count
//! half (Mann and Whitney 1947). Customers count once, however often they were warned.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The 97.5th percentile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;
/// What warnings by score are called.
pub const BY_SCORE: &str = "score";

/// A warning of a customer on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    /// The customer.
    pub entity: String,
    /// The kind of warning.
    pub kind: String,
    /// The day.
    pub day: Date,
}

/// The score of a customer on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// The customer.
    pub entity: String,
    /// The day.
    pub day: Date,
    /// The score, 0 to 100.
    pub score: u32,
}

/// A customer over the time they were watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// The customer.
    pub entity: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// The day it happened, if it did in this time.
    pub event: Option<Date>,
}

/// A share with Wilson's 95 % interval, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    /// How many.
    pub hits: u32,
    /// Of how many.
    pub of: u32,
    /// The share.
    pub thousandths: u32,
    /// Lower end of the interval.
    pub low: u32,
    /// Upper end of the interval.
    pub high: u32,
}

impl Share {
    /// So many of so many; none of nothing.
    #[must_use]
    pub fn of(hits: u32, of: u32) -> Option<Self> {
        if of == 0 {
            return None;
        }
        let (h, n) = (f64::from(hits.min(of)), f64::from(of));
        let middle = (h + Z * Z / 2.0) / (n + Z * Z);
        let half = Z / (n + Z * Z) * (h * (n - h) / n + Z * Z / 4.0).sqrt();
        Some(Self {
            hits,
            of,
            thousandths: thousandths(h / n),
            low: thousandths(middle - half),
            high: thousandths(middle + half),
        })
    }
}

/// The share as `62.5 % (10 of 16; 38.6 to 81.5 %)`.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |thousandths: u32| format!("{}.{}", thousandths / 10, thousandths % 10);
        let (share, low, high) = (percent(self.thousandths), percent(self.low), percent(self.high));
        write!(f, "{share} % ({} of {}; {low} to {high} %)", self.hits, self.of)
    }
}

/// A number of halves: the middle of whole numbers. Shown with a decimal when it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Halves(pub i64);

impl fmt::Display for Halves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "−" } else { "" };
        let (whole, half) = (self.0.unsigned_abs() / 2, self.0.unsigned_abs() % 2);
        if half == 0 { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.5") }
    }
}

/// The median of whole numbers, in halves.
#[must_use]
pub fn median(numbers: &[i64]) -> Option<Halves> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some(Halves(upper + lower))
}

/// How well a kind of warning foretold what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Foretold {
    /// The kind of warning.
    pub kind: String,
    /// Customers that count.
    pub n: u32,
    /// Warned, and it happened.
    pub true_positives: u32,
    /// Warned, and it did not happen.
    pub false_positives: u32,
    /// Not warned, and it happened.
    pub false_negatives: u32,
    /// Not warned, and it did not happen.
    pub true_negatives: u32,
    /// Not followed long enough to tell.
    pub undecided: u32,
    /// Of those warned, those to whom it happened.
    pub precision: Option<Share>,
    /// Of those to whom it happened, those warned.
    pub recall: Option<Share>,
    /// Of those not warned and to whom it did not happen, among all to whom it did not: how rarely it cries wolf.
    pub specificity: Option<Share>,
    /// The middle of the days between the first warning within the horizon and what happened.
    pub median_lead_days: Option<Halves>,
}

/// How well scores foretold what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreTest {
    /// Customers to whom it happened that had a score a horizon before.
    pub events: u32,
    /// Customers to whom it did not happen that had a score a horizon before the end.
    pub others: u32,
    /// Area under the curve in thousandths: 500 is chance, 1,000 is certainty. None without customers of both sorts.
    pub auc_thousandths: Option<u32>,
    /// The score below which a customer counts as warned.
    pub below: u32,
    /// How well that warns.
    pub at_threshold: Foretold,
}

/// How well each kind of warning foretold what happened, in order of kind.
#[must_use]
pub fn signals(watched: &[Watched], fired: &[Fired], horizon_days: u32) -> Vec<Foretold> {
    let mut kinds: BTreeMap<&str, HashMap<&str, Vec<Date>>> = BTreeMap::new();
    for one in fired {
        kinds.entry(&one.kind).or_default().entry(&one.entity).or_default().push(one.day);
    }
    kinds.into_iter().map(|(kind, days)| foretold(kind, watched, &days, horizon_days)).collect()
}

/// How well scores foretold what happened: by rank, and by a threshold.
#[must_use]
pub fn scores(watched: &[Watched], scored: &[Scored], horizon_days: u32, below: u32) -> ScoreTest {
    let mut lines: HashMap<&str, Vec<(Date, u32)>> = HashMap::new();
    for one in scored {
        lines.entry(&one.entity).or_default().push((one.day, one.score));
    }
    for line in lines.values_mut() {
        line.sort_unstable();
    }
    let (mut events, mut others) = (Vec::new(), Vec::new());
    for one in watched {
        let then = before(happened(one).unwrap_or(one.until), horizon_days);
        let line = lines.get(one.entity.as_str()).map(Vec::as_slice).unwrap_or_default();
        let known = line.iter().rfind(|(day, _)| *day <= then && *day >= one.from);
        let Some((_, score)) = known else { continue };
        if happened(one).is_some() { events.push(*score) } else { others.push(*score) }
    }
    let low: HashMap<&str, Vec<Date>> = lines
        .iter()
        .map(|(entity, line)| {
            let days = line.iter().filter(|(_, score)| *score < below).map(|(day, _)| *day);
            (*entity, days.collect())
        })
        .collect();
    ScoreTest {
        events: count(events.len()),
        others: count(others.len()),
        auc_thousandths: auc(&events, others),
        below,
        at_threshold: foretold(BY_SCORE, watched, &low, horizon_days),
    }
}

/// What happened, when it did while the customer was watched.
fn happened(one: &Watched) -> Option<Date> {
    one.event.filter(|day| (one.from..=one.until).contains(day))
}

/// What becomes of one customer.
enum Outcome {
    /// Warned so many days before it happened.
    Warned(i64),
    /// It happened without a warning.
    Missed,
    /// Warned, and nothing happened.
    CriedWolf,
    /// Neither.
    Quiet,
    /// Not followed long enough.
    Undecided,
}

fn judge(one: &Watched, days: &[Date], horizon_days: u32) -> Outcome {
    let seen = days.iter().copied().filter(|day| *day >= one.from && *day <= one.until);
    if let Some(event) = happened(one) {
        let first = seen.filter(|day| *day >= before(event, horizon_days) && *day < event).min();
        return first.map_or(Outcome::Missed, |first| Outcome::Warned(days_between(first, event)));
    }
    // A warning from this day on was not followed for the whole horizon.
    let followed = before(one.until, horizon_days);
    let warned: Vec<Date> = seen.collect();
    if warned.iter().any(|day| *day <= followed) {
        Outcome::CriedWolf
    } else if warned.is_empty() && one.from <= followed {
        Outcome::Quiet
    } else {
        Outcome::Undecided
    }
}

fn foretold(kind: &str, watched: &[Watched], days: &HashMap<&str, Vec<Date>>, horizon_days: u32) -> Foretold {
    let (mut hits, mut wolf, mut missed, mut quiet, mut undecided) = (0, 0, 0, 0, 0);
    let mut leads = Vec::new();
    for one in watched {
        let days = days.get(one.entity.as_str()).map(Vec::as_slice).unwrap_or_default();
        match judge(one, days, horizon_days) {
            Outcome::Warned(lead) => {
                hits += 1;
                leads.push(lead);
            }
            Outcome::Missed => missed += 1,
            Outcome::CriedWolf => wolf += 1,
            Outcome::Quiet => quiet += 1,
            Outcome::Undecided => undecided += 1,
        }
    }
    Foretold {
        kind: kind.to_owned(),
        n: hits + wolf + missed + quiet,
        true_positives: hits,
        false_positives: wolf,
        false_negatives: missed,
        true_negatives: quiet,
        undecided,
        precision: Share::of(hits, hits + wolf),
        recall: Share::of(hits, hits + missed),
        specificity: Share::of(quiet, quiet + wolf),
        median_lead_days: median(&leads),
    }
}

/// The chance that one of the events has a lower score than one of the others, in thousandths.
fn auc(events: &[u32], mut others: Vec<u32>) -> Option<u32> {
    others.sort_unstable();
    let pairs = u64::try_from(events.len()).ok()? * u64::try_from(others.len()).ok()?;
    let twice: u64 = events
        .iter()
        .map(|score| {
            let not_above = others.partition_point(|other| other <= score);
            let below = others.partition_point(|other| other < score);
            u64::from(count(2 * (others.len() - not_above) + (not_above - below)))
        })
        .sum();
    // Rounded half up.
    let thousandths = (twice * 1_000 + pairs).checked_div(2 * pairs)?;
    u32::try_from(thousandths).ok()
}

fn before(day: Date, days: u32) -> Date {
    let span: Span = i64::from(days).days();
    day.saturating_sub(span)
}

fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// A share from 0 to 1 in thousandths, rounded.
fn thousandths(share: f64) -> u32 {
    // Between 0 and 1,000 by the clamp, so nothing is cut off.
    (share.clamp(0.0, 1.0) * 1_000.0).round() as u32
}

#[cfg(test)]
mod tests;
