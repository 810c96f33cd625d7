//! A running plan looked ahead: its forecast, and what a task that is done teaches.

use jiff::ToSpan;
use jiff::civil::Date;

use super::recurring::is_tied;
use super::{RunningPlan, RunningTask, TaskState, WorkError, live_plan};
use crate::calendar::{CalendarError, WorkCalendar};
use crate::ids::OnboardingId;
use crate::plan::forecast::{Forecast, ForecastOptions, SlipModel, USUAL_RUNS, forecast};
use crate::programme::Side;

/// Runs times tasks of one forecast, so that large plans are forecast as quickly as small ones.
const MOST_WORK: usize = 600_000;
/// Runs at least: with 1,000, the share of runs before P80 is known to 2.5 per cent.
const FEWEST_RUNS: u32 = 1_000;

/// What a task that is done took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Took {
    /// Which (code).
    pub code: String,
    /// Who did it.
    pub side: Side,
    /// Kind of work: its phase, by whose id work of different onboardings is alike.
    pub kind: String,
    /// Working days planned.
    pub planned: u32,
    /// Working days of its side from its first to its last day, at least 1.
    pub actual: u32,
    /// Its last day.
    pub finished_on: Date,
}

/// Forecasts a plan from a day on; the same plan, day and seed give the same forecast.
///
/// # Errors
/// When the plan cannot be scheduled.
pub fn look_ahead(
    plan: &RunningPlan,
    today: Date,
    slips: &SlipModel,
    seed: u64,
    promised: Date,
) -> Result<Forecast, WorkError> {
    let live = live_plan(&measured(plan), today);
    let runs = u32::try_from(MOST_WORK / live.plan.tasks.len().max(1)).unwrap_or(USUAL_RUNS);
    let runs = runs.clamp(FEWEST_RUNS, USUAL_RUNS);
    Ok(forecast(&live, slips, ForecastOptions { runs, seed, promised: Some(promised) })?)
}

/// A plan without what repeats beside it: no date depends on it.
fn measured(plan: &RunningPlan) -> RunningPlan {
    let mut measured = plan.clone();
    measured.tasks.retain(|task| !task.is_recurring() || is_tied(plan, &task.code));
    measured
}

/// The seed of an onboarding's forecast: another one for every onboarding and for every change of its plan.
#[must_use]
pub fn seed(onboarding: OnboardingId, revision: i64) -> u64 {
    let (high, low) = onboarding.uuid().as_u64_pair();
    // An odd constant spreads neighbouring revisions over all bits (Knuth's multiplicative hash).
    high.rotate_left(32) ^ low ^ revision.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The day by which the go-live is promised: the wanted one, or the one agreed last where the customer named none.
#[must_use]
pub fn promised(plan: &RunningPlan, agreed: Option<Date>) -> Date {
    plan.ground.target.or(agreed).unwrap_or_else(|| plan.promise().go_live)
}

/// What a task took against the days agreed for it; none while it is not done, and none of what repeats: its days
/// say nothing of how long work takes.
///
/// # Errors
/// When the calendars of its side have no working day.
pub fn took(
    plan: &RunningPlan,
    task: &RunningTask,
    agreed: Option<u32>,
) -> Result<Option<Took>, CalendarError> {
    let TaskState::Done { started_on, finished_on } = task.state else { return Ok(None) };
    if task.is_recurring() {
        return Ok(None);
    }
    let calendar = calendar(plan, task.side)?;
    let worked = calendar.workdays_between(started_on, finished_on.saturating_add(1.day()));
    Ok(Some(Took {
        code: task.code.clone(),
        side: task.side,
        kind: task.phase.clone(),
        planned: agreed.unwrap_or(task.days).max(1),
        actual: u32::try_from(worked).unwrap_or(0).max(1),
        finished_on,
    }))
}

/// The days a side works; both, for what they do together.
pub(super) fn calendar(plan: &RunningPlan, side: Side) -> Result<WorkCalendar, CalendarError> {
    let of = |id: &str| {
        let known = plan.ground.calendars.iter().find(|calendar| calendar.id == id);
        known.map_or_else(|| Ok(WorkCalendar::monday_to_friday(id)), WorkCalendar::from_spec)
    };
    match side {
        Side::Vendor => of("vendor"),
        Side::Customer => of("customer"),
        Side::Joint => WorkCalendar::intersection(&[&of("vendor")?, &of("customer")?]),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::plan::forecast::SlipPrior;
    use crate::work::tests::plan as small;

    fn done(plan: &mut RunningPlan, code: &str, from: Date, to: Date) -> RunningTask {
        let task = plan.tasks.iter_mut().find(|task| task.code == code).unwrap();
        task.state = TaskState::Done { started_on: from, finished_on: to };
        task.clone()
    }

    #[test]
    fn what_a_task_took_is_counted_in_its_own_working_days() {
        let mut plan = small();
        let code = plan.tasks[0].code.clone();
        assert_eq!(took(&plan, &plan.tasks[0], None), Ok(None), "it is not done");
        // Friday to Tuesday: three working days, Saturday and Sunday not counted.
        let task = done(&mut plan, &code, date(2027, 1, 8), date(2027, 1, 12));
        let found = took(&plan, &task, Some(2)).unwrap().unwrap();
        assert_eq!((found.planned, found.actual), (2, 3));
        // Done on a Saturday: it still took a day.
        let task = done(&mut plan, &code, date(2027, 1, 9), date(2027, 1, 9));
        assert_eq!(took(&plan, &task, None).unwrap().unwrap().actual, 1);
    }

    #[test]
    fn seeds_differ_by_onboarding_and_by_revision() {
        let [one, other] = [1, 2].map(|number| OnboardingId::from_uuid(Uuid::from_u128(number)));
        assert_eq!(seed(one, 3), seed(one, 3));
        assert_ne!(seed(one, 3), seed(one, 4));
        assert_ne!(seed(one, 3), seed(other, 3));
    }

    #[test]
    fn the_wanted_date_is_promised_before_the_agreed_one() {
        let mut plan = small();
        plan.ground.target = None;
        assert_eq!(promised(&plan, None), plan.promise().go_live);
        assert_eq!(promised(&plan, Some(date(2027, 3, 1))), date(2027, 3, 1));
        plan.ground.target = Some(date(2027, 4, 1));
        assert_eq!(promised(&plan, Some(date(2027, 3, 1))), date(2027, 4, 1));
    }

    #[test]
    fn a_plan_looks_ahead_the_same_way_twice_and_never_before_today() {
        let plan = small();
        let slips = SlipModel::learn(&[], &SlipPrior::default());
        let today = plan.ground.as_of;
        let by = plan.promise().go_live;
        let found = look_ahead(&plan, today, &slips, 7, by).unwrap();
        assert_eq!(look_ahead(&plan, today, &slips, 7, by), Ok(found.clone()));
        let go_live = found.go_live.as_ref().unwrap_or(&found.finish);
        assert!(today <= go_live.p50 && go_live.p50 <= go_live.p80);
        assert_eq!(found.runs, USUAL_RUNS);
    }
}
