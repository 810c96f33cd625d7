//! Plans being worked: by hand, and generated ones against the day-walking checker.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::json;

use super::brute_force::{Walk, any_plan, day, ends, plus, start};
use crate::plan::*;
use crate::programme::Side;

/// `a` (5 days, vendor) → `b` (5 days, customer) → `live`, a milestone; from Monday, 2 March 2026.
pub(in crate::plan) fn chain() -> LivePlan {
    let value = json!({
        "plan": {
            "start": "2026-03-02",
            "tasks": [{"id": "a", "duration": 5}, {"id": "b", "duration": 5}, {"id": "live", "duration": 0}],
            "links": [{"from": "a", "to": "b"}, {"from": "b", "to": "live"}],
        },
        "today": "2026-03-02",
        "tasks": {"a": {"owner": "vendor", "kind": "setup"}, "b": {"owner": "customer", "kind": "data"}},
        "go_live": "live",
    });
    serde_json::from_value(value).unwrap()
}

pub(in crate::plan) fn set(live: &mut LivePlan, id: &str, progress: Progress) {
    live.tasks.entry(id.to_owned()).or_default().progress = progress;
}

fn left(days: u32, as_of: Date) -> Option<Estimate> {
    Some(Estimate { days, as_of })
}

fn dates(live: &LivePlan) -> Vec<String> {
    let schedule = live.schedule().unwrap();
    schedule
        .tasks
        .iter()
        .map(|task| format!("{} {}", &task.start.to_string()[5..], &task.finish.to_string()[5..]))
        .collect()
}

#[test]
fn what_is_done_moves_what_follows() {
    let mut live = chain();
    assert_eq!(dates(&live), ["03-02 03-06", "03-09 03-13", "03-13 03-13"]);
    // Done on Saturday of the first week, a day off: what follows still starts on Monday.
    live.today = date(2026, 3, 9);
    set(&mut live, "a", Progress::Done { started: date(2026, 2, 27), finished: date(2026, 3, 7) });
    assert_eq!(dates(&live), ["02-27 03-07", "03-09 03-13", "03-13 03-13"]);
    // Nobody began on Monday nor Tuesday.
    live.today = date(2026, 3, 11);
    assert_eq!(dates(&live), ["02-27 03-07", "03-11 03-17", "03-17 03-17"]);
    set(&mut live, "b", Progress::Started { on: date(2026, 3, 10), remaining: None });
    assert_eq!(dates(&live), ["02-27 03-07", "03-10 03-16", "03-16 03-16"]);
    // On Tuesday two days seemed to be left: one is on Wednesday, the present day.
    let remaining = Some(Estimate { days: 2, as_of: date(2026, 3, 10) });
    set(&mut live, "b", Progress::Started { on: date(2026, 3, 10), remaining });
    assert_eq!(dates(&live), ["02-27 03-07", "03-10 03-11", "03-11 03-11"]);
    let schedule = live.schedule().unwrap();
    assert_eq!(schedule.critical_path, ["b", "live"]);
    assert_eq!(schedule.tasks.iter().map(|task| task.critical).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn work_begun_out_of_order_does_not_wait() {
    let mut live = chain();
    live.today = date(2026, 3, 4);
    set(&mut live, "b", Progress::Started { on: date(2026, 3, 3), remaining: left(2, date(2026, 3, 4)) });
    assert_eq!(dates(&live), ["03-04 03-10", "03-03 03-05", "03-05 03-05"]);
}

#[test]
fn what_was_to_be_done_as_late_as_possible_is_due_at_once_when_it_was_overtaken() {
    let mut live = chain();
    live.plan.tasks[0].prefer = Preference::Alap;
    live.plan.tasks.push(TaskSpec { id: "support".into(), duration: 10, ..TaskSpec::default() });
    let link = LinkSpec { from: "live".into(), to: "support".into(), kind: LinkKind::FinishStart, lag: 0 };
    live.plan.links.push(link);
    // b was done in the first week without a; live follows from b, and ten days of support from live.
    live.today = date(2026, 3, 9);
    set(&mut live, "b", Progress::Done { started: date(2026, 3, 2), finished: date(2026, 3, 6) });
    assert_eq!(dates(&live)[..2], ["03-09 03-13", "03-02 03-06"], "from the present day on");
    set(&mut live, "b", Progress::Started { on: date(2026, 3, 6), remaining: left(2, date(2026, 3, 9)) });
    assert_eq!(dates(&live)[..2], ["03-09 03-13", "03-06 03-10"], "also when b has only begun");
}

#[test]
fn a_fixed_day_that_passed_holds_nothing() {
    let mut live = chain();
    live.plan.tasks[0].constraint = Some(Constraint::FixedStart { at: Point::Day(date(2026, 3, 3)) });
    live.today = date(2026, 3, 5);
    assert_eq!(dates(&live), ["03-05 03-11", "03-12 03-18", "03-18 03-18"]);
    assert!(live.schedule().unwrap().conflicts.is_empty());
}

#[test]
fn what_cannot_have_happened_is_refused() {
    let says = |change: &dyn Fn(&mut LivePlan)| {
        let mut live = chain();
        change(&mut live);
        live.schedule().unwrap_err().to_string()
    };
    let day = |day| date(2026, 3, day);
    assert_eq!(
        says(&|live| set(live, "a", Progress::Started { on: day(3), remaining: None })),
        "`a` cannot have happened on 2026-03-03: the plan is looked at on 2026-03-02"
    );
    assert_eq!(
        says(&|live| set(live, "live", Progress::Started { on: day(2), remaining: None })),
        "`live` is a milestone: it can be reached, but not begun"
    );
    assert_eq!(
        says(&|live| set(live, "a", Progress::Started { on: day(2), remaining: left(0, day(2)) })),
        "`a` has begun and nothing remains of it: mark it as done, with the day"
    );
    assert_eq!(
        says(&|live| set(live, "a", Progress::Done { started: day(2), finished: day(1) })),
        "`a` cannot be done on 2026-03-01, before it began on 2026-03-02"
    );
    assert_eq!(says(&|live| set(live, "z", Progress::Open)), "the task `z` is not in the plan");
    assert_eq!(says(&|live| live.go_live = Some("z".into())), "the task `z` is not in the plan");
    assert_eq!(
        says(&|live| live.plan.time = TimeModel::Continuous),
        "a continuous plan has no dates to be worked by: use a business plan"
    );
}

fn any_progress() -> impl Strategy<Value = (u8, i64, i64, Option<u32>)> {
    (0_u8..4, 0_i64..12, 0_i64..8, proptest::option::of(1_u32..6))
}

prop_compose! {
    /// A plan with some tasks done and some begun, looked at up to four weeks after its start.
    pub(in crate::plan) fn any_live()(
        plan in any_plan(), days in 0_i64..28, progress in proptest::collection::vec(any_progress(), 8),
        sides in proptest::collection::vec(0_usize..3, 8), go_live in proptest::option::of(any::<prop::sample::Index>()),
    ) -> LivePlan {
        let today = plus(start(), days);
        let go_live = go_live.map(|at| plan.tasks[at.index(plan.tasks.len())].id.clone());
        let tasks: BTreeMap<String, LiveTask> = plan.tasks.iter().zip(progress).zip(sides).map(|((task, (state, ago, long, remaining)), side)| {
            let begun = plus(today, -ago - long);
            let progress = match state {
                0 => Progress::Done { started: begun, finished: plus(today, -ago) },
                1 if task.duration > 0 => {
                    let remaining = remaining.map(|days| Estimate { days, as_of: plus(today, -ago) });
                    Progress::Started { on: begun, remaining }
                }
                _ => Progress::Open,
            };
            let owner = [Side::Vendor, Side::Customer, Side::Joint][side];
            (task.id.clone(), LiveTask { owner, kind: format!("kind {}", task.duration % 2), progress })
        }).collect();
        LivePlan { plan, today, tasks, go_live }
    }
}

/// What is left of a task, as a task of its own; `None` when it is done.
pub(in crate::plan) fn rest(walk: &Walk<'_>, live: &LivePlan, task: &TaskSpec) -> Option<TaskSpec> {
    let worked = |from: Date| {
        let all = std::iter::successors(Some(from), |day| day.tomorrow().ok());
        all.take_while(|day| *day < live.today).filter(|day| walk.on_or_after(task, *day) == *day).count()
    };
    match live.task(&task.id).progress {
        Progress::Done { .. } => None,
        Progress::Open => Some(task.clone()),
        Progress::Started { on, remaining } => {
            let (days, from) = remaining.map_or((task.duration, on), |left| (left.days, left.as_of));
            let duration = days.saturating_sub(u32::try_from(worked(from)).unwrap()).max(1);
            Some(TaskSpec { duration, avoid: None, ..task.clone() })
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn every_day_follows_from_facts_and_what_remains(live in any_live()) {
        let schedule = live.schedule().map_err(|error| TestCaseError::fail(error.to_string()))?;
        let walk = Walk { spec: &live.plan };
        let shown: Vec<(Date, Date)> =
            schedule.tasks.iter().map(|task| (day(task.early_start), day(task.early_finish))).collect();
        for (at, task) in live.plan.tasks.iter().enumerate() {
            let progress = live.task(&task.id).progress;
            let Some(rest) = rest(&walk, &live, task) else {
                let Progress::Done { started, finished } = progress else { unreachable!() };
                let started = if task.duration == 0 { finished } else { started };
                prop_assert_eq!(shown[at], (started, finished));
                prop_assert!(!schedule.tasks[at].critical);
                continue;
            };
            let begun = match progress {
                Progress::Started { on, .. } => Some(on),
                _ => None,
            };
            prop_assert_eq!(begun.unwrap_or(shown[at].0), shown[at].0);
            // Where what is left begins: its last day counted back.
            let left_from = walk.shift(&rest, shown[at].1, 1 - i64::from(rest.duration.max(1)));
            let first = walk.on_or_after(task, live.today.max(start()));
            prop_assert!(left_from >= first, "{} from {left_from}", task.id);
            let fixed = match task.constraint {
                Some(Constraint::FixedStart { at }) if begun.is_none() && day(at) >= live.today => Some(day(at)),
                _ => None,
            };
            if let Some(fixed) = fixed {
                prop_assert_eq!(left_from, walk.on_or_after(task, fixed));
                continue;
            }
            // The day before breaks something, this one nothing.
            for (from, may_break) in [(left_from, false), (walk.shift(&rest, left_from, -1), true)] {
                let to = walk.finish(&rest, from);
                if may_break && (from < first || walk.ambiguous(&rest, shown[at].1)) {
                    continue;
                }
                let mut breaks = begun.is_none() && !walk.allowed(task, from, to);
                if let (Some(Constraint::NotBefore { at }), None) = (task.constraint, begun) {
                    breaks |= from < day(at);
                }
                for link in &live.plan.links {
                    let (before, after) = ends(&live.plan, link);
                    let counts = after == at
                        && (begun.is_none() || matches!(link.kind, LinkKind::FinishFinish | LinkKind::StartFinish));
                    let before_task = &live.plan.tasks[before];
                    let done = matches!(live.task(&before_task.id).progress, Progress::Done { .. });
                    // What began before the plan did counts as its start where an evening is looked
                    // at, whether that day was worked or not.
                    let by_evening = rest.duration == 0
                        || matches!(link.kind, LinkKind::FinishFinish | LinkKind::StartFinish);
                    let at_start = by_evening && shown[before].0 < start();
                    if counts && !at_start && (done || !walk.ambiguous(before_task, shown[before].1)) {
                        breaks |= !walk.holds(link, (before_task, shown[before].0, shown[before].1), (&rest, from, to));
                    } else if counts && may_break {
                        breaks = true;
                    }
                }
                prop_assert_eq!(breaks, may_break, "{} from {} to {}", task.id, from, to);
            }
        }
    }

    #[test]
    fn a_plan_of_which_nothing_happened_is_the_plan(plan in any_plan()) {
        let live = LivePlan::unworked(plan.clone()).unwrap();
        let (as_planned, worked) = (schedule(&plan).unwrap(), live.schedule().unwrap());
        // Only constraints to days before the start and avoided early milestones could differ: there are none.
        prop_assert_eq!(as_planned.tasks, worked.tasks);
    }
}
