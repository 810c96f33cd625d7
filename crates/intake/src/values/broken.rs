//! Numbers before people, users or sites that can be no count: `-3 nurses`, `10^12 users`, `5KK seats`.

use std::ops::Range;

use super::place::site_noun;
use super::roles::is_title;
use super::words::fold;
use crate::prose::{EMPLOYEES, USERS};

/// Digits of the largest count anybody means: tens of billions are a slip of the keyboard.
const MAX_DIGITS: usize = 10;

/// The numbers that can be no count, each with the noun after it; at most two words may stand between.
pub(crate) fn find(text: &str) -> Vec<Range<usize>> {
    let words: Vec<Range<usize>> = words(text);
    let found = words.iter().enumerate().filter_map(|(index, number)| {
        let start = number.start + leading(text.get(number.clone())?);
        if !is_broken(text.get(start..number.end)?) {
            return None;
        }
        let nouns = words.get(index + 1..)?.iter().take(3);
        let noun =
            nouns.map(|noun| bare(text, noun)).find(|noun| text.get(noun.clone()).is_some_and(is_counted))?;
        Some(start..noun.end)
    });
    found.collect()
}

/// Bytes of what is written at the start of the text like a number and is none: `-3`, `10^12`, `1e9`.
pub(crate) fn at_start(text: &str) -> Option<usize> {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    is_malformed(text.get(..end)?).then_some(end)
}

/// Words that say how exact a number is stand before it, and brackets and quotes.
fn leading(word: &str) -> usize {
    word.len() - word.trim_start_matches(['(', '[', '"', '“', '~', '≈', '<', '>']).len()
}

fn words(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut words = Vec::new();
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        if !word.is_empty() {
            words.push(at..at + word.len());
        }
        at += piece.len();
    }
    words
}

/// A word without the punctuation around it.
fn bare(text: &str, word: &Range<usize>) -> Range<usize> {
    let letters = text.get(word.clone()).unwrap_or_default();
    let end = letters.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    word.start..word.start + end
}

fn is_counted(noun: &str) -> bool {
    let folded = fold(noun);
    USERS.iter().chain(EMPLOYEES).any(|known| *known == folded) || site_noun(noun).is_some() || is_title(noun)
}

fn is_broken(word: &str) -> bool {
    is_malformed(word) || (digits(word).len() == word.len() && count_digits(word) > MAX_DIGITS)
}

/// A minus sign, a power, an exponent, or two multipliers.
fn is_malformed(word: &str) -> bool {
    let unsigned = word.strip_prefix(['-', '−']).unwrap_or(word);
    let number = digits(unsigned);
    if !number.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let rest = unsigned.get(number.len()..).unwrap_or_default();
    let power = rest.strip_prefix(['^', 'e', 'E']).is_some_and(|power| {
        power.strip_prefix(['+', '-']).unwrap_or(power).starts_with(|c: char| c.is_ascii_digit())
    });
    let twice = rest.len() > 1 && rest != "mm" && rest.chars().all(|c| matches!(c, 'k' | 'K' | 'm' | 'M'));
    unsigned.len() < word.len() || power || twice
}

/// The digits at the start of a word, with what groups them.
fn digits(word: &str) -> &str {
    let end = word.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '\'' | '’' | '_'));
    word.get(..end.unwrap_or(word.len())).unwrap_or(word)
}

fn count_digits(word: &str) -> usize {
    word.bytes().filter(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text).into_iter().filter_map(|range| text.get(range)).collect()
    }

    #[test]
    fn numbers_that_count_nothing_are_found_with_their_noun() {
        for (text, expected) in [
            ("We have -3 nurses.", "-3 nurses"),
            ("about (10^12 active users) there", "10^12 active users"),
            ("1e9 seats", "1e9 seats"),
            ("5KK users", "5KK users"),
            ("99999999999 employees", "99999999999 employees"),
            ("99,999,999,999 Benutzer", "99,999,999,999 Benutzer"),
            ("−4 plants", "−4 plants"),
            ("3 plants and -2 warehouses", "-2 warehouses"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
        assert_eq!(found("-3 nurses and 10^12 users"), ["-3 nurses", "10^12 users"]);
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for text in [
            "3 nurses",
            "a shift of -3 hours",
            "-20 % of orders",
            "6-8 weeks with 900 users",
            "1,000,000 users",
            "2.4k named users",
            "2M users",
            "e9 users",
            "order 99999999999 was late",
            "call +49 40 123456",
            "",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
