//! Health, signals, the weekly review and rules over REST.

use axum::http::{Method, StatusCode};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::{Value as Json, json};

use super::{Answer, Client, admin, client, stranger};

#[track_caller]
fn refused(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.text);
}

/// Logs a signal of this kind: its address and its ETag.
async fn logged(api: &Client, onboarding: &str, kind: &str) -> (String, String) {
    let path = format!("/onboardings/{onboarding}/signals");
    let made =
        api.json(Method::POST, &path, &[], &json!({ "kind": kind, "words": "Said on the phone" })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let address = made.header("location").strip_prefix("/api/v1").unwrap().to_owned();
    (address, made.header("etag").to_owned())
}

async fn step(api: &Client, address: &str, version: &str, body: Json) -> Answer {
    api.json(Method::POST, &format!("{address}/steps"), &[("if-match", version)], &body).await
}

#[tokio::test]
async fn health_is_read_listed_and_overruled() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{id}/health");
        let seen = api.get(&path).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        assert_eq!((&seen.json()["onboarding"], &seen.json()["overridden"]), (&json!(id), &json!(null)));
        let changes = api.get(&format!("/onboardings/{id}/health-changes")).await.json();
        assert_eq!(changes["items"][0]["number"], 1);
        assert_eq!(changes["items"][0]["facts"]["people.waiting_hours"], 0, "nothing was asked yet");
        let status = seen.json()["status"].as_str().unwrap().replace(' ', "%20");
        let list = api.get(&format!("/health?status={status}")).await.json();
        assert_eq!(list["items"][0]["onboarding"], json!(id));
        assert_eq!(api.get("/health?status=Splendid").await.json()["items"], json!([]));
        assert_eq!(api.get("/health?colour=red").await.status, StatusCode::BAD_REQUEST);

        let said = format!("/onboardings/{id}/health-override");
        refused(&api.send(Method::DELETE, &said, &[], "").await, StatusCode::CONFLICT, "state_refused");
        let wrong = json!({ "status": "Splendid", "reason": "", "until": "2020-01-01" });
        let answer = api.json(Method::PUT, &said, &[], &wrong).await;
        refused(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(answer.json()["errors"].as_array().unwrap().len(), 3, "{}", answer.text);
        let until = test.app.today().to_string();
        let right =
            json!({ "status": "Monitor", "reason": "They signed for two more plants", "until": until });
        let kept = api.json(Method::PUT, &said, &[], &right).await;
        assert_eq!(
            (kept.status, &kept.json()["status"]),
            (StatusCode::OK, &json!("Monitor")),
            "{}",
            kept.text
        );
        let back = api.send(Method::DELETE, &said, &[], "").await;
        assert_eq!(
            (back.status, &back.json()["overridden"]),
            (StatusCode::OK, &json!(null)),
            "{}",
            back.text
        );

        let seen = json!({ "subject": "mood", "rating": 2, "note": "Curt answers" });
        let observations = format!("/onboardings/{id}/observations");
        let made = api.json(Method::POST, &observations, &[], &seen).await;
        assert!(made.status.is_success() && made.json()["rating"] == 2, "{}", made.text);
        let wrong = json!({ "subject": "weather", "rating": 9 });
        let answer = api.json(Method::POST, &observations, &[], &wrong).await;
        refused(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid");

        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        assert_eq!(viewer.get(&path).await.status, StatusCode::OK);
        refused(&viewer.json(Method::PUT, &said, &[], &right).await, StatusCode::FORBIDDEN, "forbidden");
        let other = stranger(&test).await;
        refused(&other.get(&path).await, StatusCode::NOT_FOUND, "not_found");
        refused(&other.json(Method::PUT, &said, &[], &right).await, StatusCode::NOT_FOUND, "not_found");
    })
    .await;
}

#[tokio::test]
async fn signals_are_logged_put_away_merged_and_resolved() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let (first, _) = logged(&api, &id, "priority-shift").await;
        let (again, version) = logged(&api, &id, "priority-shift").await;
        assert_eq!(first, again, "of each kind one is open");
        let seen = api.get(&first).await;
        assert_eq!((&seen.json()["signal"]["count"], seen.header("etag")), (&json!(2), version.as_str()));
        let list = api.get(&format!("/signals?onboarding={id}&open=true&kind=priority-shift")).await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
        let inbox = api.get("/signals/inbox").await.json();
        let places = inbox["items"].as_array().unwrap();
        assert!(places.iter().any(|one| one["signal"]["name"] == seen.json()["name"]), "{inbox}");

        let acknowledge = json!({ "step": "acknowledge" });
        let blind = api.json(Method::POST, &format!("{first}/steps"), &[], &acknowledge).await;
        refused(&blind, StatusCode::PRECONDITION_REQUIRED, "if_match_missing");
        refused(
            &step(&api, &first, "\"99\"", acknowledge.clone()).await,
            StatusCode::PRECONDITION_FAILED,
            "stale",
        );
        let taken = step(&api, &first, &version, acknowledge.clone()).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
        let version = taken.header("etag").to_owned();
        refused(&step(&api, &first, &version, acknowledge).await, StatusCode::CONFLICT, "state_refused");

        let yesterday = json!({ "step": "snooze", "until": "2020-01-01", "reason": "Later" });
        refused(
            &step(&api, &first, &version, yesterday).await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
        );
        let later = json!({ "step": "snooze", "until": "2027-06-01", "reason": "They decide in May" });
        let away = step(&api, &first, &version, later).await;
        assert_eq!(away.json()["signal"]["state"]["state"], "snoozed", "{}", away.text);
        let version = away.header("etag").to_owned();

        let (other, _) = logged(&api, &id, "budget-concerns").await;
        let into = other.rsplit('/').next().unwrap().to_owned();
        let own = first.rsplit('/').next().unwrap().to_owned();
        for wrong in [json!({ "step": "merge" }), json!({ "step": "merge", "into": own })] {
            let answer = step(&api, &first, &version, wrong).await;
            refused(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }
        let merged = step(&api, &first, &version, json!({ "step": "merge", "into": into })).await;
        assert_eq!(merged.json()["signal"]["state"]["state"], "resolved", "{}", merged.text);
        let took = api.get(&other).await;
        assert_eq!(took.json()["signal"]["count"], 3, "{}", took.text);

        let version = took.header("etag").to_owned();
        let silent = step(&api, &other, &version, json!({ "step": "resolve", "reason": "" })).await;
        refused(&silent, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let over = step(&api, &other, &version, json!({ "step": "resolve", "reason": "Money is there" })).await;
        assert_eq!(over.status, StatusCode::OK, "{}", over.text);
        let version = over.header("etag").to_owned();
        let twice = step(&api, &other, &version, json!({ "step": "resolve", "reason": "Again" })).await;
        refused(&twice, StatusCode::CONFLICT, "state_refused");
        assert_eq!(api.get(&format!("/signals?onboarding={id}&open=false")).await.json()["items"][0]["signal"]["state"]["state"], "resolved");
    })
    .await;
}

#[tokio::test]
async fn signals_are_kept_from_whoever_may_not() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let (address, version) = logged(&api, &id, "priority-shift").await;
        let path = format!("/onboardings/{id}/signals");
        let unknown = api.json(Method::POST, &path, &[], &json!({ "kind": "full-moon" })).await;
        refused(&unknown, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let leap = step(&api, &address, &version, json!({ "step": "leap" })).await;
        refused(&leap, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let resolve = json!({ "step": "resolve", "reason": "Not mine" });
        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        refused(
            &step(&viewer, &address, &version, resolve.clone()).await,
            StatusCode::FORBIDDEN,
            "forbidden",
        );
        let reader = client(&test, Role::Admin, &[Scope::Read]).await;
        refused(
            &step(&reader, &address, &version, resolve.clone()).await,
            StatusCode::FORBIDDEN,
            "forbidden",
        );
        let other = stranger(&test).await;
        refused(&other.get(&address).await, StatusCode::NOT_FOUND, "not_found");
        refused(&step(&other, &address, &version, resolve).await, StatusCode::NOT_FOUND, "not_found");
        assert_eq!(other.get("/signals").await.json()["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn the_weekly_review_is_filled_in_and_kept_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{id}/signal-review");
        let sheet = api.get(&path).await;
        assert_eq!((sheet.status, sheet.header("etag")), (StatusCode::OK, "\"0\""), "{}", sheet.text);
        let questions = sheet.json()["questions"].clone();
        let find = |questions: &Json| {
            questions.as_array().unwrap().iter().find(|one| one["id"] == "response").unwrap().clone()
        };
        assert_eq!(find(&questions)["computed"], true, "nothing waits: {}", sheet.text);
        let answers = json!({ "answers": { "response": { "yes": false, "note": "By telephone only" } } });
        let blind = api.json(Method::PUT, &path, &[], &answers).await;
        refused(&blind, StatusCode::PRECONDITION_REQUIRED, "if_match_missing");
        let first = [("if-match", "\"0\"")];
        let kept = api.json(Method::PUT, &path, &first, &answers).await;
        assert_eq!((kept.status, kept.header("etag")), (StatusCode::OK, "\"1\""), "{}", kept.text);
        let response = find(&kept.json()["questions"]);
        assert_eq!((&response["answer"], &response["note"]), (&json!(false), &json!("By telephone only")));
        refused(
            &api.json(Method::PUT, &path, &first, &answers).await,
            StatusCode::PRECONDITION_FAILED,
            "stale",
        );
        let strange = json!({ "answers": { "moon": { "yes": true } } });
        let answer = api.json(Method::PUT, &path, &[("if-match", "\"1\"")], &strange).await;
        refused(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        refused(&viewer.json(Method::PUT, &path, &first, &answers).await, StatusCode::FORBIDDEN, "forbidden");
        refused(&stranger(&test).await.get(&path).await, StatusCode::NOT_FOUND, "not_found");
    })
    .await;
}

#[tokio::test]
async fn questions_replays_and_rules_keep_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let before = api.get(&format!("/onboardings/{id}/health")).await.json();
        let of = |end: &str| format!("/onboardings/{id}/{end}");
        let ask = json!({ "facts": { "people.champion_state": "departed", "plan.days_late": "40" } });
        let answered = api.json(Method::POST, &of("health-questions"), &[], &ask).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.text);
        for (fact, value) in [("weather.tomorrow", "1"), ("plan.days_late", "many")] {
            let wrong = json!({ "facts": { fact: value } });
            let answer = api.json(Method::POST, &of("health-questions"), &[], &wrong).await;
            refused(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }
        let replayed = api.json(Method::POST, &of("health-replays"), &[], &json!({})).await;
        assert_eq!(replayed.json()["items"].as_array().unwrap().len(), 1, "{}", replayed.text);
        let garbled =
            api.json(Method::POST, &of("health-replays"), &[], &json!({ "model": "= no TOML" })).await;
        refused(&garbled, StatusCode::UNPROCESSABLE_ENTITY, "invalid");

        let today = test.app.today();
        let whole = json!({ "model": "onboarding", "from": today, "to": today });
        let compared = api.json(Method::POST, "/health/replays", &[], &whole).await;
        assert_eq!(compared.status, StatusCode::OK, "{}", compared.text);
        let compared = compared.json();
        assert_eq!((&compared["onboardings"], &compared["moved"]), (&json!(1), &json!(0)), "{compared}");
        assert_eq!(compared["items"][0]["then"], compared["items"][0]["now"], "{compared}");
        for (field, value) in [("model", "weather"), ("against", "rain"), ("draft", "= no TOML")] {
            let mut wrong = whole.clone();
            wrong[field] = json!(value);
            let answer = api.json(Method::POST, "/health/replays", &[], &wrong).await;
            refused(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }

        let rule = json!({ "rule": "people.waiting_hours > 48" });
        let tested = api.json(Method::POST, &of("rule-tests"), &[], &rule).await;
        assert_eq!(
            (tested.status, &tested.json()["holds"]),
            (StatusCode::OK, &json!(false)),
            "{}",
            tested.text
        );
        assert_eq!(tested.json()["facts"][0]["name"], "people.waiting_hours");
        assert_eq!(tested.json()["facts"][0]["value"], "0");
        let unknown = json!({ "rule": "contract.days_to_renewal < 90" });
        let tested = api.json(Method::POST, &of("rule-tests"), &[], &unknown).await;
        assert_eq!(tested.json()["holds"], json!(null), "{}", tested.text);
        for wrong in
            [json!({ "rule": "people.waiting_hours >" }), json!({ "rule": "true", "day": "2020-01-01" })]
        {
            let answer = api.json(Method::POST, &of("rule-tests"), &[], &wrong).await;
            refused(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }
        let after = api.get(&format!("/onboardings/{id}/health")).await.json();
        assert_eq!(before["since"], after["since"], "nothing was kept");
        let other = stranger(&test).await;
        for (end, body) in [("health-questions", &ask), ("rule-tests", &rule)] {
            let answer = other.json(Method::POST, &of(end), &[], body).await;
            refused(&answer, StatusCode::NOT_FOUND, "not_found");
        }
    })
    .await;
}
