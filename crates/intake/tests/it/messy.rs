//! Ten deals as people really send them: what must be understood, written by hand from reading them.

use gangway_domain::deal::{GoLiveTarget, StakeholderRole as R};
use jiff::civil::date;

use crate::support::{context, fixture};

/// What a person reading the text would note down first. Empty means: not said.
#[derive(Default)]
struct Expected {
    file: &'static str,
    customer: &'static str,
    /// As shown: amount with currency.
    acv: &'static str,
    term: u32,
    users: u32,
    sites: u32,
    go_live: Option<GoLiveTarget>,
    products: &'static [&'static str],
    systems: &'static [&'static str],
    people: &'static [(&'static str, R)],
    sso: &'static str,
    promises: usize,
    non_scope: usize,
    red_flags: usize,
    blackouts: usize,
}

fn on(year: i16, month: i8, day: i8) -> Option<GoLiveTarget> {
    Some(GoLiveTarget::On { date: date(year, month, day) })
}

fn within(days: u32) -> Option<GoLiveTarget> {
    Some(GoLiveTarget::Within { days })
}

fn expected() -> Vec<Expected> {
    vec![
        Expected {
            file: "01_thread.txt",
            customer: "Harbourline Logistics",
            acv: "£42,000",
            term: 24,
            users: 120,
            sites: 3,
            go_live: on(2027, 2, 28),
            products: &["Pro plan"],
            people: &[("Tom Becker", R::TechnicalLead)],
            promises: 1,
            red_flags: 1,
            ..Expected::default()
        },
        Expected {
            file: "02_bullets.txt",
            acv: "€61,500",
            term: 36,
            users: 230,
            sites: 2,
            go_live: on(2027, 4, 1),
            people: &[("Femke de Boer", R::ExecutiveSponsor), ("Joost Visser", R::TechnicalLead)],
            non_scope: 2,
            red_flags: 1,
            blackouts: 1,
            ..Expected::default()
        },
        Expected {
            file: "03_crm_note.txt",
            customer: "Bluefin Dental Group",
            acv: "$18,400",
            term: 12,
            users: 35,
            sites: 6,
            go_live: within(42),
            sso: "Google Workspace",
            ..Expected::default()
        },
        Expected {
            file: "04_typos.txt",
            customer: "Ostara Energy",
            acv: "$132,000",
            go_live: within(90),
            products: &["Forecasting Suite"],
            systems: &["Snowflake", "Workday"],
            people: &[
                ("Helen Marsh", R::ExecutiveSponsor),
                ("Raj Patel", R::TechnicalLead),
                ("4 analysts", R::EndUser),
            ],
            red_flags: 1,
            ..Expected::default()
        },
        Expected {
            file: "05_mixed_de.txt",
            customer: "Alpenglas AG",
            acv: "CHF 1,250,000",
            term: 36,
            sites: 5,
            go_live: on(2027, 6, 30),
            products: &["Enterprise Plan"],
            systems: &["SAP S/4HANA", "Salesforce"],
            people: &[("Frau Ursula Meier", R::BusinessOwner), ("Herr Beat Keller", R::TechnicalLead)],
            sso: "Azure AD",
            promises: 1,
            non_scope: 1,
            ..Expected::default()
        },
        Expected {
            file: "06_es.txt",
            customer: "Olivares del Sur S.L.",
            acv: "€9,600",
            users: 18,
            go_live: within(21),
            products: &["Plan Básico"],
            systems: &["Holded", "Shopify"],
            people: &[("Carmen Ruiz", R::BusinessOwner)],
            red_flags: 1,
            ..Expected::default()
        },
        Expected {
            file: "07_prose.txt",
            customer: "Fjordbank AS",
            acv: "NOK 4,200,000",
            term: 60,
            users: 1_100,
            sites: 24,
            go_live: on(2027, 9, 1),
            systems: &["Microsoft Dynamics 365", "Finacle"],
            people: &[("Ingrid Solberg", R::ExecutiveSponsor), ("Lars Holm", R::ProjectLead)],
            promises: 1,
            non_scope: 1,
            ..Expected::default()
        },
        Expected {
            file: "08_slack.txt",
            customer: "Pixelforge Games",
            acv: "$7,200",
            go_live: on(2026, 12, 18),
            products: &["Team plan"],
            systems: &["Jira", "Slack", "GitHub"],
            people: &[("mia torres", R::Other), ("12 devs", R::EndUser)],
            red_flags: 1,
            ..Expected::default()
        },
        Expected {
            file: "09_table.md",
            customer: "Maple Ridge School District",
            acv: "C$27,300",
            term: 36,
            users: 410,
            sites: 14,
            go_live: on(2027, 8, 16),
            systems: &["PowerSchool", "Google Classroom"],
            people: &[("Denise Okoro", R::ExecutiveSponsor), ("Paul Tremblay", R::TechnicalLead)],
            sso: "Google Workspace",
            blackouts: 1,
            ..Expected::default()
        },
        Expected {
            file: "10_fr.txt",
            customer: "Papeterie Bellerive",
            acv: "€54,000",
            term: 24,
            users: 80,
            sites: 2,
            go_live: on(2027, 3, 31),
            systems: &["Sage X3", "Outlook"],
            people: &[("Claire Fontanel", R::ExecutiveSponsor), ("Hugo Marchand", R::ProjectLead)],
            promises: 1,
            red_flags: 1,
            ..Expected::default()
        },
    ]
}

#[test]
fn reads_what_a_person_would_note_down() {
    let mut wrong = Vec::new();
    for want in expected() {
        let input = fixture(&format!("messy/{}", want.file));
        let deal = gangway_intake::read(&input, None, &context()).unwrap().deal;
        let mut check = |what: &str, found: String, wanted: String| {
            if found != wanted {
                wrong.push(format!("{} {what}: found {found}, wanted {wanted}", want.file));
            }
        };
        let number = |value: Option<u32>| value.unwrap_or(0).to_string();
        check("customer", deal.customer.map(|f| f.value).unwrap_or_default(), want.customer.to_owned());
        check("acv", deal.acv.map(|f| f.value.to_string()).unwrap_or_default(), want.acv.to_owned());
        check("term", number(deal.term_months.map(|f| f.value)), want.term.to_string());
        check("users", number(deal.users.map(|f| f.value)), want.users.to_string());
        check("sites", number(deal.sites.map(|f| f.value.count)), want.sites.to_string());
        check("go-live", format!("{:?}", deal.go_live.map(|f| f.value)), format!("{:?}", want.go_live));
        let products: Vec<_> = deal.products.iter().map(|f| f.value.as_str()).collect();
        check("products", format!("{products:?}"), format!("{:?}", want.products));
        let systems: Vec<_> = deal.integrations.iter().map(|f| f.value.system.as_str()).collect();
        check("systems", format!("{systems:?}"), format!("{:?}", want.systems));
        let people: Vec<_> = deal.stakeholders.iter().map(|f| (f.value.label(), f.value.role)).collect();
        check("people", format!("{people:?}"), format!("{:?}", want.people));
        check("sso", deal.sso.map(|f| f.value).unwrap_or_default(), want.sso.to_owned());
        check("promises", deal.promises.len().to_string(), want.promises.to_string());
        check("non-scope", deal.non_scope.len().to_string(), want.non_scope.to_string());
        check("red flags", deal.red_flags.len().to_string(), want.red_flags.to_string());
        check("blackouts", deal.blackouts.len().to_string(), want.blackouts.to_string());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_address_belongs_to_whoever_stands_before_it() {
    let text = "Customer: Harbour. Product: X. Stakeholders: Petra Lang, VP Operations (sponsor), petra@harbour.example; IT Director; it@harbour.example; 3 plant managers.";
    let people: Vec<_> = gangway_intake::read(text.as_bytes(), None, &context())
        .unwrap()
        .deal
        .stakeholders
        .into_iter()
        .map(|fact| fact.value)
        .collect();
    let told: Vec<_> = people
        .iter()
        .map(|person| {
            (person.name.as_deref(), person.title.as_deref(), person.email.as_deref(), person.count)
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("Petra Lang"), Some("VP Operations"), Some("petra@harbour.example"), 1),
            (None, Some("IT Director"), None, 1),
            // Behind a semicolon it is somebody else's.
            (None, None, Some("it@harbour.example"), 1),
            (None, Some("plant managers"), None, 3),
        ]
    );
}
