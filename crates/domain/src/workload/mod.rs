//! Who has how much to do in which week, against the time they have.
//!
//! A task takes its assignee a full day on every day it is worked: what remains of it in working days of its
//! calendar, from its start on, or from the present day when that has passed. Loads and capacities are counted in
//! hundredths of a day, so that part-time work stays exact.

mod availability;
mod board;
mod people;
mod spread;

#[cfg(test)]
mod tests;

pub use availability::{Absence, Availability, FULL_TIME, MOST_TENTHS, Wrong, tenths_of};
pub use board::{Room, Share, Week, role_weeks, room, weeks_of};
pub use people::{Bottleneck, Helper, WithPeople, off_days, with_people};
pub use spread::{Calendars, Piece, Task, days_of_work};

use jiff::ToSpan;
use jiff::civil::Date;

/// Hundredths of a day.
pub const DAY: u32 = 100;

/// Weeks shown at once.
pub const WEEKS: usize = 8;

/// The Monday of a day's week.
#[must_use]
pub fn monday(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

/// The Mondays of so many weeks, the first that of `day`.
#[must_use]
pub fn mondays(day: Date, weeks: usize) -> Vec<Date> {
    let first = monday(day);
    (0_i64..).take(weeks).map(|week| first.saturating_add((week * 7).days())).collect()
}

/// Hundredths of a day in words: `4.5`, `5`, `0.3`.
#[must_use]
pub fn in_days(hundredths: u32) -> String {
    let tenths = hundredths.saturating_add(5) / 10;
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}
