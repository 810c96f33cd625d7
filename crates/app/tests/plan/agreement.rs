//! What the deal says, and what its documents say, agree with each other.

use gangway_app::package::{Formats, contents, render_one};
use gangway_app::plan::plan;
use gangway_domain::package::{BuildOptions, Package, PromiseEntry};
use gangway_testkit::methodology;
use jiff::civil::{Date, date};

/// The Sunday before the sample deals begin.
const TODAY: Date = date(2026, 11, 22);

const NORDWIND: &str = include_str!("../../../intake/tests/fixtures/deals/nordwind.md");
const BRIGHTCARE: &str = include_str!("../../../intake/tests/fixtures/deals/brightcare.json");
const LUMIERE: &str = include_str!("../../../intake/tests/fixtures/deals/lumiere.yaml");
const TINYTEAM: &str = include_str!("../../../intake/tests/fixtures/deals/tinyteam.txt");
const ACME: &str = include_str!("../../../intake/tests/fixtures/deals/acme.txt");
const DEALS: [&str; 5] = [ACME, NORDWIND, BRIGHTCARE, LUMIERE, TINYTEAM];

fn package(deal: &str) -> Package {
    let options = BuildOptions {
        as_of: TODAY,
        kickoff_on: None,
        segment: None,
        vendor: "Northlight Software".into(),
        vendor_country: None,
    };
    plan(&methodology(), deal.as_bytes(), None, &options).unwrap_or_else(|error| panic!("{error}"))
}

/// Every text of a package, by path.
fn texts(package: &Package) -> Vec<(String, String)> {
    contents(package, &Formats::all())
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| path.ends_with(".md") || path.ends_with(".txt"))
        .map(|path| {
            let file = render_one(package, &methodology(), &path).unwrap();
            (path, String::from_utf8(file.bytes).unwrap())
        })
        .collect()
}

#[test]
fn the_pilot_is_where_the_deal_says_and_one_plant_follows_the_other() {
    let package = package(NORDWIND);
    let waves: Vec<&[String]> = package.plan.rollout.iter().map(|wave| wave.sites.as_slice()).collect();
    assert_eq!(waves, [["Brno"], ["Hamburg"], ["Leipzig"], ["Graz"]]);
    for milestone in package.plan.milestones.iter().filter(|milestone| milestone.name.contains("operational"))
    {
        assert_eq!(milestone.name, "Gate 4: Brno fully operational");
    }
    assert!(package.plan.tasks.iter().any(|task| task.name == "Train the pilot group at Brno"));
    let codes: Vec<&str> = package.notices.iter().map(|notice| notice.code.as_str()).collect();
    assert!(codes.contains(&"pilot_named") && !codes.contains(&"pilot_contradicted"), "{codes:?}");
    assert!(!package.questions.iter().any(|question| question.text.contains("for the pilot")));
}

#[test]
fn without_a_word_on_it_the_pilot_is_asked_about() {
    let asked = |deal: &str| {
        package(deal).questions.iter().any(|question| question.text.contains("best place for the pilot"))
    };
    assert!(asked(ACME) && asked(BRIGHTCARE) && asked(LUMIERE));
    assert!(!asked(NORDWIND) && !asked(TINYTEAM));
}

fn promise(package: &Package, id: &str) -> PromiseEntry {
    package.handoff.promises.iter().find(|promise| promise.id == id).cloned().unwrap()
}

#[test]
fn promises_of_the_sample_deals_show_where_they_speak_of() {
    let nordwind = package(NORDWIND);
    let pilot = promise(&nordwind, "P1");
    assert_eq!(pilot.milestone.as_deref(), Some("pilot-gate"), "{}", pilot.kept_at);
    // Promised for the 15th, while the pilot is through on the 19th: one change would do.
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

    let training = promise(&package(LUMIERE), "P1");
    assert_eq!((training.task.as_deref(), training.on_time), (Some("end-user-training"), Some(true)));
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
        ("Two on-site training days", "end-user-training", "end-user-training"),
        ("Administratorenschulung vor Ort", "admin-training", "admin-training"),
        ("A first dashboard for the board", "first-dashboard", "first-dashboard"),
        ("Quick win to show", "quick-win", "quick-win-shown"),
        ("Erste Ergebnisse zeigen", "quick-win", "quick-win-shown"),
        ("Hypercare on site", "hypercare-exit", "hypercare-exit"),
        ("Kickoff in Leeds with everybody", "kickoff", "kickoff"),
    ] {
        assert_eq!(tied(promise, "$300K"), enterprise, "enterprise: {promise}");
        assert_eq!(tied(promise, "$60K"), mid_market, "mid-market: {promise}");
    }
    for promise in [
        "Spanish message templates included",
        "A named contact",
        "Fester Ansprechpartner",
        "Discount next year",
    ] {
        assert_eq!(tied(promise, "$60K"), "to be tied to the plan at the kickoff", "{promise}");
    }
}

#[test]
fn nobody_starts_before_the_contract_does() {
    for deal in DEALS {
        let package = package(deal);
        let starts = package.reading.deal.contract_start.as_ref().map(|fact| fact.value);
        assert!(starts.is_none_or(|day| package.dates.kickoff_on >= day), "{}", package.names.customer);
    }
}

#[test]
fn training_is_announced_before_it_begins() {
    for deal in DEALS {
        let package = package(deal);
        let Some(training) = package.plan.tasks.iter().find(|task| task.id == "end-user-training") else {
            continue;
        };
        let told =
            package.people.calendar.iter().find(|message| message.message.starts_with("Training dates"));
        assert!(told.is_some_and(|message| message.on < training.start), "{}", package.names.customer);
    }
}

#[test]
fn self_serve_speaks_of_no_kickoff_and_asks_no_needless_question() {
    let package = package(TINYTEAM);
    assert_eq!(package.plan.phases[0].weeks, "Before the start");
    assert!(package.people.gaps.is_empty(), "{:?}", package.people.gaps);
    assert!(package.questions.len() <= 2, "{:#?}", package.questions);
    assert!(!package.questions.iter().any(|question| question.text.contains("version or edition")));
    let items = || package.go_live.readiness.iter().flat_map(|group| &group.items);
    assert!(items().count() >= 4);
    assert!(items().all(|item| item.evidence.is_some()), "{:#?}", package.go_live.readiness);
    assert!(package.go_live.approvals.len() <= 3, "{:?}", package.go_live.approvals);
    for (path, text) in texts(&package) {
        for stumble in
            ["kickoff", "Kickoff", "account executive", "Account executive", "To agree", "RACI matrix ·"]
        {
            let allowed = (stumble == "RACI matrix ·" && path == "raci-matrix.md") || path == "package.json";
            let line = text.lines().find(|line| line.contains(stumble));
            assert!(allowed || line.is_none(), "{path}: {stumble:?} in {line:?}");
        }
    }
}

#[test]
fn services_without_editions_are_not_asked_for_one() {
    let package = package(
        "Customer: Acme\nACV: $60K\nUse case: tracing\nIntegrations: SAP ERP, Slack, Google Calendar\n",
    );
    let asked: Vec<&str> = package.questions.iter().map(|question| question.text.as_str()).collect();
    assert!(
        asked.contains(&"Which version or edition of SAP ERP do they run, and who can open access?"),
        "{asked:#?}"
    );
    assert!(asked.contains(&"Who can open access to Slack for the connection?"), "{asked:#?}");
    assert!(
        !asked
            .iter()
            .any(|question| question.contains("edition of Slack") || question.contains("edition of Google"))
    );
}

#[test]
fn escalation_is_that_of_the_methodology_in_every_document() {
    let package = package(ACME);
    let known = &methodology().risks.escalations;
    assert_eq!(&package.escalation, known);
    let plan = texts(&package).into_iter().find(|(path, _)| path == "implementation-plan.md").unwrap().1;
    for level in known {
        let row = format!(
            "| {} {} | {} | {} | {} |",
            level.level, level.name, level.trigger, level.path, level.within
        );
        assert!(plan.contains(&row), "{row}");
    }
}
