//! Figures of outcomes: decimal numbers, exact to a thousandth.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::unit::of_one;
use crate::portal::Language;

/// Thousandths in one.
const ONE: i64 = 1_000;
/// The largest figure, in thousandths: a trillion.
const LARGEST: i64 = 1_000_000_000_000 * ONE;
/// Most decimals.
const DECIMALS: usize = 3;

/// A figure, exact to a thousandth. In files and the API it is a decimal number as text: `12.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Amount(i64);

/// A text that is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("is not a number with three decimals at most, such as 12.5")]
pub struct InvalidAmount;

impl Amount {
    /// From thousandths, as rows hold it.
    #[must_use]
    pub fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// In thousandths.
    #[must_use]
    pub fn thousandths(self) -> i64 {
        self.0
    }

    /// As people read it, thousands apart: `95,000`.
    #[must_use]
    pub fn words(self) -> String {
        let plain = self.to_string();
        let (sign, rest) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("−", rest));
        let (whole, decimals) = rest.split_once('.').map_or((rest, None), |(a, b)| (a, Some(b)));
        let mut grouped = String::new();
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        match decimals {
            Some(decimals) => format!("{sign}{grouped}.{decimals}"),
            None => format!("{sign}{grouped}"),
        }
    }

    /// With its unit: `80 %`, `4 days`, `1 day`, `$95,000`.
    #[must_use]
    pub fn with_unit(self, unit: &str) -> String {
        match unit {
            "" => self.words(),
            "$" | "€" | "£" | "¥" => format!("{unit}{}", self.words()),
            _ if self.0 == ONE => format!("{} {}", self.words(), of_one(unit)),
            _ => format!("{} {unit}", self.words()),
        }
    }

    /// The same as a language writes numbers: `95.000 €`, `12,5 %`. Only English units are put right beside one.
    #[must_use]
    pub fn with_unit_in(self, language: Language, unit: &str) -> String {
        match language {
            Language::En => self.with_unit(unit),
            Language::De => {
                let marks = |c: char| match c {
                    ',' => '.',
                    '.' => ',',
                    other => other,
                };
                let words: String = self.words().chars().map(marks).collect();
                if unit.is_empty() { words } else { format!("{words} {unit}") }
            }
        }
    }

    /// The figure and unit a text of a deal begins with: `under 2 days`, `80 %`. None where it says more than one
    /// figure, or something else before it.
    #[must_use]
    pub fn find(text: &str) -> Option<(Self, String)> {
        let text = text.trim().trim_end_matches('.');
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let (before, rest) = text.split_at_checked(start)?;
        let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(end)?;
        if after.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        let before = before.trim();
        let sign = before.chars().next_back().filter(|c| matches!(c, '$' | '€' | '£' | '¥'));
        let lead = before.trim_end_matches(['$', '€', '£', '¥']).trim().to_lowercase();
        const LEADS: [&str; 15] = [
            "",
            "under",
            "below",
            "less than",
            "at most",
            "at least",
            "over",
            "above",
            "more than",
            "about",
            "to",
            "<",
            ">",
            "≤",
            "≥",
        ];
        if !LEADS.contains(&lead.as_str()) {
            return None;
        }
        let amount = number.trim_end_matches([',', '.']).parse().ok()?;
        let unit = after.split_whitespace().collect::<Vec<_>>().join(" ");
        let unit = sign.map_or(unit, |sign| sign.to_string());
        (unit.chars().count() <= 30).then_some((amount, unit))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) =
            (self.0.unsigned_abs() / ONE.unsigned_abs(), self.0.unsigned_abs() % ONE.unsigned_abs());
        let sign = if self.0 < 0 { "-" } else { "" };
        let decimals = format!("{rest:03}");
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            decimals => write!(f, "{sign}{whole}.{decimals}"),
        }
    }
}

impl FromStr for Amount {
    type Err = InvalidAmount;

    /// Reads what people type: `12.5`, `12,5`, `1,200`, `1 200`, `-3`.
    fn from_str(text: &str) -> Result<Self, InvalidAmount> {
        let text: String =
            text.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'')).collect();
        let (negative, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let (whole, decimals) = parts(digits);
        let is_number = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        if whole.is_empty()
            || whole.len() > 13
            || !is_number(&whole)
            || !is_number(&decimals)
            || decimals.len() > DECIMALS
        {
            return Err(InvalidAmount);
        }
        let whole: i64 = whole.parse().map_err(|_| InvalidAmount)?;
        let decimals: i64 = format!("{decimals:0<3}").parse().map_err(|_| InvalidAmount)?;
        let thousandths =
            whole.checked_mul(ONE).and_then(|whole| whole.checked_add(decimals)).ok_or(InvalidAmount)?;
        if thousandths > LARGEST {
            return Err(InvalidAmount);
        }
        Ok(Self(if negative { -thousandths } else { thousandths }))
    }
}

/// Whole and decimals. A single comma before three digits sets thousands apart; before other digits it is a decimal
/// comma, as many customers write it.
fn parts(digits: &str) -> (String, String) {
    let decimal = match (digits.rfind('.'), digits.rfind(',')) {
        (Some(point), Some(comma)) => Some(point.max(comma)),
        (Some(point), None) => Some(point),
        (None, Some(comma)) => {
            let grouped = digits.split(',').skip(1).all(|group| group.len() == 3);
            (!grouped).then_some(comma)
        }
        (None, None) => None,
    };
    let without = |text: &str| text.replace([',', '.'], "");
    match decimal.and_then(|at| digits.split_at_checked(at)) {
        Some((whole, decimals)) => (without(whole), decimals.trim_start_matches([',', '.']).to_owned()),
        None => (without(digits), String::new()),
    }
}

impl TryFrom<String> for Amount {
    type Error = InvalidAmount;

    fn try_from(text: String) -> Result<Self, InvalidAmount> {
        text.parse()
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        amount.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_people_write_them_and_come_back() {
        for (typed, plain, words) in [
            ("12.5", "12.5", "12.5"),
            ("12,5", "12.5", "12.5"),
            ("1,200", "1200", "1,200"),
            ("1 200.25", "1200.25", "1,200.25"),
            ("1.200,5", "1200.5", "1,200.5"),
            ("-3", "-3", "−3"),
            ("0.001", "0.001", "0.001"),
            ("95000", "95000", "95,000"),
        ] {
            let amount: Amount = typed.parse().unwrap();
            assert_eq!((amount.to_string().as_str(), amount.words().as_str()), (plain, words), "{typed}");
        }
        for wrong in ["", "x", "1.2345", "1e9", "--1", "10000000000000", "½"] {
            assert_eq!(wrong.parse::<Amount>(), Err(InvalidAmount), "{wrong}");
        }
        assert_eq!("80".parse::<Amount>().unwrap().with_unit("%"), "80 %");
        assert_eq!("95000".parse::<Amount>().unwrap().with_unit("$"), "$95,000");
    }

    #[test]
    fn one_has_its_unit_in_the_singular_and_german_its_own_marks() {
        let said = |text: &str, language: Language, unit: &str| {
            text.parse::<Amount>().unwrap().with_unit_in(language, unit)
        };
        assert_eq!(said("1", Language::En, "plants"), "1 plant");
        for more in ["0", "0.5", "1.5", "-1", "2"] {
            assert!(said(more, Language::En, "plants").ends_with(" plants"), "{more}");
        }
        assert_eq!(said("1", Language::De, "plants"), "1 plants");
        assert_eq!(said("95000", Language::De, "€"), "95.000 €");
        assert_eq!(said("1200.25", Language::De, ""), "1.200,25");
        assert_eq!(said("95000", Language::En, "€"), "€95,000");
    }

    #[test]
    fn figures_of_deals_are_found_only_where_they_are_clear() {
        let found = |text: &str| Amount::find(text).map(|(amount, unit)| (amount.to_string(), unit));
        assert_eq!(found("under 2 days"), Some(("2".to_owned(), "days".to_owned())));
        assert_eq!(found("80 %."), Some(("80".to_owned(), "%".to_owned())));
        assert_eq!(found("$120,000"), Some(("120000".to_owned(), "$".to_owned())));
        for unclear in ["from 6 to 2 hours", "twice as fast", "SAP 4", ""] {
            assert_eq!(found(unclear), None, "{unclear}");
        }
    }
}
