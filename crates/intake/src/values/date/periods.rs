//! Quarters, months, parts of them, and periods from one day to another.

use jiff::ToSpan;
use jiff::civil::Date;

use super::words::{Lexed, Part};
use super::{Assumed, Found, Frame, Lean, Parsed, at, civil, find};

/// `March 2027`, `Q1 2027`, `Q3`, `mid-May`, `end of year`, `EOY`, `1. Quartal`.
pub(super) fn period(lexed: &Lexed<'_>, at: usize, part: Part, frame: &Frame) -> Option<Parsed> {
    let (first, last, used, assumed_year) = named_period(lexed, at, part, frame)?;
    let (first, last, day) = choose(first, last, part)?;
    let mut assumed = vec![Assumed::Day];
    if assumed_year {
        assumed.push(Assumed::Year);
    }
    Some(Some((Found { first, last, day, assumed, range: 0..0 }, used)))
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
        return Some((civil(year, month, 1)?, civil(year, month + 5, 1)?.last_of_month(), used, assumed));
    }
    if let Some(month) = lexed.month(at) {
        // "may" and "mar" are words too: alone they are months only after a part or before a year.
        let next = at + 1 + usize::from(lexed.sign(at + 1) == Some('.') && lexed.year(at + 2).is_some());
        let has_year = lexed.year(next).is_some();
        let ambiguous = lexed.word(at).is_some_and(|w| {
            matches!(
                w,
                "may" | "mar" | "march" | "mai" | "mars" | "sep" | "dec" | "jan" | "ago" | "fin" | "ene"
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
            let (year, used) =
                lexed.year(at + 1).map_or((today.year(), at + 1), |(year, used)| (year, at + 1 + used));
            Some((civil(year, 12, 1)?, civil(year, 12, 31)?, used, false))
        }
        "eoy" => {
            let (year, used) =
                lexed.year(at + 1).map_or((today.year(), at + 1), |(year, used)| (year, at + 1 + used));
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
fn year_or_next(lexed: &Lexed<'_>, at: usize, last_month: i32, frame: &Frame) -> Option<(i16, usize, bool)> {
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
            let middle =
                if first.month() == last.month() { first.with().day(15).build().ok()? } else { middle };
            (day(length / 3)?, day(length * 2 / 3 - 1)?, middle)
        }
        Part::Late => (day(length * 2 / 3)?, last, last),
        Part::End => (day(length * 5 / 6)?, last, last),
    })
}

/// A period between two dates: `15 Dec – 5 Jan`, `vom 20.12. bis 6.1.`, `from 1 to 20 August 2027`, `December`.
///
/// Without a year the next such period is meant, also when it has begun: on 20 December the one above ends in January.
pub(crate) fn find_range(text: &str, frame: &Frame) -> Option<Found> {
    let (found, floating) = range_from(text, frame)?;
    if floating
        && frame.lean == Lean::Future
        && let Ok(today) = frame.today.checked_sub(1.year())
        && let Some((running, true)) = range_from(text, &Frame { today, ..*frame })
        && running.first <= frame.today
        && running.last >= frame.today
    {
        return Some(running);
    }
    Some(found)
}

/// The period that begins on or after the day of the frame; whether the years of both its ends are assumed.
fn range_from(text: &str, frame: &Frame) -> Option<(Found, bool)> {
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
        return Some((day_range, false));
    }
    let rest = text.get(first.range.end..)?;
    let Some(link) = link(rest) else {
        return Some((first, false));
    };
    // The second date follows the first: a missing year is the next such day from there.
    let after = Frame { today: first.first, order: frame.order, lean: Lean::Future };
    let Some(Ok(second)) = at(rest, link, &after) else {
        return Some((first, false));
    };
    let floating = first.assumed.contains(&Assumed::Year) && second.assumed.contains(&Assumed::Year);
    let mut start = first.clone();
    // "15 Dec – 5 Jan 2028": the year written once, at the end, holds for the first too.
    if first.assumed.contains(&Assumed::Year) && !second.assumed.contains(&Assumed::Year) {
        let back = Frame { today: second.last, order: frame.order, lean: Lean::Past };
        if let Some(Ok(again)) = at(text, first.range.start, &back) {
            start = again;
        }
    }
    let mut assumed = second.assumed.clone();
    assumed.retain(|a| *a != Assumed::Day);
    let reversed = second.last < start.first;
    if reversed {
        assumed.push(Assumed::Reversed);
    }
    let (from, to) = if reversed { (&second, &start) } else { (&start, &second) };
    let range = first.range.start..first.range.end + second.range.end;
    Some((Found { first: from.first, last: to.last, day: to.last, assumed, range }, floating))
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
        .map_or(0, |at| at + trimmed.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8));
    let day: i8 = trimmed.get(start..).filter(|d| !d.is_empty() && d.len() <= 2)?.parse().ok()?;
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
        if trimmed.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)) {
            let rest = trimmed.get(word.len()..)?;
            let inner = rest.len() - rest.trim_start().len();
            return Some(gap + word.len() + inner);
        }
    }
    None
}
