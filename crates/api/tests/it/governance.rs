//! Registers, meetings, escalations, change requests, reports.

use axum::http::{Method, StatusCode};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, client, stranger};

#[tokio::test]
async fn entries_of_the_register_are_added_changed_closed_and_found() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{onboarding}/register");
        let body = json!({
            "title": "IT is away in March", "owner": "Dana Whitfield", "due_on": "2027-01-29", "visibility": "customer",
            "details": { "kind": "risk", "probability": 4, "impact": 3, "category": "resource" }
        });
        let made = api.json(Method::POST, &path, &[], &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let entry = made.json();
        let address = format!("/register/{}", entry["id"].as_str().unwrap());
        assert_eq!(made.header("location"), format!("/api/v1{address}"));
        assert_eq!((&entry["exposure"], &entry["owner"]), (&json!(12), &json!(null)));
        assert_eq!(entry["owner_name"], "Dana Whitfield");
        assert_eq!(entry["state"], json!({ "status": "open" }));

        let bad = json!({ "title": "x", "details": { "kind": "risk", "probability": 9, "impact": 3 } });
        let refused = api.json(Method::POST, &path, &[], &bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        let patch = json!({ "due_on": null, "title": "IT is away in March and April" });
        assert_eq!(api.json(Method::PATCH, &address, &[], &patch).await.status, StatusCode::PRECONDITION_REQUIRED);
        let changed = api.json(Method::PATCH, &address, &[("if-match", "\"1\"")], &patch).await;
        assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"2\""), "{}", changed.text);
        assert_eq!(changed.json()["due_on"], json!(null));

        let end = |outcome: &str| json!({ "end": { "outcome": outcome, "how": "They hired somebody" } });
        let close = format!("{address}/closure");
        let unfit = api.json(Method::POST, &close, &[("if-match", "\"2\"")], &end("resolved")).await;
        assert_eq!((unfit.status, unfit.code()), (StatusCode::CONFLICT, "state_refused".into()));
        let closed = api.json(Method::POST, &close, &[("if-match", "\"2\"")], &end("avoided")).await;
        assert_eq!(closed.status, StatusCode::OK, "{}", closed.text);
        assert_eq!(
            closed.json()["state"],
            json!({ "status": "closed", "outcome": "avoided", "how": "They hired somebody" })
        );
        let found = api.get(&format!("/register?onboarding={onboarding}&kind=risk&status=closed")).await.json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        let again = api.send(Method::POST, &format!("{address}/reopening"), &[("if-match", "\"3\"")], "").await;
        assert_eq!((again.status, again.header("etag")), (StatusCode::OK, "\"4\""));
        let page = api.get("/register?limit=1").await.json();
        let next = page["next"].as_str().unwrap().to_owned();
        let second = api.get(&format!("/register?limit=1&after={next}")).await.json();
        assert_ne!(second["items"][0]["id"], page["items"][0]["id"]);
        assert_eq!(api.get("/register?kind=luck").await.code(), "query_invalid");

        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        assert_eq!(viewer.json(Method::POST, &path, &[], &body).await.status, StatusCode::FORBIDDEN);
        let stranger = stranger(&test).await;
        assert_eq!(stranger.get(&address).await.status, StatusCode::NOT_FOUND);
        assert_eq!(stranger.get("/register").await.json()["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn meetings_escalations_and_reports_go_their_way() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let tagged = |version: i64| [("if-match", format!("\"{version}\""))];
        let body = json!({
            "title": "Steering", "slot": { "on": "2027-01-04", "starts": "10:00", "minutes": 60, "zone": "Europe/Berlin" },
            "people": [{ "name": "Dana Whitfield", "email": "dana@acme.example" }],
            "agenda": [{ "minutes": 60, "title": "Change requests" }]
        });
        let made = api.json(Method::POST, &format!("/onboardings/{onboarding}/meetings"), &[], &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let meeting = format!("/meetings/{}", made.json()["id"].as_str().unwrap());
        let [(name, value)] = tagged(1);
        let invited = api.send(Method::POST, &format!("{meeting}/invitations"), &[(name, value.as_str())], "").await;
        assert_eq!(invited.json()["told"], json!(["Dana Whitfield"]), "{}", invited.text);
        let end = json!({ "status": "held", "attended": ["Dana Whitfield"] });
        let [(name, value)] = tagged(2);
        let held = api.json(Method::POST, &format!("{meeting}/outcome"), &[(name, value.as_str())], &end).await;
        assert_eq!(held.json()["people"][0]["attendance"], "attended", "{}", held.text);
        assert!(api.get(&format!("{meeting}/calendar")).await.text.contains("BEGIN:VCALENDAR"));
        let found = api.get(&format!("/meetings?onboarding={onboarding}&status=held")).await.json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);

        let seen = api.get(&format!("/onboardings/{onboarding}/standing")).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        assert!(seen.json()["colour"]["light"].is_string());
        let body = json!({ "level": 2, "title": "A milestone is at risk" });
        let made = api.json(Method::POST, &format!("/onboardings/{onboarding}/escalations"), &[], &body).await;
        assert_eq!((made.status, made.json()["code"].as_str()), (StatusCode::CREATED, Some("E-1")), "{}", made.text);
        let steps = format!("/escalations/{}/steps", made.json()["id"].as_str().unwrap());
        let [(name, value)] = tagged(1);
        let step = json!({ "step": "resolve", "text": "It was a mistake" });
        let over = api.json(Method::POST, &steps, &[(name, value.as_str())], &step).await;
        assert_eq!(over.json()["state"]["status"], "resolved", "{}", over.text);
        assert_eq!(over.json()["clock"]["clock"], "met");

        let path = format!("/onboardings/{onboarding}/reports");
        let made = api.json(Method::POST, &path, &[], &json!({ "kind": "executive-update" })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let report = format!("/reports/{}", made.json()["id"].as_str().unwrap());
        let [(name, value)] = tagged(1);
        let patch = json!({ "light": "red", "reason": "The sponsor leaves" });
        let red = api.json(Method::PATCH, &report, &[(name, value.as_str())], &patch).await;
        assert_eq!((red.status, red.json()["light"].as_str()), (StatusCode::OK, Some("red")), "{}", red.text);
        let link = api.send(Method::POST, &format!("{report}/links"), &[], "").await;
        assert_eq!(link.status, StatusCode::CREATED, "{}", link.text);
        let digest = link.json()["digest"].as_str().unwrap().to_owned();
        let ended = api.send(Method::DELETE, &format!("{report}/links/{digest}"), &[], "").await;
        assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.text);
        let stranger = stranger(&test).await;
        for address in [&meeting, &report] {
            assert_eq!(stranger.get(address).await.status, StatusCode::NOT_FOUND);
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_added_by_mistake_is_taken_back_until_somebody_changes_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let entry = json!({ "title": "x", "details": { "kind": "risk", "probability": 4, "impact": 3, "category": "resource" } });
        let meeting = json!({ "title": "x", "slot": { "on": "2027-01-25", "starts": "10:00", "minutes": 60 } });
        let stranger = stranger(&test).await;
        for (list, all, body) in [("register", "/register", entry), ("meetings", "/meetings", meeting)] {
            let add = async || {
                let made = api.json(Method::POST, &format!("/onboardings/{onboarding}/{list}"), &[], &body).await;
                assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
                format!("{all}/{}", made.json()["id"].as_str().unwrap())
            };
            let address = add().await;
            assert_eq!(stranger.send(Method::DELETE, &address, &[], "").await.status, StatusCode::NOT_FOUND);
            let gone = api.send(Method::DELETE, &address, &[], "").await;
            assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
            assert_eq!(api.get(&address).await.status, StatusCode::NOT_FOUND);
            let kept = add().await;
            let patch = json!({ "title": "y" });
            let changed = api.json(Method::PATCH, &kept, &[("if-match", "\"1\"")], &patch).await;
            assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
            let late = api.send(Method::DELETE, &kept, &[], "").await;
            assert_eq!((late.status, late.code().as_str()), (StatusCode::PRECONDITION_FAILED, "stale"));
            assert_eq!(api.get(&kept).await.json()["title"], "y");
        }
    })
    .await;
}

#[tokio::test]
async fn an_escalation_document_is_asked_for_answered_and_downloaded() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{onboarding}/reports");
        let body = json!({ "kind": "save-or-exit", "audience": "customer" });
        let refused = api.json(Method::POST, &path, &[], &body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        let made = api.json(Method::POST, &path, &[], &json!({ "kind": "escalation" })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let report = format!("/reports/{}", made.json()["id"].as_str().unwrap());
        let asked = api.get(&report).await.json()["asked"].clone();
        assert_eq!((&asked[0]["name"], &asked[0]["answer"]), (&json!("root-cause"), &json!("")));
        let patch = json!({ "answers": { "root-cause": "Nobody owns it", "decide-by": "2027-03-31" } });
        let kept = api.json(Method::PATCH, &report, &[("if-match", "\"1\"")], &patch).await;
        assert!(kept.json()["text"].as_str().unwrap().contains("31 Mar 2027"), "{}", kept.text);
        let patch = json!({ "refresh": true, "answers": { "root-cause": "IT" } });
        let both = api.json(Method::PATCH, &report, &[("if-match", "\"2\"")], &patch).await;
        assert_eq!(both.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", both.text);
        let file = api.get(&format!("{report}/files/docx")).await;
        assert!(file.status == StatusCode::OK && file.text.starts_with("PK"));
        assert_eq!(api.get(&format!("{report}/files/exe")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn playbooks_are_compared() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        assert_eq!(api.get("/interventions/comparison").await.json()["items"], json!([]));
        let path = format!("/onboardings/{onboarding}/interventions");
        let body = json!({ "playbook": "at-risk", "reason": "Silence" });
        let made = api.json(Method::POST, &path, &[], &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let end = format!("/interventions/{}/end", made.json()["id"].as_str().unwrap());
        let body = json!({ "outcome": "partly" });
        let ended = api.json(Method::POST, &end, &[("if-match", "\"1\"")], &body).await;
        assert_eq!(ended.status, StatusCode::OK, "{}", ended.text);
        let found = api.get("/interventions/comparison").await.json()["items"][0].clone();
        assert_eq!((&found["playbook"], &found["begun"]), (&json!("at-risk"), &json!(1)));
        assert_eq!((&found["partly"], &found["share"]["percent"]), (&json!(1), &json!(0.0)));
        assert_eq!(found["median_days"], json!(0.0));
    })
    .await;
}

#[tokio::test]
async fn change_requests_are_written_proposed_and_rejected() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let body = json!({
            "title": "Second ERP", "justification": "Lyon was bought", "requested_by": "Dana", "side": "customer",
            "priority": "high", "changes": [{ "kind": "add", "task": { "name": "Connect it", "side": "vendor", "days": 12 } }]
        });
        let path = format!("/onboardings/{onboarding}/change-requests");
        let made = api.json(Method::POST, &path, &[], &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let request = made.json();
        assert_eq!((&request["code"], &request["impact"]["vendor_days"]), (&json!("CR-1"), &json!(12)));
        assert_eq!(request["missing"].as_array().unwrap().len(), 3);
        for (minor, currency) in [(250_000, "JPY"), (1_234_567, "KWD")] {
            let cost = json!({ "minor": minor, "currency": currency });
            let mut dear = body.clone();
            dear["cost"] = cost.clone();
            let made = api.json(Method::POST, &path, &[], &dear).await;
            assert_eq!((made.status, &made.json()["cost"]), (StatusCode::CREATED, &cost), "{}", made.text);
        }
        for cost in [json!({ "minor": 1, "currency": "XXX" }), json!({ "minor": -1, "currency": "USD" })] {
            let mut wrong = body.clone();
            wrong["cost"] = cost;
            let refused = api.json(Method::POST, &path, &[], &wrong).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        }
        let address = format!("/change-requests/{}", request["id"].as_str().unwrap());
        let steps = format!("{address}/steps");
        let proposed = api.json(Method::POST, &steps, &[("if-match", "\"1\"")], &json!({ "step": "propose" })).await;
        assert_eq!(proposed.json()["state"]["status"], "proposed", "{}", proposed.text);
        let changed = api.json(Method::PATCH, &address, &[("if-match", "\"2\"")], &body).await;
        assert_eq!((changed.status, changed.code()), (StatusCode::CONFLICT, "state_refused".into()));
        let no = json!({ "step": "reject", "reason": "Phase 2 has it" });
        let over = api.json(Method::POST, &steps, &[("if-match", "\"2\"")], &no).await;
        assert_eq!(over.json()["state"]["reason"], "Phase 2 has it", "{}", over.text);
        let found = api.get("/change-requests?status=rejected").await.json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        assert_eq!(stranger(&test).await.get(&address).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
