//! Workload, time and the daily mail over REST.

use axum::http::{Method, StatusCode};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, client, stranger};

#[tokio::test]
async fn load_stands_against_time_and_giving_too_much_says_so() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let members = api.get("/members").await.json();
        let me = members["items"][0]["id"].as_str().unwrap().to_owned();
        let board = api.get("/workload").await;
        assert_eq!(board.status, StatusCode::OK, "{}", board.text);
        let board = board.json();
        assert_eq!(board["people"][0]["weeks"].as_array().unwrap().len(), 8);
        let week = &board["people"][0]["weeks"][0];
        assert_eq!(
            (&week["monday"], &week["days"], &week["percent"], &week["over"]),
            (&json!("2027-01-04"), &json!(0.0), &json!(0), &json!(false))
        );
        assert!(!board["unassigned"].as_array().unwrap().is_empty());

        // Nobody works on no days: whatever they are given is too much.
        let path = format!("/members/{me}/availability");
        let known = api.get(&path).await;
        assert_eq!(known.header("etag"), "\"0\"");
        assert_eq!(known.json(), json!({ "days_a_week": 5.0, "absences": [] }));
        let none = json!({ "days_a_week": 0, "absences": [{ "from": "2027-02-01", "to": "2027-02-05", "reason": "Holiday" }] });
        let bare = api.json(Method::PUT, &path, &[], &none).await;
        assert_eq!(bare.status, StatusCode::PRECONDITION_REQUIRED);
        let kept = api.json(Method::PUT, &path, &[("if-match", "\"0\"")], &none).await;
        assert_eq!((kept.status, kept.header("etag")), (StatusCode::OK, "\"1\""), "{}", kept.text);
        let stale = api.json(Method::PUT, &path, &[("if-match", "\"0\"")], &none).await;
        assert_eq!((stale.status, stale.code().as_str()), (StatusCode::PRECONDITION_FAILED, "stale"));
        let fine = json!({ "days_a_week": 4.25, "absences": [] });
        let fine = api.json(Method::PUT, &path, &[("if-match", "\"1\"")], &fine).await;
        assert_eq!((fine.status, &fine.json()["errors"][0]["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("days_a_week")));

        let tasks = api.get(&format!("/onboardings/{onboarding}/tasks?limit=200")).await.json();
        let task = tasks["items"].as_array().unwrap().iter().find(|task| task["side"] == "vendor").unwrap().clone();
        let task_path = format!("/tasks/{}", task["id"].as_str().unwrap());
        let etag = api.get(&task_path).await.header("etag").to_owned();
        let given = json!({ "assignee": me });
        let given = api.json(Method::PATCH, &task_path, &[("if-match", &etag)], &given).await;
        assert_eq!(given.status, StatusCode::OK, "{}", given.text);
        let overloads = given.json()["overloads"].clone();
        assert_eq!((&overloads[0]["person"], &overloads[0]["percent"]), (&json!(me), &json!(null)), "{overloads}");
        assert!(overloads[0]["said"].as_str().unwrap().ends_with("and is not there"), "{overloads}");
        let fit = api.get(&format!("{task_path}/fit")).await.json();
        assert_eq!((&fit["overloads"][0]["person"], &fit["suggestions"]), (&json!(me), &json!([])), "{fit}");

        let live = api.get(&format!("/onboardings/{onboarding}/go-live-with-people")).await;
        assert_eq!((live.status, &live.json()["people"]), (StatusCode::OK, &json!(1)), "{}", live.text);
        assert!(live.json()["with_people"].as_str() >= live.json()["by_plan"].as_str());
        let stranger = stranger(&test).await;
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(stranger.get(&format!("{task_path}/fit")).await.status, StatusCode::NOT_FOUND);
        let seller = client(&test, Role::Ae, &Scope::ALL).await;
        assert_eq!(seller.get(&path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(seller.json(Method::PUT, &path, &[("if-match", "\"1\"")], &none).await.status, StatusCode::FORBIDDEN);
        assert_eq!(seller.get("/workload").await.json()["people"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_daily_mail_is_read_and_chosen() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let digest = api.get("/digest").await.json();
        let expected = json!({
            "rhythm": "daily", "hour": 7, "zone": "UTC", "own_hour": null, "own_zone": null, "sent_on": [], "groups": []
        });
        assert_eq!(digest, expected);
        let weekly = api.json(Method::PUT, "/digest", &[], &json!({ "rhythm": "weekly" })).await;
        assert_eq!(
            (weekly.status, &weekly.json()["rhythm"]),
            (StatusCode::OK, &json!("weekly")),
            "{}",
            weekly.text
        );
        let wrong = api.json(Method::PUT, "/digest", &[], &json!({ "rhythm": "hourly" })).await;
        assert_eq!((wrong.status, wrong.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
        assert_eq!(api.get("/digest").await.json()["rhythm"], "weekly");

        let clock = json!({ "hour": 9, "zone": "Europe/Vienna" });
        let house = api.json(Method::PUT, "/digest-clock", &[], &clock).await;
        assert_eq!(house.status, StatusCode::OK, "{}", house.text);
        assert_eq!(api.get("/digest-clock").await.json(), json!({ "hour": 9, "zone": "Europe/Vienna", "zone_is_own": true }));
        let own = json!({ "rhythm": "daily", "hour": 18 });
        let own = api.json(Method::PUT, "/digest", &[], &own).await.json();
        assert_eq!((&own["hour"], &own["zone"], &own["own_zone"]), (&json!(18), &json!("Europe/Vienna"), &json!(null)));
        for wrong in [json!({ "hour": 24 }), json!({ "hour": 3, "zone": "Mars/Olympus" })] {
            let wrong = api.json(Method::PUT, "/digest-clock", &[], &wrong).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_that_was_made_is_acknowledged_to_whoever_may_only_write() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let tasks = api.get(&format!("/onboardings/{onboarding}/tasks?limit=1")).await.json();
        let code = tasks["items"][0]["code"].as_str().unwrap();
        let writer = client(&test, Role::Csm, &[Scope::Write]).await;
        let longer = json!({ "changes": [{ "kind": "set-days", "task": code, "days": 9 }] });
        let changes = format!("/onboardings/{onboarding}/plan-changes");
        let made = writer.json(Method::POST, &changes, &[], &longer).await;
        assert_eq!((made.status, &made.json()["overloads"]), (StatusCode::OK, &json!([])), "{}", made.text);
        assert_eq!(api.get(&changes).await.json()["items"].as_array().unwrap().len(), 1);
    })
    .await;
}
