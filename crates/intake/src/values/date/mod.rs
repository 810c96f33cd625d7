//! Dates as people write them in English, German, French and Spanish: exact days, and periods
//! such as a quarter or "mid-May" from which a day has to be chosen.

mod days;
mod periods;
mod weeks;
mod words;

use std::ops::Range;

use jiff::civil::Date;

pub(crate) use periods::find_range;

use days::{day_month, iso, month_day, numeric};
use periods::period;
use weeks::{is_any_week, week};
use words::{Lexed, Token, lex, part};

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
    /// The later date was written first; the two were swapped.
    Reversed,
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
            && text.get(..start).is_some_and(|head| head.ends_with(|c: char| c.is_ascii_digit()));
        boundary = !c.is_alphanumeric() && !inside;
    }
    None
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
            .or_else(|| week(&lexed, frame).filter(|_| !(is_any_week(&lexed) && is_counted(text, start))))
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
        None => Err(Impossible { range: start..lexed.end(numeric_length(&lexed)) }),
    })
}

/// `1 week 2 days`: a number stands before, so what begins at `start` is a length of time.
fn is_counted(text: &str, start: usize) -> bool {
    text.get(..start).is_some_and(|head| head.trim_end().ends_with(|c: char| c.is_ascii_digit()))
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
    Found { first: date, last: date, day: date, assumed, range: 0..0 }
}

fn civil(year: i16, month: i32, day: i32) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}
