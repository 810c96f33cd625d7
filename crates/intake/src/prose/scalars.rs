//! Numbers and names inside a sentence that say themselves what they are.

use std::ops::Range;

use gangway_domain::fact::Confidence;

use super::phrases::{INTEGRATE, MONEY, says};
use super::sso_in;
use crate::builder::Builder;
use crate::interpret;
use crate::source::Passage;
use crate::values::list::{self, Separators};
use crate::values::money::{self, Per};
use crate::values::words::{find_folded, find_in, fold, has_phrase};
use crate::values::{broken, duration, number, place};

/// Numbers with a noun that names them: money, users, employees, sites, the term; also SSO, systems, country.
pub(super) fn scalars(b: &mut Builder<'_>, passage: Passage<'_>, folded: &str) {
    let price = price(b, passage, folded);
    counts(b, passage);
    term(b, passage, folded, price);
    systems(b, passage, folded);
    if let Some(found) = sso_in(passage.text) {
        let here = passage.sub(found.range);
        b.set("Single sign-on", |d| &mut d.sso, found.provider, here, Confidence::Medium);
    }
    country(b, passage);
}

/// The price, when a word or a period beside it says that it is one; where it stands.
fn price(b: &mut Builder<'_>, passage: Passage<'_>, folded: &str) -> Option<Range<usize>> {
    let has_digit = passage.text.contains(|c: char| c.is_ascii_digit());
    if !(has_digit || folded.contains("thousand") || folded.contains("million"))
        || b.deal.acv.is_some()
        || b.total.is_some()
    {
        return None;
    }
    let Some(found) = money::find_clear(passage.text, b.currency) else {
        if let Some(broken) = money::find_broken(passage.text, b.currency) {
            interpret::no_amount(b, &broken, passage);
        }
        return None;
    };
    if !says(folded, MONEY) && found.per == Per::Unsaid {
        return None;
    }
    interpret::take_amount(b, &found, found.per, passage.sub(found.range.clone()), Confidence::Medium);
    Some(found.range)
}

/// Counted users, employees and sites.
fn counts(b: &mut Builder<'_>, passage: Passage<'_>) {
    for range in broken::find(passage.text) {
        // A dash at the beginning was cut off as a bullet unless a number follows at once.
        let advice = if range.start == 0 && passage.text.starts_with(['-', '−']) {
            "correct it, or put a space behind the dash if it marks a line of a list"
        } else {
            "correct it"
        };
        let here = passage.sub(range);
        b.warn(
            "absurd_count",
            format!("“{}” cannot be right and was not used; {advice}", interpret::short(here.text)),
            here,
        );
    }
    if let Some((count, range)) = users_in(passage.text) {
        interpret::set_users(b, count, passage.sub(range), Confidence::Medium);
    }
    if let Some((count, range)) = counted(passage.text, EMPLOYEES) {
        let here = passage.sub(range);
        b.set("The number of employees", |d| &mut d.employees, count, here, Confidence::Medium);
    }
    if let Some(found) = place::find_sites(passage.text) {
        let here = passage.sub(found.range);
        interpret::set_sites(b, found.count, found.noun, Vec::new(), here, Confidence::Medium);
    }
}

/// Nouns of people who work for the customer, folded.
pub(crate) const EMPLOYEES: &[&str] = &[
    "employees",
    "staff",
    "mitarbeiter",
    "mitarbeitende",
    "mitarbeitern",
    "salaries",
    "collaborateurs",
    "empleados",
    "fte",
];

/// Words that make a length of time the contract's, folded.
const TERM: &[&str] = &[
    "contract",
    "term",
    "agreement",
    "deal",
    "vertrag",
    "laufzeit",
    "contrat",
    "contrato",
    "subscription",
    "engagement",
];

/// The contract's term: beside a word for a contract, or behind the price.
fn term(b: &mut Builder<'_>, passage: Passage<'_>, folded: &str, price: Option<Range<usize>>) {
    let said = says(folded, TERM);
    if b.deal.term_months.is_some() || (price.is_none() && !said) {
        return;
    }
    // "a year" in the price itself is no term.
    let end = passage.text.len();
    let price = price.unwrap_or(end..end);
    for part in [passage.sub(0..price.start), passage.sub(price.end..end)] {
        if let Some(found) = duration::find(part.text)
            && matches!(found.unit, duration::Unit::Year | duration::Unit::Month)
            && let Some(months) = found.months().filter(|m| (1..=240).contains(m))
            && (said || months >= 12)
        {
            let here = part.sub(found.range);
            b.set("The contract term", |d| &mut d.term_months, months, here, Confidence::Medium);
            return;
        }
    }
}

/// Systems after "integrate with" and its like, or before the word "integration".
fn systems(b: &mut Builder<'_>, passage: Passage<'_>, folded: &str) {
    if let Some(phrase) = INTEGRATE
        .iter()
        .find(|phrase| has_phrase(folded, phrase))
        .and_then(|phrase| find_folded(passage.text, phrase))
    {
        let tail = passage.sub(phrase.end..passage.text.len());
        let stop = [" for ", " to ", " so ", " which ", " via ", ". ", " by ", " because "]
            .iter()
            .filter_map(|word| tail.text.find(word))
            .min()
            .unwrap_or(tail.text.len());
        named_systems(b, tail.sub(0..stop));
    } else if let Some(at) =
        [" integration", " integrations"].iter().find_map(|word| find_in(passage.text, word))
    {
        // "QuickBooks + ADP integration": only a list of names, not "a custom integration".
        let head = passage.sub(0..at.start);
        let start = head.text.rfind(['.', ';', ':']).map_or(0, |at| at + 1);
        named_systems(b, head.sub(start..head.text.len()));
    }
}

fn named_systems(b: &mut Builder<'_>, names: Passage<'_>) {
    for range in list::split(names.text, Separators::Words) {
        let item = names.sub(range);
        let item = ["their ", "the ", "an existing ", "existing "]
            .iter()
            .find_map(|word| item.text.strip_prefix(word).map(|_| item.sub(word.len()..item.text.len())))
            .unwrap_or(item);
        let article =
            ["A ", "An ", "The ", "No ", "Our ", "We "].iter().any(|word| item.text.starts_with(word));
        if item.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            && !article
            && item.text.split_whitespace().count() <= 5
            && sso_in(item.text).is_none()
        {
            interpret::integration(b, item, Confidence::Medium);
        }
    }
}

/// The country after "based in" and its like.
fn country(b: &mut Builder<'_>, passage: Passage<'_>) {
    for phrase in [
        "based in",
        "headquartered in",
        "located in",
        "sitz in",
        "mit sitz in",
        "basée en",
        "basé en",
        "basée à",
        "con sede en",
        "operate in",
        "operating in",
    ] {
        let Some(at) = find_in(passage.text, phrase) else { continue };
        let tail = passage.sub(at.end..passage.text.len());
        let tail = tail.trim_matches(|c: char| c.is_whitespace() || c == '.');
        let stop = tail.text.find([';', '.']).unwrap_or(tail.text.len());
        let near = tail.sub(0..stop);
        if let Some((code, range)) = place::country_in(near.text).or_else(|| first_words_country(near.text)) {
            let here = near.sub(range);
            b.set("The country", |d| &mut d.country, code.to_owned(), here, Confidence::Medium);
        }
        return;
    }
}

fn first_words_country(text: &str) -> Option<(&'static str, Range<usize>)> {
    let ends: Vec<usize> =
        text.char_indices().filter(|(_, c)| !c.is_alphanumeric()).map(|(at, _)| at).take(3).collect();
    ends.into_iter().rev().find_map(|end| text.get(..end).and_then(place::country).map(|code| (code, 0..end)))
}

/// A count directly before (at most two words apart from) one of the folded nouns.
fn counted(text: &str, nouns: &[&str]) -> Option<(u32, Range<usize>)> {
    let mut boundary = true;
    for (start, c) in text.char_indices() {
        if boundary
            && (c.is_ascii_digit() || matches!(c, '~' | '≈') || c.is_alphabetic())
            && let Some(number) = number::count_at(text, start)
            && let Some(count) = number.value.as_u32()
        {
            let mut at = number.range.end;
            for _ in 0..3 {
                let rest = text.get(at..).unwrap_or("");
                let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '-']).len();
                let word = rest.get(gap..).unwrap_or("");
                let length = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
                if gap == 0 || length == 0 {
                    break;
                }
                let folded = fold(word.get(..length).unwrap_or(""));
                if nouns.contains(&folded.as_str()) {
                    return Some((count, start..at + gap + length));
                }
                at += gap + length;
            }
        }
        boundary = !c.is_alphanumeric() && !matches!(c, '.' | ',' | '$' | '€' | '£' | '/' | '-' | '−' | '^');
    }
    None
}

/// `~900 users`, `about 40 people`, `2.4k named users`, `250 Lizenzen`.
pub(crate) fn users_in(text: &str) -> Option<(u32, Range<usize>)> {
    counted(text, USERS)
}

/// Nouns of people who will use the product, folded.
pub(crate) const USERS: &[&str] = &[
    "users",
    "user",
    "seats",
    "seat",
    "licenses",
    "licences",
    "people",
    "logins",
    "benutzer",
    "benutzern",
    "nutzer",
    "nutzern",
    "anwender",
    "anwendern",
    "lizenzen",
    "personen",
    "utilisateurs",
    "utilisateur",
    "personnes",
    "licencias",
    "usuarios",
    "personas",
];
