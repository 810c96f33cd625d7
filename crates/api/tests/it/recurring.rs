//! Tasks that repeat and templates over REST.

use axum::http::{Method, StatusCode};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, stranger};

#[tokio::test]
async fn a_task_repeats_until_it_is_ended() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{id}/task-series");
        let sent = json!({
            "name": "Weekly data-quality check", "side": "vendor", "days": 1, "assignee": "Jonas Feld",
            "rhythm": { "kind": "weeks", "every": 1, "on": "friday" }, "end": { "kind": "times", "times": 3 }
        });
        let made = api.json(Method::POST, &path, &[], &sent).await;
        assert_eq!((made.status, made.header("etag")), (StatusCode::CREATED, "\"1\""), "{}", made.text);
        let one = made.header("location").strip_prefix("/api/v1").unwrap().to_owned();
        let body = made.json();
        assert_eq!(
            (&body["assignee_name"], &body["state"]["state"]),
            (&json!("Jonas Feld"), &json!("running"))
        );
        let due: Vec<_> =
            body["occurrences"].as_array().unwrap().iter().map(|one| one["due_on"].clone()).collect();
        assert_eq!(due, [json!("2027-01-08"), json!("2027-01-15"), json!("2027-01-22")]);
        let task = body["occurrences"][0]["task"].as_str().unwrap();
        let task = api.get(&format!("/tasks/{task}")).await.json();
        assert_eq!((&task["name"], &task["starts_on"]), (&sent["name"], &json!("2027-01-08")));
        let list = api.get(&path).await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        let same = api.send(Method::GET, &one, &[("if-none-match", "\"1\"")], "").await;
        assert_eq!(same.status, StatusCode::NOT_MODIFIED);

        let patch = json!({ "rhythm": { "kind": "working-days", "every": 5 }, "assignee": null });
        let bare = api.json(Method::PATCH, &one, &[], &patch).await;
        assert_eq!(bare.status, StatusCode::PRECONDITION_REQUIRED);
        let stale = api.json(Method::PATCH, &one, &[("if-match", "\"9\"")], &patch).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let changed = api.json(Method::PATCH, &one, &[("if-match", "\"1\"")], &patch).await;
        assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"2\""), "{}", changed.text);
        assert_eq!((&changed.json()["assignee_name"], &changed.json()["days"]), (&json!(null), &json!(1)));
        let wrong = json!({ "rhythm": { "kind": "month-day", "day": 32 } });
        let wrong = api.json(Method::PATCH, &one, &[("if-match", "\"2\"")], &wrong).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
        let paused =
            api.json(Method::PATCH, &one, &[("if-match", "\"2\"")], &json!({ "paused": true })).await;
        assert_eq!(paused.json()["state"]["state"], "paused", "{}", paused.text);
        assert_eq!(paused.json()["occurrences"], json!([]));

        let ended = api.send(Method::DELETE, &one, &[("if-match", "\"3\"")], "").await;
        assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.text);
        let twice = api.send(Method::DELETE, &one, &[("if-match", "\"4\"")], "").await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "{}", twice.text);
        assert_eq!(api.get(&one).await.json()["state"]["state"], "ended");
        let other = stranger(&test).await;
        for path in [one, path] {
            assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_template_is_listed_and_added() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let templates = api.get("/task-templates").await.json();
        let ids: Vec<_> =
            templates["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
        assert!(ids.contains(&json!("new-administrator")), "{templates}");

        let path = format!("/onboardings/{id}/task-templates/new-administrator");
        let sent = json!({
            "starts_on": "2027-01-18", "owners": { "vendor": "Jonas Feld" },
            "because": { "summary": "The administrator left", "side": "customer" }
        });
        let made = api.json(Method::POST, &path, &[("if-match", "\"1\"")], &sent).await;
        assert_eq!((made.status, made.header("etag")), (StatusCode::OK, "\"2\""), "{}", made.text);
        let entries = made.json()["entries"].clone();
        let bundle =
            entries.as_array().unwrap().iter().find(|entry| entry["kind"] == "bundle").unwrap().clone();
        assert_eq!((&bundle["side"], bundle["subjects"].as_array().unwrap().len()), (&json!("customer"), 5));
        let tasks = api.get(&format!("/onboardings/{id}/tasks?limit=200")).await.json();
        let training = tasks["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["code"] == "new-administrator-1-training");
        assert_eq!(training.unwrap()["assignee_name"], "Jonas Feld");
        let stale = api.json(Method::POST, &path, &[("if-match", "\"1\"")], &sent).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let nobody = json!({ "owners": { "customer": "con_01900000000070008000000000000001" } });
        let nobody = api.json(Method::POST, &path, &[], &nobody).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nobody.text);
        let unknown = format!("/onboardings/{id}/task-templates/nothing");
        assert_eq!(api.json(Method::POST, &unknown, &[], &json!({})).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
