//! Going live over REST.

use axum::http::{Method, StatusCode};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, stranger};

#[tokio::test]
async fn a_launch_is_read_said_decided_and_planned() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{id}/launch");
        let seen = api.get(&path).await;
        assert_eq!((seen.status, seen.header("etag")), (StatusCode::OK, "\"0\""), "{}", seen.text);
        let launch = seen.json();
        assert_eq!(launch["decision"], json!(null));
        let item = launch["readiness"][0]["items"][0]["id"].as_str().unwrap().to_owned();
        let role = launch["approvals"][0]["role"].as_str().unwrap().to_owned();
        let said = json!({ "said": true, "note": "Seen", "by": "Dana" });
        let ticked = api.json(Method::POST, &format!("{path}/items/{item}"), &[], &said).await;
        assert_eq!(ticked.json()["readiness"][0]["items"][0]["ready"], true, "{}", ticked.text);
        let approval = json!({ "role": role, "said": true, "by": "Dana" });
        let approved = api.json(Method::POST, &format!("{path}/approvals"), &[], &approval).await;
        assert_eq!(approved.json()["approvals"][0]["said"]["by"], "Dana", "{}", approved.text);

        let decide = json!({ "verdict": "go", "reason": "The date is near" });
        let made =
            api.json(Method::POST, &format!("/onboardings/{id}/go-live-decisions"), &[], &decide).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        assert_eq!((&made.json()["verdict"], &made.json()["asked"]), (&json!("refused"), &json!("go")));
        let list = api.get(&format!("/go-live-decisions?onboarding={id}&status=refused")).await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        let address = made.header("location").strip_prefix("/api/v1").unwrap().to_owned();
        assert_eq!(api.get(&address).await.status, StatusCode::OK);
        assert_eq!(stranger(&test).await.get(&address).await.status, StatusCode::NOT_FOUND);

        let version = [("if-match", "\"0\"")];
        let strategy = json!({ "strategy": "Big bang" });
        let chosen = api.json(Method::POST, &format!("{path}/strategy"), &version, &strategy).await;
        assert_eq!((chosen.status, chosen.header("etag")), (StatusCode::OK, "\"1\""), "{}", chosen.text);
        let none = api.json(Method::POST, &format!("{path}/strategy"), &[], &strategy).await;
        assert_eq!(none.status, StatusCode::PRECONDITION_REQUIRED);
        let waves = json!({ "waves": [{ "name": "All", "on": "2027-03-05" }] });
        let friday = api.json(Method::PUT, &format!("{path}/waves"), &[("if-match", "\"1\"")], &waves).await;
        assert_eq!((friday.status, friday.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
        let plan = json!({ "decider": "Ines", "deputy": "Priya", "steps": "Switch back" });
        let kept =
            api.json(Method::PUT, &format!("{path}/rollback-plan"), &[("if-match", "\"1\"")], &plan).await;
        assert_eq!(kept.json()["rollback_plan"]["deputy"], "Priya", "{}", kept.text);
    })
    .await;
}

#[tokio::test]
async fn pilots_issues_triggers_and_messages_go_their_way() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let of = |end: &str| format!("/onboardings/{id}/{end}");
        let address =
            |answer: &super::Answer| answer.header("location").strip_prefix("/api/v1").unwrap().to_owned();
        let pilot = json!({
            "scope": "Orders", "from": "2027-01-04", "to": "2027-01-15",
            "people": [{ "name": "Dana", "role": "Planner", "attitude": "sceptic", "reason": "Knows it" }],
            "criteria": [{ "text": "Active", "target": 80, "unit": "%" }]
        });
        let made = api.json(Method::POST, &of("pilots"), &[], &pilot).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let steps = format!("{}/steps", address(&made));
        let step = |version: &'static str, body| {
            let (api, steps) = (&api, steps.clone());
            async move { api.json(Method::POST, &steps, &[("if-match", version)], &body).await }
        };
        assert_eq!(step("\"1\"", json!({ "step": "begin" })).await.json()["status"], "running");
        step("\"2\"", json!({ "step": "measure", "measured": [85] })).await;
        let passed = step("\"3\"", json!({ "step": "pass", "reason": "All work with it" })).await;
        assert_eq!(passed.json()["status"], "passed", "{}", passed.text);
        let said = json!({ "kind": "praise", "from": "Dana", "text": "Fast" });
        let noted = api.json(Method::POST, &format!("{}/feedback", address(&made)), &[], &said).await;
        assert_eq!(noted.status, StatusCode::OK, "{}", noted.text);
        assert_eq!(api.get("/pilot-feedback?status=praise").await.json()["items"][0]["from"], "Dana");

        let issue = json!({ "title": "Nobody can sign in", "severity": "critical" });
        let made = api.json(Method::POST, &of("launch-issues"), &[], &issue).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        assert_eq!(made.json()["answer_clock"], json!({ "clock": "running", "minutes_left": 15 }));
        let patch = json!({ "severity": "high" });
        let changed = api.json(Method::PATCH, &address(&made), &[("if-match", "\"1\"")], &patch).await;
        assert_eq!(changed.json()["answer_clock"]["minutes_left"], 60, "{}", changed.text);
        let resolve = json!({ "step": "resolve", "how": "Renewed" });
        let path = format!("{}/steps", address(&made));
        let done = api.json(Method::POST, &path, &[("if-match", "\"2\"")], &resolve).await;
        assert_eq!(done.json()["status"], "resolved", "{}", done.text);
        let sync = json!({ "notes": "All calm" });
        assert_eq!(api.json(Method::POST, &of("daily-syncs"), &[], &sync).await.status, StatusCode::OK);
        let end = api.send(Method::POST, &of("launch/hypercare-end"), &[("if-match", "\"0\"")], "").await;
        assert_eq!(end.status, StatusCode::CONFLICT, "{}", end.text);

        let seen = json!({ "availability_percent": 90, "minutes": 130 });
        let raised = api.json(Method::POST, &of("launch-observations"), &[], &seen).await.json();
        let trigger = raised["items"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(api.get(&of("launch")).await.json()["standing"], "stopped");
        let keep = json!({ "step": "keep", "text": "A false alarm" });
        let path = format!("/rollback-triggers/{trigger}/steps");
        let kept = api.json(Method::POST, &path, &[("if-match", "\"1\"")], &keep).await;
        assert_eq!(
            (&kept.json()["status"], &kept.json()["reason"]),
            (&json!("kept"), &json!("A false alarm"))
        );
        assert_eq!(api.get(&of("launch")).await.json()["standing"], "undecided");

        let message = json!({ "moment": "launch-day" });
        let made = api.json(Method::POST, &of("launch-messages"), &[], &message).await;
        assert_eq!(
            (made.status, &made.json()["status"]),
            (StatusCode::CREATED, &json!("draft")),
            "{}",
            made.text
        );
        let nobody = json!({ "to": [] });
        let path = format!("{}/sending", address(&made));
        let refused = api.json(Method::POST, &path, &[("if-match", "\"1\"")], &nobody).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}
