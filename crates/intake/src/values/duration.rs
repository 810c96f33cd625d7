//! Lengths of time: `60 days`, `8 weeks`, `drei Monate`, `36-month`.

use std::ops::Range;

use gangway_domain::fit::counted;

use super::number::{count_at, words_at};
use super::words::fold;

/// Units of time people plan in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Day,
    BusinessDay,
    Week,
    Month,
    Quarter,
    Year,
}

/// A length of time in text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Duration {
    pub(crate) amount: u32,
    pub(crate) unit: Unit,
    pub(crate) range: Range<usize>,
}

impl Duration {
    /// Calendar days: a month counts 30, a year 365, five business days a week.
    pub(crate) fn days(&self) -> Option<u32> {
        match self.unit {
            Unit::Day => Some(self.amount),
            Unit::BusinessDay => self.amount.checked_mul(7).map(|days| days.div_ceil(5)),
            Unit::Week => self.amount.checked_mul(7),
            Unit::Month => self.amount.checked_mul(30),
            Unit::Quarter => self.amount.checked_mul(91),
            Unit::Year => self.amount.checked_mul(365),
        }
    }

    /// Whole months, for contract terms; days and weeks only when they make whole months of 30 days.
    pub(crate) fn months(&self) -> Option<u32> {
        match self.unit {
            Unit::Month => Some(self.amount),
            Unit::Quarter => self.amount.checked_mul(3),
            Unit::Year => self.amount.checked_mul(12),
            Unit::Day if self.amount == 365 => Some(12),
            Unit::Day if self.amount > 0 && self.amount.is_multiple_of(30) => Some(self.amount / 30),
            Unit::Day | Unit::Week | Unit::BusinessDay => None,
        }
    }
}

/// Unit words, folded.
const UNITS: &[(&str, Unit)] = &[
    ("business days", Unit::BusinessDay),
    ("business day", Unit::BusinessDay),
    ("working days", Unit::BusinessDay),
    ("working day", Unit::BusinessDay),
    ("workdays", Unit::BusinessDay),
    ("weekdays", Unit::BusinessDay),
    ("werktage", Unit::BusinessDay),
    ("werktagen", Unit::BusinessDay),
    ("arbeitstage", Unit::BusinessDay),
    ("arbeitstagen", Unit::BusinessDay),
    ("jours ouvres", Unit::BusinessDay),
    ("jours ouvrables", Unit::BusinessDay),
    ("dias habiles", Unit::BusinessDay),
    ("dias laborables", Unit::BusinessDay),
    ("calendar days", Unit::Day),
    ("calendar day", Unit::Day),
    ("days", Unit::Day),
    ("day", Unit::Day),
    ("d", Unit::Day),
    ("tage", Unit::Day),
    ("tagen", Unit::Day),
    ("tag", Unit::Day),
    ("kalendertage", Unit::Day),
    ("jours", Unit::Day),
    ("jour", Unit::Day),
    ("j", Unit::Day),
    ("dias", Unit::Day),
    ("dia", Unit::Day),
    ("weeks", Unit::Week),
    ("week", Unit::Week),
    ("wks", Unit::Week),
    ("wk", Unit::Week),
    ("w", Unit::Week),
    ("wochen", Unit::Week),
    ("woche", Unit::Week),
    ("semaines", Unit::Week),
    ("semaine", Unit::Week),
    ("semanas", Unit::Week),
    ("semana", Unit::Week),
    ("months", Unit::Month),
    ("month", Unit::Month),
    ("mos", Unit::Month),
    ("mo", Unit::Month),
    ("mths", Unit::Month),
    ("monate", Unit::Month),
    ("monaten", Unit::Month),
    ("monat", Unit::Month),
    ("mois", Unit::Month),
    ("meses", Unit::Month),
    ("mes", Unit::Month),
    ("quarters", Unit::Quarter),
    ("quarter", Unit::Quarter),
    ("quartale", Unit::Quarter),
    ("trimestres", Unit::Quarter),
    ("years", Unit::Year),
    ("year", Unit::Year),
    ("yrs", Unit::Year),
    ("yr", Unit::Year),
    ("y", Unit::Year),
    ("jahre", Unit::Year),
    ("jahren", Unit::Year),
    ("jahr", Unit::Year),
    ("ans", Unit::Year),
    ("an", Unit::Year),
    ("annees", Unit::Year),
    ("annee", Unit::Year),
    ("anos", Unit::Year),
    ("ano", Unit::Year),
];

/// The duration that begins the text.
pub(crate) fn at_start(text: &str) -> Option<Duration> {
    at(text, 0)
}

/// The duration that begins at a byte offset.
pub(crate) fn at(text: &str, start: usize) -> Option<Duration> {
    let (amount, end) = match count_at(text, start) {
        Some(number) => (number.value, number.range.end),
        None => article(text, start)?,
    };
    let rest = text.get(end..)?;
    let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '-', '‑']).len();
    if gap > 4 {
        return None;
    }
    let after = rest.get(gap..)?;
    let first = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
    let second = after
        .get(first..)
        .and_then(|rest| rest.strip_prefix(' '))
        .map(|rest| first + 1 + rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len()));
    let unit_at = |length: usize| {
        let word = fold(after.get(..length)?);
        UNITS.iter().find(|(name, _)| *name == word).map(|&(_, unit)| (unit, length))
    };
    let (unit, length) = second.and_then(unit_at).or_else(|| unit_at(first))?;
    let (amount, unit) = whole(amount, unit)?;
    Some(Duration { amount, unit, range: start..end + gap + length })
}

/// The duration a text consists of, in English: `7 months` for `7 Monate`. `None` when there is more in the text, such
/// as a word of approximation, which the number alone would lose.
pub(crate) fn in_english(text: &str) -> Option<String> {
    let bare = text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains('+');
    let found = at_start(text).filter(|found| bare && found.range == (0..text.len()))?;
    let unit = match found.unit {
        Unit::Day => "day",
        Unit::BusinessDay => "working day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Quarter => "quarter",
        Unit::Year => "year",
    };
    Some(counted(i64::from(found.amount), unit))
}

/// `1.5 years` is 18 months, `2.5 weeks` is 18 days: halves go to the smaller unit, rounded up.
fn whole(amount: super::number::Decimal, unit: Unit) -> Option<(u32, Unit)> {
    if let Some(amount) = amount.as_u32() {
        return Some((amount, unit));
    }
    let (factor, smaller) = match unit {
        Unit::Year => (12, Unit::Month),
        Unit::Quarter => (3, Unit::Month),
        Unit::Month => (30, Unit::Day),
        Unit::Week => (7, Unit::Day),
        Unit::Day | Unit::BusinessDay => (1, unit),
    };
    let scaled = amount.times(factor)?;
    let divisor = 10_i128.checked_pow(scaled.scale)?;
    u32::try_from((scaled.units + divisor - 1) / divisor).ok().map(|amount| (amount, smaller))
}

/// `a month`, `half a year`, `one and a half`: the article counts one.
fn article(text: &str, start: usize) -> Option<(super::number::Decimal, usize)> {
    let rest = text.get(start..)?;
    for word in ["a ", "an ", "one ", "un ", "une ", "ein ", "eine ", "einem "] {
        if rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)) {
            return Some((super::number::Decimal::whole(1), start + word.len()));
        }
    }
    words_at(text, start).map(|number| (number.value, number.range.end))
}

/// The first duration anywhere in the text.
pub(crate) fn find(text: &str) -> Option<Duration> {
    let mut boundary = true;
    for (start, c) in text.char_indices() {
        if boundary
            && (c.is_alphanumeric() || matches!(c, '~' | '≈' | '<' | '>'))
            && let Some(duration) = at(text, start)
        {
            return Some(duration);
        }
        boundary = !c.is_alphanumeric() && !matches!(c, '.' | ',');
    }
    None
}
