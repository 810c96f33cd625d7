//! Exact days: ISO, numeric, and with the month in letters.

use jiff::civil::Date;

use super::words::Lexed;
use super::{Assumed, DateOrder, Frame, Lean, Parsed, civil, exact};

/// `2027-03-15`, `2027/03/15`, `2027-03-15T10:00:00Z`.
pub(super) fn iso(lexed: &Lexed<'_>) -> Option<Parsed> {
    let year = lexed.digits(0).filter(|d| d.len() == 4)?.parse::<i16>().ok()?;
    let sign = lexed.sign(1).filter(|s| matches!(s, '-' | '/' | '.' | '‑'))?;
    let month = lexed.number(2).filter(|_| lexed.digits(2).is_some_and(|d| d.len() <= 2))?;
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

/// `15.12.2027`, `15/12/27`, `12-15-2027`, `15.12.`: the order is known, evident, or guessed with a remark.
pub(super) fn numeric(lexed: &Lexed<'_>, frame: &Frame) -> Option<Parsed> {
    let short = |at: usize| lexed.number(at).filter(|_| lexed.digits(at).is_some_and(|d| d.len() <= 2));
    let a = short(0)?;
    let sign = lexed.sign(1).filter(|s| matches!(s, '/' | '.' | '-') && lexed.glued(1))?;
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
        return Some(with_year(month, day, frame).map(|date| (exact(date, vec![Assumed::Year]), used)));
    }
    let mut assumed = Vec::new();
    if let Some((day, month)) = other
        && let Some(date) = civil(year, month, day)
    {
        assumed.push(Assumed::Order(date));
    }
    Some(civil(year, month, day).map(|date| (exact(date, assumed), used)))
}

/// `3. März 2027`, `3 March`, `3rd of March, 2027`, `1er mars`, `3 de marzo de 2027`, `3-Mar-2027`.
pub(super) fn day_month(lexed: &Lexed<'_>, frame: &Frame) -> Option<Parsed> {
    let mut at = 0;
    if lexed.word(0).is_some_and(|w| matches!(w, "le" | "el" | "the" | "am" | "den" | "dem")) {
        at = 1;
    }
    let day = lexed.number(at).filter(|_| lexed.digits(at).is_some_and(|d| d.len() <= 2))?;
    at += 1;
    if lexed.sign(at).is_some_and(|s| matches!(s, '.' | '-' | 'º'))
        || lexed.word(at).is_some_and(|w| matches!(w, "st" | "nd" | "rd" | "th" | "er") && lexed.glued(at))
    {
        at += 1;
    }
    if lexed.word(at).is_some_and(|w| matches!(w, "of" | "de" | "del")) {
        at += 1;
    }
    let month = i32::from(lexed.month(at)?);
    at += 1;
    finish(lexed, at, month, day, frame)
}

/// `March 3rd, 2027`, `Mar 3`, `March 3`.
pub(super) fn month_day(lexed: &Lexed<'_>, frame: &Frame) -> Option<Parsed> {
    let month = i32::from(lexed.month(0)?);
    let mut at = 1;
    if lexed.sign(at).is_some_and(|s| matches!(s, '.' | '-')) {
        at += 1;
    }
    if lexed.word(at) == Some("the") {
        at += 1;
    }
    let day = lexed.number(at).filter(|_| lexed.digits(at).is_some_and(|d| d.len() <= 2))?;
    at += 1;
    if lexed.word(at).is_some_and(|w| matches!(w, "st" | "nd" | "rd" | "th") && lexed.glued(at)) {
        at += 1;
    }
    finish(lexed, at, month, day, frame)
}

fn finish(lexed: &Lexed<'_>, at: usize, month: i32, day: i32, frame: &Frame) -> Option<Parsed> {
    // A dot after an abbreviated month: "3. Mär. 2027", "15 Dec. 2027".
    let dotted = usize::from(lexed.sign(at) == Some('.') && lexed.year(at + 1).is_some());
    if let Some((year, used)) = lexed.year(at + dotted) {
        return Some(civil(year, month, day).map(|date| (exact(date, Vec::new()), at + dotted + used)));
    }
    Some(with_year(month, day, frame).map(|date| (exact(date, vec![Assumed::Year]), at)))
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
    candidates.iter().filter_map(|&year| civil(year, month, day)).find(fits)
}
