//! Generated plans against MPXJ's scheduler; `oracles/mpxj_golden.py` says what is compared and why.

use serde::Deserialize;

use crate::plan::{PlanSpec, schedule};

#[derive(Deserialize)]
struct Case {
    plan: PlanSpec,
    /// Whether late dates are compared too.
    late: bool,
    /// Early start and finish, late start and finish of each task.
    dates: Vec<[String; 4]>,
}

#[test]
fn dates_agree_with_mpxj() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("oracles/mpxj.golden.json")).unwrap();
    assert!(cases.len() >= 60, "{}", cases.len());
    let mut differences = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let found = schedule(&case.plan).unwrap();
        for (task, (spec, expected)) in found.tasks.iter().zip(case.plan.tasks.iter().zip(&case.dates)) {
            let ours = [task.early_start, task.early_finish, task.late_start, task.late_finish];
            let compared = if case.late { 4 } else { 2 };
            for (at, (ours, theirs)) in ours.iter().zip(expected).enumerate().take(compared) {
                // A milestone is one moment; theirs may be shown as the next morning.
                let same_moment = spec.duration == 0 && at % 2 == 0;
                if !same_moment && ours.to_string() != *theirs {
                    differences
                        .push(format!("plan {number} task {} date {at}: {ours}, not {theirs}", task.id));
                }
            }
        }
    }
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}
