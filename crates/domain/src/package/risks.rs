//! What could go wrong as seen on the first day, by the rules of `risks.toml`.

use std::cmp::Reverse;

use super::first_day::FirstDay;
use super::judge::Judge;
use super::{BuildError, PromiseEntry, Risk};
use crate::deal::{Deal, Severity};
use crate::fit::{Words, list_in_words};
use crate::handoff::place;
use crate::methodology::{RiskItem, RiskRule};

/// Something a risk is repeated for: its words, and what the deal itself says about it.
struct Item {
    words: Words,
    severity: Option<Severity>,
    mitigation: Option<String>,
}

/// The risks of the first day, the gravest first.
pub(super) fn risks(day: &FirstDay<'_>) -> Result<Vec<Risk>, BuildError> {
    let rules = &day.frame.ground.methodology.risks;
    let judge = Judge::of_first_day(&day.facts, "risks.toml");
    let mut risks = Vec::new();
    for rule in &rules.risks {
        if !judge.applies(rule.when.as_deref(), &rule.id)? {
            continue;
        }
        let category = rules.categories.iter().find(|known| Some(&known.id) == rule.category.as_ref());
        for item in items(rule, day) {
            risks.push(Risk {
                text: item.words.fill(&rule.text),
                severity: item.severity.unwrap_or(rule.severity),
                mitigation: item.mitigation.unwrap_or_else(|| item.words.fill(&rule.mitigation)),
                owner: day.frame.ground.cast.first(&rule.owner).name,
                origin: item.words.fill(&rule.origin),
                category: category.map(|category| category.name.clone()),
            });
        }
    }
    risks.sort_by_key(|risk| Reverse(risk.severity));
    Ok(risks)
}

fn items(rule: &RiskRule, day: &FirstDay<'_>) -> Vec<Item> {
    let words = &day.words;
    match rule.for_each {
        None => vec![Item { words: words.clone(), severity: None, mitigation: None }],
        Some(RiskItem::RedFlag) => red_flags(day.frame.ground.deal, words),
        Some(RiskItem::LatePromise) => promises(rule, day, |promise| promise.on_time == Some(false)),
        Some(RiskItem::UntiedPromise) => {
            promises(rule, day, |promise| promise.by.is_some() && promise.on_time.is_none())
        }
    }
}

fn promises(rule: &RiskRule, day: &FirstDay<'_>, meant: impl Fn(&PromiseEntry) -> bool) -> Vec<Item> {
    let item = |promise: &PromiseEntry| Item {
        words: day
            .words
            .with("item", format!("{} (“{}”)", promise.id, promise.text.trim_end_matches('.')))
            .with("place", promise.place.clone()),
        severity: None,
        mitigation: (!promise.kept_if.is_empty()).then(|| {
            format!(
                "{}: that keeps it; otherwise {}",
                list_in_words(&promise.kept_if),
                day.words.fill(&rule.mitigation)
            )
        }),
    };
    day.promises.iter().filter(|promise| meant(promise)).map(item).collect()
}

fn red_flags(deal: &Deal, words: &Words) -> Vec<Item> {
    deal.red_flags
        .iter()
        .map(|fact| Item {
            words: words.with("item", fact.value.text.clone()).with("place", place(fact)),
            severity: fact.value.severity,
            mitigation: fact.value.mitigation.clone(),
        })
        .collect()
}
