//! Lines, bullets and words that only connect.

use std::collections::HashMap;
use std::ops::Range;

use crate::values::words::{fold, words};

/// Words that join facts without saying anything themselves, folded.
const CONNECTING: &[&str] = &[
    "a", "an", "the", "and", "or", "of", "in", "on", "at", "to", "for", "with", "by", "from", "as", "across",
    "they", "we", "it", "is", "are", "has", "have", "will", "be", "their", "our", "its", "over", "about",
    "plus", "also", "who", "that", "this", "which", "via", "using", "per", "both", "want", "need", "should",
    "must", "all", "there", "was", "were", "und", "der", "die", "das", "den", "dem", "des", "mit", "fur",
    "bis", "am", "im", "ein", "eine", "ist", "sind", "auf", "zu", "zum", "zur", "von", "vom", "sie", "wir",
    "hat", "haben", "et", "le", "la", "les", "de", "du", "un", "une", "pour", "avec", "sur", "dans", "est",
    "sont", "au", "aux", "en", "par", "ils", "nous", "y", "el", "los", "las", "con", "para", "por", "es",
    "son", "del", "al", "se",
];

/// Whether a piece of text has no word that says something.
pub(crate) fn only_connects(text: &str) -> bool {
    text.len() < 60 && words(text).all(|(_, word)| CONNECTING.contains(&fold(word).as_str()))
}

/// The byte range of a text without the brackets at its ends that have no partner, or that hold the whole of it.
pub(crate) fn within_loose_brackets(text: &str) -> Range<usize> {
    let mut open = Vec::new();
    let mut partners = HashMap::new();
    for (at, c) in text.char_indices() {
        if matches!(c, '(' | '[') {
            open.push(at);
        } else if matches!(c, ')' | ']')
            && let Some(from) = open.pop()
        {
            partners.insert(from, at);
            partners.insert(at, from);
        }
    }
    let (mut start, mut end) = (0, text.len());
    let is_bracket = |at: usize| text.get(at..).is_some_and(|rest| rest.starts_with(['(', ')', '[', ']']));
    while start < end {
        let last = end - 1;
        if is_bracket(start) && partners.get(&start).is_none_or(|&partner| partner >= last) {
            // The partner at the end, if there is one, is loose from here on.
            start += 1;
        } else if is_bracket(last) && partners.get(&last).is_none_or(|&partner| partner < start) {
            end = last;
        } else {
            break;
        }
    }
    start..end
}

/// Byte ranges of stretches to show apart: lines, unless the next line continues the sentence.
pub(crate) fn paragraph_lines(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        let range = at..at + line.len();
        at += line.len() + 1;
        let continues = line.trim_start().starts_with(char::is_lowercase);
        match out.last_mut() {
            Some(last) if continues && last.end + 1 == range.start && last.start < last.end => {
                last.end = range.end
            }
            _ => out.push(range),
        }
    }
    out
}

/// Bytes of indentation, bullet, number or checkbox at the start of a line.
pub(crate) fn bullet_length(line: &str) -> usize {
    // The marks of quoted mail indent a line.
    let indent = line.len() - line.trim_start_matches(|c: char| c.is_whitespace() || c == '>').len();
    let rest = line.get(indent..).unwrap_or("");
    let mut used = 0;
    if rest.starts_with(['-', '*', '•', '–', '·', '‣', '✓', '✗', '→', '□', '☐', '☑', '☒'])
    {
        let mark = rest.chars().next().map_or(0, char::len_utf8);
        let after = rest.get(mark..).unwrap_or("");
        // "**bold**" and "-5" are no bullets.
        if after.starts_with([' ', '\t']) {
            used = mark + (after.len() - after.trim_start().len());
        }
    } else {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let after = rest.get(digits..).unwrap_or("");
        if (1..=3).contains(&digits) && (after.starts_with(". ") || after.starts_with(") ")) && digits <= 2 {
            used = digits + 2;
        }
    }
    if used > 0 {
        let after = rest.get(used..).unwrap_or("");
        for mark in ["[ ] ", "[x] ", "[X] ", "[] "] {
            if after.starts_with(mark) {
                used += mark.len();
                break;
            }
        }
        return indent + used;
    }
    if line.get(..indent).is_some_and(|head| head.contains('>')) { indent } else { 0 }
}

/// A value that was left open: `[Name]`, `TBD`, `n/a`, `<company>`, `…`, `High/Med/Low`, `Yes / No`.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let trimmed = text.trim().trim_end_matches(['.', ',', ';']);
    if !trimmed.contains(char::is_alphanumeric) {
        return true;
    }
    if trimmed.len() > 120 {
        return false;
    }
    // Nothing but brackets to fill in: `[Name] - [Notes on relationship]`.
    if trimmed.starts_with('[') {
        let mut depth = 0_usize;
        let filled = trimmed.chars().any(|c| {
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && c.is_alphanumeric()
        });
        if !filled {
            return true;
        }
    }
    let bracketed = (trimmed.starts_with('[')
        && trimmed.find(']') == Some(trimmed.len() - 1)
        && !trimmed.starts_with("[x]"))
        || (trimmed.starts_with('<')
            && trimmed.ends_with('>')
            && !trimmed.contains('@')
            && !trimmed.contains('/'))
        || (trimmed.starts_with("{{") && trimmed.ends_with("}}"));
    let folded = fold(trimmed);
    bracketed
        || folded.starts_with("not known yet ask")
        || matches!(
            folded.as_str(),
            "tbd"
                | "tba"
                | "tbc"
                | "n a"
                | "na"
                | "none"
                | "unknown"
                | "to be defined"
                | "to be determined"
                | "to be confirmed"
                | "to agree"
                | "to measure"
                | "no date given"
                | "none named"
                | "not known yet"
                | "term not known yet"
                | "why it was not chosen is not known yet"
                | "not known"
                | "not yet known"
                | "xxx"
                | "high med low"
                | "yes no"
                | "offen"
                | "unbekannt"
                | "keine"
                | "keine angabe"
                | "k a"
                | "noch offen"
                | "aucun"
                | "aucune"
                | "inconnu"
                | "a definir"
                | "a preciser"
                | "neant"
                | "ninguno"
                | "ninguna"
                | "desconocido"
                | "por definir"
                | "null"
                | "nil"
        )
}
