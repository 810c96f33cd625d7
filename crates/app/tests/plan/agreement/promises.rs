//! What was promised, in every document that speaks of it.

use gangway_domain::package::{Package, PromiseEntry};
use jiff::ToSpan;
use jiff::civil::date;

use super::{BRIGHTCARE, LUMIERE, NORDWIND, package, text, texts};

fn promise(package: &Package, id: &str) -> PromiseEntry {
    package.handoff.promises.iter().find(|promise| promise.id == id).cloned().unwrap()
}

#[test]
fn promises_of_the_sample_deals_show_where_they_speak_of() {
    let nordwind = package(NORDWIND);
    let pilot = promise(&nordwind, "P1");
    assert_eq!(pilot.milestone.as_deref(), Some("pilot-gate"), "{}", pilot.kept_at);
    // Promised for the 15th, while the pilot is through on the 22nd: one change would do.
    assert_eq!((pilot.on_time, pilot.kept_if.len()), (Some(false), 1), "{:?}", pilot.kept_if);
    assert!(pilot.kept_if[0].starts_with("do “Run Brno"), "{:?}", pilot.kept_if);
    assert_eq!(promise(&nordwind, "P2").task.as_deref(), Some("end-user-training"));

    let brightcare = package(BRIGHTCARE);
    let sandbox = promise(&brightcare, "P1");
    assert_eq!((sandbox.task.as_deref(), sandbox.on_time), (Some("early-promise-1"), Some(true)));
    assert!(sandbox.kept_at.starts_with("before the kickoff, "), "{}", sandbox.kept_at);
    let templates = promise(&brightcare, "P2");
    assert_eq!((templates.milestone, templates.task, templates.on_time), (None, None, None));
    assert_eq!(templates.kept_at, "to be tied to the plan at the kickoff");

    // The course of the programme is held online, and days on site were promised.
    let training = promise(&package(LUMIERE), "P1");
    assert_eq!((training.milestone, training.task, training.on_time), (None, None, None));
    assert_eq!(training.kept_at, "to be tied to the plan at the kickoff");
    let risks = package(LUMIERE).risks;
    assert!(risks.iter().any(|risk| risk.text.contains("Two on-site training days in Lyon")), "{risks:#?}");
}

#[test]
fn a_promised_period_has_a_day_to_hold() {
    let made = |promise: &str| {
        let deal = format!(
            "Customer: Acme\nACV: $95K\nUse case: tracing\nCountry: US\nIntegrations: SAP ERP\n\
             Closed: 2026-11-18\nPromise: {promise}\n"
        );
        package(&deal)
    };
    let kept = made("A first dashboard within 90 days");
    let entry = promise(&kept, "P1");
    assert_eq!(entry.by, kept.dates.kickoff_on.checked_add(90.days()).ok());
    assert_eq!(entry.by_because.as_deref(), Some("90 days after the kickoff"));
    assert_eq!(entry.on_time, Some(true), "{}", entry.kept_at);
    let handoff = texts(&kept).into_iter().find(|(path, _)| path == "handoff.md").unwrap().1;
    assert!(handoff.contains(", 90 days after the kickoff |"), "{handoff}");

    let signed = promise(&made("A first dashboard within 20 days of signing"), "P1");
    assert_eq!((signed.by, signed.on_time), (Some(date(2026, 12, 8)), Some(false)));
    assert_eq!(signed.by_because.as_deref(), Some("20 days after the signature"));
    let late = made("A first dashboard within 7 days");
    assert_eq!(promise(&late, "P1").on_time, Some(false));
    assert!(late.risks.iter().any(|risk| risk.text.starts_with("Promise P1 (“A first dashboard")));
    assert_eq!(promise(&made("Quotes answered within 2 days"), "P1").by, None);
}

#[test]
fn promises_in_two_languages_are_tied_to_what_they_speak_of() {
    // Template ids: the number of a repetition and everything after it is left out.
    let tied = |promise: &str, acv: &str| {
        let deal = format!(
            "Customer: Acme\nACV: {acv}\nUse case: tracing\nCountry: US\nSSO: Okta\nSites: 3 plants: Leeds, York, Hull\n\
             Integrations: SAP ERP, Salesforce\nData sources: Old tracker\nPilot in York\nApproach: pilot in York\nPromise: {promise}\n"
        );
        let entry = self::promise(&package(&deal), "P1");
        entry.milestone.or(entry.task).unwrap_or_else(|| entry.kept_at.clone())
    };
    for (promise, enterprise, mid_market) in [
        ("Sandbox for the team", "environments", "technical-assessment"),
        ("Testumgebung steht bereit", "environments", "technical-assessment"),
        ("Pilot starts in spring", "pilot-operation", "pilot-operation"),
        ("Start des Pilotbetriebs im Frühjahr", "pilot-operation", "pilot-operation"),
        ("Pilot plant productive", "pilot-gate", "pilot-gate"),
        ("Pilotwerk produktiv", "pilot-gate", "pilot-gate"),
        ("York is live by summer", "pilot-gate", "pilot-gate"),
        ("Hull is live by summer", "wave-launch-1", "wave-launch-2"),
        ("All plants are live by summer", "go-live", "go-live"),
        ("Produktivstart in allen Werken", "go-live", "go-live"),
        ("SAP interface running", "integration-production-1", "integration-production-1"),
        ("Anbindung von Salesforce", "integration-production-2", "integration-production-2"),
        ("All integrations up and running", "integrations-live", "integrations-live"),
        ("Okta sign-in for everybody", "sso-setup", "sso-setup"),
        ("Migration of the old tracker", "data-production-1", "data-production-1"),
        ("Schulungen auf Deutsch", "end-user-training", "end-user-training"),
        ("Two training days", "end-user-training", "end-user-training"),
        ("Administratorenschulung vor Ort", "admin-training", "admin-training"),
        ("A first dashboard for the board", "first-dashboard", "first-dashboard"),
        ("Quick win to show", "quick-win-shown", "quick-win-shown"),
        ("Erste Ergebnisse zeigen", "quick-win-shown", "quick-win-shown"),
        ("Hypercare on site", "hypercare-exit", "hypercare-exit"),
        ("Kickoff in Leeds with everybody", "kickoff", "kickoff"),
    ] {
        assert_eq!(tied(promise, "$300K"), enterprise, "enterprise: {promise}");
        assert_eq!(tied(promise, "$60K"), mid_market, "mid-market: {promise}");
    }
    for promise in [
        "Spanish message templates included",
        "Two on-site training days",
        "Schulung vor Ort",
        "Formation sur site",
        "A named contact",
        "Fester Ansprechpartner",
        "Discount next year",
    ] {
        assert_eq!(tied(promise, "$60K"), "to be tied to the plan at the kickoff", "{promise}");
    }
}

#[test]
fn an_outcome_keeps_only_promises_that_speak_of_it() {
    // One goal and two promises about something else.
    for outcome in package(BRIGHTCARE).impact_plan.outcomes {
        assert!(outcome.promises.is_empty(), "{:?}", outcome.promises);
    }
}

#[test]
fn a_promise_planned_late_is_not_passed_over_before_the_customer() {
    let nordwind = package(NORDWIND);
    assert_eq!(promise(&nordwind, "P1").on_time, Some(false));
    let plan = text(&nordwind, "joint-impact-plan.md");
    let line = plan.lines().find(|line| line.starts_with("| P1 |")).unwrap();
    assert!(line.contains("later than promised, so we settle it with you at the kickoff"), "{line}");
    assert!(!plan.lines().any(|line| line.starts_with("| P2 |") && line.contains("later")), "{plan}");
}
