//! Years that were mistyped.

use super::*;
use crate::plan::ClosedSpec;

#[test]
fn a_mistyped_year_is_told_and_not_planned_for() {
    let plan = plan();
    let field = |change: Change| match with(&plan, on(1), &[change]).unwrap_err() {
        WorkError::Invalid { field, .. } => field,
        other => panic!("{other}"),
    };
    let (late, early) = (date(2207, 1, 12), date(207, 1, 12));
    assert_eq!(field(Change::Move { task: "a".into(), not_before: Some(late) }), "not_before");
    assert_eq!(field(Change::EndOn { task: "a".into(), on: late, despite: None }), "on");
    assert_eq!(field(Change::FinishBy { task: "a".into(), by: Some(late) }), "by");
    assert_eq!(field(Change::Target { on: Some(late) }), "on");
    assert_eq!(field(Change::Target { on: Some(early) }), "on");
    assert_eq!(field(finish("a", early)), "on");
    assert_eq!(field(Change::Start { task: "a".into(), on: early }), "on");
    let began = Change::Finish { task: "a".into(), on: on(1), started_on: Some(early) };
    assert_eq!(field(began), "started_on");
    let closed = vec![ClosedSpec { from: on(3), to: late, reason: "Rebuilding".into() }];
    let calendar = CalendarSpec { closed, ..calendar("customer") };
    assert_eq!(field(Change::Calendar { calendar }), "calendar");
    let far = on(3).saturating_add(9.years());
    assert!(with(&plan, on(1), &[Change::Move { task: "a".into(), not_before: Some(far) }]).is_ok());
}
