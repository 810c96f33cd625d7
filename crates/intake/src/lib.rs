//! Reads a won deal from text, documents and CRM payloads into facts with provenance.
//!
//! [`read`] takes bytes and gives a [`Reading`]: the facts, each with the place it was found at and how sure it is; the text
//! that was not understood; and notices about contradictions, guesses and absurd values. Nothing here does input or output or
//! reads a clock: today's date, the workspace's currency and its date order come in a [`ReadContext`].
//!
//! How an input travels: `decode` makes text of bytes, `sniff` tells the format, one module a format finds labels or fields,
//! `interpret` makes facts of the value behind a label with the readers in `values`, `prose` reads sentences without labels,
//! `builder` keeps the surest fact and tells contradictions, `check` judges the whole.

mod builder;
mod check;
mod decode;
mod error;
mod handoff;
mod hubspot;
mod interpret;
mod labels;
mod limits;
mod lines;
mod markdown;
mod own;
mod payload;
mod prose;
mod salesforce;
mod salesforce_xml;
pub mod schema;
mod sentences;
mod sniff;
mod source;
mod tables;
mod text;
mod values;

use gangway_domain::deal::{DealFormat, Reading};
use gangway_domain::fact::Notice;
use gangway_domain::money::Currency;
use jiff::civil::Date;

pub use decode::MAX_BYTES;
pub use error::{IntakeError, Place, name as format_name};
pub use schema::{DealInput, json_schema};
pub use values::date::DateOrder;

use builder::Builder;
use source::SourceText;

/// What the reading depends on besides the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadContext {
    /// Today in the account's time zone: resolves dates without a year and judges what is past.
    pub today: Date,
    /// Currency of amounts that name none.
    pub default_currency: Currency,
    /// Which part comes first in dates such as 03/04/2027; without it the day does, with a warning.
    pub date_order: Option<DateOrder>,
}

/// Reads one deal. Without a format it is told from the content, and a notice `format` says why.
///
/// # Errors
/// When no deal can be read at all: nothing, too much, not text, or not the grammar of its format.
/// Lesser problems are notices in the reading. An input with several deals gives the first, with a notice
/// naming the others; [`read_all`] gives all.
pub fn read(input: &[u8], format: Option<DealFormat>, context: &ReadContext) -> Result<Reading, IntakeError> {
    let mut readings = read_all(input, format, context)?;
    if readings.is_empty() {
        return Err(IntakeError::Empty);
    }
    let mut first = readings.remove(0);
    if !readings.is_empty() {
        let others: Vec<String> = readings.iter().take(20).map(label).collect();
        let message = format!(
            "The input holds {} deals; the first is read. The others are: {}. Read them one by one.",
            readings.len() + 1,
            others.join(", ")
        );
        first.notices.push(Notice::warning("several_deals", message));
    }
    Ok(first)
}

/// What to call a deal in a message.
fn label(reading: &Reading) -> String {
    let deal = &reading.deal;
    [&deal.title, &deal.customer, &deal.external_id]
        .into_iter()
        .flatten()
        .map(|fact| fact.value.clone())
        .next()
        .unwrap_or_else(|| "an unnamed deal".to_owned())
}

/// Reads every deal of an input: a CRM message may carry several, everything else carries one.
///
/// # Errors
/// As [`read`].
pub fn read_all(
    input: &[u8],
    format: Option<DealFormat>,
    context: &ReadContext,
) -> Result<Vec<Reading>, IntakeError> {
    let decoded = decode::decode(input)?;
    let (format, reason) = match format {
        Some(format) => (format, None),
        None => {
            let (format, reason) = sniff::sniff(&decoded.text);
            (format, Some(reason))
        }
    };
    let source = SourceText::new(decoded.text);
    let mut readings = match format {
        DealFormat::Summary => vec![text_reading(&source, format, context).0],
        DealFormat::KeyValue => vec![text_reading(&source, format, context).0],
        DealFormat::Markdown => vec![text_reading(&source, format, context).0],
        DealFormat::Json | DealFormat::Toml | DealFormat::Yaml => {
            vec![own::read(&source, format, context)?]
        }
        DealFormat::Hubspot => hubspot::read(&source, context)?,
        DealFormat::Salesforce => salesforce::read(&source, context)?,
    };
    for reading in &mut readings {
        let mut notices = decoded.notices.clone();
        if let Some(reason) = &reason {
            notices
                .push(Notice::info("format", format!("Read as {}, because {reason}.", format_name(format))));
        }
        notices.append(&mut reading.notices);
        reading.notices = notices;
    }
    Ok(readings)
}

/// The input as text, the way [`read`] sees it: what the spans of facts point into.
///
/// # Errors
/// When it is not text, or nothing at all.
pub fn decoded(input: &[u8]) -> Result<String, IntakeError> {
    decode::decode(input).map(|decoded| decoded.text)
}

/// Reads one of the text formats; also the byte ranges that are understood or are labels.
fn text_reading(
    source: &SourceText,
    format: DealFormat,
    context: &ReadContext,
) -> (Reading, Vec<std::ops::Range<usize>>) {
    let mut builder = Builder::new(context);
    match format {
        DealFormat::Markdown => markdown::read(&mut builder, source),
        DealFormat::KeyValue => text::read(&mut builder, source, text::Layout::Lines),
        _ => text::read(&mut builder, source, text::Layout::Sentences),
    }
    builder.finish(format, Some(source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "Customer: Acme. ",
            "ACV: $95K",
            "nobody knows ",
            "Go-live: ",
            "60 days",
            "\n",
            "\n- ",
            "## Risks\n",
            "| Name | Title |\n|---|---|\n| Ann | CFO |\n",
            "**Promises:** ",
            "we promised x ",
            "3 plants",
            ", ",
            ". ",
            "900 users",
            "Wörter ",
            "because of it",
            "TBD",
            "(sponsor)",
            "Integration: SAP + ",
            "excludes a, b",
            "chose us over X because y. ",
            "no go-live in December",
            "12k/month ",
            "ARR: $5K ",
            "[Name] ",
        ]);
        prop::collection::vec(piece, 1..25).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        /// Nothing is dropped: every letter and digit is in a fact, in a label, heading, placeholder or connecting word, or unread.
        #[test]
        fn every_word_is_accounted_for(text in pieces(), format in prop::sample::select(vec![DealFormat::Summary, DealFormat::KeyValue, DealFormat::Markdown])) {
            let context = ReadContext { today: jiff::civil::date(2026, 11, 23), default_currency: Currency::usd(), date_order: None };
            let Ok(decoded) = decode::decode(text.as_bytes()) else { return Ok(()) };
            let source = SourceText::new(decoded.text);
            let (reading, covered) = text_reading(&source, format, &context);
            let unread: Vec<_> = reading.unread.iter().filter_map(|unread| unread.span).collect();
            for (at, c) in source.text().char_indices().filter(|(_, c)| c.is_alphanumeric()) {
                let known = covered.iter().any(|range| range.contains(&at)) || unread.iter().any(|span| span.start <= at && at < span.end);
                prop_assert!(known, "{c:?} at byte {at} of {:?}", source.text());
            }
            for unread in &reading.unread {
                let span = unread.span.unwrap();
                // The rest of a value that was too long points at the whole value.
                let passage = source.text().get(span.start..span.end).unwrap_or_default();
                prop_assert!(passage.contains(&unread.text), "{:?} is not in {passage:?}", unread.text);
            }
        }
    }
}
