//! Value as outcomes show it: the first of it, and the value milestones it meets.

use jiff::civil::Date;

use crate::programme::MilestoneKind;
use crate::work::RunningPlan;

/// What an outcome shows of value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The day a measurement first showed that it is there; none while it is not.
    pub on: Option<Date>,
    /// The customer confirmed it.
    pub verified: bool,
    /// It was named as the first value beforehand.
    pub first: bool,
    /// It was named as the full value beforehand.
    pub full: bool,
    /// Ids of the milestones it is tied to, through the promises it keeps.
    pub milestones: Vec<String>,
}

/// The day of the first value: the earliest on which an outcome was there that the customer confirmed, whichever it is
/// [000, 001]; or on which the one was there that was named as the first value.
#[must_use]
pub fn first_value(all: &[Shown]) -> Option<Date> {
    all.iter().filter(|one| one.verified || one.first).filter_map(|one| one.on).min()
}

/// A plan as its value is judged: a value milestone is reached with the outcome it is tied to, once the customer has
/// confirmed that one; the milestone of the first value with the earliest confirmed, when it is tied to none. What people
/// said of a milestone counts before. The plan that is worked stays as it is: its gates are passed by their criteria.
#[must_use]
pub fn judged(plan: &RunningPlan, all: &[Shown]) -> RunningPlan {
    let mut plan = plan.clone();
    let verified: Vec<&Shown> = all.iter().filter(|one| one.verified).collect();
    let first = plan.ground.first_value.clone();
    let open = plan.milestones.iter_mut().filter(|one| one.kind == MilestoneKind::Value);
    for milestone in open.filter(|one| one.reached_on.is_none()) {
        let ties = |one: &Shown| one.milestones.contains(&milestone.code);
        let is_tied = all.iter().any(ties);
        let is_first = first.as_ref() == Some(&milestone.code);
        let meets = |one: &&&Shown| if is_tied { ties(one) } else { is_first };
        let day = verified.iter().filter(meets).filter_map(|one| one.on).min();
        milestone.reached_on = day;
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::{Ground, RunningMilestone};
    use jiff::civil::date;

    fn shown(day: i8, verified: bool, milestones: &[&str]) -> Shown {
        let milestones = milestones.iter().map(|&code| code.to_owned()).collect();
        Shown { on: Some(date(2027, 3, day)), verified, milestones, ..Shown::default() }
    }

    fn milestone(code: &str, kind: MilestoneKind) -> RunningMilestone {
        RunningMilestone {
            code: code.to_owned(),
            phase: "p".to_owned(),
            name: code.to_owned(),
            kind,
            gate: false,
            criteria: Vec::new(),
            said: Vec::new(),
            due: date(2027, 3, 1),
            planned: date(2027, 3, 1),
            reached_on: None,
            waived: None,
        }
    }

    fn plan() -> RunningPlan {
        RunningPlan {
            ground: Ground {
                starts_on: date(2027, 1, 4),
                target: None,
                kickoff: None,
                go_live: None,
                first_value: Some("first".to_owned()),
                complete: Vec::new(),
                calendars: Vec::new(),
                as_of: date(2027, 1, 4),
            },
            phases: Vec::new(),
            tasks: Vec::new(),
            milestones: vec![
                milestone("first", MilestoneKind::Value),
                milestone("sync", MilestoneKind::Value),
                milestone("sso", MilestoneKind::Technical),
            ],
            links: Vec::new(),
        }
    }

    #[test]
    fn any_confirmed_outcome_can_be_the_first_value() {
        assert_eq!(first_value(&[shown(9, false, &[])]), None, "nobody confirmed it");
        let all = [shown(9, true, &[]), shown(4, true, &[]), shown(1, false, &[])];
        assert_eq!(first_value(&all), Some(date(2027, 3, 4)));
        let named = Shown { first: true, ..shown(2, false, &[]) };
        assert_eq!(first_value(&[named, shown(9, true, &[])]), Some(date(2027, 3, 2)));
    }

    #[test]
    fn a_value_milestone_is_met_by_its_outcome_and_that_of_the_first_value_by_the_earliest() {
        let days = |all: &[Shown]| {
            let plan = judged(&plan(), all);
            plan.milestones.iter().map(|one| one.reached_on).collect::<Vec<_>>()
        };
        let (fourth, ninth) = (Some(date(2027, 3, 4)), Some(date(2027, 3, 9)));
        assert_eq!(days(&[shown(9, true, &["sync", "sso"]), shown(4, true, &[])]), [fourth, ninth, None]);
        assert_eq!(days(&[shown(9, false, &["sync"])]), [None, None, None], "nobody confirmed it");
        let missing = Shown { on: None, ..shown(9, false, &["first"]) };
        assert_eq!(days(&[missing, shown(4, true, &[])])[0], None, "its own is not there yet");
        let mut said = plan();
        said.milestones[0].reached_on = Some(date(2027, 3, 20));
        let judged = judged(&said, &[shown(4, true, &[])]);
        assert_eq!(judged.milestones[0].reached_on, Some(date(2027, 3, 20)), "what people said counts");
    }
}
