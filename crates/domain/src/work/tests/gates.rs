//! Gates in plans told in one go: what they see, and the day a waiver opens them.

use super::*;

#[test]
fn a_gate_sees_what_the_same_batch_did_before() {
    let mut plan = plan();
    plan.milestones.extend([milestone("goals", false), milestone("gate", true)]);
    let rule = Some("'goals' in milestones.reached".to_owned());
    plan.milestones[1].criteria =
        vec![crate::package::GateCriterion { text: "Goals are agreed".into(), rule }];
    let reach = |milestone: &str| Change::Reach { milestone: milestone.into(), on: MONDAY };
    let error = with(&plan, MONDAY, &[reach("gate"), reach("goals")]).unwrap_err().to_string();
    assert_eq!(error, "the gate “Milestone gate” cannot be passed yet: it is not true that goals are agreed");
    let passed = with(&plan, MONDAY, &[reach("goals"), reach("gate")]).unwrap().plan;
    assert_eq!(passed.milestone("gate").unwrap().reached_on, Some(MONDAY));
}

/// The small plan with a gate between a and b.
fn gated() -> RunningPlan {
    let mut plan = plan();
    plan.milestones.push(milestone("gate", true));
    plan.links.retain(|link| link.to != "b");
    plan.links.extend([link("a", "gate"), link("gate", "b")]);
    reschedule(&mut plan, MONDAY).unwrap();
    plan
}

fn waive(on: Date) -> Change {
    Change::Waive { milestone: "gate".into(), reason: "Works without".into(), on: Some(on) }
}

#[test]
fn weeks_told_at_once_with_a_waiver_between_move_nothing_that_went_as_planned() {
    // On Monday the 25th somebody tells what happened since the 11th, all of it as planned.
    let told =
        [finish("a", on(2)), finish("e", on(1)), waive(on(3)), finish("b", on(9)), finish("c", on(11))];
    let outcome = with(&gated(), on(14), &told).unwrap();
    assert_eq!(outcome.plan.promise(), Promise { go_live: on(11), finish: on(14) });
    let days: Vec<(&str, i64)> =
        outcome.entries.iter().map(|entry| (entry.kind, entry.go_live_days())).collect();
    assert_eq!(days, [("finish", 0), ("finish", 0), ("waive", 0), ("finish", 0), ("finish", 0)]);
    assert_eq!(
        outcome.entries[2].summary,
        "Waived the gate “Milestone gate” from 14 Jan 2027 on: Works without"
    );
    assert_eq!(outcome.entries[3].summary, "Finished “Task b” on 20 Jan 2027, as planned");
    let gate = outcome.plan.milestone("gate").unwrap();
    assert_eq!((gate.waived.as_ref().unwrap().on, gate.planned), (on(3), on(3)));
}

#[test]
fn a_gate_waived_late_moves_what_was_behind_it_by_as_much() {
    let told = [finish("a", on(2)), finish("e", on(1)), waive(on(4)), finish("b", on(10))];
    let outcome = with(&gated(), on(14), &told).unwrap();
    // A day for the gate; c would have been done on the 23rd then, and is done on the 26th at the earliest.
    let days: Vec<(&str, i64)> =
        outcome.entries.iter().map(|entry| (entry.kind, entry.go_live_days())).collect();
    assert_eq!(days, [("finish", 0), ("finish", 0), ("waive", 1), ("finish", 0), ("slip", 3)]);
    assert_eq!(outcome.plan.promise().go_live, on(15));
}

#[test]
fn a_gate_is_waived_from_a_day_of_the_plan_that_has_come() {
    let plan = gated();
    assert!(matches!(with(&plan, on(1), &[waive(on(2))]), Err(WorkError::Future { .. })));
    let error = with(&plan, on(1), &[waive(on(-1))]).unwrap_err();
    assert!(matches!(&error, WorkError::Invalid { field: "on", .. }), "{error}");
    assert_eq!(error.to_string(), "on lies before the plan, which begins on 11 Jan 2027");
    let today = Change::Waive { milestone: "gate".into(), reason: "Works without".into(), on: None };
    let waived = with(&plan, on(1), &[today]).unwrap();
    assert_eq!(waived.plan.milestone("gate").unwrap().waived.as_ref().unwrap().on, on(1));
    assert_eq!(waived.entries[0].summary, "Waived the gate “Milestone gate”: Works without");
}

#[test]
fn a_milestone_is_called_and_due_otherwise_and_nothing_moves() {
    let rename = Change::RenameMilestone { milestone: "gate".into(), name: " Access  granted ".into() };
    let due = |on| Change::SetDue { milestone: "gate".into(), on };
    let outcome = with(&gated(), MONDAY, &[rename, due(on(9))]).unwrap();
    let gate = outcome.plan.milestone("gate").unwrap();
    assert_eq!((gate.name.as_str(), gate.due), ("Access granted", on(9)));
    assert_eq!(outcome.plan.promise(), gated().promise());
    let said: Vec<(&str, &str)> =
        outcome.entries.iter().map(|entry| (entry.kind, entry.summary.as_str())).collect();
    assert_eq!(
        said,
        [
            ("rename-milestone", "“Milestone gate” is called “Access granted”"),
            ("set-due", "“Access granted” is due on 20 Jan 2027 instead of 11 Jan 2027"),
        ]
    );
    let patch = outcome.entries[1].undo.clone();
    let back = undo(&outcome.plan, patch, "Taken back".into(), Side::Joint, MONDAY).unwrap();
    let gate = back.plan.milestone("gate").unwrap();
    assert_eq!((gate.name.as_str(), gate.due), ("Access granted", MONDAY));
    let early = with(&gated(), MONDAY, &[due(on(-1))]).unwrap_err();
    assert!(matches!(early, WorkError::Invalid { field: "on", .. }), "{early}");
    let nameless = Change::RenameMilestone { milestone: "gate".into(), name: " ".into() };
    let nameless = with(&gated(), MONDAY, &[nameless]).unwrap_err();
    assert!(matches!(nameless, WorkError::Invalid { field: "name", .. }), "{nameless}");
    let passed = with(&gated(), on(3), &[finish("a", on(2)), waive(on(3)), due(on(9))]);
    assert!(passed.is_ok(), "a gate that was waived is reached later all the same");
}
