//! Shared by the tests.

use gangway_domain::deal::{DealFormat, Reading};
use gangway_domain::money::Currency;
use gangway_intake::{DateOrder, ReadContext, read};
use jiff::civil::date;

/// Monday, 23 November 2026, US dollars, no date order.
pub fn context() -> ReadContext {
    ReadContext { today: date(2026, 11, 23), default_currency: Currency::usd(), date_order: None }
}

/// The same in Europe.
pub fn european() -> ReadContext {
    ReadContext { default_currency: Currency::eur(), date_order: Some(DateOrder::DayFirst), ..context() }
}

/// A fixture's bytes.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Reads text that must be readable.
pub fn reading(text: &str, format: Option<DealFormat>) -> Reading {
    read(text.as_bytes(), format, &context()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Reads one value behind a label.
pub fn labelled(label: &str, value: &str, context: &ReadContext) -> Reading {
    read(format!("{label}: {value}").as_bytes(), Some(DealFormat::KeyValue), context).unwrap()
}

/// Codes of the notices, without the one that explains the format.
pub fn codes(reading: &Reading) -> Vec<&str> {
    reading.notices.iter().map(|notice| notice.code.as_str()).filter(|code| *code != "format").collect()
}
