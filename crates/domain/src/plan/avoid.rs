//! Days on which a task must not happen although people work.

use jiff::civil::Weekday;

use super::{Avoid, PlanError};
use crate::calendar::{DayNumber, day_number};

/// Compiled form of [`Avoid`].
///
/// A milestone or one-day task must not lie on an avoided weekday or in an avoided period. A longer
/// task must neither start nor finish on an avoided weekday (in between it may pass over one: a
/// five-day task could avoid no weekday at all otherwise), and no day from its start to its finish
/// may lie in an avoided period: a blackout is kept free of it altogether.
#[derive(Debug, Clone)]
pub(super) struct AvoidRule {
    weekdays: u8,
    /// First day and one past the last, disjoint, sorted.
    periods: Vec<(DayNumber, DayNumber)>,
    /// Days on which a task may end all the same.
    allowed: Vec<DayNumber>,
}

impl AvoidRule {
    pub fn compile(task: &str, avoid: &Avoid) -> Result<Self, PlanError> {
        let weekdays =
            avoid.weekdays.iter().fold(0, |mask, day: &Weekday| mask | 1 << day.to_monday_zero_offset());
        let mut all = Vec::with_capacity(avoid.periods.len());
        for period in &avoid.periods {
            if period.to < period.from {
                let (from, to) = (period.from, period.to);
                return Err(PlanError::AvoidBackwards { task: task.to_owned(), from, to });
            }
            all.push((day_number(period.from), day_number(period.to) + 1));
        }
        all.sort_unstable();
        let mut periods: Vec<(DayNumber, DayNumber)> = Vec::with_capacity(all.len());
        for (from, until) in all {
            match periods.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => periods.push((from, until)),
            }
        }
        Ok(Self { weekdays, periods, allowed: avoid.allowed.iter().copied().map(day_number).collect() })
    }

    /// Whether a task from `first` to `last` (days, both included) breaks the rule; and if a
    /// period is the cause, which one.
    pub fn forbids(&self, first: DayNumber, last: DayNumber) -> Option<Forbidden> {
        if self.allowed.contains(&last) {
            return None;
        }
        let following = self.periods.partition_point(|&(from, _)| from <= last);
        let touched =
            following.checked_sub(1).and_then(|at| self.periods.get(at)).filter(|&&(_, until)| first < until);
        match touched {
            // Day by day where one of the period is allowed: a step over all of it would pass that by.
            Some(&(from, until)) if self.allowed.iter().any(|day| (from..until).contains(day)) => {
                Some(Forbidden::Weekday)
            }
            Some(&(from, until)) => Some(Forbidden::Period { from, until }),
            None if self.avoids_weekday(first) || self.avoids_weekday(last) => Some(Forbidden::Weekday),
            None => None,
        }
    }

    fn avoids_weekday(&self, day: DayNumber) -> bool {
        self.weekdays & (1 << day.rem_euclid(7)) != 0
    }
}

/// What an [`AvoidRule`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forbidden {
    Weekday,
    /// A period, from its first day until one past its last.
    Period {
        from: DayNumber,
        until: DayNumber,
    },
}
