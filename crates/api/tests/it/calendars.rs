//! Calendars of a plan over REST.

use axum::http::{Method, StatusCode};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, stranger};

#[tokio::test]
async fn calendars_are_read_and_sent_back_changed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{id}");
        let read = api.get(&format!("{path}/calendars")).await;
        assert_eq!((read.status, read.header("etag")), (StatusCode::OK, "\"1\""), "{}", read.text);
        let read = read.json();
        assert_eq!(read["calendars"][0]["id"], "vendor");
        assert_eq!(read["calendars"][1]["weekend"], json!(["saturday", "sunday"]));
        let mut customer = read["calendars"][1].clone();
        customer["weekend"] = json!(["friday", "saturday"]);
        let sent = json!({ "changes": [{ "kind": "calendar", "calendar": customer }, { "kind": "target" }] });
        let made =
            api.json(Method::POST, &format!("{path}/plan-changes"), &[("if-match", "\"1\"")], &sent).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text);
        let read = api.get(&format!("{path}/calendars")).await.json();
        assert_eq!((&read["calendars"][1], &read["wanted_go_live_on"]), (&customer, &json!(null)));
        let other = stranger(&test).await.get(&format!("{path}/calendars")).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND);
    })
    .await;
}
