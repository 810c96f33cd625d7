//! Text with labels: the one-line summary, and one `key: value` a line.

use std::ops::Range;

use gangway_domain::fact::Confidence;

use crate::builder::Builder;
use crate::interpret;
use crate::labels::{Field, lookup, lookup_misspelt};
use crate::lines::bullet_length;
use crate::prose;
use crate::source::{Passage, SourceText};

/// A label found in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) field: Field,
    /// The label with its colon.
    pub(crate) range: Range<usize>,
    /// Nothing but a bullet stands before it in its line.
    pub(crate) at_line_start: bool,
    /// The label that was meant, when it was misspelt.
    pub(crate) meant: Option<&'static str>,
}

/// More misspelt labels than this are no slips; the search for them costs.
const MAX_SLIPS: usize = 50;

/// How values end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// A value ends with its sentence; more sentences are prose.
    Sentences,
    /// A value ends with its line; indented lines and bullets continue it.
    Lines,
}

/// Reads labelled text into the deal.
pub(crate) fn read(b: &mut Builder<'_>, source: &SourceText, layout: Layout) {
    let whole = source.whole();
    let labels = labels_and_slips(whole.text);
    currency_first(b, whole, &labels);
    let mut at = 0;
    for (index, label) in labels.iter().enumerate() {
        prose::read(b, whole.sub(at..label.range.start));
        let words = whole.sub(label.range.clone());
        b.structure(words);
        let mut confidence = Confidence::High;
        if let Some(meant) = label.meant {
            confidence = Confidence::Medium;
            let written = words.text.trim_end_matches([':', '=', ' ']);
            b.info("label_assumed", format!("“{written}” was taken as “{meant}”"), words);
        }
        let limit = labels.get(index + 1).map_or(whole.text.len(), |next| next.range.start);
        let end = match layout {
            Layout::Lines if label.at_line_start => {
                let line = whole.text.get(..label.range.start).and_then(|head| head.rsplit('\n').next());
                let bulleted = line.is_some_and(|head| bullet_length(head) > 0);
                end_of_lines(whole.text, label.range.end, limit, bulleted)
            }
            _ => end_of_sentence(whole.text, label.range.end, limit, label.field),
        };
        interpret::value(b, label.field, whole.sub(label.range.end..end), confidence);
        at = end;
    }
    prose::read(b, whole.sub(at..whole.text.len()));
}

/// The currency may be named after the amounts it holds for.
pub(crate) fn currency_first(b: &mut Builder<'_>, whole: Passage<'_>, labels: &[Label]) {
    for label in labels.iter().filter(|label| label.field == Field::Currency) {
        let line = whole.text.get(label.range.end..).unwrap_or("");
        let value = line.split(['\n', '.', ';', ',']).next().unwrap_or("").trim();
        if let Ok(currency) = value.parse() {
            b.currency = currency;
        }
    }
}

/// All known labels in the text, in order.
pub(crate) fn labels(text: &str) -> Vec<Label> {
    let mut labels = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        labels_of_line(line, at, &mut labels);
        at += line.len();
    }
    labels
}

/// All labels in order, also those misspelt at the start of a line.
pub(crate) fn labels_and_slips(text: &str) -> Vec<Label> {
    let mut labels = labels(text);
    let (mut at, mut tried, known) = (0, 0, labels.len());
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bullet = bullet_length(line).max(line.len() - line.trim_start().len());
        let Some(colon) = line.find(':').filter(|&colon| colon > bullet && colon <= 60) else { continue };
        let spaced = line
            .get(colon + 1..)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
        let from = start + bullet;
        // Known labels stand in order; those of this line begin at or after its first word.
        let sorted = labels.get(..known).unwrap_or_default();
        let next = sorted.partition_point(|label| label.range.start < from);
        let labelled = sorted.get(next).is_some_and(|label| label.range.start <= start + colon);
        if !spaced || labelled || tried >= MAX_SLIPS {
            continue;
        }
        tried += 1;
        if let Some((field, meant)) = line.get(bullet..colon).and_then(lookup_misspelt) {
            let range = from..start + colon + 1;
            labels.push(Label { field, range, at_line_start: true, meant: Some(meant) });
        }
    }
    labels.sort_by_key(|label| label.range.start);
    labels
}

fn labels_of_line(line: &str, offset: usize, labels: &mut Vec<Label>) {
    let bullet = bullet_length(line);
    let indent = line.len() - line.trim_start().len();
    let content = bullet.max(indent);
    // Where the words before the next colon begin: after the last boundary.
    let mut start = content;
    let mut first = true;
    // The words before an opening bracket, which may be a label with a remark: "Detractor (if any):".
    let mut outer: Option<(usize, bool)> = None;
    let mut previous = ' ';
    for (at, c) in line.char_indices() {
        if at < content {
            continue;
        }
        let after = line.get(at + c.len_utf8()..).unwrap_or("");
        match c {
            ':' | '=' | '：' | '\t' if at > start => {
                let spaced = after.is_empty()
                    || after.starts_with(char::is_whitespace)
                    || matches!(c, '=' | '：' | '\t')
                    || after.starts_with("**");
                // `key:value` without a space, but not `https://` or `10:30`.
                let glued = c == ':' && first && !after.starts_with('/') && !previous.is_ascii_digit();
                if spaced || glued {
                    let mut words = line.get(start..at).unwrap_or("");
                    let mut field = lookup(words);
                    if let (None, Some((before, was_first))) = (field, outer)
                        && previous == ')'
                    {
                        words = line.get(before..at).unwrap_or("");
                        field = lookup(words);
                        if field.is_some() {
                            (start, first) = (before, was_first);
                        }
                    }
                    outer = None;
                    if let Some(field) = field {
                        let mut end = at + c.len_utf8();
                        // The closing marks of `**Label:**` belong to the label.
                        let marks = after.len() - after.trim_start_matches(['*', '_']).len();
                        if marks > 0 && words.trim_start().starts_with(['*', '_']) {
                            end += marks;
                        }
                        labels.push(Label {
                            field,
                            range: offset + start..offset + end,
                            at_line_start: first,
                            meant: None,
                        });
                        first = false;
                        start = end;
                    } else if spaced {
                        start = at + c.len_utf8();
                        first = false;
                    }
                }
            }
            '(' => {
                outer = Some((start, first));
                start = at + 1;
                first = false;
            }
            '.' | ';' | '|' | ',' | '!' | '?' | '•'
                if after.starts_with(char::is_whitespace) || matches!(c, '|' | ';' | '•') =>
            {
                outer = None;
                start = at + c.len_utf8();
                first = false;
            }
            // "ACV – $95K": a dash after a label at the start of a line.
            '–' | '—' | '-' if first && previous == ' ' && after.starts_with(' ') => {
                if let Some(field) = lookup(line.get(start..at).unwrap_or("")) {
                    let end = at + c.len_utf8();
                    labels.push(Label {
                        field,
                        range: offset + start..offset + end,
                        at_line_start: true,
                        meant: None,
                    });
                    start = end;
                }
                first = false;
            }
            _ => {}
        }
        previous = c;
    }
    // White space before the words of a label is not part of it.
    for label in labels.iter_mut().rev().take_while(|label| label.range.start >= offset) {
        let words = line.get(label.range.start - offset..).unwrap_or("");
        label.range.start += words.len() - words.trim_start().len();
    }
}

/// Fields whose value may go on over several sentences.
fn takes_sentences(field: Field) -> bool {
    matches!(field, Field::Prose)
}

fn end_of_sentence(text: &str, from: usize, limit: usize, field: Field) -> usize {
    let value = text.get(from..limit).unwrap_or("");
    if takes_sentences(field) {
        return limit;
    }
    // The words before an inline label may end with a connecting "(" or ",": the list reader trims those.
    crate::sentences::split(value).first().map_or(limit, |first| from + first.end)
}

/// The end of the line and of the lines that continue it; a bullet below a label that is a bullet itself stands beside it.
fn end_of_lines(text: &str, from: usize, limit: usize, bulleted: bool) -> usize {
    let value = text.get(from..limit).unwrap_or("");
    let mut end = 0;
    let mut empty_so_far = true;
    for (index, line) in value.split_inclusive('\n').enumerate() {
        let continues = index == 0
            || line.starts_with([' ', '\t'])
            || (bullet_length(line) > 0 && !bulleted)
            || (empty_so_far && !line.trim().is_empty());
        if !continues || (index > 0 && line.trim().is_empty() && !empty_so_far) {
            break;
        }
        empty_so_far &= line.trim().is_empty();
        end += line.len();
    }
    from + end
}
