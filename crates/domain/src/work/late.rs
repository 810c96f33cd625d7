//! How late a go-live is, told alike to the customer and to the team.

use jiff::civil::Date;

use super::{RunningPlan, TaskState, promised};

/// A go-live that does not come when it was to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lateness {
    /// The day it was to be by: the wanted one; where none is known, or the planned one passed before it, the planned one.
    pub promised_on: Date,
    /// The day it is planned for.
    pub planned_on: Date,
    /// Calendar days from the promised to the planned day, or to today when the planned day has passed; 1 at least.
    pub days: i64,
    /// The planned day has passed: when it comes is not known until the plan is brought up to date.
    pub is_past: bool,
}

/// The day it went live, once it has.
#[must_use]
pub fn live_on(plan: &RunningPlan) -> Option<Date> {
    let task = plan.ground.go_live.as_deref().and_then(|code| plan.task(code))?;
    match task.state {
        TaskState::Done { finished_on, .. } => Some(finished_on),
        _ => None,
    }
}

/// How late a go-live is on a day; nothing when it is not, or has happened. `agreed` is the day agreed last, which counts
/// where the customer named none.
#[must_use]
pub fn lateness(plan: &RunningPlan, agreed: Option<Date>, today: Date) -> Option<Lateness> {
    if live_on(plan).is_some() {
        return None;
    }
    let (promised_on, planned_on) = (promised(plan, agreed), plan.promise().go_live);
    let is_past = planned_on < today;
    // A planned day that nothing came of is late whatever time the promise leaves.
    let promised_on = if is_past { promised_on.min(planned_on) } else { promised_on };
    let days = i64::from((planned_on.max(today) - promised_on).get_days());
    (days > 0).then_some(Lateness { promised_on, planned_on, days, is_past })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::work::Ground;

    fn plan(target: Option<Date>) -> RunningPlan {
        RunningPlan {
            ground: Ground {
                // With no task, the first day is the planned go-live.
                starts_on: date(2027, 3, 10),
                target,
                kickoff: None,
                go_live: None,
                first_value: None,
                complete: Vec::new(),
                calendars: Vec::new(),
                as_of: date(2027, 3, 1),
            },
            phases: Vec::new(),
            tasks: Vec::new(),
            milestones: Vec::new(),
            links: Vec::new(),
        }
    }

    #[test]
    fn a_go_live_is_late_by_the_days_after_the_promised_one() {
        let days = |target, today| lateness(&plan(target), None, today).map(|late| (late.days, late.is_past));
        let early = date(2027, 3, 1);
        assert_eq!(days(Some(date(2027, 3, 10)), early), None);
        assert_eq!(days(Some(date(2027, 3, 3)), early), Some((7, false)));
        assert_eq!(days(Some(date(2027, 3, 3)), date(2027, 3, 12)), Some((9, true)));
        assert_eq!(days(None, early), None);
        assert_eq!(days(None, date(2027, 3, 12)), Some((2, true)), "its own day has passed");
        assert_eq!(
            days(Some(date(2027, 3, 20)), date(2027, 3, 12)),
            Some((2, true)),
            "before the promised one"
        );
        let agreed = Some(date(2027, 3, 8));
        assert_eq!(lateness(&plan(None), agreed, early).map(|late| late.days), Some(2));
    }
}
