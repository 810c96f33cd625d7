//! Plans small enough to schedule on paper. March 2026 begins on a Sunday; Monday is the 2nd.

use serde_json::{Value, json};

use crate::plan::{Compression, PlanSpec, Point, Schedule, schedule};

pub(super) fn plan(value: Value) -> PlanSpec {
    serde_json::from_value(value).unwrap()
}

fn solve(value: Value) -> Schedule {
    schedule(&plan(value)).unwrap()
}

/// Early start and finish of a task, e.g. `03-02 03-06`, or `0 5`.
fn early(schedule: &Schedule, id: &str) -> String {
    let task = schedule.tasks.iter().find(|task| task.id == id).unwrap();
    format!("{} {}", short(task.early_start), short(task.early_finish))
}

fn late(schedule: &Schedule, id: &str) -> String {
    let task = schedule.tasks.iter().find(|task| task.id == id).unwrap();
    format!("{} {}", short(task.late_start), short(task.late_finish))
}

fn planned(schedule: &Schedule, id: &str) -> String {
    let task = schedule.tasks.iter().find(|task| task.id == id).unwrap();
    format!("{} {}", short(task.start), short(task.finish))
}

fn slack(schedule: &Schedule, id: &str) -> (i64, i64) {
    let task = schedule.tasks.iter().find(|task| task.id == id).unwrap();
    (task.total_slack, task.free_slack)
}

fn short(point: Point) -> String {
    let text = point.to_string();
    text.strip_prefix("2026-").map_or(text.clone(), str::to_owned)
}

/// Two tasks of 3 and 2 days from Monday, 2 March 2026, joined by one link.
fn pair(kind: &str, lag: i32) -> Schedule {
    solve(json!({
        "start": "2026-03-02",
        "tasks": [{"id": "a", "duration": 3}, {"id": "b", "duration": 2}],
        "links": [{"from": "a", "to": "b", "type": kind, "lag": lag}],
    }))
}

#[test]
fn each_kind_of_link() {
    for (kind, lag, expected) in [
        ("FS", 0, "03-05 03-06"),
        ("FS", 1, "03-06 03-09"),
        ("FS", -1, "03-04 03-05"),
        ("FS", -9, "03-02 03-03"),
        ("SS", 0, "03-02 03-03"),
        ("SS", 2, "03-04 03-05"),
        ("FF", 0, "03-03 03-04"),
        ("FF", 2, "03-05 03-06"),
        ("SF", 0, "03-02 03-03"),
        ("SF", 4, "03-04 03-05"),
    ] {
        assert_eq!(early(&pair(kind, lag), "b"), expected, "{kind} {lag}");
    }
}

#[test]
fn a_continuous_plan_is_textbook_arithmetic() {
    let schedule = solve(json!({
        "time": "continuous",
        "tasks": [
            {"id": "a", "duration": 3}, {"id": "b", "duration": 4}, {"id": "c", "duration": 2}, {"id": "end", "duration": 0},
        ],
        "links": [
            {"from": "a", "to": "c"}, {"from": "b", "to": "end"}, {"from": "c", "to": "end", "lag": 2},
        ],
    }));
    assert_eq!(schedule.finish, Point::Unit(7));
    assert_eq!(early(&schedule, "end"), "7 7");
    assert_eq!(late(&schedule, "b"), "3 7");
    assert_eq!(slack(&schedule, "b"), (3, 3));
    assert_eq!(schedule.critical_path, ["a", "c", "end"]);
    assert!(schedule.tasks[0].critical && !schedule.tasks[1].critical);
}

#[test]
fn an_empty_plan_ends_where_it_starts() {
    assert_eq!(solve(json!({"time": "continuous", "tasks": []})).finish, Point::Unit(0));
    assert_eq!(short(solve(json!({"start": "2026-03-01", "tasks": []})).finish), "03-01");
}

#[test]
fn milestones_lie_where_people_expect_them() {
    let schedule = solve(json!({
        "start": "2026-03-02",
        "tasks": [
            {"id": "kickoff", "duration": 0}, {"id": "work", "duration": 5}, {"id": "done", "duration": 0},
            {"id": "next", "duration": 1}, {"id": "begun", "duration": 0}, {"id": "signed", "duration": 0},
            {"id": "later", "duration": 0, "constraint": {"kind": "not-before", "at": "2026-03-10"}},
            {"id": "after later", "duration": 1},
        ],
        "links": [
            {"from": "kickoff", "to": "work"}, {"from": "work", "to": "done"}, {"from": "done", "to": "next"},
            {"from": "next", "to": "begun", "type": "SS"}, {"from": "kickoff", "to": "signed"},
            {"from": "later", "to": "after later"},
        ],
    }));
    for (id, expected) in [
        ("kickoff", "03-02 03-02"),
        ("signed", "03-02 03-02"),
        ("work", "03-02 03-06"),
        ("done", "03-06 03-06"),
        ("next", "03-09 03-09"),
        ("begun", "03-09 03-09"),
        ("later", "03-10 03-10"),
        ("after later", "03-11 03-11"),
    ] {
        assert_eq!(early(&schedule, id), expected, "{id}");
    }
}

/// Nothing works on `b` before Friday the 6th, so that is where its milestone, and the plan's finish, is shown.
#[test]
fn late_dates_reach_the_day_the_plan_is_shown_to_finish() {
    let schedule = solve(json!({
        "start": "2026-03-02",
        "calendars": [{"id": "a"}, {"id": "b", "closed": [{"from": "2026-03-02", "to": "2026-03-05"}]}],
        "tasks": [{"id": "t0", "duration": 1}, {"id": "t1", "duration": 0, "calendars": ["b"]}],
    }));
    assert_eq!(short(schedule.finish), "03-06");
    assert_eq!((early(&schedule, "t0"), late(&schedule, "t0")), ("03-02 03-02".into(), "03-06 03-06".into()));
    assert_eq!((early(&schedule, "t1"), late(&schedule, "t1")), ("03-06 03-06".into(), "03-06 03-06".into()));
    assert_eq!((slack(&schedule, "t0"), slack(&schedule, "t1")), ((4, 4), (0, 0)));
    assert_eq!(schedule.critical_path, ["t1"]);

    let kickoff = solve(json!({"start": "2026-03-02", "tasks": [{"id": "kickoff", "duration": 0}]}));
    assert_eq!((slack(&kickoff, "kickoff"), late(&kickoff, "kickoff")), ((0, 0), "03-02 03-02".into()));
}

#[test]
fn a_plan_may_start_on_a_day_off() {
    let schedule = solve(json!({
        "start": "2026-03-01",
        "tasks": [{"id": "kickoff", "duration": 0}, {"id": "work", "duration": 1}],
        "links": [{"from": "kickoff", "to": "work"}],
    }));
    assert_eq!(
        (early(&schedule, "kickoff"), early(&schedule, "work")),
        ("03-02 03-02".into(), "03-02 03-02".into())
    );
    assert_eq!(slack(&schedule, "kickoff"), (0, 0));
}

#[test]
fn a_joint_task_works_when_everyone_does() {
    let schedule = solve(json!({
        "start": "2026-03-02",
        "calendars": [
            {"id": "vendor", "holidays": [{"date": "2026-03-03"}]},
            {"id": "customer", "weekend": ["friday", "saturday"], "closed": [{"from": "2026-03-09", "to": "2026-03-10"}]},
        ],
        "tasks": [
            {"id": "vendor", "duration": 2}, {"id": "customer", "duration": 6, "calendars": ["customer"]},
            {"id": "joint", "duration": 4, "calendars": ["customer", "vendor"]},
        ],
    }));
    assert_eq!(early(&schedule, "vendor"), "03-02 03-04");
    assert_eq!(early(&schedule, "customer"), "03-02 03-11");
    assert_eq!(early(&schedule, "joint"), "03-02 03-11");
    assert_eq!(short(schedule.finish), "03-11");
}

#[test]
fn lag_counts_on_the_calendar_of_the_successor() {
    let schedule = solve(json!({
        "start": "2026-03-02",
        "calendars": [{"id": "vendor"}, {"id": "customer", "holidays": [{"date": "2026-03-04"}]}],
        "tasks": [{"id": "a", "duration": 1}, {"id": "b", "duration": 1, "calendars": ["customer"]}],
        "links": [{"from": "a", "to": "b", "lag": 2}],
    }));
    assert_eq!(early(&schedule, "b"), "03-06 03-06");
}

#[test]
fn no_go_live_on_a_friday_or_in_a_blackout() {
    let schedule = solve(json!({
        "start": "2026-03-02",
        "tasks": [
            {"id": "test", "duration": 5},
            {"id": "go-live", "duration": 0, "avoid": {"weekdays": ["friday"],
                "periods": [{"from": "2026-03-09", "to": "2026-03-12", "reason": "quarter end"}]}},
            {"id": "cut-over", "duration": 3, "avoid": {"weekdays": ["friday"]}},
            {"id": "hypercare", "duration": 1},
        ],
        "links": [{"from": "test", "to": "go-live"}, {"from": "test", "to": "cut-over"}, {"from": "go-live", "to": "hypercare"}],
    }));
    // Friday 6 is avoided, 9 to 12 blacked out, 13 a Friday again.
    assert_eq!(early(&schedule, "go-live"), "03-16 03-16");
    assert_eq!(early(&schedule, "hypercare"), "03-17 03-17");
    // Monday to Wednesday neither starts nor ends on a Friday.
    assert_eq!(early(&schedule, "cut-over"), "03-09 03-11");
    // At its latest the cut-over runs from Thursday 12 to Monday 16, so testing may end on Wednesday 11.
    assert_eq!(late(&schedule, "cut-over"), "03-12 03-16");
    assert_eq!(slack(&schedule, "test"), (3, 0));
    assert_eq!(schedule.critical_path, ["test", "go-live", "hypercare"]);
}

#[test]
fn slack_ends_before_days_that_are_avoided() {
    let schedule = solve(json!({
        "start": "2026-03-02",
        "tasks": [
            {"id": "go-live", "duration": 1, "avoid": {"weekdays": ["friday"]}}, {"id": "long", "duration": 5},
            {"id": "review", "duration": 1, "prefer": "alap"},
        ],
        "links": [],
    }));
    assert_eq!(late(&schedule, "go-live"), "03-05 03-05");
    assert_eq!(slack(&schedule, "go-live"), (3, 3));
    assert_eq!(planned(&schedule, "review"), "03-06 03-06");
}

#[test]
fn late_as_possible_never_moves_others() {
    let schedule = solve(json!({
        "start": "2026-03-02",
        "tasks": [
            {"id": "a", "duration": 1, "prefer": "alap"}, {"id": "b", "duration": 1},
            {"id": "c", "duration": 2, "prefer": "alap"}, {"id": "long", "duration": 5},
        ],
        "links": [{"from": "a", "to": "b", "lag": 1}, {"from": "a", "to": "c"}],
    }));
    assert_eq!(planned(&schedule, "a"), "03-02 03-02", "b is planned early, so a has no room");
    assert_eq!(late(&schedule, "a"), "03-04 03-04");
    assert_eq!(planned(&schedule, "b"), "03-04 03-04");
    assert_eq!(planned(&schedule, "c"), "03-05 03-06");
}

#[test]
fn constraints_hold_or_are_reported() {
    let schedule = solve(json!({
        "start": "2026-03-02",
        "tasks": [
            {"id": "a", "duration": 4},
            {"id": "fixed", "duration": 1, "constraint": {"kind": "fixed-start", "at": "2026-03-04"}},
            {"id": "due", "duration": 1, "constraint": {"kind": "finish-by", "at": "2026-03-05"}},
            {"id": "sunday", "duration": 1, "constraint": {"kind": "fixed-start", "at": "2026-03-08"}},
            {"id": "after", "duration": 1},
        ],
        "links": [{"from": "a", "to": "fixed"}, {"from": "a", "to": "due"}, {"from": "fixed", "to": "after"}],
    }));
    assert_eq!(early(&schedule, "fixed"), "03-04 03-04");
    assert_eq!(late(&schedule, "fixed"), "03-04 03-04");
    assert_eq!(early(&schedule, "after"), "03-05 03-05");
    assert_eq!(early(&schedule, "sunday"), "03-09 03-09");
    assert_eq!(slack(&schedule, "a"), (-2, 0));
    let conflicts: Vec<(&str, i64)> = schedule.conflicts.iter().map(|c| (c.task.as_str(), c.by)).collect();
    assert_eq!(conflicts, [("fixed", 2), ("due", 1), ("sunday", 0)]);
    assert_eq!(
        schedule.conflicts[0].message,
        "`fixed` is fixed to start on Wed 2026-03-04, but `a` is not done in time: it could start on Fri 2026-03-06"
    );
    assert_eq!(
        schedule.conflicts[1].message,
        "`due` must be finished by Thu 2026-03-05, but finishes on Fri 2026-03-06 at the earliest; it waits for `a`"
    );
}

#[test]
fn a_target_is_compared_and_compressed() {
    let spec = |by: &str| {
        json!({
            "start": "2026-03-02",
            "tasks": [{"id": "build", "duration": 10}, {"id": "test", "duration": 5}, {"id": "go-live", "duration": 0},
                {"id": "hypercare", "duration": 20}],
            "links": [{"from": "build", "to": "test"}, {"from": "test", "to": "go-live"}, {"from": "go-live", "to": "hypercare"}],
            "target": {"task": "go-live", "by": by},
        })
    };
    let met = solve(spec("2026-03-25")).feasibility.unwrap();
    assert_eq!((met.feasible, met.buffer, met.shortfall), (true, 5, 0));
    assert!(met.compressions.is_empty());

    let schedule = solve(spec("2026-03-18"));
    assert_eq!(schedule.critical_path, ["build", "test", "go-live"]);
    assert_eq!(slack(&schedule, "build"), (-2, 0));
    assert_eq!(slack(&schedule, "hypercare"), (0, 0));
    let missed = schedule.feasibility.unwrap();
    assert_eq!((missed.feasible, short(missed.expected), missed.shortfall), (false, "03-20".into(), 2));
    assert_eq!(
        missed.compressions,
        [Compression::Shorten { task: "build".into(), from: 10, to: 8, gains: 2 }]
    );

    // Seven working days: more than half of `build`, so it takes two changes.
    let missed = solve(spec("2026-03-11")).feasibility.unwrap();
    assert_eq!(missed.compressions.len(), 2);
    let gains: i64 = missed
        .compressions
        .iter()
        .map(|compression| match compression {
            Compression::Shorten { gains, .. }
            | Compression::Overlap { gains, .. }
            | Compression::StartEarlier { gains, .. } => *gains,
        })
        .sum();
    assert!(gains >= 9, "{:?}", missed.compressions);
    assert!(missed.best.unwrap() <= missed.target);

    // The target is before the start: only an earlier start helps.
    let missed = solve(spec("2026-02-27")).feasibility.unwrap();
    assert_eq!(missed.compressions, [Compression::StartEarlier { days: 15, gains: 21 }]);
    assert_eq!(missed.best.map(short), Some("02-27".into()));
}

/// A kickoff fixed on the plan's first day cannot be held earlier, and a lag is left alone: half of
/// the build and half of the test are all there is.
#[test]
fn the_nearest_is_offered_when_nothing_meets_the_target() {
    let missed = solve(json!({
        "start": "2026-03-02",
        "tasks": [
            {"id": "kickoff", "duration": 1, "constraint": {"kind": "fixed-start", "at": "2026-03-02"}},
            {"id": "build", "duration": 8}, {"id": "test", "duration": 4}, {"id": "go-live", "duration": 0},
        ],
        "links": [{"from": "kickoff", "to": "build"}, {"from": "build", "to": "test", "lag": 1}, {"from": "test", "to": "go-live"}],
        "target": {"task": "go-live", "by": "2026-03-04"},
    }))
    .feasibility
    .unwrap();
    assert_eq!((short(missed.expected), missed.shortfall), ("03-19".into(), 15));
    // Kickoff on the 2nd, four days of build to the 6th, a day's lag, two days of test from the 10th.
    assert_eq!(missed.best.map(short), Some("03-11".into()));
    assert_eq!(
        missed.compressions,
        [
            Compression::Shorten { task: "build".into(), from: 8, to: 4, gains: 6 },
            Compression::Shorten { task: "test".into(), from: 4, to: 2, gains: 2 },
        ]
    );
}

#[test]
fn what_cannot_be_compressed_has_no_best() {
    let missed = solve(json!({
        "start": "2026-03-02",
        "tasks": [{"id": "go-live", "duration": 1, "constraint": {"kind": "fixed-start", "at": "2026-03-12"}}],
        "target": {"by": "2026-03-11"},
    }))
    .feasibility
    .unwrap();
    assert_eq!((missed.compressions, missed.best, missed.shortfall), (vec![], None, 1));
}

#[test]
fn a_plan_target_gives_every_chain_its_buffer() {
    let schedule = solve(json!({
        "time": "continuous",
        "tasks": [{"id": "a", "duration": 3}, {"id": "b", "duration": 1}],
        "target": {"by": 5},
    }));
    assert_eq!((slack(&schedule, "a"), slack(&schedule, "b")), ((2, 2), (4, 4)));
    assert!(schedule.tasks[0].critical && !schedule.tasks[1].critical);
}

#[test]
fn parallel_chains_are_compressed_together() {
    let schedule = solve(json!({
        "time": "continuous",
        "tasks": [{"id": "a", "duration": 6}, {"id": "b", "duration": 6}, {"id": "end", "duration": 0}],
        "links": [{"from": "a", "to": "end"}, {"from": "b", "to": "end"}],
        "target": {"by": 4},
    }));
    assert_eq!(
        schedule.feasibility.unwrap().compressions,
        [
            Compression::Shorten { task: "a".into(), from: 6, to: 4, gains: 0 },
            Compression::Shorten { task: "b".into(), from: 6, to: 4, gains: 2 },
        ]
    );
}
