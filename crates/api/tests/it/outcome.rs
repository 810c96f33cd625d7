//! Joint impact plans.

use axum::http::{Method, StatusCode};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, client, stranger};

#[tokio::test]
async fn outcomes_are_added_agreed_measured_and_confirmed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{onboarding}/outcomes");
        let body = json!({
            "goal": "Close the books faster", "metric": "Days to close", "unit": "days", "baseline": "10", "target": "4",
            "by": "2027-04-30", "first_value": true
        });
        let made = api.json(Method::POST, &path, &[], &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let one = made.json();
        let address = format!("/outcomes/{}", one["id"].as_str().unwrap());
        assert_eq!(made.header("location"), format!("/api/v1{address}"));
        assert_eq!((&one["code"], &one["status"], &one["direction"]), (&json!("O-2"), &json!("drafted"), &json!("down")));

        let bad = json!({ "goal": "x", "by": "2027-04-30", "baseline": "many" });
        let refused = api.json(Method::POST, &path, &[], &bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        let patch = json!({ "unit": "working days", "rung": null });
        assert_eq!(api.json(Method::PATCH, &address, &[], &patch).await.status, StatusCode::PRECONDITION_REQUIRED);
        let changed = api.json(Method::PATCH, &address, &[("if-match", "\"1\"")], &patch).await;
        assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"2\""), "{}", changed.text);

        let agreed = json!({ "by": "Dana Whitfield" });
        let agreed = api.json(Method::POST, &format!("{address}/agreement"), &[("if-match", "\"2\"")], &agreed).await;
        assert_eq!(agreed.json()["status"], "agreed", "{}", agreed.text);
        let figure = json!({ "value": "4", "evidence": { "kind": "words", "text": "Their calendar" } });
        let measured = api.json(Method::POST, &format!("{address}/measurements"), &[], &figure).await;
        assert_eq!(measured.status, StatusCode::CREATED, "{}", measured.text);
        let read = api.get(&address).await;
        assert_eq!((&read.json()["status"], &read.json()["latest"]), (&json!("reached"), &json!("4")));
        let tag = read.header("etag").to_owned();
        let said = json!({ "answer": "confirmed", "by": "Dana Whitfield", "words": "Two in a row" });
        let yes = api.json(Method::POST, &format!("{address}/answer"), &[("if-match", tag.as_str())], &said).await;
        assert_eq!(yes.json()["status"], "verified", "{}", yes.text);
        assert!(yes.json()["answer"]["recorded_by"].is_string());
        let known = measured.json();
        let gone = api.send(Method::DELETE, &format!("/measurements/{}", known["id"].as_str().unwrap()), &[], "").await;
        assert_eq!((gone.status, gone.code().as_str()), (StatusCode::CONFLICT, "state_refused"));
        let tag = yes.header("etag").to_owned();
        let open = json!({ "reason": "The figure was of Lyon" });
        let open = api.json(Method::POST, &format!("{address}/reopening"), &[("if-match", tag.as_str())], &open).await;
        assert_eq!(open.json()["answer"], json!(null), "{}", open.text);
        let gone = api.send(Method::DELETE, &format!("/measurements/{}", known["id"].as_str().unwrap()), &[], "").await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
        assert_eq!(api.get(&format!("{address}/measurements")).await.json()["items"], json!([]));

        let found = api.get(&format!("/outcomes?onboarding={onboarding}&status=agreed")).await.json();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        assert_eq!(api.get("/outcomes?status=lost").await.code(), "query_invalid");
        let page = api.get("/outcomes?limit=1").await.json();
        let next = page["next"].as_str().unwrap().to_owned();
        let second = api.get(&format!("/outcomes?limit=1&after={next}")).await.json();
        assert_ne!(second["items"][0]["id"], page["items"][0]["id"]);

        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        assert_eq!(viewer.json(Method::POST, &path, &[], &body).await.status, StatusCode::FORBIDDEN);
        let stranger = stranger(&test).await;
        assert_eq!(stranger.get(&address).await.status, StatusCode::NOT_FOUND);
        assert_eq!(stranger.get("/outcomes").await.json()["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn the_plan_above_what_lacks_and_what_is_late_can_be_read() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let path = format!("/onboardings/{onboarding}/impact-plan");
        let plan = api.get(&path).await;
        assert_eq!((plan.status, plan.header("etag")), (StatusCode::OK, "\"1\""), "{}", plan.text);
        let body =
            json!({ "north_star": "Acme sees its supply chain", "first_impact": "One plant in one view" });
        let kept = api.json(Method::PUT, &path, &[("if-match", "\"1\"")], &body).await;
        assert_eq!((kept.status, kept.header("etag")), (StatusCode::OK, "\"2\""), "{}", kept.text);
        let stale = api
            .json(
                Method::PUT,
                &path,
                &[("if-match", "\"1\"")],
                &json!({ "north_star": "x", "first_impact": "" }),
            )
            .await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);

        let lacks = api.get(&format!("/onboardings/{onboarding}/completeness")).await.json();
        assert_eq!((&lacks["is_complete"], &lacks["verified"]), (&json!(false), &json!(0)));
        assert!(lacks["value"].as_array().unwrap().len() >= 3);
        let celebrations = api.get(&format!("/onboardings/{onboarding}/celebrations")).await.json();
        let first = celebrations["items"][0].clone();
        assert_eq!(first["version"], 0);
        let place =
            format!("/onboardings/{onboarding}/celebrations/{}", first["milestone"].as_str().unwrap());
        let body = json!({ "share_with": "Dana Whitfield", "format": "A call", "message": "It is there" });
        let planned = api.json(Method::PUT, &place, &[("if-match", "\"0\"")], &body).await;
        assert_eq!((planned.status, planned.header("etag")), (StatusCode::OK, "\"1\""), "{}", planned.text);

        assert_eq!(api.get("/late-onboardings").await.json()["items"], json!([]));
        let why = api.get("/late-milestones?segment=mid-market").await;
        assert_eq!((why.status, &why.json()["late"]), (StatusCode::OK, &json!(0)), "{}", why.text);
    })
    .await;
}
