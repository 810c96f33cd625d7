//! Usage: connecting a product, what its events show, who is who, features, files.

use axum::http::{StatusCode, header};
use gangway_app::usage::ingest;
use gangway_app::usage::{roll, source};
use gangway_domain::permission::Role;
use gangway_events::read::{Origin, Shape, open};
use gangway_testkit::{TestApp, deal, for_each_database};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use super::{get, leads, onboard, router, says, send, signed_in};

const PATH: &str = "/settings/usage";

/// A batch comes in through a new source and is counted.
pub(super) async fn told(test: &TestApp, batch: &[Json]) {
    let wanted = source::Wanted { name: "Web app".to_owned(), origins: Vec::new() };
    let made = source::add(&test.app, &test.actor, &wanted).await.unwrap();
    let by = ingest::admit(&test.app, made.key.reveal()).await.unwrap().unwrap();
    let body = json!({ "batch": batch }).to_string();
    let origin =
        Origin { workspace: by.workspace, source: by.source.uuid(), received_at: test.app.clock.now() };
    let verdicts = open(body.as_bytes(), Shape::Batch).unwrap().read(&origin);
    ingest::accept(&test.app, &by, verdicts).await.unwrap();
    roll::roll_once(&test.app).await.unwrap();
}

/// What users of Acme did: two of them, one feature of the workspace's own.
pub(super) fn story() -> Vec<Json> {
    let group = |user: &str| json!({ "type": "group", "userId": user, "groupId": "acme", "traits": { "name": "Acme" }, "messageId": format!("g-{user}") });
    let track = |user: &str, event: &str| json!({ "type": "track", "userId": user, "event": event, "messageId": format!("t-{user}-{event}") });
    vec![group("u-1"), group("u-2"), track("u-1", "Report Exported"), track("u-2", "<b>Opened</b>")]
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[tokio::test]
async fn a_source_shows_its_key_once_and_how_to_use_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let admin = router(&test).await;
        says(
            &get(&admin, PATH).await,
            &["None yet. A source is a place your product sends usage events from"],
        );
        let refused = send(&admin, PATH, &format!("name=&origins={}", encoded("nowhere"))).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.text.contains(">nowhere</textarea>"), "what was typed is kept");
        let made = send(&admin, PATH, "name=Web+app&origins=").await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let key = made.text.split("id=\"key\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(key.len() > 10 && made.text.matches(&key).count() > 6, "in every snippet: {key}");
        let list = get(&admin, PATH).await.text;
        let address = list.split(&format!("href=\"{PATH}/src_")).nth(1).unwrap().split('"').next().unwrap();
        let address = format!("{PATH}/src_{address}");
        let page = get(&admin, &address).await;
        says(&page, &["WRITE_KEY", "http://gangway.test/v1/track"]);
        assert!(!page.text.contains(&key), "shown once");
        let rotated = send(&admin, &format!("{address}/key"), "").await;
        assert!(rotated.status == StatusCode::CREATED && !rotated.text.contains(&key), "another key");
        assert_eq!(leads(&send(&admin, &format!("{address}/end"), "").await), PATH);
        says(&get(&admin, &address).await, &["nothing comes in through it"]);
        let viewer = signed_in(&test, Role::Viewer).await;
        assert_eq!(get(&viewer, PATH).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn what_users_do_stands_with_onboarding_and_account() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = router(&test).await;
        let address = onboard(&test, &deal("Acme")).await;
        says(
            &get(&site, &format!("{address}/usage")).await,
            &["No usage is known yet", "First login", "Full value"],
        );
        says(&get(&site, "/adoption").await, &["No usage yet"]);
        told(&test, &story()).await;
        let page = get(&site, &format!("{address}/usage")).await;
        says(&page, &["Active users, 28 days", "u-1", "Active users by day"]);
        let card = get(&site, &format!("{address}/scorecard")).await;
        says(&card, &["Activation targets", "First sign-in", "1 user", "Core features used"]);
        assert!(card.text.contains(">Met</span>"), "{}", card.text);
        let account =
            page.text.split("href=\"/accounts/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let account = account.split('/').next().unwrap().to_owned();
        says(&get(&site, &format!("/accounts/{account}")).await, &["Active users, 28 days"]);
        let set = send(&site, &format!("/accounts/{account}/usage"), "version=0&users=4").await;
        assert_eq!(leads(&set), format!("/accounts/{account}/usage?said=saved"));
        let page = get(&site, &format!("/accounts/{account}/usage")).await;
        says(&page, &["as somebody said"]);
        assert!(page.text.contains("name=\"users\" type=\"number\" value=\"4\""), "{}", page.text);
        let wrong = send(&site, &format!("/accounts/{account}/usage"), "version=1&users=many").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        says(&get(&site, "/adoption").await, &["Acme"]);
        let sorted = get(&site, "/adoption?feature=dashboards").await;
        says(&sorted, &["Acme"]);
        for href in ["/adoption?feature=dashboards&#38;dir=asc", "/adoption?feature=reports"] {
            assert!(sorted.text.contains(&format!("href=\"{href}\"")), "{href}: {}", sorted.text);
        }
        assert!(sorted.text.contains("aria-sort=\"descending\"><a href=\"/adoption?feature=dashboards"));
        says(&get(&site, "/adoption/activation").await, &["First login, set-up"]);
        let file = get(&site, "/adoption/export.csv").await;
        assert_eq!(file.header(header::CONTENT_TYPE), "text/csv; charset=utf-8");
        assert!(
            file.text.starts_with("Account,Last seen,") && file.text.contains("\"Acme\","),
            "{}",
            file.text
        );
        let messages = get(&site, "/settings/usage/messages").await;
        says(&messages, &["Report Exported", "<b>Opened</b>"]);
        assert!(messages.text.contains("data-live=\"usage-events\""));
    })
    .await;
}

#[tokio::test]
async fn customers_are_matched_by_hand_and_features_defined_by_events() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = router(&test).await;
        told(&test, &story()).await;
        let address = onboard(&test, &deal("Globex")).await;
        let customers = get(&site, "/adoption/customers?which=unmatched").await;
        says(&customers, &["Acme", "No account"]);
        let id = customers.text.split("/adoption/customers/grp_").nth(1).unwrap().split('"').next().unwrap();
        let path = format!("/adoption/customers/grp_{id}");
        let version =
            customers.text.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let wrong = send(&site, &path, &format!("version={version}&account=Nobody")).await;
        assert!(
            wrong.status.is_client_error() && wrong.text.contains("is none of this workspace"),
            "{}",
            wrong.text
        );
        let matched = send(&site, &path, &format!("version={version}&account=globex")).await;
        assert_eq!(leads(&matched), "/adoption/customers?said=assigned");
        says(&get(&site, &format!("{address}/usage")).await, &["Active users, 28 days"]);

        says(&get(&site, "/adoption/features").await, &["These come with Gangway"]);
        let form = format!("name=Exports&events={}&core=yes", encoded("Report Exported"));
        assert_eq!(leads(&send(&site, "/adoption/features", &form).await), "/adoption/features?said=added");
        says(&get(&site, &format!("{address}/usage")).await, &["Exports"]);
        let page = get(&site, "/adoption/features").await.text;
        let id = page.split("/adoption/features/fea_").nth(1).unwrap().split('"').next().unwrap();
        let empty = send(&site, &format!("/adoption/features/fea_{id}"), "version=1&name=&events=").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", empty.text);
        let gone = send(&site, &format!("/adoption/features/fea_{id}/removal"), "").await;
        assert_eq!(leads(&gone), "/adoption/features?said=removed");
        let viewer = signed_in(&test, Role::Viewer).await;
        assert!(
            !get(&viewer, "/adoption/features").await.text.contains("New feature"),
            "nothing to press in vain"
        );
    })
    .await;
}
