//! Dates, durations and lags of project files.

use jiff::civil::Date;

use crate::xml::Element;

/// How many minutes the file counts to a day.
pub(super) struct Scale {
    minutes_per_day: f64,
}

/// A number of days and whether it had to be rounded or converted to get there.
pub(super) struct Days {
    pub days: i64,
    pub exact: bool,
}

impl Scale {
    pub fn of(project: &Element) -> Self {
        let minutes = project.get("MinutesPerDay").and_then(|text| text.parse::<u32>().ok());
        // Microsoft Project's own default is eight hours.
        Self { minutes_per_day: f64::from(minutes.filter(|&minutes| minutes > 0).unwrap_or(480)) }
    }

    /// Whole working days of a duration; work of less than a day takes one.
    pub fn duration(&self, minutes: f64, format: Option<i64>) -> Days {
        let days = minutes / self.per_day(format);
        let whole = if days > 0.0 { days.round().max(1.0) } else { 0.0 };
        Days { days: to_i64(whole), exact: !is_elapsed(format) && (days - whole).abs() < 1e-9 }
    }

    /// Whole working days of a lag: a number of tenths of a minute, or a percentage of the predecessor.
    pub fn lag(&self, amount: f64, format: Option<i64>, predecessor: i64) -> Days {
        if matches!(format, Some(19 | 20 | 51 | 52)) {
            #[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 days")]
            let days = amount / 100.0 * predecessor as f64;
            return Days { days: to_i64(days.round()), exact: false };
        }
        let days = amount / 10.0 / self.per_day(format);
        Days { days: to_i64(days.round()), exact: !is_elapsed(format) && (days - days.round()).abs() < 1e-9 }
    }

    /// Elapsed time runs on nights and weekends: 24 hours a day, seven days for five of work.
    fn per_day(&self, format: Option<i64>) -> f64 {
        if is_elapsed(format) { 1_440.0 * 7.0 / 5.0 } else { self.minutes_per_day }
    }
}

/// Units 4, 6, 8, 10, 12 are elapsed minutes to months; the same plus 32 when estimated.
fn is_elapsed(format: Option<i64>) -> bool {
    matches!(format, Some(4 | 6 | 8 | 10 | 12 | 36 | 38 | 40 | 42 | 44))
}

fn to_i64(days: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "clamped; the engine refuses absurd durations by name"
    )]
    let days = days.clamp(-1e12, 1e12) as i64;
    days
}

/// The day of `2026-03-02T08:00:00` or `2026-03-02`.
pub(super) fn date(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// Minutes of `PT40H0M0S` (ISO 8601; also days, which Microsoft Project does not write).
pub(super) fn minutes(text: &str) -> Option<f64> {
    let rest = text.strip_prefix('P')?;
    let (mut minutes, mut number, mut units) = (0.0, String::new(), 0);
    let mut time = false;
    for character in rest.chars() {
        let factor = match character {
            '0'..='9' | '.' => {
                number.push(character);
                continue;
            }
            'T' if !time && number.is_empty() => {
                time = true;
                continue;
            }
            'D' if !time => 1_440.0,
            'H' if time => 60.0,
            'M' if time => 1.0,
            'S' if time => 1.0 / 60.0,
            _ => return None,
        };
        minutes += factor * number.parse::<f64>().ok()?;
        number.clear();
        units += 1;
    }
    (number.is_empty() && units > 0 && f64::is_finite(minutes)).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, expected) in [
            ("PT40H0M0S", Some(2400.0)),
            ("PT0H0M0S", Some(0.0)),
            ("PT7H30M0S", Some(450.0)),
            ("P1DT1H", Some(1500.0)),
            ("PT", None),
            ("P", None),
            ("40", None),
            ("PT4", None),
            ("PTxH", None),
            ("PT1.2.3H", None),
            ("PT1H5D", None),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }

    #[test]
    fn elapsed_time_counts_nights_and_weekends() {
        let scale = Scale { minutes_per_day: 480.0 };
        let week = scale.lag(7.0 * 14_400.0, Some(8), 0);
        assert_eq!((week.days, week.exact), (5, false));
        let day = scale.lag(4_800.0, Some(7), 0);
        assert_eq!((day.days, day.exact), (1, true));
        let half = scale.lag(50.0, Some(19), 10);
        assert_eq!((half.days, half.exact), (5, false));
        assert_eq!(scale.duration(10.0, Some(7)).days, 1);
    }
}
