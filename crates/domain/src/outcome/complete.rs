//! The definition of complete: 3–5 value and 3–5 technical milestones, and by when [000].

use jiff::civil::Date;

use crate::programme::MilestoneKind;
use crate::work::RunningPlan;

/// How few and how many milestones of a kind a definition names.
const NAMED: std::ops::RangeInclusive<usize> = 3..=5;

/// A milestone the definition of complete names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    /// Id inside the plan.
    pub code: String,
    /// What is reached.
    pub name: String,
    /// Date it is due.
    pub due: Date,
    /// Date the plan reaches it; the day it was reached once it is.
    pub planned: Date,
    /// The day it was reached.
    pub reached_on: Option<Date>,
    /// Who waived it, and why.
    pub waived: Option<(String, String)>,
}

impl Needed {
    /// Nothing of it is missing.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.reached_on.is_some() || self.waived.is_some()
    }
}

/// What of the definition of complete is there, and what lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completeness {
    /// The day by which the onboarding should be complete.
    pub by: Option<Date>,
    /// Value milestones.
    pub value: Vec<Needed>,
    /// Technical milestones.
    pub technical: Vec<Needed>,
    /// Outcomes the customer confirmed.
    pub verified: usize,
    /// All outcomes of the joint impact plan.
    pub outcomes: usize,
}

impl Completeness {
    /// Of a plan as it stands; one that cannot be worked yet names nothing.
    #[must_use]
    pub fn of(plan: Option<&RunningPlan>, by: Option<Date>, outcomes: usize, verified: usize) -> Self {
        let named = |kind: MilestoneKind| -> Vec<Needed> {
            let codes = plan.iter().flat_map(|plan| plan.ground.complete.iter().map(|code| (*plan, code)));
            codes
                .filter_map(|(plan, code)| plan.milestone(code))
                .filter(|one| one.kind == kind)
                .map(|one| Needed {
                    code: one.code.clone(),
                    name: one.name.clone(),
                    due: one.due,
                    planned: one.planned,
                    reached_on: one.reached_on,
                    waived: one.waived.as_ref().map(|waived| (waived.by.clone(), waived.reason.clone())),
                })
                .collect()
        };
        Self {
            by,
            value: named(MilestoneKind::Value),
            technical: named(MilestoneKind::Technical),
            verified,
            outcomes,
        }
    }

    /// What lacks, in words; empty when the onboarding is complete.
    #[must_use]
    pub fn lacking(&self) -> Vec<String> {
        let open = self.value.iter().chain(&self.technical).filter(|one| !one.is_met());
        let mut lacking: Vec<String> = open.map(|one| format!("“{}” is not reached", one.name)).collect();
        if self.verified == 0 {
            lacking.push("no outcome is verified by the customer".to_owned());
        }
        lacking
    }

    /// Nothing lacks.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.lacking().is_empty()
    }

    /// What is wrong with the definition itself, in words: plans of earlier versions or changed ones may name too few.
    #[must_use]
    pub fn flaws(&self) -> Vec<String> {
        let kinds = [("value", self.value.len()), ("technical", self.technical.len())];
        let wrong = kinds.into_iter().filter(|(_, count)| !NAMED.contains(count));
        wrong
            .map(|(kind, count)| format!("complete means 3 to 5 {kind} milestones; this plan names {count}"))
            .collect()
    }

    /// Milestones that are met, of all that are named.
    #[must_use]
    pub fn met(&self) -> (usize, usize) {
        let all = || self.value.iter().chain(&self.technical);
        (all().filter(|one| one.is_met()).count(), all().count())
    }

    /// Calendar days by which it is late on a day, by plan or because its day has passed; 0 when it is not.
    #[must_use]
    pub fn days_late(&self, today: Date) -> i64 {
        let open = self.value.iter().chain(&self.technical).filter(|one| !one.is_met());
        let last = open.map(|one| one.planned.max(today)).max();
        match (self.by, last) {
            (Some(by), Some(last)) => i64::from((last - by).get_days()).max(0),
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn needed(name: &str, reached_on: Option<Date>, waived: bool) -> Needed {
        Needed {
            code: name.to_lowercase(),
            name: name.to_owned(),
            due: date(2027, 2, 1),
            planned: date(2027, 2, 3),
            reached_on,
            waived: waived.then(|| ("Ines".to_owned(), "not bought".to_owned())),
        }
    }

    fn known() -> Completeness {
        Completeness {
            by: Some(date(2027, 2, 1)),
            value: vec![needed("Live", Some(date(2027, 2, 1)), false), needed("Proven", None, false)],
            technical: vec![needed("Connected", None, true)],
            verified: 0,
            outcomes: 2,
        }
    }

    #[test]
    fn what_lacks_is_said_and_a_waiver_counts() {
        let first = known();
        assert_eq!(first.lacking(), ["“Proven” is not reached", "no outcome is verified by the customer"]);
        assert_eq!((first.met(), first.is_complete()), ((2, 3), false));
        let value = vec![needed("Live", Some(date(2027, 2, 1)), false)];
        assert!(Completeness { value, verified: 1, ..known() }.is_complete());
    }

    #[test]
    fn a_definition_of_too_few_is_flawed() {
        assert_eq!(known().flaws().len(), 2);
        assert!(known().flaws()[1].ends_with("this plan names 1"));
    }

    #[test]
    fn it_is_late_by_plan_or_because_its_day_has_passed() {
        assert_eq!(known().days_late(date(2027, 1, 1)), 2, "by plan");
        assert_eq!(known().days_late(date(2027, 2, 11)), 10, "its day has passed");
        let done = Completeness { value: Vec::new(), ..known() };
        assert_eq!(done.days_late(date(2027, 2, 11)), 0, "all that is open is waived");
    }
}
