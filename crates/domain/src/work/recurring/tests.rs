//! Days by hand, from a calendar of 2027: 1 January is a Friday, 11 January a Monday.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::*;
use crate::ids::SeriesId;
use crate::plan::{ClosedSpec, LinkKind, LinkSpec};
use crate::work::tests::plan;
use crate::work::{Change, Context, Origin, Promise, TaskState, run, undo};

const MONDAY: Date = date(2027, 1, 11);

fn series(rhythm: Rhythm, end: SeriesEnd) -> Series {
    Series {
        name: "Data-quality check".into(),
        side: Side::Vendor,
        role: String::new(),
        assignee: None,
        days: 1,
        phase: None,
        rhythm,
        starts_on: MONDAY,
        end,
    }
}

fn weekly(on: WeekdayName) -> Rhythm {
    Rhythm::Weeks { every: 1, on }
}

fn until(date: Date) -> SeriesEnd {
    SeriesEnd::On { date }
}

/// The days it is done on within the first half of the year.
fn days(series: &Series) -> Vec<Date> {
    let found = series.due(&plan(), &BTreeSet::new(), MONDAY, date(2027, 6, 30)).unwrap();
    found.into_iter().map(|one| one.on).collect()
}

fn january(days: &[i8]) -> Vec<Date> {
    days.iter().map(|day| date(2027, 1, *day)).collect()
}

#[test]
fn rhythms_name_their_days() {
    let end = || until(date(2027, 1, 31));
    assert_eq!(days(&series(weekly(WeekdayName::Wednesday), end())), january(&[13, 20, 27]));
    assert_eq!(days(&series(weekly(WeekdayName::Monday), end())), january(&[11, 18, 25]));
    let second = Rhythm::Weeks { every: 2, on: WeekdayName::Friday };
    assert_eq!(days(&series(second, end())), january(&[15, 29]));
    let fourth = Rhythm::WorkingDays { every: 4 };
    assert_eq!(days(&series(fourth, end())), january(&[11, 15, 21, 27]));
    let months = SeriesEnd::Times { times: 3 };
    // 31 January 2027 is a Sunday, 28 February too; 31 March is a Wednesday.
    let last_day = days(&series(Rhythm::MonthDay { day: 31 }, months.clone()));
    assert_eq!(last_day, [date(2027, 2, 1), date(2027, 3, 1), date(2027, 3, 31)]);
    // Before the 11th there is none in January.
    let first = Rhythm::MonthWeekday { nth: Nth::First, on: WeekdayName::Tuesday };
    assert_eq!(days(&series(first, months.clone())), [date(2027, 2, 2), date(2027, 3, 2), date(2027, 4, 6)]);
    let last = Rhythm::MonthWeekday { nth: Nth::Last, on: WeekdayName::Friday };
    assert_eq!(days(&series(last, months)), [date(2027, 1, 29), date(2027, 2, 26), date(2027, 3, 26)]);
}

#[test]
fn what_nobody_works_on_is_the_next_day_somebody_does_and_once() {
    let saturday = series(weekly(WeekdayName::Saturday), until(date(2027, 1, 24)));
    // Sat 16 becomes Mon 18; Sat 23 would become Mon 25, after the end.
    assert_eq!(days(&saturday), january(&[18]));

    let mut closed = plan();
    let vendor = closed.ground.calendars.iter_mut().find(|calendar| calendar.id == "vendor").unwrap();
    vendor.closed.push(ClosedSpec { from: date(2027, 1, 18), to: date(2027, 1, 27), reason: "Move".into() });
    let mondays = series(weekly(WeekdayName::Monday), SeriesEnd::Times { times: 3 });
    let found = mondays.due(&closed, &BTreeSet::new(), MONDAY, date(2027, 2, 10)).unwrap();
    // 18 and 25 January both become Thursday 28: once.
    let pairs: Vec<(Date, Date)> = found.into_iter().map(|one| (one.due, one.on)).collect();
    assert_eq!(
        pairs,
        [(MONDAY, MONDAY), (date(2027, 1, 18), date(2027, 1, 28)), (date(2027, 2, 1), date(2027, 2, 1))]
    );
}

#[test]
fn what_was_made_is_not_made_again_and_counts() {
    let three = series(weekly(WeekdayName::Monday), SeriesEnd::Times { times: 3 });
    let made = BTreeSet::from([MONDAY]);
    let found = three.due(&plan(), &made, date(2027, 1, 19), date(2027, 3, 1)).unwrap();
    let found: Vec<Date> = found.into_iter().map(|one| one.due).collect();
    // Mon 18 was missed; it is not caught up, and does not count.
    assert_eq!(found, january(&[25]).into_iter().chain([date(2027, 2, 1)]).collect::<Vec<_>>());
    // Every third working day goes on behind the last that was made, whatever the calendar says meanwhile.
    let third = series(Rhythm::WorkingDays { every: 3 }, SeriesEnd::Times { times: 50 });
    let made = BTreeSet::from([date(2027, 1, 15)]);
    let found = third.due(&plan(), &made, MONDAY, date(2027, 1, 22)).unwrap();
    assert_eq!(found.first().map(|one| one.due), Some(date(2027, 1, 19)));
}

fn id() -> SeriesId {
    SeriesId::from_uuid(Uuid::from_u128(7))
}

fn followed(
    plan: &RunningPlan,
    series: &Series,
    state: SeriesState,
    made: &BTreeMap<Date, String>,
    is_changed: bool,
    today: Date,
) -> Followed {
    follow(plan, Follow { id: id(), number: 1, series, state, made, is_changed }, today).unwrap()
}

#[test]
fn occurrences_are_tasks_ahead_of_time_and_move_nothing() {
    let before = plan();
    let mondays = series(weekly(WeekdayName::Monday), until(date(2027, 12, 31)));
    let now = followed(&before, &mondays, SeriesState::Running, &BTreeMap::new(), false, MONDAY);
    let codes: Vec<&str> = now.added.iter().map(|(_, code)| code.as_str()).collect();
    // Four weeks ahead: 11, 18, 25 January, 1 and 8 February.
    assert_eq!(codes.len(), 5);
    assert_eq!((codes[0], codes[4]), ("repeat-1-2027-01-11", "repeat-1-2027-02-08"));
    let second = now.plan.task("repeat-1-2027-01-18").unwrap();
    assert_eq!((second.start, second.finish), (date(2027, 1, 18), date(2027, 1, 18)));
    assert_eq!(second.origin, Origin::Recurring(id().to_string()));
    assert!(!second.critical);
    assert_eq!(now.plan.promise(), before.promise(), "the end is not that of the check");
    assert_eq!(now.plan.phases, before.phases);
    for task in &before.tasks {
        assert_eq!(now.plan.task(&task.code), Some(task), "no other task moves");
    }

    let made: BTreeMap<Date, String> = now.added.iter().cloned().collect();
    let again = followed(&now.plan, &mondays, SeriesState::Running, &made, false, MONDAY);
    assert_eq!((again.added.len(), again.dropped.len(), &again.plan), (0, 0, &now.plan));
    let later = followed(&now.plan, &mondays, SeriesState::Running, &made, false, date(2027, 1, 18));
    assert_eq!(later.added, [(date(2027, 2, 15), "repeat-1-2027-02-15".to_owned())]);
}

#[test]
fn days_that_pass_explain_nothing_by_a_check_nobody_waits_for() {
    let mondays = series(weekly(WeekdayName::Monday), until(date(2027, 12, 31)));
    let start = followed(&plan(), &mondays, SeriesState::Running, &BTreeMap::new(), false, MONDAY).plan;
    let today = date(2027, 1, 12);
    let outcome = run(&start, &[], None, &Context { today, who: "Priya", besides: None }).unwrap();
    let check = outcome.plan.task("repeat-1-2027-01-11").unwrap();
    assert_eq!(check.start, today, "it is still to be done");
    let told = |code: &str| {
        outcome.entries.iter().any(|entry| {
            entry.subjects.iter().any(|one| one == code) || entry.moves.iter().any(|one| one.code == code)
        })
    };
    assert!(!told("repeat-1-2027-01-11") && told("a"), "{:?}", outcome.entries);
}

#[test]
fn a_changed_series_takes_what_has_not_begun_along() {
    let mondays = series(weekly(WeekdayName::Monday), until(date(2027, 12, 31)));
    let first = followed(&plan(), &mondays, SeriesState::Running, &BTreeMap::new(), false, MONDAY);
    let made: BTreeMap<Date, String> = first.added.iter().cloned().collect();
    let today = date(2027, 1, 18);
    let done = Change::Finish { task: "repeat-1-2027-01-11".into(), on: MONDAY, started_on: None };
    let skip = Change::Skip { task: "repeat-1-2027-01-25".into(), reason: "Holidays".into() };
    let tie = Change::Link {
        link: LinkSpec {
            from: "a".into(),
            to: "repeat-1-2027-02-01".into(),
            kind: LinkKind::FinishStart,
            lag: 0,
        },
    };
    let worked = run(&first.plan, &[done, skip, tie], None, &Context { today, who: "Priya", besides: None })
        .unwrap()
        .plan;

    let changed = Series { name: "Check of the week".into(), days: 2, ..mondays.clone() };
    let now = followed(&worked, &changed, SeriesState::Running, &made, true, today);
    let name = |code: &str| now.plan.task(code).map(|task| (task.name.as_str(), task.days));
    assert_eq!(name("repeat-1-2027-01-11"), Some(("Data-quality check", 1)), "it was done");
    assert_eq!(name("repeat-1-2027-01-18"), Some(("Check of the week", 2)));
    assert_eq!(name("repeat-1-2027-01-25"), Some(("Data-quality check", 1)), "it was skipped");
    assert_eq!(name("repeat-1-2027-02-01"), Some(("Data-quality check", 1)), "something is tied to it");
    assert_eq!(name("repeat-1-2027-02-15"), Some(("Check of the week", 2)), "the horizon went on");
    assert!(now.dropped.is_empty());

    let fridays = Series { rhythm: weekly(WeekdayName::Friday), ..mondays.clone() };
    let now = followed(&worked, &fridays, SeriesState::Running, &made, true, today);
    assert_eq!(now.dropped, [date(2027, 1, 18), date(2027, 2, 8)]);
    let new: Vec<Date> = now.added.iter().map(|(due, _)| *due).collect();
    assert_eq!(new, [date(2027, 1, 22), date(2027, 1, 29), date(2027, 2, 5), date(2027, 2, 12)]);

    let paused = SeriesState::Paused { since: today };
    let now = followed(&worked, &mondays, paused, &made, false, today);
    assert_eq!((now.added.len(), now.dropped), (0, vec![date(2027, 1, 18), date(2027, 2, 8)]));
    assert_eq!(now.plan.task("repeat-1-2027-01-11").map(|task| task.state.word()), Some("done"));
}

#[test]
fn a_removed_occurrence_does_not_come_back() {
    let mondays = series(weekly(WeekdayName::Monday), until(date(2027, 12, 31)));
    let first = followed(&plan(), &mondays, SeriesState::Running, &BTreeMap::new(), false, MONDAY);
    let made: BTreeMap<Date, String> = first.added.iter().cloned().collect();
    let remove = Change::Remove { task: "repeat-1-2027-01-25".into(), join: false };
    let removed =
        run(&first.plan, &[remove], None, &Context { today: MONDAY, who: "Priya", besides: None }).unwrap();
    for is_changed in [false, true] {
        let now = followed(&removed.plan, &mondays, SeriesState::Running, &made, is_changed, MONDAY);
        assert!(now.added.is_empty() && now.plan.task("repeat-1-2027-01-25").is_none());
    }
    // Taking the removal back brings it back, as any other task.
    let [entry] = removed.entries.as_slice() else { panic!("{:?}", removed.entries) };
    let back = undo(&removed.plan, entry.undo.clone(), String::new(), entry.side, MONDAY).unwrap();
    assert_eq!(back.plan.task("repeat-1-2027-01-25").map(|task| &task.state), Some(&TaskState::Open));
}

#[test]
fn a_series_ends_with_the_go_live_wherever_it_moves() {
    let mut plan = plan();
    let end = SeriesEnd::With { code: "c".into() };
    let daily = series(Rhythm::WorkingDays { every: 1 }, end);
    // The go-live is on Friday 22.
    assert_eq!(plan.promise(), Promise { go_live: date(2027, 1, 22), finish: date(2027, 1, 25) });
    let first = followed(&plan, &daily, SeriesState::Running, &BTreeMap::new(), false, MONDAY);
    assert_eq!(first.added.len(), 10);
    let made: BTreeMap<Date, String> = first.added.iter().cloned().collect();
    let shorter = Change::SetDays { task: "b".into(), days: 4 };
    let sooner = run(&first.plan, &[shorter], None, &Context { today: MONDAY, who: "Priya", besides: None })
        .unwrap()
        .plan;
    assert_eq!(sooner.promise().go_live, date(2027, 1, 21));
    let now = followed(&sooner, &daily, SeriesState::Running, &made, false, MONDAY);
    assert_eq!(now.dropped, [date(2027, 1, 22)]);
    // Left out of the plan, its end is the go-live.
    plan.tasks.retain(|task| task.code != "d");
    let gone = series(Rhythm::WorkingDays { every: 1 }, SeriesEnd::With { code: "d".into() });
    assert_eq!(gone.last_day(&plan), Some(date(2027, 1, 22)));
}

#[test]
fn what_cannot_be_followed_is_refused() {
    let plan = plan();
    let checked = |series: Series| series.checked(&plan, MONDAY);
    let fine = || series(weekly(WeekdayName::Monday), until(date(2027, 12, 31)));
    assert_eq!(checked(Series { name: " A  check ".into(), ..fine() }).unwrap().name, "A check");
    let field = |series: Series| match checked(series) {
        Err(WorkError::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(field(Series { name: String::new(), ..fine() }), "name");
    assert_eq!(field(Series { days: 0, ..fine() }), "days");
    assert_eq!(field(Series { rhythm: Rhythm::WorkingDays { every: 0 }, ..fine() }), "rhythm");
    assert_eq!(field(Series { rhythm: Rhythm::MonthDay { day: 32 }, ..fine() }), "rhythm");
    assert_eq!(field(Series { starts_on: date(2099, 1, 1), ..fine() }), "starts_on");
    assert_eq!(field(Series { end: until(date(2027, 1, 1)), ..fine() }), "end");
    assert_eq!(field(Series { end: SeriesEnd::Times { times: 0 }, ..fine() }), "end");
    assert_eq!(field(Series { phase: Some("nowhere".into()), ..fine() }), "phase");
    let unknown = checked(Series { end: SeriesEnd::With { code: "z".into() }, ..fine() });
    assert_eq!(unknown, Err(WorkError::Unknown("z".into())));
}

#[test]
fn states_follow_each_other() {
    let running = SeriesState::Running;
    let paused = running.pause(MONDAY).unwrap();
    assert_eq!(paused.resume(), Ok(SeriesState::Running));
    let ended = paused.end(MONDAY).unwrap();
    assert_eq!(ended.end(MONDAY).unwrap_err().to_string(), "a series that is ended cannot be ended");
    assert_eq!(running.resume().unwrap_err().to_string(), "a series that is running cannot be resumed");
    assert_eq!(ended.pause(MONDAY).unwrap_err().to_string(), "a series that is ended cannot be paused");
}

#[test]
fn people_read_how_often() {
    let said = |rhythm: Rhythm, end: SeriesEnd| {
        let series = series(rhythm, end);
        format!("{}, {}", series.rhythm_in_words(), series.end_in_words(&plan()))
    };
    assert_eq!(
        said(weekly(WeekdayName::Friday), SeriesEnd::With { code: "c".into() }),
        "every Friday, until “Task c”"
    );
    assert_eq!(
        said(Rhythm::MonthWeekday { nth: Nth::Last, on: WeekdayName::Monday }, SeriesEnd::Times { times: 4 }),
        "on the last Monday of each month, 4 times"
    );
    assert_eq!(
        said(Rhythm::WorkingDays { every: 3 }, until(date(2027, 3, 1))),
        "every 3 working days, until 1 Mar 2027"
    );
}
