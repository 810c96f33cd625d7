//! Gates in plans told in one go: what they see, and the day a waiver opens them.

use std::collections::BTreeMap;

use super::*;
use crate::rule::FactValue;

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

/// The small plan with a gate behind b that is passed when a rule holds.
fn ruled(rule: &str) -> RunningPlan {
    let mut plan = plan();
    let criteria =
        vec![crate::package::GateCriterion { text: "The design is signed".into(), rule: Some(rule.into()) }];
    plan.milestones.push(RunningMilestone { criteria, ..milestone("gate", true) });
    plan.links.retain(|link| link.to != "c");
    plan.links.extend([link("b", "gate"), link("gate", "c"), link("e", "c")]);
    reschedule(&mut plan, MONDAY).unwrap();
    plan
}

#[test]
fn what_the_customer_signs_is_a_task_of_theirs_that_is_done() {
    let plan = ruled("'b' in plan.customer_done");
    let missing = |plan: &RunningPlan, today: Date| {
        check_gate(plan, plan.milestone("gate").unwrap(), &run_facts(plan, today)).missing()
    };
    assert_eq!(missing(&plan, MONDAY), "“Task b” is not done; it is not true that the design is signed");
    let signed = with(&plan, on(9), &[finish("a", on(2)), finish("b", on(9))]).unwrap().plan;
    assert_eq!(missing(&signed, on(9)), "");
    let skip = Change::Skip { task: "b".into(), reason: "Signed later".into() };
    let skipped = with(&plan, on(2), &[finish("a", on(2)), skip]).unwrap().plan;
    assert_eq!(missing(&skipped, on(2)), "it is not true that the design is signed");
    // A task of ours is nobody's signature.
    let ours = with(&ruled("'a' in plan.customer_done"), on(2), &[finish("a", on(2))]).unwrap().plan;
    assert!(missing(&ours, on(2)).contains("it is not true"), "{}", missing(&ours, on(2)));
}

#[test]
fn what_people_wrote_down_can_show_that_a_criterion_is_met_but_not_that_it_is_not() {
    let plan = ruled("people.active_contacts >= 3");
    let verdict = |active: i64| {
        let mut facts = run_facts(&plan, MONDAY);
        let people = BTreeMap::from([("active_contacts", FactValue::Int(active))]);
        facts.0.insert("people", FactValue::Group(people));
        check_gate(&plan, plan.milestone("gate").unwrap(), &facts).criteria[0].verdict
    };
    assert_eq!((verdict(2), verdict(3)), (Verdict::Unknown, Verdict::Holds));
}

#[test]
fn whoever_does_what_leads_to_a_gate_answers_for_it() {
    let mut plan = gated();
    plan.links.extend([link("e", "gate"), link("d", "gate")]);
    plan.tasks[0].assignee = Some(Assignee::Name { name: "Ines".into() });
    plan.tasks[3].assignee = Some(Assignee::Name { name: "Ines".into() });
    plan.tasks[4].role = "Integration engineer".into();
    assert_eq!(plan.answer_for("gate"), ["Ines", "Integration engineer"]);
    plan.tasks[4].state = TaskState::Skipped { reason: "Works without".into() };
    assert_eq!(plan.answer_for("gate"), ["Ines"]);
}
