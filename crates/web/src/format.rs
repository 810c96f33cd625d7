//! How pages write days, counts and names.

use std::fmt::Display;

use gangway_domain::rule::FactValue;
use gangway_store::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A day as machines and as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Day {
    /// `2027-01-11`.
    pub iso: String,
    /// `11 Jan 2027`.
    pub words: String,
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self { iso: date.to_string(), words: date.strftime("%-d %b %Y").to_string() }
    }
}

/// An instant as machines and as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    /// `2027-01-11T09:30:00Z`.
    pub iso: String,
    /// `11 Jan 2027, 09:30`.
    pub words: String,
}

/// An instant in a time zone.
pub(crate) fn moment(at: Timestamp, zone: &TimeZone) -> Moment {
    let at = jiff::Timestamp::try_from(at).unwrap_or_default();
    Moment { iso: at.to_string(), words: at.to_zoned(zone.clone()).strftime("%-d %b %Y, %H:%M").to_string() }
}

/// Who did something and when: `Ines Okafor, 11 Jan 2027, 09:30`.
pub(crate) fn signed(by: &str, at: impl Into<Timestamp>, zone: &TimeZone) -> String {
    format!("{by}, {}", moment(at.into(), zone).words)
}

/// `1 task`, `3 tasks`, `2,032 tasks`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{} {noun}s", thousands(number)) }
}

/// A whole number with a comma between its thousands: `2,032`.
pub(crate) fn thousands(number: impl Display) -> String {
    let text = number.to_string();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.as_str()),
    };
    let mut written = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// `today`, `tomorrow`, `in 12 days`, `3 days ago`: calendar days.
pub(crate) fn distance(from: Date, to: Date) -> String {
    match (to - from).get_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days if days > 0 => format!("in {days} days"),
        days => format!("{} days ago", -days),
    }
}

/// Share of a span that is over, percent.
pub(crate) fn progress(start: Date, finish: Date, today: Date) -> u32 {
    let whole = (finish - start).get_days().max(1);
    let over = (today - start).get_days().clamp(0, whole);
    u32::try_from(over * 100 / whole).unwrap_or(0)
}

/// A fact as people read it; what nobody knows is said so.
pub(crate) fn fact(value: Option<&FactValue>) -> String {
    match value {
        Some(FactValue::Int(number)) => number.to_string(),
        Some(FactValue::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        Some(FactValue::Text(text)) => text.clone(),
        Some(FactValue::List(texts)) if texts.is_empty() => "none".to_owned(),
        Some(FactValue::List(texts)) => texts.join(", "),
        Some(FactValue::Group(_)) | None => "not known".to_owned(),
    }
}

/// A word with a capital.
pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What a text marks as code in quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    let mut open = false;
    let quoted = text.chars().map(|letter| match letter {
        '`' => {
            open = !open;
            if open { '“' } else { '”' }
        }
        letter => letter,
    });
    quoted.collect()
}

/// A message as people read it: it begins with a capital and ends; what it marks as code
/// stands in quotation marks.
pub(crate) fn sentence(text: &str) -> String {
    let text = capital(&quoted(text.trim_end()));
    if text.is_empty() || text.ends_with(['.', '?', '…']) { text } else { format!("{text}.") }
}

/// The first letters of a name's first two words.
pub(crate) fn initials(name: &str) -> String {
    let letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    letters.take(2).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_read_well() {
        let today = date(2027, 1, 11);
        assert_eq!(Day::from(today).words, "11 Jan 2027");
        assert_eq!(distance(today, date(2027, 1, 12)), "tomorrow");
        assert_eq!(distance(today, date(2027, 1, 9)), "2 days ago");
        assert_eq!(distance(today, date(2027, 3, 12)), "in 60 days");
        assert_eq!(count(1, "task"), "1 task");
        assert_eq!(count(2032, "task"), "2,032 tasks");
        assert_eq!(capital("mid"), "Mid");
        assert_eq!(sentence("this is the only admin"), "This is the only admin.");
        assert_eq!(sentence("Ask again. It was too early."), "Ask again. It was too early.");
        assert_eq!(sentence("line 3: add `Country:` to the deal"), "Line 3: add “Country:” to the deal.");
        assert_eq!(sentence(""), "");
        assert_eq!(fact(Some(&FactValue::List(vec!["a".to_owned(), "b".to_owned()]))), "a, b");
        assert_eq!(
            (fact(Some(&FactValue::Bool(false))), fact(None)),
            ("no".to_owned(), "not known".to_owned())
        );
        assert_eq!(initials("Ines Maria Okafor"), "IM");
        assert_eq!(initials("(unknown) élan"), "UÉ");
    }

    #[test]
    fn whole_numbers_have_a_comma_between_thousands() {
        let written = [0, 999, 1_000, 10_500, 1_000_000, -1_234].map(thousands);
        assert_eq!(written, ["0", "999", "1,000", "10,500", "1,000,000", "-1,234"]);
    }

    #[test]
    fn progress_stays_between_its_ends() {
        let (start, finish) = (date(2027, 1, 1), date(2027, 1, 11));
        assert_eq!(progress(start, finish, date(2026, 12, 1)), 0);
        assert_eq!(progress(start, finish, date(2027, 1, 6)), 50);
        assert_eq!(progress(start, finish, date(2027, 5, 1)), 100);
        assert_eq!(progress(start, start, start), 0);
    }
}
