//! The end of onboardings: handovers, closings, lessons, improvements.

use axum::http::{Method, StatusCode};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, client, stranger};

#[tokio::test]
async fn a_handover_is_begun_changed_proposed_and_listed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{onboarding}/transition");
        let before = api.get(&path).await;
        assert_eq!((before.status, before.header("etag")), (StatusCode::OK, "\"0\""), "{}", before.text);
        assert_eq!((&before.json()["handover"], &before.json()["is_done"]), (&json!(null), &json!(false)));
        let made = api.send(Method::POST, &path, &[], "").await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        assert_eq!(made.json()["state"], json!({ "status": "preparing" }));
        assert!(made.json()["summary"].as_str().unwrap().starts_with("rpt_"));

        let csm = test.member(Role::Csm).await.person.unwrap();
        let patch = json!({ "csm": csm.to_string(), "steps": [{ "text": "Call", "side": "joint", "by": "2027-05-03" }] });
        let unread = api.json(Method::PATCH, &path, &[], &patch).await;
        assert_eq!(unread.status, StatusCode::PRECONDITION_REQUIRED);
        let changed = api.json(Method::PATCH, &path, &[("if-match", "\"2\"")], &patch).await;
        assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"3\""), "{}", changed.text);
        let bad = json!({ "steps": [{ "text": "Call", "side": "nobody", "by": "2027-05-03" }] });
        let refused = api.json(Method::PATCH, &path, &[("if-match", "\"3\"")], &bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        let steps = format!("{path}/steps");
        let ask = json!({ "step": "propose", "text": "The audit is in April" });
        let asked = api.json(Method::POST, &steps, &[("if-match", "\"3\"")], &ask).await;
        assert_eq!(asked.json()["state"]["status"], "proposed", "{}", asked.text);
        let own = api.json(Method::POST, &steps, &[("if-match", "\"4\"")], &json!({ "step": "accept" })).await;
        assert_eq!((own.status, own.code()), (StatusCode::CONFLICT, "state_refused".into()), "{}", own.text);
        let found = api.get(&format!("/transitions?csm={csm}&status=proposed")).await.json();
        assert_eq!(found["items"][0]["onboarding"], json!(onboarding));
        assert_eq!(api.get("/transitions?status=lost").await.code(), "query_invalid");
        let stranger = stranger(&test).await;
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(stranger.get("/transitions").await.json()["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn lessons_of_a_closed_onboarding_become_improvements() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{onboarding}");
        let lesson =
            json!({ "kind": "change", "text": "SAP took weeks", "suggestion": "Ask for SAP access early" });
        let made = api.json(Method::POST, &format!("{path}/lessons"), &[], &lesson).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let odd = json!({ "kind": "shout", "text": "x" });
        let refused = api.json(Method::POST, &format!("{path}/lessons"), &[], &odd).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        api.send(Method::POST, &format!("{path}/kickoff"), &[], "").await;
        let early = json!({ "reason": "All done", "outcome": "successful" });
        let early = api.json(Method::POST, &format!("{path}/closing"), &[], &early).await;
        assert_eq!(
            (early.status, early.code()),
            (StatusCode::CONFLICT, "state_refused".into()),
            "{}",
            early.text
        );
        let partly = json!({ "reason": "SAP comes in May", "outcome": "partly" });
        let closed = api.json(Method::POST, &format!("{path}/closing"), &[], &partly).await;
        assert_eq!(closed.status, StatusCode::NO_CONTENT, "{}", closed.text);
        let end = api.get(&format!("{path}/transition")).await.json();
        assert_eq!(end["closing"]["outcome"], "partly");
        assert_eq!(end["clocks"]["to_live"], json!(null));

        let found = api.get("/improvements?programme=mid-market&status=open").await.json();
        assert_eq!(
            (&found["items"][0]["title"], &found["items"][0]["lessons"]),
            (&json!("Ask for SAP access early"), &json!(1))
        );
        let id = found["items"][0]["id"].as_str().unwrap().to_owned();
        let lessons = api.get("/lessons?kind=change").await.json();
        assert_eq!(lessons["items"][0]["improvement"], json!(id));
        let one = format!("/improvements/{id}");
        let text = json!({ "title": "Ask for SAP access before the kickoff" });
        let changed = api.json(Method::PUT, &one, &[("if-match", "\"1\"")], &text).await;
        assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"2\""), "{}", changed.text);
        let decision = json!({ "decision": "decline", "text": "It differs from customer to customer" });
        let decided =
            api.json(Method::POST, &format!("{one}/decision"), &[("if-match", "\"2\"")], &decision).await;
        assert_eq!(decided.json()["state"]["status"], "declined", "{}", decided.text);
        let late = api.json(Method::PUT, &one, &[("if-match", "\"3\"")], &text).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let made = api.json(Method::POST, "/programmes/mid-market/improvements", &[], &text).await;
        assert_eq!(
            (made.status, made.json()["number"].as_i64()),
            (StatusCode::CREATED, Some(2)),
            "{}",
            made.text
        );
        let lesson = lessons["items"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(api.get(&format!("/lessons/{lesson}")).await.json()["text"], "SAP took weeks");
        let gone = api.send(Method::DELETE, &format!("/lessons/{lesson}"), &[], "").await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        let csm = client(&test, Role::Csm, &Scope::ALL).await;
        let reopen = json!({ "decision": "reopen" });
        let forbidden =
            csm.json(Method::POST, &format!("{one}/decision"), &[("if-match", "\"3\"")], &reopen).await;
        assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
    })
    .await;
}
