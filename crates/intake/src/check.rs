//! What can only be judged when everything has been read: totals, order of dates, derived facts.

use gangway_domain::deal::{GoLiveTarget, Sites};
use gangway_domain::fact::{Confidence, Fact, Level, Notice, Source};
use gangway_domain::money::Money;
use jiff::civil::Date;

use crate::builder::Builder;
use crate::limits::span_of;
use crate::source::place_of;
use crate::values::list::{self, Separators};
use crate::values::money::crown_of;
use crate::values::place::find_sites;

/// Everything that follows from the facts together.
pub(crate) fn finish(builder: &mut Builder<'_>) {
    crate::limits::apply(builder);
    crowns_of_the_country(builder);
    annual_from_total(builder);
    sites_from_words(builder);
    sites_from_people(builder);
    order_of_dates(builder);
    one_sponsor(builder);
}

/// Swedes, Norwegians and Danes all write `kr`: the country tells which, and without one the guess is told.
fn crowns_of_the_country(builder: &mut Builder<'_>) {
    let country = builder.deal.country.as_ref().and_then(|fact| crown_of(&fact.value));
    for pending in std::mem::take(&mut builder.crowns) {
        let annual = builder.deal.acv.as_mut();
        let total = builder.total.as_mut().map(|total| &mut total.fact);
        let Some(fact) = annual.into_iter().chain(total).find(|fact| fact.source == pending.source) else {
            continue;
        };
        if let Some(currency) = country {
            fact.value.currency = currency;
            fact.confidence = pending.confidence;
        } else {
            let assumed = fact.value.currency;
            let message = format!(
                "{}: “kr” may be Swedish, Norwegian or Danish; {assumed} was assumed. Name the country, or write SEK, NOK or DKK",
                place_of(&pending.source)
            );
            let span = span_of(&pending.source);
            builder.push_notice(Notice { span, ..Notice::info("currency_assumed", message) });
        }
    }
    if let Some(total) = &mut builder.total {
        total.money = total.fact.value;
    }
}

/// A total contract value becomes an annual one when the term is known.
fn annual_from_total(builder: &mut Builder<'_>) {
    let Some(total) = builder.total.take() else {
        return;
    };
    let term = builder.deal.term_months.as_ref().map(|term| term.value);
    if builder.deal.acv.is_some() {
        return;
    }
    let months = total.months.or(term).filter(|&months| months > 0);
    let (money, how, confidence) = match months {
        Some(months) => {
            let minor = (i128::from(total.money.minor) * 12 + i128::from(months) / 2) / i128::from(months);
            let Ok(minor) = i64::try_from(minor) else {
                return;
            };
            let money = Money { minor, ..total.money };
            (
                money,
                format!(
                    "The annual value {money} was computed from {} over {months} months ({}).",
                    total.money,
                    place_of(&total.fact.source)
                ),
                Confidence::Medium,
            )
        }
        None => (
            total.money,
            format!(
                "{} ({}) is a total; without a contract term it was taken for one year. Add the term.",
                total.money,
                place_of(&total.fact.source)
            ),
            Confidence::Low,
        ),
    };
    let level = if months.is_some() { Level::Info } else { Level::Warning };
    builder.notice(level, if months.is_some() { "acv_from_total" } else { "total_without_term" }, how, None);
    builder.deal.acv = Some(Fact { value: money, source: total.fact.source.clone(), confidence });
    if let (None, Some(months)) = (&builder.deal.term_months, total.months) {
        builder.deal.term_months =
            Some(Fact { value: months, source: total.fact.source, confidence: Confidence::Medium });
    }
}

/// `Staff planning for five bakeries`: what it is bought for and how they work today count the places, as long as nobody
/// says where it is used.
fn sites_from_words(builder: &mut Builder<'_>) {
    if builder.deal.sites.is_some() {
        return;
    }
    let told = builder.deal.use_cases.iter().chain(&builder.deal.situation);
    let mut counted = told.filter_map(|fact| Some((find_sites(&fact.value)?, fact)));
    let several = 2..=crate::limits::MAX_SITES;
    let Some((found, fact)) = counted.find(|(found, _)| several.contains(&found.count)) else {
        return;
    };
    let names = names_in_brackets(fact.value.get(found.range.end..).unwrap_or(""), found.count);
    let source = fact.source.clone();
    let message = format!(
        "No number of sites is given; {} was assumed from “{}” ({}).",
        found.count,
        crate::interpret::short(&fact.value),
        place_of(&source)
    );
    builder.notice(Level::Info, "sites_assumed", message, None);
    builder.deal.sites = Some(Fact {
        value: Sites { count: found.count, noun: found.noun.to_owned(), names },
        source,
        confidence: Confidence::Low,
    });
}

/// The places in brackets right behind their number, ` (Dortmund, Hamm)`; none unless every one is named.
fn names_in_brackets(after: &str, count: u32) -> Vec<String> {
    let rest = after.trim_start().strip_prefix('(');
    let inner = rest.and_then(|rest| rest.split(')').next()).unwrap_or("");
    let names: Vec<String> = list::split(inner, Separators::Words)
        .into_iter()
        .filter_map(|range| inner.get(range))
        .filter(|name| name.starts_with(char::is_uppercase))
        .map(str::to_owned)
        .collect();
    if u32::try_from(names.len()).is_ok_and(|named| named == count) { names } else { Vec::new() }
}

/// Three plant managers run three plants, as long as nobody says otherwise.
fn sites_from_people(builder: &mut Builder<'_>) {
    if builder.deal.sites.is_some() {
        return;
    }
    let found = builder.deal.stakeholders.iter().find_map(|person| {
        let title = person.value.title.as_deref()?;
        let (kind, rest) = title.split_once(' ')?;
        let noun = crate::values::place::site_noun(kind)?;
        let leads = ["manager", "lead", "director", "head", "supervisor"]
            .iter()
            .any(|word| rest.to_lowercase().starts_with(word));
        (leads && person.value.count > 1).then(|| (person.value.count, noun, person.value.label()))
    });
    let Some((count, noun, label)) = found else {
        return;
    };
    if count > crate::limits::MAX_SITES {
        let message = format!(
            "{label} would run {count} sites, which cannot be right; no number of sites was assumed."
        );
        builder.notice(Level::Warning, "absurd_count", message, None);
        return;
    }
    let how = format!("one {noun} for each of the {label}");
    builder.notice(
        Level::Info,
        "sites_assumed",
        format!("No number of sites is given; {count} was assumed ({how})."),
        None,
    );
    builder.deal.sites = Some(Fact {
        value: Sites { count, noun: noun.to_owned(), names: Vec::new() },
        source: Source::Derived { how },
        confidence: Confidence::Low,
    });
}

fn place(fact: &Fact<Date>) -> String {
    format!("{} ({})", fact.value, place_of(&fact.source))
}

fn order_of_dates(builder: &mut Builder<'_>) {
    let today = builder.context.today;
    let deal = &builder.deal;
    let go_live = deal.go_live.as_ref().and_then(|fact| match fact.value {
        GoLiveTarget::On { date } => {
            Some(Fact { value: date, source: fact.source.clone(), confidence: fact.confidence })
        }
        GoLiveTarget::Within { .. } => None,
    });
    let mut found = Vec::new();
    if let Some(go_live) = &go_live {
        if go_live.value < today {
            found.push(("date_in_the_past", format!("The go-live target {} lies in the past (today is {today}); agree a new date with the customer.", place(go_live))));
        }
        for (name, before) in [
            ("kickoff", &deal.kickoff_on),
            ("contract start", &deal.contract_start),
            ("signature", &deal.closed_on),
        ] {
            let Some(before) = before else { continue };
            if before.value > go_live.value {
                found.push((
                    "contradiction",
                    format!(
                        "The go-live target {} is before the {name} {}; check both.",
                        place(go_live),
                        place(before)
                    ),
                ));
            }
        }
    }
    if let (Some(kickoff), Some(closed)) = (&deal.kickoff_on, &deal.closed_on)
        && kickoff.value < closed.value
    {
        found.push((
            "contradiction",
            format!("The kickoff {} is before the signature {}; check both.", place(kickoff), place(closed)),
        ));
    }
    if let Some(closed) = deal.closed_on.as_ref().filter(|closed| closed.value > today) {
        found.push((
            "not_yet_closed",
            format!("The signature {} lies in the future: is the deal won?", place(closed)),
        ));
    }
    for blackout in &deal.blackouts {
        if let Some(go_live) = go_live
            .as_ref()
            .filter(|date| blackout.value.from <= date.value && date.value <= blackout.value.to)
        {
            found.push((
                "go_live_in_blackout",
                format!(
                    "The go-live target {} lies in a period in which nothing may go live, {} to {} ({}).",
                    place(go_live),
                    blackout.value.from,
                    blackout.value.to,
                    place_of(&blackout.source)
                ),
            ));
        }
    }
    for (code, message) in found {
        builder.notice(Level::Warning, code, message, None);
    }
}

/// Two different people called sponsor is worth a question.
fn one_sponsor(builder: &mut Builder<'_>) {
    let sponsors: Vec<(String, String)> = builder
        .deal
        .stakeholders
        .iter()
        .filter(|person| {
            person.value.role == gangway_domain::deal::StakeholderRole::ExecutiveSponsor
                && person.confidence == Confidence::High
        })
        .map(|person| (person.value.label(), place_of(&person.source)))
        .collect();
    if let [(first, here), (second, there), ..] = sponsors.as_slice() {
        let message = format!(
            "Two sponsors are named: {first} ({here}) and {second} ({there}). The first is taken as the executive sponsor; check who decides."
        );
        builder.notice(Level::Warning, "contradiction", message, None);
    }
}
