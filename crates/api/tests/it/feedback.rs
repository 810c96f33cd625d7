//! Surveys, forms and how mail goes.

use axum::http::{Method, StatusCode};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, stranger};

#[tokio::test]
async fn a_survey_is_planned_sent_and_closed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding =
            api.onboard(&format!("{}Sponsor: Dana Whitfield (VP Operations)\n", deal("Acme"))).await;
        let base = format!("/onboardings/{onboarding}/surveys");
        let planned = api.get(&base).await.json();
        assert_eq!(planned["items"][0]["state"], "planned");
        let bad = api.json(Method::POST, &base, &[], &json!({ "survey": "tea", "on": "2027-02-01" })).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.text);
        let made =
            api.json(Method::POST, &base, &[], &json!({ "survey": "midpoint", "on": "2027-02-01" })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let address = format!("/surveys/{}", made.json()["id"].as_str().unwrap());
        let steps = format!("{address}/steps");
        let blind = api.json(Method::POST, &steps, &[], &json!({ "step": "send" })).await;
        assert_eq!(blind.status, StatusCode::PRECONDITION_REQUIRED);
        let sent = api.json(Method::POST, &steps, &[("if-match", "\"1\"")], &json!({ "step": "send" })).await;
        assert_eq!((sent.header("etag"), &sent.json()["state"]), ("\"2\"", &json!("sent")), "{}", sent.text);
        assert!(sent.json()["asked"].as_i64().unwrap() >= 1);
        let stale =
            api.json(Method::POST, &steps, &[("if-match", "\"1\"")], &json!({ "step": "close" })).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let over =
            api.json(Method::POST, &steps, &[("if-match", "\"2\"")], &json!({ "step": "close" })).await;
        assert_eq!(over.json()["state"], "closed");
        let all = api.get("/feedback").await.json();
        assert_eq!(
            (&all["items"][0]["survey"], &all["items"][0]["answered"]),
            (&json!("midpoint"), &json!(0))
        );
        let stranger = stranger(&test).await;
        assert_eq!(stranger.get(&address).await.status, StatusCode::NOT_FOUND);
        assert_eq!(stranger.get("/feedback").await.json()["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_form_is_asked_and_withdrawn() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let base = format!("/onboardings/{onboarding}/forms");
        let made = api.json(Method::POST, &base, &[], &json!({ "form": "user-list" })).await;
        assert_eq!((made.status, made.header("etag")), (StatusCode::CREATED, "\"1\""), "{}", made.text);
        assert_eq!((&made.json()["state"], &made.json()["due_on"]), (&json!("open"), &json!("2027-01-11")));
        let address = format!("/forms/{}", made.json()["id"].as_str().unwrap());
        assert_eq!(api.get(&base).await.json()["items"].as_array().unwrap().len(), 1);
        let steps = format!("{address}/steps");
        let early =
            api.json(Method::POST, &steps, &[("if-match", "\"1\"")], &json!({ "step": "accept" })).await;
        assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.text);
        let gone =
            api.json(Method::POST, &steps, &[("if-match", "\"1\"")], &json!({ "step": "withdraw" })).await;
        assert_eq!(gone.json()["state"], "withdrawn");
        assert_eq!(
            api.get(&format!("/onboardings/{onboarding}/form-facts")).await.json()["items"],
            json!([])
        );
        assert_eq!(stranger(&test).await.get(&address).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn addresses_are_suppressed_and_released() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let body = json!({ "address": "Ada@Acme.example" });
        let none = api.json(Method::POST, "/mail/suppressions", &[], &body).await;
        assert_eq!(none.status, StatusCode::NO_CONTENT, "{}", none.text);
        let all = api.get("/mail/suppressions").await.json();
        assert_eq!(
            (&all["items"][0]["address"], &all["items"][0]["reason"]),
            (&json!("ada@acme.example"), &json!("asked"))
        );
        let bad = api.json(Method::POST, "/mail/suppressions", &[], &json!({ "address": "ada" })).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        let released = api.send(Method::DELETE, "/mail/suppressions/ada@acme.example", &[], "").await;
        assert_eq!(released.status, StatusCode::NO_CONTENT, "{}", released.text);
        let twice = api.send(Method::DELETE, "/mail/suppressions/ada@acme.example", &[], "").await;
        assert_eq!(twice.status, StatusCode::NOT_FOUND);
        assert_eq!(api.get("/mail/bounces").await.json()["items"], json!([]));
    })
    .await;
}
