//! Forecasts over REST.

use axum::http::StatusCode;
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, stranger};

#[tokio::test]
async fn forecasts_are_read_with_their_history() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{onboarding}/forecast");
        let found = api.get(&path).await;
        assert_eq!(found.status, StatusCode::OK, "{}", found.text);
        let found = found.json();
        let dates = &found["dates"];
        assert!(dates["p50_on"].as_str().unwrap() <= dates["p80_on"].as_str().unwrap());
        assert_eq!(found["revision"], json!(1));
        let runs: u64 =
            found["days"].as_array().unwrap().iter().map(|day| day["runs"].as_u64().unwrap()).sum();
        assert_eq!(json!(runs), found["runs"]);
        assert!(found["drivers"][0]["criticality"].as_f64().unwrap() > 0.0);
        assert_eq!(found["basis"][0]["observations"], json!(0));

        test.clock.advance_days(1);
        assert_eq!(api.get(&path).await.status, StatusCode::OK);
        let list = api.get(&format!("/onboardings/{onboarding}/forecasts?limit=1")).await.json();
        let next = list["next"].as_str().unwrap().to_owned();
        assert_ne!(list["items"][0]["made_on"], dates["made_on"], "the newest first");
        let older = api.get(&format!("/onboardings/{onboarding}/forecasts?after={next}")).await.json();
        assert_eq!((&older["items"][0], &older["next"]), (dates, &json!(null)));
        let wrong = api.get(&format!("/onboardings/{onboarding}/forecasts?after=yesterday")).await;
        assert_eq!(wrong.code(), "query_invalid");

        let lines = api.get("/onboardings?sort=p80").await.json();
        assert!(lines["items"][0]["p80_on"].is_string());
        let other = stranger(&test).await;
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.get(&format!("{path}s")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
