//! Sentence ends that survive `$1.5M`, `Inc.`, `e.g.`, `3. März`, addresses and links.

use std::ops::Range;

/// Abbreviations that end with a full stop inside a sentence, lower case, without the last stop.
const ABBREVIATIONS: &[&str] = &[
    "inc", "ltd", "corp", "co", "llc", "bros", "e.g", "i.e", "eg", "ie", "approx", "ca", "circa", "vs", "no",
    "nr", "nos", "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "dept", "est", "incl", "excl", "max",
    "min", "z.b", "z. b", "d.h", "bzw", "ggf", "inkl", "exkl", "vgl", "tel", "hr", "fr", "frl", "s.a",
    "s.a.s", "s.p.a", "s.r.l", "s.l", "p. ej", "p.ej", "env", "av", "mme", "m", "mm", "sra", "fig",
];

/// Abbreviations that may well end a sentence: a capital letter after them begins the next one.
const MAY_END: &[&str] = &[
    "etc", "usw", "p.a", "p.m", "mio", "mrd", "tsd", "u.s", "u.k", "u.a", "jan", "feb", "mär", "mrz", "apr",
    "jun", "jul", "aug", "sep", "sept", "oct", "okt", "nov", "dec", "dez", "janv", "févr", "avr", "juil",
    "déc",
];

/// Company forms whose stop belongs to the name even at the end of a value.
const KEPT: &[&str] = &[
    "inc", "ltd", "corp", "co", "bros", "s.a", "s.a.s", "s.p.a", "s.r.l", "s.l", "p.a", "u.s", "u.k", "jr",
    "sr", "e.v", "m.b.h",
];

/// The last word of the text, without its final stop, when the text ends with one.
fn last_word(text: &str) -> Option<&str> {
    let head = text.strip_suffix('.')?;
    let start = head
        .rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | ',' | ';' | ':'))
        .map_or(0, |at| at + head.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8));
    head.get(start..)
}

/// The final stop of the text belongs to a name or an abbreviation that keeps it at the end of a value.
pub(crate) fn ends_with_abbreviation(text: &str) -> bool {
    last_word(text).is_some_and(|word| {
        // "B.V." and "a.s." are made of single letters; "6.1." is a day and a month.
        let letters = word.contains('.')
            && word.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
        let day = word.split_once('.').is_some_and(|(day, month)| {
            let short =
                |digits: &str| (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            short(day) && short(month)
        });
        letters || day || KEPT.contains(&word.to_lowercase().as_str())
    })
}

/// Whether the stop at the end of `head` ends no sentence, given what follows.
fn is_inner_stop(head: &str, after: &str) -> bool {
    // Only the tail matters; a long line must not be searched again and again.
    let from = head.len().saturating_sub(24);
    let from = (from..=head.len()).find(|&at| head.is_char_boundary(at)).unwrap_or(head.len());
    let Some(word) = head.get(from..).and_then(last_word) else {
        return false;
    };
    let next = after.trim_start().chars().next();
    let lower = word.to_lowercase();
    if MAY_END.contains(&lower.as_str()) {
        return !next.is_some_and(char::is_uppercase);
    }
    if ABBREVIATIONS.contains(&lower.as_str()) {
        return true;
    }
    // An initial: "J. Smith"; an ordinal: "3. März", "1. Quartal".
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let ordinal = !word.is_empty()
        && word.len() <= 2
        && word.bytes().all(|b| b.is_ascii_digit())
        && next.is_some_and(|c| c.is_alphabetic() || c.is_ascii_digit());
    let dates = ordinal && {
        let word: String = after.trim_start().chars().take_while(|c| c.is_alphabetic()).collect();
        let frame = super::values::date::Frame {
            today: jiff::civil::date(2000, 1, 1),
            order: None,
            lean: super::values::date::Lean::Future,
        };
        word.is_empty()
            || super::values::date::at(&format!("1 {word}"), 0, &frame).is_some()
            || matches!(word.to_lowercase().as_str(), "quartal")
    };
    initial || dates || next.is_some_and(|c| c.is_lowercase())
}

/// Byte ranges of the sentences of a text, trimmed, never empty. A line break ends a sentence when a
/// blank line follows, or the next line starts like an item.
pub(crate) fn split(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut skip_to = 0;
    for (at, c) in text.char_indices() {
        if at < skip_to {
            continue;
        }
        let end = at + c.len_utf8();
        let after = text.get(end..).unwrap_or("");
        let cut = match c {
            '.' | '!' | '?' => {
                let closing = after.starts_with([')', '"', '”', '»', '\'']);
                let after = if closing {
                    after.get(after.chars().next().map_or(0, char::len_utf8)..).unwrap_or("")
                } else {
                    after
                };
                let ends = after.is_empty() || after.starts_with(char::is_whitespace);
                ends && !(c == '.' && is_inner_stop(text.get(start..end).unwrap_or(""), after))
            }
            '\n' => {
                let line = after.trim_start_matches([' ', '\t']);
                line.is_empty()
                    || line.starts_with(['\n', '-', '*', '•', '#', '|', '>', '✓', '□', '☐', '☑'])
                    || is_line_of_its_own(text.get(start..at).unwrap_or(""), line)
            }
            _ => false,
        };
        if cut {
            push(text, start..end, &mut sentences);
            start = end;
            skip_to = end;
        }
    }
    push(text, start..text.len(), &mut sentences);
    sentences
}

/// Shorter lines than this were not wrapped by a margin.
const MARGIN: usize = 50;

/// Whether a line break between two lines ends a sentence: the first is too short to have been wrapped and the next begins
/// like a sentence or a label.
fn is_line_of_its_own(before: &str, next: &str) -> bool {
    let last = before.rsplit('\n').next().unwrap_or(before);
    let begins = next.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let labelled = next.split('\n').next().is_some_and(|line| {
        line.find(':').is_some_and(|at| (2..=30).contains(&at)) && !line.starts_with("http")
    });
    // A word that only joins asks for what follows on the next line.
    let open = last.trim_end().rsplit(' ').next().is_some_and(crate::lines::only_connects)
        || last.trim_end().ends_with([',', '&', '+', '-']);
    labelled || (begins && last.chars().count() < MARGIN && !open)
}

fn push(text: &str, range: Range<usize>, sentences: &mut Vec<Range<usize>>) {
    let Some(piece) = text.get(range.clone()) else {
        return;
    };
    let left = piece.len() - piece.trim_start().len();
    let trimmed = piece.trim();
    if !trimmed.is_empty() {
        let start = range.start + left;
        sentences.push(start..start + trimmed.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_sentences_only_where_they_end() {
        let text = "Acme Inc. pays $1.5M p.a. for it. See https://acme.example/a.b or write to j.doe@acme.example. \
                    Start: 3. März 2027. They use tools, e.g. Excel. J. Smith agreed! No go-live until 5 Jan. They said so on Jan. 3";
        let sentences: Vec<&str> = split(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(
            sentences,
            [
                "Acme Inc. pays $1.5M p.a. for it.",
                "See https://acme.example/a.b or write to j.doe@acme.example.",
                "Start: 3. März 2027.",
                "They use tools, e.g. Excel.",
                "J. Smith agreed!",
                "No go-live until 5 Jan.",
                "They said so on Jan. 3"
            ]
        );
    }
}
