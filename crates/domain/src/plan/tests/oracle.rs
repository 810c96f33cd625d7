//! Generated plans against MPXJ's scheduler; `oracles/mpxj_golden.py` says what is compared and why.

use serde::Deserialize;

use crate::plan::{PlanSpec, schedule};

#[derive(Deserialize)]
struct Case {
    plan: PlanSpec,
    /// Whether late dates are compared too.
    late: bool,
    dates: Vec<[String; 4]>,
}

#[test]
fn dates_agree_with_mpxj() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("oracles/mpxj.golden.json")).unwrap();
    assert!(cases.len() >= 60);
    for (number, case) in cases.iter().enumerate() {
        let found = schedule(&case.plan).unwrap();
        for (task, [early_start, early_finish, late_start, late_finish]) in found.tasks.iter().zip(&case.dates) {
            let milestone = task.early_start == task.early_finish && early_start != early_finish;
            let starts = milestone || task.early_start.to_string() == *early_start;
            assert!(starts, "plan {number} task {}: {} ≠ {early_start}", task.id, task.early_start);
            assert_eq!(task.early_finish.to_string(), *early_finish, "plan {number} task {}", task.id);
            if case.late {
                assert_eq!(task.late_start.to_string(), *late_start, "plan {number} task {} late start", task.id);
                assert_eq!(task.late_finish.to_string(), *late_finish, "plan {number} task {} late finish", task.id);
            }
        }
    }
}
