//! From a deal to what programmes and segments decide on: facts for rules, words for placeholders.

use std::collections::BTreeMap;

use crate::deal::{Deal, Maturity};
use crate::methodology::Segments;
use crate::money::Money;
use crate::rule::{FactValue, Facts};
use crate::wording::Text;

/// The facts of [`crate::rule::FIT_FACTS`] for a deal. `segment` is empty until one is chosen.
#[must_use]
pub fn facts(deal: &Deal, segments: &Segments, segment: &str) -> Facts {
    let acv = deal.acv.as_ref().and_then(|acv| in_workspace_currency(acv.value, segments)).unwrap_or(0);
    let maturity = match deal.maturity.as_ref().map(|fact| fact.value) {
        Some(Maturity::Novice) => "novice",
        Some(Maturity::Practitioner) => "practitioner",
        Some(Maturity::Expert) => "expert",
        None => "unknown",
    };
    Facts(BTreeMap::from([
        ("acv", FactValue::Int(acv)),
        ("users", FactValue::Int(deal.users.as_ref().map_or(0, |fact| i64::from(fact.value)))),
        ("integrations", count(deal.integrations.len())),
        ("sites", FactValue::Int(i64::from(site_count(deal)))),
        ("products", count(deal.products.len().max(1))),
        ("use_cases", count(deal.use_cases.len().max(1))),
        ("data_sources", count(deal.data_sources.len())),
        ("sso", FactValue::Bool(deal.single_sign_on().is_some())),
        ("regulated", FactValue::Bool(is_regulated(deal, segments))),
        ("maturity", FactValue::Text(maturity.to_owned())),
        ("segment", FactValue::Text(segment.to_owned())),
        ("promises", count(deal.promises.len())),
    ]))
}

/// Number of sites; 1 when none are named.
#[must_use]
pub fn site_count(deal: &Deal) -> u32 {
    deal.sites.as_ref().map_or(1, |sites| sites.value.count.max(1))
}

/// An amount in whole units of the workspace currency, at the methodology's stated rates;
/// `None` when there is no rate for its currency.
#[must_use]
pub fn in_workspace_currency(money: Money, segments: &Segments) -> Option<i64> {
    let code = money.currency.code();
    if code == segments.currency {
        return Some(money.whole());
    }
    let rate = segments.rates.get(code)?;
    let scale = 10_f64.powi(i32::try_from(money.currency.decimals()).unwrap_or(2));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a segment bound needs whole units only; amounts stay far below 2^53"
    )]
    let converted = (money.minor as f64 / scale * rate).round() as i64;
    Some(converted)
}

fn is_regulated(deal: &Deal, segments: &Segments) -> bool {
    let terms = &segments.regulated_industries;
    deal.industry.as_ref().is_some_and(|industry| Text::new(&industry.value).find_any(terms).is_some())
}

fn count(number: usize) -> FactValue {
    FactValue::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Words that stand for placeholders such as `{customer}` in texts of the methodology.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(BTreeMap<&'static str, String>);

impl Words {
    /// Sets what a placeholder stands for.
    pub fn set(&mut self, name: &'static str, text: impl Into<String>) {
        self.0.insert(name, text.into());
    }

    /// What a placeholder stands for; empty for one that is not set.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The same words with one more.
    #[must_use]
    pub fn with(&self, name: &'static str, text: impl Into<String>) -> Self {
        let mut words = self.clone();
        words.set(name, text);
        words
    }

    /// The text with every known placeholder replaced; unknown ones stay as they are.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (before, from_open) = rest.split_at(open);
            out.push_str(before);
            match from_open.find('}').map(|close| (&from_open[1..close], &from_open[close + 1..])) {
                Some((name, after)) => {
                    match self.0.get(name) {
                        Some(word) => out.push_str(word),
                        None => out.push_str(&from_open[..name.len() + 2]),
                    }
                    rest = after;
                }
                None => {
                    out.push_str(from_open);
                    rest = "";
                }
            }
        }
        out.push_str(rest);
        out
    }
}

/// `a, b and c`.
#[must_use]
pub fn list_in_words(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `1 day`, `3 days`: a count with its noun.
#[must_use]
pub fn counted(count: i64, noun: &str) -> String {
    format!("{count} {}", plural(noun, u32::try_from(count.unsigned_abs()).unwrap_or(u32::MAX)))
}

/// The text with its first letter in upper case.
#[must_use]
pub fn capitalise(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The plural of an English noun; the noun itself for a count of 1.
#[must_use]
pub fn plural(noun: &str, count: u32) -> String {
    if count == 1 {
        return noun.to_owned();
    }
    if let Some((head, last)) = noun.rsplit_once(' ') {
        return format!("{head} {}", plural(last, count));
    }
    let consonant_y = noun.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    match consonant_y {
        Some(stem) => format!("{stem}ies"),
        None if noun.ends_with(['s', 'x']) || noun.ends_with("ch") || noun.ends_with("sh") => {
            format!("{noun}es")
        }
        None => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Confidence, Fact};

    #[test]
    fn fills_what_it_knows_and_leaves_the_rest() {
        let mut words = Words::default();
        words.set("customer", "Acme {x}");
        assert_eq!(words.fill("Welcome {customer}, {who}? {"), "Welcome Acme {x}, {who}? {");
        assert_eq!(words.fill("é{customer}ü{}"), "éAcme {x}ü{}");
    }

    #[test]
    fn an_industry_is_regulated_by_its_words_not_by_their_letters() {
        let segments = Segments {
            regulated_industries: ["hospital", "*pharma*", "life science*"].map(str::to_owned).to_vec(),
            ..Segments::default()
        };
        let regulated = |industry: &str| {
            let industry = Some(Fact::derived(industry.to_owned(), "", Confidence::High));
            is_regulated(&Deal { industry, ..Deal::default() }, &segments)
        };
        assert!(regulated("Hospital group"));
        assert!(regulated("Biopharma and life sciences"));
        assert!(!regulated("Hospitality"));
        assert!(!is_regulated(&Deal::default(), &segments));
    }

    #[test]
    fn speaks_in_plurals_and_lists() {
        assert_eq!(plural("plant", 3), "plants");
        assert_eq!(plural("facility", 2), "facilities");
        assert_eq!(plural("branch", 2), "branches");
        assert_eq!(plural("store", 1), "store");
        assert_eq!(counted(1, "working day"), "1 working day");
        assert_eq!(counted(0, "calendar day"), "0 calendar days");
        assert_eq!(list_in_words(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
