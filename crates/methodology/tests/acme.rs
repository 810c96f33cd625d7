//! The example deal of [004] on the mid-market programme, by a small forward pass of its own: the four
//! gates are reached on or before their days. (The plan engine has its own tests; this one guards the
//! durations and links in the file.)

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is the failing test")]

use std::collections::BTreeMap;

use gangway_domain::plan::LinkKind;
use gangway_domain::programme::{Amount, ForEach, Predecessor, Programme};
use gangway_domain::rule::{FIT_FACTS, FactValue, Facts, Rule};
use gangway_methodology::Library;

/// Acme: supply chain visibility, SAP ERP and Salesforce, single sign-on, three plants, 95,000 a year.
fn facts() -> Facts {
    let n = |name, value| (name, FactValue::Int(value));
    let t = |name, value: &str| (name, FactValue::Text(value.to_owned()));
    Facts(BTreeMap::from([
        n("acv", 95_000),
        n("users", 0),
        n("integrations", 2),
        n("sites", 3),
        n("products", 1),
        n("use_cases", 1),
        n("data_sources", 0),
        n("promises", 0),
        ("sso", FactValue::Bool(true)),
        ("regulated", FactValue::Bool(false)),
        t("maturity", "unknown"),
        t("segment", "mid-market"),
    ]))
}

/// Working days (Monday to Friday without the holidays) as calendar days from the kickoff, which is day 1 and a Monday.
fn works(day: i32, holidays: &[i32]) -> bool {
    (day - 1).rem_euclid(7) < 5 && !holidays.contains(&day)
}

fn next(mut day: i32, holidays: &[i32]) -> i32 {
    while !works(day, holidays) {
        day += 1;
    }
    day
}

fn shift(mut day: i32, by: i32, holidays: &[i32]) -> i32 {
    for _ in 0..by.abs() {
        day += by.signum();
        while !works(day, holidays) {
            day += by.signum();
        }
    }
    day
}

/// Start and finish by id; two waves run one after the other, everything else is repeated side by side and so
/// takes as long as one.
fn schedule(programme: &Programme, holidays: &[i32]) -> BTreeMap<String, (i32, i32)> {
    let facts = facts();
    let holds = |when: &Option<String>| {
        when.as_deref().is_none_or(|rule| Rule::compile(rule, FIT_FACTS).unwrap().test(&facts).unwrap())
    };
    let mut after: BTreeMap<&str, (Vec<Predecessor>, i32, bool)> = BTreeMap::new();
    for task in &programme.tasks {
        let days = match &task.days {
            Amount::Fixed(days) => i32::try_from(*days).unwrap(),
            Amount::Rule(rule) => {
                i32::try_from(Rule::compile(rule, FIT_FACTS).unwrap().number(&facts).unwrap()).unwrap()
            }
        };
        let repeats = if task.chain && task.for_each == Some(ForEach::Wave) { 2 } else { 1 };
        let links = task.after.iter().map(|text| text.parse().unwrap()).collect();
        after.insert(&task.id, (links, days * repeats, holds(&task.when)));
    }
    for milestone in &programme.milestones {
        after.insert(
            &milestone.id,
            (milestone.after.iter().map(|text| text.parse().unwrap()).collect(), 0, holds(&milestone.when)),
        );
    }
    let mut dates: BTreeMap<String, (i32, i32)> = BTreeMap::new();
    let kickoff = programme.tasks.iter().find(|task| task.kickoff).unwrap();
    dates.insert(kickoff.id.clone(), (1, 1));
    for task in programme.tasks.iter().filter(|task| task.phase == "prepare") {
        dates.insert(task.id.clone(), (-6, -2));
    }
    let friday = |day: i32| (day - 1).rem_euclid(7) == 4;
    while dates.len() < after.len() {
        let known = dates.len();
        for (id, (links, days, present)) in &after {
            if dates.contains_key(*id) || !links.iter().all(|link| dates.contains_key(&link.id)) {
                continue;
            }
            let mut start = 1;
            for link in links {
                let (from, to) = dates[&link.id];
                let bound = match link.kind {
                    _ if *days == 0 => to,
                    LinkKind::FinishStart => shift(next(to + 1, holidays), link.lag, holidays),
                    LinkKind::StartStart => shift(from, link.lag, holidays),
                    LinkKind::FinishFinish => shift(to, link.lag - days + 1, holidays),
                    LinkKind::StartFinish => from,
                };
                start = start.max(bound);
            }
            // What is left out takes no time and passes its predecessors' finish on.
            let span = match (*days, *present) {
                (0, _) => (start, start),
                (_, false) => (start, links.iter().map(|link| dates[&link.id].1).max().unwrap_or(start)),
                _ => {
                    let mut start = next(start, holidays);
                    while programme.tasks.iter().any(|task| task.id == *id && task.go_live) && friday(start) {
                        start = next(start + 1, holidays);
                    }
                    (start, shift(start, days - 1, holidays))
                }
            };
            dates.insert((*id).to_owned(), span);
        }
        assert!(dates.len() > known, "a circle");
    }
    dates
}

#[test]
fn gates_are_reached_on_their_days() {
    let methodology = Library::builtin().load().unwrap();
    let programme = &methodology.programmes["mid-market"];
    // Kickoff Monday 2027-01-11; Martin Luther King day 01-18 is day 8, Presidents' day 02-15 is day 36.
    let dates = schedule(programme, &[8, 36]);
    let reached = |id: &str| dates[id].1;
    // Friday 01-22, Tuesday 02-09, Wednesday 02-24, Thursday 03-11.
    assert_eq!(
        [
            reached("foundation-gate"),
            reached("early-use-gate"),
            reached("pilot-gate"),
            reached("rollout-gate")
        ],
        [12, 30, 45, 60]
    );
    assert_eq!(dates["pilot-dry-run"].0, 37, "the pilot starts in week 6 beside the old way");
    assert_eq!(dates["pilot-feedback"], (46, 53), "the feedback loop runs through week 8");
    assert_eq!(dates["go-live"], (59, 59), "Wednesday 03-10");
    assert!((84..=90).contains(&reached("onboarding-complete")), "{}", reached("onboarding-complete"));
    for milestone in &programme.milestones {
        assert!(
            reached(&milestone.id) <= i32::try_from(milestone.day).unwrap(),
            "{} on day {}",
            milestone.id,
            reached(&milestone.id)
        );
    }
    // Without holidays nothing is later.
    assert!(schedule(programme, &[]).iter().all(|(id, (_, finish))| *finish <= dates[id].1));
}

#[test]
fn phases_fall_into_the_weeks_they_name() {
    let methodology = Library::builtin().load().unwrap();
    let programme = &methodology.programmes["mid-market"];
    let dates = schedule(programme, &[8, 36]);
    let named: Vec<[u32; 2]> = programme.phases.iter().map(|phase| phase.weeks).collect();
    assert_eq!(named, [[0, 0], [1, 2], [3, 4], [5, 6], [7, 8], [9, 12], [13, 13]]);
    for phase in programme.phases.iter().skip(1) {
        let spans = || {
            programme
                .tasks
                .iter()
                .filter(|task| task.phase == phase.id && task.for_each != Some(ForEach::DataSource))
                .map(|task| dates[&task.id])
        };
        let week = |day: i32| u32::try_from((day - 1) / 7 + 1).unwrap();
        let weeks = [
            week(spans().map(|(start, _)| start).min().unwrap()),
            week(spans().map(|(_, finish)| finish).max().unwrap()),
        ];
        assert_eq!(weeks, phase.weeks, "{}", phase.id);
    }
}
