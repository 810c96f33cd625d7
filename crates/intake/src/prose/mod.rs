//! Sentences without labels: what people write around the numbers.

mod letters;
mod names;
mod people;
mod phrases;
mod scalars;
mod sign_on;

use gangway_domain::deal::Alternative;
use gangway_domain::fact::Confidence;

use crate::builder::Builder;
use crate::interpret;
use crate::source::Passage;
use crate::values::date::{self, Lean};
use crate::values::duration;
use crate::values::list::{self, Separators};
use crate::values::words::{find_in, fold};

pub(crate) use scalars::{EMPLOYEES, USERS, users_in};
pub(crate) use sign_on::sso_in;

use phrases::{
    BLACKOUT, COMPETITOR, CRITICAL, DECISION, GO_LIVE, KICKOFF, Kind, PAIN, SIGNED, SUCCESS, WHOLE, says,
};
use scalars::scalars;

/// Longer than any sentence a person writes; left unread as a whole.
const MAX_SENTENCE: usize = 2_000;

/// Reads every sentence of a passage.
pub(crate) fn read(b: &mut Builder<'_>, passage: Passage<'_>) {
    for range in crate::sentences::split(passage.text) {
        let here = passage.sub(range);
        let bullet = crate::lines::bullet_length(here.text);
        sentence(b, here.sub(bullet..here.text.len()));
    }
}

fn sentence(b: &mut Builder<'_>, passage: Passage<'_>) {
    let passage = passage.trim();
    if passage.is_empty() || passage.text.len() > MAX_SENTENCE || !b.takes_sentence(passage) {
        return;
    }
    if letters::is_courtesy(passage) {
        b.structure(passage);
        return;
    }
    names::names(b, passage);
    people::named(b, passage);
    let folded = fold(passage.text);
    let whole = passage.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '!' | ';'));
    if says(&folded, BLACKOUT) && date::find_range(passage.text, &b.frame(Lean::Future)).is_some() {
        blackout_sentence(b, whole);
        return;
    }
    if let Some(&(kind, _)) = WHOLE.iter().find(|(_, phrases)| says(&folded, phrases)) {
        match kind {
            Kind::NonScope => non_scope(b, whole),
            Kind::Promise => interpret::promise(b, whole, whole, Confidence::Medium),
            Kind::RedFlag => {
                let flag = gangway_domain::deal::RedFlag {
                    text: interpret::clean(whole.text),
                    severity: None,
                    mitigation: None,
                };
                b.add(|d| &mut d.red_flags, flag, whole, Confidence::Medium);
            }
        }
        // A promise may also tell a number nobody gave elsewhere, but it stays a promise only.
        return;
    }
    people::counted(b, passage);
    let decided = says(&folded, DECISION);
    if says(&folded, COMPETITOR) {
        competitors(b, passage);
    }
    if decided {
        b.add(|d| &mut d.decision, interpret::clean(whole.text), whole, Confidence::Medium);
    }
    if says(&folded, GO_LIVE) && b.deal.go_live.is_none() {
        let dated = date::find(passage.text, &b.frame(Lean::Future)).is_some();
        if dated || duration::find(passage.text).is_some() {
            interpret::go_live(b, passage, Confidence::Medium);
        }
    } else if says(&folded, KICKOFF) {
        dated(b, passage, Lean::Future, |b, date, here, sure| {
            b.set("The kickoff", |d| &mut d.kickoff_on, date, here, sure);
        });
    } else if says(&folded, SIGNED) {
        dated(b, passage, Lean::Past, |b, date, here, sure| {
            b.set("The signature date", |d| &mut d.closed_on, date, here, sure);
        });
    }
    scalars(b, passage, &folded);
    if decided {
        return;
    }
    if says(&folded, SUCCESS) {
        let criterion = gangway_domain::deal::SuccessCriterion {
            text: interpret::clean(whole.text),
            ..Default::default()
        };
        b.add(|d| &mut d.success_criteria, criterion, whole, Confidence::Medium);
    } else if says(&folded, PAIN) {
        b.add(|d| &mut d.pain, interpret::clean(whole.text), whole, Confidence::Medium);
    } else if says(&folded, CRITICAL) {
        b.add(|d| &mut d.critical_event, interpret::clean(whole.text), whole, Confidence::Medium);
    }
}

/// A period in which nothing may go live, told beside something else: `IT has a change freeze from 18 to 30 December`.
pub(crate) fn period_within(b: &mut Builder<'_>, passage: Passage<'_>) {
    // A single day may be when something ends.
    let found = date::find_range(passage.text, &b.frame(Lean::Future));
    if found.is_some_and(|found| found.first < found.last) && says(&fold(passage.text), BLACKOUT) {
        blackout_sentence(b, passage);
    }
}

fn blackout_sentence(b: &mut Builder<'_>, whole: Passage<'_>) {
    // "No go-live 15 Dec – 5 Jan and 1–20 August": every part with dates is a period of its own.
    let parts = list::split(whole.text, Separators::Commas);
    let dated: Vec<_> = parts
        .iter()
        .filter(|range| {
            whole
                .text
                .get((*range).clone())
                .is_some_and(|text| date::find_range(text, &b.frame(Lean::Future)).is_some())
        })
        .collect();
    if dated.len() > 1 && dated.len() == parts.len() {
        for range in dated {
            interpret::blackout(b, whole.sub(range.clone()), Confidence::Medium);
        }
        return;
    }
    interpret::blackout(b, whole, Confidence::Medium);
}

fn dated(
    b: &mut Builder<'_>,
    passage: Passage<'_>,
    lean: Lean,
    take: impl FnOnce(&mut Builder<'_>, jiff::civil::Date, Passage<'_>, Confidence),
) {
    if let Some(Ok(found)) = date::find(passage.text, &b.frame(lean))
        && let Some((date, sure)) = interpret::day(b, &found, passage, Confidence::Medium)
    {
        take(b, date, passage.sub(found.range), sure);
    }
}

/// `Not in scope: custom reports, data cleansing` lists; other wordings are kept as a sentence.
fn non_scope(b: &mut Builder<'_>, whole: Passage<'_>) {
    for phrase in ["excludes", "excluding", "does not include", "not in scope:", "out of scope:"] {
        if let Some(range) = find_in(whole.text, phrase.trim_end_matches(':')) {
            let rest =
                whole.sub(range.end..whole.text.len()).trim_matches(|c: char| c.is_whitespace() || c == ':');
            if range.start <= 40 && rest.text.len() > 2 && !rest.text.contains(". ") {
                b.structure(whole.sub(0..range.end));
                for item in list::split(rest.text, Separators::Words) {
                    let item = rest.sub(item);
                    b.add(|d| &mut d.non_scope, interpret::clean(item.text), item, Confidence::Medium);
                }
                return;
            }
        }
    }
    b.add(|d| &mut d.non_scope, interpret::clean(whole.text), whole, Confidence::Medium);
}

/// Whom we were chosen over, where the reasons of a decision say it.
pub(crate) fn chosen_over(b: &mut Builder<'_>, passage: Passage<'_>) {
    let phrases = ["chosen over", "chose us over", "chosen us over", "picked us over", "won against"];
    for range in crate::sentences::split(passage.text) {
        let here = passage.sub(range);
        if phrases.iter().any(|phrase| find_in(here.text, phrase).is_some()) {
            competitors(b, here);
        }
    }
}

/// Names after "evaluated", "over", "instead of", and the reason after "because".
fn competitors(b: &mut Builder<'_>, passage: Passage<'_>) {
    for phrase in [
        "chose us over",
        "chosen us over",
        "picked us over",
        "chosen over",
        "won against",
        "won over",
        "compared us with",
        "compared us to",
        "compared with",
        "evaluated",
        "also considered",
        "considered",
        "looked at",
        "shortlisted",
        "instead of",
        "verglichen mit",
        "plutôt que",
        "en lugar de",
    ] {
        let Some(at) = find_in(passage.text, phrase) else {
            continue;
        };
        let tail = passage.sub(at.end..passage.text.len()).trim();
        let stop = [
            " because ",
            " but ",
            " since ",
            " as they ",
            " before ",
            " and chose ",
            " weil ",
            " parce que ",
            " porque ",
            ", who ",
            " for ",
        ]
        .iter()
        .filter_map(|word| tail.text.find(word))
        .min()
        .unwrap_or(tail.text.len());
        let names =
            tail.sub(0..stop).trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | ','));
        let why = [" because ", " since ", " weil ", " parce que ", " porque "]
            .iter()
            .find_map(|word| tail.text.find(word).and_then(|at| tail.text.get(at + word.len()..)))
            .map(|why| interpret::clean(why.trim_end_matches(['.', '!'])));
        for range in list::split(names.text, Separators::Words) {
            let name = names.sub(range);
            let (name, remark) = match name.text.find(" - ") {
                Some(at) => (name.sub(0..at), Some(interpret::clean(name.text.get(at + 3..).unwrap_or("")))),
                None => (name, None),
            };
            let capital = name.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
            let folded = fold(name.text);
            if !capital
                || name.text.split_whitespace().count() > 4
                || matches!(folded.as_str(), "us" | "it" | "them")
            {
                continue;
            }
            let alternative =
                Alternative { name: interpret::clean(name.text), why_not: why.clone().or(remark) };
            if !b
                .deal
                .alternatives
                .iter()
                .any(|known| known.value.name.eq_ignore_ascii_case(&alternative.name))
            {
                b.add(|d| &mut d.alternatives, alternative, name, Confidence::Medium);
            } else {
                b.structure(name);
            }
        }
        return;
    }
}
