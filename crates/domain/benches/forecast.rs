//! How long a forecast takes: 10,000 runs over 200 tasks on two parties' calendars, half of them learnt.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use gangway_domain::plan::LivePlan;
use gangway_domain::plan::forecast::{
    ForecastOptions, Observation, SlipModel, SlipPrior, USUAL_RUNS, forecast,
};
use gangway_domain::programme::Side;
use serde_json::{Value, json};

const SIDES: [(&str, Side); 3] =
    [("vendor", Side::Vendor), ("customer", Side::Customer), ("joint", Side::Joint)];

/// Layered tasks with two predecessors each, all four kinds of links, and a go-live that avoids Fridays.
fn onboarding(tasks: usize) -> LivePlan {
    let calendars = [json!(["vendor"]), json!(["customer"]), json!(["vendor", "customer"])];
    let kinds = ["FS", "FS", "SS", "FF", "FS", "FS", "SF", "FS"];
    let id = |task: usize| format!("t{task}");
    let mut nodes: Vec<Value> = (0..tasks)
        .map(|task| json!({"id": id(task), "duration": 1 + task * 7 % 10, "calendars": calendars[task % 3]}))
        .collect();
    nodes.push(json!({"id": "live", "duration": 0, "avoid": {"weekdays": ["friday"]}}));
    let mut links = Vec::new();
    for task in 8..tasks {
        for back in [1 + task * 3 % 7, 8] {
            let kind = kinds[(task + back) % 8];
            links.push(json!({"from": id(task - back), "to": id(task), "type": kind, "lag": task % 3}));
        }
    }
    links.extend((tasks.saturating_sub(8)..tasks).map(|task| json!({"from": id(task), "to": "live"})));
    let known = (0..tasks)
        .map(|task| (id(task), json!({"owner": SIDES[task % 3].0, "kind": format!("kind {}", task % 5)})));
    let live = json!({
        "plan": {
            "start": "2026-03-02",
            "calendars": [
                {"id": "vendor", "closed": [{"from": "2026-12-24", "to": "2027-01-01"}]},
                {"id": "customer", "weekend": ["friday", "saturday"], "holidays": [{"date": "2026-05-01"}]},
            ],
            "tasks": nodes, "links": links,
        },
        "today": "2026-03-02",
        "tasks": known.collect::<serde_json::Map<_, _>>(),
        "go_live": "live",
    });
    serde_json::from_value(live).expect("the plan is written above")
}

fn history() -> Vec<Observation> {
    (0..2_000_u32)
        .map(|at| Observation {
            onboarding: (at / 40).to_string(),
            owner: SIDES[at as usize % 3].1,
            kind: format!("kind {}", at % 3),
            planned: 10,
            actual: 6 + at * 7 % 13 + at / 40 % 5,
        })
        .collect()
}

fn benches(criterion: &mut Criterion) {
    let (live, history) = (onboarding(200), history());
    let model = SlipModel::learn(&history, &SlipPrior::default());
    let options = ForecastOptions { runs: USUAL_RUNS, seed: 1, promised: None };
    assert!(forecast(&live, &model, options).is_ok_and(|found| found.runs == USUAL_RUNS));
    criterion.bench_function("forecast/10,000 runs over 200 tasks", |bench| {
        bench.iter(|| forecast(black_box(&live), &model, options));
    });
    criterion.bench_function("forecast/learning from 2,000 tasks done", |bench| {
        bench.iter(|| SlipModel::learn(black_box(&history), &SlipPrior::default()));
    });
}

criterion_group! {
    name = forecasts;
    config = Criterion::default().sample_size(20);
    targets = benches
}
criterion_main!(forecasts);
