//! Tasks that repeat: when a series falls due, and how its occurrences come into a running plan.
//!
//! An occurrence is known by the day its rhythm names (`due`), also when it is done on another because nobody works
//! on that one: so it is made exactly once. Occurrences are tasks of the plan like others, but nothing waits for
//! them: they move neither go-live nor end, and adding them moves nothing else.

mod follow;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{LONGEST_NAME, checked_days, said};
use super::outlook::calendar;
use super::{Assignee, RunningPlan, WorkError};
use crate::calendar::{CalendarError, WeekdayName, WorkCalendar};
use crate::programme::Side;

pub(in crate::work) use follow::is_tied;
pub use follow::{Follow, Followed, follow};

/// Calendar days ahead for which occurrences are tasks of the plan.
pub const HORIZON: i64 = 28;
/// Most occurrences of one series.
pub const MOST_TIMES: u32 = 500;
/// Longest way from one occurrence to the next, in working days or weeks.
const LONGEST_STEP: u32 = 260;
/// Days a rhythm is followed before it is given up: every working day of twenty years, and more.
const MOST_STEPS: i64 = 8_000;

/// How often a task repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(rename = "SeriesRhythm")]
pub enum Rhythm {
    /// Every so many working days of its side.
    WorkingDays {
        /// 1 is every working day; at most 260.
        every: u32,
    },
    /// On a day of the week.
    Weeks {
        /// 1 is every week; at most 260.
        every: u32,
        /// The day.
        on: WeekdayName,
    },
    /// On a day of the month; on its last day where the month is shorter.
    MonthDay {
        /// 1 to 31.
        day: u8,
    },
    /// On the first, second, third, fourth or last such weekday of the month.
    MonthWeekday {
        /// Which.
        nth: Nth,
        /// The day.
        on: WeekdayName,
    },
}

/// Which of the same weekdays of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "SeriesNth")]
pub enum Nth {
    /// The first.
    First,
    /// The second.
    Second,
    /// The third.
    Third,
    /// The fourth.
    Fourth,
    /// The last.
    Last,
}

impl Nth {
    /// All, in order.
    pub const ALL: [Self; 5] = [Self::First, Self::Second, Self::Third, Self::Fourth, Self::Last];

    /// As people say it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Third => "third",
            Self::Fourth => "fourth",
            Self::Last => "last",
        }
    }

    fn number(self) -> i8 {
        match self {
            Self::First => 1,
            Self::Second => 2,
            Self::Third => 3,
            Self::Fourth => 4,
            Self::Last => -1,
        }
    }
}

/// When a series is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum SeriesEnd {
    /// After a day.
    On {
        /// The last day allowed.
        date: Date,
    },
    /// After so many occurrences.
    Times {
        /// 1 to 500.
        times: u32,
    },
    /// With a task or milestone of the plan, wherever it moves.
    With {
        /// Its code; the go-live when it leaves the plan.
        code: String,
    },
}

/// A task that repeats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// What is done each time.
    pub name: String,
    /// Whose calendar it runs on, and who answers for it.
    pub side: Side,
    /// Role as people see it; may be empty.
    #[serde(default)]
    pub role: String,
    /// Who does it.
    #[serde(default)]
    pub assignee: Option<Assignee>,
    /// Working days each time.
    pub days: u32,
    /// Phase (its code); the one that runs on the day when none is said.
    #[serde(default)]
    pub phase: Option<String>,
    /// How often.
    pub rhythm: Rhythm,
    /// The rhythm begins then; nothing is due before.
    pub starts_on: Date,
    /// When it is over.
    pub end: SeriesEnd,
}

/// Whether a series goes on. Who said so is in the activity log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SeriesState {
    /// Occurrences are made.
    Running,
    /// None are made for now.
    Paused {
        /// Since when.
        since: Date,
    },
    /// None are made any more.
    Ended {
        /// Since when.
        on: Date,
    },
}

impl SeriesState {
    /// The word of the state.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused { .. } => "paused",
            Self::Ended { .. } => "ended",
        }
    }

    /// No occurrences for now.
    ///
    /// # Errors
    /// When it does not run.
    pub fn pause(self, since: Date) -> Result<Self, SeriesError> {
        match self {
            Self::Running => Ok(Self::Paused { since }),
            other => Err(other.refuse("paused")),
        }
    }

    /// Occurrences again.
    ///
    /// # Errors
    /// When it is not paused.
    pub fn resume(self) -> Result<Self, SeriesError> {
        match self {
            Self::Paused { .. } => Ok(Self::Running),
            other => Err(other.refuse("resumed")),
        }
    }

    /// No occurrences any more.
    ///
    /// # Errors
    /// When it is ended already.
    pub fn end(self, on: Date) -> Result<Self, SeriesError> {
        match self {
            Self::Running | Self::Paused { .. } => Ok(Self::Ended { on }),
            Self::Ended { .. } => Err(self.refuse("ended")),
        }
    }

    fn refuse(self, to: &'static str) -> SeriesError {
        SeriesError { from: self.word(), to }
    }
}

/// A transition that the state of a series does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a series that is {from} cannot be {to}")]
pub struct SeriesError {
    from: &'static str,
    to: &'static str,
}

/// One time a series is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// The day its rhythm names: what it is known by.
    pub due: Date,
    /// The day it begins: the same, or the next its side works on.
    pub on: Date,
}

impl Series {
    /// The same with its texts on one line, when it can be followed in this plan.
    ///
    /// # Errors
    /// [`WorkError::Invalid`] with what is wrong, [`WorkError::Unknown`] for an end that is not in the plan.
    pub fn checked(self, plan: &RunningPlan, today: Date) -> Result<Self, WorkError> {
        let name = said("name", &self.name, LONGEST_NAME)?;
        let role =
            if self.role.trim().is_empty() { String::new() } else { said("role", &self.role, LONGEST_NAME)? };
        let days = checked_days(self.days)?;
        let step = |every: u32| {
            if (1..=LONGEST_STEP).contains(&every) {
                Ok(())
            } else {
                Err(WorkError::invalid("rhythm", format!("must come every 1 to {LONGEST_STEP}")))
            }
        };
        match self.rhythm {
            Rhythm::WorkingDays { every } | Rhythm::Weeks { every, .. } => step(every)?,
            Rhythm::MonthDay { day } if !(1..=31).contains(&day) => {
                return Err(WorkError::invalid("rhythm", "names a day no month has: 1 to 31"));
            }
            Rhythm::MonthDay { .. } | Rhythm::MonthWeekday { .. } => {}
        }
        if self.starts_on < today.saturating_sub(5.years())
            || self.starts_on > today.saturating_add(5.years())
        {
            return Err(WorkError::invalid("starts_on", "is more than five years away"));
        }
        match &self.end {
            SeriesEnd::On { date } if *date < self.starts_on => {
                return Err(WorkError::invalid("end", "comes before the start"));
            }
            SeriesEnd::Times { times } if !(1..=MOST_TIMES).contains(times) => {
                return Err(WorkError::invalid("end", format!("must come after 1 to {MOST_TIMES} times")));
            }
            SeriesEnd::With { code } if plan.task(code).is_none() && plan.milestone(code).is_none() => {
                return Err(WorkError::Unknown(code.clone()));
            }
            _ => {}
        }
        if let Some(phase) = &self.phase
            && !plan.phases.iter().any(|known| known.code == *phase)
        {
            return Err(WorkError::invalid("phase", "is none of this plan"));
        }
        Ok(Self { name, role, days, ..self })
    }

    /// How often, as people say it.
    #[must_use]
    pub fn rhythm_in_words(&self) -> String {
        match self.rhythm {
            Rhythm::WorkingDays { every: 1 } => "every working day".to_owned(),
            Rhythm::WorkingDays { every } => format!("every {every} working days"),
            Rhythm::Weeks { every: 1, on } => format!("every {}", weekday(on)),
            Rhythm::Weeks { every, on } => format!("every {every} weeks on {}", weekday(on)),
            Rhythm::MonthDay { day: 31 } => "on the last day of each month".to_owned(),
            Rhythm::MonthDay { day } => format!("on day {day} of each month"),
            Rhythm::MonthWeekday { nth, on } => {
                format!("on the {} {} of each month", nth.word(), weekday(on))
            }
        }
    }

    /// Until when, as people say it.
    #[must_use]
    pub fn end_in_words(&self, plan: &RunningPlan) -> String {
        match &self.end {
            SeriesEnd::On { date } => format!("until {}", date.strftime("%-d %b %Y")),
            SeriesEnd::Times { times: 1 } => "once".to_owned(),
            SeriesEnd::Times { times } => format!("{times} times"),
            SeriesEnd::With { code } => format!("until “{}”", plan.name(code)),
        }
    }

    /// The last day on which it may be due; none when only their number ends it.
    #[must_use]
    pub fn last_day(&self, plan: &RunningPlan) -> Option<Date> {
        match &self.end {
            SeriesEnd::On { date } => Some(*date),
            SeriesEnd::Times { .. } => None,
            SeriesEnd::With { code } => {
                let task = plan.task(code).map(|task| task.finish);
                let milestone = || plan.milestone(code).map(|one| one.planned);
                Some(task.or_else(milestone).unwrap_or_else(|| plan.promise().go_live))
            }
        }
    }

    /// When it is due from one day to another, beside what was made of it already.
    ///
    /// # Errors
    /// When the calendars of its side have no working day.
    pub fn due(
        &self,
        plan: &RunningPlan,
        made: &BTreeSet<Date>,
        from: Date,
        until: Date,
    ) -> Result<Vec<Occurrence>, CalendarError> {
        let calendar = calendar(plan, self.side)?;
        let last = self.last_day(plan).unwrap_or(Date::MAX);
        let left = match self.end {
            SeriesEnd::Times { times } => (times as usize).saturating_sub(made.len()),
            _ => usize::MAX,
        };
        // Where the calendar says which days there are, another calendar must not name those beside again.
        let after = match self.rhythm {
            Rhythm::WorkingDays { .. } => made.last().copied().unwrap_or(Date::MIN),
            _ => Date::MIN,
        };
        let mut taken: BTreeSet<Date> = made.iter().map(|due| calendar.next_workday(*due)).collect();
        let mut found = Vec::new();
        for step in 0..MOST_STEPS {
            let Some(due) = self.nth_due(&calendar, step) else { continue };
            if due > until.min(last) || found.len() >= left {
                break;
            }
            let is_new = due >= self.starts_on && due >= from && due > after && !made.contains(&due);
            let on = calendar.next_workday(due);
            // Two that fall on one day are one.
            if is_new && on <= last && taken.insert(on) {
                found.push(Occurrence { due, on });
            }
        }
        Ok(found)
    }

    /// The n-th day the rhythm names, from the month or week it begins in; none in a month that lacks it.
    fn nth_due(&self, calendar: &WorkCalendar, step: i64) -> Option<Date> {
        match self.rhythm {
            Rhythm::WorkingDays { every } => {
                let first = calendar.next_workday(self.starts_on);
                Some(calendar.add_workdays(first, step.saturating_mul(i64::from(every))))
            }
            Rhythm::Weeks { every, on } => {
                let ahead = self.starts_on.weekday().until(Weekday::from(on));
                let days = i64::from(ahead).saturating_add(step.saturating_mul(7 * i64::from(every)));
                self.starts_on.checked_add(Span::new().try_days(days).ok()?).ok()
            }
            Rhythm::MonthDay { day } => {
                let month = self.month(step)?;
                let day = i8::try_from(day).unwrap_or(i8::MAX).min(month.days_in_month());
                month.with().day(day).build().ok()
            }
            Rhythm::MonthWeekday { nth, on } => {
                self.month(step)?.nth_weekday_of_month(nth.number(), Weekday::from(on)).ok()
            }
        }
    }

    /// The first day of the n-th month.
    fn month(&self, step: i64) -> Option<Date> {
        let months = Span::new().try_months(step).ok()?;
        self.starts_on.first_of_month().checked_add(months).ok()
    }
}

fn weekday(name: WeekdayName) -> &'static str {
    match name {
        WeekdayName::Monday => "Monday",
        WeekdayName::Tuesday => "Tuesday",
        WeekdayName::Wednesday => "Wednesday",
        WeekdayName::Thursday => "Thursday",
        WeekdayName::Friday => "Friday",
        WeekdayName::Saturday => "Saturday",
        WeekdayName::Sunday => "Sunday",
    }
}
