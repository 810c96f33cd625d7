//! An earlier kickoff for a go-live that would be missed.
//!
//! The kickoff is pinned in the plan, so that the engine never moves it. Where nobody has agreed on
//! it yet, holding it earlier is tried on every day on which both sides work, Fridays left out, that
//! leaves at least half of the time to prepare: no more than the engine takes from any other task.

use jiff::civil::{Date, Weekday};

use super::calendars::{Calendars, both_work};
use super::dates::{Anchors, days_between};
use super::scheduled::day;
use super::verdict::on;
use crate::fit::counted;
use crate::plan::{self, Compression, Feasibility, PlanError, PlanSpec, Schedule};

/// A kickoff that would bring the go-live forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EarlierKickoff {
    /// The day.
    pub on: Date,
    /// How many days earlier, of those on which both sides work.
    pub days: u32,
    /// How many such days are left to prepare.
    pub to_prepare: u32,
    /// Calendar days the go-live comes earlier by this alone.
    pub gains: i64,
    /// The target against the plan as it is, with this kickoff as the first of the changes.
    pub feasibility: Feasibility,
}

impl EarlierKickoff {
    /// `3 working days earlier, on 6 January 2027, with 2 working days to prepare`.
    pub fn in_words(&self) -> String {
        let to_prepare = counted(i64::from(self.to_prepare), "working day");
        format!("{}, on {}, with {to_prepare} to prepare", working_days_earlier(self.days), on(self.on))
    }

    /// Whether the changes that begin with it serve better than those that keep the kickoff: they meet
    /// the target with no more changes, or come nearer to it.
    pub fn is_better_than(&self, kept: &Feasibility) -> bool {
        let misses = |found: &Feasibility| found.best.is_none_or(|best| best > found.target);
        let count = |found: &Feasibility| found.compressions.len();
        let (ours, theirs) = (&self.feasibility, kept);
        match (misses(ours), misses(theirs)) {
            (false, false) => count(ours) <= count(theirs),
            (false, true) => true,
            (true, false) => false,
            (true, true) => theirs.best.is_none_or(|theirs| ours.best.is_some_and(|ours| ours < theirs)),
        }
    }
}

/// `3 working days earlier`.
pub(super) fn working_days_earlier(days: u32) -> String {
    format!("{} earlier", counted(i64::from(days), "working day"))
}

/// The kickoff that meets a missed target, as late as possible; failing that, the one that comes
/// nearest to it. `None` when the target is met or moves with the kickoff, when the kickoff was agreed
/// on, or when no earlier one helps.
///
/// # Errors
/// When a plan cannot be scheduled.
pub(super) fn earlier(
    schedule: &Schedule,
    anchors: &Anchors,
    calendars: &Calendars,
    network: &dyn Fn(&Anchors) -> PlanSpec,
) -> Result<Option<EarlierKickoff>, PlanError> {
    let missed = schedule.feasibility.as_ref().filter(|found| !found.feasible);
    let (Some(missed), Some(from), true) = (missed, anchors.kickoff_open_from, anchors.target_is_a_date)
    else {
        return Ok(None);
    };
    let target = day(missed.target);
    let mut best = None;
    let mut least = day(missed.expected);
    for (candidate, days, to_prepare) in candidates(from, anchors.kickoff_on, calendars) {
        let Some(go_live) = go_live_after(network(&anchors.with_kickoff(candidate)))? else { break };
        if go_live < least {
            least = go_live;
            best = Some((candidate, days, to_prepare));
        }
        if go_live <= target {
            break;
        }
    }
    let Some((on, days, to_prepare)) = best else { return Ok(None) };
    let gains = days_between(least, day(missed.expected));
    let after = plan::schedule(&network(&anchors.with_kickoff(on)))?;
    let feasibility = beginning_with(Compression::StartEarlier { days, gains }, missed, after);
    Ok(Some(EarlierKickoff { on, days, to_prepare, gains, feasibility }))
}

/// Days for an earlier kickoff, the latest first: each with how many working days earlier it is, and
/// how many it leaves to prepare.
fn candidates(from: Date, kickoff_on: Date, calendars: &Calendars) -> Vec<(Date, u32, u32)> {
    let mut working: Vec<Date> = Vec::new();
    let mut day = from;
    while day < kickoff_on {
        if both_work(&calendars.specs, day) {
            working.push(day);
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    let least = working.len().div_ceil(2);
    let count = |days: usize| u32::try_from(days).unwrap_or(u32::MAX);
    let candidate = |(index, day): (usize, &Date)| (*day, count(working.len() - index), count(index));
    let fits = |(index, day): &(usize, &Date)| *index >= least && day.weekday() != Weekday::Friday;
    working.iter().enumerate().rev().filter(fits).map(candidate).collect()
}

/// When the target task of a plan finishes.
fn go_live_after(spec: PlanSpec) -> Result<Option<Date>, PlanError> {
    // Without a target the engine does not look for compressions: only the dates are wanted here.
    let target = spec.target.as_ref().and_then(|target| target.task.clone());
    let schedule = plan::schedule(&PlanSpec { target: None, ..spec })?;
    let task = schedule.tasks.iter().find(|task| Some(&task.id) == target.as_ref());
    Ok(task.map(|task| day(task.early_finish)))
}

/// The target as missed now, with a change and whatever is still needed after it.
fn beginning_with(change: Compression, missed: &Feasibility, after: Schedule) -> Feasibility {
    let mut compressions = vec![change];
    let mut best = missed.best;
    if let Some(after) = after.feasibility {
        best = after.best.or(Some(after.expected));
        compressions.extend(after.compressions);
    }
    Feasibility { compressions, best, ..missed.clone() }
}
