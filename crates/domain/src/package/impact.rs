//! The joint impact plan as a draft, its outcomes with the promises they keep [000, 001, 002].
//!
//! It is not the technical plan: outcomes are what the customer will be able to show.

use jiff::civil::Date;

use super::verdict::on;
use super::{ImpactPlan, KeyDates, Names, OnboardingPlan, Outcome, PlanMilestone, PromiseEntry};
use crate::deal::{Deal, StakeholderRole, SuccessCriterion};
use crate::programme::MilestoneKind;
use crate::work::RunningPlan;

/// Words that say nothing about what a sentence is about.
const FILLERS: [&str; 12] =
    ["with", "will", "from", "that", "this", "have", "they", "their", "your", "into", "then", "before"];

/// Words of four letters or more, in lower case, fillers left out.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= 4)
        .map(str::to_lowercase)
        .filter(|word| !FILLERS.contains(&word.as_str()))
        .collect()
}

/// Drafts the plan: an outcome per success criterion, else one per use case, else one to be agreed.
pub(super) fn impact_plan(
    deal: &Deal,
    names: &Names,
    plan: &OnboardingPlan,
    dates: &KeyDates,
    promises: &[PromiseEntry],
) -> ImpactPlan {
    let stated: Vec<SuccessCriterion> = if deal.success_criteria.is_empty() {
        deal.use_cases
            .iter()
            .map(|fact| SuccessCriterion { text: fact.value.clone(), ..SuccessCriterion::default() })
            .collect()
    } else {
        deal.success_criteria.iter().map(|fact| fact.value.clone()).collect()
    };
    let stated = if stated.is_empty() {
        vec![SuccessCriterion {
            text: format!("Goal to be agreed with {}", names.customer),
            ..Default::default()
        }]
    } else {
        stated
    };
    let value: Vec<&PlanMilestone> =
        plan.milestones.iter().filter(|milestone| milestone.kind == MilestoneKind::Value).collect();
    let first = first_of(&plan.milestones);
    let sponsor = deal
        .stakeholders
        .iter()
        .map(|fact| &fact.value)
        .find(|person| person.role == StakeholderRole::ExecutiveSponsor)
        .map_or_else(|| "executive sponsor, to be named".to_owned(), crate::deal::Stakeholder::label);
    let outcomes = stated
        .into_iter()
        .enumerate()
        .map(|(index, criterion)| {
            let wanted = words(&criterion.text);
            let kept = promises.iter().filter(|promise| {
                words(&promise.text).iter().filter(|word| wanted.contains(word)).count() >= 2
            });
            Outcome {
                id: format!("O{}", index + 1),
                by: criterion.by.unwrap_or(dates.finish_on),
                evidence: evidence(&criterion),
                goal: criterion.text,
                metric: criterion.metric,
                baseline: criterion.baseline,
                target: criterion.target,
                confirmed_by: sponsor.clone(),
                promises: kept.map(|promise| promise.id.clone()).collect(),
            }
        })
        .collect();
    ImpactPlan {
        north_star: north_star(deal, names, dates),
        first_impact: first.map_or_else(
            || "to be defined at the kickoff".into(),
            |milestone| format!("{}, by {}", milestone.name, on(milestone.planned)),
        ),
        outcomes,
        milestones: value.iter().map(|milestone| milestone.id.clone()).collect(),
    }
}

impl ImpactPlan {
    /// Moves the days its sentences name from where the plan had them when it was made (`dates`, `milestones`) to where
    /// it has them now.
    pub fn follow(&mut self, dates: &KeyDates, milestones: &[PlanMilestone], live: &RunningPlan) {
        let before = live_by(dates.go_live_on, dates.go_live_target);
        let now = live_by(live.promise().go_live, live.ground.target);
        self.north_star = moved(&self.north_star, before, now);
        let first = first_of(milestones);
        if let Some((first, now)) = first.and_then(|first| Some((first, live.milestone(&first.id)?))) {
            self.first_impact = moved(&self.first_impact, first.planned, now.planned);
        }
    }
}

/// A sentence of the plan with another day.
fn moved(text: &str, before: Date, now: Date) -> String {
    text.replace(&format!(" by {}", on(before)), &format!(" by {}", on(now)))
}

/// The milestone of the first value, else the first one of value.
fn first_of(milestones: &[PlanMilestone]) -> Option<&PlanMilestone> {
    let mut value = milestones.iter().filter(|milestone| milestone.kind == MilestoneKind::Value);
    let first = value.clone().find(|milestone| milestone.first_value);
    first.or_else(|| value.next())
}

/// The day by which it is said to be live: the wanted one only where the plan meets it.
fn live_by(go_live: Date, target: Option<Date>) -> Date {
    target.filter(|target| go_live <= *target).unwrap_or(go_live)
}

fn evidence(criterion: &SuccessCriterion) -> String {
    match (&criterion.metric, &criterion.baseline) {
        (Some(metric), Some(_)) => format!("{metric}, measured as the baseline was, on the agreed date"),
        (Some(metric), None) => {
            format!("{metric}: measure the baseline before configuration starts, then again on the date")
        }
        (None, _) => {
            "a figure or a screen both sides agree on at the kickoff, captured before and after".into()
        }
    }
}

fn north_star(deal: &Deal, names: &Names, dates: &KeyDates) -> String {
    let by = on(live_by(dates.go_live_on, dates.go_live_target));
    // A success criterion is their own sentence, often in another language: it stands in quotation marks.
    let goal = deal
        .success_criteria
        .first()
        .map(|fact| format!("“{}”", fact.value.text.trim_end_matches('.')))
        .or_else(|| deal.use_cases.first().map(|fact| fact.value.trim_end_matches('.').to_owned()));
    match goal {
        Some(goal) => format!("{}: {goal}, live by {by}.", names.customer),
        None => format!(
            "{} is live with {} by {by}; the goal is agreed at the kickoff.",
            names.customer, names.product
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn sentences_name_the_days_of_the_plan_as_it_stands() {
        let (before, now) = (date(2027, 3, 16), date(2027, 3, 23));
        let said = "Acme: “close by 16 March”, live by 16 March 2027.";
        assert_eq!(moved(said, before, now), "Acme: “close by 16 March”, live by 23 March 2027.");
        assert_eq!(moved("In the words of people", before, now), "In the words of people");
        assert_eq!(live_by(before, Some(now)), now, "the wanted day is met");
        assert_eq!(live_by(now, Some(before)), now, "it is missed");
    }

    #[test]
    fn fillers_and_short_words_tie_nothing_together() {
        assert_eq!(words("The sync will work with SAP"), ["sync", "work"]);
        assert_eq!(words("First dashboard built from their data"), ["first", "dashboard", "built", "data"]);
    }
}
