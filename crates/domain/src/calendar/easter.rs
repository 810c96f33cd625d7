//! The date of Easter Sunday.

use jiff::civil::Date;

use super::{DayNumber, date_of};
use crate::calendar::day_number;

/// Easter Sunday of the western churches in a Gregorian year (the Gregorian computus with golden
/// number, epact and dominical letter; Clavius 1603). `None` outside the years 1 to 9999.
#[must_use]
pub fn easter_western(year: i16) -> Option<Date> {
    let y = positive(year)?;
    let golden = y % 19;
    let century = y / 100;
    // Centuries drop leap days (solar equation) and the moon gains eight days in 25 centuries (lunar equation).
    let epact_moon = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15) % 30;
    let full_moon = epact_moon - i64::from(epact_moon == 29 || (epact_moon == 28 && golden > 10));
    sunday_after(day_number(Date::new(year, 3, 21).ok()?) + full_moon)
}

/// Easter Sunday of the orthodox churches (computed in the Julian calendar, Meeus's form), as a
/// Gregorian date. `None` outside the years 1 to 9999.
#[must_use]
pub fn easter_orthodox(year: i16) -> Option<Date> {
    let y = positive(year)?;
    let full_moon = (19 * (y % 19) + 15) % 30;
    // 21 March of the Julian calendar: the calendars differ by the century leap days since the year 200.
    let difference = y / 100 - y / 400 - 2;
    sunday_after(day_number(Date::new(year, 3, 21).ok()?) + difference + full_moon)
}

fn positive(year: i16) -> Option<i64> {
    (year > 0).then_some(i64::from(year))
}

/// The first Sunday strictly after a full moon.
fn sunday_after(full_moon: DayNumber) -> Option<Date> {
    date_of(full_moon + 7 - (full_moon + 1).rem_euclid(7))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Published tables: Astronomical Society of South Australia; Greek Orthodox Archdiocese.
    #[test]
    fn known_easters() {
        for (expected, orthodox) in [
            (date(1961, 4, 2), date(1961, 4, 9)),
            (date(2000, 4, 23), date(2000, 4, 30)),
            (date(2008, 3, 23), date(2008, 4, 27)),
            (date(2019, 4, 21), date(2019, 4, 28)),
            (date(2024, 3, 31), date(2024, 5, 5)),
            (date(2025, 4, 20), date(2025, 4, 20)),
            (date(2026, 4, 5), date(2026, 4, 12)),
            (date(2027, 3, 28), date(2027, 5, 2)),
            (date(2038, 4, 25), date(2038, 4, 25)),
            (date(2049, 4, 18), date(2049, 4, 25)),
        ] {
            assert_eq!(easter_western(expected.year()), Some(expected));
            assert_eq!(easter_orthodox(expected.year()), Some(orthodox));
        }
        assert_eq!(easter_western(0), None);
    }
}
