//! Changes by hand, and random ones: whatever is changed, the dates are those of a plan written
//! down like that from the start, and the ledger sums to the whole movement.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::calendar::WorkCalendar;
use crate::plan::tests::live::{any_live, chain};
use crate::plan::{CalendarSpec, ClosedSpec, Constraint, LinkKind, LinkSpec, LiveTask, TaskSpec};

fn recorded(change: Change) -> Recorded {
    Recorded { change, party: None, reason: String::new() }
}

fn week() -> WorkCalendar {
    WorkCalendar::monday_to_friday("vendor")
}

fn finished(task: &str, on: Date) -> Change {
    Change::Finished { task: task.into(), started: None, on }
}

fn passed(today: Date) -> Change {
    Change::Passed { today }
}

/// Kickoff on Monday, 2 March 2026; `a` of the vendor, `b` of the customer, five days each; live on Friday the 13th.
/// The vendor begins on time, but needs until Tuesday the 10th: two business days, four calendar days over
/// the weekend. The customer begins on Friday the 13th, two days late, and is asked for two days more.
#[test]
fn the_ledger_explains_every_day() {
    let march = |day| date(2026, 3, day);
    let started = |task: &str, on| Change::Started { task: task.into(), on, remaining: None };
    let changes: Vec<Recorded> = [
        started("a", march(2)),
        passed(march(11)),
        finished("a", march(10)),
        passed(march(13)),
        started("b", march(13)),
        Change::Duration { task: "b".into(), days: 7 },
    ]
    .map(recorded)
    .to_vec();
    let book = ledger(&chain(), &changes, &week()).unwrap();
    assert_eq!((book.first, book.last), (march(13), march(23)));
    let lines: Vec<String> = book
        .entries
        .iter()
        .map(|entry| {
            let days = format!("{:+} {:+}", entry.calendar_days, entry.business_days);
            let waited = match &entry.cause {
                Cause::Changed => String::new(),
                Cause::Waited { task, since, until } => {
                    format!(" {} {}–{}", task.clone().unwrap_or_default(), since.day(), until.day())
                }
            };
            format!("{} {:?} {days}{waited}", entry.change, entry.party)
        })
        .collect();
    assert_eq!(
        lines,
        [
            "0 Vendor +0 +0",
            "1 Vendor +5 +3 a 6–10",
            "2 Vendor -1 -1",
            "3 Customer +2 +2 b 11–12",
            "4 Customer +0 +0",
            "5 Customer +4 +2",
        ]
    );
    assert_eq!((book.calendar_days, book.business_days), (10, 6));
    let sums: Vec<i64> = book.parties.iter().map(|party| party.business_days).collect();
    assert_eq!(sums, [2, 4, 0]);
    let moved: Vec<&str> = book.entries[1].moved.iter().map(|moved| moved.task.as_str()).collect();
    assert_eq!(moved, ["a", "b", "live"]);
}

#[test]
fn of_two_delays_side_by_side_the_longer_costs() {
    let mut live = chain();
    live.plan.links[0].to = "live".into();
    let longer = |task: &str, days| recorded(Change::Duration { task: task.into(), days });
    let book = ledger(&live, &[longer("a", 8), longer("b", 9), longer("a", 7)], &week()).unwrap();
    let days: Vec<i64> = book.entries.iter().map(|entry| entry.business_days).collect();
    assert_eq!(days, [3, 1, 0]);
}

#[test]
fn each_change_does_what_it_says() {
    let live = chain();
    let after = |change: Change| {
        let reflow = reflow(&live, &change).unwrap();
        assert_eq!(reflow.go_live_before, date(2026, 3, 13));
        reflow.go_live
    };
    let march = |day| date(2026, 3, day);
    let task = |id: &str, duration| TaskSpec { id: id.into(), duration, ..TaskSpec::default() };
    let link = |from: &str, to: &str, lag| LinkSpec {
        from: from.into(),
        to: to.into(),
        kind: LinkKind::FinishStart,
        lag,
    };
    let pinned = Some(Constraint::NotBefore { at: Point::Day(march(11)) });
    assert_eq!(after(Change::Moved { task: "b".into(), constraint: pinned }), march(17));
    assert_eq!(after(Change::Linked { link: link("a", "b", 1) }), march(16));
    assert_eq!(
        after(Change::Unlinked { from: "a".into(), to: "b".into(), link: LinkKind::FinishStart }),
        march(6)
    );
    assert_eq!(after(Change::Removed { task: "b".into(), orphans: Orphans::Bridge }), march(6));
    assert_eq!(after(Change::Removed { task: "b".into(), orphans: Orphans::Release }), march(2));
    let links = vec![link("b", "c", 0), link("c", "live", 0)];
    let known = LiveTask { owner: Side::Vendor, ..LiveTask::default() };
    assert_eq!(after(Change::Added { task: task("c", 3), known, links }), march(18));
    let closed = vec![ClosedSpec { from: march(9), to: march(10), reason: "stocktaking".into() }];
    let calendar = CalendarSpec {
        id: "all".into(),
        weekend: vec![jiff::civil::Weekday::Saturday, jiff::civil::Weekday::Sunday],
        holidays: vec![],
        closed,
    };
    assert_eq!(after(Change::Calendar { calendar }), march(17));
    let calendar = CalendarSpec { id: "ours".into(), weekend: vec![], holidays: vec![], closed: vec![] };
    let with = Change::Calendar { calendar }.apply(&live).unwrap();
    let assigned = Change::Assigned { task: "b".into(), owner: Side::Vendor, calendars: vec!["ours".into()] };
    let now = reflow(&with, &assigned).unwrap();
    assert_eq!((now.plan.owner("b"), now.go_live), (Side::Vendor, march(11)));
    assert_eq!(after(Change::Reopened { task: "a".into() }), march(13));
}

#[test]
fn what_cannot_be_changed_is_named() {
    let live = chain();
    let says = |change: Change| reflow(&live, &change).unwrap_err().to_string();
    let link = LinkSpec { from: "live".into(), to: "a".into(), kind: LinkKind::FinishStart, lag: 0 };
    let cycle = "these tasks wait for each other in a circle: a → b → live → a; remove one of the links";
    assert_eq!(says(Change::Linked { link }), cycle);
    let remove = |task: &str| Change::Removed { task: task.into(), orphans: Orphans::Refuse };
    assert_eq!(
        says(remove("a")),
        "`a` cannot be removed: `b` waits for it; say what they shall wait for instead"
    );
    assert_eq!(
        says(remove("live")),
        "`live` cannot be removed: it is the go-live or the target the plan is measured by"
    );
    assert_eq!(says(remove("z")), "the task `z` is not in the plan");
    assert_eq!(says(Change::Duration { task: "z".into(), days: 1 }), "the task `z` is not in the plan");
    let task = TaskSpec { id: "a".into(), ..TaskSpec::default() };
    let added = Change::Added { task, known: LiveTask::default(), links: vec![] };
    assert_eq!(says(added), "the task id `a` is used already");
    let unlinked = Change::Unlinked { from: "a".into(), to: "live".into(), link: LinkKind::FinishStart };
    assert_eq!(says(unlinked), "there is no such link from `a` to `live`");
    assert_eq!(
        says(passed(date(2026, 3, 1))),
        "the plan is looked at on 2026-03-02 already: 2026-03-01 is over"
    );
    assert_eq!(
        says(finished("a", date(2026, 3, 6))),
        "`a` cannot have happened on 2026-03-06: the plan is looked at on 2026-03-02"
    );
    let calendar = CalendarSpec {
        id: "all".into(),
        weekend: vec![],
        holidays: vec![],
        closed: vec![ClosedSpec { from: Date::MIN, to: Date::MAX, reason: String::new() }],
    };
    assert!(says(Change::Calendar { calendar }).starts_with("calendar `all` has no working days"));
}

#[test]
fn a_baseline_tells_what_was_agreed() {
    let live = chain();
    let baseline = Baseline::agree(&live).unwrap();
    assert_eq!((baseline.agreed, baseline.go_live), (date(2026, 3, 2), date(2026, 3, 13)));
    let longer = reflow(&live, &Change::Duration { task: "a".into(), days: 6 }).unwrap();
    let task = TaskSpec { id: "new".into(), duration: 1, ..TaskSpec::default() };
    let added = Change::Added { task, known: LiveTask::default(), links: vec![] };
    let now = reflow(&longer.plan, &added).unwrap();
    let variances = baseline.variances(&now.schedule).unwrap();
    let rows: Vec<(&str, i64)> = variances.iter().map(|row| (row.task.as_str(), row.days)).collect();
    assert_eq!(rows, [("a", 3), ("b", 3), ("live", 3), ("new", 0)]);
    assert!(variances[3].agreed.is_none() && variances[3].now.is_some());
}

/// A change of some kind of the first task, the second, or both; dates are days around the present one.
fn any_change() -> impl Strategy<Value = (u8, prop::sample::Index, prop::sample::Index, i64, u32)> {
    (0_u8..14, any::<prop::sample::Index>(), any::<prop::sample::Index>(), -9_i64..9, 0_u32..7)
}

fn change_of(
    live: &LivePlan,
    (kind, one, other, days, size): (u8, prop::sample::Index, prop::sample::Index, i64, u32),
) -> Change {
    let ids: Vec<&String> = live.plan.tasks.iter().map(|task| &task.id).collect();
    let (task, from) = (ids[one.index(ids.len())].clone(), ids[other.index(ids.len())].clone());
    let day = |by: i64| live.today + jiff::Span::new().days(by);
    let past = day(-days.abs());
    match kind {
        0 => Change::Duration { task, days: size },
        1 => Change::Started { task, on: past, remaining: (size > 3).then_some(size) },
        2 => Change::Finished { task, started: None, on: past },
        3 => Change::Reopened { task },
        4 => Change::Moved { task, constraint: Some(Constraint::NotBefore { at: Point::Day(day(days)) }) },
        5 => Change::Moved { task, constraint: None },
        6 => {
            let id = format!("new {days} {size}");
            let links = vec![
                LinkSpec { from, to: id.clone(), kind: LinkKind::FinishStart, lag: 0 },
                LinkSpec { from: id.clone(), to: task, kind: LinkKind::FinishStart, lag: 0 },
            ];
            let known = LiveTask { owner: Side::Vendor, ..LiveTask::default() };
            Change::Added { task: TaskSpec { id, duration: size, ..TaskSpec::default() }, known, links }
        }
        // One task is always left.
        7 | 8 if ids.len() < 2 => Change::Reopened { task },
        7 => Change::Removed { task, orphans: Orphans::Bridge },
        8 => Change::Removed { task, orphans: Orphans::Release },
        9 => Change::Linked {
            link: LinkSpec { from, to: task, kind: LinkKind::FinishStart, lag: i32::try_from(size).unwrap() },
        },
        10 => match live.plan.links.first() {
            Some(link) => Change::Unlinked { from: link.from.clone(), to: link.to.clone(), link: link.kind },
            None => Change::Reopened { task },
        },
        11 => {
            let mut calendar = live.plan.calendars[usize::try_from(size).unwrap() % 2].clone();
            calendar.closed.push(ClosedSpec {
                from: day(days),
                to: day(days + i64::from(size)),
                reason: String::new(),
            });
            Change::Calendar { calendar }
        }
        12 => Change::Assigned { task, owner: Side::Customer, calendars: vec!["b".into()] },
        _ => Change::Passed { today: day(days.abs()) },
    }
}

/// The same plan written down in another order of tasks and links.
fn reordered(live: &LivePlan) -> LivePlan {
    let mut other = live.clone();
    other.plan.tasks.reverse();
    other.plan.links.reverse();
    other
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_sums_and_reflow_is_a_schedule_from_scratch(
        baseline in any_live(), tries in proptest::collection::vec(any_change(), 1..9),
    ) {
        let mut live = baseline.clone();
        let mut changes = Vec::new();
        for tried in tries {
            let change = change_of(&live, tried);
            // What does not fit is refused; the property is about what does.
            let Ok(next) = reflow(&live, &change) else { continue };
            let scratch = reordered(&next.plan).schedule().unwrap();
            for task in &next.schedule.tasks {
                let same = scratch.tasks.iter().find(|other| other.id == task.id).unwrap();
                prop_assert_eq!(same, task);
            }
            prop_assert_eq!(scratch.finish, next.schedule.finish);
            let before = live.schedule().unwrap();
            for task in &next.schedule.tasks {
                let Some(old) = before.tasks.iter().find(|old| old.id == task.id) else { continue };
                let listed = next.moved.iter().find(|moved| moved.task == task.id);
                prop_assert_eq!(listed.is_some(), (old.start, old.finish) != (task.start, task.finish));
                if let Some(moved) = listed {
                    prop_assert_eq!(Point::Day(moved.finish), task.finish);
                    prop_assert_eq!(Point::Day(moved.start_before), old.start);
                    prop_assert_eq!(i64::from((moved.finish - moved.finish_before).get_days()), moved.days);
                }
            }
            changes.push(recorded(change));
            live = next.plan;
        }
        let book = ledger(&baseline, &changes, &week()).unwrap();
        let expected = |live: &LivePlan| {
            let schedule = live.schedule().unwrap();
            let named = schedule.tasks.iter().find(|task| Some(&task.id) == live.go_live.as_ref());
            named.map_or(schedule.finish, |task| task.early_finish)
        };
        prop_assert_eq!(Point::Day(book.first), expected(&baseline));
        prop_assert_eq!(Point::Day(book.last), expected(&live));
        let calendar: i64 = book.entries.iter().map(|entry| entry.calendar_days).sum();
        let business: i64 = book.entries.iter().map(|entry| entry.business_days).sum();
        prop_assert_eq!(calendar, i64::from((book.last - book.first).get_days()));
        prop_assert_eq!(business, week().workdays_between(book.first, book.last));
        prop_assert_eq!((book.calendar_days, book.business_days), (calendar, business));
        prop_assert_eq!(book.parties.iter().map(|party| party.calendar_days).sum::<i64>(), calendar);
        let mut at = book.first;
        for entry in &book.entries {
            prop_assert_eq!(entry.from, at);
            at = entry.to;
        }
    }
}
