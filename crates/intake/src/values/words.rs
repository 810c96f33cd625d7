//! Words as keys: case, accents and punctuation do not tell two labels apart.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without accents; runs of anything but letters, digits and `%#+` become one space.
/// `ß` becomes `ss`.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char, out: &mut String| {
        if c.is_alphanumeric() || matches!(c, '%' | '#' | '+') {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        } else if !is_combining_mark(c) {
            gap = true;
        }
    };
    if text.is_ascii() {
        for c in text.chars() {
            push(c.to_ascii_lowercase(), &mut out);
        }
        return out;
    }
    for c in text.nfd().flat_map(char::to_lowercase) {
        if c == 'ß' {
            push('s', &mut out);
            push('s', &mut out);
        } else {
            push(c, &mut out);
        }
    }
    out
}

/// The words of a text (runs of letters, digits, apostrophes and inner hyphens) with byte offsets.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let tail = text.get(rest..)?;
        let start = rest + tail.find(|c: char| c.is_alphanumeric())?;
        let tail = text.get(start..)?;
        let length = tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len());
        rest = start + length;
        text.get(start..rest).map(|word| (start, word))
    })
}

/// Whether a folded phrase occurs in folded text as whole words.
pub(crate) fn has_phrase(folded: &str, phrase: &str) -> bool {
    find_phrase(folded, phrase).is_some()
}

/// Where a folded phrase occurs in folded text as whole words.
pub(crate) fn find_phrase(folded: &str, phrase: &str) -> Option<usize> {
    let bytes = folded.as_bytes();
    folded.match_indices(phrase).map(|(at, _)| at).find(|&at| {
        let end = at + phrase.len();
        (at == 0 || bytes.get(at - 1) == Some(&b' ')) && (end == bytes.len() || bytes.get(end) == Some(&b' '))
    })
}

/// Finds a phrase in text regardless of ASCII case, at word boundaries; the byte range.
pub(crate) fn find_in(text: &str, phrase: &str) -> Option<std::ops::Range<usize>> {
    let (hay, needle) = (text.as_bytes(), phrase.as_bytes());
    if needle.is_empty() || needle.len() > hay.len() {
        return None;
    }
    let boundary = |offset: usize, before: bool| {
        let neighbour = if before {
            text.get(..offset).and_then(|t| t.chars().next_back())
        } else {
            text.get(offset..).and_then(|t| t.chars().next())
        };
        !neighbour.is_some_and(char::is_alphanumeric)
    };
    (0..=hay.len() - needle.len()).find_map(|at| {
        let end = at + needle.len();
        let same = hay.get(at..end)?.eq_ignore_ascii_case(needle);
        (same
            && text.is_char_boundary(at)
            && text.is_char_boundary(end)
            && boundary(at, true)
            && boundary(end, false))
        .then_some(at..end)
    })
}

/// Finds a folded phrase in text regardless of case and accents, as whole words; the byte range.
pub(crate) fn find_folded(text: &str, phrase: &str) -> Option<std::ops::Range<usize>> {
    let wanted: Vec<&str> = phrase.split(' ').collect();
    let mut window: Vec<(usize, &str)> = Vec::new();
    for (start, word) in words(text) {
        if window.len() == wanted.len() {
            window.remove(0);
        }
        window.push((start, word));
        if window.len() == wanted.len()
            && window.iter().zip(&wanted).all(|((_, word), wanted)| fold(word) == **wanted)
        {
            return window.first().map(|(from, _)| *from..start + word.len());
        }
    }
    None
}

/// Edits (insert, delete, replace, swap of neighbours) from one word to another.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                cost = cost.min(before[j - 1] + 1);
            }
            row[j + 1] = cost;
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// The candidate nearest to a word, when it is near enough to be a slip.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, candidate), candidate))
        .min_by_key(|&(distance, _)| distance)
        .filter(|&(distance, candidate)| {
            distance <= 1 + candidate.chars().count().max(word.chars().count()) / 3
        })
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_case_accents_and_punctuation() {
        assert_eq!(fold("  Go-Live (geplant): "), "go live geplant");
        assert_eq!(fold("Société d'Été — Straße"), "societe d ete strasse");
    }

    #[test]
    fn finds_the_key_that_was_meant() {
        assert_eq!(nearest("prodcuts", ["acv", "products", "users"]), Some("products"));
        assert_eq!(nearest("colour", ["acv", "products", "users"]), None);
    }

    #[test]
    fn finds_phrases_as_whole_words() {
        assert_eq!(find_in("No Go-Live in May", "go-live"), Some(3..10));
        assert_eq!(find_in("disagreements", "agree"), None);
        assert!(has_phrase("we agreed to it", "agreed to"));
    }
}
