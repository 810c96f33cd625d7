//! The colour of an onboarding over REST.

use axum::http::{Method, StatusCode};
use gangway_testkit::{TestApp, deal_within, for_each_database};
use serde_json::json;

use super::{admin, stranger};

#[tokio::test]
async fn the_colour_is_read_chosen_and_listed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal_within("Acme", 20)).await;
        let path = format!("/onboardings/{id}/colour");
        let read = api.get(&path).await;
        assert_eq!((read.status, read.header("etag")), (StatusCode::OK, "\"0\""), "{}", read.text);
        let read = read.json();
        assert_eq!((&read["colour"], &read["detail"]["computed"]["light"]), (&json!("red"), &json!("red")));
        assert!(!read["because"].as_array().unwrap().is_empty());
        let chosen = json!({ "colour": "amber", "reason": "A new date is agreed on" });
        let made = api.json(Method::PUT, &path, &[("if-match", "\"0\"")], &chosen).await;
        assert_eq!((made.status, &made.json()["colour"]), (StatusCode::OK, &json!("amber")), "{}", made.text);
        let stale = api.json(Method::PUT, &path, &[("if-match", "\"0\"")], &chosen).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        for wrong in [json!({ "colour": "blue" }), json!({ "colour": "green" })] {
            let wrong = api.json(Method::PUT, &path, &[], &wrong).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
        }
        let list = api.get("/onboardings?colour=amber&sort=-colour").await.json();
        assert_eq!(list["items"][0]["colour"], "amber");
        assert_eq!(list["items"][0]["colour_because"], "A new date is agreed on");
        let none = api.get("/onboardings?colour=red").await.json();
        assert_eq!(none["items"], json!([]));
        assert_eq!(api.get("/onboardings?colour=blue").await.status, StatusCode::BAD_REQUEST);
        let rules = api.json(Method::PUT, &path, &[], &json!({ "colour": "rules" })).await;
        assert_eq!(rules.json()["colour"], "red");
        assert_eq!(stranger(&test).await.get(&path).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn health_and_signals_stand_with_each_onboarding() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal_within("Acme", 20)).await;
        api.onboard(&deal_within("Globex", 40)).await;
        let sent = json!({ "kind": "priority-shift", "words": "Not now" });
        let logged = api.json(Method::POST, &format!("/onboardings/{id}/signals"), &[], &sent).await;
        assert_eq!(logged.status, StatusCode::CREATED, "{}", logged.text);
        let status = api.get(&format!("/onboardings/{id}/health")).await.json()["status"].clone();
        let list = api.get("/onboardings?signals=high").await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
        let line = &list["items"][0];
        assert_eq!((&line["id"], &line["health"]), (&json!(id), &status));
        assert!(line["open_signals"].as_i64().unwrap() > 0, "{line}");
        let of_status = status.as_str().unwrap().replace(' ', "%20");
        let list = api.get(&format!("/onboardings?health={of_status}&sort=health")).await.json();
        assert_eq!(list["items"][0]["id"], json!(id));
        assert_eq!(api.get("/onboardings?health=Sunny").await.json()["items"], json!([]));
        assert_eq!(api.get("/onboardings?signals=loud").await.status, StatusCode::BAD_REQUEST);
    })
    .await;
}
