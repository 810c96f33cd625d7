//! The one-line example, fact by fact.

use gangway_domain::deal::{DealFormat, GoLiveTarget, Sites, StakeholderRole};
use gangway_domain::fact::{Confidence, Fact, Source};
use gangway_domain::money::{Currency, Money};

use crate::support::{codes, context, fixture};

fn words<T>(fact: &Fact<T>) -> (&str, usize, u32) {
    match &fact.source {
        Source::Text { span, excerpt } => (excerpt, span.start, span.column),
        other => panic!("not from text: {other:?}"),
    }
}

#[test]
fn every_fact_with_its_place() {
    let input = fixture("deals/acme.txt");
    let reading = gangway_intake::read(&input, None, &context()).unwrap();
    assert_eq!(reading.format, DealFormat::Summary);
    let deal = &reading.deal;

    let customer = deal.customer.as_ref().unwrap();
    assert_eq!(customer.value, "Acme Manufacturing");
    assert_eq!(customer.confidence, Confidence::High);
    assert_eq!(words(customer), ("Acme Manufacturing", 10, 11));
    assert_eq!(words(&deal.products[0]), ("Enterprise platform", 39, 40));
    let acv = deal.acv.as_ref().unwrap();
    assert_eq!(acv.value, Money::major(95_000, Currency::usd()));
    assert_eq!(words(acv), ("$95K", 65, 66));
    assert_eq!(deal.use_cases[0].value, "supply chain visibility");

    let people: Vec<_> = deal
        .stakeholders
        .iter()
        .map(|s| (s.value.title.as_deref(), s.value.role, s.value.count, s.confidence))
        .collect();
    assert_eq!(
        people,
        [
            (Some("VP Operations"), StakeholderRole::ExecutiveSponsor, 1, Confidence::High),
            (Some("IT Director"), StakeholderRole::TechnicalLead, 1, Confidence::Medium),
            (Some("plant managers"), StakeholderRole::EndUser, 3, Confidence::Medium),
        ]
    );
    assert_eq!(words(&deal.stakeholders[0]).0, "VP Operations (sponsor)");
    assert_eq!(words(&deal.stakeholders[2]).0, "3 plant managers");
    let go_live = deal.go_live.as_ref().unwrap();
    assert_eq!(go_live.value, GoLiveTarget::Within { days: 60 });
    assert_eq!(words(go_live).0, "60 days");
    let systems: Vec<_> = deal.integrations.iter().map(|i| i.value.system.as_str()).collect();
    assert_eq!(systems, ["SAP ERP", "Salesforce"]);
    assert_eq!(deal.sso.as_ref().unwrap().value, "yes");
    assert_eq!(deal.sites.as_ref().unwrap().value, Sites { count: 3, noun: "plant".into(), names: vec![] });
    assert_eq!(words(deal.sites.as_ref().unwrap()).0, "three plants");
    assert_eq!(reading.unread, []);
    assert_eq!(codes(&reading), Vec::<&str>::new());
}

#[test]
fn without_the_sites_they_follow_from_the_plant_managers() {
    let text = "Customer: Acme Manufacturing. Product: Enterprise platform. ACV: $95K. Stakeholders: VP Operations (sponsor), 3 plant managers.";
    let reading = crate::support::reading(text, None);
    let sites = reading.deal.sites.unwrap();
    assert_eq!(
        (sites.value.count, sites.value.noun.as_str(), sites.confidence),
        (3, "plant", Confidence::Low)
    );
    assert!(matches!(sites.source, Source::Derived { .. }));
}
