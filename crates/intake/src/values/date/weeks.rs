//! Calendar weeks as ISO 8601 counts them: `KW 12 2027`, `2027-W12`, `week 12`, `KW 51–52`.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::words::Lexed;
use super::{Assumed, Found, Frame, Lean, Parsed, exact};

/// Words that can only mean a calendar week, folded.
const CALENDAR: [&str; 3] = ["kw", "cw", "kalenderwoche"];

/// Words that may mean any week, folded: what follows must not tell of something else.
const ANY: [&str; 5] = ["week", "wk", "woche", "semaine", "semana"];

/// A week, or several; where one day is wanted, the Monday they begin with.
pub(super) fn week(lexed: &Lexed<'_>, frame: &Frame) -> Option<Parsed> {
    iso_week(lexed).or_else(|| named_week(lexed, frame))
}

/// Whether the text begins with a word that may mean any week.
pub(super) fn is_any_week(lexed: &Lexed<'_>) -> bool {
    lexed.word(0).is_some_and(|word| ANY.contains(&word))
}

/// `2027-W12`, `2027W12`, `2027-W12-3`.
fn iso_week(lexed: &Lexed<'_>) -> Option<Parsed> {
    let year = lexed.digits(0).filter(|digits| digits.len() == 4)?.parse::<i16>().ok()?;
    let at = 1 + usize::from(lexed.sign(1) == Some('-') && lexed.glued(1));
    lexed.word(at).filter(|word| *word == "w" && lexed.glued(at))?;
    let number = week_number(lexed, at + 1).filter(|_| lexed.glued(at + 1))?;
    let weekday = lexed.number(at + 3).filter(|_| lexed.sign(at + 2) == Some('-') && lexed.glued(at + 3));
    if let Some(weekday) = weekday.filter(|day| (1..=7).contains(day)) {
        let day = monday(year, number)?.checked_add((weekday - 1).days()).ok()?;
        return Some(Some((exact(day, Vec::new()), at + 4)));
    }
    Some(Some((found(year, number, year, number, false)?, at + 2)))
}

/// `KW 12`, `KW 12/2027`, `week 12 of 2027`, `KW 51–52`, `KW 51 bis KW 1`.
fn named_week(lexed: &Lexed<'_>, frame: &Frame) -> Option<Parsed> {
    let word = lexed.word(0)?;
    let is_bare = is_any_week(lexed);
    // "calendar week 12" counts its words apart.
    let at = usize::from(word == "calendar" && lexed.word(1) == Some("week"));
    if at == 0 && !is_bare && !CALENDAR.contains(&word) {
        return None;
    }
    let first = week_number(lexed, at + 1)?;
    let mut used = at + 2;
    let mut last = first;
    if lexed.sign(used).is_some_and(|sign| matches!(sign, '-' | '–' | '—'))
        || lexed.word(used).is_some_and(|word| matches!(word, "bis" | "to" | "until" | "through"))
    {
        let again = lexed.word(used + 1).is_some_and(|word| CALENDAR.contains(&word) || ANY.contains(&word));
        let next = used + 1 + usize::from(again);
        if let Some(number) = week_number(lexed, next).filter(|_| !goes_on_as_date(lexed, next + 1)) {
            last = number;
            used = next + 1;
        }
    }
    if let Some((year, length)) = lexed.year(used) {
        // The year stands behind the last of them.
        let start = if last < first { year - 1 } else { year };
        return Some(Some((found(start, first, year, last, false)?, used + length)));
    }
    if goes_on_as_date(lexed, used) || (is_bare && tells_of_else(lexed, used)) {
        return None;
    }
    // The next such week, or the last one, that the frame leans to.
    let this = frame.today.iso_week_date().year();
    let years = match frame.lean {
        Lean::Future => [this - 1, this, this + 1],
        Lean::Past => [this, this - 1, this - 2],
    };
    let fits = |weeks: &Found| match frame.lean {
        Lean::Future => weeks.last >= frame.today,
        Lean::Past => weeks.first <= frame.today,
    };
    let weeks = |year: i16| found(year, first, year + i16::from(last < first), last, true);
    Some(Some((years.into_iter().filter_map(weeks).find(fits)?, used)))
}

fn week_number(lexed: &Lexed<'_>, at: usize) -> Option<i8> {
    let digits = lexed.digits(at).filter(|digits| digits.len() <= 2)?;
    digits.parse().ok().filter(|week| (1..=53).contains(week))
}

/// `week 12 Dec`, `week 12.12.`: the number is the day of a date.
fn goes_on_as_date(lexed: &Lexed<'_>, at: usize) -> bool {
    let dotted = lexed.sign(at).is_some_and(|sign| matches!(sign, '.' | '/'));
    lexed.month(at).is_some() || (dotted && (lexed.month(at + 1).is_some() || lexed.digits(at + 1).is_some()))
}

/// `week 12 after kickoff`, `a week 12 people`: no week of the calendar.
fn tells_of_else(lexed: &Lexed<'_>, at: usize) -> bool {
    lexed.word(at).is_some_and(|word| {
        matches!(word, "of" | "from" | "nach" | "de") || !crate::lines::only_connects(word)
    })
}

fn monday(year: i16, week: i8) -> Option<Date> {
    ISOWeekDate::new(year, week, Weekday::Monday).ok().map(ISOWeekDate::date)
}

/// The weeks from one to another; the day meant is the Monday of the first.
fn found(year: i16, week: i8, last_year: i16, last_week: i8, assumed_year: bool) -> Option<Found> {
    let first = monday(year, week)?;
    let last = monday(last_year, last_week)?.checked_add(6.days()).ok()?;
    let mut assumed = vec![Assumed::Day];
    if assumed_year {
        assumed.push(Assumed::Year);
    }
    Some(Found { first, last, day: first, assumed, range: 0..0 })
}
