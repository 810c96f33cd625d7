//! How long a replan takes: one change in an onboarding of 2,000 tasks, scheduled again as a whole, with
//! every date it moved; and a ledger of fifty changes.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use gangway_domain::calendar::WorkCalendar;
use gangway_domain::plan::LivePlan;
use gangway_domain::plan::reflow::{Change, Recorded, ledger, reflow};
use serde_json::{Value, json};

const TASKS: usize = 2_000;

/// Layered tasks with two predecessors each on the calendars of two parties; the first 600 are done.
fn onboarding() -> LivePlan {
    let sides = ["vendor", "customer", "joint"];
    let calendars = [json!(["vendor"]), json!(["customer"]), json!(["vendor", "customer"])];
    let id = |task: usize| format!("t{task}");
    let nodes: Vec<Value> = (0..TASKS)
        .map(|task| json!({"id": id(task), "duration": (task + task / 60) % 10, "calendars": calendars[task % 3]}))
        .collect();
    let links: Vec<Value> = (60..TASKS)
        .flat_map(|task| [1 + task * 3 % 50, 60].map(|back| json!({"from": id(task - back), "to": id(task)})))
        .collect();
    let known = (0..TASKS).map(|task| {
        let done = json!({"state": "done", "started": "2026-03-02", "finished": "2026-03-06"});
        let progress = if task < 600 { done } else { json!({"state": "open"}) };
        (id(task), json!({"owner": sides[task % 3], "progress": progress}))
    });
    let live = json!({
        "plan": {
            "start": "2026-03-02",
            "calendars": [
                {"id": "vendor", "closed": [{"from": "2026-12-24", "to": "2027-01-01"}]},
                {"id": "customer", "weekend": ["friday", "saturday"], "holidays": [{"date": "2026-05-01"}]},
            ],
            "tasks": nodes, "links": links,
        },
        "today": "2026-06-01",
        "tasks": known.collect::<serde_json::Map<_, _>>(),
        "go_live": id(TASKS - 1),
    });
    serde_json::from_value(live).expect("the plan is written above")
}

fn benches(criterion: &mut Criterion) {
    let live = onboarding();
    let longer = |task: usize, days| Change::Duration { task: format!("t{task}"), days };
    let change = longer(610, 90);
    assert!(reflow(&live, &change).is_ok_and(|found| !found.moved.is_empty()));
    criterion.bench_function("reflow/one change in 2,000 tasks", |bench| {
        bench.iter(|| reflow(black_box(&live), &change));
    });
    criterion.bench_function("reflow/schedule of 2,000 tasks", |bench| {
        bench.iter(|| black_box(&live).schedule());
    });
    let changes: Vec<Recorded> = (0..50)
        .map(|at| Recorded { change: longer(610 + at * 20, 12), party: None, reason: String::new() })
        .collect();
    let week = WorkCalendar::monday_to_friday("vendor");
    criterion.bench_function("reflow/ledger of 50 changes in 2,000 tasks", |bench| {
        bench.iter(|| ledger(black_box(&live), &changes, &week));
    });
}

criterion_group! {
    name = reflows;
    config = Criterion::default().sample_size(20);
    targets = benches
}
criterion_main!(reflows);
