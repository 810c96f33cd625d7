//! A small plan worked by hand, and what must hold whatever happens to any plan.

mod gates;
mod years;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::plan::{CalendarSpec, Constraint, LinkKind, LinkSpec, Point, reflow};
use crate::programme::{MilestoneKind, Side, Stage};
use jiff::civil::Weekday;

const MONDAY: Date = date(2027, 1, 11);

fn on(days: i64) -> Date {
    MONDAY.saturating_add(days.days())
}

fn calendar(id: &str) -> CalendarSpec {
    let weekend = vec![Weekday::Saturday, Weekday::Sunday];
    CalendarSpec { id: id.into(), weekend, holidays: Vec::new(), closed: Vec::new() }
}

fn task(code: &str, side: Side, days: u32) -> RunningTask {
    RunningTask {
        code: code.into(),
        phase: "build".into(),
        name: format!("Task {code}"),
        side,
        role: String::new(),
        assignee: None,
        days,
        rule: TaskRule::default(),
        state: TaskState::Open,
        origin: Origin::Programme,
        start: MONDAY,
        finish: MONDAY,
        late_start: MONDAY,
        late_finish: MONDAY,
        slack: 0,
        free_slack: 0,
        critical: false,
    }
}

fn link(from: &str, to: &str) -> LinkSpec {
    LinkSpec { from: from.into(), to: to.into(), kind: LinkKind::FinishStart, lag: 0 }
}

fn milestone(code: &str, gate: bool) -> RunningMilestone {
    RunningMilestone {
        code: code.into(),
        phase: "build".into(),
        name: format!("Milestone {code}"),
        kind: MilestoneKind::Technical,
        gate,
        criteria: Vec::new(),
        said: Vec::new(),
        due: MONDAY,
        planned: MONDAY,
        reached_on: None,
        waived: None,
    }
}

/// a (vendor, 3) → b (customer, 5) → c (vendor, 2, the go-live) → d (joint, 1); e (vendor, 2) beside them → c.
pub(super) fn plan() -> RunningPlan {
    let mut plan = RunningPlan {
        ground: Ground {
            starts_on: MONDAY,
            target: None,
            kickoff: None,
            go_live: Some("c".into()),
            first_value: None,
            complete: Vec::new(),
            calendars: vec![calendar("vendor"), calendar("customer")],
            as_of: MONDAY,
        },
        phases: vec![RunningPhase {
            code: "build".into(),
            name: "Build".into(),
            stage: Stage::Configure,
            start: MONDAY,
            finish: MONDAY,
        }],
        tasks: vec![
            task("a", Side::Vendor, 3),
            task("b", Side::Customer, 5),
            task("c", Side::Vendor, 2),
            task("d", Side::Joint, 1),
            task("e", Side::Vendor, 2),
        ],
        milestones: Vec::new(),
        links: vec![link("a", "b"), link("b", "c"), link("c", "d"), link("e", "c")],
    };
    reschedule(&mut plan, MONDAY).unwrap();
    plan
}

fn with(plan: &RunningPlan, today: Date, changes: &[Change]) -> Result<Outcome, WorkError> {
    run(plan, changes, None, &Context { today, who: "Priya", besides: None })
}

fn finish(task: &str, on: Date) -> Change {
    Change::Finish { task: task.into(), on, started_on: None }
}

#[test]
fn the_plan_by_hand() {
    let plan = plan();
    // a: Mon 11 – Wed 13, b: Thu 14 – Wed 20, c: Thu 21 – Fri 22, d: Mon 25; e: Mon 11 – Tue 12.
    let days: Vec<(Date, Date)> = plan.tasks.iter().map(|task| (task.start, task.finish)).collect();
    assert_eq!(days, [(on(0), on(2)), (on(3), on(9)), (on(10), on(11)), (on(14), on(14)), (on(0), on(1))]);
    assert_eq!(plan.promise(), Promise { go_live: on(11), finish: on(14) });
    assert_eq!(plan.phases[0].finish, on(14));
    assert!(plan.task("b").unwrap().critical && !plan.task("e").unwrap().critical);
    assert_eq!(plan.task("e").unwrap().slack, 6, "Wed 13 to Wed 20");
}

#[test]
fn finishing_early_brings_what_follows_forward() {
    let outcome = with(&plan(), on(1), &[finish("a", on(1)), finish("e", on(1))]).unwrap();
    // b follows from Wednesday: Wed 13 – Tue 19, c Wed 20 – Thu 21, d Fri 22.
    assert_eq!(outcome.plan.promise(), Promise { go_live: on(10), finish: on(11) });
    let [entry, _] = outcome.entries.as_slice() else { panic!("{:?}", outcome.entries) };
    assert_eq!(
        (entry.kind, entry.side, entry.go_live_days(), entry.finish_days()),
        ("finish", Side::Vendor, -1, -3)
    );
    assert_eq!(entry.summary, "Finished “Task a” on 12 Jan 2027, 1 calendar day early");
    assert_eq!(entry.moves.iter().map(|moved| moved.code.as_str()).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
}

#[test]
fn days_that_passed_are_the_lateness_of_those_whose_work_they_were() {
    let plan = with(&plan(), on(2), &[finish("a", on(2)), finish("e", on(1))]).unwrap().plan;
    // The customer should have begun on Thursday the 14th; on Tuesday the 19th nobody has.
    let outcome = catch_up(&plan, on(8)).unwrap();
    let [entry] = outcome.entries.as_slice() else { panic!("{:?}", outcome.entries) };
    assert_eq!(
        (entry.kind, entry.side, entry.subjects.as_slice()),
        ("slip", Side::Customer, &["b".to_owned()][..])
    );
    assert_eq!(entry.summary, "By 19 Jan 2027 “Task b” had not begun");
    // b: Tue 19 – Mon 25, c: Tue 26 – Wed 27, d: Thu 28.
    assert_eq!(outcome.plan.promise(), Promise { go_live: on(16), finish: on(17) });
    assert!(catch_up(&outcome.plan, on(8)).unwrap().entries.is_empty(), "a day is counted once");
}

#[test]
fn a_change_is_not_blamed_for_days_that_passed() {
    // On Friday the 15th the vendor says that a was done on Wednesday, as planned.
    let outcome = with(&plan(), on(4), &[finish("a", on(2))]).unwrap();
    let [told, late, later] = outcome.entries.as_slice() else { panic!("{:?}", outcome.entries) };
    assert_eq!((told.kind, told.go_live_days()), ("finish", 0));
    assert_eq!((late.kind, late.subjects[0].as_str()), ("slip", "e"));
    assert_eq!(late.go_live_days(), 0, "e has slack");
    assert_eq!((later.subjects[0].as_str(), later.side, later.go_live_days()), ("b", Side::Customer, 3));
}

#[test]
fn what_is_noted_counts_no_days_that_passed() {
    // On Tuesday the 19th somebody says that a was done on the 13th, and nothing of the rest.
    let context = Context { today: on(8), who: "Priya", besides: None };
    let noted = note(&plan(), &finish("a", on(2)), &context).unwrap();
    let [entry] = noted.entries.as_slice() else { panic!("{:?}", noted.entries) };
    assert_eq!((entry.kind, entry.moves.len()), ("finish", 0));
    assert_eq!(noted.plan.promise(), plan().promise());
    // Brought up to that day, it is as if it had been said with everything else.
    let later = catch_up(&noted.plan, on(8)).unwrap();
    assert_eq!(later.plan, with(&plan(), on(8), &[finish("a", on(2))]).unwrap().plan);
    assert_eq!(later.entries.iter().map(|entry| entry.kind).collect::<Vec<_>>(), ["slip", "slip"]);
}

#[test]
fn what_was_overtaken_is_planned_from_today_on_and_not_behind_the_go_live() {
    let mut plan = plan();
    plan.links.push(link("e", "a"));
    let prepared = plan.tasks.iter_mut().find(|task| task.code == "e").unwrap();
    prepared.rule.prefer = crate::plan::Preference::Alap;
    reschedule(&mut plan, MONDAY).unwrap();
    // e: Mon 11 – Tue 12, a: Wed 13 – Fri 15; but a is done on Wednesday, and nobody has begun e.
    let plan = with(&plan, on(2), &[finish("a", on(2))]).unwrap().plan;
    let moved = catch_up(&plan, on(7)).unwrap().plan;
    let days = |plan: &RunningPlan, code: &str| plan.task(code).map(|task| (task.start, task.finish));
    assert_eq!(days(&moved, "e"), Some((on(7), on(8))), "Mon 18 – Tue 19");
    assert!(on(8) < moved.promise().go_live);
    assert_eq!(days(&moved, "a"), days(&plan, "a"), "what is done stays where it was done");
}

#[test]
fn who_waits_for_somebody_late_is_not_late() {
    let begun = Change::Start { task: "a".into(), on: MONDAY };
    let plan = with(&plan(), on(1), &[begun, finish("e", on(1))]).unwrap().plan;
    assert_eq!(plan.promise().go_live, on(11), "as planned");
    // a was to be done on Wednesday the 13th; on Monday the 18th it is not, and b could not begin.
    let outcome = catch_up(&plan, on(7)).unwrap();
    let [entry] = outcome.entries.as_slice() else { panic!("{:?}", outcome.entries) };
    assert_eq!((entry.side, entry.subjects[0].as_str()), (Side::Vendor, "a"));
    // a: until Mon 18 at the earliest, b: Tue 19 – Mon 25, c: Tue 26 – Wed 27.
    assert_eq!((entry.go_live_days(), outcome.plan.promise().go_live), (5, on(16)));
    let told = with(&plan, on(7), &[finish("a", on(7))]).unwrap();
    assert_eq!(
        told.entries.iter().map(|entry| (entry.side, entry.go_live_days())).collect::<Vec<_>>(),
        [(Side::Vendor, 5)]
    );
}

#[test]
fn a_blocked_task_names_its_side_and_waits_for_its_blocker() {
    let plan = plan();
    let block =
        Change::Block { task: "a".into(), since: MONDAY, because: "No access".into(), by: Some("e".into()) };
    let outcome = with(&plan, MONDAY, &[block]).unwrap();
    assert_eq!(outcome.plan.task("a").unwrap().start, on(2), "after e");
    let round =
        Change::Block { task: "a".into(), since: MONDAY, because: "No access".into(), by: Some("c".into()) };
    let error = with(&plan, MONDAY, &[round]).unwrap_err();
    assert!(matches!(&error, WorkError::Cycle(names) if names.contains(&"Task a".to_owned())), "{error}");
}

#[test]
fn a_gate_holds_until_it_is_passed_or_waived() {
    let mut plan = plan();
    plan.milestones.push(milestone("gate", true));
    plan.milestones[0].criteria =
        vec![crate::package::GateCriterion { text: "Access is granted".into(), rule: None }];
    plan.links.extend([link("a", "gate"), link("gate", "b")]);
    let plan = with(&plan, on(2), &[finish("a", on(2)), finish("e", on(2))]).unwrap().plan;
    let behind: Vec<&str> = held(&plan).into_keys().collect();
    assert!(behind.contains(&"b") && !behind.contains(&"a") && !behind.contains(&"e"), "{behind:?}");
    let start = Change::Start { task: "b".into(), on: on(3) };
    let error = with(&plan, on(3), std::slice::from_ref(&start)).unwrap_err().to_string();
    assert_eq!(
        error,
        "“Task b” waits behind the gate “Milestone gate”: nobody confirmed that access is granted. Pass the gate, \
         or waive it with a reason"
    );
    let reach = Change::Reach { milestone: "gate".into(), on: on(3) };
    assert!(matches!(with(&plan, on(3), std::slice::from_ref(&reach)), Err(WorkError::Closed { .. })));
    let confirm =
        Change::Confirm { milestone: "gate".into(), criterion: "Access is granted".into(), met: true };
    let passed = with(&plan, on(3), &[confirm, reach, start.clone()]).unwrap().plan;
    assert_eq!(passed.task("b").unwrap().state, TaskState::Started { on: on(3) });
    let waive = Change::Waive { milestone: "gate".into(), reason: "Works without".into(), on: None };
    let waived = with(&plan, on(3), &[waive, start]).unwrap().plan;
    assert_eq!(waived.milestones[0].waived.as_ref().unwrap().by, "Priya");
    assert!(held(&waived).is_empty() && held(&passed).is_empty());
    // Held for two more days, the customer's work begins as much later.
    let held = catch_up(&plan, on(7)).unwrap();
    let [gate] = held.entries.as_slice() else { panic!("{:?}", held.entries) };
    assert_eq!((gate.side, gate.subjects[0].as_str()), (Side::Joint, "gate"), "not b, which had to wait");
    assert_eq!(gate.summary, "By 18 Jan 2027 the gate “Milestone gate” was not passed");
    assert!(held.plan.task("b").unwrap().start > on(7));
}

#[test]
fn what_others_wait_for_is_removed_only_with_its_ends_joined() {
    let plan = plan();
    let remove = |join| Change::Remove { task: "b".into(), join };
    let error = with(&plan, MONDAY, &[remove(false)]).unwrap_err().to_string();
    assert!(error.starts_with("“Task b” cannot be removed: “Task c” waits for it."), "{error}");
    let outcome = with(&plan, MONDAY, &[remove(true)]).unwrap();
    assert!(outcome.plan.links.contains(&link("a", "c")));
    assert_eq!(outcome.plan.task("c").unwrap().start, on(3));
    let pinned = Change::Remove { task: "c".into(), join: true };
    assert!(matches!(with(&plan, MONDAY, &[pinned]), Err(WorkError::Pinned(_))));
}

#[test]
fn what_cannot_be_is_refused() {
    let plan = plan();
    let refused = |change: Change| with(&plan, on(1), &[change]).unwrap_err();
    assert!(matches!(refused(finish("a", on(2))), WorkError::Future { .. }));
    assert!(matches!(refused(Change::Link { link: link("c", "a") }), WorkError::Cycle(_)));
    assert!(matches!(refused(finish("z", on(1))), WorkError::Unknown(_)));
    let never =
        CalendarSpec { weekend: Weekday::Monday.cycle_forward().take(7).collect(), ..calendar("customer") };
    assert!(matches!(
        refused(Change::Calendar { calendar: never }),
        WorkError::Invalid { field: "calendar", .. }
    ));
    assert!(matches!(refused(Change::SetDays { task: "a".into(), days: 0 }), WorkError::Invalid { .. }));
    let empty = Change::Skip { task: "a".into(), reason: "  ".into() };
    assert!(matches!(refused(empty), WorkError::Invalid { field: "reason", .. }));
}

#[test]
fn an_added_task_delays_what_waits_for_it_and_whoever_asked_answers_for_it() {
    let added = Addition {
        code: None,
        name: "Security review".into(),
        side: Side::Vendor,
        role: None,
        assignee: None,
        days: 4,
        not_before: None,
        finish_by: None,
        after: vec!["b".into()],
        before: vec!["c".into()],
        phase: None,
        origin: Origin::Person,
        checklist: Vec::new(),
    };
    let because = Because { summary: "CR-1".into(), side: Side::Customer };
    let context = Context { today: MONDAY, who: "Priya", besides: None };
    let outcome = run(&plan(), &[Change::Add { task: added }], Some(&because), &context).unwrap();
    assert_eq!(outcome.plan.task("added-1").unwrap().start, on(10));
    assert_eq!((outcome.entries[0].side, outcome.entries[0].go_live_days()), (Side::Customer, 6));
    assert_eq!(outcome.entries[0].summary, "Added “Security review”, 4 working days: CR-1");
}

#[test]
fn a_bundle_is_one_entry_and_leaves_as_one() {
    let new = |code: &str, after: &str| Addition {
        code: Some(code.into()),
        name: format!("New {code}"),
        side: Side::Vendor,
        role: None,
        assignee: None,
        days: 2,
        not_before: None,
        finish_by: None,
        after: vec![after.into()],
        before: Vec::new(),
        phase: None,
        origin: Origin::Template("dry-run".into()),
        checklist: vec!["Somebody looked".into()],
    };
    let bundle = |tasks| Change::Bundle { name: "Dry run".into(), tasks };
    let before = plan();
    let outcome = with(&before, MONDAY, &[bundle(vec![new("x", "a"), new("y", "x")])]).unwrap();
    // a ends on Wed 13; x: Thu 14 – Fri 15, y: Mon 18 – Tue 19.
    let days = |code: &str| outcome.plan.task(code).map(|task| (task.start, task.finish));
    assert_eq!((days("x"), days("y")), (Some((on(3), on(4))), Some((on(7), on(8)))));
    let [entry] = outcome.entries.as_slice() else { panic!("{:?}", outcome.entries) };
    assert_eq!((entry.kind, entry.subjects.as_slice()), ("bundle", &["x".to_owned(), "y".to_owned()][..]));
    assert_eq!(entry.summary, "Added “Dry run”, 2 tasks");
    assert_eq!((entry.side, entry.go_live_days(), entry.moves.len()), (Side::Vendor, 0, 0));
    let back = undo(&outcome.plan, entry.undo.clone(), "Took it back".into(), entry.side, MONDAY).unwrap();
    assert_eq!(back.plan, before);

    let refused = |tasks| with(&before, MONDAY, &[bundle(tasks)]).unwrap_err();
    assert!(matches!(refused(Vec::new()), WorkError::Invalid { field: "tasks", .. }));
    assert!(matches!(refused(vec![new("y", "x"), new("x", "a")]), WorkError::Unknown(code) if code == "x"));
    assert!(matches!(refused(vec![new("b", "a")]), WorkError::Invalid { field: "code", .. }));
    let long = Addition { checklist: vec![String::new()], ..new("x", "a") };
    assert!(matches!(refused(vec![long]), WorkError::Invalid { field: "checklist", .. }));
}

/// Any change of the small plan, allowed or not.
fn any_change(today: Date) -> impl Strategy<Value = Change> {
    let code = prop_oneof!["a", "b", "c", "d", "e", "added-1"];
    let past = (0_i64..6).prop_map(move |back| today.saturating_sub(back.days()));
    let ahead = (0_i64..30).prop_map(move |days| today.saturating_add(days.days()));
    prop_oneof![
        (code.clone(), past.clone()).prop_map(|(task, on)| Change::Start { task, on }),
        (code.clone(), past.clone()).prop_map(|(task, on)| Change::Finish { task, on, started_on: None }),
        (code.clone(), past, proptest::option::of(code.clone()))
            .prop_map(|(task, since, by)| Change::Block { task, since, because: "x".into(), by }),
        code.clone().prop_map(|task| Change::Unblock { task }),
        code.clone().prop_map(|task| Change::Reopen { task }),
        code.clone().prop_map(|task| Change::Skip { task, reason: "x".into() }),
        (code.clone(), 1_u32..12).prop_map(|(task, days)| Change::SetDays { task, days }),
        (code.clone(), proptest::option::of(ahead))
            .prop_map(|(task, not_before)| Change::Move { task, not_before }),
        (code.clone(), any::<bool>()).prop_map(|(task, join)| Change::Remove { task, join }),
        (code.clone(), code.clone()).prop_map(|(from, to)| Change::Link { link: link(&from, &to) }),
        (code.clone(), code).prop_map(|(from, to)| Change::Unlink { from, to }),
    ]
}

fn any_days() -> impl Strategy<Value = Vec<(i64, Change)>> {
    let day = (0_i64..4).prop_flat_map(|step| any_change(on(20)).prop_map(move |change| (step, change)));
    proptest::collection::vec(day, 0..12)
}

/// Moves the days of a change to around another today.
fn shifted(change: Change, today: Date) -> Change {
    let by = today - on(20);
    let at = |day: Date| day.saturating_add(by);
    match change {
        Change::Start { task, on } => Change::Start { task, on: at(on) },
        Change::Finish { task, on, started_on } => Change::Finish { task, on: at(on), started_on },
        Change::Block { task, since, because, by } => Change::Block { task, since: at(since), because, by },
        Change::Move { task, not_before } => Change::Move { task, not_before: not_before.map(at) },
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Each entry begins where the one before ended, so that all together they are the whole movement; and each
    /// side's sums add up to the same.
    #[test]
    fn entries_sum_to_the_total_movement(days in any_days()) {
        let first = plan();
        let mut plan = first.clone();
        let mut today = MONDAY;
        let mut ledger = Vec::new();
        for (step, change) in days {
            today = today.saturating_add(step.days());
            if let Ok(outcome) = with(&plan, today, &[shifted(change, today)]) {
                plan = outcome.plan;
                ledger.extend(outcome.entries);
            }
        }
        let mut at = first.promise();
        for entry in &ledger {
            prop_assert_eq!(entry.before, at);
            at = entry.after;
        }
        prop_assert_eq!(at, plan.promise());
        let sums = totals(ledger.iter().map(|entry| (entry.side, entry.before, entry.after)));
        let go_live: i64 = sums.values().map(|[go_live, _]| go_live).sum();
        prop_assert_eq!(go_live, i64::from((plan.promise().go_live - first.promise().go_live).get_days()));
    }

    /// A plan that was changed step by step is the one scheduled from scratch.
    #[test]
    fn reflow_is_a_schedule_from_scratch(days in any_days()) {
        let mut plan = plan();
        let mut today = MONDAY;
        for (step, change) in days {
            today = today.saturating_add(step.days());
            if let Ok(outcome) = with(&plan, today, &[shifted(change, today)]) {
                plan = outcome.plan;
            }
        }
        let mut again = plan.clone();
        reschedule(&mut again, plan.ground.as_of).unwrap();
        prop_assert_eq!(again, plan);
    }

    /// The engine's own replanning and the plan that is worked agree on where a change leads, and on all it moves.
    #[test]
    fn the_engine_replans_alike(
        task in prop_oneof!["a", "b", "c", "d", "e"],
        days in proptest::option::of(1_u32..12),
        ahead in 0_i64..30,
    ) {
        let (ours, theirs) = match days {
            Some(days) => (
                Change::SetDays { task: task.clone(), days },
                reflow::Change::Duration { task, days },
            ),
            None => {
                let at = on(ahead);
                let constraint = Some(Constraint::NotBefore { at: Point::Day(at) });
                (Change::Move { task: task.clone(), not_before: Some(at) }, reflow::Change::Moved { task, constraint })
            }
        };
        let plan = plan();
        let outcome = with(&plan, MONDAY, &[ours]).unwrap();
        let replanned = reflow::reflow(&live_plan(&plan, MONDAY), &theirs).unwrap();
        prop_assert_eq!(outcome.plan.promise().go_live, replanned.go_live);
        prop_assert_eq!(plan.promise().go_live, replanned.go_live_before);
        let ours: Vec<(&str, Date)> = (outcome.entries.iter().flat_map(|entry| &entry.moves))
            .map(|moved| (moved.code.as_str(), moved.to))
            .collect();
        let theirs: Vec<(&str, Date)> = (replanned.moved.iter().filter(|moved| moved.days != 0))
            .map(|moved| (moved.task.as_str(), moved.finish))
            .collect();
        prop_assert_eq!(ours, theirs);
    }

    /// What is taken back leaves nothing behind.
    #[test]
    fn undo_restores(change in any_change(MONDAY), other in any_change(MONDAY)) {
        let before = match with(&plan(), MONDAY, &[other]) {
            Ok(outcome) => outcome.plan,
            Err(_) => plan(),
        };
        if let Ok(outcome) = with(&before, MONDAY, &[change]) {
            let mut plan = outcome.plan;
            for entry in outcome.entries.into_iter().rev() {
                plan = undo(&plan, entry.undo, "Undid".into(), entry.side, MONDAY).unwrap().plan;
            }
            prop_assert_eq!(plan, before);
        }
    }
}
