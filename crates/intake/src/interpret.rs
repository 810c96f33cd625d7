//! What a value means, given the label before it.

use gangway_domain::deal::{
    Alternative, Blackout, Concern, Deal, GoLiveTarget, Integration, Maturity, Promise, RedFlag,
    Severity, Sites, StakeholderRole, SuccessCriterion, TeamMember,
};
use gangway_domain::fact::{Confidence, Fact};
use gangway_domain::money::{Currency, Money};
use jiff::civil::Date;

use crate::builder::{Builder, PendingTotal};
use crate::labels::Field;
use crate::lines::is_placeholder;
use crate::source::Passage;
use crate::values::date::{self, Assumed, Lean};
use crate::values::list::{self, Separators};
use crate::values::money::{self, Amount, NoAmount, Per};
use crate::values::{duration, number, people, place};

/// Ten billion major units: no subscription costs more.
const ABSURD_MAJOR: i64 = 10_000_000_000;

/// Reads the value of a label into the deal. What is not understood stays for `unread`.
pub(crate) fn value(
    b: &mut Builder<'_>,
    field: Field,
    passage: Passage<'_>,
    confidence: Confidence,
) {
    let passage = passage.trim();
    if passage.is_empty() {
        return;
    }
    if is_placeholder(passage.text) {
        b.structure(passage);
        return;
    }
    let before = (b.fact_count(), b.unread.len());
    match field {
        Field::ExternalId => text_fact(
            b,
            "The deal's id",
            |d| &mut d.external_id,
            passage,
            confidence,
        ),
        Field::Title => text_fact(b, "The deal's name", |d| &mut d.title, passage, confidence),
        Field::Customer => customer(b, passage, confidence),
        Field::Industry => text_fact(b, "The industry", |d| &mut d.industry, passage, confidence),
        Field::Employees => employees(b, passage, confidence),
        Field::Website => text_fact(b, "The website", |d| &mut d.website, passage, confidence),
        Field::Country => country(b, passage, confidence),
        Field::Maturity => maturity(b, passage, confidence),
        Field::Acv => amount(b, passage, Per::Year, confidence),
        Field::Tcv => amount(b, passage, Per::Contract(None), confidence),
        Field::Mrr => amount(b, passage, Per::Month, confidence),
        Field::Currency => currency(b, passage),
        Field::Term => term(b, passage, confidence),
        Field::ClosedOn => date_fact(
            b,
            "The signature date",
            |d| &mut d.closed_on,
            passage,
            Lean::Past,
            confidence,
        ),
        Field::ContractStart => date_fact(
            b,
            "The contract start",
            |d| &mut d.contract_start,
            passage,
            Lean::Future,
            confidence,
        ),
        Field::Kickoff => date_fact(
            b,
            "The kickoff",
            |d| &mut d.kickoff_on,
            passage,
            Lean::Future,
            confidence,
        ),
        Field::QuickWin => date_fact(
            b,
            "The quick win",
            |d| &mut d.quick_win_by,
            passage,
            Lean::Future,
            confidence,
        ),
        Field::Roi => date_fact(
            b,
            "The return on investment",
            |d| &mut d.roi_by,
            passage,
            Lean::Future,
            confidence,
        ),
        Field::FirstContact => date_fact(
            b,
            "The first contact",
            |d| &mut d.first_contact,
            passage,
            Lean::Past,
            confidence,
        ),
        Field::GoLive => go_live(b, passage, confidence),
        Field::Products => products(b, passage, confidence),
        Field::UseCases => use_cases(b, passage, confidence),
        Field::Situation => texts(b, |d| &mut d.situation, passage, confidence),
        Field::Pain => texts(b, |d| &mut d.pain, passage, confidence),
        Field::Impact => texts(b, |d| &mut d.impact, passage, confidence),
        Field::CriticalEvent => texts(b, |d| &mut d.critical_event, passage, confidence),
        Field::Decision => texts(b, |d| &mut d.decision, passage, confidence),
        Field::Constraints => texts(b, |d| &mut d.constraints, passage, confidence),
        Field::NonScope => texts(b, |d| &mut d.non_scope, passage, confidence),
        Field::Relationship => texts(b, |d| &mut d.relationship, passage, confidence),
        Field::Approach => texts(b, |d| &mut d.approach, passage, confidence),
        Field::Notes => texts(b, |d| &mut d.notes, passage, confidence),
        Field::DataSources => data_sources(b, passage, confidence),
        Field::Alternatives => alternatives(b, passage, confidence),
        Field::Success => success(b, passage, confidence),
        Field::Stakeholders => stakeholders(b, passage, None, confidence),
        Field::Person(role) => stakeholders(b, passage, Some(role), confidence),
        Field::Team(role) => team(b, passage, role, confidence),
        Field::Users => users(b, passage, confidence),
        Field::Sites => sites(b, passage, confidence),
        Field::Blackouts => blackouts(b, passage, confidence),
        Field::Integrations => integrations(b, passage, confidence),
        Field::Sso => sso(b, passage, confidence),
        Field::Concerns => concerns(b, passage, confidence),
        Field::Promises => promises(b, passage, confidence),
        Field::RedFlags => red_flags(b, passage, confidence),
        Field::SalesCycle => text_fact(
            b,
            "The sales cycle",
            |d| &mut d.sales_cycle,
            passage,
            confidence,
        ),
        Field::Aside => b.structure(passage),
        Field::Prose => crate::prose::read(b, passage),
    }
    // A field of a payload has no text in which the rest could stay: keep the whole value.
    if (b.fact_count(), b.unread.len()) == before
        && field != Field::Aside
        && field != Field::Currency
    {
        b.keep_unread(passage);
    }
}

/// Words as they should be kept: emphasis, line breaks and double spaces removed.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.contains("**") || out.contains("__") || out.contains('`') || out.contains('\\') {
        out = out
            .replace("**", "")
            .replace("__", "")
            .replace(['`', '\\'], "");
    }
    if let Some(inner) = out
        .strip_prefix(['*', '_'])
        .and_then(|rest| rest.strip_suffix(['*', '_']))
        .map(str::to_owned)
    {
        out = inner;
    }
    out
}

/// Without a full stop that only ends the sentence.
fn trim_stop(passage: Passage<'_>) -> Passage<'_> {
    let passage = passage.trim();
    if passage.text.ends_with('.')
        && !crate::sentences::ends_with_abbreviation(passage.text)
        && !passage.text.ends_with("..")
    {
        return passage.sub(0..passage.text.len() - 1).trim();
    }
    passage.trim_matches(|c| matches!(c, ';' | ',') || c.is_whitespace())
}

fn text_fact(
    b: &mut Builder<'_>,
    name: &str,
    slot: impl Fn(&mut Deal) -> &mut Option<Fact<String>>,
    passage: Passage<'_>,
    confidence: Confidence,
) {
    let passage = trim_stop(passage);
    let text = clean(passage.text);
    if !text.is_empty() {
        b.set(name, slot, text, passage, confidence);
    }
}

/// The items of a value: bullets each, or sentences of one line kept whole; wrapped lines are joined.
fn items<'a>(passage: Passage<'a>, separators: Separators) -> Vec<Passage<'a>> {
    let mut blocks: Vec<std::ops::Range<usize>> = Vec::new();
    let mut at = 0;
    let mut headless = false;
    for line in passage.text.split('\n') {
        let start = at;
        at += line.len() + 1;
        if line.trim().is_empty() {
            headless |= blocks.is_empty();
            continue;
        }
        let bullet = crate::lines::bullet_length(line);
        let own = bullet > 0 || blocks.is_empty() || headless;
        match blocks.last_mut() {
            Some(last) if !own => last.end = start + line.len(),
            _ => blocks.push(start + bullet..start + line.len()),
        }
    }
    let mut out = Vec::new();
    for block in blocks {
        let block = passage.sub(block);
        // Line breaks inside a block only wrap it.
        let joined = block.text.replace('\n', " ");
        out.extend(
            list::split(&joined, separators)
                .into_iter()
                .map(|range| block.sub(range)),
        );
    }
    out.retain(|item| !is_placeholder(item.text));
    out
}

fn texts(
    b: &mut Builder<'_>,
    list: impl Fn(&mut Deal) -> &mut Vec<Fact<String>>,
    passage: Passage<'_>,
    confidence: Confidence,
) {
    for item in items(passage, Separators::Strong) {
        let text = clean(item.text);
        b.add(&list, text, item, confidence);
    }
}

fn customer(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let mut name = trim_stop(passage);
    // "Acme Manufacturing (Germany)" says the country too.
    if let Some(open) = name.text.rfind(" (").filter(|_| name.text.ends_with(')')) {
        let inner = name.sub(open + 2..name.text.len() - 1);
        if let Some(code) = place::country(inner.text) {
            b.set(
                "The country",
                |d| &mut d.country,
                code.to_owned(),
                inner,
                Confidence::Medium,
            );
            name = name.sub(0..open).trim();
        }
    }
    text_fact(b, "The customer", |d| &mut d.customer, name, confidence);
}

fn country(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    if let Some((code, range)) = place::country_in(passage.text) {
        let whole = range.len() == passage.text.trim().len();
        b.set(
            "The country",
            |d| &mut d.country,
            code.to_owned(),
            passage.sub(range),
            if whole {
                confidence
            } else {
                confidence.min(Confidence::Medium)
            },
        );
    }
}

fn maturity(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let folded = crate::values::words::fold(passage.text);
    let says = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    let level = if says(&[
        "novice",
        "beginner",
        "new to",
        "first time",
        "first tool",
        "low",
        "einsteiger",
        "anfanger",
        "neu",
        "debutant",
        "principiante",
        "keine erfahrung",
    ]) {
        Maturity::Novice
    } else if says(&[
        "expert",
        "advanced",
        "power user",
        "high",
        "experte",
        "fortgeschritten",
        "avance",
        "experto",
        "very experienced",
    ]) {
        Maturity::Expert
    } else if says(&[
        "practitioner",
        "intermediate",
        "medium",
        "some experience",
        "experienced",
        "used",
        "mittel",
        "erfahren",
        "intermediaire",
        "intermedio",
    ]) {
        Maturity::Practitioner
    } else {
        return;
    };
    b.set(
        "The maturity",
        |d| &mut d.maturity,
        level,
        passage,
        confidence,
    );
}

fn currency(b: &mut Builder<'_>, passage: Passage<'_>) {
    match passage
        .text
        .trim()
        .trim_end_matches('.')
        .parse::<Currency>()
    {
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
    b.warn(
        "absurd_amount",
        format!("the amount {money} {problem} and was not used; correct it"),
        passage,
    );
    false
}

/// An amount behind a label that says what it is per.
pub(crate) fn amount(
    b: &mut Builder<'_>,
    passage: Passage<'_>,
    labelled: Per,
    confidence: Confidence,
) {
    match money::read(passage.text, b.currency) {
        Ok(found) => {
            let per = if found.per == Per::Unsaid {
                labelled
            } else {
                found.per
            };
            let rest = passage.sub(found.range.end..passage.text.len());
            take_amount(b, &found, per, passage.sub(found.range.clone()), confidence);
            // "95K, 3 years" tells the term as well.
            trailing_term(b, rest);
        }
        Err(no) => no_amount(b, &no, passage),
    }
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
        NoAmount::TooLarge { range } => b.warn(
            "absurd_amount",
            "the amount is too large to be a price and was not used",
            passage.sub(range.clone()),
        ),
    }
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

fn trailing_term(b: &mut Builder<'_>, rest: Passage<'_>) {
    if b.deal.term_months.is_none()
        && rest.text.len() < 80
        && let Some(found) = duration::find(rest.text)
        && matches!(found.unit, duration::Unit::Year | duration::Unit::Month)
        && let Some(months) = found.months().filter(|&m| m > 0)
    {
        b.set(
            "The contract term",
            |d| &mut d.term_months,
            months,
            rest.sub(found.range),
            Confidence::Medium,
        );
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
        b.info(
            "grouping_assumed",
            format!("“{}” was read as {}", passage.text, found.money),
            passage,
        );
    }
    if !found.currency_said && !b.has_notice("currency_assumed") {
        b.info(
            "currency_assumed",
            format!("no currency is given; {} was assumed", found.money.currency),
            passage,
        );
    }
    let factor = match per {
        Per::Month => 12,
        Per::Quarter => 4,
        Per::Unsaid | Per::Year => 1,
        Per::Contract(months) => {
            let fact = Fact {
                value: found.money,
                source: passage.source(),
                confidence,
            };
            b.claim(passage);
            if b.total.is_none() {
                b.total = Some(PendingTotal {
                    money: found.money,
                    months,
                    fact,
                });
            }
            return;
        }
    };
    let annual = Money {
        minor: found.money.minor.saturating_mul(factor),
        ..found.money
    };
    if !plausible(b, annual, passage) {
        return;
    }
    if factor > 1 {
        let unit = if factor == 12 { "month" } else { "quarter" };
        b.info(
            "acv_from_period",
            format!("{} a {unit} was taken as {annual} a year", found.money),
            passage,
        );
        confidence = confidence.min(Confidence::Medium);
    }
    b.set(
        "The annual contract value",
        |d| &mut d.acv,
        annual,
        passage,
        confidence,
    );
}

fn term(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let found = duration::find(passage.text)
        .and_then(|found| found.months().map(|months| (months, found.range)));
    let bare = || {
        number::find_count(passage.text)
            .filter(|n| n.range.len() == passage.text.trim_end_matches('.').len())
            .and_then(|n| n.value.as_u32().map(|months| (months, n.range)))
    };
    let annual = || {
        let folded = crate::values::words::fold(passage.text);
        ["annual", "yearly", "jahrlich", "annuel", "anual", "1y"]
            .iter()
            .any(|word| folded.starts_with(word))
            .then_some((12, 0..passage.text.len()))
    };
    let Some((months, range)) = found.or_else(bare).or_else(annual) else {
        b.warn(
            "not_understood",
            format!(
                "“{}” cannot be read as a contract term; write it like 36 months",
                short(passage.text)
            ),
            passage,
        );
        return;
    };
    let here = passage.sub(range);
    if months == 0 || months > 240 {
        b.warn(
            "absurd_duration",
            format!("a contract term of {months} months was not used; correct it"),
            here,
        );
        return;
    }
    b.set(
        "The contract term",
        |d| &mut d.term_months,
        months,
        here,
        confidence,
    );
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
            Assumed::Year => confidence = confidence.min(Confidence::Medium),
            Assumed::Order(other) => {
                confidence = confidence.min(Confidence::Medium);
                b.warn("ambiguous_date", format!("“{}” could be {} or {other}; {} was taken. Write the month in letters to be sure", here.text, found.day, found.day), here);
            }
            Assumed::Day => {
                confidence = Confidence::Low;
                b.info(
                    "date_approximate",
                    format!("“{}” was taken as {}", here.text, found.day),
                    here,
                );
            }
        }
    }
    let years = (i32::from(found.day.year()) - i32::from(b.context.today.year())).abs();
    if years > 10 {
        b.warn(
            "absurd_date",
            format!(
                "{} is more than ten years away and was not used; correct it",
                found.day
            ),
            here,
        );
        return None;
    }
    Some((found.day, confidence))
}

fn impossible(b: &mut Builder<'_>, range: std::ops::Range<usize>, passage: Passage<'_>) {
    let here = passage.sub(range);
    b.warn(
        "impossible_date",
        format!(
            "there is no day “{}” and it was not used; correct it",
            here.text
        ),
        here,
    );
}

fn date_fact(
    b: &mut Builder<'_>,
    name: &str,
    slot: impl Fn(&mut Deal) -> &mut Option<Fact<Date>>,
    passage: Passage<'_>,
    lean: Lean,
    confidence: Confidence,
) {
    match date::find(passage.text, &b.frame(lean)) {
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
                let from = b
                    .deal
                    .contract_start
                    .as_ref()
                    .or(b.deal.closed_on.as_ref())
                    .map_or(b.context.today, |fact| fact.value);
                if let Ok(date) =
                    from.checked_add(jiff::Span::new().days(i64::from(days.min(3_650))))
                {
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
                format!(
                    "“{}” cannot be read as a date; write it like 2027-03-15",
                    short(passage.text)
                ),
                passage,
            );
        }
    }
}

/// A go-live target: a date, a period, or a time from kickoff.
pub(crate) fn go_live(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    match date::find(passage.text, &b.frame(Lean::Future)) {
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
    let Some(days) = found.days().filter(|&days| days > 0 && days <= 3_650) else {
        b.warn(
            "absurd_duration",
            "the go-live target is zero or more than ten years away and was not used; correct it",
            here,
        );
        return;
    };
    let mut confidence = confidence;
    match found.unit {
        duration::Unit::BusinessDay => b.info(
            "business_days",
            format!("“{}” was counted as {days} calendar days", here.text),
            here,
        ),
        duration::Unit::Month | duration::Unit::Quarter | duration::Unit::Year => b.info(
            "months_as_days",
            format!("“{}” was counted as {days} days", here.text),
            here,
        ),
        duration::Unit::Day | duration::Unit::Week => {}
    }
    let folded = crate::values::words::fold(passage.text);
    if [
        "sign",
        "contract",
        "close",
        "vertrag",
        "unterschrift",
        "signature",
        "firma",
    ]
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
    b.set(
        "The go-live target",
        |d| &mut d.go_live,
        GoLiveTarget::Within { days },
        here,
        confidence,
    );
}

fn products(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, Separators::Commas) {
        if side_fact(b, item) {
            continue;
        }
        let text = clean(item.text);
        b.add(|d| &mut d.products, text, item, confidence);
    }
}

/// Items that stand in a list of another kind: `…, SSO, three plants, ~900 users`.
fn side_fact(b: &mut Builder<'_>, item: Passage<'_>) -> bool {
    if crate::prose::sso_in(item.text).is_some_and(|found| found.whole) {
        sso(b, item, Confidence::High);
        return true;
    }
    if let Some(found) =
        place::find_sites(item.text).filter(|found| found.range.len() == item.text.len())
    {
        set_sites(
            b,
            found.count,
            found.noun,
            Vec::new(),
            item,
            Confidence::High,
        );
        return true;
    }
    if let Some((count, range)) =
        crate::prose::users_in(item.text).filter(|(_, range)| range.len() == item.text.len())
    {
        set_users(b, count, item.sub(range), Confidence::High);
        return true;
    }
    false
}

fn use_cases(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let by_comma = items(passage, Separators::Commas);
    // Commas separate use cases only when every part is short enough to be one.
    let short = by_comma.len() > 1
        && by_comma
            .iter()
            .all(|item| item.text.split_whitespace().count() <= 5)
        && !passage.text.contains(" and ");
    let parts = if short {
        by_comma
    } else {
        items(passage, Separators::Strong)
    };
    for item in parts {
        let text = clean(item.text);
        b.add(|d| &mut d.use_cases, text, item, confidence);
    }
}

fn data_sources(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, Separators::Commas) {
        let text = clean(item.text);
        b.add(|d| &mut d.data_sources, text, item, confidence);
    }
}

/// Splits `name: rest`, `name – rest`, `name (rest)`.
fn name_and_rest<'a>(item: Passage<'a>) -> (Passage<'a>, Option<Passage<'a>>) {
    for separator in [": ", " – ", " — ", " - ", " → ", " -> "] {
        if let Some(at) = item.text.find(separator) {
            return (
                item.sub(0..at).trim(),
                Some(item.sub(at + separator.len()..item.text.len()).trim())
                    .filter(|rest| !is_placeholder(rest.text)),
            );
        }
    }
    if item.text.ends_with(')')
        && let Some(open) = item.text.find(" (")
    {
        return (
            item.sub(0..open).trim(),
            Some(item.sub(open + 2..item.text.len() - 1)).filter(|rest| !is_placeholder(rest.text)),
        );
    }
    (item, None)
}

fn alternatives(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let separators = if passage.text.contains(": ") || passage.text.contains(" because ") {
        Separators::Strong
    } else {
        Separators::Words
    };
    for item in items(passage, separators) {
        let (name, why) = name_and_rest(item);
        if is_placeholder(name.text) {
            b.structure(item);
            continue;
        }
        let alternative = Alternative {
            name: clean(name.text),
            why_not: why.map(|why| clean(why.text)),
        };
        b.add(|d| &mut d.alternatives, alternative, item, confidence);
    }
}

fn success(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, Separators::Strong) {
        let mut criterion = SuccessCriterion {
            text: clean(item.text),
            ..SuccessCriterion::default()
        };
        (criterion.baseline, criterion.target) = from_to(item.text);
        if let Some(at) = crate::values::words::find_in(item.text, "by")
            .or_else(|| crate::values::words::find_in(item.text, "bis"))
            && let Some(Ok(found)) = date::find(
                item.text.get(at.end..).unwrap_or(""),
                &b.frame(Lean::Future),
            )
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
        let Some(a) = crate::values::words::find_in(text, from) else {
            continue;
        };
        let Some(rest) = text.get(a.end..) else {
            continue;
        };
        let Some(z) = crate::values::words::find_in(rest, to) else {
            continue;
        };
        let (Some(baseline), Some(target)) = (rest.get(..z.start), rest.get(z.end..)) else {
            continue;
        };
        let (baseline, target) = (baseline.trim(), target.trim());
        let target = target
            .split([',', ';'])
            .next()
            .unwrap_or("")
            .trim_end_matches('.');
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

fn stakeholders(
    b: &mut Builder<'_>,
    passage: Passage<'_>,
    role: Option<StakeholderRole>,
    confidence: Confidence,
) {
    for block in items(passage, Separators::Strong) {
        // One person in a role may have remarks with commas: "Anna Berg - prefers e-mail, busy in May".
        let found = match role {
            Some(_)
                if block.text.contains(" - ")
                    || block.text.contains(" – ")
                    || block.text.contains(" (") =>
            {
                vec![people::one(block.text, 0)]
            }
            _ => people::read(block.text),
        };
        for mut person in found {
            let here = block.sub(person.range.clone());
            if is_placeholder(here.text) {
                b.structure(here);
                continue;
            }
            let person_role = &mut person.stakeholder.role;
            if let Some(role) = role {
                *person_role = role;
                person.role_said = true;
            }
            let sure = if person.role_said {
                confidence
            } else {
                confidence.min(Confidence::Medium)
            };
            if merge_person(b, &person.stakeholder, sure, here) {
                continue;
            }
            b.add(|d| &mut d.stakeholders, person.stakeholder, here, sure);
        }
    }
}

/// Somebody already known by the same name or address gains what is new. Whether that was so.
pub(crate) fn merge_person(
    b: &mut Builder<'_>,
    new: &gangway_domain::deal::Stakeholder,
    confidence: Confidence,
    here: Passage<'_>,
) -> bool {
    let same = |known: &gangway_domain::deal::Stakeholder| {
        (new.name.is_some()
            && known.name.as_ref().map(|n| n.to_lowercase())
                == new.name.as_ref().map(|n| n.to_lowercase()))
            || (new.email.is_some() && known.email == new.email)
            || (new.name.is_none()
                && known.name.is_none()
                && new.title.is_some()
                && known.title.as_ref().map(|t| t.to_lowercase())
                    == new.title.as_ref().map(|t| t.to_lowercase())
                && known.count == new.count)
    };
    let Some(known) = b
        .deal
        .stakeholders
        .iter_mut()
        .find(|known| same(&known.value))
    else {
        return false;
    };
    let person = &mut known.value;
    person.title = person.title.take().or_else(|| new.title.clone());
    person.email = person.email.take().or_else(|| new.email.clone());
    match (&mut person.notes, &new.notes) {
        (Some(notes), Some(more)) if !notes.contains(more.as_str()) => {
            notes.push_str("; ");
            notes.push_str(more);
        }
        (notes @ None, Some(more)) => *notes = Some(more.clone()),
        _ => {}
    }
    // A role said outright replaces one concluded from the title; a champion who is also lead stays lead.
    if confidence > known.confidence {
        person.role = new.role;
        known.confidence = confidence;
    } else if confidence == Confidence::High && person.role != new.role {
        let also = format!("also {}", role_name(new.role));
        let notes = person.notes.get_or_insert_default();
        if !notes.contains(&also) {
            if !notes.is_empty() {
                notes.push_str("; ");
            }
            notes.push_str(&also);
        }
    }
    b.claim(here);
    true
}

fn role_name(role: StakeholderRole) -> &'static str {
    match role {
        StakeholderRole::ExecutiveSponsor => "executive sponsor",
        StakeholderRole::ProjectLead => "project lead",
        StakeholderRole::Champion => "champion",
        StakeholderRole::TechnicalLead => "technical lead",
        StakeholderRole::BusinessOwner => "business owner",
        StakeholderRole::ItSecurity => "IT security",
        StakeholderRole::EndUser => "end user",
        StakeholderRole::Detractor => "detractor",
        StakeholderRole::Other => "other",
    }
}

fn team(b: &mut Builder<'_>, passage: Passage<'_>, role: &str, confidence: Confidence) {
    for item in items(passage, Separators::Words) {
        let person = people::one(item.text, 0);
        let name = person
            .stakeholder
            .name
            .or(person.stakeholder.title)
            .or(person.stakeholder.email.clone());
        let Some(name) = name else { continue };
        let member = TeamMember {
            name: clean(&name),
            role: role.to_owned(),
            email: person.stakeholder.email,
        };
        b.add(|d| &mut d.team, member, item, confidence);
    }
}

pub(crate) fn set_users(
    b: &mut Builder<'_>,
    count: u32,
    passage: Passage<'_>,
    confidence: Confidence,
) {
    if count == 0 || count > 10_000_000 {
        b.warn(
            "absurd_count",
            format!("{count} users cannot be right and was not used; correct it"),
            passage,
        );
        b.keep_unread(passage);
        return;
    }
    b.set(
        "The number of users",
        |d| &mut d.users,
        count,
        passage,
        confidence,
    );
}

/// A count together with the noun after it, when little else follows: `850`, `6 seats`, `2.400 Mitarbeiter`.
fn with_tail(passage: Passage<'_>, range: std::ops::Range<usize>) -> Passage<'_> {
    let rest = passage.text.get(range.end..).unwrap_or("");
    let words = crate::values::words::words(rest).count();
    let plain = !rest.contains(|c: char| c.is_ascii_digit() || matches!(c, ',' | ';' | '('));
    trim_stop(if words <= 3 && plain {
        passage.sub(range.start..passage.text.len())
    } else {
        passage.sub(range)
    })
}

fn users(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    // "-20" and "0" are as wrong as "many".
    let negative = passage.text.starts_with(['-', '−']);
    match number::find_count(passage.text)
        .and_then(|n| n.value.as_u32().map(|count| (count, n.range)))
    {
        Some((count, range)) if !negative => {
            let here = with_tail(passage, range);
            set_users(b, count, here, confidence);
        }
        Some(_) => b.warn(
            "absurd_count",
            format!(
                "“{}” users cannot be right and was not used; correct it",
                short(passage.text)
            ),
            passage,
        ),
        None => b.warn(
            "not_understood",
            format!(
                "“{}” cannot be read as a number of users; write it like 900",
                short(passage.text)
            ),
            passage,
        ),
    }
}

fn employees(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    match number::find_count(passage.text)
        .and_then(|n| n.value.as_u32().map(|count| (count, n.range)))
    {
        Some((count, range)) if count > 0 => {
            let here = with_tail(passage, range);
            b.set(
                "The number of employees",
                |d| &mut d.employees,
                count,
                here,
                confidence,
            );
        }
        _ => b.warn(
            "not_understood",
            format!(
                "“{}” cannot be read as a number of employees",
                short(passage.text)
            ),
            passage,
        ),
    }
}

pub(crate) fn set_sites(
    b: &mut Builder<'_>,
    count: u32,
    noun: &str,
    names: Vec<String>,
    passage: Passage<'_>,
    confidence: Confidence,
) {
    if count == 0 || count > 100_000 {
        b.warn(
            "absurd_count",
            format!("{count} sites cannot be right and was not used; correct it"),
            passage,
        );
        b.keep_unread(passage);
        return;
    }
    b.set(
        "The number of sites",
        |d| &mut d.sites,
        Sites {
            count,
            noun: noun.to_owned(),
            names,
        },
        passage,
        confidence,
    );
}

/// `3 plants`, `3`, `Hamburg, Leipzig, Graz`, `3 plants (Hamburg, Leipzig, Graz)`, `3 Werke: Hamburg, …`.
fn sites(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let passage = trim_stop(passage);
    let counted = place::find_sites(passage.text);
    let number = counted
        .as_ref()
        .map(|c| (c.count, c.noun, c.range.end))
        .or_else(|| {
            let number = number::count_at(passage.text, 0)?;
            Some((number.value.as_u32()?, "site", number.range.end))
        });
    let (start, noun) = number.map_or((0, "site"), |(_, noun, end)| (end, noun));
    let rest = passage
        .text
        .get(start..)
        .unwrap_or("")
        .trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, ':' | '(' | ')' | '–' | '-' | '—' | ',')
        });
    let names: Vec<String> = list::split(&rest.replace('\n', ", "), Separators::Words)
        .into_iter()
        .filter_map(|range| rest.replace('\n', ", ").get(range).map(clean))
        .map(|name| name.trim_start_matches(['-', '*', '•', ' ']).to_owned())
        .filter(|name| {
            name.chars().next().is_some_and(char::is_uppercase)
                && name.split_whitespace().count() <= 5
        })
        .collect();
    let Some(count) = number
        .map(|(count, _, _)| count)
        .or_else(|| u32::try_from(names.len()).ok())
        .filter(|_| number.is_some() || !names.is_empty())
    else {
        return;
    };
    let count = count.max(u32::try_from(names.len()).unwrap_or(0));
    set_sites(b, count, noun, names, passage, confidence);
}

/// Periods in which nothing goes live.
fn blackouts(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, Separators::Strong) {
        // Several periods in one line are joined by commas or "and" between dates.
        let mut parts: Vec<Passage<'_>> = list::split(item.text, Separators::Commas)
            .into_iter()
            .map(|range| item.sub(range))
            .collect();
        if parts
            .iter()
            .any(|part| date::find_range(part.text, &b.frame(Lean::Future)).is_none())
        {
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
    let Some(found) = date::find_range(passage.text, &b.frame(Lean::Future)) else {
        return false;
    };
    let mut confidence = confidence;
    for assumed in &found.assumed {
        if let Assumed::Order(other) = assumed {
            confidence = confidence.min(Confidence::Medium);
            b.warn(
                "ambiguous_date",
                format!(
                    "“{}” could also mean {other}; {} was taken",
                    passage.text, found.day
                ),
                passage,
            );
        }
    }
    let years = i32::from(found.last.year()) - i32::from(b.context.today.year());
    if years.abs() > 10 {
        b.warn(
            "absurd_date",
            format!(
                "a blackout until {} is more than ten years away and was not used",
                found.last
            ),
            passage,
        );
        return true;
    }
    let before = passage.text.get(..found.range.start).unwrap_or("");
    let after = passage.text.get(found.range.end..).unwrap_or("");
    let reason = blackout_reason(before, after);
    b.add(
        |d| &mut d.blackouts,
        Blackout {
            from: found.first,
            to: found.last,
            reason,
        },
        passage,
        confidence,
    );
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
    let folded = crate::values::words::fold(&text);
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

fn integrations(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, Separators::Words) {
        if side_fact(b, item) {
            continue;
        }
        if let Some(found) = crate::prose::sso_in(item.text) {
            // "Okta SSO" among systems is the sign-on, not an integration to build.
            b.set(
                "Single sign-on",
                |d| &mut d.sso,
                found.provider,
                item,
                confidence,
            );
            continue;
        }
        integration(b, item, confidence);
    }
}

pub(crate) fn integration(b: &mut Builder<'_>, item: Passage<'_>, confidence: Confidence) {
    let (name, detail) = name_and_rest(item);
    let system = clean(name.text);
    if system.is_empty() || is_placeholder(&system) {
        b.structure(item);
        return;
    }
    if b.deal
        .integrations
        .iter()
        .any(|known| known.value.system.eq_ignore_ascii_case(&system))
    {
        b.structure(item);
        return;
    }
    b.add(
        |d| &mut d.integrations,
        Integration {
            system,
            detail: detail.map(|detail| clean(detail.text)),
        },
        item,
        confidence,
    );
}

fn sso(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let passage = trim_stop(passage);
    let folded = crate::values::words::fold(passage.text);
    let value = match folded.as_str() {
        "yes" | "y" | "true" | "required" | "ja" | "oui" | "si" | "sso" | "single sign on"
        | "needed" | "saml" => "yes".to_owned(),
        "no" | "nein" | "non" | "false" | "not needed" | "not required" | "nicht notig" => {
            b.structure(passage);
            return;
        }
        _ => crate::prose::sso_in(passage.text)
            .map_or_else(|| clean(passage.text), |found| found.provider),
    };
    b.set("Single sign-on", |d| &mut d.sso, value, passage, confidence);
}

fn concerns(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, Separators::Strong) {
        let (text, answer) = name_and_rest(item);
        if is_placeholder(text.text) {
            b.structure(item);
            continue;
        }
        b.add(
            |d| &mut d.concerns,
            Concern {
                text: clean(text.text),
                answer: answer.map(|a| clean(a.text)),
            },
            item,
            confidence,
        );
    }
}

fn promises(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, Separators::Strong) {
        promise(b, item, item, confidence);
    }
}

/// One promise: the words of it, and the whole passage it stands in.
pub(crate) fn promise(
    b: &mut Builder<'_>,
    words: Passage<'_>,
    whole: Passage<'_>,
    confidence: Confidence,
) {
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
    b.add(
        |d| &mut d.promises,
        Promise { text, by, who },
        whole,
        confidence,
    );
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
            let inner = text
                .text
                .get(open + 2..text.text.len() - 1)
                .and_then(severity);
            if inner.is_some() {
                level = inner;
                text = text.sub(0..open);
            }
        }
        // A remark after a colon is a mitigation only when it reads as an action; otherwise keep it whole.
        let mitigation = rest.map(|rest| clean(rest.text));
        b.add(
            |d| &mut d.red_flags,
            RedFlag {
                text: clean(text.text),
                severity: level,
                mitigation,
            },
            item,
            confidence,
        );
    }
}

/// A severity written as one word.
pub(crate) fn severity(text: &str) -> Option<Severity> {
    match crate::values::words::fold(text).as_str() {
        "low" | "niedrig" | "gering" | "faible" | "bajo" | "baja" | "bas" => Some(Severity::Low),
        "med" | "medium" | "moderate" | "mittel" | "moyen" | "moyenne" | "medio" | "media" => {
            Some(Severity::Medium)
        }
        "high" | "hoch" | "eleve" | "elevee" | "fort" | "alto" | "alta" => Some(Severity::High),
        "critical" | "kritisch" | "sehr hoch" | "critique" | "critico" | "critica"
        | "very high" => Some(Severity::Critical),
        _ => None,
    }
}
