//! An earlier kickoff for a go-live that would be missed.

use gangway_domain::package::Package;
use gangway_domain::plan::Compression;
use jiff::civil::{Date, date};

use super::package;

/// On Monday 4 January the kickoff falls on Monday 11 January: five working days to prepare, of which
/// three must stay, and never a Friday. Thursday the 7th is the only earlier day.
const THURSDAY: Date = date(2027, 1, 7);

fn wanted(go_live: &str) -> String {
    format!(
        "Customer: Acme Manufacturing. Product: Enterprise platform. ACV: $95K. Use case: supply chain visibility. \
         Integration: SAP ERP + Salesforce. SSO. Three plants. Country: US. Go-live: {go_live}."
    )
}

fn earlier(package: &Package) -> Option<(u32, i64)> {
    package.dates.feasibility.iter().flat_map(|found| &found.compressions).find_map(|change| match change {
        Compression::StartEarlier { days, gains } => Some((*days, *gains)),
        _ => None,
    })
}

/// The go-live of the same deal when it has to be as soon as possible.
fn soonest(kickoff_on: Option<Date>) -> Date {
    package(&wanted("2027-02-01"), kickoff_on).dates.go_live_on
}

#[test]
fn is_offered_with_its_gain_when_it_meets_the_date() {
    let (late, in_time) = (soonest(None), soonest(Some(THURSDAY)));
    let gain = i64::from((late - in_time).get_days());
    assert!(gain > 0, "{late} → {in_time}");
    let found = package(&wanted(&in_time.to_string()), None);
    assert_eq!(found.dates.kickoff_on, date(2027, 1, 11), "it is offered, not done");
    assert_eq!(found.dates.go_live_on, late);
    let feasibility = found.dates.feasibility.as_ref().unwrap();
    assert!(!feasibility.feasible);
    assert_eq!(feasibility.compressions, [Compression::StartEarlier { days: 2, gains: gain }]);
    assert_eq!(
        feasibility.best.map(|best| serde_json::to_value(best).unwrap()),
        Some(in_time.to_string().into())
    );
    let days = if gain == 1 { "1 day".to_owned() } else { format!("{gain} days") };
    assert_eq!(
        found.dates.options,
        [format!(
            "Hold the kickoff 2 working days earlier, on 7 January 2027, with 3 working days to prepare: go-live comes {days} earlier."
        )]
    );
}

#[test]
fn is_told_even_when_other_changes_serve_better_or_it_is_not_enough() {
    let late = soonest(None);
    for days in [1, 2, 5, 12, 28] {
        let target = late.checked_sub(jiff::Span::new().days(days)).unwrap();
        let found = package(&wanted(&target.to_string()), None);
        let told = found.dates.options.iter().filter(|option| option.contains("on 7 January 2027")).count();
        assert_eq!(told, 1, "{target}: {:#?}", found.dates.options);
        let kept = package(&wanted(&target.to_string()), Some(date(2027, 1, 11)));
        let best = |package: &Package| {
            let found = package.dates.feasibility.as_ref().unwrap();
            serde_json::to_value(found.best.unwrap_or(found.expected)).unwrap().as_str().unwrap().to_owned()
        };
        // Never worse than with the kickoff where it was: the target met, or as near.
        assert!(best(&found) <= best(&kept).max(target.to_string()), "{target}");
    }
}

#[test]
fn is_not_offered_when_the_kickoff_is_agreed_or_the_date_moves_with_it() {
    let target = "2027-02-15";
    let given = package(&wanted(target), Some(date(2027, 1, 11)));
    let agreed = package(&format!("{} Kickoff: 2027-01-11.", wanted(target)), None);
    let moving = package(&wanted("20 days").replace("Go-live:", "Go-live target:"), None);
    for (what, package) in [("given", given), ("agreed", agreed), ("moving", moving)] {
        assert!(!package.dates.feasibility.as_ref().unwrap().feasible, "{what}");
        assert_eq!(earlier(&package), None, "{what}");
        assert!(!package.dates.options.iter().any(|option| option.contains("kickoff")), "{what}");
    }
}
