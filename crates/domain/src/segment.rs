//! Segmentation: which segment, touch model and programme a deal calls for, and why.
//!
//! Value gives a first answer; the other facets pull towards more or less touch [000, 004]. Value
//! alone never decides: every recommendation says of each facet what it makes of it, and can be
//! overridden with a reason.

use thiserror::Error;

use crate::deal::{Deal, Maturity};
use crate::fit;
use crate::methodology::{Methodology, Segment};
use crate::money::{Currency, Money};
use crate::package::{Override, Reason, Segmentation};
use crate::portal::Language;
use crate::rule::{FIT_FACTS, FactValue, Facts, Rule, RuleError};

/// The facets of a recommendation, in the order people look at them.
pub const FACETS: [&str; 7] =
    ["value", "complexity", "users", "integrations", "industry", "maturity", "use-case"];

/// A segment chosen by a person instead of the recommended one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentOverride {
    /// The segment (id).
    pub segment: String,
    /// Why.
    pub reason: String,
}

/// Why no segment could be recommended.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SegmentError {
    /// The methodology has no segments.
    #[error("the methodology defines no segments: add them to segments.toml")]
    None,
    /// The override names a segment that does not exist.
    #[error("there is no segment `{given}`; the segments are {known}")]
    Unknown {
        /// What was given.
        given: String,
        /// The ids that exist.
        known: String,
    },
    /// The override gives no reason.
    #[error("choosing another segment needs a reason")]
    NoReason,
    /// The programme of the segment does not exist.
    #[error("segment `{segment}` uses programme `{programme}`, which does not exist")]
    NoProgramme {
        /// Segment id.
        segment: String,
        /// Programme id.
        programme: String,
    },
    /// A facet's rule failed.
    #[error("segments.toml, facet `{facet}`: {error}")]
    Facet {
        /// Facet id.
        facet: String,
        /// What went wrong.
        error: RuleError,
    },
}

/// Recommends segment, touch model and programme for a deal.
///
/// # Errors
/// When the methodology has no usable segment, or the override is not valid.
pub fn recommend(
    deal: &Deal,
    methodology: &Methodology,
    chosen: Option<&SegmentOverride>,
) -> Result<Segmentation, SegmentError> {
    let segments = &methodology.segments;
    let last = segments.segments.len().checked_sub(1).ok_or(SegmentError::None)?;
    let facts = fit::facts(deal, segments, "");

    let (by_value, mut reasons) = by_value(deal, methodology);
    let pulls = pulls(&facts, methodology)?;
    let points: i32 = pulls.iter().map(|reason| reason.pull).sum();
    reasons.extend(pulls);
    let neutral = neutral(deal, &reasons);
    reasons.extend(neutral);

    let start = by_value.unwrap_or_else(|| without_value(&facts, last));
    let index = match i32::try_from(segments.shift_at).unwrap_or(i32::MAX) {
        // Facets are reasons only.
        0 => start,
        at if points >= at => (start + 1).min(last),
        at if points <= -at => start.saturating_sub(1),
        _ => start,
    };
    if index != start {
        let direction = if index > start { "more" } else { "less" };
        reasons.push(Reason {
            facet: "together".into(),
            pull: 0,
            text: format!(
                "Together these call for {direction} touch than value alone: {} instead of {}.",
                segments.segments[index].name, segments.segments[start].name
            ),
            neutral: false,
        });
    }

    let recommended = &segments.segments[index];
    let (segment, overridden) = match chosen {
        None => (recommended, None),
        Some(choice) => {
            if choice.reason.trim().is_empty() {
                return Err(SegmentError::NoReason);
            }
            let segment = find(&segments.segments, &choice.segment)?;
            let overridden =
                Override { recommended: recommended.id.clone(), reason: choice.reason.trim().to_owned() };
            (segment, Some(overridden))
        }
    };
    let programme = methodology.programmes.get(&segment.programme).ok_or_else(|| {
        SegmentError::NoProgramme { segment: segment.id.clone(), programme: segment.programme.clone() }
    })?;
    Ok(Segmentation {
        segment: segment.id.clone(),
        segment_name: segment.name.clone(),
        touch: segment.touch.clone(),
        touch_words: segment.touch_words.clone(),
        programme: programme.id.clone(),
        programme_name: programme.name.clone(),
        programme_version: programme.version,
        methodology: methodology.digest.clone(),
        by_value: by_value.map(|index| segments.segments[index].id.clone()),
        reasons,
        overridden,
        meetings: segment.meetings.clone(),
        duration_days: segment.duration_days,
        resources: segment.resources.clone(),
        personalization: segment.personalization.clone(),
    })
}

fn find<'a>(segments: &'a [Segment], id: &str) -> Result<&'a Segment, SegmentError> {
    segments.iter().find(|segment| segment.id == id).ok_or_else(|| SegmentError::Unknown {
        given: id.to_owned(),
        known: segments.iter().map(|segment| segment.id.as_str()).collect::<Vec<_>>().join(", "),
    })
}

/// Index of the segment whose bounds hold the annual value, with the reason in words.
fn by_value(deal: &Deal, methodology: &Methodology) -> (Option<usize>, Vec<Reason>) {
    let segments = &methodology.segments;
    let reason = |text: String| vec![Reason { facet: "value".into(), pull: 0, text, neutral: false }];
    let Some(acv) = &deal.acv else {
        return (None, reason("The annual value is not known, so the other facets decide.".into()));
    };
    let Some(value) = fit::in_workspace_currency(acv.value, segments) else {
        let text = format!(
            "{} cannot be compared: segments.toml has no rate for {}.",
            acv.value,
            acv.value.currency.code()
        );
        return (None, reason(text));
    };
    let index = segments.segments.iter().rposition(|segment| value >= segment.from);
    let Some(index) = index else {
        return (None, reason(format!("{} lies below every segment.", acv.value)));
    };
    let segment = &segments.segments[index];
    let amount = |units: i64| -> String {
        match segments.currency.parse::<Currency>() {
            Ok(currency) => Money::major(units, currency).to_string(),
            Err(_) => format!("{units} {}", segments.currency),
        }
    };
    let bounds = match segment.below {
        Some(below) if segment.from > 0 => {
            format!("from {} to below {}", amount(segment.from), amount(below))
        }
        Some(below) => format!("below {}", amount(below)),
        None => format!("{} and more", amount(segment.from)),
    };
    let converted = if acv.value.currency.code() == segments.currency {
        String::new()
    } else {
        format!(" (about {} at the stated rate)", amount(value))
    };
    (Some(index), reason(format!("{} a year{converted} is {}: {bounds}.", acv.value, segment.name)))
}

/// Without a value, size is guessed from users, integrations and sites alone: the smallest segment
/// for a handful of users, the second largest for large or wired-up customers.
fn without_value(facts: &Facts, last: usize) -> usize {
    let number = |name: &str| match facts.0.get(name) {
        Some(FactValue::Int(number)) => *number,
        _ => 0,
    };
    let size = usize::from(number("users") >= 10 || number("integrations") >= 1)
        + usize::from(number("users") >= 50 || number("integrations") >= 2 || number("sites") >= 2)
        + usize::from(number("users") >= 1_000 || number("sites") >= 10);
    size.min(last)
}

/// The facets besides value that apply, with their pull and reason in words.
fn pulls(facts: &Facts, methodology: &Methodology) -> Result<Vec<Reason>, SegmentError> {
    let mut words = fit::Words::default();
    for (name, value) in &facts.0 {
        let text = match value {
            FactValue::Int(number) => Language::En.number(*number),
            FactValue::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            FactValue::Text(text) => text.clone(),
            FactValue::List(items) => fit::list_in_words(items),
            // Groups are facts of running onboardings; deals have none.
            FactValue::Group(_) => continue,
        };
        words.set(name, text);
    }
    let mut reasons = Vec::new();
    for facet in &methodology.segments.facets {
        let wrap = |error| SegmentError::Facet { facet: facet.id.clone(), error };
        let rule = Rule::compile(&facet.when, FIT_FACTS).map_err(wrap)?;
        if rule.test(facts).map_err(wrap)? {
            reasons.push(Reason {
                facet: facet.facet.clone(),
                pull: facet.pull,
                text: words.fill(&facet.reason),
                neutral: false,
            });
        }
    }
    Ok(reasons)
}

/// A line for each facet no rule speaks of, so that nobody wonders whether it was looked at.
fn neutral(deal: &Deal, said: &[Reason]) -> Vec<Reason> {
    let silent = FACETS.into_iter().filter(|facet| said.iter().all(|reason| reason.facet != **facet));
    silent
        .map(|facet| Reason { facet: facet.to_owned(), pull: 0, text: neither(facet, deal), neutral: true })
        .collect()
}

/// Why a facet pulls neither way: it is not known, and what to ask then; or it calls for neither.
fn neither(facet: &str, deal: &Deal) -> String {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let pulls = |count: i64, noun: &str| {
        let pull = if count == 1 { "pulls" } else { "pull" };
        format!("{} {pull} neither way", fit::counted(count, noun))
    };
    match facet {
        "complexity" => format!("Between a standard and a custom case: {}", extent(deal)),
        "users" => match deal.users.as_ref().filter(|users| users.value > 0) {
            Some(users) => pulls(i64::from(users.value), "user"),
            None => "How many people will use it is not known: ask the project lead".to_owned(),
        },
        "integrations" if deal.integrations.is_empty() => {
            "No integration is named: ask which systems it has to work with".to_owned()
        }
        "integrations" => pulls(number(deal.integrations.len()), "integration"),
        "industry" => match &deal.industry {
            Some(industry) => format!("The industry pulls neither way: {}", industry.value),
            None => "The industry is not known: ask sales, and whether it is regulated".to_owned(),
        },
        "maturity" => match deal.maturity.as_ref().map(|fact| fact.value) {
            Some(maturity) => {
                let known = match maturity {
                    Maturity::Novice => "new to this kind of product",
                    Maturity::Practitioner => "have used something like it before",
                    Maturity::Expert => "know this kind of product well",
                };
                format!("Their experience pulls neither way: {known}")
            }
            None => {
                "Their experience with this kind of product is not known: ask at the introduction".to_owned()
            }
        },
        "use-case" if deal.use_cases.is_empty() => {
            "No use case is named: ask what they want to reach first".to_owned()
        }
        "use-case" => pulls(number(deal.use_cases.len()), "use case"),
        _ => "Pulls neither way".to_owned(),
    }
}

/// How much there is to do, in words: `2 integrations, 3 sites, 1 product and 1 use case`.
fn extent(deal: &Deal) -> String {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let parts = [
        (number(deal.integrations.len()), "integration"),
        (number(deal.data_sources.len()), "data source"),
        (i64::from(fit::site_count(deal)), "site"),
        (number(deal.products.len().max(1)), "product"),
        (number(deal.use_cases.len().max(1)), "use case"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, noun)| fit::counted(count, noun)).collect();
    fit::list_in_words(&parts)
}
