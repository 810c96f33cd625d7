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
