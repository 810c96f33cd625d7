//! Ways to meet a missed target: the fewest changes, then the fewest days, each tried out.
//!
//! Only what determines the target's date can help, so candidates come from the driving chain to it:
//! doing a task in fewer days (down to half of its duration), or letting two tasks of a finish-start
//! link overlap (up to half of the shorter). First every single change is tried, then every pair,
//! then the best is taken again and again; what turns out not to be needed is given back. If four
//! changes do not suffice, starting the whole plan earlier is offered if that alone meets the target.
//! When nothing meets it, the changes that come nearest are offered all the same, and how near that is.
//! Every gain stated is the difference between two schedules, never an estimate.

use super::network::Network;
use super::pass::{driving_chain, driving_edge, forward, last_task, shown_finish};
use super::timeline::Timeline;
use super::{Compression, LinkKind};
use crate::calendar::DayNumber;

/// Changes a plan is worth before starting earlier is the better advice.
const FEW: usize = 4;
/// Changes after which the search gives up.
const MOST: usize = 12;
/// Changes worth proposing when even all of them miss the target.
const NEAREST: usize = 6;
/// Earliest start looked at, in working days: one year.
const MOST_DAYS_EARLIER: i64 = 250;
/// Tasks visited in all trials together: keeps the search near a tenth of a second.
const EFFORT: usize = 3_000_000;

/// What can be done about a missed target.
#[derive(Debug)]
pub(super) struct Remedy {
    pub changes: Vec<Compression>,
    /// When the target task (or plan) is shown to finish with all of the changes.
    pub finish: DayNumber,
}

/// Finds the changes that meet the target, or else those that come nearest to it; `None` when
/// nothing moves the finish forward.
pub(super) fn find(net: &Network<'_>, task: Option<usize>, target: DayNumber) -> Option<Remedy> {
    let budget = EFFORT / net.nodes.len().max(1);
    let mut search = Search { net: net.clone(), task, target, budget };
    let (changes, earlier) = match search.few() {
        Some(changes) => (changes, None),
        None => search.many(),
    };
    (!changes.is_empty() || earlier.is_some()).then(|| search.report(&changes, earlier))
}

/// A change of the plan: `days` off a task, or `days` of overlap on a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    what: What,
    days: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Shorten(usize),
    Overlap(usize),
}

/// Another start of the plan: how many working days earlier, and which day that is.
#[derive(Debug, Clone, Copy)]
struct Earlier {
    days: u32,
    start: DayNumber,
}

struct Search<'a> {
    net: Network<'a>,
    task: Option<usize>,
    target: DayNumber,
    /// Schedules still to be tried.
    budget: usize,
}

impl Search<'_> {
    /// Up to [`FEW`] changes.
    fn few(&mut self) -> Option<Vec<Change>> {
        let candidates = self.candidates(&[]);
        let mut best: Option<Vec<Change>> = None;
        for &candidate in &candidates {
            if let Some(enough) = self.least_days(&[], candidate) {
                keep_cheaper(&mut best, vec![enough]);
            }
        }
        if best.is_none() {
            best = self.pair(&candidates);
        }
        best.or_else(|| {
            let changes = self.greedy(FEW);
            let met = self.finish_with(&changes, self.net.start) <= self.target;
            met.then(|| self.prune(changes))
        })
    }

    /// Starting earlier, many changes, or both; failing that, whatever comes nearest.
    fn many(&mut self) -> (Vec<Change>, Option<Earlier>) {
        let whole = self.days_earlier(&[]);
        if whole.is_some() {
            return (Vec::new(), whole);
        }
        let changes = self.greedy(MOST);
        if self.finish_with(&changes, self.net.start) <= self.target {
            return (self.prune(changes), None);
        }
        match self.days_earlier(&changes) {
            Some(earlier) => (changes, Some(earlier)),
            None => self.nearest(changes),
        }
    }

    /// Of changes that do not suffice: the first few, without those the finish does not need, and the
    /// earlier start, if there is one, that helps further.
    fn nearest(&mut self, mut changes: Vec<Change>) -> (Vec<Change>, Option<Earlier>) {
        changes.truncate(NEAREST);
        self.budget = self.budget.max(changes.len() + 1);
        let start = self.net.start;
        // Doing less can also delay, where a finish is tied to a finish: the last step is not always the best.
        let finishes: Vec<DayNumber> = (0..=changes.len())
            .map(|count| self.finish_with(changes.get(..count).unwrap_or_default(), start))
            .collect();
        let best = finishes.iter().copied().zip(0..).min();
        let (finish, count) = best.unwrap_or((self.target, 0));
        changes.truncate(count);
        // From here on the best that can be had is the target: what it does not need is given back.
        self.target = finish;
        let changes = self.prune(changes);
        let earliest = self.earlier(MOST_DAYS_EARLIER);
        let possible = self.finish_with(&changes, earliest);
        if possible >= finish {
            return (changes, None);
        }
        self.target = possible;
        let earlier = self.days_earlier(&changes);
        (changes, earlier)
    }

    /// Two changes: any first one at its most, then what the chain that is left offers.
    fn pair(&mut self, candidates: &[Change]) -> Option<Vec<Change>> {
        let mut best = None;
        for &first in candidates {
            for second in self.candidates(&[first]) {
                if self.budget == 0 {
                    return best;
                }
                if second.what != first.what
                    && let Some(second) = self.least_days(&[first], second)
                    && let Some(first) = self.least_days(&[second], first)
                {
                    keep_cheaper(&mut best, vec![first, second]);
                }
            }
        }
        best
    }

    /// Takes the change that gains most (then the one of fewest days, then the earliest in the
    /// chain) until the target is met, nothing is left, or `most` changes are made.
    fn greedy(&mut self, most: usize) -> Vec<Change> {
        let mut changes: Vec<Change> = Vec::new();
        while changes.len() < most && self.finish_with(&changes, self.net.start) > self.target {
            let mut best: Option<(DayNumber, Change)> = None;
            for candidate in self.candidates(&changes) {
                changes.push(candidate);
                let finish = self.finish_with(&changes, self.net.start);
                changes.pop();
                if best.is_none_or(|(least, chosen)| (finish, candidate.days) < (least, chosen.days)) {
                    best = Some((finish, candidate));
                }
            }
            match best {
                Some((_, change)) if self.budget > 0 => changes.push(change),
                _ => break,
            }
        }
        changes
    }

    /// Gives back changes, then days, that are not needed; the last made first.
    fn prune(&mut self, mut changes: Vec<Change>) -> Vec<Change> {
        for at in (0..changes.len()).rev() {
            let change = changes.remove(at);
            if self.finish_with(&changes, self.net.start) > self.target {
                let enough = self.least_days(&changes, change).unwrap_or(change);
                changes.insert(at, enough);
            }
        }
        changes
    }

    /// The fewest days of a change that meet the target together with others; `None` if even its most do not.
    fn least_days(&mut self, others: &[Change], change: Change) -> Option<Change> {
        let mut changes = others.to_vec();
        changes.push(change);
        let mut meets = |days: i64| {
            if let Some(last) = changes.last_mut() {
                last.days = days;
            }
            self.finish_with(&changes, self.net.start) <= self.target
        };
        if !meets(change.days) {
            return None;
        }
        let (mut too_few, mut enough) = (0, change.days);
        while enough - too_few > 1 {
            let middle = too_few + (enough - too_few) / 2;
            if meets(middle) { enough = middle } else { too_few = middle }
        }
        Some(Change { days: enough, ..change })
    }

    /// Changes at their most along the driving chain, given others already made.
    fn candidates(&mut self, made: &[Change]) -> Vec<Change> {
        self.budget = self.budget.saturating_sub(1);
        let changed = self.with(made);
        let line = Timeline::new(&changed, changed.start);
        let Ok(dates) = forward(&line) else { return Vec::new() };
        let Some(end) = self.task.or_else(|| last_task(&line, &dates, &dates.early)) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for task in driving_chain(&line, &dates, end) {
            if let Some(edge) = driving_edge(&line, &dates, task) {
                let link = changed.edges[edge];
                let shorter = changed.nodes[link.from].duration.min(changed.nodes[link.to].duration);
                // A lag is there for a reason of its own, such as a delivery: it is left alone.
                let plain = link.kind == LinkKind::FinishStart && link.lag == 0;
                found.push((What::Overlap(edge), if plain { shorter / 2 } else { 0 }));
            }
            found.push((What::Shorten(task), changed.nodes[task].duration / 2));
        }
        found
            .into_iter()
            .filter(|&(what, days)| days > 0 && made.iter().all(|change| change.what != what))
            .map(|(what, days)| Change { what, days })
            .collect()
    }

    /// How many working days earlier the plan must start to meet the target, if that is within reach.
    fn days_earlier(&mut self, changes: &[Change]) -> Option<Earlier> {
        let mut meets = |days: i64| {
            let from = self.earlier(days);
            self.finish_with(changes, from) <= self.target
        };
        if !meets(MOST_DAYS_EARLIER) {
            return None;
        }
        let (mut too_few, mut enough) = (0, MOST_DAYS_EARLIER);
        while enough - too_few > 1 {
            let middle = too_few + (enough - too_few) / 2;
            if meets(middle) { enough = middle } else { too_few = middle }
        }
        Some(Earlier { days: u32::try_from(enough).ok()?, start: self.earlier(enough) })
    }

    /// The start so many working days of the first calendar earlier; a continuous plan begins at 0 for good.
    fn earlier(&self, days: i64) -> DayNumber {
        match self.net.calendars.first() {
            Some(calendar) if self.net.business => {
                calendar.day_of(calendar.worked_before(self.net.start) - days)
            }
            _ => self.net.start,
        }
    }

    /// When the target task (or plan) finishes with changes and another start; never, once the effort is spent.
    fn finish_with(&mut self, changes: &[Change], start: DayNumber) -> DayNumber {
        if self.budget == 0 {
            return DayNumber::MAX / 4;
        }
        self.budget -= 1;
        for change in changes {
            apply(&mut self.net, change.what, -change.days);
        }
        let line = Timeline::new(&self.net, start);
        let finish =
            forward(&line).map_or(DayNumber::MAX / 4, |dates| shown_finish(&line, &dates, self.task));
        for change in changes {
            apply(&mut self.net, change.what, change.days);
        }
        finish
    }

    fn with(&self, changes: &[Change]) -> Network<'_> {
        let mut net = self.net.clone();
        for change in changes {
            apply(&mut net, change.what, -change.days);
        }
        net
    }

    /// States each change with what it gains after those before it.
    fn report(&mut self, changes: &[Change], earlier: Option<Earlier>) -> Remedy {
        self.budget = self.budget.max(changes.len() + 2);
        let start = self.net.start;
        let mut finish = self.finish_with(&[], start);
        let mut report = Vec::with_capacity(changes.len() + 1);
        for (at, change) in changes.iter().enumerate() {
            let now = self.finish_with(changes.get(..=at).unwrap_or_default(), start);
            report.push(self.state(change, finish - now));
            finish = now;
        }
        if let Some(Earlier { days, start }) = earlier {
            let now = self.finish_with(changes, start);
            report.push(Compression::StartEarlier { days, gains: finish - now });
            finish = now;
        }
        Remedy { changes: report, finish }
    }

    fn state(&self, change: &Change, gains: i64) -> Compression {
        let days = |days: i64| u32::try_from(days).unwrap_or(u32::MAX);
        match change.what {
            What::Shorten(task) => {
                let from = self.net.nodes[task].duration;
                let id = self.net.id(task).to_owned();
                Compression::Shorten { task: id, from: days(from), to: days(from - change.days), gains }
            }
            What::Overlap(edge) => {
                let link = self.net.edges[edge];
                let (from, to) = (self.net.id(link.from).to_owned(), self.net.id(link.to).to_owned());
                Compression::Overlap { from, to, days: days(change.days), gains }
            }
        }
    }
}

fn apply(net: &mut Network<'_>, what: What, days: i64) {
    match what {
        What::Shorten(task) => net.nodes[task].duration += days,
        What::Overlap(edge) => net.edges[edge].lag += days,
    }
}

/// Keeps the set of fewer days; the earlier found wins a tie.
fn keep_cheaper(best: &mut Option<Vec<Change>>, changes: Vec<Change>) {
    let days = |changes: &[Change]| changes.iter().map(|change| change.days).sum::<i64>();
    if best.as_ref().is_none_or(|best| days(&changes) < days(best)) {
        *best = Some(changes);
    }
}
