//! What the value of a fact can be.

use std::ops::RangeInclusive;

use super::FactValue;
use super::schema::{FactSpec, Kind};

/// The largest number a fact can be: a trillion, so that sums and products of a few stay far inside of what rules count.
const MOST: i64 = 1_000_000_000_000;

/// The longest times a fact can tell: a hundred years.
const DAYS: i64 = 36_525;
const HOURS: i64 = DAYS * 24;
const WEEKS: i64 = DAYS / 7;

/// Ranges that are told with both ends when a number is outside; of wider ones only the end that was passed.
const TOLD_WHOLE: i64 = 1_000;

impl FactSpec {
    /// The numbers a fact can be, both ends included; none of a fact that is no number.
    #[must_use]
    pub fn range(&self) -> Option<RangeInclusive<i64>> {
        if self.kind != Kind::Number {
            return None;
        }
        Some(match (self.group(), self.field(), self.unit) {
            ("surveys", "nps", _) | ("health", "change_7", _) => -100..=100,
            ("surveys", "satisfaction" | "effort", _) | ("observed", "engagement" | "mood" | "system", _) => {
                1..=5
            }
            ("usage", "active_days", _) => 0..=28,
            ("usage", "active_days_per_week", _) => 0..=7,
            // Nothing loses more than all it has; what was little may grow many times.
            ("usage" | "health", "change_7_percent", _)
            | ("contract", "mrr_change_percent", _)
            | ("plan", "scope_growth_percent", _) => -100..=MOST,
            // More people may come than were expected.
            ("usage", "activated_percent", _) => 0..=MOST,
            ("issues", "trend", _) => -MOST..=MOST,
            ("contract", "days_to_renewal", _)
            | ("onboarding", "days_since_kickoff" | "days_to_go_live", _) => -DAYS..=DAYS,
            ("health", "score", _) | (_, _, "%") => 0..=100,
            (_, _, "days") => 0..=DAYS,
            (_, _, "hours") => 0..=HOURS,
            (_, _, "weeks") => 0..=WEEKS,
            _ => 0..=MOST,
        })
    }

    /// The texts a fact can be, which its meaning marks as code; empty where it can be any, or is no text.
    #[must_use]
    pub fn words(&self) -> Vec<&'static str> {
        if self.kind != Kind::Text {
            return Vec::new();
        }
        self.meaning.split('`').skip(1).step_by(2).collect()
    }

    /// What is wrong with a value, as the rest of a sentence that begins with the fact: `must lie between 0 and 100 %`.
    /// Nothing where the fact can be that.
    #[must_use]
    pub fn wrong(&self, value: &FactValue) -> Option<String> {
        match value {
            _ if !self.kind.fits(value) => Some(format!("must be a {}", self.kind)),
            FactValue::Int(number) => self.out_of_range(*number),
            FactValue::Text(text) => {
                let words = self.words();
                let is_one = words.is_empty() || words.contains(&text.as_str());
                (!is_one).then(|| format!("must be one of {}", words.join(", ")))
            }
            FactValue::Bool(_) | FactValue::List(_) | FactValue::Group(_) => None,
        }
    }

    fn out_of_range(&self, number: i64) -> Option<String> {
        let range = self.range()?;
        if range.contains(&number) {
            return None;
        }
        let (least, most) = (*range.start(), *range.end());
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        Some(if most - least <= TOLD_WHOLE {
            format!("must lie between {least} and {most}{unit}")
        } else if number < least {
            format!("must be at least {least}{unit}")
        } else {
            format!("must be at most {most}{unit}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::Schema;
    use super::*;

    fn wrong(name: &str, value: FactValue) -> Option<String> {
        Schema::run().find(name).unwrap().wrong(&value)
    }

    #[test]
    fn every_number_has_a_range_with_one_in_it() {
        for spec in Schema::run().facts() {
            assert_eq!(spec.range().is_some(), spec.kind == Kind::Number, "{}", spec.name);
            assert!(spec.range().is_none_or(|range| range.contains(&1)), "{}", spec.name);
        }
    }

    #[test]
    fn numbers_that_cannot_be_are_told_by_unit() {
        let int = |name: &str, number: i64| wrong(name, FactValue::Int(number));
        let told = |text: &str| Some(text.to_owned());
        assert_eq!(int("usage.setup_percent", 101), told("must lie between 0 and 100 %"));
        assert_eq!(int("usage.setup_percent", 100), None);
        assert_eq!(int("usage.logins", -1), told("must be at least 0"));
        assert_eq!(int("usage.days_since_login", -3), told("must be at least 0 days"));
        assert_eq!(int("usage.days_since_login", 40_000), told("must be at most 36525 days"));
        assert_eq!(int("observed.mood", 6), told("must lie between 1 and 5"));
        assert_eq!(int("surveys.nps", -100), None);
        assert_eq!(int("surveys.nps", -101), told("must lie between -100 and 100 points"));
        assert_eq!(int("usage.activated_percent", 140), None, "more than were expected");
        assert_eq!(int("contract.days_to_renewal", -10), None, "it is over");
        assert_eq!(int("usage.change_7_percent", -101), told("must be at least -100 %"));
    }

    #[test]
    fn texts_that_are_one_of_few_are_held_to_them() {
        let text = |name: &str, word: &str| wrong(name, FactValue::Text(word.to_owned()));
        assert_eq!(text("usage.pace", "behind"), None);
        let told = "must be one of on-track, behind, stuck".to_owned();
        assert_eq!(text("usage.pace", "flying"), Some(told));
        assert_eq!(text("onboarding.segment", "anything"), None);
        assert_eq!(text("usage.logins", "many"), Some("must be a whole number".to_owned()));
    }
}
