//! Years that are not written, calendar weeks, and values that say two things.

use gangway_intake::ReadContext;
use jiff::civil::date;

use crate::support::{context, european, labelled as read};

#[test]
fn a_period_without_a_year_that_runs_now_is_not_moved_ahead() {
    for (today, text, from, to) in [
        (date(2026, 12, 20), "15 Dec – 5 Jan", "2026-12-15", "2027-01-05"),
        (date(2027, 1, 4), "15 Dec – 5 Jan", "2026-12-15", "2027-01-05"),
        (date(2027, 1, 5), "15 Dec – 5 Jan", "2026-12-15", "2027-01-05"),
        (date(2027, 1, 6), "15 Dec – 5 Jan", "2027-12-15", "2028-01-05"),
        (date(2026, 12, 14), "15 Dec – 5 Jan", "2026-12-15", "2027-01-05"),
        (date(2026, 8, 15), "10 Aug – 20 Aug", "2026-08-10", "2026-08-20"),
        (date(2026, 8, 15), "10–20 August", "2026-08-10", "2026-08-20"),
        (date(2026, 12, 28), "24.12. - 06.01.", "2026-12-24", "2027-01-06"),
        (date(2027, 1, 4), "December to January", "2026-12-01", "2027-01-31"),
        (date(2026, 12, 20), "15 Dec – 5 Jan 2028", "2027-12-15", "2028-01-05"),
    ] {
        let found = read("Blackouts", text, &ReadContext { today, ..european() });
        let told = found.deal.blackouts.first().map(|b| (b.value.from.to_string(), b.value.to.to_string()));
        assert_eq!(told, Some((from.to_owned(), to.to_owned())), "{text} on {today}");
    }
}

#[test]
fn a_year_that_was_assumed_is_told_when_another_is_nearer() {
    let told = |label: &str, text: &str, today| {
        let found = read(label, text, &ReadContext { today, ..european() });
        found.notices.into_iter().find(|notice| notice.code == "year_assumed").map(|notice| notice.message)
    };
    let message = told("Kickoff", "20 Dec", date(2026, 12, 21)).unwrap();
    assert!(message.contains("2027-12-20") && message.contains("2026-12-20"), "{message}");
    for (label, text, today) in [
        ("Go-live", "20.12.", date(2027, 1, 5)),
        ("Signed", "24 Nov", date(2026, 11, 23)),
        ("Blackouts", "10 Nov – 20 Nov", date(2026, 11, 23)),
    ] {
        assert!(told(label, text, today).is_some(), "{text}");
    }
    for (label, text, today) in [
        ("Kickoff", "20 Dec", date(2026, 12, 20)),
        ("Kickoff", "15 Jan", date(2026, 12, 21)),
        ("Kickoff", "20 Dec 2027", date(2026, 12, 21)),
        ("Signed", "2 April", date(2026, 11, 23)),
        ("Blackouts", "15 Dec – 5 Jan", date(2026, 12, 20)),
    ] {
        assert_eq!(told(label, text, today), None, "{text}");
    }
}

#[test]
fn calendar_weeks_begin_with_their_monday() {
    // Today is 23 November 2026, in week 48.
    for (text, expected) in [
        ("KW 12 2027", Some("2027-03-22")),
        ("KW 12/2027", Some("2027-03-22")),
        ("KW12", Some("2027-03-22")),
        ("2027-W12", Some("2027-03-22")),
        ("2027-W12-3", Some("2027-03-24")),
        ("week 12", Some("2027-03-22")),
        ("in week 12 of 2027", Some("2027-03-22")),
        ("calendar week 12, 2027", Some("2027-03-22")),
        ("CW 51", Some("2026-12-14")),
        ("KW 48", Some("2026-11-23")),
        ("KW 47", Some("2027-11-22")),
        ("KW 53 2026", Some("2026-12-28")),
        ("KW 53 2027", None),
        ("KW 54", None),
        ("week 12 after the kickoff", None),
    ] {
        let found = read("Kickoff", text, &european()).deal.kickoff_on.map(|fact| fact.value.to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    }
    for (text, from, to) in [
        ("KW 51", "2026-12-14", "2026-12-20"),
        ("KW 51–52", "2026-12-14", "2026-12-27"),
        ("KW 52 bis KW 1", "2026-12-21", "2027-01-10"),
        ("KW 52 bis KW 1 2027", "2026-12-21", "2027-01-10"),
        ("a week 12 Dec – 18 Dec", "2026-12-12", "2026-12-18"),
    ] {
        let blackouts = read("Blackouts", text, &european()).deal.blackouts;
        let told = blackouts.first().map(|fact| (fact.value.from.to_string(), fact.value.to.to_string()));
        assert_eq!(told, Some((from.to_owned(), to.to_owned())), "{text}");
    }
}

#[test]
fn users_in_places_tell_the_places_too() {
    for (text, sites, names) in [
        ("900 in 3 plants", Some(3), 0),
        ("~900 users across three warehouses", Some(3), 0),
        ("900 in 3 plants (Hamburg, Graz, Brno)", Some(3), 3),
        ("900", None, 0),
        ("900 named users", None, 0),
    ] {
        let deal = read("Users", text, &context()).deal;
        assert_eq!(deal.users.map(|fact| fact.value), Some(900), "{text}");
        let found = deal.sites.map(|fact| fact.value);
        assert_eq!(found.as_ref().map(|sites| sites.count), sites, "{text}");
        assert_eq!(found.map_or(0, |sites| sites.names.len()), names, "{text}");
    }
}

#[test]
fn the_last_product_of_several_stands_behind_an_and() {
    for (text, expected) in [
        ("Core, Analytics and Mobile", vec!["Core", "Analytics", "Mobile"]),
        ("Research and Development Suite", vec!["Research and Development Suite"]),
    ] {
        let products = read("Products", text, &context()).deal.products;
        assert_eq!(products.iter().map(|fact| fact.value.as_str()).collect::<Vec<_>>(), expected, "{text}");
    }
}
