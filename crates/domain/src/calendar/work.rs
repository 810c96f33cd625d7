//! The working days of a party, with arithmetic that never walks day by day.
//!
//! A calendar is a weekly pattern minus a sorted list of periods off. The number of working days
//! before any day is the weekly count minus what the periods took away, and the inverse is as
//! direct: both cost one binary search over the periods, however far apart the days are. There
//! is no window to grow and nothing to run out of.

use jiff::civil::{Date, Weekday};

use super::{DayNumber, date_of, day_number};
use crate::plan::CalendarSpec;

/// Why a calendar cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Every day of the week is a weekend, or a closed period covers all of time.
    #[error(
        "calendar `{calendar}` has no working days: leave at least one weekday out of its weekend and closed periods"
    )]
    NoWorkingDays {
        /// Id of the calendar; ids joined by ` + ` for an intersection.
        calendar: String,
    },
    /// A closed period ends before it begins.
    #[error("calendar `{calendar}`: the closed period from {from} ends earlier, on {to}")]
    PeriodBackwards {
        /// Id of the calendar.
        calendar: String,
        /// First day of the period.
        from: Date,
        /// Last day of the period.
        to: Date,
    },
}

/// Why nobody works on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayOff {
    /// It is a weekly day off.
    Weekend(Weekday),
    /// It is a holiday, by name (may be empty).
    Holiday(String),
    /// It lies in a closed period, with its reason (may be empty).
    Closed(String),
}

impl std::fmt::Display for DayOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Weekend(day) => write!(f, "{day:?}"),
            Self::Holiday(name) | Self::Closed(name) if !name.is_empty() => f.write_str(name),
            Self::Holiday(_) => f.write_str("holiday"),
            Self::Closed(_) => f.write_str("closed"),
        }
    }
}

/// The working days of one party, or the common working days of several.
#[derive(Debug, Clone)]
pub struct WorkCalendar {
    id: String,
    week: Week,
    /// Disjoint, sorted, never touching.
    off: Vec<Off>,
    /// Named days and periods for [`WorkCalendar::day_off`], sorted by first day.
    named: Vec<Named>,
}

#[derive(Debug, Clone, Copy)]
struct Off {
    from: DayNumber,
    /// One past the last day off.
    until: DayNumber,
    /// Working days (of the whole calendar) before `from`.
    worked: i64,
    /// Working days of the weekly pattern that this period and those before it took away.
    taken: i64,
}

#[derive(Debug, Clone)]
struct Named {
    from: DayNumber,
    to: DayNumber,
    why: DayOff,
}

impl WorkCalendar {
    /// The calendar of a specification.
    ///
    /// # Errors
    /// When no working day is left, or a closed period ends before it begins.
    pub fn from_spec(spec: &CalendarSpec) -> Result<Self, CalendarError> {
        let mut named = Vec::with_capacity(spec.holidays.len() + spec.closed.len());
        for holiday in &spec.holidays {
            let day = day_number(holiday.date);
            named.push(Named { from: day, to: day, why: DayOff::Holiday(holiday.name.clone()) });
        }
        for closed in &spec.closed {
            if closed.to < closed.from {
                let (from, to) = (closed.from, closed.to);
                return Err(CalendarError::PeriodBackwards { calendar: spec.id.clone(), from, to });
            }
            let (from, to) = (day_number(closed.from), day_number(closed.to));
            named.push(Named { from, to, why: DayOff::Closed(closed.reason.clone()) });
        }
        Self::build(spec.id.clone(), Week::without(&spec.weekend), named)
    }

    /// Monday to Friday, no holidays.
    #[must_use]
    pub fn monday_to_friday(id: impl Into<String>) -> Self {
        let week = Week::without(&[Weekday::Saturday, Weekday::Sunday]);
        Self { id: id.into(), week, off: Vec::new(), named: Vec::new() }
    }

    /// A calendar on which every day is worked, for plans whose time is plain numbers.
    pub(crate) fn every_day() -> Self {
        Self { id: String::new(), week: Week::without(&[]), off: Vec::new(), named: Vec::new() }
    }

    /// The days on which all of the calendars work, for a task several parties do together.
    ///
    /// # Errors
    /// When they have no working day in common.
    pub fn intersection(calendars: &[&Self]) -> Result<Self, CalendarError> {
        let id = calendars.iter().map(|calendar| calendar.id.as_str()).collect::<Vec<_>>().join(" + ");
        let mask = calendars.iter().fold(Week::ALL, |mask, calendar| mask & calendar.week.mask);
        let named = calendars.iter().flat_map(|calendar| calendar.named.iter().cloned()).collect();
        Self::build(id, Week::from_mask(mask), named)
    }

    fn build(id: String, week: Week, mut named: Vec<Named>) -> Result<Self, CalendarError> {
        named.sort_by_key(|period| (period.from, period.to));
        let all_of_time = (day_number(Date::MIN), day_number(Date::MAX));
        let off = merge(&week, &named);
        let nothing_left =
            off.iter().any(|period| period.from <= all_of_time.0 && period.until > all_of_time.1);
        if week.mask == 0 || nothing_left {
            return Err(CalendarError::NoWorkingDays { calendar: id });
        }
        Ok(Self { id, week, off, named })
    }

    /// Id of the calendar; ids joined by ` + ` for an intersection.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether the day is worked.
    #[must_use]
    pub fn is_workday(&self, date: Date) -> bool {
        self.works_on(day_number(date))
    }

    /// Why the day is not worked; `None` for a working day. A holiday's name wins over a weekend.
    #[must_use]
    pub fn day_off(&self, date: Date) -> Option<DayOff> {
        let day = day_number(date);
        let named = self.named.iter().take_while(|period| period.from <= day).find(|period| day <= period.to);
        match named {
            Some(period) => Some(period.why.clone()),
            None if self.week.works(day) => None,
            None => Some(DayOff::Weekend(date.weekday())),
        }
    }

    /// The first working day on or after `date`; the last day of time if there is none.
    #[must_use]
    pub fn next_workday(&self, date: Date) -> Date {
        to_date(self.day_of(self.worked_before(day_number(date))))
    }

    /// The last working day on or before `date`; the first day of time if there is none.
    #[must_use]
    pub fn prev_workday(&self, date: Date) -> Date {
        to_date(self.day_of(self.worked_before(day_number(date) + 1) - 1))
    }

    /// The `days`-th working day after `date` (before it, when negative), `date` itself not counted
    /// whether it is worked or not: the day after a Sunday's next working day is Monday. With 0,
    /// the first working day on or after `date`. Stops at the ends of time (years -9999, 9999).
    #[must_use]
    pub fn add_workdays(&self, date: Date, days: i64) -> Date {
        let day = day_number(date);
        let first = match days {
            1.. => self.worked_before(day + 1) - 1,
            _ => self.worked_before(day),
        };
        // All of time has fewer days than that.
        to_date(self.day_of(first + days.clamp(-8_000_000, 8_000_000)))
    }

    /// Working days from `from` (included) to `to` (excluded); negative when `to` is earlier.
    #[must_use]
    pub fn workdays_between(&self, from: Date, to: Date) -> i64 {
        self.worked_before(day_number(to)) - self.worked_before(day_number(from))
    }

    /// Whether the day is worked, by number.
    pub(crate) fn works_on(&self, day: DayNumber) -> bool {
        self.week.works(day) && self.period_before(day + 1).is_none_or(|period| day >= period.until)
    }

    /// Whether each day from `first` on is worked.
    pub(crate) fn worked_from(&self, first: DayNumber) -> impl Iterator<Item = bool> {
        let over = self.off.partition_point(|period| period.until <= first);
        let mut ahead = self.off.get(over..).unwrap_or_default();
        (first..).map(move |day| {
            if let [period, later @ ..] = ahead
                && period.until <= day
            {
                ahead = later;
            }
            self.week.works(day) && ahead.first().is_none_or(|period| day < period.from)
        })
    }

    /// Working days before `day`, counted from an arbitrary fixed day: the index of the first
    /// working day on or after it.
    pub(crate) fn worked_before(&self, day: DayNumber) -> i64 {
        match self.period_before(day) {
            None => self.week.worked_before(day),
            Some(period) if day <= period.until => period.worked,
            Some(period) => self.week.worked_before(day) - period.taken,
        }
    }

    /// The working day with that index: the inverse of [`Self::worked_before`].
    pub(crate) fn day_of(&self, index: i64) -> DayNumber {
        let following = self.off.partition_point(|period| period.worked <= index);
        match following.checked_sub(1).and_then(|last| self.off.get(last)) {
            None => self.week.day_of(index),
            Some(period) => self.week.day_of(index.saturating_add(period.taken)),
        }
    }

    /// The last period off that begins before `day`.
    fn period_before(&self, day: DayNumber) -> Option<&Off> {
        let following = self.off.partition_point(|period| period.from < day);
        following.checked_sub(1).and_then(|last| self.off.get(last))
    }
}

/// Joins overlapping and touching periods and counts the working days before each.
fn merge(week: &Week, named: &[Named]) -> Vec<Off> {
    let mut off: Vec<Off> = Vec::new();
    for period in named {
        match off.last_mut() {
            Some(last) if period.from <= last.until => last.until = last.until.max(period.to + 1),
            _ => off.push(Off { from: period.from, until: period.to + 1, worked: 0, taken: 0 }),
        }
    }
    let mut taken = 0;
    for period in &mut off {
        let before = week.worked_before(period.from);
        period.worked = before - taken;
        taken += week.worked_before(period.until) - before;
        period.taken = taken;
    }
    off
}

fn to_date(day: DayNumber) -> Date {
    date_of(day).unwrap_or(if day < 0 { Date::MIN } else { Date::MAX })
}

/// A weekly pattern. Day number 0 is a Monday.
#[derive(Debug, Clone)]
struct Week {
    /// Bit 0 Monday … bit 6 Sunday, set when worked.
    mask: u8,
    /// Working days of the week before each weekday.
    before: [i64; 7],
    /// Weekday of the first, second, … working day of the week.
    nth: [i64; 7],
    per_week: i64,
}

impl Week {
    const ALL: u8 = 0b111_1111;

    fn without(weekend: &[Weekday]) -> Self {
        Self::from_mask(
            weekend.iter().fold(Self::ALL, |mask, day| mask & !(1 << day.to_monday_zero_offset())),
        )
    }

    fn from_mask(mask: u8) -> Self {
        let (mut before, mut nth, mut per_week) = ([0; 7], [0; 7], 0_usize);
        for (weekday, before) in before.iter_mut().enumerate() {
            *before = i64::try_from(per_week).unwrap_or(0);
            if mask & (1 << weekday) != 0 {
                if let Some(place) = nth.get_mut(per_week) {
                    *place = i64::try_from(weekday).unwrap_or(0);
                }
                per_week += 1;
            }
        }
        Self { mask, before, nth, per_week: i64::try_from(per_week).unwrap_or(0) }
    }

    fn works(&self, day: DayNumber) -> bool {
        self.mask & (1 << day.rem_euclid(7)) != 0
    }

    fn worked_before(&self, day: DayNumber) -> i64 {
        day.div_euclid(7) * self.per_week + at(&self.before, day.rem_euclid(7))
    }

    fn day_of(&self, index: i64) -> DayNumber {
        // `build` refuses a week without working days; 1 only keeps the division defined.
        let per_week = self.per_week.max(1);
        index.div_euclid(per_week).saturating_mul(7).saturating_add(at(&self.nth, index.rem_euclid(per_week)))
    }
}

fn at(table: &[i64; 7], index: i64) -> i64 {
    usize::try_from(index).ok().and_then(|index| table.get(index)).copied().unwrap_or(0)
}
