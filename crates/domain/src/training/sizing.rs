//! How many sessions it takes, and on which days.

use jiff::civil::Date;

/// Sessions so that everybody has a seat; none where everybody learns by themselves.
#[must_use]
pub fn sessions_needed(people: u32, group_size: u32) -> u32 {
    if group_size == 0 { 0 } else { people.div_ceil(group_size) }
}

/// So many days from first to last, evenly apart, only those that are worked; days repeat when there are fewer of
/// them than sessions. Nothing when none is worked.
#[must_use]
pub fn spread(first: Date, last: Date, sessions: u32, works: impl Fn(Date) -> bool) -> Vec<Date> {
    // A year is longer than any training; it bounds what a mistyped day can cost.
    let days: Vec<Date> =
        first.series(jiff::Span::new().days(1)).take(400).take_while(|day| *day <= last.max(first)).collect();
    let free: Vec<Date> = days.into_iter().filter(|day| works(*day)).collect();
    let count = usize::try_from(sessions).unwrap_or(0).min(200);
    if free.is_empty() {
        return Vec::new();
    }
    (0..count).filter_map(|place| free.get(place * free.len() / count).copied()).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::*;

    fn weekday(day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    #[test]
    fn everybody_has_a_seat() {
        assert_eq!((sessions_needed(20, 8), sessions_needed(16, 8), sessions_needed(0, 8)), (3, 2, 0));
        assert_eq!(sessions_needed(500, 0), 0, "self-paced");
    }

    #[test]
    fn sessions_lie_apart_on_working_days() {
        let (monday, sunday) = (date(2027, 1, 11), date(2027, 1, 24));
        assert_eq!(spread(monday, sunday, 2, weekday), [monday, date(2027, 1, 18)]);
        assert_eq!(spread(monday, monday, 3, weekday), [monday, monday, monday]);
        assert_eq!(spread(date(2027, 1, 23), sunday, 2, weekday), [] as [Date; 0]);
        assert_eq!(spread(sunday, monday, 1, |_| true), [sunday], "a last day before the first is the first");
    }
}
