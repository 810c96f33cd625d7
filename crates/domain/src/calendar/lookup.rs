//! A calendar that looks up what it would otherwise calculate.

use super::{DayNumber, WorkCalendar};

/// A calendar with its answers for a stretch of days written down.
///
/// A scheduler asks for the same few thousand days once per link and pass, and a table answers several
/// times faster than a division and a binary search. Outside the stretch the calendar calculates:
/// the answers are the same everywhere.
#[derive(Debug)]
pub(crate) struct LookupCalendar {
    calendar: WorkCalendar,
    /// First day of the stretch.
    first: DayNumber,
    /// Index of the first working day of the stretch, as the calendar counts.
    base: i64,
    /// Working days of the stretch before each of its days.
    worked: Vec<u32>,
    /// For each working day of the stretch, how many days it comes after the first.
    days: Vec<u32>,
}

impl LookupCalendar {
    /// Writes down the answers for so many days from `first` on.
    pub fn new(calendar: WorkCalendar, first: DayNumber, length: u32) -> Self {
        let (mut worked, mut days, mut count) = (Vec::new(), Vec::new(), 0);
        for (after, works) in (0..length).zip(calendar.worked_from(first)) {
            worked.push(count);
            if works {
                days.push(after);
                count += 1;
            }
        }
        Self { base: calendar.worked_before(first), calendar, first, worked, days }
    }

    /// [`WorkCalendar::worked_before`].
    pub fn worked_before(&self, day: DayNumber) -> i64 {
        match entry(&self.worked, day, self.first) {
            Some(worked) => self.base + worked,
            None => self.calendar.worked_before(day),
        }
    }

    /// [`WorkCalendar::day_of`].
    pub fn day_of(&self, index: i64) -> DayNumber {
        match entry(&self.days, index, self.base) {
            Some(after) => self.first + after,
            None => self.calendar.day_of(index),
        }
    }

    /// [`WorkCalendar::works_on`].
    pub fn works_on(&self, day: DayNumber) -> bool {
        self.calendar.works_on(day)
    }
}

fn entry(table: &[u32], at: i64, first: i64) -> Option<i64> {
    let place = usize::try_from(at.checked_sub(first)?).ok()?;
    table.get(place).copied().map(i64::from)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::*;
    use crate::calendar::day_number;
    use crate::plan::{CalendarSpec, ClosedSpec, HolidaySpec};

    #[test]
    fn the_table_answers_as_the_calendar_does() {
        let closed = |from, to| ClosedSpec { from, to, reason: String::new() };
        let calendar = WorkCalendar::from_spec(&CalendarSpec {
            id: "vendor".to_owned(),
            weekend: vec![Weekday::Friday, Weekday::Saturday],
            holidays: [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 10), date(2026, 5, 1)]
                .map(|date| HolidaySpec { date, name: String::new() })
                .to_vec(),
            // The first began before the table does, the last ends after it.
            closed: vec![
                closed(date(2026, 2, 20), date(2026, 3, 3)),
                closed(date(2026, 4, 1), date(2026, 4, 20)),
                closed(date(2026, 6, 1), date(2026, 9, 1)),
            ],
        })
        .unwrap();
        let first = day_number(date(2026, 3, 1));
        for length in [0, 1, 2, 3, 120] {
            let table = LookupCalendar::new(calendar.clone(), first, length);
            for day in (first - 40..first + 250).chain([i64::MIN / 4, -1, 0, 1, i64::MAX / 4]) {
                assert_eq!(table.worked_before(day), calendar.worked_before(day), "{length}: day {day}");
                assert_eq!(table.works_on(day), calendar.works_on(day), "{length}: day {day}");
            }
            let base = calendar.worked_before(first);
            for index in (base - 40..base + 250).chain([i64::MIN / 8, -1, 0, 1, i64::MAX / 8]) {
                assert_eq!(table.day_of(index), calendar.day_of(index), "{length}: index {index}");
            }
        }
    }

    #[test]
    fn march_2026_by_hand() {
        let calendar = WorkCalendar::monday_to_friday("default");
        // Sunday the 1st; Monday is the 2nd.
        let table = LookupCalendar::new(calendar, day_number(date(2026, 3, 1)), 10);
        assert_eq!(table.worked, [0, 0, 1, 2, 3, 4, 5, 5, 5, 6]);
        assert_eq!(table.days, [1, 2, 3, 4, 5, 8, 9]);
    }

    #[test]
    fn a_closure_without_end_leaves_an_empty_table() {
        let calendar = WorkCalendar::from_spec(&CalendarSpec {
            id: "gone".to_owned(),
            weekend: Vec::new(),
            holidays: Vec::new(),
            closed: vec![ClosedSpec {
                from: date(2026, 1, 1),
                to: date(9999, 12, 31),
                reason: String::new(),
            }],
        })
        .unwrap();
        let table = LookupCalendar::new(calendar.clone(), day_number(date(2026, 1, 1)), 1_000);
        assert_eq!((table.worked.len(), table.days.len()), (1_000, 0));
        assert_eq!(table.day_of(table.base), calendar.day_of(table.base));
    }
}
