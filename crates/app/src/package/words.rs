//! Filters that put what a machine wrote into people's words.

use std::collections::BTreeMap;

use gangway_domain::methodology::Methodology;
use gangway_domain::outcome::of_one;
use jiff::civil::Date;
use minijinja::value::Value;
use minijinja::{Environment, Error};

use super::templates::{capital, sentence, texts};

/// Adds the filters to an environment; countries get the names the methodology's calendars give them. The test `hosted`
/// tells services that everybody runs in the same version.
pub(super) fn add(env: &mut Environment<'_>, methodology: &Methodology) {
    let countries: BTreeMap<String, String> = methodology
        .calendars
        .iter()
        .map(|(code, calendar)| (code.to_uppercase(), calendar.name.clone()))
        .collect();
    env.add_filter("country", move |code: Value| country(&countries, code));
    let rules = methodology.questions.clone();
    env.add_test("hosted", move |system: String| rules.is_hosted(&system));
    env.add_filter("place", |text: String| place(&text));
    env.add_filter("remark", |text: String| remark(&text));
    env.add_filter("sentences", sentences);
    env.add_filter("thousands", thousands);
    env.add_filter("of_unit", |count: i64, unit: String| of_unit(count, &unit));
}

/// The name of a country by its code, with the code of a subdivision kept; what is not known stays as it is.
fn country(names: &BTreeMap<String, String>, code: Value) -> Value {
    let Some(text) = code.as_str() else { return code };
    let (land, part) = text.split_once('-').unwrap_or((text, ""));
    match (names.get(&land.to_uppercase()), part) {
        (None, _) => code,
        (Some(name), "") => Value::from(name.as_str()),
        (Some(name), part) => Value::from(format!("{name} ({part})")),
    }
}

/// Where a fact was found, for readers who do not know the form of the input:
/// `use_cases[0]` is `use cases, no. 1`; `line 12` stays.
fn place(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, after) = rest.split_at(at);
        let after = after.get(1..).unwrap_or_default();
        let number = after
            .find(']')
            .and_then(|end| Some((after.get(..end)?.parse::<u32>().ok()?, after.get(end + 1..)?)));
        match number {
            Some((index, remaining)) => {
                out.push_str(&format!("{before}, no. {}", index.saturating_add(1)));
                rest = remaining.strip_prefix('.').map_or(remaining, |field| {
                    out.push_str(", ");
                    field
                });
            }
            None => {
                out.push_str(before);
                out.push('[');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out.replace('_', " ")
}

/// A remark of the reader as a sentence: a capital, a full stop, quotation marks where it wrote backticks, and dates
/// as people write them.
fn remark(text: &str) -> String {
    let mut open = false;
    let quoted: String = text
        .chars()
        .map(|c| match c {
            '`' => {
                open = !open;
                if open { '“' } else { '”' }
            }
            other => other,
        })
        .collect();
    capital(&sentence(&with_dates(&quoted)))
}

/// The text with `2027-01-12` as `12 Jan 2027`, except right after an opening quotation mark: that is the input itself.
fn with_dates(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let date = rest.get(..10).and_then(|part| part.parse::<Date>().ok());
        let apart = !out.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '“' | '"' | '-' | '/'))
            && !rest
                .get(10..)
                .is_some_and(|after| after.starts_with(|c: char| c.is_alphanumeric() || c == '-'));
        let taken = match date.filter(|_| apart) {
            Some(date) => {
                out.push_str(&date.strftime("%-d %b %Y").to_string());
                10
            }
            None => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

/// Whole statements one after the other: `A works. B answers. C is signed.`
fn sentences(items: Value, none: Option<String>) -> Result<String, Error> {
    let items = texts(&items)?;
    Ok(match (items.as_slice(), none) {
        ([], Some(none)) => none,
        // One statement in a cell needs no full stop.
        ([one], _) => capital(one.trim_end_matches('.')),
        (many, _) => many.iter().map(|text| capital(&sentence(text))).collect::<Vec<_>>().join(" "),
    })
}

/// A whole number with a comma between thousands; anything else as it is.
fn thousands(value: Value) -> Value {
    let Some(number) = value.as_i64() else { return value };
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    Value::from(if number < 0 { format!("-{out}") } else { out })
}

/// A count with its unit, which the methodology writes in the plural: `1 user`, `5 users`, `80 %`.
fn of_unit(count: i64, unit: &str) -> String {
    let unit = if count == 1 { of_one(unit) } else { unit.to_owned() };
    format!("{count} {unit}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_said_in_words() {
        assert_eq!(place("use_cases[0]"), "use cases, no. 1");
        assert_eq!(place("success_criteria[2].metric"), "success criteria, no. 3, metric");
        assert_eq!(
            place("red flag of the handoff (red_flags[0])"),
            "red flag of the handoff (red flags, no. 1)"
        );
        assert_eq!(place("line 12, column 3"), "line 12, column 3");
        assert_eq!(place("notes [sic] and ["), "notes [sic] and [");
    }

    #[test]
    fn remarks_are_sentences_without_code() {
        assert_eq!(remark("line 3: add `Country:` to the deal"), "Line 3: add “Country:” to the deal.");
        assert_eq!(remark("The kickoff (2026-12-07) is past"), "The kickoff (7 Dec 2026) is past.");
        assert_eq!(
            remark("“2026-12-07” could be either, id 12026-12-07"),
            "“2026-12-07” could be either, id 12026-12-07."
        );
    }

    #[test]
    fn statements_follow_each_other() {
        let of = |items: &[&str], none: Option<&str>| {
            sentences(items.iter().copied().map(Value::from).collect(), none.map(str::to_owned)).unwrap()
        };
        assert_eq!(
            of(&["Sign-in works", "every system answers."], None),
            "Sign-in works. Every system answers."
        );
        assert_eq!(of(&["most users work with it"], None), "Most users work with it");
        assert_eq!(of(&[], Some("To agree")), "To agree");
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(thousands(Value::from(2400)), Value::from("2,400"));
        assert_eq!(thousands(Value::from(1_000_000)), Value::from("1,000,000"));
        assert_eq!(thousands(Value::from(12)), Value::from("12"));
        assert_eq!(thousands(Value::from(())), Value::from(()));
        assert_eq!(of_unit(1, "users"), "1 user");
        assert_eq!(of_unit(5, "users"), "5 users");
        assert_eq!(of_unit(80, "%"), "80 %");
    }

    #[test]
    fn countries_have_names() {
        let names = BTreeMap::from([("DE".to_owned(), "Germany".to_owned())]);
        assert_eq!(country(&names, Value::from("DE")), Value::from("Germany"));
        assert_eq!(country(&names, Value::from("DE-BY")), Value::from("Germany (BY)"));
        assert_eq!(country(&names, Value::from("XX")), Value::from("XX"));
        assert_eq!(country(&names, Value::from(())), Value::from(()));
    }
}
