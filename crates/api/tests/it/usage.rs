//! Usage over HTTP: messages as SDKs send them, and what the resources say of them afterwards.

use std::io::Write;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use gangway_app::usage::roll;
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, for_each_database};
use serde_json::{Value as Json, json};

use super::{Answer, Client, admin, ask, client};

/// A source made over the API: its id and its key.
pub(super) async fn source(api: &Client, origins: &[&str]) -> (String, String) {
    let made = api
        .json(Method::POST, "/usage-sources", &[], &json!({ "name": "Web app", "origins": origins }))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let text = |name: &str| made.json()[name].as_str().unwrap().to_owned();
    (text("id"), text("write_key"))
}

pub(super) async fn post(
    api: &Client,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::post(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    ask(&api.router, request.body(body.into()).unwrap()).await
}

/// The key as SDKs send it.
pub(super) fn basic(key: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{key}:")))
}

pub(super) fn track(event: &str, id: &str) -> Json {
    json!({
        "type": "track", "messageId": id, "userId": "u-1", "event": event, "context": { "groupId": "c-7" },
        "timestamp": "2027-01-04T08:59:00Z"
    })
}

/// Everything is rolled up, and the account says what was seen.
pub(super) async fn usage_of(test: &TestApp, api: &Client, account: &str) -> Json {
    roll::roll_once(&test.app).await.unwrap();
    let usage = api.get(&format!("/accounts/{account}/usage")).await;
    assert_eq!(usage.status, StatusCode::OK, "{}", usage.text);
    usage.json()
}

/// An account the product knows under this id.
pub(super) async fn account(api: &Client, external_id: &str) -> String {
    let path = format!("/accounts/by-external-id/{external_id}");
    let made = api.json(Method::PUT, &path, &[], &json!({ "name": "Initech" })).await;
    assert!(made.status.is_success(), "{}", made.text);
    made.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn messages_come_in_at_every_address_and_count_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let initech = account(&api, "c-7").await;
        let (_, key) = source(&api, &[]).await;
        let auth = basic(&key);
        let by_key = [("authorization", auth.as_str()), ("content-type", "application/json")];
        let taken = post(&api, "/v1/track", &by_key, track("Report Exported", "m-1").to_string()).await;
        assert_eq!((taken.status, taken.text.as_str()), (StatusCode::OK, r#"{"success":true}"#));
        // As browsers send: a short path, plain text, the key in the body.
        let mut short = track("Report Exported", "m-2");
        short["writeKey"] = key.clone().into();
        let taken = post(&api, "/v1/t", &[("content-type", "text/plain")], short.to_string()).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
        // Without a content type, the key in the query.
        let path = format!("/v1/track?writeKey={key}");
        let taken = post(&api, &path, &[], track("Report Exported", "m-3").to_string()).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
        // Packed, in a batch, one of them sent before.
        let batch = json!({ "batch": [track("Report Exported", "m-3"), track("Report Exported", "m-4")] });
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(batch.to_string().as_bytes()).unwrap();
        let packed = encoder.finish().unwrap();
        let headers = [("authorization", auth.as_str()), ("content-encoding", "gzip")];
        for path in ["/v1/batch", "/v1/b", "/v1/import"] {
            let taken = post(&api, path, &headers, packed.clone()).await;
            assert_eq!(taken.status, StatusCode::OK, "{path}: {}", taken.text);
        }
        let heard = post(&api, "/v1/m", &[("content-type", "text/plain")], "{\"series\":[]}").await;
        assert_eq!(heard.status, StatusCode::OK);
        let usage = usage_of(&test, &api, &initech).await;
        assert_eq!(usage["events_7"], 4, "{usage}");
        assert_eq!((&usage["active_7"], &usage["users_total"]), (&json!(1), &json!(1)));
        assert_eq!(usage["groups"][0]["matched_by"], "external-id");
        assert_eq!(usage["users"][0]["external_id"], "u-1");
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_says_why_and_counts_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let initech = account(&api, "c-7").await;
        let (id, key) = source(&api, &[]).await;
        let auth = basic(&key);
        let by_key = [("authorization", auth.as_str())];
        let nameless = json!({ "type": "track", "userId": "u-1" });
        let refused = post(&api, "/v1/track", &by_key, nameless.to_string()).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text);
        assert_eq!(
            (&refused.json()["success"], &refused.json()["verdict"]),
            (&json!(false), &json!("rejected"))
        );
        assert!(refused.json()["code"].is_string() && refused.json()["message"].is_string());
        let future =
            json!({ "type": "track", "userId": "u-1", "event": "X", "timestamp": "2037-01-01T00:00:00Z" });
        let batch = json!({ "batch": [track("Report Exported", "m-1"), nameless, future] });
        let mixed = post(&api, "/v1/batch", &by_key, batch.to_string()).await;
        assert_eq!(mixed.status, StatusCode::OK, "{}", mixed.text);
        let answer = mixed.json();
        assert_eq!(
            (&answer["success"], &answer["accepted"], &answer["refused"]),
            (&json!(true), &json!(1), &json!(2))
        );
        assert_eq!(
            (&answer["verdicts"][0]["index"], &answer["verdicts"][1]["verdict"]),
            (&json!(1), &json!("quarantined"))
        );
        let unread = post(&api, "/v1/batch", &by_key, "{\"batch\": [").await;
        assert_eq!(unread.status, StatusCode::BAD_REQUEST, "{}", unread.text);
        for (headers, body) in
            [(&[][..], "{\"batch\":[]}"), (&[("authorization", "Basic eDo=")][..], "{\"batch\":[]}")]
        {
            let refused = post(&api, "/v1/batch", headers, body).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text);
        }
        let large = " ".repeat(600 * 1024);
        assert_eq!(post(&api, "/v1/batch", &by_key, large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        let gone = post(&api, "/v1/people", &by_key, "{}").await;
        assert_eq!(
            (gone.status, gone.json()["code"].as_str()),
            (StatusCode::NOT_FOUND, Some("no-such-address"))
        );

        assert_eq!(usage_of(&test, &api, &initech).await["events_7"], 1);
        let kept = api.get(&format!("/usage-refusals?source={id}")).await.json();
        let verdicts: Vec<&str> =
            kept["items"].as_array().unwrap().iter().map(|one| one["verdict"].as_str().unwrap()).collect();
        assert!(verdicts.contains(&"quarantined") && verdicts.contains(&"rejected"), "{kept}");
        let seen = api.get("/usage-messages").await.json();
        assert!(
            seen["items"].as_array().unwrap().iter().any(|one| one["name"] == "Report Exported"),
            "{seen}"
        );
    })
    .await;
}

#[tokio::test]
async fn pages_of_other_sites_may_send_when_their_source_says_so() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let (_, key) = source(&api, &["https://app.example.com"]).await;
        let preflight = Request::options("/v1/t")
            .header("origin", "https://app.example.com")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type");
        let allowed = ask(&api.router, preflight.body(Body::empty()).unwrap()).await;
        assert_eq!(allowed.status, StatusCode::NO_CONTENT);
        assert_eq!(allowed.header("access-control-allow-origin"), "https://app.example.com");
        assert_eq!(allowed.header("access-control-allow-headers"), "authorization,content-type");
        assert_eq!(allowed.header("access-control-allow-credentials"), "", "cookies mean nothing here");
        let auth = basic(&key);
        let from = async |origin: &str| {
            let headers = [("authorization", auth.as_str()), ("origin", origin)];
            post(&api, "/v1/track", &headers, track("X", origin).to_string()).await
        };
        let own = from("https://app.example.com").await;
        assert_eq!(
            (own.status, own.header("access-control-allow-origin")),
            (StatusCode::OK, "https://app.example.com")
        );
        let other = from("https://evil.example").await;
        assert_eq!((other.status, other.header("access-control-allow-origin")), (StatusCode::FORBIDDEN, ""));

        let settings =
            Request::get(format!("/v1/projects/{key}/settings")).header("origin", "https://app.example.com");
        let settings = ask(&api.router, settings.body(Body::empty()).unwrap()).await;
        let own = &settings.json()["integrations"]["Segment.io"];
        assert_eq!(
            (&own["apiKey"], &own["apiHost"], &own["protocol"]),
            (&json!(key), &json!("gangway.test/v1"), &json!("http"))
        );
        let unknown = Request::get("/v1/projects/nothing/settings").body(Body::empty()).unwrap();
        assert_eq!(ask(&api.router, unknown).await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn a_source_is_changed_gets_a_new_key_and_ends() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let (id, key) = source(&api, &[]).await;
        let path = format!("/usage-sources/{id}");
        let known = api.get(&path).await;
        assert_eq!(
            (&known.json()["write_key"], known.json()["key_hint"].as_str()),
            (&Json::Null, key.get(key.len() - 4..))
        );
        let tag = known.header("etag").to_owned();
        let change = json!({ "name": "Mobile app" });
        let changed = api.json(Method::PATCH, &path, &[("if-match", &tag)], &change).await;
        assert_eq!((changed.status, &changed.json()["name"]), (StatusCode::OK, &json!("Mobile app")));
        let stale = api.json(Method::PATCH, &path, &[("if-match", &tag)], &change).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let rotated = api.send(Method::POST, &format!("{path}/key"), &[], "").await;
        let fresh = rotated.json()["write_key"].as_str().unwrap().to_owned();
        let send = async |key: &str, id: &str| {
            let auth = basic(key);
            post(&api, "/v1/track", &[("authorization", &auth)], track("X", id).to_string()).await.status
        };
        assert_eq!(send(&key, "a").await, StatusCode::UNAUTHORIZED, "the old key ends at once");
        assert_eq!(send(&fresh, "b").await, StatusCode::OK);
        assert_eq!(api.send(Method::DELETE, &path, &[], "").await.status, StatusCode::NO_CONTENT);
        assert_eq!(send(&fresh, "c").await, StatusCode::UNAUTHORIZED);
        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        assert_eq!(viewer.get("/usage-sources").await.code(), "forbidden");
    })
    .await;
}

#[tokio::test]
async fn features_count_the_past_too_and_a_customer_is_matched_by_hand() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let (_, key) = source(&api, &[]).await;
        let auth = basic(&key);
        let batch = json!({ "batch": [track("Report Exported", "m-1"), track("Report Exported", "m-2"), track("Opened", "m-3")] });
        post(&api, "/v1/batch", &[("authorization", &auth)], batch.to_string()).await;
        roll::roll_once(&test.app).await.unwrap();
        let feature = json!({ "name": "Reports", "events": ["Report Exported"], "core": true });
        let made = api.json(Method::POST, "/usage-features", &[], &feature).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let unmatched = api.get("/usage-groups?unmatched=true").await.json();
        let group = unmatched["items"].as_array().unwrap().iter().find(|one| one["external_id"] == "c-7").unwrap().clone();
        let other = account(&api, "crm-1").await;
        let path = format!("/usage-groups/{}", group["id"].as_str().unwrap());
        let matched = api.json(Method::PATCH, &path, &[], &json!({ "account": other })).await;
        assert_eq!((matched.status, &matched.json()["matched_by"]), (StatusCode::OK, &json!("person")), "{}", matched.text);
        let usage = usage_of(&test, &api, &other).await;
        let reports = usage["features"].as_array().unwrap().iter().find(|one| one["name"] == "Reports").unwrap();
        assert_eq!((&reports["count_28"], &reports["days_28"]), (&json!(2), &json!(1)), "{usage}");
        let map = api.get("/usage-heat-map").await.json();
        assert_eq!((&map["features"][0]["name"], &map["rows"][0]["account"]), (&json!("Reports"), &json!(other)), "{map}");
        assert_eq!(map["rows"][0]["cells"], json!([1]));
        assert_eq!((&map["rows"][0]["adoption"], &map["next"]), (&json!(100), &json!(null)), "{map}");
        let code = map["features"][0]["code"].as_str().unwrap();
        for order in ["sort=-adoption".to_owned(), "sort=name".to_owned(), format!("feature={code}")] {
            let sorted = api.get(&format!("/usage-heat-map?{order}")).await;
            assert_eq!(sorted.json()["rows"][0]["account"], json!(other), "{order}: {}", sorted.text);
        }
        for wrong in ["sort=luck", "sort=feature", "sort=name&feature=x", "after=nowhere"] {
            assert_eq!(api.get(&format!("/usage-heat-map?{wrong}")).await.code(), "query_invalid", "{wrong}");
        }
        let set = api.json(Method::PUT, &format!("/accounts/{other}/expected-users"), &[], &json!({ "users": 4 })).await;
        assert_eq!((set.status, &set.json()["users"]), (StatusCode::OK, &json!(4)), "{}", set.text);
        assert_eq!(api.get("/usage-weeks").await.json()["items"].as_array().unwrap().len(), 26);
        let lines = api.get("/usage-events?kind=ndjson").await;
        assert_eq!((lines.status, lines.text.lines().count()), (StatusCode::OK, 3), "{}", lines.text);
        assert_eq!(api.get("/usage-events?kind=xml").await.code(), "query_invalid");
        let parquet = api.get("/usage-events?kind=parquet").await;
        assert!(parquet.text.starts_with("PAR1"), "{}", parquet.status);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_read_in_pieces_and_goes_on_where_it_was() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let initech = account(&api, "c-7").await;
        let (id, _) = source(&api, &[]).await;
        let lines: String =
            (0..5).map(|number| format!("{}\n", track("Report Exported", &format!("f-{number}")))).collect();
        let wanted =
            json!({ "name": "old.ndjson", "source": id, "format": "ndjson", "total_bytes": lines.len() });
        let begun = api.json(Method::POST, "/usage-imports", &[], &wanted).await;
        assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.text);
        let path = format!("/usage-imports/{}", begun.json()["id"].as_str().unwrap());
        let first = &lines[..lines.len() / 2];
        let put = async |offset: usize, bytes: &str| {
            let path = format!("{path}/bytes?offset={offset}");
            api.send(Method::PUT, &path, &[("content-type", "application/octet-stream")], bytes).await
        };
        assert_eq!(put(0, first).await.json()["state"], "open");
        assert_eq!(put(0, first).await.status, StatusCode::PRECONDITION_FAILED, "sent twice by mistake");
        let done = usize::try_from(api.get(&path).await.json()["done_bytes"].as_i64().unwrap()).unwrap();
        let ended = put(done, &lines[done..]).await.json();
        assert_eq!(
            (&ended["state"], &ended["accepted"], &ended["refused"]),
            (&json!("done"), &json!(5), &json!(0)),
            "{ended}"
        );
        assert_eq!(usage_of(&test, &api, &initech).await["events_7"], 5);
    })
    .await;
}

#[tokio::test]
async fn every_running_onboarding_has_its_activation() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&gangway_testkit::deal("Acme")).await;
        let card = api.get(&format!("/onboardings/{onboarding}/activation")).await;
        assert_eq!(card.status, StatusCode::OK, "{}", card.text);
        assert_eq!(
            (card.json()["clocks"].as_array().unwrap().len(), &card.json()["pace"]),
            (4, &json!("unknown"))
        );
        assert_eq!(api.get("/activation").await.status, StatusCode::OK);
        let targets = api.get(&format!("/onboardings/{onboarding}/activation-targets")).await;
        assert_eq!(targets.status, StatusCode::OK, "{}", targets.text);
        let targets = targets.json();
        let mut items = targets["items"].as_array().unwrap().iter();
        let login = items.find(|one| one["id"] == "first-login").unwrap();
        assert_eq!((&login["target"], &login["value"]), (&json!(1), &json!(null)), "{login}");
        assert_eq!((&login["state"], &login["unit"]), (&json!("unknown"), &json!("users")), "{login}");
    })
    .await;
}
