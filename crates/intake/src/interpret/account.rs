//! The customer: who they are, where, how many, how experienced.

use std::ops::Range;

use gangway_domain::deal::Sites;
use gangway_domain::fact::Confidence;

use super::{clean, short, text_fact, trim_stop};
use crate::builder::Builder;
use crate::source::Passage;
use crate::values::list::{self, Separators};
use crate::values::words::words;
use crate::values::{broken, number, place};

pub(super) fn customer(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let mut name = trim_stop(passage);
    // "Pixelforge Games — 7.2k a year": what follows the name is read by itself.
    for separator in [" — ", " – ", " - ", "\n"] {
        if let Some(at) = name.text.find(separator) {
            let (head, rest) = name.split_at(at);
            crate::prose::read(
                b,
                rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, '—' | '–' | '-')),
            );
            name = trim_stop(head);
        }
    }
    // "Bluefin Dental Group, 6 clinics": what is counted after the name is no part of it.
    if let Some(at) = name.text.find(", ")
        && name
            .text
            .get(at + 2..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '~'))
    {
        let (head, rest) = name.split_at(at);
        crate::prose::read(b, rest.trim_matches(|c: char| c.is_whitespace() || c == ','));
        name = head;
    }
    // "Acme Manufacturing (Germany)" says the country too.
    if let Some(open) = name.text.rfind(" (").filter(|_| name.text.ends_with(')')) {
        let inner = name.sub(open + 2..name.text.len() - 1);
        if let Some(code) = place::country(inner.text) {
            b.set("The country", |d| &mut d.country, code.to_owned(), inner, Confidence::Medium);
            name = name.sub(0..open).trim();
        }
    }
    text_fact(b, "The customer", |d| &mut d.customer, name, confidence);
}

pub(super) fn country(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let whole = trim_stop(passage);
    if let Some(code) = place::subdivision(whole.text) {
        b.set("The country", |d| &mut d.country, code, whole, confidence);
        return;
    }
    if let Some((code, range)) = place::country_in(passage.text) {
        let whole = range.len() == passage.text.trim().len();
        b.set(
            "The country",
            |d| &mut d.country,
            code.to_owned(),
            passage.sub(range),
            if whole { confidence } else { confidence.min(Confidence::Medium) },
        );
    }
}

pub(super) fn users(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    // "-20" and "0" are as wrong as "many".
    let negative = passage.text.starts_with(['-', '−']);
    match number::find_count(passage.text).and_then(|n| n.value.as_u32().map(|count| (count, n.range))) {
        Some((count, range)) if !negative => {
            let rest = passage.sub(range.end..passage.text.len());
            let here = with_tail(passage, range);
            set_users(b, count, here, confidence);
            sites_of_users(b, rest);
        }
        Some(_) => b.warn(
            "absurd_count",
            format!("“{}” users cannot be right and was not used; correct it", short(passage.text)),
            passage,
        ),
        None => b.warn(
            "not_understood",
            format!("“{}” cannot be read as a number of users; write it like 900", short(passage.text)),
            passage,
        ),
    }
}

/// `900 in 3 plants` counts the places too.
fn sites_of_users(b: &mut Builder<'_>, rest: Passage<'_>) {
    let Some(found) = place::find_sites(rest.text) else { return };
    let behind = rest.text.get(found.range.end..).unwrap_or("").trim_start();
    // "3 plants (Hamburg, Graz, Brno)" names them.
    if behind.starts_with(['(', ':']) {
        sites(b, rest.sub(found.range.start..rest.text.len()), Confidence::Medium);
    } else {
        set_sites(b, found.count, found.noun, Vec::new(), rest.sub(found.range), Confidence::Medium);
    }
}

pub(crate) fn set_users(b: &mut Builder<'_>, count: u32, passage: Passage<'_>, confidence: Confidence) {
    if count == 0 || count > 10_000_000 {
        b.warn(
            "absurd_count",
            format!("{count} users cannot be right and was not used; correct it"),
            passage,
        );
        b.keep_unread(passage);
        return;
    }
    b.set("The number of users", |d| &mut d.users, count, passage, confidence);
}

pub(super) fn employees(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    match number::find_count(passage.text).and_then(|n| n.value.as_u32().map(|count| (count, n.range))) {
        Some((count, _)) if count == 0 || count > 10_000_000 => b.warn(
            "absurd_count",
            format!("{count} employees cannot be right and was not used; correct it"),
            passage,
        ),
        Some((count, range)) => {
            let here = with_tail(passage, range);
            b.set("The number of employees", |d| &mut d.employees, count, here, confidence);
        }
        _ => b.warn(
            "not_understood",
            format!("“{}” cannot be read as a number of employees", short(passage.text)),
            passage,
        ),
    }
}

/// A count together with the noun after it, when little else follows: `850`, `6 seats`, `2.400 Mitarbeiter`.
fn with_tail(passage: Passage<'_>, range: Range<usize>) -> Passage<'_> {
    let rest = passage.text.get(range.end..).unwrap_or("");
    let words = words(rest).count();
    let plain = !rest.contains(|c: char| c.is_ascii_digit() || matches!(c, ',' | ';' | '('));
    trim_stop(if words <= 3 && plain {
        passage.sub(range.start..passage.text.len())
    } else {
        passage.sub(range)
    })
}

/// `3 plants`, `3`, `Hamburg, Leipzig, Graz`, `3 plants (Hamburg, Leipzig, Graz)`, `3 Werke: Hamburg, …`.
pub(super) fn sites(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let passage = trim_stop(passage);
    let counted = place::find_sites(passage.text);
    let number = counted.as_ref().map(|c| (c.count, c.noun, c.range.end)).or_else(|| {
        let number =
            number::count_at(passage.text, 0).filter(|_| broken::at_start(passage.text).is_none())?;
        Some((number.value.as_u32()?, "site", number.range.end))
    });
    let (start, noun) = number.map_or((0, "site"), |(_, noun, end)| (end, noun));
    let rest =
        passage.text.get(start..).unwrap_or("").trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, ':' | '(' | ')' | '–' | '-' | '—' | ',')
        });
    let rest = rest
        .strip_prefix("in ")
        .or_else(|| rest.strip_prefix("à "))
        .or_else(|| rest.strip_prefix("en "))
        .unwrap_or(rest);
    let names: Vec<String> = list::split(&rest.replace('\n', ", "), Separators::Words)
        .into_iter()
        .filter_map(|range| rest.replace('\n', ", ").get(range).map(clean))
        .map(|name| name.trim_start_matches(['-', '*', '•', ' ']).to_owned())
        .filter(|name| {
            // "5 plants in CH": two capitals are a country, not a place.
            let code = name.len() == 2 && name.chars().all(char::is_uppercase);
            name.chars().next().is_some_and(char::is_uppercase)
                && name.split_whitespace().count() <= 5
                && !code
        })
        .collect();
    let Some(count) = number
        .map(|(count, _, _)| count)
        .or_else(|| u32::try_from(names.len()).ok())
        .filter(|_| number.is_some() || !names.is_empty())
    else {
        if passage.text.contains(|c: char| c.is_ascii_digit()) {
            let text = short(passage.text);
            b.warn(
                "not_understood",
                format!("“{text}” cannot be read as a number of sites; write it like 3 plants"),
                passage,
            );
        }
        return;
    };
    let count = count.max(u32::try_from(names.len()).unwrap_or(0));
    set_sites(b, count, noun, names, passage, confidence);
}

pub(crate) fn set_sites(
    b: &mut Builder<'_>,
    count: u32,
    noun: &str,
    names: Vec<String>,
    passage: Passage<'_>,
    confidence: Confidence,
) {
    if count == 0 || count > crate::limits::MAX_SITES {
        b.warn(
            "absurd_count",
            format!("{count} sites cannot be right and was not used; correct it"),
            passage,
        );
        b.keep_unread(passage);
        return;
    }
    b.set(
        "The number of sites",
        |d| &mut d.sites,
        Sites { count, noun: noun.to_owned(), names },
        passage,
        confidence,
    );
}
