//! The portal: who comes in, what is shared, how it looks.

use axum::http::{Method, StatusCode};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, stranger};

#[tokio::test]
async fn contacts_are_invited_changed_and_shut_out() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding =
            api.onboard(&format!("{}Sponsor: Dana Whitfield (VP Operations)\n", deal("Acme"))).await;
        let all = api.get(&format!("/onboardings/{onboarding}/stakeholders")).await.json();
        let who = all["items"][0]["contact"].as_str().unwrap().to_owned();
        let base = format!("/onboardings/{onboarding}/portal-accesses");
        let body = json!({ "contact": who, "role": "sponsor" });
        let refused = api.json(Method::POST, &base, &[], &body).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "nobody knows where to write: {}",
            refused.text
        );
        let contact = api.get(&format!("/contacts/{who}")).await;
        let etag = contact.header("etag").to_owned();
        let email = json!({ "email": "dana@acme.test" });
        let known =
            api.json(Method::PATCH, &format!("/contacts/{who}"), &[("if-match", &etag)], &email).await;
        assert_eq!(known.status, StatusCode::OK, "{}", known.text);
        let made = api.json(Method::POST, &base, &[], &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let made = made.json();
        assert!(made["link"].as_str().unwrap().starts_with("http://gangway.test/portal/"));
        let address = format!("{base}/{}", made["id"].as_str().unwrap());
        let read = api.get(&address).await;
        assert_eq!(
            (read.header("etag"), &read.json()["link"]),
            ("\"1\"", &json!(null)),
            "the link is told once"
        );
        let lead = json!({ "role": "lead" });
        let blind = api.json(Method::PATCH, &address, &[], &lead).await;
        assert_eq!(blind.status, StatusCode::PRECONDITION_REQUIRED);
        let changed = api.json(Method::PATCH, &address, &[("if-match", "\"1\"")], &lead).await;
        assert_eq!((changed.header("etag"), &changed.json()["role"]), ("\"2\"", &json!("lead")));
        let stale =
            api.json(Method::PATCH, &address, &[("if-match", "\"1\"")], &json!({ "role": "member" })).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let documents = format!("/onboardings/{onboarding}/portal-documents");
        let shared = json!({ "shared": ["implementation-plan", "handoff"] });
        let shared = api.json(Method::PUT, &documents, &[], &shared).await.json();
        let shown = shared["items"].as_array().unwrap().iter().filter(|one| one["shared"] == true);
        let shown: Vec<&str> = shown.map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(shown, ["implementation-plan"], "what is the team's own is never shared");
        let gone = api.send(Method::DELETE, &address, &[], "").await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        assert!(api.get(&address).await.json()["revoked_at"].is_string());
        let stranger = stranger(&test).await;
        assert_eq!(stranger.get(&base).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn settings_and_embedded_status() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let read = api.get("/portal-settings").await;
        assert_eq!((read.status, read.header("etag")), (StatusCode::OK, "\"0\""));
        let dark = json!({ "colour": "#0d5a5a", "frame_ancestors": ["https://intranet.acme.test"] });
        let kept = api.json(Method::PATCH, "/portal-settings", &[("if-match", "\"0\"")], &dark).await;
        assert_eq!((kept.status, kept.header("etag")), (StatusCode::OK, "\"1\""), "{}", kept.text);
        let light = json!({ "colour": "#ffffff" });
        let refused = api.json(Method::PATCH, "/portal-settings", &[("if-match", "\"1\"")], &light).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let onboarding = api.onboard(&deal("Acme")).await;
        let base = format!("/onboardings/{onboarding}/portal-embeds");
        let made = api.send(Method::POST, &base, &[], "").await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(api.get(&base).await.json()["items"][0]["link"], json!(null));
        let ended = api.send(Method::DELETE, &format!("{base}/{id}"), &[], "").await;
        assert_eq!(ended.status, StatusCode::NO_CONTENT);
        assert_eq!(api.get(&base).await.json()["items"], json!([]));
    })
    .await;
}
