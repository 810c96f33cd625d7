use jiff::civil::{Date, Weekday, date};
use uuid::Uuid;

use super::*;
use crate::ids::{OnboardingId, PersonId, TaskId};
use crate::plan::{CalendarSpec, HolidaySpec, LinkSpec, LivePlan, PlanSpec, TaskSpec};
use crate::programme::Side;
use crate::work::Ground;

/// Monday to Friday, with 11 January 2027, a Monday, off for the vendor.
fn ground() -> Ground {
    let calendar = |id: &str, holidays: Vec<HolidaySpec>| CalendarSpec {
        id: id.to_owned(),
        weekend: vec![Weekday::Saturday, Weekday::Sunday],
        holidays,
        closed: Vec::new(),
    };
    let off = vec![HolidaySpec { date: date(2027, 1, 11), name: "A holiday".to_owned() }];
    Ground {
        starts_on: date(2027, 1, 4),
        target: None,
        kickoff: None,
        go_live: None,
        first_value: None,
        complete: Vec::new(),
        calendars: vec![calendar("vendor", off), calendar("customer", Vec::new())],
        as_of: date(2027, 1, 4),
    }
}

fn piece(number: u128, days: Vec<Date>) -> Piece {
    Piece {
        task: Task {
            id: TaskId::from_uuid(Uuid::from_u128(number)),
            onboarding: OnboardingId::from_uuid(Uuid::from_u128(1)),
            customer: "Acme".to_owned(),
            code: format!("task-{number}"),
            name: format!("Task {number}"),
            role: "Implementation manager".to_owned(),
            person: Some(PersonId::from_uuid(Uuid::from_u128(9))),
            critical: false,
        },
        days,
    }
}

fn january(days: &[i8]) -> Vec<Date> {
    days.iter().map(|day| date(2027, 1, *day)).collect()
}

#[test]
fn weeks_begin_on_mondays() {
    assert_eq!(monday(date(2027, 1, 10)), date(2027, 1, 4));
    assert_eq!(mondays(date(2027, 1, 6), 2), january(&[4, 11]));
    let said: Vec<String> = [0, 4, 5, 25, 94, 95, 100, 450].iter().map(|number| in_days(*number)).collect();
    assert_eq!(said, ["0", "0", "0.1", "0.3", "0.9", "1", "1", "4.5"]);
}

#[test]
fn what_remains_of_a_task_is_worked_from_today_on() {
    let calendars = Calendars::of(&ground());
    let vendor = calendars.side(Side::Vendor);
    let days =
        |start, days, begun| days_of_work(vendor, date(2027, 1, 7), start, days, begun, date(2027, 3, 1));
    // In the future: three days around a weekend and a holiday.
    assert_eq!(days(date(2027, 1, 8), 3, None), january(&[8, 12, 13]));
    // It should have begun on Monday: all of it is still to do.
    assert_eq!(days(date(2027, 1, 4), 2, None), january(&[7, 8]));
    // Begun on Monday, three of five days are over.
    assert_eq!(days(date(2027, 1, 4), 5, Some(date(2027, 1, 4))), january(&[7, 8]));
    // Begun and overdue: at least one day.
    assert_eq!(days(date(2027, 1, 4), 1, Some(date(2027, 1, 4))), january(&[7]));
    let short = days_of_work(vendor, date(2027, 1, 7), date(2027, 1, 8), 9, None, date(2027, 1, 13));
    assert_eq!(short, january(&[8, 12]), "no further than asked");
    assert_eq!(calendars.side(Side::Joint).workdays_between(date(2027, 1, 11), date(2027, 1, 16)), 4);
}

#[test]
fn load_is_told_against_holidays_absences_and_part_time() {
    let calendars = Calendars::of(&ground());
    let one = piece(1, january(&[4, 5, 6, 7, 8, 12, 13]));
    let other = piece(2, january(&[7, 8]));
    let pieces = [&one, &other];
    let weeks = mondays(date(2027, 1, 4), 2);
    let seen = weeks_of(&pieces, &Availability::default(), &[&calendars], &weeks);
    let told: Vec<_> =
        seen.iter().map(|week| (week.load, week.capacity, week.percent(), week.is_over())).collect();
    assert_eq!(
        told,
        [(700, 500, Some(140), true), (200, 400, Some(50), false)],
        "the holiday is no capacity"
    );
    assert_eq!(seen[0].in_words(), "is at 140 % in the week of 4 Jan");
    assert_eq!(seen[0].shares.iter().map(|share| share.hundredths).collect::<Vec<_>>(), [500, 200]);

    // Two and a half days a week, and away from Wednesday on.
    let away = Absence { from: date(2027, 1, 6), to: date(2027, 1, 31), reason: "Parental leave".to_owned() };
    let half = Availability { tenths: 25, absences: vec![away] };
    let seen = weeks_of(&pieces, &half, &[&calendars], &weeks);
    let told: Vec<_> = seen.iter().map(|week| (week.capacity, week.percent())).collect();
    assert_eq!(told, [(100, Some(700)), (0, None)]);
    assert_eq!(seen[1].away, ["Parental leave"]);
    assert_eq!(seen[1].in_words(), "has 2 days of work in the week of 11 Jan and is not there");
    assert!(seen[1].is_over());
}

#[test]
fn whoever_has_most_room_is_found() {
    let calendars = Calendars::of(&ground());
    let weeks = mondays(date(2027, 1, 4), 2);
    let busy = piece(1, january(&[4, 5, 6, 7]));
    let new = piece(3, january(&[7, 8]));
    let full = weeks_of(&[&busy], &Availability::default(), &[&calendars], &weeks);
    let empty = weeks_of(&[], &Availability::default(), &[], &weeks);
    let gone = Availability { tenths: 0, absences: Vec::new() };
    let gone = weeks_of(&[], &gone, &[], &weeks);
    let rooms = [room(&full, &new), room(&empty, &new), room(&gone, &new)];
    assert_eq!(rooms[0], Room { fullest: Some(120), free: 100 });
    assert_eq!(rooms[1], Room { fullest: Some(40), free: 500 });
    assert_eq!(rooms[2], Room { fullest: None, free: 0 });
    assert!(rooms[1].rank() < rooms[0].rank() && rooms[0].rank() < rooms[2].rank());
    // A task somebody has already does not count twice.
    assert_eq!(room(&full, &busy), Room { fullest: Some(80), free: 500 });
}

#[test]
fn availability_is_checked() {
    let absence = |from: i8, to: i8, reason: &str| Absence {
        from: date(2027, 1, from),
        to: date(2027, 1, to),
        reason: reason.to_owned(),
    };
    let kept = Availability {
        tenths: 40,
        absences: vec![absence(9, 9, " a\n b "), absence(4, 5, ""), absence(4, 5, "")],
    };
    let kept = kept.checked().unwrap();
    assert_eq!(kept.absences, [absence(4, 5, ""), absence(9, 9, "a b")]);
    let wrong = Availability { tenths: 71, absences: vec![absence(9, 4, "")] }.checked().unwrap_err();
    assert_eq!(wrong.iter().map(|one| one.field).collect::<Vec<_>>(), ["days_a_week", "to"]);
    let read: Vec<_> = ["5", "4.5", " 2,5 ", "", ".5", "1.25", "-1", "five"].map(tenths_of).into();
    assert_eq!(read, [Some(50), Some(45), Some(25), None, None, None, None, None]);
}

/// Two tasks of three days in parallel, then the go-live of one day; all from Monday, 4 January 2027.
fn live() -> LivePlan {
    let task = |id: &str, duration| TaskSpec { id: id.to_owned(), duration, ..TaskSpec::default() };
    let link = |from: &str| LinkSpec { from: from.to_owned(), to: "live".to_owned(), ..link_spec() };
    let plan = PlanSpec {
        start: Some(date(2027, 1, 4)),
        calendars: vec![CalendarSpec {
            id: "vendor".to_owned(),
            weekend: vec![Weekday::Saturday, Weekday::Sunday],
            holidays: Vec::new(),
            closed: Vec::new(),
        }],
        tasks: vec![task("map", 3), task("load", 3), task("live", 1)],
        links: vec![link("map"), link("load")],
        ..PlanSpec::default()
    };
    LivePlan { go_live: Some("live".to_owned()), ..LivePlan::unworked(plan).unwrap() }
}

fn link_spec() -> LinkSpec {
    LinkSpec { from: String::new(), to: String::new(), kind: crate::plan::LinkKind::FinishStart, lag: 0 }
}

fn helper(tasks: &[&str], off: Vec<Date>) -> Helper {
    Helper {
        id: "per_1".to_owned(),
        name: "Ines Okafor".to_owned(),
        tasks: tasks.iter().map(|task| (*task).to_owned()).collect(),
        at_once: 1,
        off,
    }
}

#[test]
fn one_person_for_two_tasks_holds_the_go_live_up() {
    // By the plan: three days, then the go-live on Thursday. One person does the two one after the other: the go-live
    // is three working days later, on Tuesday.
    let found = with_people(&live(), &[helper(&["map", "load"], Vec::new())]).unwrap();
    assert_eq!((found.by_plan, found.with_people, found.days), (date(2027, 1, 7), date(2027, 1, 12), 5));
    let bottleneck = found.bottleneck.unwrap();
    assert_eq!((bottleneck.name.as_str(), bottleneck.without), ("Ines Okafor", date(2027, 1, 7)));
    let two = with_people(&live(), &[helper(&["map"], Vec::new())]).unwrap();
    assert_eq!((two.with_people, two.bottleneck, two.optimal), (date(2027, 1, 7), None, true));
}

#[test]
fn work_rests_while_its_person_is_away_and_goes_on_after() {
    // Away on Tuesday and Wednesday: three days from Monday end on Friday, the go-live is on the Monday after.
    let found = with_people(&live(), &[helper(&["map"], january(&[5, 6]))]).unwrap();
    assert_eq!((found.by_plan, found.with_people), (date(2027, 1, 7), date(2027, 1, 11)));
}

#[test]
fn days_without_time_are_absences_other_work_and_what_part_time_leaves_out() {
    let other = piece(1, january(&[4, 5]));
    let away = Absence { from: date(2027, 1, 8), to: date(2027, 1, 8), reason: String::new() };
    let availability = Availability { tenths: 50, absences: vec![away] };
    let works = |day: Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let first = mondays(date(2027, 1, 4), 1);
    let weeks = weeks_of(&[&other], &availability, &[], &first);
    assert_eq!(off_days(&weeks, &other.days, &availability, works), january(&[4, 5, 8]));
    let part = Availability { tenths: 30, absences: Vec::new() };
    let weeks = weeks_of(&[], &part, &[], &first);
    assert_eq!(off_days(&weeks, &[], &part, works), january(&[7, 8]));
}
