//! How the languages of portals, and of mail to customers, write days and numbers.

use jiff::civil::{Date, Weekday};

use crate::portal::Language;

const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

const SHORT_MONTHS: [&str; 12] =
    ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."];

fn month(names: &[&'static str; 12], date: Date) -> &'static str {
    names.get(usize::from(date.month().unsigned_abs()).saturating_sub(1)).copied().unwrap_or_default()
}

fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "Montag",
        Weekday::Tuesday => "Dienstag",
        Weekday::Wednesday => "Mittwoch",
        Weekday::Thursday => "Donnerstag",
        Weekday::Friday => "Freitag",
        Weekday::Saturday => "Samstag",
        Weekday::Sunday => "Sonntag",
    }
}

impl Language {
    /// A day without its year: `12 Jan`, `12. Jan.`.
    #[must_use]
    pub fn day_of_month(self, date: Date) -> String {
        match self {
            Self::En => date.strftime("%-d %b").to_string(),
            Self::De => format!("{}. {}", date.day(), month(&SHORT_MONTHS, date)),
        }
    }

    /// A day: `12 Jan 2027`, `12. Jan. 2027`.
    #[must_use]
    pub fn day(self, date: Date) -> String {
        format!("{} {}", self.day_of_month(date), date.year())
    }

    /// A day with its weekday: `Tue 12 Jan 2027`, `Di., 12. Jan. 2027`.
    #[must_use]
    pub fn weekday(self, date: Date) -> String {
        match self {
            Self::En => date.strftime("%a %-d %b %Y").to_string(),
            Self::De => {
                let short: String = weekday(date).chars().take(2).collect();
                format!("{short}., {}", self.day(date))
            }
        }
    }

    /// A day with its month in full: `12 January 2027`, `12. Januar 2027`.
    #[must_use]
    pub fn full_day(self, date: Date) -> String {
        match self {
            Self::En => date.strftime("%-d %B %Y").to_string(),
            Self::De => format!("{}. {} {}", date.day(), month(&MONTHS, date), date.year()),
        }
    }

    /// A day with everything in full: `Tuesday, 12 January 2027`, `Dienstag, 12. Januar 2027`.
    #[must_use]
    pub fn long_day(self, date: Date) -> String {
        match self {
            Self::En => date.strftime("%A, %-d %B %Y").to_string(),
            Self::De => format!("{}, {}", weekday(date), self.full_day(date)),
        }
    }

    /// A number with its thousands apart: `12,500`, `12.500`.
    #[must_use]
    pub fn number(self, number: i64) -> String {
        let mark = match self {
            Self::En => ',',
            Self::De => '.',
        };
        let digits = number.unsigned_abs().to_string();
        let mut text = String::from(if number < 0 { "−" } else { "" });
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(mark);
            }
            text.push(digit);
        }
        text
    }

    /// How long something takes: `1 h 30 min`, `1 Std. 30 Min.`.
    #[must_use]
    pub fn duration(self, minutes: i64) -> String {
        let (hour, minute) = match self {
            Self::En => ("h", "min"),
            Self::De => ("Std.", "Min."),
        };
        match (minutes / 60, minutes % 60) {
            (0, rest) => format!("{rest} {minute}"),
            (hours, 0) => format!("{hours} {hour}"),
            (hours, rest) => format!("{hours} {hour} {rest} {minute}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_read_as_people_write_them() {
        let day = date(2027, 3, 2);
        let (english, german) = (Language::En, Language::De);
        assert_eq!(english.day(day), "2 Mar 2027");
        assert_eq!(german.day(day), "2. März 2027");
        assert_eq!(english.weekday(day), "Tue 2 Mar 2027");
        assert_eq!(german.weekday(day), "Di., 2. März 2027");
        assert_eq!(english.long_day(day), "Tuesday, 2 March 2027");
        assert_eq!(german.long_day(day), "Dienstag, 2. März 2027");
        assert_eq!(german.full_day(date(2027, 1, 12)), "12. Januar 2027");
        assert_eq!(german.day_of_month(date(2027, 12, 31)), "31. Dez.");
    }

    #[test]
    fn numbers_and_lengths_read_as_people_write_them() {
        assert_eq!(Language::En.number(1_234_567), "1,234,567");
        assert_eq!(Language::De.number(12_500), "12.500");
        assert_eq!(Language::De.number(999), "999");
        assert_eq!(Language::De.number(-1_000), "−1.000");
        assert_eq!(Language::En.duration(90), "1 h 30 min");
        assert_eq!(Language::De.duration(90), "1 Std. 30 Min.");
        assert_eq!(Language::De.duration(45), "45 Min.");
    }
}
