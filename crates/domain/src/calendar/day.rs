//! Days as numbers, so that date arithmetic in the engine is integer arithmetic.

use jiff::civil::Date;

/// Days since Monday, 1 January 0001 of the proleptic Gregorian calendar. Being a Monday, number
/// 0 lines the weeks up: `day.rem_euclid(7)` is the weekday counted from Monday.
pub(crate) type DayNumber = i64;

/// Days before each month in a year that starts in March, so that the leap day comes last.
const BEFORE_MONTH_FROM_MARCH: [i64; 12] = [0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337];
const PER_YEAR: i64 = 365;
const PER_4_YEARS: i64 = 4 * PER_YEAR + 1;
const PER_100_YEARS: i64 = 25 * PER_4_YEARS - 1;
const PER_400_YEARS: i64 = 4 * PER_100_YEARS + 1;
/// Days from 0000-03-01, where the March-based count begins, to 0001-01-01.
const MARCH_OF_YEAR_0: i64 = 306;

/// The number of a date.
pub(crate) fn day_number(date: Date) -> DayNumber {
    let (month, day) = (i64::from(date.month()), i64::from(date.day()));
    let (year, month) =
        if month > 2 { (i64::from(date.year()), month - 3) } else { (i64::from(date.year()) - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let before_month = BEFORE_MONTH_FROM_MARCH.get(usize::try_from(month).unwrap_or(0)).copied().unwrap_or(0);
    PER_YEAR * year + leap_days + before_month + (day - 1) - MARCH_OF_YEAR_0
}

/// The date of a number; `None` outside the years -9999 to 9999.
pub(crate) fn date_of(number: DayNumber) -> Option<Date> {
    let day = number.checked_add(MARCH_OF_YEAR_0)?;
    let (cycle, rest) = (day.div_euclid(PER_400_YEARS), day.rem_euclid(PER_400_YEARS));
    // The last century of a cycle and the last year of four are one day longer: hence the caps.
    let century = (rest / PER_100_YEARS).min(3);
    let rest = rest - century * PER_100_YEARS;
    let quad = rest / PER_4_YEARS;
    let rest = rest - quad * PER_4_YEARS;
    let single = (rest / PER_YEAR).min(3);
    let of_year = rest - single * PER_YEAR;
    // From March on, months are 31, 30, 31, 30, 31 days long and again: 153 days in five.
    let month = usize::try_from((5 * of_year + 2) / 153).ok()?;
    let day = of_year - BEFORE_MONTH_FROM_MARCH.get(month)? + 1;
    let year = cycle * 400 + century * 100 + quad * 4 + single + i64::from(month >= 10);
    let month = if month >= 10 { month - 9 } else { month + 3 };
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{ToSpan, civil::date};

    #[test]
    fn zero_is_the_first_monday_of_the_era() {
        assert_eq!(date_of(0), Some(date(1, 1, 1)));
        assert_eq!(date(1, 1, 1).weekday(), jiff::civil::Weekday::Monday);
    }

    #[test]
    fn numbers_and_dates_agree_with_the_time_library() {
        let first = date(1, 1, 1);
        for number in (-3_600_000_i64..2_900_000).step_by(17).chain(730_000..745_000) {
            let expected = first.checked_add(number.days()).unwrap();
            assert_eq!(date_of(number), Some(expected), "day {number}");
            assert_eq!(day_number(expected), number, "{expected}");
        }
        assert_eq!(date_of(day_number(Date::MAX)), Some(Date::MAX));
        assert_eq!(date_of(day_number(Date::MIN)), Some(Date::MIN));
        assert_eq!(date_of(day_number(Date::MAX) + 1), None);
        assert_eq!(date_of(i64::MAX), None);
    }
}
