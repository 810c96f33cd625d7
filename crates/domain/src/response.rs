//! How quickly a customer answers: what they were asked for, and when they acted on it.
//!
//! Clocks run on weekdays only, all twenty-four hours of them: what is asked on a Friday evening is not two days old on
//! Monday. Holidays count as weekdays, and a change to summer time as nothing: both are small against days.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, date};

/// A Monday to count weeks from.
const MONDAY: Date = date(1970, 1, 5);

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// Days over which the usual time to an answer is taken.
const OF_LATE: i64 = 28;

/// Something the customer was asked for, on the clock of one time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// From when an answer could be expected: when it was asked, or, of what has a day, the end of that day.
    pub from: DateTime,
    /// When the customer acted on it.
    pub answered: Option<DateTime>,
}

/// How quickly a customer answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Response {
    /// Hours on weekdays for which the oldest request has waited; 0 where none waits.
    pub waiting_hours: i64,
    /// Median of the hours on weekdays it took to answer what was answered in the last 28 days; what was answered before
    /// it was due took none.
    pub response_hours: Option<i64>,
}

impl Response {
    /// From everything that was asked.
    #[must_use]
    pub fn of(requests: &[Request], now: DateTime) -> Self {
        let open = requests.iter().filter(|one| one.answered.is_none());
        let waiting_hours = open.map(|one| weekday_hours(one.from, now)).max().unwrap_or(0);
        let since = now.saturating_sub(OF_LATE.days());
        let answered = requests.iter().filter_map(|one| Some((one.from, one.answered?)));
        let recent = answered.filter(|(_, at)| (since..=now).contains(at));
        let mut took: Vec<i64> = recent.map(|(from, at)| weekday_hours(from, at)).collect();
        took.sort_unstable();
        Self { waiting_hours, response_hours: median(&took) }
    }
}

/// The middle of sorted numbers; of an even count the mean of the middle two, rounded down.
fn median(sorted: &[i64]) -> Option<i64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some((lower + upper) / 2)
}

/// Whole hours between two moments that lie on weekdays; none where the second comes first.
#[must_use]
pub fn weekday_hours(from: DateTime, to: DateTime) -> i64 {
    ((weekday_minutes(to) - weekday_minutes(from)) / 60).max(0)
}

/// Minutes on weekdays since a Monday long ago.
fn weekday_minutes(at: DateTime) -> i64 {
    let days = i64::from((at.date() - MONDAY).get_days());
    let (weeks, day) = (days.div_euclid(7), days.rem_euclid(7));
    let of_day = if day < 5 { i64::from(at.hour()) * 60 + i64::from(at.minute()) } else { 0 };
    weeks * 5 * DAY + day.min(5) * DAY + of_day
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i8, hour: i8) -> DateTime {
        // 4 January 2027 is a Monday.
        date(2027, 1, day).at(hour, 0, 0, 0)
    }

    fn asked(from: DateTime, answered: Option<DateTime>) -> Request {
        Request { from, answered }
    }

    #[test]
    fn weekends_take_no_time() {
        assert_eq!(weekday_hours(at(4, 9), at(5, 9)), 24);
        assert_eq!(weekday_hours(at(8, 17), at(11, 9)), 16, "Friday 17:00 to Monday 9:00");
        assert_eq!(weekday_hours(at(9, 10), at(10, 10)), 0, "Saturday to Sunday");
        assert_eq!(weekday_hours(at(4, 0), at(11, 0)), 120);
        assert_eq!(weekday_hours(at(5, 9), at(4, 9)), 0, "never negative");
    }

    #[test]
    fn the_oldest_open_request_waits() {
        let all = [
            asked(at(4, 9), Some(at(4, 12))),
            asked(at(5, 9), None),
            asked(at(6, 9), None),
            asked(at(30, 9), None),
        ];
        assert_eq!(Response::of(&all, at(7, 9)).waiting_hours, 48);
        assert_eq!(Response::of(&[], at(7, 9)), Response::default());
    }

    #[test]
    fn the_median_is_of_what_was_answered_lately() {
        let all = [
            asked(at(4, 9), Some(at(4, 11))),
            asked(at(4, 9), Some(at(5, 9))),
            asked(at(4, 9), Some(at(6, 9))),
            // Answered before it was due.
            asked(at(7, 0), Some(at(4, 9))),
        ];
        assert_eq!(Response::of(&all, at(8, 9)).response_hours, Some((2 + 24) / 2));
        assert_eq!(Response::of(&all[..3], at(8, 9)).response_hours, Some(24));
        let later = date(2027, 3, 1).at(9, 0, 0, 0);
        assert_eq!(Response::of(&all, later).response_hours, None);
    }
}
