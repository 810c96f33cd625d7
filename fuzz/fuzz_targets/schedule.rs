//! The engine on small plans made from bytes: valid ones by construction, so that the passes are
//! reached at once. Asserts what every schedule must keep.
#![no_main]

use gangway_domain::plan::{
    Constraint, LinkKind, LinkSpec, PlanSpec, Point, TargetSpec, TaskSpec, TimeModel, schedule,
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut bytes = bytes.iter().copied();
    let mut next = move || bytes.next().unwrap_or(0);
    let tasks = next() % 24 + 1;
    let mut plan = PlanSpec { time: TimeModel::Continuous, ..PlanSpec::default() };
    for task in 0..tasks {
        let constraint = match next() % 8 {
            0 => Some(Constraint::NotBefore { at: Point::Unit(next().into()) }),
            1 => Some(Constraint::FinishBy { at: Point::Unit(next().into()) }),
            2 => Some(Constraint::FixedStart { at: Point::Unit(next().into()) }),
            _ => None,
        };
        let duration = (next() % 16).into();
        plan.tasks.push(TaskSpec { id: task.to_string(), duration, constraint, ..TaskSpec::default() });
    }
    for _ in 0..next() % 48 {
        let (from, to) = (next() % tasks, next() % tasks);
        let kind = match next() % 4 {
            0 => LinkKind::FinishStart,
            1 => LinkKind::StartStart,
            2 => LinkKind::FinishFinish,
            _ => LinkKind::StartFinish,
        };
        let lag = i32::from(next() as i8);
        if from != to {
            let (from, to) = (from.min(to).to_string(), from.max(to).to_string());
            plan.links.push(LinkSpec { from, to, kind, lag });
        }
    }
    if next() % 2 == 0 {
        plan.target = Some(TargetSpec { task: None, by: Point::Unit(next().into()) });
    }
    let found = schedule(&plan).expect("a plan without cycles can be scheduled");
    assert_eq!(found.tasks.iter().map(|task| task.early_finish).max(), Some(found.finish));
    assert!(found.tasks.iter().all(|task| task.free_slack >= 0 && task.start >= task.early_start));
    assert!(found.tasks.iter().any(|task| task.critical));
});
