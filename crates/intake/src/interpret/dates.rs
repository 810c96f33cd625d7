//! Days, the go-live target, and the periods in which nothing goes live.

use std::ops::Range;

use gangway_domain::deal::{Blackout, Deal, GoLiveTarget};
use gangway_domain::fact::{Confidence, Fact};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{clean, items, short, texts};
use crate::builder::Builder;
use crate::source::Passage;
use crate::values::date::{self, Assumed, Lean};
use crate::values::list::{self, Separators};
use crate::values::words::fold;
use crate::values::{duration, number};

/// Ten years: nobody plans an onboarding further ahead.
const MAX_DAYS: u32 = 3_650;

pub(super) fn date_fact(
    b: &mut Builder<'_>,
    name: &str,
    slot: impl Fn(&mut Deal) -> &mut Option<Fact<Date>>,
    passage: Passage<'_>,
    lean: Lean,
    confidence: Confidence,
) {
    match date::find(passage.text, &b.frame(lean)) {
        Some(Ok(found)) if number::has_minus(passage.text, found.range.start) => {
            signed(b, found.range, passage);
        }
        Some(Ok(found)) => {
            if let Some((date, confidence)) = day(b, &found, passage, confidence) {
                b.set(name, slot, date, passage.sub(found.range), confidence);
            }
        }
        Some(Err(bad)) => impossible(b, bad.range, passage),
        None => {
            // "Within 90 days": counted from the contract's start or today, so only a guess.
            if lean == Lean::Future
                && let Some(found) = duration::find(passage.text)
                && let Some(days) = found.days()
            {
                let negative = number::has_minus(passage.text, found.range.start);
                if negative || days > MAX_DAYS {
                    absurd_time(b, passage.sub(found.range));
                    return;
                }
                let from = b
                    .deal
                    .contract_start
                    .as_ref()
                    .or(b.deal.closed_on.as_ref())
                    .map_or(b.context.today, |fact| fact.value);
                if let Ok(date) = from.checked_add(jiff::Span::new().days(i64::from(days))) {
                    let here = passage.sub(found.range);
                    b.info(
                        "date_approximate",
                        format!("“{}” was counted from {from}: {date}", here.text),
                        here,
                    );
                    b.set(name, slot, date, here, Confidence::Low);
                }
                return;
            }
            b.warn(
                "not_understood",
                format!("“{}” cannot be read as a date; write it like 2027-03-15", short(passage.text)),
                passage,
            );
        }
    }
}

/// A go-live target: a date, a period, or a time from kickoff.
pub(crate) fn go_live(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    match date::find(passage.text, &b.frame(Lean::Future)) {
        Some(Ok(found)) if number::has_minus(passage.text, found.range.start) => {
            signed(b, found.range, passage);
            return;
        }
        Some(Ok(found)) => {
            if let Some((date, confidence)) = day(b, &found, passage, confidence) {
                b.set(
                    "The go-live target",
                    |d| &mut d.go_live,
                    GoLiveTarget::On { date },
                    passage.sub(found.range),
                    confidence,
                );
            }
            return;
        }
        Some(Err(bad)) => {
            impossible(b, bad.range, passage);
            return;
        }
        None => {}
    }
    let Some(found) = duration::find(passage.text) else {
        let bare = number::find_count(passage.text)
            .filter(|n| n.range.len() == passage.text.len())
            .and_then(|n| n.value.as_u32());
        match bare {
            Some(days) if (1..=1_000).contains(&days) => {
                b.info("days_assumed", format!("“{days}” was taken as {days} days after kickoff"), passage);
                b.set("The go-live target", |d| &mut d.go_live, GoLiveTarget::Within { days }, passage, Confidence::Medium);
            }
            _ => b.warn("not_understood", format!("“{}” cannot be read as a go-live target; write a date like 2027-03-15 or a time like 60 days", short(passage.text)), passage),
        }
        return;
    };
    let here = passage.sub(found.range.clone());
    let negative = number::has_minus(passage.text, found.range.start);
    let Some(days) = found.days().filter(|&days| !negative && days > 0 && days <= MAX_DAYS) else {
        absurd_time(b, here);
        return;
    };
    let mut confidence = confidence;
    match found.unit {
        duration::Unit::BusinessDay => {
            b.info("business_days", format!("“{}” was counted as {days} calendar days", here.text), here)
        }
        duration::Unit::Month | duration::Unit::Quarter | duration::Unit::Year => {
            b.info("months_as_days", format!("“{}” was counted as {days} days", here.text), here)
        }
        duration::Unit::Day | duration::Unit::Week => {}
    }
    let folded = fold(passage.text);
    if ["sign", "contract", "close", "vertrag", "unterschrift", "signature", "firma"]
        .iter()
        .any(|word| folded.contains(word))
    {
        confidence = confidence.min(Confidence::Medium);
        b.warn(
            "counted_from_signature",
            format!(
                "“{}” seems to count from the signature; the plan counts {days} days from kickoff",
                short(passage.text)
            ),
            passage,
        );
    }
    b.set("The go-live target", |d| &mut d.go_live, GoLiveTarget::Within { days }, here, confidence);
}

/// A single day from a date in text, with remarks about what was assumed. The first part is the confidence left.
pub(crate) fn day(
    b: &mut Builder<'_>,
    found: &date::Found,
    passage: Passage<'_>,
    confidence: Confidence,
) -> Option<(Date, Confidence)> {
    let here = passage.sub(found.range.clone());
    let mut confidence = confidence;
    for assumed in &found.assumed {
        match assumed {
            Assumed::Year => {
                confidence = confidence.min(Confidence::Medium);
                tell_year(b, found, found.day, here);
            }
            Assumed::Order(other) => {
                confidence = confidence.min(Confidence::Medium);
                b.warn(
                    "ambiguous_date",
                    format!(
                        "“{}” could be {} or {other}; {} was taken. Write the month in letters to be sure",
                        here.text, found.day, found.day
                    ),
                    here,
                );
            }
            Assumed::Day => {
                confidence = Confidence::Low;
                b.info("date_approximate", format!("“{}” was taken as {}", here.text, found.day), here);
            }
            // Only periods are written in two parts; the caller of a period tells it.
            Assumed::Reversed => confidence = confidence.min(Confidence::Medium),
        }
    }
    let years = (i32::from(found.day.year()) - i32::from(b.context.today.year())).abs();
    if years > 10 {
        b.warn(
            "absurd_date",
            format!("{} is more than ten years away and was not used; correct it", found.day),
            here,
        );
        return None;
    }
    Some((found.day, confidence))
}

/// Tells that a day without a year was taken far away although the same day of another year is close: `20 Dec`, read on
/// 21 December, may well be yesterday. A period such as a quarter has a remark of its own.
fn tell_year(b: &mut Builder<'_>, found: &date::Found, day: Date, here: Passage<'_>) {
    if found.assumed.contains(&Assumed::Day) {
        return;
    }
    if let Some(other) = much_nearer_year(day, b.context.today) {
        b.warn(
            "year_assumed",
            format!(
                "“{}” names no year; {day} was taken, although {other} is nearer. Write the year to be sure",
                short(here.text)
            ),
            here,
        );
    }
}

/// The same day a year closer to today, when it is less than half as far away.
fn much_nearer_year(day: Date, today: Date) -> Option<Date> {
    // What lies in the past this year is where it should be.
    if day <= today && day.year() == today.year() {
        return None;
    }
    let other = if day > today { day.checked_sub(1.year()) } else { day.checked_add(1.year()) }.ok()?;
    let away = |date: Date| today.until(date).ok().map(|span| i64::from(span.get_days()).abs());
    (away(other)? * 2 < away(day)?).then_some(other)
}

/// A date with a minus before it: what the writer meant is not for us to say.
fn signed(b: &mut Builder<'_>, range: Range<usize>, passage: Passage<'_>) {
    let here = passage.sub(range);
    b.warn(
        "impossible_date",
        format!("there is a minus before “{}” and it was not used; correct it", here.text),
        here,
    );
}

fn absurd_time(b: &mut Builder<'_>, here: Passage<'_>) {
    b.warn(
        "absurd_duration",
        format!(
            "“{}” is zero, negative or more than ten years and was not used; correct it",
            short(here.text)
        ),
        here,
    );
}

/// Tells that a day does not exist.
pub(crate) fn impossible(b: &mut Builder<'_>, range: Range<usize>, passage: Passage<'_>) {
    let here = passage.sub(range);
    b.warn(
        "impossible_date",
        format!("there is no day “{}” and it was not used; correct it", here.text),
        here,
    );
}

/// Periods in which nothing goes live.
pub(super) fn blackouts(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, Separators::Strong) {
        // Several periods in one line are joined by commas or "and" between dates.
        let mut parts: Vec<Passage<'_>> =
            list::split(item.text, Separators::Commas).into_iter().map(|range| item.sub(range)).collect();
        if parts.iter().any(|part| date::find_range(part.text, &b.frame(Lean::Future)).is_none()) {
            parts = vec![item];
        }
        for part in parts {
            if !blackout(b, part, confidence) {
                texts(b, |d| &mut d.constraints, part, confidence);
            }
        }
    }
}

/// One period; whether there was one.
pub(crate) fn blackout(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) -> bool {
    if let Some(Err(bad)) = date::find(passage.text, &b.frame(Lean::Future)) {
        impossible(b, bad.range, passage);
    }
    let Some(found) = date::find_range(passage.text, &b.frame(Lean::Future)) else {
        return false;
    };
    let mut confidence = confidence;
    for assumed in &found.assumed {
        match assumed {
            Assumed::Order(other) => {
                confidence = confidence.min(Confidence::Medium);
                b.warn(
                    "ambiguous_date",
                    format!("“{}” could also mean {other}; {} was taken", short(passage.text), found.day),
                    passage,
                );
            }
            Assumed::Reversed => {
                confidence = confidence.min(Confidence::Medium);
                b.warn(
                    "reversed_period",
                    format!(
                        "“{}” ends before it begins; {} to {} was taken. Correct it",
                        short(passage.text),
                        found.first,
                        found.last
                    ),
                    passage,
                );
            }
            Assumed::Year => tell_year(b, &found, found.last, passage.sub(found.range.clone())),
            Assumed::Day => {}
        }
    }
    let years = i32::from(found.last.year()) - i32::from(b.context.today.year());
    if years.abs() > 10 {
        b.warn(
            "absurd_date",
            format!("a blackout until {} is more than ten years away and was not used", found.last),
            passage,
        );
        return true;
    }
    let before = passage.text.get(..found.range.start).unwrap_or("");
    let after = passage.text.get(found.range.end..).unwrap_or("");
    let reason = blackout_reason(before, after);
    b.add(|d| &mut d.blackouts, Blackout { from: found.first, to: found.last, reason }, passage, confidence);
    true
}

fn blackout_reason(before: &str, after: &str) -> Option<String> {
    let after = after.trim_matches(|c: char| !c.is_alphanumeric());
    let after = after
        .strip_prefix("because of ")
        .or_else(|| after.strip_prefix("due to "))
        .or_else(|| after.strip_prefix("for "))
        .or_else(|| after.strip_prefix("because "))
        .unwrap_or(after);
    if after.contains(char::is_alphabetic) {
        return Some(clean(after));
    }
    let before = before.trim_matches(|c: char| !c.is_alphanumeric());
    let mut words: Vec<&str> = before.split_whitespace().collect();
    while words.last().is_some_and(|word| {
        matches!(
            word.to_lowercase().as_str(),
            "from"
                | "between"
                | "in"
                | "on"
                | "during"
                | "vom"
                | "von"
                | "du"
                | "del"
                | "the"
                | "im"
                | "zwischen"
                | "en"
                | "entre"
                | "is"
                | "ist"
                | "est"
                | "until"
                | "le"
        )
    }) {
        words.pop();
    }
    let text = words.join(" ");
    let folded = fold(&text);
    let generic = matches!(
        folded.as_str(),
        "" | "no go live"
            | "no golive"
            | "blackout"
            | "blackouts"
            | "freeze"
            | "keine"
            | "kein go live"
            | "nothing"
            | "blackout period"
    );
    (!generic && words.len() <= 6).then(|| clean(text.trim_end_matches(':')))
}
