//! The ledger: every day between the first and the last expected go-live, the change that moved it,
//! and who is responsible.
//!
//! Changes are replayed in the order in which they were made, the plan is scheduled after each, and
//! the difference is that change's. So entries always sum to the whole movement, and each is charged with
//! what it did *when it was made*: of two delays side by side the first costs, the second does not until it
//! is the longer one. Time that passes is a change too: it is replayed day by day, and a day on which the
//! go-live moves is charged to whoever does the task at the head of the critical path, which should
//! have happened on that day and did not.
//!
//! Business days are counted on one calendar throughout, so that they sum as calendar days do.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Change, ChangeError, Moved, go_live, moved, reflow_from};
use crate::calendar::{WorkCalendar, date_of, day_number};
use crate::plan::{LiveError, LivePlan, PlanError, Progress, Schedule};
use crate::programme::Side;

/// A change as it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// What changed.
    pub change: Change,
    /// Who is responsible, when somebody said so; otherwise whose task it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Side>,
    /// Why, in words.
    #[serde(default)]
    pub reason: String,
}

/// How the go-live (finish, in a plan without one) came to be where it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ledger {
    /// Go-live before the first change.
    pub first: Date,
    /// Go-live after the last.
    pub last: Date,
    /// Calendar days from the first to the last; negative when it came forward.
    pub calendar_days: i64,
    /// The same in business days of the calendar they are counted on.
    pub business_days: i64,
    /// What moved it, in order.
    pub entries: Vec<Entry>,
    /// Sums by party: vendor, customer, joint.
    pub parties: Vec<PartyTotal>,
}

/// A movement of the go-live, or a change that moved other dates or nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Which of the changes, from 0.
    pub change: usize,
    /// What about it moved the go-live.
    pub cause: Cause,
    /// Who is responsible.
    pub party: Side,
    /// Go-live before.
    pub from: Date,
    /// Go-live after.
    pub to: Date,
    /// Calendar days in between; negative when it came forward.
    pub calendar_days: i64,
    /// The same in business days.
    pub business_days: i64,
    /// All tasks whose planned dates moved.
    pub moved: Vec<Moved>,
}

/// What about a change moved the go-live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Cause {
    /// The change itself.
    Changed,
    /// Days passed on which a task did not get on that had to.
    Waited {
        /// The task; `None` when all that leads to the go-live is done.
        task: Option<String>,
        /// First day of waiting.
        since: Date,
        /// Last day of waiting.
        until: Date,
    },
}

/// What a party moved altogether.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartyTotal {
    /// The party.
    pub party: Side,
    /// Calendar days.
    pub calendar_days: i64,
    /// Business days.
    pub business_days: i64,
}

/// Replays changes from the plan as it first was (its baseline) and accounts for each movement.
/// `count_on` is the calendar business days are counted on, usually the vendor's.
///
/// # Errors
/// When a change does not fit the plan as it is by then, or the plan cannot be scheduled with it.
pub fn ledger(
    baseline: &LivePlan,
    changes: &[Recorded],
    count_on: &WorkCalendar,
) -> Result<Ledger, ChangeError> {
    let schedule = baseline.schedule()?;
    let first = go_live(baseline, &schedule)?;
    let mut book = Book { count_on, live: baseline.clone(), schedule, at: first, entries: Vec::new() };
    for (number, recorded) in changes.iter().enumerate() {
        match &recorded.change {
            Change::Passed { today } => book.wait(number, recorded, *today)?,
            _ => book.enter(number, recorded)?,
        }
    }
    let Book { entries, at: last, .. } = book;
    let parties = [Side::Vendor, Side::Customer, Side::Joint].map(|party| {
        let own = || entries.iter().filter(move |entry| entry.party == party);
        PartyTotal {
            party,
            calendar_days: own().map(|entry| entry.calendar_days).sum(),
            business_days: own().map(|entry| entry.business_days).sum(),
        }
    });
    Ok(Ledger {
        first,
        last,
        calendar_days: day_number(last) - day_number(first),
        business_days: count_on.workdays_between(first, last),
        parties: parties.to_vec(),
        entries,
    })
}

/// Days on which the go-live moved for the same reason.
struct Stretch {
    task: Option<String>,
    since: Date,
    until: Date,
    /// The schedule before.
    opened: Schedule,
    /// Go-live after.
    to: Date,
}

/// The ledger being written.
struct Book<'a> {
    count_on: &'a WorkCalendar,
    live: LivePlan,
    schedule: Schedule,
    /// Go-live as it stands.
    at: Date,
    entries: Vec<Entry>,
}

impl Book<'_> {
    fn enter(&mut self, number: usize, recorded: &Recorded) -> Result<(), ChangeError> {
        let party = recorded.party.or_else(|| recorded.change.usual_party(&self.live));
        let next = reflow_from(&self.live, &self.schedule, &recorded.change)?;
        self.push(number, Cause::Changed, party.unwrap_or(Side::Joint), next.go_live, next.moved);
        (self.live, self.schedule) = (next.plan, next.schedule);
        Ok(())
    }

    /// Lets time pass day by day. Passing days never bring anything forward, so when nothing has
    /// moved at the end, nothing has in between.
    fn wait(&mut self, number: usize, recorded: &Recorded, until: Date) -> Result<(), ChangeError> {
        let end = reflow_from(&self.live, &self.schedule, &recorded.change)?;
        if end.moved.is_empty() && end.go_live == self.at {
            self.live = end.plan;
            return Ok(());
        }
        let mut stretch: Option<Stretch> = None;
        let mut opening = Some(self.schedule.clone());
        for day in day_number(self.live.today)..day_number(until) {
            let waited_on = self.live.today;
            let today = date_of(day + 1);
            self.live.today = today.ok_or_else(|| LiveError::from(PlanError::OutOfRange("today".into())))?;
            let after = self.live.schedule()?;
            let to = go_live(&self.live, &after)?;
            let reached = stretch.as_ref().map_or(self.at, |open| open.to);
            let before = std::mem::replace(&mut self.schedule, after);
            if to == reached {
                continue;
            }
            let task = self.head();
            match &mut stretch {
                Some(open) if open.task == task => (open.until, open.to) = (waited_on, to),
                _ => {
                    if let Some(over) = stretch.take() {
                        self.close(number, recorded, over, &before)?;
                    }
                    let opened = opening.take().unwrap_or(before);
                    stretch = Some(Stretch { task, since: waited_on, until: waited_on, opened, to });
                }
            }
        }
        match stretch {
            Some(over) => {
                let last = self.schedule.clone();
                self.close(number, recorded, over, &last)?;
            }
            None => {
                // Dates moved, but not the one that counts.
                let party = recorded.party.or_else(|| end.moved.first().map(|moved| moved.owner));
                self.push(number, Cause::Changed, party.unwrap_or(Side::Joint), end.go_live, end.moved);
            }
        }
        Ok(())
    }

    /// Enters a stretch of waiting; `after` is the schedule at its end.
    fn close(
        &mut self,
        number: usize,
        recorded: &Recorded,
        over: Stretch,
        after: &Schedule,
    ) -> Result<(), ChangeError> {
        let party = recorded.party.or_else(|| over.task.as_ref().map(|task| self.live.owner(task)));
        let moved = moved(&self.live, &over.opened, after)?;
        let cause = Cause::Waited { task: over.task, since: over.since, until: over.until };
        self.push(number, cause, party.unwrap_or(Side::Joint), over.to, moved);
        Ok(())
    }

    /// The first task of the critical path that is not done.
    fn head(&self) -> Option<String> {
        let open = |id: &&String| !matches!(self.live.task(id).progress, Progress::Done { .. });
        self.schedule.critical_path.iter().find(open).cloned()
    }

    fn push(&mut self, change: usize, cause: Cause, party: Side, to: Date, moved: Vec<Moved>) {
        let from = self.at;
        self.entries.push(Entry {
            change,
            cause,
            party,
            from,
            to,
            calendar_days: day_number(to) - day_number(from),
            business_days: self.count_on.workdays_between(from, to),
            moved,
        });
        self.at = to;
    }
}
