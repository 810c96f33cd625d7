//! The words of documents, and won deals of a CRM that cannot be asked.

use axum::http::{Method, StatusCode};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, client, stranger};

#[tokio::test]
async fn a_document_is_read_changed_and_taken_back() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{id}/documents/welcome");
        let read = api.get(&path).await;
        assert_eq!(read.status, StatusCode::OK, "{}", read.text);
        let (first, document) = (read.header("etag").to_owned(), read.json());
        assert_eq!((&document["is_email"], &document["changed"]), (&json!(true), &json!(null)));
        let words = json!({ "text": format!("{}\nBring the plans.\n", document["text"].as_str().unwrap()) });
        let missing = api.json(Method::PUT, &path, &[], &words).await;
        assert_eq!(
            (missing.status, missing.code().as_str()),
            (StatusCode::PRECONDITION_REQUIRED, "if_match_missing")
        );
        let saved = api.json(Method::PUT, &path, &[("if-match", &first)], &words).await;
        assert_eq!(saved.status, StatusCode::NO_CONTENT, "{}", saved.text);
        let second = saved.header("etag").to_owned();
        let read = api.get(&path).await;
        assert_eq!(read.header("etag"), second);
        assert_eq!(read.json()["changed"]["standing"], "current");
        let file = api.get(&format!("/onboardings/{id}/files/emails%2Fwelcome.txt")).await;
        assert!(file.text.contains("Bring the plans."), "{}", file.text);
        let stale = api.json(Method::PUT, &path, &[("if-match", &first)], &words).await;
        assert_eq!((stale.status, stale.code().as_str()), (StatusCode::PRECONDITION_FAILED, "stale"));
        // With the text that was read, what others changed elsewhere is worked in; the tag is another then.
        let text = document["text"].as_str().unwrap();
        let title = text.lines().find(|line| line.starts_with("title = ")).unwrap();
        let mine = json!({ "text": text.replace(title, "title = \"Ours\""), "read": text });
        let merged = api.json(Method::PUT, &path, &[("if-match", &first)], &mine).await;
        assert_eq!((merged.status, merged.header("etag")), (StatusCode::NO_CONTENT, ""), "{}", merged.text);
        let read = api.get(&path).await;
        let both = read.json()["text"].as_str().unwrap().to_owned();
        assert!(both.contains("title = \"Ours\"") && both.contains("Bring the plans."), "{both}");
        let second = read.header("etag").to_owned();
        let broken = json!({ "text": "+++\ntitle = \"x\"\n+++\n\n```cards\n[\n```" });
        let refused = api.json(Method::PUT, &path, &[("if-match", &second)], &broken).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.json()["errors"].to_string().contains("of the whole text"), "{}", refused.text);
        let back = api.json(Method::DELETE, &path, &[("if-match", &second)], &json!({})).await;
        assert_eq!(back.status, StatusCode::NO_CONTENT, "{}", back.text);
        assert_eq!(api.get(&path).await.json()["text"], document["text"]);

        let unknown = api.get(&format!("/onboardings/{id}/documents/passwords")).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        assert_eq!(stranger(&test).await.get(&path).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_crm_that_is_not_there_is_told() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        assert_eq!(api.get("/crm-connections").await.json()["items"], json!([]));
        let deals = api.get("/crm-connections/hubspot/deals").await;
        assert_eq!((deals.status, deals.code().as_str()), (StatusCode::NOT_FOUND, "not_found"));
        assert_eq!(api.get("/crm-connections/pipedrive/deals").await.status, StatusCode::NOT_FOUND);
        // Nothing listens on this port.
        let access = json!({ "address": "http://127.0.0.1:9", "secret": "pat-eu1-0000" });
        let refused = api.json(Method::PUT, "/crm-connections/hubspot", &[], &access).await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::BAD_GATEWAY, "elsewhere"));
        assert!(!refused.text.contains("pat-eu1"), "{}", refused.text);
        let short = json!({ "secret": "x" });
        let refused = api.json(Method::PUT, "/crm-connections/hubspot", &[], &short).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let seller = client(&test, Role::Ae, &Scope::ALL).await;
        let forbidden = seller.json(Method::PUT, "/crm-connections/hubspot", &[], &access).await;
        assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
        let none = api.json(Method::DELETE, "/crm-connections/hubspot", &[], &json!({})).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
    })
    .await;
}
