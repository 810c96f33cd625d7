//! The example of [004]: its phases and gates are the yardstick.

use gangway_domain::segment::FACETS;
use jiff::civil::{Weekday, date};

use super::package;

const ACME: &str = "Customer: Acme Manufacturing. Product: Enterprise platform. ACV: $95K. \
Use case: supply chain visibility. Stakeholders: VP Operations (sponsor), IT Director, 3 plant managers. \
Go-live target: 60 days. Integration: SAP ERP + Salesforce. SSO. Three plants. Country: US.";

#[test]
fn is_a_mid_market_onboarding_for_stated_reasons() {
    let package = package(ACME, Some(date(2027, 1, 11)));
    assert_eq!(package.segmentation.segment, "mid-market");
    let reasons = &package.segmentation.reasons;
    for facet in FACETS {
        assert!(reasons.iter().any(|reason| reason.facet == facet), "{facet}: {reasons:#?}");
    }
    let silent: Vec<&str> =
        reasons.iter().filter(|reason| reason.neutral).map(|reason| reason.facet.as_str()).collect();
    assert_eq!(silent, ["complexity", "users", "industry", "maturity", "use-case"]);
    assert!(reasons.iter().any(|reason| reason.text == "2 systems to integrate"), "{reasons:#?}");
}

#[test]
fn has_the_phases_of_the_example_in_their_weeks() {
    let package = package(ACME, Some(date(2027, 1, 11)));
    let weeks: Vec<(&str, &str)> =
        package.plan.phases.iter().map(|phase| (phase.id.as_str(), phase.weeks.as_str())).collect();
    assert_eq!(
        weeks[..6],
        [
            ("prepare", "Before kickoff"),
            ("discover", "Weeks 1–2"),
            ("integrate", "Weeks 3–4"),
            ("configure", "Weeks 5–6"),
            ("pilot", "Weeks 7–8"),
            ("rollout", "Weeks 9–12"),
        ]
    );
}

#[test]
fn reaches_every_gate_of_the_example_by_its_day() {
    let package = package(ACME, Some(date(2027, 1, 11)));
    let gates: Vec<(u32, i64)> = package
        .plan
        .milestones
        .iter()
        .filter(|milestone| milestone.gate)
        .map(|gate| (gate.day, gate.late_by))
        .collect();
    let days: Vec<u32> = gates.iter().map(|(day, _)| *day).collect();
    for day in [14, 30, 45, 60] {
        assert!(days.contains(&day), "no gate on day {day}: {days:?}");
    }
    assert!(gates.iter().all(|(_, late)| *late <= 0), "late gates: {gates:?}");
}

#[test]
fn calls_its_phases_by_what_the_example_does_in_them() {
    let package = package(ACME, Some(date(2027, 1, 11)));
    let names: Vec<&str> = package.plan.phases.iter().map(|phase| phase.name.as_str()).collect();
    assert_eq!(
        names[1..6],
        [
            "Kickoff, stakeholder alignment and technical discovery",
            "Integration set-up and data validation",
            "Administrator training and workflow configuration",
            "Pilot at one site and feedback loop",
            "Rollout to all sites and go-live confirmation",
        ]
    );
}

#[test]
fn asks_at_each_gate_what_the_example_asks() {
    let package = package(ACME, Some(date(2027, 1, 11)));
    for (gate, day, rules) in [
        ("foundation-gate", 14, &["sso.configured", "integrations.connected == integrations.total"][..]),
        ("early-use-gate", 30, &["usage.active_users >= 5", "usage.dashboards >= 1"][..]),
        ("pilot-gate", 45, &["usage.pilot_active_percent >= 80", "pilot.criteria_met"][..]),
        (
            "rollout-gate",
            60,
            &["rollout.sites_live == rollout.sites_total", "outcomes.sponsor_confirmed"][..],
        ),
    ] {
        let milestone = package.plan.milestones.iter().find(|milestone| milestone.id == gate).unwrap();
        assert!(milestone.gate, "{gate}");
        assert_eq!(milestone.day, day, "{gate}");
        for rule in rules {
            let asked = milestone.criteria.iter().any(|criterion| criterion.rule.as_deref() == Some(*rule));
            assert!(asked, "{gate}: {rule}: {:?}", milestone.criteria);
        }
    }
}

#[test]
fn shows_first_value_within_two_weeks() {
    let package = package(ACME, Some(date(2027, 1, 11)));
    let first = package.plan.milestones.iter().find(|milestone| milestone.first_value).unwrap();
    assert_eq!(first.id, "quick-win-shown");
    // The sample is shown on two working days after the impact plan; Monday 18 January is a holiday.
    assert_eq!((package.dates.first_value_on, first.planned), (Some(date(2027, 1, 19)), date(2027, 1, 19)));
}

#[test]
fn goes_live_within_sixty_days_and_never_on_a_friday() {
    let package = package(ACME, Some(date(2027, 1, 11)));
    assert_eq!(package.dates.go_live_target, Some(date(2027, 3, 12)));
    assert!(
        package.dates.feasibility.as_ref().is_some_and(|found| found.feasible),
        "{}",
        package.dates.verdict
    );
    assert!(package.dates.go_live_on <= date(2027, 3, 11), "the 60th day is a Friday");
    assert!(
        !matches!(package.dates.go_live_on.weekday(), Weekday::Friday | Weekday::Saturday | Weekday::Sunday),
        "{}",
        package.dates.go_live_on
    );
}

#[test]
fn pilots_at_one_plant_and_rolls_out_to_the_other_two() {
    let package = package(ACME, Some(date(2027, 1, 11)));
    let sites: Vec<usize> = package.plan.rollout.iter().map(|wave| wave.sites.len()).collect();
    assert_eq!(sites.iter().sum::<usize>(), 3, "{:?}", package.plan.rollout);
    assert_eq!(sites[0], 1);
    for system in ["SAP ERP", "Salesforce"] {
        let tasks = package.plan.tasks.iter().filter(|task| task.name.contains(system)).count();
        assert!(tasks >= 4, "{system}: {tasks} tasks");
    }
    assert!(package.plan.tasks.iter().any(|task| task.name.contains("single sign-on")));
}

#[test]
fn has_a_definition_of_complete_and_one_accountable_per_activity() {
    let package = package(ACME, Some(date(2027, 1, 11)));
    let complete = &package.plan.complete;
    assert!((3..=5).contains(&complete.value.len()), "{:?}", complete.value);
    assert!((3..=5).contains(&complete.technical.len()), "{:?}", complete.technical);
    for row in &package.raci.rows {
        let accountable = row.cells.iter().filter(|cell| cell.contains('A')).count();
        assert_eq!(accountable, 1, "{}", row.activity);
        assert_eq!(row.cells.len(), package.raci.columns.len());
    }
}

#[test]
fn watches_health_with_all_signals_and_weights_of_the_source() {
    let package = package(ACME, Some(date(2027, 1, 11)));
    let weights: Vec<u32> =
        package.health.model.components.iter().map(|component| component.weight).collect();
    assert_eq!(weights, [25, 25, 20, 15, 15]);
    assert!(package.health.signals.len() >= 36);
    assert!(package.health.reviews.len() >= 11);
}

#[test]
fn is_the_same_every_time() {
    let once = serde_json::to_string(&package(ACME, Some(date(2027, 1, 11)))).unwrap();
    let twice = serde_json::to_string(&package(ACME, Some(date(2027, 1, 11)))).unwrap();
    assert_eq!(once, twice);
}
