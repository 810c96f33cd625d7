//! What a value means, given the label before it.
//!
//! [`value`] sends the passage behind a label to the reader of its field; the readers are grouped by what they are about.

mod account;
mod amounts;
mod commitments;
mod dates;
mod maturity;
mod people;
mod scope;

use std::ops::Range;

use gangway_domain::deal::Deal;
use gangway_domain::fact::{Confidence, Fact};

use crate::builder::Builder;
use crate::labels::Field;
use crate::lines::is_placeholder;
use crate::source::Passage;
use crate::values::date::{self, Lean};
use crate::values::duration;
use crate::values::list::{self, Separators};
use crate::values::money::Per;
use crate::values::words::fold;

pub(crate) use account::{set_sites, set_users};
pub(crate) use amounts::{no_amount, take_amount};
pub(crate) use commitments::{promise, promised_within, severity};
pub(crate) use dates::{blackout, day, go_live, impossible};
pub(crate) use people::merge_person;
pub(crate) use scope::integration;

use account::{country, customer, employees, sites, users};
use amounts::{amount, currency, term};
use commitments::{promises, red_flags, success};
use dates::{blackouts, date_fact};
use maturity::maturity;
use people::{stakeholders, team};
use scope::{alternatives, concerns, data_sources, integrations, products, sso, use_cases};

/// Reads the value of a label into the deal. What is not understood stays for `unread`.
pub(crate) fn value(b: &mut Builder<'_>, field: Field, passage: Passage<'_>, confidence: Confidence) {
    let passage = passage.trim();
    if passage.is_empty() {
        return;
    }
    // Raw text was cleaned when it was decoded; escapes bring the same characters into fields.
    if let Some(path) = passage.path() {
        let mut text = passage.text.to_owned();
        if let Some(found) = crate::limits::strip(&mut text) {
            crate::limits::tell_stripped(b, found, &passage.place());
            return value(b, field, Passage::field(&text, path), confidence);
        }
    }
    if is_placeholder(passage.text) {
        b.structure(passage);
        return;
    }
    let before = (b.fact_count(), b.unread.len());
    match field {
        Field::ExternalId => text_fact(b, "The deal's id", |d| &mut d.external_id, passage, confidence),
        Field::Title => text_fact(b, "The deal's name", |d| &mut d.title, passage, confidence),
        Field::Customer => customer(b, passage, confidence),
        Field::Industry => text_fact(b, "The industry", |d| &mut d.industry, passage, confidence),
        Field::Employees => employees(b, passage, confidence),
        Field::Website => text_fact(b, "The website", |d| &mut d.website, passage, confidence),
        Field::Country => country(b, passage, confidence),
        Field::Maturity => maturity(b, passage, confidence),
        Field::Acv => amount(b, passage, Per::Year, confidence),
        Field::Tcv => amount(b, passage, Per::Contract(None), confidence),
        Field::Mrr => amount(b, passage, Per::Month, confidence),
        Field::Currency => currency(b, passage),
        Field::Term => term(b, passage, confidence),
        Field::ClosedOn => {
            date_fact(b, "The signature date", |d| &mut d.closed_on, passage, Lean::Past, confidence)
        }
        Field::ContractStart => {
            date_fact(b, "The contract start", |d| &mut d.contract_start, passage, Lean::Future, confidence)
        }
        Field::Kickoff => {
            date_fact(b, "The kickoff", |d| &mut d.kickoff_on, passage, Lean::Future, confidence)
        }
        Field::QuickWin => {
            date_fact(b, "The quick win", |d| &mut d.quick_win_by, passage, Lean::Future, confidence)
        }
        Field::Roi => {
            date_fact(b, "The return on investment", |d| &mut d.roi_by, passage, Lean::Future, confidence)
        }
        Field::FirstContact => {
            date_fact(b, "The first contact", |d| &mut d.first_contact, passage, Lean::Past, confidence)
        }
        Field::GoLive => go_live(b, passage, confidence),
        Field::Products => products(b, passage, confidence),
        Field::UseCases => use_cases(b, passage, confidence),
        Field::Situation => texts(b, |d| &mut d.situation, passage, confidence),
        Field::Pain => texts(b, |d| &mut d.pain, passage, confidence),
        Field::Impact => texts(b, |d| &mut d.impact, passage, confidence),
        Field::CriticalEvent => texts(b, |d| &mut d.critical_event, passage, confidence),
        Field::Decision => {
            texts(b, |d| &mut d.decision, passage, confidence);
            crate::prose::chosen_over(b, passage);
        }
        Field::Constraints => texts(b, |d| &mut d.constraints, passage, confidence),
        Field::NonScope => scope::non_scope(b, passage, confidence),
        Field::Relationship => texts(b, |d| &mut d.relationship, passage, confidence),
        Field::Approach => texts(b, |d| &mut d.approach, passage, confidence),
        Field::Notes => texts(b, |d| &mut d.notes, passage, confidence),
        Field::Revenue => revenue(b, passage, confidence),
        Field::DataSources => data_sources(b, passage, confidence),
        Field::Alternatives => alternatives(b, passage, confidence),
        Field::Success => success(b, passage, confidence),
        Field::Stakeholders => stakeholders(b, passage, None, confidence),
        Field::Person(role) => stakeholders(b, passage, Some(role), confidence),
        Field::Team(role) => team(b, passage, role, confidence),
        Field::Users => users(b, passage, confidence),
        Field::Sites => sites(b, passage, confidence),
        Field::Blackouts => blackouts(b, passage, confidence),
        Field::Integrations => integrations(b, passage, confidence),
        Field::Sso => sso(b, passage, confidence),
        Field::Concerns => concerns(b, passage, confidence),
        Field::Promises => promises(b, passage, confidence),
        Field::RedFlags => red_flags(b, passage, confidence),
        Field::SalesCycle => sales_cycle(b, passage, confidence),
        // In our own documents it was computed; anybody else wrote it, and it is no fact: it stays unread.
        Field::Aside | Field::HandedOver if b.own_document => b.structure(passage),
        Field::HandedOver if is_day_or_tick(passage.text) => b.structure(passage),
        Field::Aside | Field::HandedOver => {}
        Field::Prose => crate::prose::read(b, passage),
    }
    // A field of a payload has no text in which the rest could stay: keep the whole value.
    if (b.fact_count(), b.unread.len()) == before && field != Field::Currency {
        b.keep_unread(passage);
    }
}

/// A day, or a yes or no, and nothing else.
fn is_day_or_tick(text: &str) -> bool {
    const TICKS: [&str; 11] = ["x", "yes", "no", "true", "false", "done", "ja", "nein", "oui", "non", "si"];
    let frame = date::Frame { today: jiff::civil::date(2000, 1, 1), order: None, lean: Lean::Future };
    let text = text.trim().trim_end_matches('.');
    let is_day = matches!(date::at(text, 0, &frame), Some(Ok(found)) if found.range.end == text.len());
    let folded = fold(text);
    // A ticked box: "[x] Yes".
    is_day || TICKS.contains(&folded.strip_prefix("x ").unwrap_or(&folded))
}

fn text_fact(
    b: &mut Builder<'_>,
    name: &str,
    slot: impl Fn(&mut Deal) -> &mut Option<Fact<String>>,
    passage: Passage<'_>,
    confidence: Confidence,
) {
    let passage = trim_stop(passage);
    let text = clean(passage.text);
    if !text.is_empty() {
        b.set(name, slot, text, passage, confidence);
    }
}

/// How long the sale took: a duration is kept in English, whichever language it was written in.
fn sales_cycle(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let passage = trim_stop(passage);
    let text = clean(passage.text);
    if !text.is_empty() {
        let length = duration::in_english(&text).unwrap_or(text);
        b.set("The sales cycle", |d| &mut d.sales_cycle, length, passage, confidence);
    }
}

/// What the customer's company turns over is kept as a note that says what the figure is.
fn revenue(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let passage = trim_stop(passage);
    let text = clean(passage.text);
    if !text.is_empty() {
        b.add(|d| &mut d.notes, format!("Revenue of the company: {text}"), passage, confidence);
    }
}

fn texts(
    b: &mut Builder<'_>,
    list: impl Fn(&mut Deal) -> &mut Vec<Fact<String>>,
    passage: Passage<'_>,
    confidence: Confidence,
) {
    for item in items(passage, Separators::Strong) {
        let text = clean(item.text);
        b.add(&list, text, item, confidence);
    }
}

/// The items of a value: bullets each, or sentences of one line kept whole; wrapped lines are joined.
fn items<'a>(passage: Passage<'a>, separators: Separators) -> Vec<Passage<'a>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let mut headless = false;
    for line in passage.text.split('\n') {
        let start = at;
        at += line.len() + 1;
        if line.trim().is_empty() {
            headless |= blocks.is_empty();
            continue;
        }
        let bullet = crate::lines::bullet_length(line);
        let own = bullet > 0 || blocks.is_empty() || headless;
        match blocks.last_mut() {
            Some(last) if !own => last.end = start + line.len(),
            _ => blocks.push(start + bullet..start + line.len()),
        }
    }
    let mut out = Vec::new();
    for block in blocks {
        let block = passage.sub(block);
        // Line breaks inside a block only wrap it.
        let joined = block.text.replace('\n', " ");
        let mut ranges = list::split(&joined, separators);
        if separators == Separators::Strong {
            ranges = with_what_refers_back(&joined, ranges);
        }
        out.extend(ranges.into_iter().map(|range| block.sub(range)));
    }
    out.retain(|item| !is_placeholder(item.text));
    out
}

/// Words at the beginning of a clause that speak of what stands before it.
const REFERRING: &[&str] = &[
    "its", "their", "his", "her", "they", "he", "she", "it", "this", "that", "which", "who", "these",
    "those", "deren", "dessen", "ihr", "ihre", "sein", "seine",
];

/// `The plant is to be sold; its manager has doubts` is one thing said: what refers back stays where it belongs.
fn with_what_refers_back(text: &str, ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        let first = text.get(range.clone()).and_then(|part| part.split_whitespace().next());
        match out.last_mut() {
            Some(last) if first.is_some_and(|word| REFERRING.contains(&word)) => last.end = range.end,
            _ => out.push(range),
        }
    }
    out
}

/// Splits `name: rest`, `name – rest`, `name (rest)`.
fn name_and_rest<'a>(item: Passage<'a>) -> (Passage<'a>, Option<Passage<'a>>) {
    for separator in [": ", " – ", " — ", " - ", " → ", " -> "] {
        if let Some(at) = item.text.find(separator) {
            return (
                item.sub(0..at).trim(),
                Some(item.sub(at + separator.len()..item.text.len()).trim())
                    .filter(|rest| !is_placeholder(rest.text)),
            );
        }
    }
    if item.text.ends_with(')')
        && let Some(open) = item.text.find(" (")
    {
        return (
            item.sub(0..open).trim(),
            Some(item.sub(open + 2..item.text.len() - 1)).filter(|rest| !is_placeholder(rest.text)),
        );
    }
    (item, None)
}

/// Without a full stop that only ends the sentence.
fn trim_stop(passage: Passage<'_>) -> Passage<'_> {
    let passage = passage.trim();
    if passage.text.ends_with('.')
        && !crate::sentences::ends_with_abbreviation(passage.text)
        && !passage.text.ends_with("..")
    {
        return passage.sub(0..passage.text.len() - 1).trim();
    }
    passage.trim_matches(|c| matches!(c, ';' | ',') || c.is_whitespace())
}

/// Words as they should be kept: emphasis, line breaks and double spaces removed.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut line_start = false;
    for word in text.split_inclusive(char::is_whitespace) {
        // The marks of quoted mail at the start of a wrapped line are no words.
        let quoted = line_start && word.trim().chars().all(|c| c == '>');
        line_start = word.ends_with('\n') || (quoted && line_start);
        let word = word.trim();
        if word.is_empty() || quoted {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.contains("**") || out.contains("__") || out.contains('`') || out.contains('\\') {
        out = out.replace("**", "").replace("__", "").replace(['`', '\\'], "");
    }
    if let Some(inner) =
        out.strip_prefix(['*', '_']).and_then(|rest| rest.strip_suffix(['*', '_'])).map(str::to_owned)
    {
        out = inner;
    }
    out
}

pub(crate) fn short(text: &str) -> String {
    text.chars().take(60).collect()
}
