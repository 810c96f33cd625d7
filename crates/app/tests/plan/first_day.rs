//! Risks and questions follow from the rules of the methodology.

use gangway_app::plan::plan;
use gangway_domain::deal::Severity;
use gangway_domain::package::{BuildOptions, Package};
use gangway_methodology::Library;
use gangway_testkit::methodology;
use jiff::civil::date;

use super::{options, package};

const DEAL: &str = "Customer: Acme\nProduct: Suite\nACV: $95K\nUse case: tracing\nCountry: US\nSSO: yes\n\
Integrations: SAP ERP, Salesforce (Sales Cloud), Workday\nGo-live target: 20 days\n\
Promise: first dashboard by 2027-01-12\nRed flag: IT is short of people\n";

fn risk<'a>(package: &'a Package, start: &str) -> &'a gangway_domain::package::Risk {
    let found = package.risks.iter().find(|risk| risk.text.starts_with(start));
    found.unwrap_or_else(|| panic!("no risk “{start}…”: {:#?}", package.risks))
}

#[test]
fn risks_name_their_owner_by_the_roles_of_the_programme() {
    let package = package(DEAL, Some(date(2027, 1, 11)));
    let shortfall = package.dates.feasibility.as_ref().unwrap().shortfall;
    let missed = risk(&package, &format!("The wanted go-live is missed by {shortfall} calendar days"));
    assert_eq!((missed.severity, missed.owner.as_str()), (Severity::High, "Onboarding manager"));
    assert_eq!(missed.category.as_deref(), Some("Timeline"));
    let promise = risk(&package, "Promise P1 (“first dashboard");
    assert_eq!(
        (promise.owner.as_str(), promise.origin.as_str()),
        ("Account executive", "the promise ledger")
    );
    let systems = risk(&package, "SAP ERP, Salesforce");
    assert_eq!(systems.owner, "Implementation manager");
    let flag = risk(&package, "IT is short of people");
    assert_eq!((flag.severity, flag.category.as_deref()), (Severity::Medium, None));
    assert!(flag.origin.starts_with("red flag of the handoff (line 10"), "{}", flag.origin);
    let severities: Vec<Severity> = package.risks.iter().map(|risk| risk.severity).collect();
    assert!(severities.windows(2).all(|pair| pair[0] >= pair[1]), "{severities:?}");
}

#[test]
fn questions_go_to_somebody_of_the_right_side() {
    let package = package(DEAL, Some(date(2027, 1, 11)));
    let asked = |start: &str| {
        let found = package.questions.iter().find(|question| question.text.starts_with(start));
        found.map(|question| (question.ask.as_str(), question.of_customer))
    };
    assert_eq!(asked("What is the annual contract value?"), None, "the deal says it");
    assert_eq!(asked("When do they want to be live"), None);
    assert_eq!(asked("How many people"), Some(("Customer project lead", true)));
    assert_eq!(asked("Which version or edition of SAP ERP"), Some(("Customer technical lead", true)));
    assert_eq!(
        asked("Which identity provider"),
        Some(("Customer technical lead", true)),
        "SSO is only `yes`"
    );
    assert_eq!(asked("What was said to be out of scope?"), Some(("Account executive", false)));
    assert_eq!(asked("Whom do they name as executive sponsor?"), Some(("Account executive", false)));
}

#[test]
fn a_small_programme_asks_the_people_it_has() {
    let package = package("Customer: Tinyteam\nACV: $1,200\nIntegrations: Slack\n", None);
    assert_eq!(package.segmentation.segment, "self-serve");
    let whom: Vec<&str> = package.questions.iter().map(|question| question.ask.as_str()).collect();
    assert!(whom.contains(&"Account owner") && whom.contains(&"Scaled success team"), "{whom:?}");
    assert!(!whom.iter().any(|role| role.contains('-') || *role == "ae"), "{whom:?}");
}

#[test]
fn a_customer_of_unknown_country_is_taken_to_keep_the_vendors_holidays() {
    let deal = "Customer: Tinyteam\nACV: $1,200\nIntegrations: Slack\n";
    let assumed = |vendor_country: Option<&str>| {
        let options = BuildOptions { vendor_country: vendor_country.map(str::to_owned), ..options(None) };
        let package = plan(&methodology(), deal.as_bytes(), None, &options).unwrap();
        let mut questions = package.questions.into_iter();
        let asked = questions.find(|question| question.text.starts_with("In which country"));
        let [vendor, customer] = package.plan.calendars.as_slice() else { panic!("two calendars") };
        assert_eq!(vendor.holidays, customer.holidays);
        asked.and_then(|question| question.assumed).unwrap_or_default()
    };
    assert_eq!(assumed(Some("DE")), "the vendor's public holidays (Germany)");
    assert_eq!(assumed(None), "weekends only, no public holidays");
}

#[test]
fn a_workspace_adds_a_risk_and_a_question_of_its_own() {
    let builtin = Library::builtin();
    let add =
        |path: &str, block: &str| (path.to_owned(), format!("{}\n{block}", builtin.text(path).unwrap()));
    let library = Library::with_files([
        add(
            "risks.toml",
            "[[risk]]\nid = \"audit\"\nseverity = \"critical\"\nwhen = \"regulated && integrations >= 2\"\n\
             text = \"{customer} is audited: {integrations} need a review.\"\nmitigation = \"book the review now\"\n\
             owner = [\"it-security\", \"csm\"]\norigin = \"house rule\"\n",
        ),
        add(
            "questions.toml",
            "[[question]]\nid = \"works-council\"\nwhen = \"users > 50\"\ntext = \"Must a works council agree?\"\n\
             ask = [\"business-owner\", \"account-owner\", \"executive-sponsor\"]\nwhy = \"it takes weeks\"\n",
        ),
    ]);
    let methodology = library.load().unwrap();
    let made = |deal: &str| plan(&methodology, deal.as_bytes(), None, &options(None)).unwrap();
    let regulated = made(&format!("{DEAL}Industry: healthcare\nUsers: 400\n"));
    assert_eq!(regulated.risks[0].text, "Acme is audited: SAP ERP, Salesforce and Workday need a review.");
    assert_eq!(regulated.risks[0].owner, "IT and security");
    let question =
        regulated.questions.iter().find(|question| question.text.contains("works council")).unwrap();
    assert_eq!(
        (question.ask.as_str(), question.of_customer, question.assumed.as_deref()),
        ("Business owner", true, None)
    );
    let other = made(DEAL);
    assert!(!other.risks.iter().any(|risk| risk.origin == "house rule"));
    assert!(!other.questions.iter().any(|question| question.text.contains("works council")));
}
