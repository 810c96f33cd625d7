//! Plans that are refused, and what the refusal says.

use serde_json::{Value, json};

use super::by_hand::plan;
use crate::plan::{PlanError, Point, schedule};

fn error(value: Value) -> String {
    schedule(&plan(value)).unwrap_err().to_string()
}

#[test]
fn a_cycle_is_named_in_its_order() {
    let message = error(json!({
        "time": "continuous",
        "tasks": [{"id": "x", "duration": 1}, {"id": "a", "duration": 1}, {"id": "b", "duration": 1}, {"id": "c", "duration": 1}],
        "links": [{"from": "c", "to": "a"}, {"from": "a", "to": "b"}, {"from": "b", "to": "c"}, {"from": "c", "to": "x"}],
    }));
    assert_eq!(
        message,
        "these tasks wait for each other in a circle: a → b → c → a; remove one of the links"
    );
    let long: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    assert_eq!(
        crate::plan::explain_cycle(&long),
        "0 → 1 → 2 → 3 → 4 → 5 → 6 → 7 → 8 → 9 → … 29 more … → 39 → 0"
    );
}

#[test]
fn what_is_wrong_is_named() {
    let task = json!([{"id": "a", "duration": 1}]);
    for (value, expected) in [
        (json!({"tasks": task}), "a business plan needs a `start` date"),
        (
            json!({"schema": "gangway.plan/2", "tasks": []}),
            "unknown plan schema `gangway.plan/2`: this engine reads `gangway.plan/1`",
        ),
        (
            json!({"time": "continuous", "start": "2026-03-02", "tasks": []}),
            "a continuous plan counts from 0 and has no dates: remove `start`",
        ),
        (
            json!({"time": "continuous", "tasks": [{"id": "", "duration": 1}]}),
            "task number 1 has an empty id",
        ),
        (
            json!({"time": "continuous", "tasks": [{"id": "a", "duration": 1}, {"id": "a", "duration": 2}]}),
            "the task id `a` is used more than once",
        ),
        (
            json!({"time": "continuous", "tasks": task, "links": [{"from": "a", "to": "b"}]}),
            "the link `a` → `b` names the task `b`, which is not in the plan",
        ),
        (
            json!({"time": "continuous", "tasks": task, "links": [{"from": "a", "to": "a"}]}),
            "task `a` is linked to itself",
        ),
        (
            json!({"time": "continuous", "tasks": task, "target": {"task": "z", "by": 3}}),
            "the target names the task `z`, which is not in the plan",
        ),
        (
            json!({"time": "continuous", "tasks": task, "target": {"by": "2026-03-02"}}),
            "the target is 2026-03-02, but this is a continuous plan: use a number",
        ),
        (
            json!({"start": "2026-03-02", "tasks": [{"id": "a", "duration": 1, "constraint": {"kind": "not-before", "at": 5}}]}),
            "the constraint of task `a` is 5, but this is a business plan: use a date (YYYY-MM-DD)",
        ),
        (
            json!({"start": "2026-03-02", "tasks": [{"id": "a", "duration": 1, "constraint": {"kind": "fixed-start", "at": "2026-03-01"}}]}),
            "task `a` is fixed to 2026-03-01, before the plan's start on 2026-03-02: move the start or the task",
        ),
        (
            json!({"start": "2026-03-02", "tasks": [{"id": "a", "duration": 1, "calendars": ["moon"]}]}),
            "task `a` uses the calendar `moon`, which is not in the plan",
        ),
        (
            json!({"start": "2026-03-02", "tasks": [{"id": "a", "duration": 60_000}]}),
            "the duration of task `a` is 60000 days; at most 50000 are accepted",
        ),
        (
            json!({"start": "2026-03-02", "calendars": [{"id": "v"}, {"id": "v"}], "tasks": []}),
            "the calendar id `v` is used more than once",
        ),
        (
            json!({"start": "2026-03-02", "tasks": task,
                "calendars": [{"id": "v", "weekend": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]}]}),
            "calendar `v` has no working days: leave at least one weekday out of its weekend and closed periods",
        ),
        (
            json!({"start": "2026-03-02", "tasks": task,
                "calendars": [{"id": "v", "closed": [{"from": "2026-03-05", "to": "2026-03-01"}]}]}),
            "calendar `v`: the closed period from 2026-03-05 ends earlier, on 2026-03-01",
        ),
        (
            json!({"start": "2026-03-02", "tasks": [{"id": "j", "duration": 1, "calendars": ["v", "c"]}],
                "calendars": [{"id": "v", "weekend": ["monday", "tuesday", "wednesday"]}, {"id": "c", "weekend": ["thursday", "friday", "saturday", "sunday"]}]}),
            "task `j`: calendar `v + c` has no working days: leave at least one weekday out of its weekend and closed periods",
        ),
        (
            json!({"start": "2026-03-02", "tasks": [{"id": "a", "duration": 1,
                "avoid": {"weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday"]}}]}),
            "task `a` finds no day it is allowed on: relax the days it avoids, or its calendars",
        ),
        (
            json!({"start": "9999-12-01", "tasks": [{"id": "a", "duration": 100}]}),
            "the dates of task `a` fall outside the years -9999 to 9999",
        ),
    ] {
        assert_eq!(error(value), expected);
    }
}

#[test]
fn a_long_chain_of_the_longest_tasks_is_an_error_not_an_overflow() {
    let tasks: Vec<Value> = (0..2_000).map(|n| json!({"id": n.to_string(), "duration": u32::MAX})).collect();
    let links: Vec<Value> = (1..2_000)
        .map(|n| json!({"from": (n - 1).to_string(), "to": n.to_string(), "lag": i32::MAX}))
        .collect();
    let spec = plan(json!({"time": "continuous", "tasks": tasks, "links": links}));
    assert_eq!(
        schedule(&spec).unwrap().finish,
        Point::Unit(2_000 * i64::from(u32::MAX) + 1_999 * i64::from(i32::MAX))
    );
    let days: Vec<Value> = (0..200).map(|n| json!({"id": n.to_string(), "duration": 50_000})).collect();
    let links: Vec<Value> =
        (1..200).map(|n| json!({"from": (n - 1).to_string(), "to": n.to_string()})).collect();
    let spec = plan(json!({"start": "2026-03-02", "tasks": days, "links": links}));
    assert!(matches!(schedule(&spec), Err(PlanError::OutOfRange(_))));
}
