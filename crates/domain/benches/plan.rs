//! How long a large plan takes: 10,000 tasks and 20,000 links on two parties' calendars.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use gangway_domain::plan::{PlanSpec, schedule};
use serde_json::{Value, json};

/// A plan of layered tasks: every task follows one a few places before it and one further back,
/// with all four kinds of links and small lags. Deterministic.
fn large(tasks: usize, links: usize, business: bool) -> PlanSpec {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap_or(0)
    };
    let owners = [json!([]), json!(["customer"]), json!(["vendor", "customer"])];
    let nodes: Vec<Value> = (0..tasks)
        .map(|task| {
            let calendars = if business { owners[random(3)].clone() } else { json!([]) };
            json!({"id": format!("t{task}"), "duration": random(10), "calendars": calendars})
        })
        .collect();
    let kinds = ["FS", "FS", "FS", "FS", "SS", "FF", "SF", "FS"];
    let edges: Vec<Value> = (0..links)
        .map(|_| {
            let to = 1 + random(tasks - 1);
            let from = to - 1 - random(to.min(400));
            json!({"from": format!("t{from}"), "to": format!("t{to}"), "type": kinds[random(8)], "lag": random(5) as i64 - 1})
        })
        .collect();
    let mut plan = json!({"time": "continuous", "tasks": nodes, "links": edges});
    if business {
        let holidays = |day: i64| {
            (2026..2046).map(|year| json!({"date": format!("{year}-0{day}-1{day}")})).collect::<Vec<_>>()
        };
        plan["time"] = json!("business");
        plan["start"] = json!("2026-03-02");
        plan["calendars"] = json!([
            {"id": "vendor", "holidays": holidays(4), "closed": [{"from": "2026-12-24", "to": "2027-01-01"}]},
            {"id": "customer", "weekend": ["friday", "saturday"], "holidays": holidays(5)},
        ]);
    }
    serde_json::from_value(plan).unwrap_or_default()
}

fn benches(criterion: &mut Criterion) {
    for (name, business) in [("business", true), ("continuous", false)] {
        let plan = large(10_000, 20_000, business);
        assert!(schedule(&plan).is_ok_and(|schedule| schedule.tasks.len() == 10_000));
        criterion.bench_function(&format!("schedule/{name} 10k tasks 20k links"), |bench| {
            bench.iter(|| schedule(black_box(&plan)));
        });
    }
}

criterion_group!(plan, benches);
criterion_main!(plan);
