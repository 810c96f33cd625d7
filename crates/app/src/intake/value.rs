//! Values of facts: read from what a person typed, and put into words.

use gangway_domain::deal::{DealFormat, GoLiveTarget};
use gangway_domain::fit::counted;
use gangway_domain::money::Money;
use gangway_intake::{IntakeError, ReadContext};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::field::Field;
use crate::error::Problem;

/// Longest part of a fact, in characters.
const MAX_PART: usize = 4_000;

/// What a person typed: part, text.
pub type Typed = Vec<(String, String)>;

/// Reads what was typed with the readers of the intake: a file with this one fact is read, so that
/// `95K`, `end of March` and `Germany` mean here what they mean in a document.
pub(super) fn read(field: &Field, typed: &Typed, context: &ReadContext) -> Result<Value, Vec<Problem>> {
    let mut parts = Map::new();
    let mut problems = Vec::new();
    for part in field.parts {
        let text = typed.iter().find(|(name, _)| name == part.name).map_or("", |(_, text)| text.trim());
        if text.chars().count() > MAX_PART {
            problems.push(Problem::new(part.name, format!("is longer than {MAX_PART} characters")));
        } else if !text.is_empty() {
            parts.insert(part.name.to_owned(), json!(text));
        }
    }
    let first = field.parts.first().map_or("value", |part| part.name);
    if parts.is_empty() && problems.is_empty() {
        problems.push(Problem::new(first, "is missing"));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if let Some(Value::String(names)) = parts.get("names") {
        let names: Vec<&str> =
            names.split([',', '\n']).map(str::trim).filter(|name| !name.is_empty()).collect();
        parts.insert("names".to_owned(), json!(names));
    }
    let value =
        if field.is_plain() { parts.remove("value").unwrap_or_default() } else { Value::Object(parts) };
    let value = if field.many { json!([value]) } else { value };
    let file = json!({ field.name: value }).to_string();
    let reading = gangway_intake::read(file.as_bytes(), Some(DealFormat::Json), context)
        .map_err(|error| vec![problem(field, &error)])?;
    let deal = serde_json::to_value(&reading.deal).unwrap_or_default();
    let fact = deal.get(field.name).map(|found| found.get(0).unwrap_or(found));
    match fact.and_then(|fact| fact.get("value")) {
        Some(value) => Ok(value.clone()),
        None => {
            let told = reading.notices.iter().find(|notice| notice.code != "format");
            let why = told.map_or_else(String::new, |notice| format!(": {}", notice.message));
            Err(vec![Problem::new(first, format!("cannot be understood{why}"))])
        }
    }
}

fn problem(field: &Field, error: &IntakeError) -> Problem {
    let first = field.parts.first().map_or("value", |part| part.name);
    let IntakeError::Value { place, value, expected, example } = error else {
        return Problem::new(first, format!("cannot be used: {error}"));
    };
    let path = place.path.as_deref().unwrap_or_default();
    let named = field.parts.iter().find(|part| path.rsplit('.').next() == Some(part.name));
    let name = named.map_or(first, |part| part.name);
    if value.is_empty() {
        return Problem::new(name, "is missing");
    }
    Problem::new(name, format!("is not {expected}: write it like {example}"))
}

/// The value as a form shows it for editing: the text of this part.
#[must_use]
pub fn part_text(value: &Value, part: &str) -> String {
    let part = match (part, value) {
        ("value", value) => value,
        (_, Value::Object(parts)) => match parts.get(part) {
            Some(part) => part,
            None => return String::new(),
        },
        _ => return String::new(),
    };
    match part {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Value::Object(_) => special(part),
        other => other.to_string(),
    }
}

/// Money and go-live targets, which are objects but one value to people.
fn special(value: &Value) -> String {
    if let Ok(money) = serde_json::from_value::<Money>(value.clone()) {
        // With the code, not the sign: a dollar sign does not say which dollars.
        let scale = 10_u64.pow(money.currency.decimals());
        let (whole, part) = (money.minor.unsigned_abs() / scale, money.minor.unsigned_abs() % scale);
        let width = money.currency.decimals() as usize;
        let part = if part == 0 { String::new() } else { format!(".{part:0width$}") };
        return format!("{whole}{part} {}", money.currency.code());
    }
    match serde_json::from_value::<GoLiveTarget>(value.clone()) {
        Ok(GoLiveTarget::On { date }) => date.to_string(),
        Ok(GoLiveTarget::Within { days }) => format!("{days} days"),
        Err(_) => value.to_string(),
    }
}

/// A value in words: what is first in bold, and the rest.
#[must_use]
pub fn words(field: &Field, value: &Value) -> (String, String) {
    let text = |part: &str| part_text(value, part);
    let day = |part: &str| text(part).parse::<Date>().map(in_words).unwrap_or_default();
    let join = |parts: Vec<String>| {
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    let after = |label: &str, text: String| if text.is_empty() { text } else { format!("{label} {text}") };
    match field.name {
        "go_live" => match serde_json::from_value::<GoLiveTarget>(value.clone()) {
            Ok(GoLiveTarget::On { date }) => (in_words(date), String::new()),
            Ok(GoLiveTarget::Within { days }) => {
                (format!("{} after kickoff", counted(i64::from(days), "day")), String::new())
            }
            Err(_) => (value.to_string(), String::new()),
        },
        "acv" => match serde_json::from_value::<Money>(value.clone()) {
            Ok(money) => (money.to_string(), String::new()),
            Err(_) => (value.to_string(), String::new()),
        },
        "term_months" => (counted(value.as_i64().unwrap_or(0), "month"), String::new()),
        "maturity" => (capital(&text("value")), String::new()),
        "blackouts" => (format!("{} – {}", day("from"), day("to")), text("reason")),
        "sites" => {
            let count = value.get("count").and_then(Value::as_i64).unwrap_or(0);
            let noun = text("noun");
            (counted(count, if noun.is_empty() { "site" } else { &noun }), text("names"))
        }
        "success_criteria" => {
            let change = match (text("baseline"), text("target")) {
                (from, to) if !from.is_empty() && !to.is_empty() => format!("from {from} to {to}"),
                (from, to) => join(vec![after("today", from), after("to become", to)]),
            };
            (text("text"), join(vec![text("metric"), change, after("by", day("by"))]))
        }
        "stakeholders" => {
            let person = serde_json::from_value::<gangway_domain::deal::Stakeholder>(value.clone());
            let label = person.as_ref().map(gangway_domain::deal::Stakeholder::label).unwrap_or_default();
            let title = if text("name").is_empty() { String::new() } else { text("title") };
            let role = capital(&text("role").replace('_', " "));
            (label, join(vec![role, title, text("email"), text("notes")]))
        }
        "team" => (text("name"), join(vec![capital(&text("role").replace('-', " ")), text("email")])),
        "alternatives" => (text("name"), text("why_not")),
        "promises" => (text("text"), join(vec![after("by", day("by")), text("who")])),
        "red_flags" => (text("text"), join(vec![capital(&text("severity")), text("mitigation")])),
        "integrations" => (text("system"), text("detail")),
        "concerns" => (text("text"), text("answer")),
        _ => match value.as_str().and_then(|text| text.parse::<Date>().ok()) {
            Some(date) => (in_words(date), String::new()),
            None => (text("value"), String::new()),
        },
    }
}

/// A value in one line, for the log and for messages.
#[must_use]
pub fn line(field: &Field, value: &Value) -> String {
    let (first, rest) = words(field, value);
    let parts: Vec<String> = [first, rest].into_iter().filter(|part| !part.is_empty()).collect();
    let line = if parts.is_empty() { "nothing".to_owned() } else { parts.join(" · ") };
    match line.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(&line)),
        None => line,
    }
}

fn in_words(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use gangway_domain::money::Currency;
    use jiff::civil::date;

    use super::*;

    fn context() -> ReadContext {
        ReadContext { today: date(2027, 1, 4), default_currency: Currency::usd(), date_order: None }
    }

    fn read_one(field: &str, typed: &[(&str, &str)]) -> Result<String, String> {
        let field = Field::named(field).ok_or("no such field")?;
        let typed: Typed = typed.iter().map(|(part, text)| ((*part).into(), (*text).into())).collect();
        match read(field, &typed, &context()) {
            Ok(value) => Ok(line(field, &value)),
            Err(problems) => Err(problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; ")),
        }
    }

    #[test]
    fn what_people_type_is_read_as_in_a_document() {
        for (field, typed, expected) in [
            ("acv", "95K EUR", "€95,000"),
            ("acv", "120000", "$120,000"),
            ("term_months", "3 years", "36 months"),
            ("go_live", "60 days", "60 days after kickoff"),
            ("go_live", "15 March 2027", "15 Mar 2027"),
            ("closed_on", "2026-12-18", "18 Dec 2026"),
            ("country", "Germany", "DE"),
            ("users", "1,200", "1200"),
            ("maturity", "expert", "Expert"),
            (
                "pain",
                "Nobody trusts the numbers: three lists, no owner.",
                "Nobody trusts the numbers: three lists, no owner.",
            ),
        ] {
            assert_eq!(read_one(field, &[("value", typed)]), Ok(expected.to_owned()), "{field} {typed}");
        }
        let promise = [("text", "first dashboard"), ("by", "2027-02-10"), ("who", "Ann Lee")];
        assert_eq!(read_one("promises", &promise), Ok("first dashboard · by 10 Feb 2027 · Ann Lee".into()));
        let sites = [("count", "3"), ("noun", "plant"), ("names", "Lyon, Ulm")];
        assert_eq!(read_one("sites", &sites), Ok("3 plants · Lyon, Ulm".into()));
        let person = [("name", "Ann Lee"), ("title", "COO"), ("role", "executive_sponsor")];
        assert_eq!(read_one("stakeholders", &person), Ok("Ann Lee · Executive sponsor · COO".into()));
    }

    #[test]
    fn what_cannot_be_read_says_where_and_how_to_write_it() {
        assert_eq!(read_one("acv", &[("value", " ")]), Err("value is missing".into()));
        assert_eq!(
            read_one("acv", &[("value", "a lot")]),
            Err("value is not an amount in a known currency: write it like 95K USD or 95000".into())
        );
        let promise = [("text", "x"), ("by", "soonish")];
        assert_eq!(read_one("promises", &promise), Err("by is not a date: write it like 2027-03-15".into()));
        assert_eq!(read_one("promises", &[("by", "2027-02-10")]), Err("text is missing".into()));
        let backwards = [("from", "2027-02-10"), ("to", "2027-02-01")];
        assert!(read_one("blackouts", &backwards).unwrap_err().contains("it ends before it begins"));
        assert!(read_one("pain", &[("value", &"x".repeat(4_001))]).unwrap_err().contains("longer than"));
    }

    #[test]
    fn what_a_form_shows_for_editing_is_read_as_the_same() {
        for (field, value) in [
            ("acv", json!({ "minor": 9_500_050, "currency": "EUR" })),
            ("acv", json!({ "minor": 95_000, "currency": "JPY" })),
            ("go_live", json!({ "kind": "within", "days": 60 })),
            ("go_live", json!({ "kind": "on", "date": "2027-03-15" })),
            ("term_months", json!(36)),
            ("users", json!(1200)),
            ("sites", json!({ "count": 3, "noun": "plant", "names": ["Lyon", "Ulm"] })),
            ("blackouts", json!({ "from": "2027-08-02", "to": "2027-08-20", "reason": "shutdown" })),
        ] {
            let known = Field::named(field).unwrap();
            let typed: Typed =
                known.parts.iter().map(|part| (part.name.to_owned(), part_text(&value, part.name))).collect();
            assert_eq!(read(known, &typed, &context()), Ok(value), "{typed:?}");
        }
    }
}
