//! Stakeholders, talks, the loss of a champion, who does what.

use axum::http::{Method, StatusCode};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, client, stranger};

fn people() -> String {
    format!("{}Sponsor: Dana Whitfield (VP Operations)\nChampion: Renee Walsh\n", deal("Acme"))
}

#[tokio::test]
async fn stakeholders_are_changed_and_spoken_with() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&people()).await;
        let base = format!("/onboardings/{onboarding}/stakeholders");
        let all = api.get(&base).await.json();
        let dana = all["items"].as_array().unwrap().iter().find(|one| one["name"] == "Dana Whitfield").unwrap();
        assert_eq!((&dana["role"], &dana["strategy"]), (&json!("executive_sponsor"), &json!("Keep satisfied")));
        let who = dana["contact"].as_str().unwrap();
        let address = format!("{base}/{who}");
        let patch = json!({ "sentiment": "negative", "risk": "low", "risk_reason": "Only the tone", "champion": null });
        assert_eq!(api.json(Method::PATCH, &address, &[], &patch).await.status, StatusCode::PRECONDITION_REQUIRED);
        let changed = api.json(Method::PATCH, &address, &[("if-match", "\"1\"")], &patch).await;
        assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"2\""), "{}", changed.text);
        let changed = changed.json();
        assert_eq!((&changed["risk"], &changed["risk_overridden"]), (&json!("low"), &json!(true)));
        let stale = api.json(Method::PATCH, &address, &[("if-match", "\"1\"")], &patch).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let angry = json!({ "sentiment": "angry" });
        let refused = api.json(Method::PATCH, &address, &[("if-match", "\"2\"")], &angry).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);

        let talk = json!({ "on": "2027-01-04", "channel": "meeting", "engagement": "kickoff" });
        let made = api.json(Method::POST, &format!("{address}/touches"), &[], &talk).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let touch = made.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(api.get(&address).await.json()["last_contact_on"], "2027-01-04");
        let found = api.get(&format!("/onboardings/{onboarding}/touches?contact={who}")).await.json();
        assert_eq!((found["items"].as_array().unwrap().len(), &found["next"]), (1, &json!(null)));
        let standing = api.get(&format!("/onboardings/{onboarding}/relationship")).await.json();
        assert_eq!((&standing["live_contacts"], &standing["multi_threaded"]), (&json!(1), &json!(false)));
        assert_eq!(standing["executive"][0]["last_on"], "2027-01-04");
        let gone = api.send(Method::DELETE, &format!("/touches/{touch}"), &[], "").await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        let out = api.send(Method::DELETE, &address, &[("if-match", "\"2\"")], "").await;
        assert_eq!(out.status, StatusCode::NO_CONTENT, "{}", out.text);
        let back = api.json(Method::POST, &base, &[], &json!({ "contact": who, "role": "business_owner" })).await;
        assert_eq!((back.status, back.header("etag")), (StatusCode::CREATED, "\"1\""), "{}", back.text);
        assert_eq!(back.header("location"), format!("/api/v1{address}"));

        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        let refused = viewer.json(Method::POST, &format!("{address}/touches"), &[], &talk).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let stranger = stranger(&test).await;
        assert_eq!(stranger.get(&base).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_champion_is_lost_and_succeeded() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&people()).await;
        let all = api.get(&format!("/onboardings/{onboarding}/stakeholders")).await.json();
        let find = |name: &str| {
            let one = all["items"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
            one["contact"].as_str().unwrap().to_owned()
        };
        let (dana, renee) = (find("Dana Whitfield"), find("Renee Walsh"));
        let path = |who: &str| format!("/onboardings/{onboarding}/stakeholders/{who}/loss");
        let body = json!({ "leaves_on": "2027-01-29" });
        let refused = api.json(Method::POST, &path(&dana), &[], &body).await;
        assert_eq!((refused.status, refused.code()), (StatusCode::CONFLICT, "state_refused".into()));
        let made = api.json(Method::POST, &path(&renee), &[], &body).await;
        assert_eq!((made.status, made.header("etag")), (StatusCode::CREATED, "\"1\""), "{}", made.text);
        let loss = made.json();
        assert_eq!((loss["tasks"].as_array().unwrap().len(), &loss["status"]), (12, &json!("open")));
        let address = format!("/champion-losses/{}", loss["id"].as_str().unwrap());
        let watched = json!({ "candidate": dana, "said": ["may-stop"] });
        let kept = api.json(Method::PUT, &address, &[("if-match", "\"1\"")], &watched).await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.text);
        let holds =
            kept.json()["criteria"].as_array().unwrap().iter().filter(|one| one["holds"] == true).count();
        assert_eq!(holds, 1);
        let body = json!({ "contact": dana });
        let closed =
            api.json(Method::POST, &format!("{address}/successor"), &[("if-match", "\"2\"")], &body).await;
        assert_eq!(closed.status, StatusCode::OK, "{}", closed.text);
        assert_eq!((&closed.json()["status"], &closed.json()["successor"]), (&json!("closed"), &json!(dana)));
    })
    .await;
}

#[tokio::test]
async fn who_does_what_is_read_and_put() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let address = format!("/onboardings/{}/raci", api.onboard(&deal("Acme")).await);
        let first = api.get(&address).await;
        assert_eq!((first.status, first.header("etag")), (StatusCode::OK, "\"0\""));
        let body = json!({
            "columns": [{ "role": "CSM", "side": "vendor" }, { "role": "Sponsor", "person": "Dana", "side": "customer" }],
            "rows": [{ "activity": "Agree on the goals", "cells": ["r", "a"] }]
        });
        let kept = api.json(Method::PUT, &address, &[("if-match", "\"0\"")], &body).await;
        assert_eq!((kept.status, kept.header("etag")), (StatusCode::NO_CONTENT, "\"1\""), "{}", kept.text);
        assert_eq!(api.get(&address).await.json()["rows"][0]["cells"], json!(["R", "A"]));
        let mut none = body;
        none["rows"][0]["cells"] = json!(["R", "R"]);
        let refused = api.json(Method::PUT, &address, &[("if-match", "\"1\"")], &none).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("one role must answer for it"), "{}", refused.text);
    })
    .await;
}

#[tokio::test]
async fn relations_are_said_and_taken_back() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&people()).await;
        let all = api.get(&format!("/onboardings/{onboarding}/stakeholders")).await.json();
        let who = |index: usize| all["items"][index]["contact"].as_str().unwrap().to_owned();
        let (one, other) = (who(0), who(1));
        let path = format!("/onboardings/{onboarding}/relations");
        let line = json!({ "from": one, "kind": "reports-to", "to": other });
        let made = api.json(Method::POST, &path, &[], &line).await;
        assert_eq!((made.status, made.json()), (StatusCode::CREATED, line));
        let round = json!({ "from": other, "kind": "reports-to", "to": one });
        assert_eq!(api.json(Method::POST, &path, &[], &round).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(api.get(&path).await.json()["items"].as_array().unwrap().len(), 1);
        let address = format!("{path}/{one}/reports-to/{other}");
        assert_eq!(api.send(Method::DELETE, &address, &[], "").await.status, StatusCode::NO_CONTENT);
        assert_eq!(api.send(Method::DELETE, &address, &[], "").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn resistance_is_kept_and_resolved() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let path = format!("/onboardings/{}/resistance", api.onboard(&deal("Acme")).await);
        let body = json!({ "who": "Planners", "signal": "active", "kind": "political" });
        let made = api.json(Method::POST, &path, &[], &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let entry = made.json();
        assert_eq!(
            (&entry["owner"], &entry["strategy"]),
            (&json!("CSM and champion"), &json!("Align the executives"))
        );
        let address = format!("/resistance/{}", entry["id"].as_str().unwrap());
        assert_eq!(made.header("location"), format!("/api/v1{address}"));
        let other = json!({ "who": "Planners", "signal": "active", "kind": "fear" });
        let changed = api.json(Method::PUT, &address, &[("if-match", "\"1\"")], &other).await;
        assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"2\""), "{}", changed.text);
        let how = json!({ "how": "The board decided" });
        let over =
            api.json(Method::POST, &format!("{address}/resolution"), &[("if-match", "\"2\"")], &how).await;
        assert_eq!((over.status, &over.json()["resolution"]), (StatusCode::OK, &json!("The board decided")));
        let again =
            api.send(Method::POST, &format!("{address}/reopening"), &[("if-match", "\"3\"")], "").await;
        assert_eq!(again.json()["resolved_on"], json!(null));
        assert_eq!(api.get(&path).await.json()["items"].as_array().unwrap().len(), 1);
        let bad = json!({ "who": "Planners", "signal": "loud", "kind": "political" });
        assert_eq!(api.json(Method::POST, &path, &[], &bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn messages_and_activities_are_planned_and_ticked() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{onboarding}/messages");
        let before = api.get(&path).await.json()["items"].as_array().unwrap().len();
        assert!(before > 0);
        let mut body = json!({
            "on": "2027-02-01", "audience": "Plants", "message": "Training dates", "channel": "E-mail", "owner": "Champion"
        });
        let made = api.json(Method::POST, &path, &[], &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let address = format!("/messages/{}", made.json()["id"].as_str().unwrap());
        assert_eq!(made.header("location"), format!("/api/v1{address}"));
        body["sent"] = json!(true);
        let sent = api.json(Method::PUT, &address, &[("if-match", "\"1\"")], &body).await;
        assert_eq!((sent.status, &sent.json()["sent_on"]), (StatusCode::OK, &json!("2027-01-04")), "{}", sent.text);
        assert_eq!(api.get(&address).await.header("etag"), "\"2\"");
        let gone = api.send(Method::DELETE, &address, &[("if-match", "\"2\"")], "").await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);

        let path = format!("/onboardings/{onboarding}/change-steps");
        let words = json!({ "phase": "Desire", "activity": "Show the pilot", "focus": "Plants" });
        let made = api.json(Method::POST, &path, &[], &words).await;
        assert_eq!((made.status, made.header("etag")), (StatusCode::CREATED, "\"1\""), "{}", made.text);
        let address = format!("/change-steps/{}", made.json()["id"].as_str().unwrap());
        let done = json!({ "activity": "Show the pilot", "focus": "Plants", "done": true });
        let ticked = api.json(Method::PUT, &address, &[("if-match", "\"1\"")], &done).await;
        assert_eq!((&ticked.json()["done_on"], &ticked.json()["phase"]), (&json!("2027-01-04"), &json!("Desire")));
        let gone = api.send(Method::DELETE, &address, &[("if-match", "\"2\"")], "").await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
    })
    .await;
}
