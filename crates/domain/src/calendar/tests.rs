//! Calendars against numpy, against the PyPI package `holidays`, and against a day-by-day walk.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::plan::{CalendarSpec, ClosedSpec, HolidaySpec};

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

fn calendar(weekend: &[Weekday], holidays: &[Date], closed: &[(Date, Date)]) -> CalendarSpec {
    CalendarSpec {
        id: "test".into(),
        weekend: weekend.to_vec(),
        holidays: holidays.iter().map(|&date| HolidaySpec { date, name: "day off".into() }).collect(),
        closed: closed.iter().map(|&(from, to)| ClosedSpec { from, to, reason: "shut".into() }).collect(),
    }
}

#[derive(Deserialize)]
struct Busday {
    weekmask: String,
    holidays: Vec<Date>,
    add: Vec<(Date, i64, Date)>,
    between: Vec<(Date, Date, i64)>,
}

#[test]
fn arithmetic_agrees_with_numpy() {
    let cases: Vec<Busday> = serde_json::from_str(include_str!("oracles/busday.golden.json")).unwrap();
    let mut compared = 0;
    for case in cases {
        let weekend: Vec<Weekday> = WEEKDAYS
            .into_iter()
            .zip(case.weekmask.chars())
            .filter(|(_, worked)| *worked == '0')
            .map(|(day, _)| day)
            .collect();
        let calendar = WorkCalendar::from_spec(&calendar(&weekend, &case.holidays, &[])).unwrap();
        for (day, days, expected) in case.add {
            assert_eq!(calendar.add_workdays(day, days), expected, "{day} + {days} on {}", case.weekmask);
            compared += 1;
        }
        for (from, to, expected) in case.between {
            assert_eq!(calendar.workdays_between(from, to), expected, "{from} to {to} on {}", case.weekmask);
            assert_eq!(calendar.workdays_between(to, from), -expected);
            compared += 1;
        }
    }
    assert_eq!(compared, 28 * 40);
}

#[derive(Deserialize)]
struct Golden {
    last_weekday: i8,
    days: BTreeSet<Date>,
}

fn shipped() -> BTreeMap<String, HolidayCalendar> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../methodology/calendars");
    let mut calendars = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let calendar: HolidayCalendar = toml::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{path:?}: {error}"));
        assert_eq!(path.file_stem().unwrap().to_str(), Some(calendar.country.to_lowercase().as_str()));
        calendars.insert(calendar.country.clone(), calendar);
    }
    calendars
}

#[test]
fn shipped_calendars_agree_with_the_holidays_package() {
    let calendars = shipped();
    let golden: BTreeMap<String, Golden> =
        serde_json::from_str(include_str!("oracles/holidays.golden.json")).unwrap();
    let mut covered = BTreeSet::new();
    for (name, golden) in &golden {
        let country = &calendars[name.get(..2).unwrap()];
        covered.insert(country.country.clone());
        let calendar = if name.len() > 2 { country.region(name).unwrap() } else { country.clone() };
        let ours: BTreeSet<Date> = (2024..=2032)
            .flat_map(|year| calendar.holidays(year))
            .map(|(day, _)| day)
            .filter(|day| day.weekday().to_monday_zero_offset() <= golden.last_weekday)
            .collect();
        let missing: Vec<_> = golden.days.difference(&ours).collect();
        let extra: Vec<_> = ours.difference(&golden.days).collect();
        assert!(missing.is_empty() && extra.is_empty(), "{name}: missing {missing:?}, extra {extra:?}");
    }
    assert_eq!(covered.len(), 25, "every shipped calendar is compared: {covered:?}");
    assert_eq!(calendars.len(), covered.len());
}

#[test]
fn shipped_calendars_have_no_problems() {
    for calendar in shipped().values() {
        assert_eq!(calendar.problems(), Vec::<String>::new(), "{}", calendar.country);
        assert!(!calendar.notes.is_empty(), "{} says where its rules come from", calendar.country);
    }
}

#[test]
fn england_and_its_neighbours_differ() {
    let gb = &shipped()["GB"];
    let names = |calendar: &HolidayCalendar, year| -> Vec<String> {
        calendar.holidays(year).into_iter().map(|(day, name)| format!("{day} {name}")).collect()
    };
    let england = names(gb, 2027);
    assert_eq!(
        england.get(england.len() - 4..).unwrap(),
        [
            "2027-12-25 Christmas Day",
            "2027-12-26 Boxing Day",
            "2027-12-27 Christmas Day (observed)",
            "2027-12-28 Boxing Day (observed)",
        ]
    );
    let scotland = gb.region("SCT").unwrap();
    assert_eq!(scotland.name, "United Kingdom (Scotland)");
    assert!(names(&scotland, 2026).contains(&"2026-11-30 Saint Andrew's Day".to_owned()));
    assert!(!names(&scotland, 2026).iter().any(|name| name.ends_with("Easter Monday")));
    assert!(gb.region("FR").is_none());
}

#[test]
fn new_year_may_be_observed_in_the_old_year() {
    let us = &shipped()["US"];
    let last = us.holidays(2027).pop().unwrap();
    assert_eq!(last, (date(2027, 12, 31), "New Year's Day (observed)".to_owned()));
    assert!(us.holidays(2028).iter().all(|(day, _)| day.year() == 2028));
}

#[test]
fn rules_that_cannot_be_are_named() {
    let read = |rule: &str| -> Result<HolidayCalendar, _> {
        toml::from_str(&format!("country = \"XX\"\nname = \"X\"\n[[holiday]]\nname = \"Odd\"\non = {rule}\n"))
    };
    for (rule, problem) in [
        ("{ month = 13, day = 1 }", "`Odd`: month 13, day 1 is not possible"),
        ("{ month = 2, day = 30 }", "`Odd`: month 2, day 30 is not possible"),
        ("{ nth = 6, weekday = \"monday\", month = 1 }", "`Odd`: nth = 6 is not possible"),
        ("{ easter = 3000 }", "`Odd`: 3000 days from Easter is not possible"),
        ("{ dates = [] }", "`Odd`: an empty list of dates is not possible"),
    ] {
        let calendar = read(rule).unwrap();
        assert_eq!(calendar.problems(), [problem]);
        assert!(calendar.holidays(2026).is_empty() || rule.contains("3000"));
    }
    let error = read("{ easters = 1 }").unwrap_err().to_string();
    assert!(error.contains("one of { month, day }"), "{error}");
    let fifth = read("{ nth = -1, weekday = \"friday\", month = 2 }").unwrap();
    assert_eq!(fifth.holidays(2026), [(date(2026, 2, 27), "Odd".to_owned())]);
    let before = read("{ weekday = \"wednesday\", before = { month = 11, day = 23 } }").unwrap();
    assert_eq!(before.holidays(2026), [(date(2026, 11, 18), "Odd".to_owned())], "Buß- und Bettag");
    let greek = read("{ orthodox-easter = 1 }").unwrap();
    assert_eq!(greek.holidays(2026), [(date(2026, 4, 13), "Odd".to_owned())]);
}

#[test]
fn a_day_off_says_why() {
    let spec = CalendarSpec {
        id: "customer".into(),
        weekend: vec![Weekday::Saturday, Weekday::Sunday],
        holidays: vec![HolidaySpec { date: date(2026, 12, 25), name: "Christmas Day".into() }],
        closed: vec![ClosedSpec {
            from: date(2026, 12, 21),
            to: date(2026, 12, 31),
            reason: "Year-end freeze".into(),
        }],
    };
    let calendar = WorkCalendar::from_spec(&spec).unwrap();
    assert_eq!(calendar.day_off(date(2026, 12, 18)), None);
    assert_eq!(calendar.day_off(date(2026, 12, 19)), Some(DayOff::Weekend(Weekday::Saturday)));
    assert_eq!(calendar.day_off(date(2026, 12, 23)).unwrap().to_string(), "Year-end freeze");
    assert_eq!(calendar.next_workday(date(2026, 12, 19)), date(2027, 1, 1));
    assert_eq!(calendar.prev_workday(date(2026, 12, 31)), date(2026, 12, 18));
    let shared = WorkCalendar::intersection(&[&calendar, &WorkCalendar::monday_to_friday("vendor")]).unwrap();
    assert_eq!((shared.id(), shared.is_workday(date(2026, 12, 23))), ("customer + vendor", false));
}

#[test]
fn a_calendar_closed_forever_is_an_error() {
    let spec = calendar(&[], &[], &[(Date::MIN, Date::MAX)]);
    assert_eq!(
        WorkCalendar::from_spec(&spec).unwrap_err(),
        CalendarError::NoWorkingDays { calendar: "test".into() }
    );
    let nearly = WorkCalendar::from_spec(&calendar(&[], &[], &[(Date::MIN, date(2026, 1, 1))])).unwrap();
    assert_eq!(nearly.next_workday(date(1, 1, 1)), date(2026, 1, 2));
    assert_eq!(nearly.add_workdays(date(2026, 1, 1), i64::MAX), Date::MAX);
    assert_eq!(nearly.add_workdays(date(2026, 1, 1), i64::MIN), Date::MIN);
}

prop_compose! {
    fn any_day()(offset in 0_i64..800) -> Date { date_of(day_number(date(2025, 6, 1)) + offset).unwrap() }
}

proptest! {
    #[test]
    fn arithmetic_agrees_with_walking(
        mask in 1_u8..128,
        holidays in proptest::collection::vec(any_day(), 0..40),
        closed in proptest::collection::vec((any_day(), 0_i64..40), 0..5),
        from in any_day(), to in any_day(), days in -60_i64..60,
    ) {
        let weekend: Vec<Weekday> =
            WEEKDAYS.into_iter().filter(|day| mask & (1 << day.to_monday_zero_offset()) == 0).collect();
        let closed: Vec<(Date, Date)> =
            closed.into_iter().map(|(from, days)| (from, date_of(day_number(from) + days).unwrap())).collect();
        let calendar = WorkCalendar::from_spec(&calendar(&weekend, &holidays, &closed)).unwrap();
        let works = |day: Date| {
            !weekend.contains(&day.weekday())
                && !holidays.contains(&day)
                && !closed.iter().any(|&(from, to)| from <= day && day <= to)
        };
        let (mut day, mut count) = (from, 0);
        while day < to {
            prop_assert_eq!(calendar.is_workday(day), works(day));
            prop_assert_eq!(calendar.day_off(day).is_none(), works(day));
            count += i64::from(works(day));
            day = day.tomorrow().unwrap();
        }
        if from <= to {
            prop_assert_eq!(calendar.workdays_between(from, to), count);
        }
        let (mut day, mut left) = (from, days);
        while left != 0 {
            day = if days > 0 { day.tomorrow().unwrap() } else { day.yesterday().unwrap() };
            left -= days.signum() * i64::from(works(day));
        }
        while days == 0 && !works(day) {
            day = day.tomorrow().unwrap();
        }
        prop_assert_eq!(calendar.add_workdays(from, days), day);
    }
}
