//! A handoff document in Markdown: headings, bold labels, bullets, checkboxes, tables.
//!
//! Read line by line, so that every fact keeps its exact place in the source. Headings of other people's templates are
//! tolerated: a heading or label that is not known leaves its text to the prose reader.

use std::ops::Range;

use gangway_domain::fact::Confidence;

use crate::builder::Builder;
use crate::interpret;
use crate::labels::{Field, lookup};
use crate::lines::{bullet_length, is_placeholder};
use crate::source::{Passage, SourceText};
use crate::{handoff, prose, tables, text};

/// Where in the document the reader stands.
#[derive(Default)]
struct Place {
    /// What the heading announces.
    section: Option<Field>,
    /// What the last label without a value announces: it holds for the bullets below it.
    label: Option<Field>,
    /// The document is one that Gangway wrote.
    own: bool,
    /// The section holds what was computed, not what was said.
    computed: bool,
}

/// Reads a Markdown document into the deal.
pub(crate) fn read(b: &mut Builder<'_>, source: &SourceText) {
    let whole = source.whole();
    text::currency_first(b, whole, &text::labels(whole.text));
    let lines = line_ranges(whole.text);
    let own = handoff::is_own(whole.text);
    b.own_document = own;
    // What stands above the first section of our own document sums up the rest.
    let mut place = Place { own, computed: own, ..Place::default() };
    let mut index = 0;
    while let Some(range) = lines.get(index) {
        let line = whole.sub(range.clone());
        let trimmed = line.text.trim_start();
        let count = if trimmed.starts_with('|') {
            let rows = rows_from(whole, &lines, index);
            if place.computed {
                rows.iter().for_each(|row| b.structure(*row));
            } else {
                tables::read(b, &rows, place.label.or(place.section));
            }
            rows.len()
        } else if trimmed.starts_with('#') && heading(b, line, &mut place) {
            1
        } else {
            let count = block_length(whole, &lines, index);
            let end = lines.get(index + count - 1).map_or(range.end, |last| last.end);
            block(b, whole.sub(range.start..end), &mut place);
            count
        };
        index += count.max(1);
    }
    if own {
        handoff::finish(b);
    }
}

fn line_ranges(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    text.split('\n')
        .map(|line| {
            let range = at..at + line.len();
            at += line.len() + 1;
            range
        })
        .collect()
}

fn rows_from<'a>(whole: Passage<'a>, lines: &[Range<usize>], from: usize) -> Vec<Passage<'a>> {
    lines
        .iter()
        .skip(from)
        .map(|range| whole.sub(range.clone()))
        .take_while(|line| line.text.trim_start().starts_with('|'))
        .collect()
}

/// Takes a heading; false when the line is none (`#1 priority`).
fn heading(b: &mut Builder<'_>, line: Passage<'_>, place: &mut Place) -> bool {
    let marks = line.text.trim_start().len() - line.text.trim_start().trim_start_matches('#').len();
    let indent = line.text.len() - line.text.trim_start().len();
    let words = line.sub(indent + marks..line.text.len());
    if marks > 6 || !(words.is_empty() || words.text.starts_with([' ', '\t'])) {
        return false;
    }
    let words = words.trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '*'));
    place.label = None;
    place.section = lookup(strip_number(words.text));
    if place.own && marks == 2 {
        place.computed = handoff::is_computed(words.text);
    }
    // "# Handoff: Nordwind GmbH" names the customer.
    for separator in [": ", " – ", " — ", " - "] {
        if let Some(at) = words.text.find(separator)
            && place.section.is_none()
        {
            let (head, tail) = (words.sub(0..at), words.sub(at + separator.len()..words.text.len()));
            let folded = crate::values::words::fold(head.text);
            if ["handoff", "ubergabe", "transmission", "traspaso", "onboarding"]
                .iter()
                .any(|word| folded.contains(word))
                && !is_placeholder(tail.text)
                && tail.text.split_whitespace().count() <= 6
            {
                b.structure(head);
                interpret::value(b, Field::Customer, tail, Confidence::Medium);
                return true;
            }
        }
    }
    b.structure(line);
    true
}

/// `1. Company` and `2) Goals` without their number.
fn strip_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() < text.len() { rest.trim_start_matches(['.', ')', ' ']) } else { text }
}

/// Lines of a bullet or paragraph: a line and those that continue it.
fn block_length(whole: Passage<'_>, lines: &[Range<usize>], from: usize) -> usize {
    let line_at = |index: usize| lines.get(index).map(|range| whole.sub(range.clone()).text);
    let Some(first) = line_at(from) else { return 1 };
    if first.trim().is_empty() || is_rule(first) {
        return 1;
    }
    let mut count = 1;
    while let Some(line) = line_at(from + count) {
        let trimmed = line.trim_start();
        let own = trimmed.is_empty()
            || bullet_length(line) > 0
            || trimmed.starts_with(['#', '|', '>'])
            || trimmed.starts_with("**")
            || is_rule(line)
            || text::labels(line).first().is_some_and(|label| label.at_line_start);
        if own {
            break;
        }
        count += 1;
    }
    count
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && ['-', '*', '_', '='].iter().any(|&mark| line.chars().all(|c| c == mark || c == ' '))
}

/// Lists whose items may themselves read `name: remark`; only bold labels end them.
fn holds_pairs(field: Field) -> bool {
    matches!(
        field,
        Field::Alternatives
            | Field::Concerns
            | Field::RedFlags
            | Field::Promises
            | Field::Pain
            | Field::Success
            | Field::NonScope
            | Field::Decision
            | Field::Stakeholders
            | Field::Impact
    )
}

fn block(b: &mut Builder<'_>, block: Passage<'_>, place: &mut Place) {
    if block.text.trim().is_empty() || is_rule(block.text) {
        return;
    }
    if place.computed {
        b.structure(block);
        return;
    }
    let quote = block.text.len() - block.text.trim_start_matches(['>', ' ']).len();
    let block =
        if block.text.trim_start().starts_with('>') { block.sub(quote..block.text.len()) } else { block };
    let bullet = bullet_length(block.text);
    let item = block.sub(bullet..block.text.len()).trim();
    let bold = item.text.starts_with("**");
    let current = place.label.or(place.section);
    let item = if place.own && (!bold || current == Some(Field::Stakeholders)) {
        let Some(said) = handoff::said(b, item, current) else { return };
        said
    } else {
        item
    };
    // `Champion: [Name] - [Notes]`: a label whose value is still open, wherever it stands.
    if let Some(label) = text::labels(item.text).first().filter(|label| label.range.start == 0) {
        let rest = item.text.get(label.range.end..).unwrap_or("");
        if !rest.trim().is_empty() && is_placeholder(rest) {
            b.structure(item);
            return;
        }
    }
    let in_pairs = bullet > 0 && !bold && current.is_some_and(holds_pairs);
    let found = if in_pairs { Vec::new() } else { text::labels(item.text) };
    let first = found.first().filter(|label| label.range.start == 0);
    if let Some(first) = first {
        let only = found.len() == 1 || !bold;
        b.structure(item.sub(first.range.clone()));
        let rest = item.sub(first.range.end..item.text.len()).trim();
        if rest.is_empty() {
            place.label = Some(first.field);
            return;
        }
        if bullet == 0 {
            place.label = None;
        }
        if only {
            interpret::value(b, first.field, rest, Confidence::High);
        } else {
            // "**Start:** 1 May **Term:** 2 years" in one line.
            let mut at = first.range.end;
            let mut field = first.field;
            for label in found.iter().skip(1) {
                interpret::value(
                    b,
                    field,
                    item.sub(at..label.range.start)
                        .trim_matches(|c| c.is_whitespace() || matches!(c, '·' | '|' | '*')),
                    Confidence::High,
                );
                b.structure(item.sub(label.range.clone()));
                (at, field) = (label.range.end, label.field);
            }
            interpret::value(b, field, item.sub(at..item.text.len()), Confidence::High);
        }
        return;
    }
    // A bold line that ends with a colon starts a list, known or not.
    let bare = item.text.trim_matches('*').trim();
    if bold && (item.text.ends_with(":**") || item.text.ends_with("**:")) {
        let words = bare.trim_end_matches(':');
        let last = words.rsplit(": ").next().unwrap_or(words);
        place.label = lookup(words).or_else(|| lookup(last));
        b.structure(item);
        return;
    }
    if bold && bullet == 0 {
        place.label = None;
    }
    let current = place.label.or(place.section);
    match current {
        Some(Field::Prose | Field::Aside | Field::HandedOver) | None => prose::read(b, item),
        Some(field) if is_list(field) || item.text.len() < 80 => {
            interpret::value(b, field, item, Confidence::High)
        }
        Some(_) => prose::read(b, item),
    }
}

/// Fields that take any text below their heading.
fn is_list(field: Field) -> bool {
    !matches!(
        field,
        Field::Customer
            | Field::Acv
            | Field::Tcv
            | Field::Mrr
            | Field::Term
            | Field::GoLive
            | Field::Kickoff
            | Field::ClosedOn
            | Field::ContractStart
            | Field::Users
            | Field::Employees
            | Field::QuickWin
            | Field::Roi
            | Field::FirstContact
            | Field::Currency
            | Field::Country
            | Field::Maturity
            | Field::Title
            | Field::ExternalId
    )
}
