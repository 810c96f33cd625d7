//! What narrows the portfolio and the lists beside it down: counts, columns, short addresses, empty lists.

use axum::http::{StatusCode, header};
use gangway_app::{handoff, health, onboarding, signal};
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, deal_within, for_each_database, prove};

use super::portfolio::{in_order, says_not};
use super::{Answer, generate, get, says, send, signed_in, site_of};

#[tokio::test]
async fn every_column_sorts_and_every_choice_is_counted() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let done = generate(&test, &deal_within("Finished", 5)).await;
        generate(&test, &deal("Globex")).await;
        let site = signed_in(&test, Role::OnboardingManager).await;
        send(&site, &format!("/onboardings/{done}/kickoff"), "").await;
        prove(&test, done).await;
        send(&site, &format!("/onboardings/{done}/completion"), "").await;
        for column in
            ["customer", "state", "health", "plan", "next", "kickoff", "go-live", "finish", "late", "quality"]
        {
            let page = get(&site, &format!("/onboardings?state=all&sort={column}")).await;
            says(&page, &["2 of 2 shown."]);
            assert_eq!(page.text.matches("aria-sort=\"ascending\"").count(), 1, "{column}");
            let file = get(&site, &format!("/onboardings/export.csv?state=all&sort={column}&dir=desc")).await;
            assert_eq!((file.status, file.text.lines().count()), (StatusCode::OK, 3), "{column}");
        }
        for column in ["state", "plan", "next"] {
            let page = get(&site, &format!("/onboardings?state=all&sort={column}")).await;
            in_order(&page, &["Globex", "Finished"]);
            let page = get(&site, &format!("/onboardings?state=all&sort={column}&dir=desc")).await;
            in_order(&page, &["Finished", "Globex"]);
        }
        says(&get(&site, "/onboardings").await, &["1 of 1 shown.", "Nobody (1)", "Mine (0)", "By me (0)"]);
        says(&get(&site, "/onboardings?state=all").await, &["2 of 2 shown.", "Nobody (2)"]);
        // Tabs follow the filters.
        let narrowed = get(&site, "/onboardings?q=glob").await;
        says(&narrowed, &["1 of 1 shown."]);
        assert!(narrowed.text.contains("All <span class=\"none\">1</span>"), "{}", narrowed.text);
        assert!(narrowed.text.contains("Completed <span class=\"none\">0</span>"), "{}", narrowed.text);
    })
    .await;
}

#[tokio::test]
async fn health_and_signals_are_seen_chosen_and_exported() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let acme = generate(&test, &deal("Acme")).await;
        generate(&test, &deal("Globex")).await;
        let site = signed_in(&test, Role::OnboardingManager).await;
        says(&get(&site, "/onboardings").await, &["Any open signal (0)", "Insufficient data (0)"]);
        signal::log(&test.app, &test.actor, acme, "priority-shift", "Not now").await.unwrap();
        let judged = health::of_onboarding(&test.app, &test.actor, acme).await.unwrap().judged.unwrap();
        let status = judged.status.replace(' ', "%20");
        let told =
            |page: &Answer| page.text.contains("open signal, ") || page.text.contains("open signals, ");
        for address in [format!("/onboardings?health={status}"), "/onboardings?signals=high".to_owned()] {
            let page = get(&site, &address).await;
            says(&page, &["Acme", &judged.status, "1 of 1 shown.", "Filters · 1 active"]);
            says_not(&page, &["Globex"]);
            assert!(told(&page), "{}", page.text);
        }
        in_order(&get(&site, "/onboardings?sort=health").await, &["Acme", "Globex"]);
        for show in ["board", "timeline"] {
            let page = get(&site, &format!("/onboardings?show={show}&signals=low")).await;
            assert!(told(&page), "{}", page.text);
        }
        says(&get(&site, "/onboardings?show=timeline").await, &[&judged.status.to_lowercase()]);
        let file = get(&site, "/onboardings/export.csv?signals=low").await.text;
        let head = ",Health,Health status,Health 14 days ago,Health coverage %,Open signals,Gravest signal,";
        assert!(file.contains(head), "{file}");
        assert!(file.contains("Acme") && !file.contains("Globex"), "{file}");
        assert!(file.contains(",high,") || file.contains(",critical,"), "{file}");
        says(&get(&site, "/accounts").await, &[&judged.status, &format!("/onboardings/{acme}/health")]);
        let view = send(&site, "/views", "name=Alarm&query=signals%3Dhigh%26sort%3Dhealth").await;
        assert!(view.header(header::LOCATION).starts_with("/onboardings?signals=high&sort=health&view="));
    })
    .await;
}

#[tokio::test]
async fn deals_are_found_by_who_handed_them_over() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        generate(&test, &deal("Globex")).await;
        let seller = test.member(Role::Ae).await;
        let text = deal_within("Zephyr", 20).into_bytes();
        let accepted = handoff::accept(&test.app, &seller, text, None).await.unwrap();
        let options = onboarding::GenerateOptions::default();
        onboarding::generate(&test.app, &test.actor, accepted.handoff, options).await.unwrap();
        let theirs = site_of(&test, &seller).await;
        let mine = get(&theirs, "/onboardings?seller=me").await;
        says(&mine, &["Zephyr", "By me (1)", "Filters · 1 active"]);
        says_not(&mine, &["Globex"]);
        // Account executives begin with the handoffs that are theirs.
        assert!(mine.text.contains("href=\"/handoffs?seller=me\""), "{}", mine.text);
        let handoffs = get(&theirs, "/handoffs?seller=me").await;
        says(&handoffs, &["Zephyr", "By anybody"]);
        assert!(handoffs.text.contains("All <span class=\"none\">1</span>"), "{}", handoffs.text);
        says_not(&handoffs, &["Globex"]);
        says(&get(&theirs, "/handoffs").await, &["Zephyr", "Globex"]);
        let id = seller.person.unwrap();
        let others = signed_in(&test, Role::Leader).await;
        let empty = get(&others, "/handoffs?seller=me").await;
        says(&empty, &["None that you handed over is in this state.", "Show all handoffs"]);
        assert!(!get(&others, "/handoffs").await.text.contains("seller=me"), "nobody else begins there");
        let by = get(&others, &format!("/onboardings?seller={id}")).await;
        says(&by, &["Zephyr", "By me (0)"]);
        says_not(&by, &["Globex"]);
        let none = get(&others, "/onboardings?seller=me").await;
        says(&none, &["Nothing matches", "Clear the filters"]);
        assert_eq!(get(&others, "/onboardings?seller=moon").await.status, StatusCode::NOT_FOUND);
        let file = get(&others, &format!("/onboardings/export.csv?seller={id}")).await.text;
        assert!(file.contains("Zephyr") && !file.contains("Globex"), "{file}");
    })
    .await;
}

#[tokio::test]
async fn what_a_form_sends_for_nothing_leads_to_a_short_address() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        generate(&test, &deal("Acme")).await;
        let site = signed_in(&test, Role::Csm).await;
        for (asked, short) in [
            ("/onboardings?q=acme&segment=&stage=&owner=&seller=", "/onboardings?q=acme"),
            ("/onboardings?q=&segment=&stage=&owner=&seller=", "/onboardings?state=open"),
            ("/onboardings?q=&owner=me&sort=urgent&dir=asc&state=open", "/onboardings?owner=me"),
            ("/accounts?q=&industry=&open=yes", "/accounts?open=yes"),
            ("/accounts?q=&industry=&open=&sort=name", "/accounts"),
            ("/handoffs?q=acme&state=&sort=accepted", "/handoffs?q=acme"),
            ("/contacts?q=&role=&sort=name&dir=asc", "/contacts"),
            ("/contacts?q=acme&role=&sort=added&dir=desc", "/contacts?q=acme&sort=added"),
        ] {
            let led = get(&site, asked).await;
            assert_eq!((led.status, led.header(header::LOCATION)), (StatusCode::SEE_OTHER, short), "{asked}");
            assert_eq!(get(&site, short).await.status, StatusCode::OK, "{short}");
        }
        let page = get(&site, "/onboardings").await;
        assert!(!page.text.contains("type=\"hidden\" name=\"sort\""), "nothing is carried along");
    })
    .await;
}

#[tokio::test]
async fn a_deal_is_pasted_by_those_who_may_plan_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let paste = "Start an onboarding from a won deal";
        let manager = signed_in(&test, Role::OnboardingManager).await;
        let seller = signed_in(&test, Role::Ae).await;
        let viewer = signed_in(&test, Role::Viewer).await;
        says(&get(&manager, "/onboardings").await, &[paste, "Paste a won deal above"]);
        let page = get(&seller, "/onboardings").await;
        says(&page, &["No onboarding yet", "whoever runs onboardings plans it"]);
        says_not(&page, &[paste]);
        let page = get(&viewer, "/onboardings").await;
        says(&page, &["No onboarding yet", "it appears here"]);
        says_not(&page, &[paste, "/handoffs/new"]);
        generate(&test, &deal("Acme")).await;
        says(&get(&manager, "/onboardings").await, &[paste]);
        says_not(&get(&viewer, "/onboardings").await, &[paste]);
    })
    .await;
}

#[tokio::test]
async fn an_empty_list_says_why_and_what_to_do() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        generate(&test, &deal("Acme")).await;
        let site = signed_in(&test, Role::Csm).await;
        says(&get(&site, "/onboardings?state=closed").await, &["Nothing is closed", "with a reason"]);
        says(&get(&site, "/onboardings?state=completed").await, &["Nothing is completed yet"]);
        says(&get(&site, "/onboardings?show=board&state=closed").await, &["Nothing is closed"]);
        let cleared = get(&site, "/onboardings?state=closed&q=acme").await;
        says(&cleared, &["Nothing matches", "Clear the filters", "/onboardings?state=closed"]);
        says(&get(&site, "/accounts?q=zzz").await, &["Nothing matches", "Clear the filters"]);
        says(&get(&site, "/handoffs?q=zzz&state=made").await, &["Clear the search", "/handoffs?state=made"]);
        says(&get(&site, "/handoffs?state=confirmed").await, &["read right"]);
    })
    .await;
}
