//! Reviewing a handoff over REST: corrected, confirmed, tried; who runs what comes of it.

use axum::http::{Method, StatusCode};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::{Value as Json, json};

use super::{admin, client, stranger};

/// The fact of this key.
fn fact(review: &Json, key: &str) -> Json {
    let facts = review["facts"].as_array().unwrap();
    facts.iter().find(|fact| fact["fact"] == key).unwrap_or_else(|| panic!("{key}: {review}")).clone()
}

#[tokio::test]
async fn a_handoff_is_corrected_and_confirmed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (api, other) = (admin(&test).await, stranger(&test).await);
        let handoff = api.hand_over(&deal("Lumière")).await.json()["id"].as_str().unwrap().to_owned();
        let path = format!("/handoffs/{handoff}");
        let review = api.get(&format!("{path}/review")).await.json();
        assert_eq!(
            (&review["state"], &review["version"], &review["customer"]),
            (&json!("review"), &json!(0), &json!("Lumière"))
        );
        let acv = fact(&review, "acv");
        assert_eq!((&acv["corrected"], &acv["removed"]), (&json!(0), &json!(false)));
        assert_eq!(other.get(&format!("{path}/review")).await.code(), "not_found");

        let corrections = format!("{path}/corrections");
        let to = |text: &str, seen: i64| json!({ "fact": "acv", "parts": { "value": text }, "seen": seen });
        let done = api.json(Method::POST, &corrections, &[], &to("$120K", 0)).await;
        assert_eq!((done.status, done.json()), (StatusCode::CREATED, json!({ "fact": "acv" })));
        let slower = api.json(Method::POST, &corrections, &[], &to("$130K", 0)).await;
        assert_eq!((slower.status, slower.code().as_str()), (StatusCode::CONFLICT, "edited_meanwhile"));
        for (body, field) in [
            (to("plenty", 1), "value"),
            (json!({ "fact": "acv", "parts": { "price": "$1K" }, "seen": 1 }), "parts.price"),
            (json!({ "fact": "ACV!", "parts": {} }), "fact"),
        ] {
            let refused = api.json(Method::POST, &corrections, &[], &body).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
            assert_eq!(refused.json()["errors"][0]["field"], field);
        }
        let foreign = other.json(Method::POST, &corrections, &[], &to("$1", 1)).await;
        assert_eq!(foreign.code(), "not_found");
        let added = json!({ "fact": "promises", "act": "add", "parts": { "text": "A workshop in May" } });
        let added = api.json(Method::POST, &corrections, &[], &added).await;
        assert_eq!(added.json()["fact"], "promises+2", "{}", added.text);

        let review = api.get(&format!("{path}/review")).await.json();
        assert_eq!(fact(&review, "acv")["corrected"], 1);
        assert_ne!(fact(&review, "acv")["parts"], acv["parts"]);
        let undone = api.json(Method::POST, &format!("{corrections}/2/undo"), &[], &json!({})).await;
        assert_eq!((undone.status, &undone.json()["fact"]), (StatusCode::OK, &json!("promises+2")));
        let none = api.json(Method::POST, &format!("{corrections}/9/undo"), &[], &json!({})).await;
        assert_eq!(none.code(), "not_found");

        let confirmation = format!("{path}/confirmation");
        let early = api.json(Method::POST, &confirmation, &[], &json!({ "version": 0 })).await;
        assert_eq!((early.status, early.code().as_str()), (StatusCode::CONFLICT, "overtaken"));
        let version = api.get(&format!("{path}/review")).await.json()["version"].clone();
        let confirmed = api.json(Method::POST, &confirmation, &[], &json!({ "version": version })).await;
        assert_eq!(confirmed.status, StatusCode::NO_CONTENT, "{}", confirmed.text);
        let review = api.get(&format!("{path}/review")).await.json();
        assert_eq!(review["state"], "confirmed");
        let clock = review["clocks"][0]["id"].as_str().unwrap().to_owned();
        let clock = format!("{path}/clocks/{clock}");
        let stopped = api.json(Method::PUT, &clock, &[], &json!({ "done": true })).await;
        assert_eq!(stopped.status, StatusCode::NO_CONTENT, "{}", stopped.text);
        let review = api.get(&format!("{path}/review")).await.json();
        assert!(review["clocks"][0]["done_at"].is_string(), "{review}");
    })
    .await;
}

#[tokio::test]
async fn choices_are_tried_before_an_onboarding_is_made_and_somebody_runs_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (api, other) = (admin(&test).await, stranger(&test).await);
        let handoff = api.hand_over(&deal("Lumière")).await.json()["id"].as_str().unwrap().to_owned();
        let tried = format!("/handoffs/{handoff}/plan-preview");
        let soon = json!({ "go_live": "20 days", "closures": ["2 Aug 2027 – 20 Aug 2027 shutdown"] });
        let soon = api.json(Method::POST, &tried, &[], &soon).await;
        assert_eq!(soon.status, StatusCode::OK, "{}", soon.text);
        let late = api.json(Method::POST, &tried, &[], &json!({ "go_live": "300 days" })).await.json();
        assert_ne!(soon.json()["dates"]["go_live_target"], late["dates"]["go_live_target"]);
        let unreadable = api.json(Method::POST, &tried, &[], &json!({ "closures": ["whenever"] })).await;
        assert_eq!(unreadable.json()["errors"][0]["field"], "closures", "{}", unreadable.text);

        let body = json!({ "handoff": handoff, "go_live": "300 days" });
        let made = api.json(Method::POST, "/onboardings", &[], &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let onboarding = api.get(&format!("/onboardings/{id}")).await.json();
        assert_eq!(onboarding["dates"]["go_live_target"], late["dates"]["go_live_target"]);

        let owner = format!("/onboardings/{id}/owner");
        let before = api.get(&owner).await.json();
        let me = before["owner"].as_str().unwrap().to_owned();
        let nobody = api.json(Method::PUT, &owner, &[], &json!({ "owner": null })).await;
        assert_eq!(nobody.status, StatusCode::NO_CONTENT, "{}", nobody.text);
        assert_eq!(api.get(&owner).await.json()["owner"], Json::Null);
        let unsaid = api.json(Method::PUT, &owner, &[], &json!({})).await;
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unsaid.text);
        let again = api.json(Method::PUT, &owner, &[], &json!({ "owner": me })).await;
        assert_eq!(again.status, StatusCode::NO_CONTENT, "{}", again.text);
        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        let refused = viewer.json(Method::PUT, &owner, &[], &json!({ "owner": null })).await;
        assert_eq!(refused.code(), "forbidden");
        assert_eq!(other.get(&owner).await.code(), "not_found");
        let stranger = other.json(Method::PUT, &owner, &[], &json!({ "owner": null })).await;
        assert_eq!(stranger.code(), "not_found");
    })
    .await;
}
