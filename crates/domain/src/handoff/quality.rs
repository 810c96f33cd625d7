//! How complete a handoff is: the items of the handoff checklist against the facts of the deal.

use crate::deal::{Deal, StakeholderRole};
use crate::fact::Confidence;
use crate::methodology::{Checklist, HandoffRules};
use crate::package::{ItemState, Quality, QualityItem};

/// Scores a deal against the handoff checklist.
///
/// `score` is the weighted share of all items that hold (a partly met item counts half), so an
/// item only people can tick lowers it until it is ticked; `document_score` looks at the items
/// that the document alone answers.
#[must_use]
pub fn assess(deal: &Deal, checklist: Option<&Checklist>, rules: &HandoffRules) -> Quality {
    let mut items = Vec::new();
    let (mut all, mut earned, mut document, mut document_earned) = (0_u32, 0_u32, 0_u32, 0_u32);
    for group in checklist.map(|checklist| checklist.groups.as_slice()).unwrap_or_default() {
        for item in &group.items {
            let (state, because) = match item.answered_by.as_deref() {
                Some(key) => answers(deal, key),
                None => (ItemState::Open, "ticked by a person when it has happened".to_owned()),
            };
            // Points in halves, so that a partly met item is worth exactly half.
            let points = match state {
                ItemState::Met => 2 * item.weight,
                ItemState::Partly => item.weight,
                ItemState::Missing | ItemState::Open => 0,
            };
            all += 2 * item.weight;
            earned += points;
            if state != ItemState::Open {
                document += 2 * item.weight;
                document_earned += points;
            }
            items.push(QualityItem { group: group.title.clone(), text: item.text.clone(), state, because });
        }
    }
    let percent = |part: u32, whole: u32| (part * 100).checked_div(whole).unwrap_or(0);
    let document_score = percent(document_earned, document);
    Quality {
        score: percent(earned, all),
        document_score,
        ready: document > 0 && document_score >= rules.ready_percent,
        items,
    }
}

/// Whether the deal answers a part of the handoff, and what supports or lacks.
///
/// Keys are what `answered_by` of a checklist item may name; several may be joined by `+`, and
/// then all of them must hold. An unknown key leaves the item to a person.
#[must_use]
pub fn answers(deal: &Deal, key: &str) -> (ItemState, String) {
    let parts: Vec<(ItemState, String)> = key.split('+').map(|part| answer(deal, part.trim())).collect();
    let state = if parts.iter().any(|(state, _)| *state == ItemState::Open) {
        ItemState::Open
    } else if parts.iter().all(|(state, _)| *state == ItemState::Met) {
        ItemState::Met
    } else if parts.iter().all(|(state, _)| *state == ItemState::Missing) {
        ItemState::Missing
    } else {
        ItemState::Partly
    };
    let because = parts.into_iter().map(|(_, because)| because).collect::<Vec<_>>().join("; ");
    (state, because)
}

fn answer(deal: &Deal, key: &str) -> (ItemState, String) {
    let one = |known: bool, what: &str| -> (ItemState, String) {
        if known {
            (ItemState::Met, format!("{what} known"))
        } else {
            (ItemState::Missing, format!("{what} missing"))
        }
    };
    let many = |count: usize, what: &str| -> (ItemState, String) {
        if count > 0 {
            (ItemState::Met, format!("{what}: {count}"))
        } else {
            (ItemState::Missing, format!("no {what}"))
        }
    };
    match key {
        "customer" => one(deal.customer.is_some(), "customer's name"),
        "industry" => one(deal.industry.is_some(), "industry"),
        "size" | "employees" => one(deal.employees.is_some(), "company size"),
        "website" => one(deal.website.is_some(), "website"),
        "country" => one(deal.country.is_some(), "country"),
        "acv" => one(deal.acv.is_some(), "annual value"),
        "term" => one(deal.term_months.is_some(), "contract term"),
        "contract_start" | "closed_on" => {
            one(deal.contract_start.is_some() || deal.closed_on.is_some(), "contract date")
        }
        "products" | "product" => many(deal.products.len(), "products"),
        "use_cases" | "use_case" => many(deal.use_cases.len(), "use cases"),
        "situation" => many(deal.situation.len(), "words on today's situation"),
        "pain" => many(deal.pain.len(), "pains"),
        "impact" => many(deal.impact.len(), "expected impacts"),
        "critical_event" => many(deal.critical_event.len(), "critical events"),
        "decision" => many(deal.decision.len() + deal.alternatives.len(), "decision drivers or alternatives"),
        "alternatives" => many(deal.alternatives.len(), "alternatives considered"),
        "spiced" => share(
            &[
                !deal.situation.is_empty() || !deal.integrations.is_empty() || !deal.data_sources.is_empty(),
                !deal.pain.is_empty() || !deal.use_cases.is_empty(),
                !deal.impact.is_empty() || !deal.success_criteria.is_empty(),
                !deal.critical_event.is_empty() || deal.go_live.is_some(),
                !deal.decision.is_empty() || !deal.alternatives.is_empty(),
            ],
            "SPICED parts",
        ),
        "document" | "documentation" => share(
            &[
                deal.customer.is_some(),
                deal.acv.is_some(),
                !deal.products.is_empty(),
                !deal.use_cases.is_empty() || !deal.pain.is_empty(),
                !deal.success_criteria.is_empty(),
                !deal.stakeholders.is_empty(),
                deal.go_live.is_some(),
                !deal.integrations.is_empty() || deal.sso.is_some() || !deal.constraints.is_empty(),
                !deal.promises.is_empty(),
                !deal.red_flags.is_empty(),
            ],
            "sections of the handoff document",
        ),
        "success_criteria" => success_criteria(deal),
        "timeline" | "go_live" => one(deal.go_live.is_some(), "go-live expectation"),
        "stakeholders" => stakeholders(deal),
        "sponsor" => one(has_role(deal, StakeholderRole::ExecutiveSponsor), "executive sponsor"),
        "champion" => one(has_role(deal, StakeholderRole::Champion), "champion"),
        "technical" => share(
            &[
                !deal.integrations.is_empty(),
                deal.sso.is_some(),
                !deal.data_sources.is_empty(),
                !deal.constraints.is_empty() || !deal.concerns.is_empty(),
            ],
            "parts of the technical context",
        ),
        "integrations" => many(deal.integrations.len(), "integrations"),
        "data_sources" => many(deal.data_sources.len(), "data sources"),
        "sso" => one(deal.sso.is_some(), "sign-on provider"),
        "concerns" => many(deal.concerns.len(), "technical concerns"),
        "relationship" => many(deal.relationship.len(), "relationship notes"),
        "promises" => many(deal.promises.len(), "promises listed"),
        "non_scope" => many(deal.non_scope.len(), "exclusions listed"),
        "red_flags" => many(deal.red_flags.len(), "red flags listed"),
        "mitigations" | "mitigation" => {
            let with = deal.red_flags.iter().filter(|flag| flag.value.mitigation.is_some()).count();
            match (with, deal.red_flags.len()) {
                (_, 0) => (ItemState::Missing, "no red flags listed".into()),
                (with, all) if with == all => (ItemState::Met, "every red flag has an approach".into()),
                (0, _) => (ItemState::Missing, "no red flag has an approach".into()),
                (with, all) => (ItemState::Partly, format!("{with} of {all} red flags have an approach")),
            }
        }
        _ => (ItemState::Open, "ticked by a person when it has happened".into()),
    }
}

fn share(parts: &[bool], what: &str) -> (ItemState, String) {
    let known = parts.iter().filter(|part| **part).count();
    let state = match known {
        0 => ItemState::Missing,
        all if all == parts.len() => ItemState::Met,
        _ => ItemState::Partly,
    };
    (state, format!("{known} of {} {what}", parts.len()))
}

fn success_criteria(deal: &Deal) -> (ItemState, String) {
    let measurable = deal
        .success_criteria
        .iter()
        .filter(|fact| {
            fact.value.metric.is_some() || fact.value.target.is_some() || has_number(&fact.value.text)
        })
        .count();
    match (measurable, deal.success_criteria.len()) {
        (_, 0) => (ItemState::Missing, "no success criteria".into()),
        (0, all) => (ItemState::Partly, format!("{all} success criteria, none measurable")),
        (measurable, all) => {
            (ItemState::Met, format!("{measurable} of {all} success criteria are measurable"))
        }
    }
}

fn has_number(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}

fn stakeholders(deal: &Deal) -> (ItemState, String) {
    let confident = |role: StakeholderRole| {
        deal.stakeholders.iter().any(|fact| fact.value.role == role && fact.confidence >= Confidence::Medium)
    };
    if deal.stakeholders.is_empty() {
        return (ItemState::Missing, "nobody named".into());
    }
    let mut missing = Vec::new();
    for (role, name) in [
        (StakeholderRole::ExecutiveSponsor, "executive sponsor"),
        (StakeholderRole::ProjectLead, "project lead"),
        (StakeholderRole::TechnicalLead, "technical lead"),
        (StakeholderRole::EndUser, "end-user champion"),
    ] {
        let by_champion = matches!(role, StakeholderRole::ProjectLead | StakeholderRole::EndUser)
            && confident(StakeholderRole::Champion);
        if !confident(role) && !by_champion {
            missing.push(name.to_owned());
        }
    }
    if missing.is_empty() {
        (ItemState::Met, format!("{} listed, every role filled", deal.stakeholders.len()))
    } else {
        let missing = crate::fit::list_in_words(&missing);
        (ItemState::Partly, format!("{} listed; missing: {missing}", deal.stakeholders.len()))
    }
}

fn has_role(deal: &Deal, role: StakeholderRole) -> bool {
    deal.stakeholders.iter().any(|fact| fact.value.role == role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deal::SuccessCriterion;
    use crate::fact::Fact;
    use crate::methodology::{ChecklistGroup, ChecklistItem};

    fn item(id: &str, answered_by: Option<&str>) -> ChecklistItem {
        ChecklistItem {
            id: id.into(),
            text: id.into(),
            evidence: None,
            role: None,
            when: None,
            rule: None,
            facts: None,
            answered_by: answered_by.map(Into::into),
            weight: 1,
        }
    }

    #[test]
    fn a_partly_met_item_counts_half_and_people_tick_the_rest() {
        let checklist = Checklist {
            id: "h".into(),
            title: "h".into(),
            purpose: String::new(),
            groups: vec![ChecklistGroup {
                title: "g".into(),
                items: vec![
                    item("name", Some("customer")),
                    item("criteria", Some("success_criteria")),
                    item("met", None),
                    item("value", Some("acv")),
                ],
            }],
            approvals: vec![],
        };
        let deal = Deal {
            customer: Some(Fact::derived("Acme".into(), "", Confidence::High)),
            success_criteria: vec![Fact::derived(
                SuccessCriterion { text: "faster".into(), ..Default::default() },
                "",
                Confidence::High,
            )],
            ..Deal::default()
        };
        let rules = HandoffRules { ready_percent: 50, ..HandoffRules::default() };
        let quality = assess(&deal, Some(&checklist), &rules);
        // 1 met + ½ partly of 4 items; of the 3 that documents answer.
        assert_eq!((quality.score, quality.document_score, quality.ready), (37, 50, true));
    }

    #[test]
    fn joined_keys_must_all_hold() {
        let deal =
            Deal { customer: Some(Fact::derived("A".into(), "", Confidence::High)), ..Deal::default() };
        assert_eq!(answers(&deal, "customer+acv").0, ItemState::Partly);
        assert_eq!(answers(&deal, "customer + nonsense").0, ItemState::Open);
        assert_eq!(answers(&deal, "acv").0, ItemState::Missing);
    }
}
