//! An earlier kickoff for a go-live that would be missed.
//!
//! The kickoff is pinned in the plan, so that the engine never moves it. Where nobody has agreed on
//! it yet, holding it earlier is the change that asks nobody to work faster: it is tried on every day
//! on which both sides work and by which the preparation can be done.

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
    /// Calendar days the go-live comes earlier by this alone.
    pub gains: i64,
    /// The target against the plan as it is, with this kickoff as the first of the changes.
    pub feasibility: Feasibility,
}

impl EarlierKickoff {
    /// `3 working days earlier, on 6 January 2027`.
    pub fn in_words(&self) -> String {
        format!("{}, on {}", working_days_earlier(self.days), on(self.on))
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
/// with the customer or is not to come, or when no earlier one helps.
///
/// # Errors
/// When a plan cannot be scheduled.
pub(super) fn earlier(
    schedule: &Schedule,
    anchors: &Anchors,
    calendars: &Calendars,
    as_of: Date,
    network: &dyn Fn(&Anchors) -> PlanSpec,
) -> Result<Option<EarlierKickoff>, PlanError> {
    let missed = schedule.feasibility.as_ref().filter(|found| !found.feasible);
    let Some(missed) = missed.filter(|_| anchors.kickoff_is_open && anchors.target_is_a_date) else {
        return Ok(None);
    };
    let (target, expected) = (day(missed.target), day(missed.expected));
    let mut best: Option<(Date, Date, u32)> = None;
    let mut days = 0;
    let mut candidate = anchors.kickoff_on;
    while let Ok(previous) = candidate.yesterday() {
        candidate = previous;
        if candidate <= as_of {
            break;
        }
        if !both_work(&calendars.specs, candidate) {
            continue;
        }
        days += 1;
        if candidate.weekday() == Weekday::Friday {
            continue;
        }
        let Some(go_live) = go_live_after(network(&anchors.with_kickoff(candidate, as_of)), schedule)? else {
            break; // The preparation does not fit any more, nor will it on an earlier day.
        };
        if best.is_none_or(|(_, least, _)| go_live < least) {
            best = Some((candidate, go_live, days));
        }
        if go_live <= target {
            break;
        }
    }
    let Some((day, go_live, days)) = best.filter(|(_, go_live, _)| *go_live < expected) else {
        return Ok(None);
    };
    let gains = days_between(go_live, expected);
    let spec = network(&anchors.with_kickoff(day, as_of));
    let feasibility =
        beginning_with(Compression::StartEarlier { days, gains }, missed, plan::schedule(&spec)?);
    Ok(Some(EarlierKickoff { on: day, days, gains, feasibility }))
}

/// When the target task finishes in another plan; `None` when that plan has conflicts this one has not.
fn go_live_after(spec: PlanSpec, schedule: &Schedule) -> Result<Option<Date>, PlanError> {
    // Without a target the engine does not look for compressions: only the dates are wanted here.
    let target = spec.target.as_ref().and_then(|target| target.task.clone());
    let other = plan::schedule(&PlanSpec { target: None, ..spec })?;
    if other.conflicts.len() > schedule.conflicts.len() {
        return Ok(None);
    }
    let task = other.tasks.iter().find(|task| Some(&task.id) == target.as_ref());
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
