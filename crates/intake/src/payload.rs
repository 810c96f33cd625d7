//! Fields of CRM payloads: finding them, naming them, handing them to the readers.

use gangway_domain::deal::DealFormat;
use gangway_domain::fact::{Confidence, Level};
use serde_json::{Map, Value};

use crate::builder::Builder;
use crate::error::IntakeError;
use crate::interpret;
use crate::labels::{Field, lookup_api_name};
use crate::source::Passage;

/// Parses JSON, with the place of what is wrong.
pub(crate) fn parse(text: &str, format: DealFormat) -> Result<Value, IntakeError> {
    serde_json::from_str(text).map_err(|error| crate::own::json_error(format, &error))
}

/// The text of a scalar that says something.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        // The older form of HubSpot properties.
        Value::Object(map) => return map.get("value").and_then(scalar),
        Value::Null | Value::Array(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The text of a key, if it has one.
pub(crate) fn text(map: &Map<String, Value>, key: &str) -> Option<String> {
    map.get(key).and_then(scalar)
}

/// Reads a field with the reader for it.
pub(crate) fn take(b: &mut Builder<'_>, field: Field, path: &str, text: &str, confidence: Confidence) {
    interpret::value(b, field, Passage::field(text, path), confidence);
}

/// The amount of a CRM deal. CRMs do not say what it is per: it counts as annual, with a remark.
pub(crate) fn amount(b: &mut Builder<'_>, path: &str, text: &str) {
    if b.deal.acv.is_some() {
        // The annual value has a field of its own; the amount is then usually the total.
        b.keep_unread(Passage::field(text, path));
        return;
    }
    take(b, Field::Acv, path, text, Confidence::Medium);
    if let Some(months) = b.deal.term_months.as_ref().map(|term| term.value).filter(|&months| months > 12) {
        b.notice(
            Level::Warning,
            "amount_as_acv",
            format!("`{path}` was taken as the annual value; with a term of {months} months it may be the total. Check it, or fill the field for the annual value."),
            None,
        );
    } else if b.deal.acv.is_some() {
        b.notice(Level::Info, "amount_as_acv", format!("`{path}` was taken as the annual value."), None);
    }
}

/// A custom field by its name; what no name explains stays unread under its path.
pub(crate) fn custom(b: &mut Builder<'_>, name: &str, path: &str, text: &str) {
    match lookup_api_name(name) {
        Some(Field::Aside | Field::HandedOver | Field::Currency) | None => {
            b.keep_unread(Passage::field(text, path))
        }
        // A switch that is off says nothing.
        Some(field) if text == "no" && field != Field::Sso => b.keep_unread(Passage::field(text, path)),
        Some(Field::Prose) => take(b, Field::Prose, path, text, Confidence::Medium),
        Some(field) => take(b, field, path, &listed(text), Confidence::Medium),
    }
}

/// Multi-select values are joined by semicolons without spaces.
fn listed(text: &str) -> String {
    if text.contains(';') && !text.contains("; ") { text.replace(';', "; ") } else { text.to_owned() }
}

/// A customer's name from a deal named `Customer – what they bought`, when nothing better is known.
pub(crate) fn customer_from_title(b: &mut Builder<'_>, path: &str) {
    if b.deal.customer.is_some() {
        return;
    }
    let Some(title) = b.deal.title.as_ref().map(|title| title.value.clone()) else {
        return;
    };
    let name = [" – ", " — ", " - ", ": ", " | "]
        .iter()
        .find_map(|separator| title.split(separator).next().filter(|head| head.len() < title.len()))
        .unwrap_or(&title)
        .trim()
        .to_owned();
    b.notice(Level::Warning, "customer_from_title", format!("No company is included; “{name}” was taken from the deal's name (`{path}`). Include the company to be sure."), None);
    take(b, Field::Customer, path, &name, Confidence::Low);
}
