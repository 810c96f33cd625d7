//! How people are written: names, titles, roles, addresses and telephone numbers, in every order.

use gangway_domain::deal::{DealFormat, Reading, StakeholderRole as R};
use gangway_domain::fact::Confidence;

use crate::support::reading;

fn read(label: &str, value: &str) -> Reading {
    reading(&format!("{label}: {value}"), Some(DealFormat::KeyValue))
}

type Who<'a> = (Option<&'a str>, Option<&'a str>, R, u32);

#[test]
fn people() {
    let rows: &[(&str, &[Who<'_>])] = &[
        (
            "VP Operations (sponsor), IT Director, 3 plant managers",
            &[
                (None, Some("VP Operations"), R::ExecutiveSponsor, 1),
                (None, Some("IT Director"), R::TechnicalLead, 1),
                (None, Some("plant managers"), R::EndUser, 3),
            ],
        ),
        ("Jane Doe, VP Operations", &[(Some("Jane Doe"), Some("VP Operations"), R::BusinessOwner, 1)]),
        (
            "Jane Doe (VP Operations, sponsor)",
            &[(Some("Jane Doe"), Some("VP Operations"), R::ExecutiveSponsor, 1)],
        ),
        (
            "Jane Doe - VP Operations - sponsor",
            &[(Some("Jane Doe"), Some("VP Operations"), R::ExecutiveSponsor, 1)],
        ),
        ("Jane Doe – champion", &[(Some("Jane Doe"), None, R::Champion, 1)]),
        (
            "Jane Doe (CFO) and Tom Reed (IT security)",
            &[
                (Some("Jane Doe"), Some("CFO"), R::ExecutiveSponsor, 1),
                (Some("Tom Reed"), None, R::ItSecurity, 1),
            ],
        ),
        (
            "Jane Doe, COO, Tom Reed, IT Manager",
            &[
                (Some("Jane Doe"), Some("COO"), R::ExecutiveSponsor, 1),
                (Some("Tom Reed"), Some("IT Manager"), R::TechnicalLead, 1),
            ],
        ),
        ("a dozen planners", &[(None, Some("planners"), R::EndUser, 12)]),
        ("~40 sales agents", &[(None, Some("sales agents"), R::EndUser, 40)]),
        ("two project managers", &[(None, Some("project managers"), R::EndUser, 2)]),
        ("CISO", &[(None, Some("CISO"), R::ItSecurity, 1)]),
        (
            "Hélène Vasseur (directrice générale)",
            &[(Some("Hélène Vasseur"), Some("directrice générale"), R::BusinessOwner, 1)],
        ),
        (
            "Jörg Lindemann – Leiter Supply Chain",
            &[(Some("Jörg Lindemann"), Some("Leiter Supply Chain"), R::BusinessOwner, 1)],
        ),
        ("6 responsables de boutique", &[(None, Some("responsables de boutique"), R::EndUser, 6)]),
        ("Bram de Wit (detractor)", &[(Some("Bram de Wit"), None, R::Detractor, 1)]),
    ];
    for (text, expected) in rows {
        let reading = read("Stakeholders", text);
        let found: Vec<Who<'_>> = reading
            .deal
            .stakeholders
            .iter()
            .map(|s| (s.value.name.as_deref(), s.value.title.as_deref(), s.value.role, s.value.count))
            .collect();
        assert_eq!(found, *expected, "{text}");
    }
    let mail = read("Stakeholders", "Jane Doe <jane.doe@acme.example>").deal.stakeholders;
    assert_eq!(mail[0].value.email.as_deref(), Some("jane.doe@acme.example"));
}

/// Name, title, role, address, notes.
type Card<'a> = (&'a str, &'a str, R, &'a str, &'a str);

#[test]
fn people_with_titles_roles_and_addresses_together() {
    const DANA: Card<'_> = ("Dana Ruiz", "Project manager", R::ProjectLead, "dana@example.com", "");
    const MAX: Card<'_> = ("Max Weber", "CFO", R::ExecutiveSponsor, "max@example.com", "");
    let rows: &[(&str, &[Card<'_>])] = &[
        ("Dana Ruiz (Project manager, project lead, dana@example.com)", &[DANA]),
        ("Dana Ruiz (project lead, Project manager, dana@example.com).", &[DANA]),
        ("Dana Ruiz (dana@example.com, Project manager, project lead)", &[DANA]),
        ("Dana Ruiz (Project manager; project lead; mail: dana@example.com)", &[DANA]),
        ("Dana Ruiz [Project manager | project lead | dana@example.com]", &[DANA]),
        ("Dana Ruiz (Project manager / project lead) <dana@example.com>", &[DANA]),
        ("Dana Ruiz <dana@example.com> (Project manager, project lead)", &[DANA]),
        ("Dana Ruiz (Project manager - project lead - dana@example.com)", &[DANA]),
        ("Dana Ruiz – Project manager – project lead – dana@example.com", &[DANA]),
        ("Dana Ruiz - Project manager, project lead, dana@example.com", &[DANA]),
        ("Dana Ruiz, Project manager, project lead, dana@example.com", &[DANA]),
        ("Dana Ruiz, project lead, Project manager, dana@example.com", &[DANA]),
        ("project lead: Dana Ruiz, Project manager, dana@example.com", &[DANA]),
        (
            "Dana Ruiz (Project manager, project lead, dana@example.com), Max Weber (CFO, sponsor, max@example.com)",
            &[DANA, MAX],
        ),
        (
            "Dana Ruiz (Project manager, project lead, dana@example.com) and Max Weber, CFO, sponsor, max@example.com",
            &[DANA, MAX],
        ),
        (
            "Dana Ruiz (Project manager, dana@example.com, +1 555 010-0199)",
            &[("Dana Ruiz", "Project manager", R::ProjectLead, "dana@example.com", "+1 555 010-0199")],
        ),
        (
            "Dana Ruiz (VP (EMEA), sponsor, dana@example.com, tel. +49 (0)30/1234567)",
            &[("Dana Ruiz", "VP (EMEA)", R::ExecutiveSponsor, "dana@example.com", "tel. +49 (0)30/1234567")],
        ),
        (
            "Dana Ruiz, IT Manager, technical lead, dana@example.com, 030 1234567",
            &[("Dana Ruiz", "IT Manager", R::TechnicalLead, "dana@example.com", "030 1234567")],
        ),
        (
            "Dana Ruiz (Project manager, sponsor, champion)",
            &[("Dana Ruiz", "Project manager", R::ExecutiveSponsor, "", "also champion")],
        ),
        (
            "Jörg Lindemann (Leiter Supply Chain, Projektleiter, j.lindemann@nordwind.example)",
            &[("Jörg Lindemann", "Leiter Supply Chain", R::ProjectLead, "j.lindemann@nordwind.example", "")],
        ),
        (
            "Dr. Katrin Sievers (Geschäftsführerin, Sponsorin, k.sievers@nordwind.example)",
            &[(
                "Dr. Katrin Sievers",
                "Geschäftsführerin",
                R::ExecutiveSponsor,
                "k.sievers@nordwind.example",
                "",
            )],
        ),
        (
            "Miriam Aydın, Leiterin IT-Systeme, technische Leitung, m.aydin@nordwind.example",
            &[("Miriam Aydın", "Leiterin IT-Systeme", R::TechnicalLead, "m.aydin@nordwind.example", "")],
        ),
    ];
    for (text, expected) in rows {
        let reading = read("Stakeholders", text);
        let found: Vec<Card<'_>> = reading
            .deal
            .stakeholders
            .iter()
            .map(|fact| {
                let person = &fact.value;
                (
                    person.name.as_deref().unwrap_or_default(),
                    person.title.as_deref().unwrap_or_default(),
                    person.role,
                    person.email.as_deref().unwrap_or_default(),
                    person.notes.as_deref().unwrap_or_default(),
                )
            })
            .collect();
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn a_person_behind_the_label_of_a_role_keeps_title_and_address() {
    for (label, text, role, title) in [
        ("Project lead", "Dana Ruiz, PM, dana@example.com", R::ProjectLead, "PM"),
        ("Project lead", "Dana Ruiz (Project manager, dana@example.com)", R::ProjectLead, "Project manager"),
        ("Sponsor", "Dana Ruiz – VP Operations, dana@example.com", R::ExecutiveSponsor, "VP Operations"),
        (
            "Projektleiter",
            "Dana Ruiz (Leiterin Einkauf; dana@example.com)",
            R::ProjectLead,
            "Leiterin Einkauf",
        ),
    ] {
        let people = read(label, text).deal.stakeholders;
        assert_eq!(people.len(), 1, "{text}");
        let person = &people[0].value;
        assert_eq!(person.name.as_deref(), Some("Dana Ruiz"), "{text}");
        assert_eq!((person.role, person.title.as_deref()), (role, Some(title)), "{text}");
        assert_eq!(person.email.as_deref(), Some("dana@example.com"), "{text}");
    }
}

#[test]
fn a_list_of_roles_stays_a_list() {
    let reading = read("Stakeholders", "Jane Doe, COO, sponsor, IT lead, end users");
    let found: Vec<Who<'_>> = reading
        .deal
        .stakeholders
        .iter()
        .map(|s| (s.value.name.as_deref(), s.value.title.as_deref(), s.value.role, s.value.count))
        .collect();
    let expected: &[Who<'_>] = &[
        (Some("Jane Doe"), Some("COO"), R::ExecutiveSponsor, 1),
        (None, Some("IT lead"), R::TechnicalLead, 1),
        (None, Some("end users"), R::EndUser, 1),
    ];
    assert_eq!(found, expected);
}

#[test]
fn users_among_the_people_are_counted_and_remarks_stay_with_their_person() {
    let deal = read("Stakeholders", "Priya Raman (COO, sponsor), 6 hotel managers, ~140 users").deal;
    assert_eq!(deal.users.map(|fact| fact.value), Some(140));
    assert_eq!(deal.stakeholders.len(), 2);

    let text = "Works council: Heike Lorenz, sceptical about reports on people";
    let people = read("Stakeholders", text).deal.stakeholders;
    assert_eq!(people.len(), 1);
    assert_eq!(people[0].value.name.as_deref(), Some("Heike Lorenz"));
    assert_eq!(people[0].value.notes.as_deref(), Some("sceptical about reports on people"));
}

#[test]
fn a_clause_that_refers_back_stays_with_what_it_speaks_of() {
    let text = "Plant Kassel is to be sold; its manager has doubts; IT is short of people";
    let flags = read("Red flags", text).deal.red_flags;
    let texts: Vec<&str> = flags.iter().map(|flag| flag.value.text.as_str()).collect();
    assert_eq!(texts, ["Plant Kassel is to be sold; its manager has doubts", "IT is short of people"]);
}

#[test]
fn a_freeze_among_the_red_flags_bars_the_go_live_and_places_are_taken_from_what_they_buy() {
    let deal = read("Red flags", "IT has a change freeze from 18.12.2026 to 08.01.2027").deal;
    let closed: Vec<String> =
        deal.blackouts.iter().map(|fact| format!("{} {}", fact.value.from, fact.value.to)).collect();
    assert_eq!((deal.red_flags.len(), closed), (1, vec!["2026-12-18 2027-01-08".to_owned()]));

    let deal = read("Situation", "Two plants (Hamm, Kassel) keep inspections on paper").deal;
    let sites = deal.sites.unwrap().value;
    assert_eq!((sites.count, sites.noun.as_str()), (2, "plant"));
    assert_eq!(sites.names, ["Hamm", "Kassel"]);
}

#[test]
fn a_decision_tells_whom_we_were_chosen_over() {
    let text = "Chosen over Babtec and CAQ AG because of the SAP connector. Drivers: price, traceability";
    let deal = read("Decision", text).deal;
    let named: Vec<(&str, Option<&str>)> = deal
        .alternatives
        .iter()
        .map(|fact| (fact.value.name.as_str(), fact.value.why_not.as_deref()))
        .collect();
    let why = Some("of the SAP connector");
    assert_eq!(named, [("Babtec", why), ("CAQ AG", why)]);
    assert_eq!(deal.decision.len(), 1);
}

fn told(text: &str) -> Vec<(Option<String>, Option<String>, R, u32)> {
    let people = reading(text, Some(DealFormat::Summary)).deal.stakeholders;
    assert!(people.iter().all(|fact| fact.confidence < Confidence::High), "{text}");
    people
        .into_iter()
        .map(|fact| (fact.value.name, fact.value.title, fact.value.role, fact.value.count))
        .collect()
}

#[test]
fn people_of_sentences() {
    let rows: &[(&str, &[Who<'_>])] = &[
        (
            "They have ~900 users and 3 plant managers. Sponsor is Ann Lee (VP Operations).",
            &[
                (None, Some("plant managers"), R::EndUser, 3),
                (Some("Ann Lee"), Some("VP Operations"), R::ExecutiveSponsor, 1),
            ],
        ),
        (
            "The sponsor is the VP Operations; IT Director and 3 plant managers are involved",
            &[
                (None, Some("VP Operations"), R::ExecutiveSponsor, 1),
                (None, Some("IT Director"), R::TechnicalLead, 1),
                (None, Some("plant managers"), R::EndUser, 3),
            ],
        ),
        ("3 plant managers.", &[(None, Some("plant managers"), R::EndUser, 3)]),
        ("Three plant managers will test it.", &[(None, Some("plant managers"), R::EndUser, 3)]),
        ("Their champion is Tom Reed, who knows everybody.", &[(Some("Tom Reed"), None, R::Champion, 1)]),
        ("Our sponsor is the head of finance.", &[(None, Some("head of finance"), R::ExecutiveSponsor, 1)]),
        (
            "The sponsor is Ann Lee and the champion is Tom Reed.",
            &[(Some("Ann Lee"), None, R::ExecutiveSponsor, 1), (Some("Tom Reed"), None, R::Champion, 1)],
        ),
    ];
    for (text, expected) in rows {
        let found = told(text);
        let found: Vec<Who<'_>> = found
            .iter()
            .map(|(name, title, role, count)| (name.as_deref(), title.as_deref(), *role, *count))
            .collect();
        assert_eq!(found, *expected, "{text}");
    }
    let users = reading(rows[0].0, None).deal.users;
    assert_eq!(users.map(|fact| fact.value), Some(900));
    let paragraph = "# Acme\n\nA good call. Champion: Ann Lee (Planner).\n";
    let people = reading(paragraph, Some(DealFormat::Markdown)).deal.stakeholders;
    assert_eq!(people.len(), 1);
    assert_eq!(people[0].value.name.as_deref(), Some("Ann Lee"));
    assert_eq!(people[0].value.role, R::Champion);
}

#[test]
fn sentences_that_only_speak_of_people_name_nobody() {
    for text in [
        "They have ~140 users.",
        "About 400 people work in 3 plants.",
        "The plant managers are busy in May.",
        "The sponsor is leaving in spring.",
        "The sponsor is on the board.",
        "The sponsor is not Ann Lee.",
        "It is unclear whether the champion is Ann Lee.",
        "The former sponsor is Ann Lee.",
        "Is the sponsor: Ann Lee?",
        "Our project lead is Paul Okafor.",
        "We will send 2 project managers.",
        "They use 2 password managers today.",
        "Training takes 3 days for managers.",
        "In phase 2 managers join.",
        "On 3 March managers meet.",
        "At 10:30 managers meet.",
        "They laid off 3 plant managers.",
        "The 3 managers' offices are in Lyon.",
        "IT is involved from the start.",
        "Acme Manufacturing is involved in a lawsuit.",
        "The sponsor is TBD.",
    ] {
        let people = told(text);
        assert!(people.is_empty(), "{text}: {people:?}");
    }
}
