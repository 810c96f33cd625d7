//! The door of usage events when something is wrong: too much at once, no room, no log, no database, hostile messages.

use std::path::Path;
use std::sync::Arc;

use axum::http::StatusCode;
use gangway_api::Api;
use gangway_app::usage::{Usage, roll};
use gangway_events::log::{Position, Settings};
use gangway_testkit::{TestApp, for_each_database};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::usage::{account, basic, post, source, track, usage_of};
use super::{Answer, Client, admin};

/// Usage over a log in this file.
fn over(file: &Path, settings: Settings) -> Arc<Usage> {
    Arc::new(Usage::at(format!("sqlite:{}", file.display()), Uuid::from_u128(9), settings))
}

/// Somebody who sends.
struct Sender {
    auth: String,
    /// Where refusals of what they send are listed.
    refusals: String,
}

impl Sender {
    async fn of(api: &Client) -> Self {
        let (id, key) = source(api, &[]).await;
        Self { auth: basic(&key), refusals: format!("/usage-refusals?source={id}") }
    }

    async fn send(&self, api: &Client, message: &Json) -> Answer {
        self.raw(api, "/v1/track", message.to_string()).await
    }

    async fn raw(&self, api: &Client, path: &str, body: impl Into<axum::body::Body>) -> Answer {
        let headers = [("authorization", self.auth.as_str()), ("origin", "https://app.example.com")];
        post(api, path, &headers, body).await
    }
}

fn status(answer: &Answer) -> (u16, String) {
    let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
    (answer.status.as_u16(), code)
}

/// An event of this size.
fn large(id: &str, bytes: usize) -> Json {
    let mut message = track("Report Exported", id);
    message["properties"] = json!({ "text": "x".repeat(bytes) });
    message
}

/// One of two that came at once was taken, and the other one is told when to come again.
async fn one_of_two(test: &TestApp, api: &Client) {
    let initech = account(api, "c-7").await;
    let sender = Sender::of(api).await;
    assert_eq!(sender.send(api, &track("Report Exported", "m-1")).await.status, StatusCode::OK);
    let (second, third) = (track("Report Exported", "m-2"), track("Report Exported", "m-3"));
    // The first of them is on its way to the disk when the other one comes.
    let (taken, refused) = tokio::join!(sender.send(api, &second), sender.send(api, &third));
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    assert_eq!(status(&refused), (429, "busy".to_owned()), "{}", refused.text);
    assert_eq!((refused.header("retry-after"), refused.header("x-ratelimit-reset")), ("1", "1"));
    assert_eq!(refused.header("access-control-allow-origin"), "https://app.example.com");
    assert_eq!(usage_of(test, api, &initech).await["events_7"], 2, "nothing of it was kept");
    assert_eq!(sender.send(api, &third).await.status, StatusCode::OK);
    assert_eq!(usage_of(test, api, &initech).await["events_7"], 3);
}

#[tokio::test]
async fn what_cannot_be_written_in_time_is_told_to_come_again() {
    for_each_database(|db| async move {
        let mut test = TestApp::on(db).await;
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { queue_bytes: 1, ..Settings::default() };
        test.app.usage = over(&folder.path().join("events.db"), settings);
        one_of_two(&test, &admin(&test).await).await;
    })
    .await;
}

#[tokio::test]
async fn what_there_is_no_memory_for_is_told_to_come_again() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let mut api = admin(&test).await;
        api.router = Api::new(test.app.clone()).with_room(1).router();
        one_of_two(&test, &api).await;
    })
    .await;
}

#[tokio::test]
async fn a_full_disk_refuses_goes_on_being_read_and_recovers() {
    for_each_database(|db| async move {
        let mut test = TestApp::on(db).await;
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { most_bytes: Some(1024 * 1024), ..Settings::default() };
        test.app.usage = over(&folder.path().join("events.db"), settings);
        let api = admin(&test).await;
        let initech = account(&api, "c-7").await;
        let sender = Sender::of(&api).await;
        let mut taken = 0;
        let refused = loop {
            let answer = sender.send(&api, &large(&format!("m-{taken}"), 20_000)).await;
            if answer.status != StatusCode::OK {
                break answer;
            }
            taken += 1;
            assert!(taken < 200, "the limit was never reached");
        };
        assert_eq!(status(&refused), (507, "full".to_owned()), "{}", refused.text);
        assert!(taken > 10, "{taken}");
        let again = sender.send(&api, &large("again", 20_000)).await;
        assert_eq!(again.status, StatusCode::INSUFFICIENT_STORAGE);
        // What was taken is counted and read.
        assert_eq!(usage_of(&test, &api, &initech).await["events_7"], taken);
        let lines = api.get("/usage-events?kind=ndjson").await;
        assert_eq!((lines.status, lines.text.lines().count()), (StatusCode::OK, taken));
        // Room is made; nobody starts anything again.
        let log = test.app.usage.log().await.unwrap();
        let later = "2028-01-01T00:00:00Z".parse().unwrap();
        assert!(log.forget(later, Position(i64::MAX)).await.unwrap() > 0);
        let again = sender.send(&api, &large("again", 20_000)).await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.text);
        assert_eq!(usage_of(&test, &api, &initech).await["events_7"], taken + 1);
    })
    .await;
}

#[tokio::test]
async fn without_a_log_nothing_is_acknowledged_until_it_is_there() {
    for_each_database(|db| async move {
        let mut test = TestApp::on(db).await;
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("not-mounted-yet");
        test.app.usage = over(&place.join("events.db"), Settings::default());
        let api = admin(&test).await;
        let initech = account(&api, "c-7").await;
        let sender = Sender::of(&api).await;
        let message = track("Report Exported", "m-1");
        let refused = sender.send(&api, &message).await;
        assert_eq!(status(&refused), (503, "unavailable".to_owned()), "{}", refused.text);
        assert_eq!(refused.header("retry-after"), "5");
        assert!(!refused.text.contains("not-mounted-yet"), "senders learn nothing of the machine");
        assert_eq!(api.get(&format!("/accounts/{initech}/usage")).await.status, StatusCode::OK);
        std::fs::create_dir(&place).unwrap();
        assert_eq!(sender.send(&api, &message).await.status, StatusCode::OK);
        assert_eq!(usage_of(&test, &api, &initech).await["events_7"], 1);
        // A log that has ended takes nothing more.
        test.app.usage.close().await;
        assert_eq!(status(&sender.send(&api, &message).await), (503, "unavailable".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn events_of_known_sources_come_in_while_the_database_is_away() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let (known, unknown) = (Sender::of(&api).await, Sender::of(&api).await);
        assert_eq!(known.send(&api, &track("Report Exported", "m-1")).await.status, StatusCode::OK);
        test.app.db.close().await;
        let taken = known.send(&api, &track("Report Exported", "m-2")).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
        let refused = unknown.send(&api, &track("Report Exported", "m-3")).await;
        assert_eq!(status(&refused), (503, "unavailable".to_owned()), "{}", refused.text);
        assert_eq!(refused.header("retry-after"), "5");
        // What is refused cannot be kept to be looked at; the sender hears why all the same.
        let wrong = known.send(&api, &json!({ "userId": "u-1" })).await;
        assert_eq!(status(&wrong), (400, "missing-field".to_owned()), "{}", wrong.text);
    })
    .await;
}

/// Lists so many levels deep.
fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

/// Messages of a batch, each as text, with what becomes of it.
fn hostile() -> Vec<(String, &'static str)> {
    let with = |fields: &str| format!(r#"{{"type":"track","userId":"u-1","event":"X",{fields}}}"#);
    vec![
        (with(r#""timestamp":"2027-01-05T09:00:01Z""#), "too-far-in-future"),
        (with(r#""timestamp":"9999-12-30T00:00:00Z""#), "too-far-in-future"),
        (with(r#""timestamp":"2024-01-04T08:59:59Z""#), "too-old"),
        (with(r#""timestamp":"0001-01-01T00:00:00Z""#), "too-old"),
        (with(r#""timestamp":5"#), "invalid-date"),
        (with(r#""timestamp":"next week""#), "invalid-date"),
        (with(&format!(r#""properties":{{"a":{}}}"#, nested(70))), "too-deep"),
        (with(&format!(r#""properties":{{"a":{}}}"#, nested(5_000))), "too-deep"),
        (with(&format!(r#""properties":{{"a":"{}"}}"#, "x".repeat(33_000))), "too-large"),
        (with(r#""properties":"all of them""#), "wrong-type"),
        (with(r#""properties":{"a":1e999}"#), "invalid-json"),
        (with(r#""context":7"#), "wrong-type"),
        (with(r#""messageId":{}"#), "wrong-type"),
        (with(&format!(r#""messageId":"{}""#, "x".repeat(101))), "too-long"),
        (r#"{"type":"track","userId":["u-1"],"event":"X"}"#.to_owned(), "wrong-type"),
        (r#"{"type":"track","userId":"u-1","event":7}"#.to_owned(), "wrong-type"),
        (format!(r#"{{"type":"track","userId":"u-1","event":"{}"}}"#, "x".repeat(256)), "too-long"),
        (r#"{"type":"track","event":"X"}"#.to_owned(), "missing-field"),
        (r#"{"type":"sing","userId":"u-1"}"#.to_owned(), "unknown-type"),
        (r#"{"userId":"u-1","event":"X"}"#.to_owned(), "missing-field"),
        ("null".to_owned(), "not-an-object"),
        ("42".to_owned(), "not-an-object"),
        (nested(64), "not-an-object"),
        (r#""<script>alert(1)</script>""#.to_owned(), "not-an-object"),
    ]
}

#[tokio::test]
async fn hostile_messages_cost_no_good_one_and_are_shown_with_the_reason() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let initech = account(&api, "c-7").await;
        let sender = Sender::of(&api).await;
        let wrong = hostile();
        let mut items: Vec<String> = wrong.iter().map(|(item, _)| item.clone()).collect();
        items.push(track("Report Exported", "good").to_string());
        let body = format!(r#"{{"batch":[{}]}}"#, items.join(","));
        let mixed = sender.raw(&api, "/v1/batch", body).await;
        assert_eq!(mixed.status, StatusCode::OK, "{}", mixed.text);
        let answer = mixed.json();
        assert_eq!((&answer["accepted"], &answer["refused"]), (&json!(1), &json!(wrong.len())));
        let told = answer["verdicts"].as_array().unwrap();
        for (place, (verdict, (item, code))) in told.iter().zip(&wrong).enumerate() {
            let start: String = item.chars().take(80).collect();
            assert_eq!((&verdict["index"], &verdict["code"]), (&json!(place), &json!(code)), "{start}");
            let quarantined = matches!(*code, "too-far-in-future" | "too-old");
            let word = if quarantined { "quarantined" } else { "rejected" };
            assert_eq!(verdict["verdict"], word, "{start}");
        }
        assert_eq!(usage_of(&test, &api, &initech).await["events_7"], 1);
        // Whoever connects the product finds each with the same reason.
        let listed = api.get(&sender.refusals).await.json();
        let mut reasons: Vec<&str> = texts(&listed["items"], "reason");
        let mut wanted: Vec<&str> = texts(&answer["verdicts"], "message");
        reasons.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(reasons, wanted);
        let seen = api.get("/usage-messages").await.json();
        assert_eq!(texts(&seen["items"], "outcome").iter().filter(|word| **word == "quarantined").count(), 4);
    })
    .await;
}

fn texts<'a>(items: &'a Json, field: &str) -> Vec<&'a str> {
    items.as_array().unwrap().iter().map(|one| one[field].as_str().unwrap()).collect()
}

#[tokio::test]
async fn hostile_bodies_are_refused_as_a_whole() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let initech = account(&api, "c-7").await;
        let sender = Sender::of(&api).await;
        let deep =
            |depth| format!(r#"{{"userId":"u-1","event":"X","properties":{{"a":{}}}}}"#, nested(depth));
        for (body, wanted) in [
            (String::new(), (400, "not-an-object")),
            ("[".repeat(30_000), (400, "not-an-object")),
            (format!(r#"{{"properties":{}"#, "[".repeat(30_000)), (400, "invalid-json")),
            (r#"{"userId":"u-1","event":"X"}{"#.to_owned(), (400, "invalid-json")),
            (deep(10_000), (400, "too-deep")),
            ("{".to_owned() + &" ".repeat(40_000) + "}", (413, "too-large")),
        ] {
            let refused = sender.raw(&api, "/v1/track", body.clone()).await;
            let start: String = body.chars().take(40).collect();
            assert_eq!(status(&refused), (wanted.0, wanted.1.to_owned()), "{start}");
            assert_eq!(refused.json()["success"], false);
        }
        let refused = sender.raw(&api, "/v1/track", vec![b'{', 0xff, b'}']).await;
        assert_eq!(status(&refused), (400, "not-utf8".to_owned()));
        for (batch, wanted) in [
            ("7".to_owned(), (400, "wrong-type")),
            ("null".to_owned(), (400, "missing-field")),
            (format!("[{}]", vec!["{}"; 2_501].join(",")), (413, "too-many-events")),
        ] {
            let refused = sender.raw(&api, "/v1/batch", format!(r#"{{"batch":{batch}}}"#)).await;
            assert_eq!(status(&refused), (wanted.0, wanted.1.to_owned()), "{}", refused.text);
        }
        let kept = api.get(&sender.refusals).await.json();
        assert_eq!(kept["items"].as_array().unwrap().len(), 10, "each is there to be looked at");
        assert_eq!(sender.send(&api, &track("Report Exported", "good")).await.status, StatusCode::OK);
        assert_eq!(roll::roll_once(&test.app).await.unwrap().events, 1);
        assert_eq!(usage_of(&test, &api, &initech).await["events_7"], 1);
    })
    .await;
}
