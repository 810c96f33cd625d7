//! Working a plan over REST: tasks, changes, why dates moved, comments and files.

use axum::http::{Method, StatusCode};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, stranger};

#[tokio::test]
async fn a_plan_is_worked_task_by_task() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{id}");
        let tasks = api.get(&format!("{path}/tasks?limit=2")).await;
        assert_eq!((tasks.status, tasks.header("etag")), (StatusCode::OK, "\"1\""), "{}", tasks.text);
        let page = tasks.json();
        assert_eq!(page["items"].as_array().unwrap().len(), 2);
        let next = page["next"].as_str().unwrap();
        let rest = api.get(&format!("{path}/tasks?limit=200&after={next}")).await.json();
        let all: Vec<_> =
            page["items"].as_array().unwrap().iter().chain(rest["items"].as_array().unwrap()).collect();
        let first = all.iter().min_by_key(|task| task["starts_on"].as_str().unwrap().to_owned()).unwrap();
        let (task, code) = (first["id"].as_str().unwrap(), first["code"].as_str().unwrap());

        let begun = json!({ "changes": [{ "kind": "start", "task": code, "on": "2027-01-04" }] });
        let tried = api.json(Method::POST, &format!("{path}/plan-preview"), &[], &begun).await;
        assert_eq!((tried.status, &tried.json()["number"]), (StatusCode::OK, &json!(null)), "{}", tried.text);
        let changes = format!("{path}/plan-changes");
        let made = api.json(Method::POST, &changes, &[("if-match", "\"1\"")], &begun).await;
        assert_eq!((made.status, made.header("etag")), (StatusCode::OK, "\"2\""), "{}", made.text);
        let stale = api.json(Method::POST, &changes, &[("if-match", "\"1\"")], &begun).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let twice = api.json(Method::POST, &changes, &[], &begun).await;
        assert_eq!((twice.status, twice.code().as_str()), (StatusCode::CONFLICT, "state_refused"));
        let future = json!({ "changes": [{ "kind": "finish", "task": code, "on": "2030-01-04" }] });
        let future = api.json(Method::POST, &changes, &[], &future).await;
        assert_eq!(future.status, StatusCode::CONFLICT, "{}", future.text);
        let unknown = json!({ "changes": [{ "kind": "explode", "task": code }] });
        let unknown = api.json(Method::POST, &changes, &[], &unknown).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);

        let got = api.get(&format!("/tasks/{task}")).await;
        assert_eq!(got.json()["state"], json!({ "state": "started", "on": "2027-01-04" }));
        let patch = json!({ "days": 9, "assignee": "Dana Whitfield" });
        let etag = got.header("etag").to_owned();
        let bare = api.json(Method::PATCH, &format!("/tasks/{task}"), &[], &patch).await;
        assert_eq!(bare.status, StatusCode::PRECONDITION_REQUIRED);
        let changed =
            api.json(Method::PATCH, &format!("/tasks/{task}"), &[("if-match", &etag)], &patch).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
        let got = api.get(&format!("/tasks/{task}")).await.json();
        assert_eq!((&got["days"], &got["assignee_name"]), (&json!(9), &json!("Dana Whitfield")));

        let ledger = api.get(&format!("{changes}?limit=200")).await.json();
        let entries = ledger["items"].as_array().unwrap();
        assert!(entries.iter().any(|entry| entry["kind"] == "set-days"), "{ledger}");
        // Each entry begins with the dates the one before it ended with.
        for pair in entries.windows(2) {
            assert_eq!(pair[0]["before"], pair[1]["after"]);
        }
        let number = changed.json()["number"].as_i64().unwrap();
        let undone = api.send(Method::POST, &format!("{changes}/{number}/undo"), &[], "").await;
        assert_eq!(undone.status, StatusCode::OK, "{}", undone.text);
        assert_eq!(api.get(&format!("/tasks/{task}")).await.json()["days"], first["days"]);

        let baseline = json!({ "reason": "Agreed with the sponsor" });
        let kept = api.json(Method::POST, &format!("{path}/baselines"), &[], &baseline).await;
        assert_eq!((kept.status, &kept.json()["number"]), (StatusCode::CREATED, &json!(1)), "{}", kept.text);
        assert_eq!(
            api.get(&format!("{path}/baselines")).await.json()["items"][0]["reason"],
            "As it was planned"
        );

        let gates = api.get(&format!("{path}/milestones")).await.json();
        let gate = gates["items"].as_array().unwrap().iter().find(|one| one["gate"] == true).unwrap().clone();
        let gate_path = format!("/milestones/{}", gate["id"].as_str().unwrap());
        assert!(!gate["answered_by"].as_array().unwrap().is_empty(), "{gate}");
        assert_eq!(api.get(&gate_path).await.json()["answered_by"], gate["answered_by"]);
        let closed =
            api.json(Method::POST, &format!("{gate_path}/reach"), &[], &json!({ "on": "2027-01-04" })).await;
        assert_eq!(closed.status, StatusCode::CONFLICT, "{}", closed.text);
        let waived =
            api.json(Method::POST, &format!("{gate_path}/waiver"), &[], &json!({ "reason": "Agreed" })).await;
        assert_eq!(waived.status, StatusCode::OK, "{}", waived.text);
        let got = api.get(&gate_path).await.json();
        assert_eq!((&got["waived_because"], &got["waived_on"]), (&json!("Agreed"), &json!(test.app.today())));
        let other =
            gates["items"].as_array().unwrap().iter().filter(|one| one["gate"] == true).nth(1).unwrap();
        let other = format!("/milestones/{}/waiver", other["id"].as_str().unwrap());
        let ahead = json!({ "reason": "Agreed", "on": "2099-01-04" });
        let refused = api.json(Method::POST, &other, &[], &ahead).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
        let before = json!({ "reason": "Agreed", "on": "2020-01-06" });
        let refused = api.json(Method::POST, &other, &[], &before).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    })
    .await;
}

#[tokio::test]
async fn people_talk_about_tasks_and_keep_files_with_them() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let tasks = api.get(&format!("/onboardings/{id}/tasks")).await.json();
        let task = tasks["items"][0]["id"].as_str().unwrap().to_owned();
        let said = json!({ "said": "The sandbox is ready" });
        let made = api.json(Method::POST, &format!("/work/{task}/comments"), &[], &said).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let comments = api.get(&format!("/work/{task}/comments")).await.json();
        assert_eq!(comments["items"][0]["said"], "The sandbox is ready");

        let put = format!("/work/{task}/attachments/notes.txt");
        let kept = api.send(Method::PUT, &put, &[("content-type", "text/html")], "<b>hello</b>").await;
        assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text);
        let href = kept.header("location").strip_prefix("/api/v1").unwrap().to_owned();
        let got = api.get(&href).await;
        assert_eq!(
            (got.text.as_str(), got.header("content-type")),
            ("<b>hello</b>", "application/octet-stream")
        );
        assert_eq!(got.header("content-disposition"), "attachment; filename=\"notes.txt\"");
        let comment = made.json()["id"].as_str().unwrap().to_owned();
        let file = href.rsplit('/').next().unwrap().to_owned();
        let other = stranger(&test).await;
        for (item, list) in [(comment, "comments"), (file, "attachments")] {
            let (path, list) = (format!("/shared-with-customer/{item}"), format!("/work/{task}/{list}"));
            for shared in [true, false] {
                let body = json!({ "shared": shared });
                let foreign = other.json(Method::PUT, &path, &[], &body).await;
                assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{}", foreign.text);
                let said = api.json(Method::PUT, &path, &[], &body).await;
                assert_eq!(said.status, StatusCode::NO_CONTENT, "{}", said.text);
                assert_eq!(api.get(&list).await.json()["items"][0]["shared"], shared);
            }
        }
        let large = "x".repeat(10 * 1024 * 1024 + 1);
        assert_eq!(api.send(Method::PUT, &put, &[], &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);

        let described = format!("/tasks/{task}/description");
        let none = api.get(&described).await;
        assert_eq!((none.header("etag"), &none.json()["description"]), ("\"0\"", &json!("")));
        let tag = api.get(&format!("/tasks/{task}")).await.header("etag").to_owned();
        let body = json!({ "description": "Invite Jonas, then wait." });
        let kept = api.json(Method::PUT, &described, &[("if-match", "\"0\"")], &body).await;
        assert_eq!((kept.status, kept.header("etag")), (StatusCode::OK, "\"1\""), "{}", kept.text);
        let late = api.json(Method::PUT, &described, &[("if-match", "\"0\"")], &body).await;
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "{}", late.text);
        let known = api.get(&format!("/tasks/{task}")).await;
        assert_eq!(known.json()["description"], body["description"]);
        assert_ne!(known.header("etag"), tag, "the task is another");

        let line = json!({ "said": "Sandbox invited" });
        let line = api.json(Method::POST, &format!("/tasks/{task}/checklist"), &[], &line).await.json();
        let item = format!("/checklist-items/{}", line["id"].as_str().unwrap());
        let ticked = api.json(Method::PUT, &item, &[], &json!({ "done": true })).await;
        assert_eq!(ticked.status, StatusCode::NO_CONTENT, "{}", ticked.text);
        let list = api.get(&format!("/tasks/{task}/checklist")).await.json();
        assert!(list["items"][0]["done_at"].is_string());
        let mine = api.get("/my-work").await;
        assert_eq!(mine.status, StatusCode::OK, "{}", mine.text);
        let mine = mine.json();
        for part in ["today", "late", "meetings", "change_requests", "escalations", "entries"] {
            assert!(mine[part].is_array(), "{part}: {mine}");
        }

        for path in [
            format!("/tasks/{task}"),
            format!("/work/{task}/comments"),
            href,
            format!("/onboardings/{id}/tasks"),
        ] {
            assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(
            other.json(Method::PUT, &item, &[], &json!({ "done": false })).await.status,
            StatusCode::NOT_FOUND
        );
    })
    .await;
}

#[tokio::test]
async fn a_milestone_is_renamed_and_due_on_another_day() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let all = api.get(&format!("/onboardings/{id}/milestones")).await.json();
        let first = &all["items"][0];
        let path = format!("/milestones/{}", first["id"].as_str().unwrap());
        let etag = api.get(&path).await.header("etag").to_owned();
        let patch = json!({ "name": "First dashboard in use", "due_on": "2027-02-26" });
        let bare = api.json(Method::PATCH, &path, &[], &patch).await;
        assert_eq!(bare.status, StatusCode::PRECONDITION_REQUIRED);
        let changed = api.json(Method::PATCH, &path, &[("if-match", &etag)], &patch).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
        let got = api.get(&path).await;
        assert_eq!(got.header("etag"), changed.header("etag"));
        let got = got.json();
        assert_eq!((&got["name"], &got["due_on"]), (&patch["name"], &patch["due_on"]));
        assert_eq!(got["planned_on"], first["planned_on"], "the plan reaches it when it does");
        let stale = api.json(Method::PATCH, &path, &[("if-match", &etag)], &patch).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED, "{}", stale.text);
        let etag = changed.header("etag").to_owned();
        let early = json!({ "due_on": "2020-01-01" });
        let early = api.json(Method::PATCH, &path, &[("if-match", &etag)], &early).await;
        assert_eq!(early.json()["errors"][0]["field"], "due_on", "{}", early.text);
        let number = changed.json()["number"].as_i64().unwrap();
        let undo = format!("/onboardings/{id}/plan-changes/{number}/undo");
        assert_eq!(api.send(Method::POST, &undo, &[], "").await.status, StatusCode::OK);
        let back = api.get(&path).await.json();
        assert_eq!((&back["name"], &back["due_on"]), (&first["name"], &first["due_on"]));
        assert_eq!(stranger(&test).await.get(&path).await.code(), "not_found");
    })
    .await;
}
