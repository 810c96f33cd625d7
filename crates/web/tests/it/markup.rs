//! Whatever people write stays words: markup is stored in every name, title, note and comment there is, and every page
//! that shows one is opened, by the team and by a customer.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode, header};
use gangway_testkit::{Database, Past};
use gangway_web::{Access, routes};

use super::full::full;
use super::leak::{fill, invite, mark, ways};
use super::{Answer, Site, get, on_page, router};

/// An element, and the way out of an attribute.
const EVIL: &str = "<img src=x onerror=x>\" onmouseover=\"x'";

/// Texts that people write and customers see too; what is the team's own is filled with the rest of it.
const WRITTEN: &[(&str, &[&str])] = &[
    ("account", &["name"]),
    ("activity", &["actor", "summary"]),
    ("api_token", &["name"]),
    ("change_request", &["description", "justification", "title"]),
    ("comment", &["made_by", "said"]),
    ("contact", &["name", "title"]),
    ("form", &["note", "title"]),
    ("impact_plan", &["first_impact", "north_star"]),
    ("learner", &["name", "team"]),
    ("meeting", &["place", "purpose", "title"]),
    ("milestone", &["name"]),
    ("onboarding", &["customer", "product", "use_case"]),
    ("outcome", &["confirms", "goal", "metric", "proof", "unit"]),
    ("outcome_measurement", &["note"]),
    ("phase", &["name"]),
    ("plan_change", &["summary"]),
    ("register_entry", &["owner", "title"]),
    ("report", &["title"]),
    ("saved_view", &["name"]),
    ("search_entry", &["title"]),
    ("signal", &["name"]),
    ("signal_event", &["text"]),
    ("support_ticket", &["subject"]),
    ("survey", &["title"]),
    ("survey_answer", &["text"]),
    ("survey_person", &["name"]),
    ("task", &["name"]),
    ("training_library", &["title"]),
    ("training_session", &["place", "title", "trainer"]),
    ("training_track", &["audience", "name"]),
    ("usage_group", &["name"]),
    ("usage_source", &["name"]),
    ("webhook_attempt", &["answer"]),
    ("webhook_delivery", &["body"]),
];

/// The same inside columns of JSON: ends of the paths to what is written there.
const WRITTEN_PARTS: &[(&str, &str, &[&str])] = &[
    ("handoff", "reading", &["customer.value", "products.value", "value.name", "value.text", "value.title"]),
    ("meeting", "people", &["name"]),
    ("onboarding_package", "package", &["names.customer", "names.product", "names.use_case", "tasks.name"]),
    ("register_entry", "details", &["mitigation", "origin"]),
];

/// Pages that show what was written, of every kind: when one of these is opened and does not, nothing was tested.
const SHOWN: [&str; 15] = [
    "/accounts",
    "/accounts/{id}",
    "/contacts",
    "/contacts/{id}",
    "/handoffs/{id}",
    "/onboardings",
    "/onboardings/{id}",
    "/onboardings/{id}/changes/{request}",
    "/onboardings/{id}/meetings/{meeting}",
    "/onboardings/{id}/people/{contact}",
    "/onboardings/{id}/register/{entry}",
    "/onboardings/{id}/reports/{report}",
    "/onboardings/{id}/tasks/{task}",
    "/settings/webhooks/{id}/deliveries/{delivery}",
    "/signals/{id}",
];

/// Writes it everywhere.
async fn write(past: &mut Past) {
    fill(past, EVIL).await;
    for (table, columns) in WRITTEN {
        for column in *columns {
            past.write(table, column, "", EVIL).await.unwrap();
        }
    }
    for (table, column, parts) in WRITTEN_PARTS {
        let mut count = 0;
        past.rewrite(table, column, "", |value| mark(value, "", parts, EVIL, &mut count)).await.unwrap();
        assert!(count > 0, "{table}.{column} has none of {parts:?}");
    }
}

/// What is wrong about a page; nothing when all that was written are words on it.
fn fault(page: &Answer) -> Option<&'static str> {
    // What is saved as a file is no page.
    if !page.header(header::CONTENT_TYPE).starts_with("text/html") {
        return page.status.is_server_error().then_some("breaks");
    }
    if page.status.is_server_error() {
        Some("breaks")
    } else if page.text.contains("<img src=x") {
        Some("has an element that was written")
    } else if page.text.contains("\" onmouseover=\"x") {
        Some("has an attribute that was written")
    } else {
        None
    }
}

fn shows(page: &Answer) -> bool {
    page.status == StatusCode::OK && page.text.contains(&on_page("<img src=x onerror=x>"))
}

/// Opens the portal, and all it leads to.
async fn look_around(guest: &Site, wrong: &mut Vec<String>) -> usize {
    let (mut rest, mut seen, mut shown) = (vec!["/portal".to_owned()], BTreeSet::new(), 0);
    while let Some(address) = rest.pop() {
        if seen.len() >= 100 || !seen.insert(address.clone()) {
            continue;
        }
        let page = get(guest, &address).await;
        shown += usize::from(shows(&page));
        wrong.extend(fault(&page).map(|fault| format!("{address} {fault}: {}", page.status)));
        rest.extend(ways(&page));
    }
    shown
}

#[tokio::test]
async fn markup_stays_words_wherever_it_is_written() {
    let database = Database::sqlite().await.unwrap();
    let mut full = full(database.db.clone(), &database.url).await;
    let guest = invite(&full.test, "Kestrel Energy").await;
    let site = router(&full.test).await;
    write(&mut full.past).await;

    let (mut wrong, mut shown) = (Vec::new(), BTreeSet::new());
    for route in routes().into_iter().filter(|route| route.method == Method::GET) {
        if matches!(route.access, Access::Public | Access::Entrance | Access::Guest) {
            continue;
        }
        let Some(address) = full.addresses.of(route.path) else { continue };
        let page = get(&site, &address.path).await;
        if shows(&page) {
            shown.insert(route.path);
        }
        wrong.extend(fault(&page).map(|fault| format!("{} {fault}: {}", route.path, page.status)));
    }
    let in_portal = look_around(&guest.site, &mut wrong).await;
    let silent = SHOWN.iter().filter(|path| !shown.contains(*path));
    wrong.extend(silent.map(|path| format!("{path} shows nothing of what was written")));
    // The names of people and of the workspace stand on every page, so they come last: before, they would hide what is
    // missing.
    for table in ["person", "workspace"] {
        assert!(full.past.write(table, "name", "", EVIL).await.unwrap() > 0, "{table}");
        for path in ["/onboardings", "/settings/me", "/settings/team", "/settings/workspace", "/workload"] {
            let page = get(&site, path).await;
            wrong.extend(fault(&page).map(|fault| format!("{path} {fault}: {}", page.status)));
            if !shows(&page) {
                wrong.push(format!("{path} shows no name of a {table}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(shown.len() > 50 && in_portal > 10, "{} and {in_portal} pages show it", shown.len());
    database.remove().await.unwrap();
}
