//! What was agreed, what it must lead to, and what threatens it.

use gangway_domain::deal::{CountedFrom, Promise, PromisePeriod, RedFlag, Severity, SuccessCriterion};
use gangway_domain::fact::Confidence;

use super::{clean, day, items, name_and_rest};
use crate::builder::Builder;
use crate::source::Passage;
use crate::values::date::{self, Lean};
use crate::values::list::Separators;
use crate::values::words::{find_in, fold};
use crate::values::{duration, number, people};

pub(super) fn success(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, Separators::Strong) {
        let mut criterion = SuccessCriterion { text: clean(item.text), ..SuccessCriterion::default() };
        (criterion.baseline, criterion.target) = from_to(item.text);
        if criterion.target.is_none() {
            criterion.target = change(item.text);
        }
        if let Some(at) = find_in(item.text, "by").or_else(|| find_in(item.text, "bis"))
            && let Some(Ok(found)) = date::find(item.text.get(at.end..).unwrap_or(""), &b.frame(Lean::Future))
            && found.range.start <= 4
        {
            criterion.by = Some(found.day);
        }
        b.add(|d| &mut d.success_criteria, criterion, item, confidence);
    }
}

/// `from 78% to 95%`: where it stands and what it should become.
fn from_to(text: &str) -> (Option<String>, Option<String>) {
    for (from, to) in [("from", "to"), ("von", "auf"), ("de", "à"), ("de", "a")] {
        let Some(a) = find_in(text, from) else {
            continue;
        };
        let Some(rest) = text.get(a.end..) else {
            continue;
        };
        let Some(z) = find_in(rest, to) else {
            continue;
        };
        let (Some(baseline), Some(target)) = (rest.get(..z.start), rest.get(z.end..)) else {
            continue;
        };
        let (baseline, target) = (baseline.trim(), target.trim());
        let target = target.split([',', ';']).next().unwrap_or("").trim_end_matches('.');
        let target = [" by ", " within ", " bis ", " in the "]
            .iter()
            .find_map(|word| target.find(word))
            .map_or(target, |at| target.get(..at).unwrap_or(target))
            .trim();
        if baseline.contains(|c: char| c.is_ascii_digit())
            && target.contains(|c: char| c.is_ascii_digit())
            && baseline.len() < 40
            && target.len() < 40
        {
            return (Some(baseline.to_owned()), Some(target.to_owned()));
        }
    }
    (None, None)
}

/// `by 12 %`: how much it should change, in their words.
fn change(text: &str) -> Option<String> {
    let sign = text.find('%')?;
    let figure = text.get(..sign)?.trim_end();
    let before = figure.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    if before.len() == figure.len() {
        return None;
    }
    let word = before.trim_end().rsplit(char::is_whitespace).next()?;
    let known = ["by", "um", "de"].iter().any(|preposition| word.eq_ignore_ascii_case(preposition));
    let start = before.trim_end().len() - word.len();
    known.then(|| text.get(start..=sign).map(str::to_owned))?
}

pub(super) fn promises(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, Separators::Strong) {
        promise(b, item, item, confidence);
    }
}

/// One promise: the words of it, and the whole passage it stands in.
pub(crate) fn promise(b: &mut Builder<'_>, words: Passage<'_>, whole: Passage<'_>, confidence: Confidence) {
    let mut by = None;
    if let Some(Ok(found)) = date::find(words.text, &b.frame(Lean::Future)) {
        by = day(b, &found, words, confidence).map(|(date, _)| date);
    }
    let mut text = clean(words.text);
    let mut who = None;
    // "(Jane Doe)" or "— by Jane" at the end names who said it.
    if text.ends_with(')')
        && let Some(open) = text.rfind(" (")
    {
        let inner = text.get(open + 2..text.len() - 1).unwrap_or("").to_owned();
        if people::is_name(&inner) || inner.starts_with("by ") || inner.starts_with("to ") {
            who = Some(inner);
            text.truncate(open);
        }
    }
    let within = if by.is_none() { promised_within(words.text) } else { None };
    b.add(|d| &mut d.promises, Promise { text, by, who, within }, whole, confidence);
}

/// Shorter periods say how fast something goes (`answers within 2 days`), not by when it is there.
const SHORTEST_PROMISE: u32 = 7;
/// Two years: nobody promises further ahead, so a longer period is about something else.
const LONGEST_PROMISE: u32 = 730;

/// Words before a length of time that make it a period to keep; folded.
const WITHIN: &[&str] = &[
    "within",
    "within the first",
    "within the next",
    "inside",
    "in",
    "in the first",
    "in the next",
    "in less than",
    "in under",
    "no later than",
    "innerhalb",
    "innerhalb von",
    "innerhalb der ersten",
    "innerhalb der nachsten",
    "binnen",
    "in den ersten",
    "in den nachsten",
    "spatestens",
    "sous",
    "dans",
    "dans les",
    "d ici",
    "en",
    "en moins de",
    "en menos de",
    "en los primeros",
    "dentro de",
];

/// Words after a length of time that name what it is counted from; folded.
const AFTER: &[&str] = &[
    "of",
    "after",
    "from",
    "following",
    "since",
    "nach",
    "ab",
    "seit",
    "apres",
    "suivant",
    "de",
    "du",
    "des",
    "tras",
    "desde",
    "despues",
];

/// What a period can be counted from, by the words people use for it; folded. The first that is named counts: the
/// signature of the contract is no start of the contract.
const EVENTS: &[(CountedFrom, &[&str])] = &[
    (
        CountedFrom::Signature,
        &[
            "signature",
            "signing",
            "signed",
            "close",
            "closing",
            "unterschrift",
            "unterzeichnung",
            "vertragsabschluss",
            "vertragsunterzeichnung",
            "firma",
        ],
    ),
    (
        CountedFrom::ContractStart,
        &["contract", "subscription", "vertragsbeginn", "vertragsstart", "contrat", "contrato"],
    ),
    (
        CountedFrom::Kickoff,
        &["kickoff", "kick", "auftakt", "projektstart", "projektbeginn", "project", "projet", "proyecto"],
    ),
];

/// How many words after a length of time may name what it is counted from.
const EVENT_WORDS: usize = 5;

/// The period something is promised within: `within 30 days`, `innerhalb von sechs Wochen nach Vertragsbeginn`.
/// None where it is counted from something that has no day yet, such as the go-live.
pub(crate) fn promised_within(text: &str) -> Option<PromisePeriod> {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(duration::find) {
        let (start, end) = (at + found.range.start, at + found.range.end);
        let days = found.days().filter(|days| (SHORTEST_PROMISE..=LONGEST_PROMISE).contains(days));
        if let Some(days) = days
            && !number::has_minus(text, start)
            && ends_with_any(&fold(last_chars(text.get(..start)?)), WITHIN)
        {
            let from = counted_from(&fold(first_chars(text.get(end..)?)))?;
            return Some(PromisePeriod { days, from });
        }
        at = end;
    }
    None
}

/// Characters beside a length of time that are looked at, so that a text full of them is read in one go.
const BESIDE: usize = 80;

fn first_chars(text: &str) -> &str {
    text.char_indices().nth(BESIDE).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

fn last_chars(text: &str) -> &str {
    text.char_indices().rev().nth(BESIDE).and_then(|(at, _)| text.get(at..)).unwrap_or(text)
}

/// Whether folded text ends with one of the phrases, as whole words.
fn ends_with_any(folded: &str, phrases: &[&str]) -> bool {
    let ends = |phrase: &&str| {
        folded.strip_suffix(*phrase).is_some_and(|before| before.is_empty() || before.ends_with(' '))
    };
    phrases.iter().any(ends)
}

/// What a length of time is counted from, by the folded words that follow it.
fn counted_from(after: &str) -> Option<CountedFrom> {
    let mut words = after.split(' ').take(EVENT_WORDS + 1);
    if !words.next().is_some_and(|word| AFTER.contains(&word)) {
        return Some(CountedFrom::Kickoff);
    }
    let named: Vec<&str> = words.collect();
    EVENTS.iter().find(|(_, known)| named.iter().any(|word| known.contains(word))).map(|&(event, _)| event)
}

/// `Risk (high): mitigation`, `High: risk`, or just the risk.
pub(crate) fn red_flags(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, Separators::Strong) {
        let (mut text, mut rest) = name_and_rest(item);
        let mut level = severity(text.text);
        if let (Some(_), Some(words)) = (level, rest) {
            (text, rest) = (words, None);
        } else {
            level = rest.and_then(|rest| severity(rest.text));
            if level.is_some() {
                rest = None;
            }
        }
        if let Some(open) = text.text.rfind(" (").filter(|_| text.text.ends_with(')')) {
            let inner = text.text.get(open + 2..text.text.len() - 1).and_then(severity);
            if inner.is_some() {
                level = inner;
                text = text.sub(0..open);
            }
        }
        // A remark after a colon is a mitigation only when it reads as an action; otherwise keep it whole.
        let mitigation = rest.map(|rest| clean(rest.text));
        b.add(
            |d| &mut d.red_flags,
            RedFlag { text: clean(text.text), severity: level, mitigation },
            item,
            confidence,
        );
        crate::prose::period_within(b, item);
    }
}

/// A severity written as one word.
pub(crate) fn severity(text: &str) -> Option<Severity> {
    match fold(text).as_str() {
        "low" | "niedrig" | "gering" | "faible" | "bajo" | "baja" | "bas" => Some(Severity::Low),
        "med" | "medium" | "moderate" | "mittel" | "moyen" | "moyenne" | "medio" | "media" => {
            Some(Severity::Medium)
        }
        "high" | "hoch" | "eleve" | "elevee" | "fort" | "alto" | "alta" => Some(Severity::High),
        "critical" | "kritisch" | "sehr hoch" | "critique" | "critico" | "critica" | "very high" => {
            Some(Severity::Critical)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_by_a_share_is_a_target() {
        assert_eq!(change("Bestände um 12 % gesenkt").as_deref(), Some("um 12 %"));
        assert_eq!(change("Overtime falls by 7.5% until May").as_deref(), Some("by 7.5%"));
        assert_eq!(change("Réduire les stocks de 12\u{a0}%").as_deref(), Some("de 12\u{a0}%"));
        assert_eq!(change("By 3 %").as_deref(), Some("By 3 %"));
        for none in ["12 %", "% by", "by %", "every fifth order", "stand by: 12 %", "over 95 % on time", ""] {
            assert_eq!(change(none), None, "{none}");
        }
    }

    #[test]
    fn a_promised_period_says_its_days_and_what_they_are_counted_from() {
        use CountedFrom::{ContractStart, Kickoff, Signature};
        for (text, days, from) in [
            ("First dashboard within 30 days", 30, Kickoff),
            ("First line connected in six weeks, then the others", 42, Kickoff),
            ("Go-live no later than 90 days after kick-off", 90, Kickoff),
            ("A two-year archive within 60 days of contract start", 60, ContractStart),
            ("Portal within 45 days of signing", 45, Signature),
            ("Testumgebung innerhalb von 4 Wochen nach Vertragsunterzeichnung", 28, Signature),
            ("Schulungen in den ersten 30 Tagen", 30, Kickoff),
            ("Spätestens 10 Arbeitstage ab Vertragsbeginn", 14, ContractStart),
            ("Tableau de bord sous 30 jours après la signature du contrat", 30, Signature),
        ] {
            assert_eq!(promised_within(text), Some(PromisePeriod { days, from }), "{text}");
        }
        for none in [
            "",
            "Quotes answered within 2 days",
            "Weekly call for 30 days",
            "A review twice a month",
            "Support for two weeks after go-live",
            "Report within 30 days of go-live",
            "Report within 30 days of receiving the data",
            "Kept in 10 years",
            "within -30 days",
        ] {
            assert_eq!(promised_within(none), None, "{none}");
        }
    }
}
