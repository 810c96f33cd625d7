//! Prices and the time they are for.

use gangway_domain::fact::{Confidence, Fact};
use gangway_domain::money::{Currency, Money};

use super::short;
use crate::builder::{Builder, PendingCrown, PendingTotal};
use crate::source::Passage;
use crate::values::money::{self, Amount, NoAmount, Per};
use crate::values::words::fold;
use crate::values::{duration, number};

/// Ten billion major units: no subscription costs more.
const ABSURD_MAJOR: i64 = 10_000_000_000;

/// Twenty years, in months: no subscription is signed for longer.
const MAX_TERM: u32 = 240;

/// An amount behind a label that says what it is per.
pub(crate) fn amount(b: &mut Builder<'_>, passage: Passage<'_>, labelled: Per, confidence: Confidence) {
    match money::read(passage.text, b.currency) {
        Ok(found) => {
            let per = if found.per == Per::Unsaid { labelled } else { found.per };
            let rest = passage.sub(found.range.end..passage.text.len());
            take_amount(b, &found, per, passage.sub(found.range.clone()), confidence);
            // "95K, 3 years" tells the term as well.
            trailing_term(b, rest);
        }
        Err(no) => no_amount(b, &no, passage),
    }
}

/// Makes an annual value of an amount, telling how.
pub(crate) fn take_amount(
    b: &mut Builder<'_>,
    found: &Amount,
    per: Per,
    passage: Passage<'_>,
    confidence: Confidence,
) {
    if !plausible(b, found.money, passage) {
        return;
    }
    let mut confidence = confidence;
    if found.guessed_grouping {
        confidence = confidence.min(Confidence::Medium);
        b.info("grouping_assumed", format!("“{}” was read as {}", passage.text, found.money), passage);
    }
    if !found.currency_said && !b.has_notice("currency_assumed") {
        b.info(
            "currency_assumed",
            format!("no currency is given; {} was assumed", found.money.currency),
            passage,
        );
    }
    let (money, sure) = crown(b, found);
    let factor = match per {
        Per::Month => 12,
        Per::Quarter => 4,
        Per::Unsaid | Per::Year => 1,
        Per::Contract(months) => {
            if let Some(absurd) = months.filter(|months| !(1..=MAX_TERM).contains(months)) {
                b.warn(
                    "absurd_duration",
                    format!("a contract term of {absurd} months was not used; correct it"),
                    passage,
                );
            }
            let months = months.filter(|months| (1..=MAX_TERM).contains(months));
            let left = crown_confidence(b, sure, passage, confidence);
            let fact = Fact { value: money, source: passage.source(), confidence: left };
            b.claim(passage);
            if b.total.is_none() {
                b.total = Some(PendingTotal { money, months, fact });
            }
            return;
        }
    };
    let annual = Money { minor: money.minor.saturating_mul(factor), ..money };
    if !plausible(b, annual, passage) {
        return;
    }
    if factor > 1 {
        let unit = if factor == 12 { "month" } else { "quarter" };
        b.info("acv_from_period", format!("{money} a {unit} was taken as {annual} a year"), passage);
        confidence = confidence.min(Confidence::Medium);
    }
    let confidence = crown_confidence(b, sure, passage, confidence);
    b.set("The annual contract value", |d| &mut d.acv, annual, passage, confidence);
}

/// The amount in the crowns of the customer's country when only `kr` is written; whether its currency is sure by now.
fn crown(b: &Builder<'_>, found: &Amount) -> (Money, bool) {
    if !found.guessed_crown {
        return (found.money, true);
    }
    let country = b.deal.country.as_ref().and_then(|fact| money::crown_of(&fact.value));
    country.map_or((found.money, false), |currency| (Money { currency, ..found.money }, true))
}

/// How sure a price is whose currency may have been guessed: the country may still be named further on.
fn crown_confidence(
    b: &mut Builder<'_>,
    is_sure: bool,
    passage: Passage<'_>,
    confidence: Confidence,
) -> Confidence {
    if is_sure {
        return confidence;
    }
    b.crowns.push(PendingCrown { source: passage.source(), confidence });
    confidence.min(Confidence::Medium)
}

/// Whether an amount can be the price of a subscription; if not, says so.
pub(crate) fn plausible(b: &mut Builder<'_>, money: Money, passage: Passage<'_>) -> bool {
    let problem = if money.minor < 0 {
        "is negative"
    } else if money.minor == 0 {
        "is zero"
    } else if money.whole() > ABSURD_MAJOR {
        "is more than ten billion"
    } else {
        return true;
    };
    b.warn("absurd_amount", format!("the amount {money} {problem} and was not used; correct it"), passage);
    false
}

pub(crate) fn no_amount(b: &mut Builder<'_>, no: &NoAmount, passage: Passage<'_>) {
    match no {
        NoAmount::None => {
            b.warn(
                "not_understood",
                format!(
                    "“{}” cannot be read as an amount; write it like $95K or 95,000 EUR",
                    short(passage.text)
                ),
                passage,
            );
        }
        NoAmount::UnknownCurrency { code, range } => {
            b.warn("unknown_currency", format!("unknown currency `{code}`: use an ISO 4217 code such as USD, EUR or GBP. The amount was not used"), passage.sub(range.clone()));
        }
        NoAmount::Malformed { range } => b.warn(
            "not_understood",
            format!(
                "“{}” is no clear amount and was not used; write it like $95K or 95,000 EUR",
                short(passage.sub(range.clone()).text)
            ),
            passage.sub(range.clone()),
        ),
        NoAmount::TooLarge { range } => b.warn(
            "absurd_amount",
            "the amount is too large to be a price and was not used",
            passage.sub(range.clone()),
        ),
    }
}

fn trailing_term(b: &mut Builder<'_>, rest: Passage<'_>) {
    if b.deal.term_months.is_none()
        && rest.text.len() < 80
        && let Some(found) = duration::find(rest.text)
        && matches!(found.unit, duration::Unit::Year | duration::Unit::Month)
        && let Some(months) = found.months().filter(|m| (1..=MAX_TERM).contains(m))
        && !number::has_minus(rest.text, found.range.start)
    {
        b.set("The contract term", |d| &mut d.term_months, months, rest.sub(found.range), Confidence::Medium);
    }
}

pub(super) fn currency(b: &mut Builder<'_>, passage: Passage<'_>) {
    match passage.text.trim().trim_end_matches('.').parse::<Currency>() {
        Ok(currency) => {
            b.currency = currency;
            b.structure(passage);
        }
        Err(error) => {
            b.warn("unknown_currency", error.to_string(), passage);
            b.keep_unread(passage);
        }
    }
}

pub(super) fn term(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let found =
        duration::find(passage.text).and_then(|found| found.months().map(|months| (months, found.range)));
    let bare = || {
        number::find_count(passage.text)
            .filter(|n| n.range.len() == passage.text.trim_end_matches('.').len())
            .and_then(|n| n.value.as_u32().map(|months| (months, n.range)))
    };
    let annual = || {
        let folded = fold(passage.text);
        ["annual", "yearly", "jahrlich", "annuel", "anual", "1y"]
            .iter()
            .any(|word| folded.starts_with(word))
            .then_some((12, 0..passage.text.len()))
    };
    let Some((months, range)) = found.or_else(bare).or_else(annual) else {
        b.warn(
            "not_understood",
            format!("“{}” cannot be read as a contract term; write it like 36 months", short(passage.text)),
            passage,
        );
        return;
    };
    let negative = number::has_minus(passage.text, range.start);
    let here = passage.sub(range);
    if negative || months == 0 || months > MAX_TERM {
        let sign = if negative { "−" } else { "" };
        b.warn(
            "absurd_duration",
            format!("a contract term of {sign}{months} months was not used; correct it"),
            here,
        );
        return;
    }
    b.set("The contract term", |d| &mut d.term_months, months, here, confidence);
}
