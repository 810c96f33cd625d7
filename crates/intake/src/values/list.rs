//! Lists in a line of text: separators that do not separate inside brackets, names or amounts.

use std::ops::Range;

/// What separates the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separators {
    /// `;`, `|`, `•` and line breaks only: for sentences.
    Strong,
    /// Also commas and ` + `, but not "and": for names that may contain one.
    Commas,
    /// As commas, and the "and" before the last of several: `Core, Analytics and Mobile`.
    Series,
    /// Also "and", `&`, "und", "et", "y": for names of systems and people.
    Words,
}

const JOINERS: [&str; 7] = [" and ", " und ", " et ", " y ", " & ", " sowie ", " plus "];

/// Byte ranges of the items, trimmed, never empty.
pub(crate) fn split(text: &str, separators: Separators) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    let mut skip_to = 0;
    for (at, c) in text.char_indices() {
        if at < skip_to {
            continue;
        }
        match c {
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let cut = if depth > 0 { None } else { separator_at(text, at, c, separators) };
        if let Some(length) = cut {
            push(text, start..at, &mut items);
            start = at + length;
            skip_to = start;
        }
    }
    push(text, start..text.len(), &mut items);
    if separators == Separators::Series {
        split_last(text, &mut items);
    }
    items
}

/// Splits the last of several items at its "and", unless the comma before it had one: `A, B, and Search and Rescue`.
fn split_last(text: &str, items: &mut Vec<Range<usize>>) {
    let [.., before, last] = items.as_slice() else { return };
    let (last, between) = (last.clone(), text.get(before.end..last.start));
    if between.is_none_or(|between| between.trim() != ",") {
        return;
    }
    let Some(item) = text.get(last.clone()) else { return };
    let parts = split(item, Separators::Words);
    // "R & D" is one thing.
    if parts.len() == 2 && parts.iter().all(|part| part.len() > 1) {
        items.pop();
        items.extend(parts.into_iter().map(|part| part.start + last.start..part.end + last.start));
    }
}

/// The length of the separator that begins at `at`, if one does.
fn separator_at(text: &str, at: usize, c: char, separators: Separators) -> Option<usize> {
    let rest = text.get(at..)?;
    if matches!(c, ';' | '•' | '\n') {
        return Some(c.len_utf8());
    }
    // A bar or dot between spaces; inside a word it is part of it.
    if matches!(c, '|' | '·')
        && text.get(..at).is_some_and(|t| t.ends_with(' '))
        && rest.get(c.len_utf8()..).is_some_and(|t| t.starts_with(' '))
    {
        return Some(c.len_utf8());
    }
    if separators == Separators::Strong {
        return None;
    }
    let digit_before = text.get(..at).is_some_and(|t| t.ends_with(|c: char| c.is_ascii_digit()));
    let digit_after = rest.get(1..).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()));
    match c {
        ',' if digit_before && digit_after => None,
        ',' => {
            // Only the next word matters; the rest may be long.
            let tail: String =
                rest.get(1..)?.trim_start().chars().take(4).collect::<String>().to_ascii_lowercase();
            // "Acme, Inc." is one name.
            let legal =
                ["inc", "ltd", "llc", "gmbh", "corp", "s.a", "plc"].iter().any(|form| tail.starts_with(form));
            (!legal).then_some(1)
        }
        // "A + B" and "A+B" are two, "C++" is one.
        '+' => {
            let before = text.get(..at).and_then(|t| t.chars().next_back());
            let after = rest.get(1..).and_then(|t| t.chars().next());
            let spaced = before == Some(' ');
            let glued = before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphabetic);
            (spaced || glued).then_some(1)
        }
        ' ' if separators == Separators::Words => {
            // Only ASCII is compared, so a byte-wise check is safe on any text.
            JOINERS
                .iter()
                .find(|joiner| rest.get(..joiner.len()).is_some_and(|head| head.eq_ignore_ascii_case(joiner)))
                .map(|joiner| joiner.len())
        }
        _ => None,
    }
}

fn push(text: &str, range: Range<usize>, items: &mut Vec<Range<usize>>) {
    let Some(piece) = text.get(range.clone()) else {
        return;
    };
    let unwanted = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    let left = piece.len() - piece.trim_start_matches(unwanted).len();
    let trimmed = piece.trim_matches(unwanted);
    let mut start = range.start + left;
    let mut end = start + trimmed.len();
    // ", and X": the comma separates, the word remains.
    for word in ["and ", "und ", "et ", "y ", "& ", "plus ", "- ", "– "] {
        if text
            .get(start..end)
            .and_then(|t| t.get(..word.len()))
            .is_some_and(|head| head.eq_ignore_ascii_case(word))
        {
            start += word.len();
            break;
        }
    }
    // A final full stop ends the sentence, unless it ends an abbreviation.
    if text
        .get(start..end)
        .is_some_and(|item| item.ends_with('.') && !crate::sentences::ends_with_abbreviation(item))
    {
        end -= 1;
    }
    if start < end && text.get(start..end).is_some_and(|item| item.contains(|c: char| c.is_alphanumeric())) {
        items.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str, separators: Separators) -> Vec<&str> {
        split(text, separators).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn splits_what_people_join() {
        assert_eq!(items("SAP ERP + Salesforce.", Separators::Words), ["SAP ERP", "Salesforce"]);
        assert_eq!(
            items("SAP S/4HANA (2023, on-prem), Okta and Workday", Separators::Words),
            ["SAP S/4HANA (2023, on-prem)", "Okta", "Workday"]
        );
        assert_eq!(items("Core, Analytics, and Alerts", Separators::Commas), ["Core", "Analytics", "Alerts"]);
        assert_eq!(
            items("Research and Development Suite", Separators::Commas),
            ["Research and Development Suite"]
        );
        assert_eq!(items("C++ and Notepad++", Separators::Words), ["C++", "Notepad++"]);
        let rows: &[(&str, &[&str])] = &[
            ("Core, Analytics and Mobile", &["Core", "Analytics", "Mobile"]),
            ("Core, Analytik und Mobil.", &["Core", "Analytik", "Mobil"]),
            ("Core, Analytics & Mobile", &["Core", "Analytics", "Mobile"]),
            ("Core, Analytics, and Search and Rescue", &["Core", "Analytics", "Search and Rescue"]),
            ("Core, Labs (R and D)", &["Core", "Labs (R and D)"]),
            ("Core, R & D", &["Core", "R & D"]),
            ("Research and Development Suite", &["Research and Development Suite"]),
            ("Sales and Service; Core", &["Sales and Service", "Core"]),
        ];
        for (text, expected) in rows {
            assert_eq!(items(text, Separators::Series), *expected, "{text}");
        }
    }
}
