//! Dates as people write them in English, German, French and Spanish: exact days, and periods
//! such as a quarter or "mid-May" from which a day has to be chosen.

use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::Date;

use super::words::fold;

/// Which part comes first when a date such as 03/04/2027 could be read both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// 3 April (Europe, most of the world).
    DayFirst,
    /// March 4 (United States).
    MonthFirst,
}

/// Where a date without a year lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lean {
    /// The next one from today on.
    Future,
    /// The last one up to today.
    Past,
}

/// What the reading of a date depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) today: Date,
    pub(crate) order: Option<DateOrder>,
    pub(crate) lean: Lean,
}

/// What had to be assumed about a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Assumed {
    /// The year was not written.
    Year,
    /// Day and month could be swapped; the other reading.
    Order(Date),
    /// A period was written; a day of it was chosen.
    Day,
}

/// A date in text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// First day of what was written.
    pub(crate) first: Date,
    /// Last day of what was written; the same for an exact day.
    pub(crate) last: Date,
    /// The day meant when a single day is needed (a deadline: the last of the period).
    pub(crate) day: Date,
    pub(crate) assumed: Vec<Assumed>,
    pub(crate) range: Range<usize>,
}

/// A date that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Impossible {
    pub(crate) range: Range<usize>,
}

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
enum Part {
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
enum Token<'a> {
    Digits(&'a str),
    Word(String),
    Sign(char),
}

struct Lexed<'a> {
    tokens: Vec<(Token<'a>, Range<usize>)>,
}

/// At most so many tokens are looked at from where a date may begin.
const WINDOW: usize = 14;

fn lex(text: &str, start: usize) -> Lexed<'_> {
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
            rest.find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len())
        } else if c.is_alphabetic() {
            rest.find(|c: char| !c.is_alphabetic())
                .unwrap_or(rest.len())
        } else {
            c.len_utf8()
        };
        let piece = rest.get(..length).unwrap_or("");
        if c.is_ascii_digit() {
            tokens.push((Token::Digits(piece), at..at + length));
        } else if c.is_alphabetic() {
            let word = if length > 24 {
                String::new()
            } else {
                fold(piece)
            };
            tokens.push((Token::Word(word), at..at + length));
        } else if !c.is_whitespace() {
            tokens.push((Token::Sign(c), at..at + length));
        }
        at += length;
    }
    Lexed { tokens }
}

impl<'a> Lexed<'a> {
    fn digits(&self, at: usize) -> Option<&'a str> {
        match self.tokens.get(at) {
            Some((Token::Digits(digits), _)) => Some(digits),
            _ => None,
        }
    }

    fn number(&self, at: usize) -> Option<i32> {
        self.digits(at)
            .filter(|d| d.len() <= 4)
            .and_then(|d| d.parse().ok())
    }

    fn word(&self, at: usize) -> Option<&str> {
        match self.tokens.get(at) {
            Some((Token::Word(word), _)) => Some(word),
            _ => None,
        }
    }

    fn sign(&self, at: usize) -> Option<char> {
        match self.tokens.get(at) {
            Some((Token::Sign(sign), _)) => Some(*sign),
            _ => None,
        }
    }

    fn month(&self, at: usize) -> Option<i8> {
        let word = self.word(at)?;
        MONTHS
            .iter()
            .find(|(name, _)| *name == word)
            .map(|&(_, month)| month)
    }

    fn end(&self, count: usize) -> usize {
        count
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(0, |(_, range)| range.end)
    }

    fn glued(&self, at: usize) -> bool {
        match (
            at.checked_sub(1).and_then(|before| self.tokens.get(before)),
            self.tokens.get(at),
        ) {
            (Some((_, before)), Some((_, here))) => before.end == here.start,
            _ => false,
        }
    }

    /// A four-digit year, or `'27`, at a token, possibly after a comma, `de` or `of`; and tokens used.
    fn year(&self, at: usize) -> Option<(i16, usize)> {
        let mut skip = at;
        if self
            .sign(skip)
            .is_some_and(|s| matches!(s, ',' | '.' | '-' | '/'))
            || self
                .word(skip)
                .is_some_and(|w| matches!(w, "de" | "of" | "del" | "des" | "im" | "in"))
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

/// The date or period that begins at a byte offset of the text.
pub(crate) fn at(text: &str, start: usize, frame: &Frame) -> Option<Result<Found, Impossible>> {
    let lexed = lex(text, start);
    let (part, skipped) = part(&lexed);
    let parsed = if skipped == 0 {
        iso(&lexed)
            .or_else(|| numeric(&lexed, frame))
            .or_else(|| day_month(&lexed, frame))
            .or_else(|| month_day(&lexed, frame))
    } else {
        None
    };
    let parsed = parsed.or_else(|| period(&lexed, skipped, part, frame));
    Some(match parsed? {
        Some((mut found, tokens)) => {
            found.range = start..lexed.end(tokens);
            // "3rd" and "15th" end with letters that belong to the date; "2027er" does not matter.
            Ok(found)
        }
        None => Err(Impossible {
            range: start..lexed.end(numeric_length(&lexed)),
        }),
    })
}

fn numeric_length(lexed: &Lexed<'_>) -> usize {
    lexed
        .tokens
        .iter()
        .take(6)
        .take_while(|(token, _)| !matches!(token, Token::Sign(c) if !matches!(c, '.' | '/' | '-')))
        .count()
        .clamp(1, 5)
}

type Parsed = Option<(Found, usize)>;

fn exact(date: Date, assumed: Vec<Assumed>) -> Found {
    Found {
        first: date,
        last: date,
        day: date,
        assumed,
        range: 0..0,
    }
}

/// `2027-03-15`, `2027/03/15`, `2027-03-15T10:00:00Z`.
fn iso(lexed: &Lexed<'_>) -> Option<Parsed> {
    let year = lexed
        .digits(0)
        .filter(|d| d.len() == 4)?
        .parse::<i16>()
        .ok()?;
    let sign = lexed
        .sign(1)
        .filter(|s| matches!(s, '-' | '/' | '.' | '‑'))?;
    let month = lexed
        .number(2)
        .filter(|_| lexed.digits(2).is_some_and(|d| d.len() <= 2))?;
    if lexed.sign(3) != Some(sign) {
        return None;
    }
    let day = lexed.number(4)?;
    let mut used = 5;
    if lexed.word(5).is_some_and(|w| w == "t") && lexed.glued(5) {
        // A time of day follows: its tokens belong to the date.
        used = 6;
        while used < lexed.tokens.len() && lexed.glued(used) {
            used += 1;
        }
    }
    Some(civil(year, month, day).map(|date| (exact(date, Vec::new()), used)))
}

fn civil(year: i16, month: i32, day: i32) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `15.12.2027`, `15/12/27`, `12-15-2027`, `15.12.`: the order is known, evident, or guessed with a remark.
fn numeric(lexed: &Lexed<'_>, frame: &Frame) -> Option<Parsed> {
    let short = |at: usize| {
        lexed
            .number(at)
            .filter(|_| lexed.digits(at).is_some_and(|d| d.len() <= 2))
    };
    let a = short(0)?;
    let sign = lexed
        .sign(1)
        .filter(|s| matches!(s, '/' | '.' | '-') && lexed.glued(1))?;
    let b = short(2)?;
    let spaced = sign == '.';
    if !spaced && !lexed.glued(2) {
        return None;
    }
    let year = if lexed.sign(3) == Some(sign) && (lexed.glued(3)) {
        lexed.number(4).filter(|_| spaced || lexed.glued(4))
    } else {
        None
    };
    let (year, used, assumed_year) = match year {
        Some(year) => match lexed.digits(4).map(str::len) {
            Some(4) => (i16::try_from(year).ok()?, 5, false),
            Some(2) => (i16::try_from(2000 + year).ok()?, 5, false),
            _ => return None,
        },
        // Without a year only the German form with its final dot is a date: 15.12.
        None if sign == '.'
            && lexed.sign(3) == Some('.')
            && lexed.glued(3)
            && a >= 1
            && (1..=12).contains(&b) =>
        {
            (0, 4, true)
        }
        None => return None,
    };
    let (day, month, other) = match sign {
        '.' => (a, b, None),
        _ if a > 12 => (a, b, None),
        _ if b > 12 => (b, a, None),
        _ if a == b => (a, b, None),
        _ => match frame.order {
            Some(DateOrder::DayFirst) => (a, b, Some((b, a))),
            Some(DateOrder::MonthFirst) => (b, a, Some((a, b))),
            // Dashes are day-first wherever they are not ISO; slashes are too, outside the United States.
            None => (a, b, Some((b, a))),
        },
    };
    if assumed_year {
        return Some(
            with_year(month, day, frame).map(|date| (exact(date, vec![Assumed::Year]), used)),
        );
    }
    let mut assumed = Vec::new();
    if let Some((day, month)) = other
        && let Some(date) = civil(year, month, day)
    {
        assumed.push(Assumed::Order(date));
    }
    Some(civil(year, month, day).map(|date| (exact(date, assumed), used)))
}

/// The date in the year that the frame leans to.
fn with_year(month: i32, day: i32, frame: &Frame) -> Option<Date> {
    let this = frame.today.year();
    let candidates: [i16; 2] = match frame.lean {
        Lean::Future => [this, this + 1],
        Lean::Past => [this, this - 1],
    };
    let fits = |date: &Date| match frame.lean {
        Lean::Future => *date >= frame.today,
        Lean::Past => *date <= frame.today,
    };
    candidates
        .iter()
        .filter_map(|&year| civil(year, month, day))
        .find(fits)
}

/// `3. März 2027`, `3 March`, `3rd of March, 2027`, `1er mars`, `3 de marzo de 2027`, `3-Mar-2027`.
fn day_month(lexed: &Lexed<'_>, frame: &Frame) -> Option<Parsed> {
    let mut at = 0;
    if lexed
        .word(0)
        .is_some_and(|w| matches!(w, "le" | "el" | "the" | "am" | "den" | "dem"))
    {
        at = 1;
    }
    let day = lexed
        .number(at)
        .filter(|_| lexed.digits(at).is_some_and(|d| d.len() <= 2))?;
    at += 1;
    if lexed.sign(at).is_some_and(|s| matches!(s, '.' | '-' | 'º'))
        || lexed
            .word(at)
            .is_some_and(|w| matches!(w, "st" | "nd" | "rd" | "th" | "er") && lexed.glued(at))
    {
        at += 1;
    }
    if lexed
        .word(at)
        .is_some_and(|w| matches!(w, "of" | "de" | "del"))
    {
        at += 1;
    }
    let month = i32::from(lexed.month(at)?);
    at += 1;
    finish(lexed, at, month, day, frame)
}

/// `March 3rd, 2027`, `Mar 3`, `March 3`.
fn month_day(lexed: &Lexed<'_>, frame: &Frame) -> Option<Parsed> {
    let month = i32::from(lexed.month(0)?);
    let mut at = 1;
    if lexed.sign(at).is_some_and(|s| matches!(s, '.' | '-')) {
        at += 1;
    }
    if lexed.word(at) == Some("the") {
        at += 1;
    }
    let day = lexed
        .number(at)
        .filter(|_| lexed.digits(at).is_some_and(|d| d.len() <= 2))?;
    at += 1;
    if lexed
        .word(at)
        .is_some_and(|w| matches!(w, "st" | "nd" | "rd" | "th") && lexed.glued(at))
    {
        at += 1;
    }
    finish(lexed, at, month, day, frame)
}

fn finish(lexed: &Lexed<'_>, at: usize, month: i32, day: i32, frame: &Frame) -> Option<Parsed> {
    // A dot after an abbreviated month: "3. Mär. 2027", "15 Dec. 2027".
    let dotted = usize::from(lexed.sign(at) == Some('.') && lexed.year(at + 1).is_some());
    if let Some((year, used)) = lexed.year(at + dotted) {
        return Some(
            civil(year, month, day).map(|date| (exact(date, Vec::new()), at + dotted + used)),
        );
    }
    Some(with_year(month, day, frame).map(|date| (exact(date, vec![Assumed::Year]), at)))
}

/// Words such as "end of", "mid-", "Anfang" and the tokens they take.
fn part(lexed: &Lexed<'_>) -> (Part, usize) {
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
            if lexed
                .sign(used)
                .is_some_and(|s| matches!(s, '-' | '–' | '‑'))
            {
                used += 1;
            }
            while lexed
                .word(used)
                .is_some_and(|w| matches!(w, "the" | "des" | "du" | "de" | "of" | "del"))
            {
                used += 1;
            }
            return (*part, used);
        }
    }
    (Part::Whole, 0)
}

/// `March 2027`, `Q1 2027`, `Q3`, `mid-May`, `end of year`, `EOY`, `1. Quartal`, `KW 12`.
fn period(lexed: &Lexed<'_>, at: usize, part: Part, frame: &Frame) -> Option<Parsed> {
    let (first, last, used, assumed_year) = named_period(lexed, at, part, frame)?;
    let (first, last, day) = choose(first, last, part)?;
    let mut assumed = vec![Assumed::Day];
    if assumed_year {
        assumed.push(Assumed::Year);
    }
    Some(Some((
        Found {
            first,
            last,
            day,
            assumed,
            range: 0..0,
        },
        used,
    )))
}

fn named_period(
    lexed: &Lexed<'_>,
    at: usize,
    part: Part,
    frame: &Frame,
) -> Option<(Date, Date, usize, bool)> {
    let word = lexed.word(at);
    // A quarter: Q1, T1 (French), 1. Quartal, 1er trimestre.
    let quarter = match word {
        Some("q" | "t") if lexed.glued(at + 1) => lexed.number(at + 1).map(|q| (q, at + 2)),
        Some("quarter") => lexed.number(at + 1).map(|q| (q, at + 2)),
        _ => None,
    }
    .or_else(|| {
        let number = lexed.number(at)?;
        let mut next = at + 1;
        if lexed.sign(next) == Some('.')
            || lexed.word(next).is_some_and(|w| {
                matches!(w, "er" | "e" | "eme" | "st" | "nd" | "rd" | "th") && lexed.glued(next)
            })
        {
            next += 1;
        }
        lexed
            .word(next)
            .is_some_and(|w| matches!(w, "quartal" | "quarter" | "trimestre" | "trimester"))
            .then_some((number, next + 1))
    });
    if let Some((quarter, next)) = quarter.filter(|(q, _)| (1..=4).contains(q)) {
        let month = quarter * 3 - 2;
        let (year, used, assumed) = year_or_next(lexed, next, month + 2, frame)?;
        let first = civil(year, month, 1)?;
        let last = civil(year, month + 2, 1)?.last_of_month();
        return Some((first, last, used, assumed));
    }
    if let Some(half) = word
        .filter(|w| matches!(*w, "h"))
        .and_then(|_| lexed.number(at + 1))
        .filter(|h| (1..=2).contains(h) && lexed.glued(at + 1))
    {
        let month = half * 6 - 5;
        let (year, used, assumed) = year_or_next(lexed, at + 2, month + 5, frame)?;
        return Some((
            civil(year, month, 1)?,
            civil(year, month + 5, 1)?.last_of_month(),
            used,
            assumed,
        ));
    }
    if let Some(month) = lexed.month(at) {
        // "may" and "mar" are words too: alone they are months only after a part or before a year.
        let next =
            at + 1 + usize::from(lexed.sign(at + 1) == Some('.') && lexed.year(at + 2).is_some());
        let has_year = lexed.year(next).is_some();
        let ambiguous = lexed.word(at).is_some_and(|w| {
            matches!(
                w,
                "may"
                    | "mar"
                    | "march"
                    | "mai"
                    | "mars"
                    | "sep"
                    | "dec"
                    | "jan"
                    | "ago"
                    | "fin"
                    | "ene"
            )
        });
        if ambiguous && !has_year && part == Part::Whole {
            return None;
        }
        let month = i32::from(month);
        let (year, used, assumed) = year_or_next(lexed, next, month, frame)?;
        let first = civil(year, month, 1)?;
        return Some((first, first.last_of_month(), used, assumed));
    }
    let today = frame.today;
    match word? {
        "year" | "jahr" | "jahres" | "annee" | "ano" | "jahresende" | "yearend"
            if part == Part::End || word == Some("jahresende") =>
        {
            let (year, used) = lexed
                .year(at + 1)
                .map_or((today.year(), at + 1), |(year, used)| (year, at + 1 + used));
            Some((civil(year, 12, 1)?, civil(year, 12, 31)?, used, false))
        }
        "eoy" => {
            let (year, used) = lexed
                .year(at + 1)
                .map_or((today.year(), at + 1), |(year, used)| (year, at + 1 + used));
            Some((civil(year, 12, 1)?, civil(year, 12, 31)?, used, false))
        }
        "quarter" | "quartal" | "trimestre" if part == Part::End => {
            let month = (i32::from(today.month()) - 1) / 3 * 3 + 3;
            let last = civil(today.year(), month, 1)?.last_of_month();
            Some((last, last, at + 1, false))
        }
        "month" | "monat" | "mois" | "mes" if part == Part::End => {
            Some((today.last_of_month(), today.last_of_month(), at + 1, false))
        }
        "summer" | "sommer" | "ete" | "verano" => {
            let (year, used, assumed) = year_or_next(lexed, at + 1, 8, frame)?;
            Some((civil(year, 6, 21)?, civil(year, 8, 31)?, used, assumed))
        }
        "christmas" | "xmas" | "weihnachten" | "noel" | "navidad" => {
            let (year, used, assumed) = year_or_next(lexed, at + 1, 12, frame)?;
            Some((civil(year, 12, 24)?, civil(year, 12, 26)?, used, assumed))
        }
        _ => None,
    }
}

/// The year written at a token, or the one the frame leans to for a period ending in the month.
fn year_or_next(
    lexed: &Lexed<'_>,
    at: usize,
    last_month: i32,
    frame: &Frame,
) -> Option<(i16, usize, bool)> {
    if let Some((year, used)) = lexed.year(at) {
        return Some((year, at + used, false));
    }
    let this = frame.today.year();
    let ends = civil(this, last_month, 1)?.last_of_month();
    let year = match frame.lean {
        Lean::Future if ends < frame.today => this + 1,
        Lean::Past if civil(this, last_month, 1)? > frame.today => this - 1,
        _ => this,
    };
    Some((year, at, true))
}

/// The days a part of a period covers, and the one day meant when one is needed.
fn choose(first: Date, last: Date, part: Part) -> Option<(Date, Date, Date)> {
    let length = i64::from(first.until(last).ok()?.get_days()) + 1;
    let day = |offset: i64| first.checked_add(offset.days()).ok();
    Some(match part {
        Part::Whole => (first, last, last),
        Part::Early => {
            let end = day(length / 3 - 1)?;
            (first, end, end)
        }
        Part::Mid => {
            let middle = day((length - 1) / 2)?;
            // The middle of a month is the 15th to everybody.
            let middle = if first.month() == last.month() {
                first.with().day(15).build().ok()?
            } else {
                middle
            };
            (day(length / 3)?, day(length * 2 / 3 - 1)?, middle)
        }
        Part::Late => (day(length * 2 / 3)?, last, last),
        Part::End => (day(length * 5 / 6)?, last, last),
    })
}

/// The first date or period anywhere in the text.
pub(crate) fn find(text: &str, frame: &Frame) -> Option<Result<Found, Impossible>> {
    let mut boundary = true;
    for (start, c) in text.char_indices() {
        if boundary
            && c.is_alphanumeric()
            && let Some(found) = at(text, start, frame)
        {
            return Some(found);
        }
        // A digit after "12." or "3/" goes on with the same number or date.
        let inside = matches!(c, '.' | ',' | '/' | '-')
            && text
                .get(..start)
                .is_some_and(|head| head.ends_with(|c: char| c.is_ascii_digit()));
        boundary = !c.is_alphanumeric() && !inside;
    }
    None
}

/// A period between two dates: `15 Dec – 5 Jan`, `vom 20.12. bis 6.1.`, `from 1 to 20 August 2027`, `December`.
pub(crate) fn find_range(text: &str, frame: &Frame) -> Option<Found> {
    let mut from = 0;
    let first = loop {
        match find(text.get(from..)?, frame)? {
            Ok(mut found) => {
                found.range = found.range.start + from..found.range.end + from;
                break found;
            }
            Err(impossible) => from += impossible.range.end.max(1),
        }
    };
    if let Some(day_range) = shared_month(text, &first) {
        return Some(day_range);
    }
    let rest = text.get(first.range.end..)?;
    let Some(link) = link(rest) else {
        return Some(first);
    };
    // The second date follows the first: a missing year is the next such day from there.
    let after = Frame {
        today: first.first,
        order: frame.order,
        lean: Lean::Future,
    };
    let Some(Ok(second)) = at(rest, link, &after) else {
        return Some(first);
    };
    let mut start = first.clone();
    // "15 Dec – 5 Jan 2028": the year written once, at the end, holds for the first too.
    if first.assumed.contains(&Assumed::Year) && !second.assumed.contains(&Assumed::Year) {
        let back = Frame {
            today: second.last,
            order: frame.order,
            lean: Lean::Past,
        };
        if let Some(Ok(again)) = at(text, first.range.start, &back) {
            start = again;
        }
    }
    if second.last < start.first {
        return Some(first);
    }
    let mut assumed = second.assumed.clone();
    assumed.retain(|a| *a != Assumed::Day);
    Some(Found {
        first: start.first,
        last: second.last,
        day: second.last,
        assumed,
        range: first.range.start..first.range.end + second.range.end,
    })
}

/// `1–20 August 2027`, `15.–31.12.2027`: the first day shares the month of the second.
fn shared_month(text: &str, second: &Found) -> Option<Found> {
    let before = text.get(..second.range.start)?;
    let trimmed = before.trim_end();
    let trimmed = ["-", "–", "—", " to", " bis", " au", " al", " until"]
        .iter()
        .find_map(|link| trimmed.strip_suffix(link))?
        .trim_end();
    // The day may be an ordinal: "15.", "1er", "3rd".
    let trimmed = [".", "er", "st", "nd", "rd", "th"]
        .iter()
        .find_map(|suffix| trimmed.strip_suffix(suffix))
        .unwrap_or(trimmed);
    let start = trimmed
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| {
            at + trimmed
                .get(at..)
                .and_then(|t| t.chars().next())
                .map_or(1, char::len_utf8)
        });
    let day: i8 = trimmed
        .get(start..)
        .filter(|d| !d.is_empty() && d.len() <= 2)?
        .parse()
        .ok()?;
    let first = second.first.with().day(day).build().ok()?;
    (first <= second.last && second.first == second.last).then(|| Found {
        first,
        last: second.last,
        day: second.last,
        assumed: second.assumed.clone(),
        range: start..second.range.end,
    })
}

/// Bytes of the words that join two dates into a period.
fn link(text: &str) -> Option<usize> {
    let trimmed = text.trim_start();
    let gap = text.len() - trimmed.len();
    for word in [
        "–",
        "—",
        "-",
        "to ",
        "until ",
        "till ",
        "through ",
        "thru ",
        "bis zum ",
        "bis ",
        "au ",
        "jusqu'au ",
        "al ",
        "hasta ",
        "and ",
        "und ",
        "et ",
        "y ",
    ] {
        if trimmed
            .get(..word.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(word))
        {
            let rest = trimmed.get(word.len()..)?;
            let inner = rest.len() - rest.trim_start().len();
            return Some(gap + word.len() + inner);
        }
    }
    None
}
