//! The words and signs dates are made of.

use std::ops::Range;

use crate::values::words::fold;

/// Month names and abbreviations, folded.
const MONTHS: &[(&str, i8)] = &[
    ("january", 1),
    ("jan", 1),
    ("januar", 1),
    ("janner", 1),
    ("janvier", 1),
    ("janv", 1),
    ("enero", 1),
    ("ene", 1),
    ("february", 2),
    ("feb", 2),
    ("februar", 2),
    ("fevrier", 2),
    ("fevr", 2),
    ("fev", 2),
    ("febrero", 2),
    ("march", 3),
    ("mar", 3),
    ("marz", 3),
    ("maerz", 3),
    ("mrz", 3),
    ("mars", 3),
    ("marzo", 3),
    ("april", 4),
    ("apr", 4),
    ("avril", 4),
    ("avr", 4),
    ("abril", 4),
    ("abr", 4),
    ("may", 5),
    ("mai", 5),
    ("mayo", 5),
    ("june", 6),
    ("jun", 6),
    ("juni", 6),
    ("juin", 6),
    ("junio", 6),
    ("july", 7),
    ("jul", 7),
    ("juli", 7),
    ("juillet", 7),
    ("juil", 7),
    ("julio", 7),
    ("august", 8),
    ("aug", 8),
    ("aout", 8),
    ("agosto", 8),
    ("ago", 8),
    ("september", 9),
    ("sept", 9),
    ("sep", 9),
    ("septembre", 9),
    ("septiembre", 9),
    ("october", 10),
    ("oct", 10),
    ("oktober", 10),
    ("okt", 10),
    ("octobre", 10),
    ("octubre", 10),
    ("november", 11),
    ("nov", 11),
    ("novembre", 11),
    ("noviembre", 11),
    ("december", 12),
    ("dec", 12),
    ("dezember", 12),
    ("dez", 12),
    ("decembre", 12),
    ("diciembre", 12),
    ("dic", 12),
];

/// Part of a period, from words before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Early,
    Mid,
    Late,
    End,
}

const PARTS: &[(&str, Part)] = &[
    ("beginning of", Part::Early),
    ("start of", Part::Early),
    ("early in", Part::Early),
    ("early", Part::Early),
    ("anfang", Part::Early),
    ("debut", Part::Early),
    ("principios de", Part::Early),
    ("comienzos de", Part::Early),
    ("middle of", Part::Mid),
    ("mid", Part::Mid),
    ("mitte", Part::Mid),
    ("mi", Part::Mid),
    ("mediados de", Part::Mid),
    ("late in", Part::Late),
    ("late", Part::Late),
    ("end of", Part::End),
    ("end", Part::End),
    ("ende", Part::End),
    ("fin de", Part::End),
    ("fin", Part::End),
    ("finales de", Part::End),
    ("fines de", Part::End),
];

/// A piece of text that matters to dates.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    Digits(&'a str),
    Word(String),
    Sign(char),
}

pub(super) struct Lexed<'a> {
    pub(super) tokens: Vec<(Token<'a>, Range<usize>)>,
}

/// At most so many tokens are looked at from where a date may begin.
const WINDOW: usize = 14;

pub(super) fn lex(text: &str, start: usize) -> Lexed<'_> {
    let mut tokens = Vec::with_capacity(WINDOW);
    let mut at = start;
    while tokens.len() < WINDOW {
        let Some(c) = text.get(at..).and_then(|t| t.chars().next()) else {
            break;
        };
        if c == '\n' {
            break;
        }
        let rest = text.get(at..).unwrap_or("");
        let length = if c.is_ascii_digit() {
            rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
        } else if c.is_alphabetic() {
            rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())
        } else {
            c.len_utf8()
        };
        let piece = rest.get(..length).unwrap_or("");
        if c.is_ascii_digit() {
            tokens.push((Token::Digits(piece), at..at + length));
        } else if c.is_alphabetic() {
            let word = if length > 24 { String::new() } else { fold(piece) };
            tokens.push((Token::Word(word), at..at + length));
        } else if !c.is_whitespace() {
            tokens.push((Token::Sign(c), at..at + length));
        }
        at += length;
    }
    Lexed { tokens }
}

impl<'a> Lexed<'a> {
    pub(super) fn digits(&self, at: usize) -> Option<&'a str> {
        match self.tokens.get(at) {
            Some((Token::Digits(digits), _)) => Some(digits),
            _ => None,
        }
    }

    pub(super) fn number(&self, at: usize) -> Option<i32> {
        self.digits(at).filter(|d| d.len() <= 4).and_then(|d| d.parse().ok())
    }

    pub(super) fn word(&self, at: usize) -> Option<&str> {
        match self.tokens.get(at) {
            Some((Token::Word(word), _)) => Some(word),
            _ => None,
        }
    }

    pub(super) fn sign(&self, at: usize) -> Option<char> {
        match self.tokens.get(at) {
            Some((Token::Sign(sign), _)) => Some(*sign),
            _ => None,
        }
    }

    pub(super) fn month(&self, at: usize) -> Option<i8> {
        let word = self.word(at)?;
        MONTHS.iter().find(|(name, _)| *name == word).map(|&(_, month)| month)
    }

    pub(super) fn end(&self, count: usize) -> usize {
        count.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |(_, range)| range.end)
    }

    pub(super) fn glued(&self, at: usize) -> bool {
        match (at.checked_sub(1).and_then(|before| self.tokens.get(before)), self.tokens.get(at)) {
            (Some((_, before)), Some((_, here))) => before.end == here.start,
            _ => false,
        }
    }

    /// A four-digit year, or `'27`, at a token, possibly after a comma, `de` or `of`; and tokens used.
    pub(super) fn year(&self, at: usize) -> Option<(i16, usize)> {
        let mut skip = at;
        if self.sign(skip).is_some_and(|s| matches!(s, ',' | '.' | '-' | '/'))
            || self.word(skip).is_some_and(|w| matches!(w, "de" | "of" | "del" | "des" | "im" | "in"))
        {
            skip += 1;
        }
        if self.sign(skip).is_some_and(|s| matches!(s, '\'' | '’'))
            && let Some(short) = self.digits(skip + 1).filter(|d| d.len() == 2)
        {
            return short.parse::<i16>().ok().map(|y| (2000 + y, skip + 2 - at));
        }
        let digits = self.digits(skip)?;
        let year = digits.parse::<i16>().ok()?;
        // "$2027" or "2027 users" are no years, but no one writes those after a month.
        (digits.len() == 4 && (1900..2200).contains(&year)).then_some((year, skip + 1 - at))
    }
}

/// Words such as "end of", "mid-", "Anfang" and the tokens they take.
pub(super) fn part(lexed: &Lexed<'_>) -> (Part, usize) {
    let Some(first) = lexed.word(0) else {
        return (Part::Whole, 0);
    };
    let mut at = 0;
    // "by the end of", "à la fin": articles were skipped by whoever looks for dates.
    if first == "the" {
        at = 1;
    }
    let (Some(first), second) = (lexed.word(at), lexed.word(at + 1)) else {
        return (Part::Whole, 0);
    };
    for (words, part) in PARTS {
        let mut parts = words.split(' ');
        let (head, tail) = (parts.next(), parts.next());
        if head == Some(first) && (tail.is_none() || tail == second) {
            let mut used = at + 1 + usize::from(tail.is_some());
            if lexed.sign(used).is_some_and(|s| matches!(s, '-' | '–' | '‑')) {
                used += 1;
            }
            while lexed.word(used).is_some_and(|w| matches!(w, "the" | "des" | "du" | "de" | "of" | "del")) {
                used += 1;
            }
            return (*part, used);
        }
    }
    (Part::Whole, 0)
}
