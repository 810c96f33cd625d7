//! One realistic deal of each format.

use gangway_domain::deal::{DealFormat as F, GoLiveTarget, Reading, StakeholderRole as R};
use gangway_domain::fact::Source;
use gangway_domain::money::Money;
use gangway_intake::{json_schema, read, read_all};
use jiff::civil::date;

use crate::support::{codes, context, european, fixture, reading};

fn open(name: &str) -> Reading {
    read(&fixture(name), None, &european()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn texts(facts: &[gangway_domain::fact::Fact<String>]) -> Vec<&str> {
    facts.iter().map(|fact| fact.value.as_str()).collect()
}

fn eur(units: i64) -> Money {
    Money::major(units, "EUR".parse().unwrap())
}

#[test]
fn a_filled_handoff_document_in_german() {
    let reading = open("deals/nordwind.md");
    assert_eq!(reading.format, F::Markdown);
    let deal = &reading.deal;
    assert_eq!(deal.customer.as_ref().unwrap().value, "Nordwind Maschinenbau GmbH");
    assert_eq!(deal.acv.as_ref().unwrap().value, eur(480_000));
    assert_eq!(deal.employees.as_ref().unwrap().value, 2_400);
    assert_eq!(deal.country.as_ref().unwrap().value, "DE");
    assert_eq!(deal.term_months.as_ref().unwrap().value, 36);
    assert_eq!(deal.closed_on.as_ref().unwrap().value, date(2026, 11, 12));
    assert_eq!(deal.users.as_ref().unwrap().value, 850);
    let sites = &deal.sites.as_ref().unwrap().value;
    assert_eq!(
        (sites.count, sites.noun.as_str(), sites.names.join(" ").as_str()),
        (4, "plant", "Hamburg Leipzig Graz Brno")
    );
    let people: Vec<_> =
        deal.stakeholders.iter().map(|s| (s.value.name.as_deref().unwrap_or(""), s.value.role)).collect();
    assert_eq!(
        people,
        [
            ("Dr. Katrin Sievers", R::ExecutiveSponsor),
            ("Jörg Lindemann", R::ProjectLead),
            ("Miriam Aydın", R::TechnicalLead),
            ("Tomáš Novák", R::Champion),
            ("Uwe Brandt", R::Detractor)
        ]
    );
    assert_eq!(deal.pain.len(), 3);
    assert_eq!(deal.decision.len(), 2);
    let alternatives: Vec<_> = deal
        .alternatives
        .iter()
        .map(|a| (a.value.name.as_str(), a.value.why_not.as_deref().unwrap_or("")))
        .collect();
    assert_eq!(
        alternatives,
        [("Kinaxis", "zu lange Einführungszeit"), ("Eigenentwicklung", "keine Kapazität in der IT")]
    );
    let goal = &deal.success_criteria[0].value;
    assert_eq!(
        (goal.baseline.as_deref(), goal.target.as_deref(), goal.by),
        (Some("87 %"), Some("95 %"), Some(date(2027, 9, 30)))
    );
    assert_eq!(deal.quick_win_by.as_ref().unwrap().value, date(2027, 2, 26));
    assert_eq!(deal.go_live.as_ref().unwrap().value, GoLiveTarget::On { date: date(2027, 6, 15) });
    assert_eq!(deal.roi_by.as_ref().unwrap().value, date(2027, 12, 31));
    let systems: Vec<_> =
        deal.integrations.iter().map(|i| (i.value.system.as_str(), i.value.detail.as_deref())).collect();
    assert_eq!(systems, [("SAP S/4HANA", Some("2023, on-premises")), ("Workday", None)]);
    assert_eq!(deal.sso.as_ref().unwrap().value, "Microsoft Entra ID");
    let promises: Vec<_> = deal.promises.iter().map(|p| (p.value.text.as_str(), p.value.by)).collect();
    assert_eq!(
        promises,
        [
            ("Pilotwerk produktiv bis 15.03.2027", Some(date(2027, 3, 15))),
            ("Deutschsprachige Schulungen in allen Werken", None)
        ]
    );
    assert_eq!(
        texts(&deal.non_scope),
        ["Anbindung der Maschinensteuerungen", "Migration der Daten vor 2024"]
    );
    assert_eq!(deal.red_flags.len(), 2);
    assert_eq!(deal.red_flags[0].value.mitigation.as_deref(), Some("Termin im Januar vereinbaren"));
    let blackouts: Vec<_> = deal.blackouts.iter().map(|b| (b.value.from, b.value.to)).collect();
    assert_eq!(blackouts, [(date(2026, 12, 21), date(2027, 1, 6)), (date(2027, 3, 24), date(2027, 4, 6))]);
    let team: Vec<_> = deal.team.iter().map(|t| (t.value.name.as_str(), t.value.role.as_str())).collect();
    assert_eq!(team, [("Lena Hartwig", "ae"), ("Paul Okafor", "csm")]);
    assert_eq!(deal.notes.len(), 1);
    assert_eq!(reading.unread, [], "{:?}", reading.unread);
}

#[test]
fn an_empty_template_gives_no_facts() {
    let template = "## Customer Handoff Document\n### Company Overview\n- **Company Name:** [Name]\n- **Contract Value:** [ARR]\n### Stakeholders\n| Name | Title | Role | Contact | Notes |\n|---|---|---|---|---|\n| [Name] | [Title] | Executive Sponsor | [Email] | [Notes] |\n### Promises\n- [ ] [Specific commitment 1]\n### Risks & Red Flags\n| Risk | Severity | Mitigation |\n|---|---|---|\n| [Risk 1] | High/Med/Low | [Suggested approach] |\n- Champion: [Name] - [Notes on relationship]\n**Handed off by:** [AE Name]\n";
    let found = reading(template, None);
    assert_eq!(found.deal, gangway_domain::deal::Deal::default());
    assert_eq!(found.unread, []);
}

#[test]
fn yaml_with_french_numbers_and_dates() {
    let reading = open("deals/lumiere.yaml");
    assert_eq!(reading.format, F::Yaml);
    let deal = &reading.deal;
    assert_eq!(deal.acv.as_ref().unwrap().value, eur(18_500));
    assert_eq!(deal.contract_start.as_ref().unwrap().value, date(2026, 12, 1));
    assert_eq!(deal.go_live.as_ref().unwrap().value, GoLiveTarget::On { date: date(2027, 1, 12) });
    assert_eq!(deal.sites.as_ref().unwrap().value.count, 6);
    assert_eq!(deal.users.as_ref().unwrap().value, 45);
    assert_eq!(deal.stakeholders.len(), 3);
    assert_eq!(deal.stakeholders[2].source, Source::Field { path: "stakeholders[2]".into() });
    assert_eq!(deal.promises[0].value.by, Some(date(2026, 12, 18)));
    assert_eq!(deal.sso.as_ref().unwrap().value, "no");
    assert!(deal.single_sign_on().is_none());
}

#[test]
fn key_value_text_with_a_monthly_price() {
    let reading = read(&fixture("deals/tinyteam.txt"), None, &context()).unwrap();
    assert_eq!(reading.format, F::KeyValue);
    let deal = &reading.deal;
    assert_eq!(deal.acv.as_ref().unwrap().value.whole(), 948);
    assert_eq!(deal.users.as_ref().unwrap().value, 6);
    assert_eq!(deal.country.as_ref().unwrap().value, "US");
    assert_eq!(deal.closed_on.as_ref().unwrap().value, date(2026, 11, 20));
    assert_eq!(deal.go_live.as_ref().unwrap().value, GoLiveTarget::Within { days: 14 });
    assert_eq!(deal.stakeholders[0].value.email.as_deref(), Some("robin@tinyteam.example"));
    assert_eq!(codes(&reading), ["acv_from_period"]);
    assert_eq!(reading.unread, []);
}

#[test]
fn json_of_our_own() {
    let reading = open("deals/brightcare.json");
    assert_eq!(reading.format, F::Json);
    let deal = &reading.deal;
    assert_eq!(deal.acv.as_ref().unwrap().value, Money::major(62_400, "USD".parse().unwrap()));
    assert_eq!(deal.acv.as_ref().unwrap().source, Source::Field { path: "acv".into() });
    assert_eq!(deal.stakeholders.len(), 5);
    assert_eq!(deal.stakeholders[4].value.count, 8);
    assert_eq!(deal.promises.len(), 2);
    assert_eq!(deal.integrations[0].value.detail.as_deref(), Some("FHIR, appointments only"));
    assert_eq!(reading.unread, []);
    assert_eq!(codes(&reading), Vec::<&str>::new());
}

#[test]
fn toml_of_our_own() {
    let text = "customer = \"Acme\"\nacv = \"95K USD\"\ngo_live = 2027-03-15\nusers = 900\n\n[[stakeholders]]\nname = \"Ann Lee\"\nrole = \"champion\"\n";
    let found = reading(text, None);
    assert_eq!(found.format, F::Toml);
    assert_eq!(found.deal.go_live.unwrap().value, GoLiveTarget::On { date: date(2027, 3, 15) });
    assert_eq!(found.deal.stakeholders[0].value.role, R::Champion);
}

#[test]
fn a_hubspot_deal() {
    let reading = open("hubspot_deal.json");
    assert_eq!(reading.format, F::Hubspot);
    let deal = &reading.deal;
    assert_eq!(deal.external_id.as_ref().unwrap().value, "18923345512");
    assert_eq!(deal.customer.as_ref().unwrap().value, "Helvetia Logistik AG");
    assert_eq!(deal.acv.as_ref().unwrap().value, Money::major(72_000, "CHF".parse().unwrap()));
    assert_eq!(deal.acv.as_ref().unwrap().source, Source::Field { path: "properties.hs_acv".into() });
    assert_eq!(deal.closed_on.as_ref().unwrap().value, date(2026, 11, 19));
    assert_eq!(deal.term_months.as_ref().unwrap().value, 36);
    assert_eq!(deal.go_live.as_ref().unwrap().value, GoLiveTarget::On { date: date(2027, 3, 18) });
    assert_eq!(deal.users.as_ref().unwrap().value, 120);
    assert_eq!(deal.sso.as_ref().unwrap().value, "Azure AD");
    assert_eq!(deal.integrations.len(), 2);
    assert_eq!(deal.alternatives.len(), 2);
    assert_eq!(deal.stakeholders[0].value.role, R::ExecutiveSponsor);
    assert_eq!(deal.promises[0].value.by, Some(date(2027, 2, 15)));
    assert_eq!(texts(&deal.non_scope), ["carrier billing"]);
    assert_eq!(deal.country.as_ref().unwrap().value, "CH");
    let paths: Vec<_> = reading.unread.iter().filter_map(|unread| unread.path.as_deref()).collect();
    assert!(
        paths.contains(&"properties.favourite_colour") && paths.contains(&"properties.amount"),
        "{paths:?}"
    );
    assert!(codes(&reading).contains(&"associations_not_included"));
}

#[test]
fn a_salesforce_opportunity() {
    let reading = open("salesforce_opportunity.json");
    assert_eq!(reading.format, F::Salesforce);
    let deal = &reading.deal;
    assert_eq!(deal.customer.as_ref().unwrap().value, "Cobalt Foods B.V.");
    assert_eq!(deal.acv.as_ref().unwrap().value, eur(134_500));
    assert_eq!(deal.country.as_ref().unwrap().value, "NL");
    assert_eq!(deal.go_live.as_ref().unwrap().value, GoLiveTarget::On { date: date(2027, 4, 14) });
    assert_eq!(texts(&deal.products), ["Freshness Suite", "Forecasting"]);
    assert_eq!(deal.users.as_ref().unwrap().value, 300);
    assert_eq!(deal.sites.as_ref().unwrap().value.count, 5);
    let alternatives: Vec<_> = deal.alternatives.iter().map(|a| a.value.name.as_str()).collect();
    assert!(alternatives.contains(&"Blue Yonder"), "{alternatives:?}");
    assert_eq!(deal.blackouts[0].value.from, date(2026, 12, 15));
    assert_eq!(deal.sso.as_ref().unwrap().value, "Okta");
    assert_eq!(deal.stakeholders[0].value.role, R::ExecutiveSponsor);
    assert_eq!(deal.team[0].value.name, "Noor Visser");
    assert_eq!(deal.red_flags[0].value.text, "Plant in Utrecht may close");
    assert!(reading.unread.iter().any(|unread| unread.path.as_deref() == Some("Internal_Score__c")));
}

#[test]
fn an_outbound_message_with_two_notifications() {
    let bytes = fixture("salesforce_message.xml");
    let all = read_all(&bytes, None, &context()).unwrap();
    assert_eq!(all.len(), 2);
    let first = read(&bytes, None, &context()).unwrap();
    assert_eq!(first.deal.title.as_ref().unwrap().value, "Smith & Sons - Yard Planner");
    assert_eq!(first.deal.customer.as_ref().unwrap().value, "Smith & Sons");
    assert_eq!(first.deal.acv.as_ref().unwrap().value.whole(), 48_000);
    let notice = first.notices.iter().find(|notice| notice.code == "several_deals").unwrap();
    assert!(notice.message.contains("Delta Rail - Depot"), "{}", notice.message);
}

#[test]
fn key_value_text_in_french_and_german() {
    let french = open("francais.txt");
    assert_eq!(french.format, F::KeyValue);
    let deal = &french.deal;
    assert_eq!(deal.acv.as_ref().unwrap().value.minor, 3_640_050);
    assert_eq!(deal.term_months.as_ref().unwrap().value, 24);
    assert_eq!(deal.closed_on.as_ref().unwrap().value, date(2026, 11, 10));
    assert_eq!(deal.sites.as_ref().unwrap().value.names, ["Roubaix", "Tourcoing"]);
    assert_eq!(deal.stakeholders[0].value.title.as_deref(), Some("directrice générale"));
    assert_eq!(deal.blackouts[0].value.to, date(2027, 8, 22));
    assert_eq!(deal.sso.as_ref().unwrap().value, "yes");
    assert_eq!(french.unread, []);

    let german = open("deutsch.txt");
    let deal = &german.deal;
    assert_eq!(deal.acv.as_ref().unwrap().value, eur(54_300));
    assert_eq!(deal.country.as_ref().unwrap().value, "AT");
    assert_eq!(deal.go_live.as_ref().unwrap().value, GoLiveTarget::On { date: date(2027, 3, 3) });
    assert_eq!(deal.sites.as_ref().unwrap().value.noun, "hotel");
    assert_eq!(deal.promises.len(), 2);
    assert_eq!(texts(&deal.non_scope), ["Umbau der Webseite"]);
    assert_eq!(german.unread, []);
}

#[test]
fn prose_without_labels() {
    let text = "Birchwood Foods signed a 3-year contract worth $240,000 per year on 12 November 2026. They have ~900 users across three plants. \
                We promised a pilot in the Dayton plant by March 3rd. They want to go live by end of Q2 2027. Custom reports are out of scope. \
                No go-live 15 Dec – 5 Jan. They chose us over Kinaxis because of the SAP connector. It must integrate with SAP ERP and Salesforce. \
                The plant managers are sceptical. The office dog is called Biscuit.";
    let found = reading(text, None);
    assert_eq!(found.format, F::Summary);
    let deal = &found.deal;
    assert_eq!(deal.acv.as_ref().unwrap().value.whole(), 240_000);
    assert_eq!(deal.term_months.as_ref().unwrap().value, 36);
    assert_eq!(deal.users.as_ref().unwrap().value, 900);
    assert_eq!(deal.sites.as_ref().unwrap().value.count, 3);
    assert_eq!(deal.promises[0].value.by, Some(date(2027, 3, 3)));
    assert_eq!(deal.go_live.as_ref().unwrap().value, GoLiveTarget::On { date: date(2027, 6, 30) });
    assert_eq!(deal.non_scope.len(), 1);
    assert_eq!(
        (deal.blackouts[0].value.from, deal.blackouts[0].value.to),
        (date(2026, 12, 15), date(2027, 1, 5))
    );
    assert_eq!(deal.alternatives[0].value.name, "Kinaxis");
    assert_eq!(deal.integrations.len(), 2);
    assert_eq!(deal.red_flags.len(), 1);
    assert!(found.unread.iter().any(|unread| unread.text.contains("Biscuit")));
}

#[test]
fn the_schema_is_published() {
    let schema = json_schema();
    assert_eq!(schema["title"], "Gangway deal");
    assert_eq!(schema["additionalProperties"], false);
    assert!(schema["properties"]["stakeholders"].is_object());
}

#[test]
fn what_the_company_turns_over_is_kept_and_is_not_what_it_pays() {
    let found = reading("Customer: Acme\nACV: $95K\nRevenue: $340M\nEmployees: 1,200\n", None);
    assert_eq!(found.deal.acv.as_ref().unwrap().value.whole(), 95_000);
    assert_eq!(texts(&found.deal.notes), ["Revenue of the company: $340M"]);
    let alone = reading("Kunde: Nordwind\nJahresumsatz: €40M\n", None);
    assert!(alone.deal.acv.is_none(), "{:?}", alone.deal.acv);
    assert_eq!(texts(&alone.deal.notes), ["Revenue of the company: €40M"]);
}

#[test]
fn a_promise_for_a_period_keeps_the_period() {
    use gangway_domain::deal::{CountedFrom, PromisePeriod};
    let text = "Customer: Acme\nPromises:\n- first dashboard within 30 days\n- portal within 45 days of signing\n\
                - pilot by 3 March 2027 within 60 days\n";
    let found = reading(text, None);
    let within: Vec<_> = found.deal.promises.iter().map(|promise| promise.value.within).collect();
    let period = |days, from| Some(PromisePeriod { days, from });
    assert_eq!(within, [period(30, CountedFrom::Kickoff), period(45, CountedFrom::Signature), None]);
    let table = "# Acme\n\n## Promises\n\n| Promise | By |\n|---|---|\n| a report | within 3 weeks |\n";
    let found = reading(table, Some(F::Markdown));
    assert_eq!(found.deal.promises[0].value.within, period(21, CountedFrom::Kickoff));
    let file =
        r#"{"customer": "Acme", "promises": ["a report within 3 weeks", {"text": "a portal in 6 weeks"}]}"#;
    let found = reading(file, Some(F::Json));
    let within: Vec<_> = found.deal.promises.iter().map(|promise| promise.value.within).collect();
    assert_eq!(within, [period(21, CountedFrom::Kickoff), period(42, CountedFrom::Kickoff)]);
}
