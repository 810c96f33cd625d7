//! Levelling by hand, against every possible order of small plans, and against a checker that
//! knows nothing of positions. PSPLIB is in `tests/level_psplib.rs`.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::plan::tests::brute_force::{Walk, day, ends};
use crate::plan::tests::live::{any_live, rest};
use crate::plan::{Constraint, Estimate, LinkKind, LinkSpec, Progress, TaskSpec, TimeModel};

fn spec(value: Value) -> PlanSpec {
    serde_json::from_value(value).unwrap()
}

fn staff(value: Value) -> Staffing {
    serde_json::from_value(value).unwrap()
}

fn dates(found: &Levelled) -> Vec<String> {
    let short = |point: Point| point.to_string().trim_start_matches("2026-").to_owned();
    found.tasks.iter().map(|task| format!("{} {}", short(task.start), short(task.finish))).collect()
}

/// Three tasks of two days without links, from Monday, 2 March 2026.
fn three() -> PlanSpec {
    spec(json!({
        "start": "2026-03-02",
        "calendars": [{"id": "office"}, {"id": "ada", "closed": [{"from": "2026-03-04", "to": "2026-03-05"}]}],
        "tasks": [{"id": "a", "duration": 2}, {"id": "b", "duration": 2}, {"id": "c", "duration": 2}],
    }))
}

#[test]
fn one_person_does_one_thing_at_a_time() {
    let demands = json!(["a", "b", "c"].map(|task| json!({"task": task, "resource": "ada", "units": 1})));
    let staffing = staff(json!({"resources": [{"id": "ada", "capacity": 1}], "demands": demands}));
    let found = level(&three(), &staffing, LevelOptions::default()).unwrap();
    let mut all = dates(&found);
    all.sort();
    assert_eq!(all, ["03-02 03-03", "03-04 03-05", "03-06 03-09"]);
    assert_eq!((found.unlimited.to_string(), found.waits), ("2026-03-03".to_owned(), 6));
    assert!(found.overloads.is_empty() && !found.optimal);
    // Two people: the third task follows the first two.
    let two =
        Staffing { resources: vec![Resource { capacity: 2, ..staffing.resources[0].clone() }], ..staffing };
    assert_eq!(level(&three(), &two, LevelOptions::default()).unwrap().finish.to_string(), "2026-03-05");
}

#[test]
fn tasks_rest_while_a_person_is_away_and_wait_for_a_limit_to_pass() {
    let demands =
        json!([{"task": "a", "resource": "ada", "units": 60}, {"task": "b", "resource": "ada", "units": 60}]);
    let away = json!({"resources": [{"id": "ada", "capacity": 100, "calendar": "ada"}], "demands": demands});
    let found = level(&three(), &staff(away), LevelOptions::default()).unwrap();
    assert_eq!(found.finish.to_string(), "2026-03-09", "Friday and Monday, after two days away");
    let half = json!({"from": "2026-03-03", "to": "2026-03-05", "capacity": 50});
    let limited =
        json!({"resources": [{"id": "ada", "capacity": 100, "limits": [half]}], "demands": demands});
    let found = level(&three(), &staff(limited), LevelOptions::default()).unwrap();
    let mut all = dates(&found);
    all.sort();
    assert_eq!(all, ["03-02 03-03", "03-06 03-09", "03-10 03-11"], "60 of 50 is too much until Friday");
}

#[test]
fn the_go_live_comes_before_the_rest() {
    let plan = spec(json!({
        "start": "2026-03-02",
        "tasks": [
            {"id": "long", "duration": 10}, {"id": "after", "duration": 5}, {"id": "needed", "duration": 2},
            {"id": "live", "duration": 0},
        ],
        "links": [{"from": "long", "to": "after"}, {"from": "needed", "to": "live"}],
    }));
    let demands = json!(["long", "needed"].map(|task| json!({"task": task, "resource": "ada", "units": 1})));
    let staffing = staff(json!({"resources": [{"id": "ada", "capacity": 1}], "demands": demands}));
    let mut live = LivePlan::unworked(plan).unwrap();
    let whole = level_live(&live, &staffing, LevelOptions::default()).unwrap();
    assert_eq!((whole.finish.to_string(), whole.go_live), ("2026-03-20".to_owned(), None));
    live.go_live = Some("live".into());
    let found = level_live(&live, &staffing, LevelOptions::default()).unwrap();
    assert_eq!(found.go_live.unwrap().to_string(), "2026-03-03");
    assert_eq!((found.finish.to_string(), found.waits, found.optimal), ("2026-03-24".to_owned(), 0, true));
}

#[test]
fn what_has_begun_goes_on_and_what_cannot_be_otherwise_is_told() {
    let mut live = LivePlan::unworked(three()).unwrap();
    live.today = date(2026, 3, 4);
    let begun =
        Progress::Started { on: date(2026, 3, 3), remaining: Some(Estimate { days: 2, as_of: live.today }) };
    for task in ["a", "b"] {
        live.tasks.entry(task.into()).or_default().progress = begun;
    }
    let demands = json!(["a", "b", "c"].map(|task| json!({"task": task, "resource": "ada", "units": 1})));
    let staffing = staff(json!({"resources": [{"id": "ada", "capacity": 1}], "demands": demands}));
    let found = level_live(&live, &staffing, LevelOptions::default()).unwrap();
    assert_eq!(dates(&found), ["03-03 03-05", "03-03 03-05", "03-06 03-09"]);
    let over: Vec<String> = found.overloads.iter().map(|over| format!("{} {}", over.on, over.over)).collect();
    assert_eq!(over, ["2026-03-04 1", "2026-03-05 1"]);
}

#[test]
fn staffing_that_does_not_fit_is_named() {
    let says =
        |value: Value| level(&three(), &staff(value), LevelOptions::default()).unwrap_err().to_string();
    let ada = json!({"id": "ada", "capacity": 1});
    let needs =
        |task: &str, resource: &str, units: u32| json!({"task": task, "resource": resource, "units": units});
    assert_eq!(
        says(json!({"resources": [ada], "demands": [needs("a", "ada", 2)]})),
        "`a` needs 2 of `ada`, of which there are 1"
    );
    assert_eq!(
        says(json!({"resources": [ada], "demands": [needs("a", "ada", 1), needs("a", "ada", 1)]})),
        "`a` needs 2 of `ada`, of which there are 1"
    );
    assert_eq!(
        says(json!({"resources": [ada], "demands": [needs("z", "ada", 1)]})),
        "the demand of `z` for `ada` names a task that is not there"
    );
    assert_eq!(
        says(json!({"resources": [ada], "demands": [needs("a", "bob", 1)]})),
        "the demand of `a` for `bob` names a resource that is not there"
    );
    assert_eq!(
        says(json!({"resources": [ada, ada], "demands": []})),
        "the resource id `ada` is used more than once"
    );
    let closed = json!([{"id": "ada", "capacity": 1, "limits": [{"from": "2026-01-01", "to": "9999-12-31", "capacity": 0}]}]);
    assert_eq!(
        says(json!({"resources": closed, "demands": [needs("a", "ada", 1)]})),
        "with these people the plan would take more than 100000 days"
    );
}

/// Every order of the tasks, each put where it first fits: one of them is the best there is.
fn best_of_all(durations: &[u32], units: &[u32], links: &[(usize, usize)], capacity: u32) -> i64 {
    fn go(
        done: &mut Vec<(usize, i64)>,
        used: &mut [u32],
        durations: &[u32],
        units: &[u32],
        links: &[(usize, usize)],
        capacity: u32,
    ) -> i64 {
        let finish = |done: &[(usize, i64)], task: usize| {
            done.iter()
                .find(|(other, _)| *other == task)
                .map(|&(_, start)| start + i64::from(durations[task]))
        };
        if done.len() == durations.len() {
            return (0..durations.len()).filter_map(|task| finish(done, task)).max().unwrap_or(0);
        }
        let mut best = i64::MAX;
        for task in 0..durations.len() {
            let before: Option<Vec<i64>> =
                links.iter().filter(|link| link.1 == task).map(|link| finish(done, link.0)).collect();
            let (None, Some(before)) = (finish(done, task), before) else { continue };
            let mut start = before.into_iter().max().unwrap_or(0);
            let days = |start: i64| {
                usize::try_from(start).unwrap()..usize::try_from(start).unwrap() + durations[task] as usize
            };
            while days(start).any(|day| used[day] + units[task] > capacity) {
                start += 1;
            }
            days(start).for_each(|day| used[day] += units[task]);
            done.push((task, start));
            best = best.min(go(done, used, durations, units, links, capacity));
            done.pop();
            days(start).for_each(|day| used[day] -= units[task]);
        }
        best
    }
    go(&mut Vec::new(), &mut vec![0; 100], durations, units, links, capacity)
}

prop_compose! {
    fn any_staffing()(
        capacities in proptest::collection::vec(1_u32..4, 2), calendar in any::<bool>(),
        demands in proptest::collection::vec((0_usize..8, 0_usize..2, 1_u32..3), 0..10),
        limit in proptest::option::of((0_i64..30, 0_i64..6, 0_u32..3)),
    ) -> (Vec<Resource>, Vec<(usize, usize, u32)>) {
        let mut resources: Vec<Resource> = capacities.iter().enumerate().map(|(at, &capacity)| {
            Resource { id: format!("r{at}"), capacity, calendar: None, limits: vec![] }
        }).collect();
        resources[0].calendar = calendar.then(|| "b".to_owned());
        if let Some((from, days, capacity)) = limit {
            let from = crate::plan::tests::brute_force::plus(date(2026, 3, 2), from);
            let to = crate::plan::tests::brute_force::plus(from, days);
            resources[1].limits.push(Limit { from, to, capacity });
        }
        (resources, demands)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn small_plans_are_levelled_as_well_as_can_be(
        durations in proptest::collection::vec(1_u32..6, 2..6), units in proptest::collection::vec(1_u32..4, 6),
        links in proptest::collection::vec((0_usize..6, 0_usize..6), 0..5), seed in any::<u64>(),
    ) {
        let count = durations.len();
        let links: Vec<(usize, usize)> = links.into_iter().filter(|(a, b)| a < b && *b < count).collect();
        let plan = PlanSpec {
            time: TimeModel::Continuous,
            tasks: durations.iter().enumerate().map(|(at, &duration)| TaskSpec { id: at.to_string(), duration, ..TaskSpec::default() }).collect(),
            links: links.iter().map(|(from, to)| LinkSpec { from: from.to_string(), to: to.to_string(), kind: Default::default(), lag: 0 }).collect(),
            ..PlanSpec::default()
        };
        let staffing = Staffing {
            resources: vec![Resource { id: "r".into(), capacity: 3, calendar: None, limits: vec![] }],
            demands: (0..count).map(|at| Demand { task: at.to_string(), resource: "r".into(), units: units[at] }).collect(),
        };
        let found = level(&plan, &staffing, LevelOptions { effort: 3_000, seed }).unwrap();
        prop_assert_eq!(found.finish, Point::Unit(best_of_all(&durations, &units, &links, 3)));
    }

    #[test]
    fn nobody_is_asked_for_more_than_there_is(live in any_live(), (resources, demands) in any_staffing(), seed in any::<u64>()) {
        let mut units: BTreeMap<(String, String), u32> = BTreeMap::new();
        for (task, resource, more) in demands {
            if let (Some(task), Some(resource)) = (live.plan.tasks.get(task), resources.get(resource)) {
                let units = units.entry((task.id.clone(), resource.id.clone())).or_default();
                *units = (*units + more).min(resource.capacity);
            }
        }
        let demands: Vec<Demand> =
            units.iter().map(|((task, resource), &units)| Demand { task: task.clone(), resource: resource.clone(), units }).collect();
        let staffing = Staffing { resources, demands };
        let options = LevelOptions { effort: 800, seed };
        let found = level_live(&live, &staffing, options).unwrap();
        prop_assert_eq!(&found, &level_live(&live, &staffing, options).unwrap(), "same seed, same schedule");

        let spec = staffing.on_calendars(&live.plan).unwrap();
        let unlimited = LivePlan { plan: spec.clone(), ..live.clone() }.schedule().unwrap();
        let walk = Walk { spec: &spec };
        let shown: Vec<(Date, Date)> = found.tasks.iter().map(|task| (day(task.start), day(task.finish))).collect();
        let progress = |at: usize| live.task(&spec.tasks[at].id).progress;
        let forced = |at: usize| {
            let fixed = matches!(spec.tasks[at].constraint, Some(Constraint::FixedStart { at }) if day(at) >= live.today);
            progress(at) != Progress::Open || fixed
        };
        for (at, task) in spec.tasks.iter().enumerate() {
            prop_assert!(shown[at].1 >= day(unlimited.tasks[at].early_finish), "{} is not too early", &task.id);
            prop_assert!(found.tasks[at].waits >= 0);
            if progress(at) == Progress::Open {
                prop_assert_eq!(walk.finish(task, shown[at].0), shown[at].1);
                prop_assert!(forced(at) || walk.allowed(task, shown[at].0, shown[at].1));
            }
        }
        for link in &spec.links {
            let (from, to) = ends(&spec, link);
            let unclear = walk.ambiguous(&spec.tasks[from], shown[from].1) || forced(to);
            let before = (&spec.tasks[from], shown[from].0, shown[from].1);
            let after = (&spec.tasks[to], shown[to].0, shown[to].1);
            // As in the tests of plans being worked: begun before the plan did.
            let by_evening = spec.tasks[to].duration == 0
                || matches!(link.kind, LinkKind::FinishFinish | LinkKind::StartFinish);
            let past = by_evening && shown[from].0 < date(2026, 3, 2);
            prop_assert!(unclear || past || walk.holds(link, before, after), "{link:?} {before:?} {after:?}");
        }
        // Every day, everybody: what tasks on it ask for, against what there is.
        let last = shown.iter().map(|(_, finish)| *finish).max().unwrap();
        let mut on = live.today.max(date(2026, 3, 2));
        while on <= last {
            for resource in &staffing.resources {
                let limits = resource.limits.iter().filter(|limit| limit.from <= on && on <= limit.to);
                let there = limits.map(|limit| limit.capacity).min().unwrap_or(resource.capacity);
                let (mut asked, mut asked_by_force) = (0, 0);
                for demand in staffing.demands.iter().filter(|demand| demand.resource == resource.id) {
                    let at = spec.tasks.iter().position(|task| task.id == demand.task).unwrap();
                    let done = matches!(progress(at), Progress::Done { .. });
                    let works = walk.on_or_after(&spec.tasks[at], on) == on;
                    // Of a task that has begun, what is left is done in its last days.
                    let left = rest(&walk, &live, &spec.tasks[at]).map_or(0, |rest| i64::from(rest.duration));
                    let from = walk.shift(&spec.tasks[at], shown[at].1, 1 - left.max(1));
                    if !done && left > 0 && works && from <= on && on <= shown[at].1 {
                        asked += demand.units;
                        asked_by_force += if forced(at) { demand.units } else { 0 };
                    }
                }
                let told = found.overloads.iter().find(|over| over.resource == resource.id && day(over.on) == on);
                prop_assert!(asked <= there.max(asked_by_force), "{on} {} asked for {asked} of {there}", resource.id);
                prop_assert_eq!(told.map_or(0, |over| over.over), asked.saturating_sub(there));
            }
            on = on.tomorrow().unwrap();
        }
    }
}
