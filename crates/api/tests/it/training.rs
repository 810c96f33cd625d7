//! Training over REST.

use axum::http::{Method, StatusCode};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, client, stranger};

#[tokio::test]
async fn a_training_is_run_over_rest() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let base = format!("/onboardings/{onboarding}");
        let known = api.get(&format!("{base}/training")).await.json();
        let tracks = known["tracks"].as_array().unwrap();
        let users = tracks.iter().find(|track| track["code"] == "end-user").unwrap();
        assert_eq!((&users["people"], &users["lacking"]), (&json!(120), &json!(6)));
        assert_eq!(known["metrics"].as_array().unwrap().len(), 7);
        let track = users["id"].as_str().unwrap();
        let address = format!("/training-tracks/{track}");
        let size = json!({ "people": 30 });
        assert_eq!(
            api.json(Method::PATCH, &address, &[], &size).await.status,
            StatusCode::PRECONDITION_REQUIRED
        );
        let sized = api.json(Method::PATCH, &address, &[("if-match", "\"1\"")], &size).await;
        assert_eq!((sized.status, sized.header("etag")), (StatusCode::OK, "\"2\""), "{}", sized.text);
        let stale = api.json(Method::PATCH, &address, &[("if-match", "\"1\"")], &size).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);

        let list = json!({ "csv": "email,name\nana@acme.test,Ana\nbo@acme.test,Bo", "tracks": [track] });
        let read = api.json(Method::POST, &format!("{base}/learner-lists"), &[], &list).await;
        assert_eq!(read.json(), json!({ "added": 2, "known": 0, "enrolled": 2 }), "{}", read.text);
        let draft = json!({ "name": "Cy", "email": "cy@acme.test" });
        let made = api.json(Method::POST, &format!("{base}/learners"), &[], &draft).await;
        assert_eq!((made.status, made.header("etag")), (StatusCode::CREATED, "\"1\""), "{}", made.text);
        let cy = made.json()["id"].as_str().unwrap().to_owned();
        let page = api.get(&format!("{base}/learners?limit=2")).await.json();
        assert_eq!((page["items"].as_array().unwrap().len(), page["next"].is_string()), (2, true));
        let enrol = format!("/learners/{cy}/tracks/{track}");
        assert_eq!(api.send(Method::PUT, &enrol, &[], "").await.status, StatusCode::NO_CONTENT);

        let planned = api.send(Method::POST, &format!("{address}/sessions"), &[], "").await;
        assert_eq!(planned.status, StatusCode::CREATED, "{}", planned.text);
        let sessions = planned.json()["items"].as_array().unwrap().clone();
        assert_eq!(sessions.len(), 2);
        let session = format!("/training-sessions/{}", sessions[0]["id"].as_str().unwrap());
        let seats = api.get(&session).await.json()["seats"].as_array().unwrap().len();
        assert_eq!(seats, 3);
        let invited = api
            .json(Method::POST, &format!("{session}/invitations"), &[("if-match", "\"1\"")], &json!({}))
            .await;
        assert_eq!(
            (invited.status, &invited.json()["told"]),
            (StatusCode::OK, &json!(3)),
            "{}",
            invited.text
        );
        let moves = format!("{base}/training-moves");
        let still = api.json(Method::POST, &moves, &[], &json!({})).await;
        assert_eq!(still.status, StatusCode::CONFLICT, "nothing waits to be moved: {}", still.text);
        let metric = api.get(&format!("{base}/training")).await.json()["metrics"][0].clone();
        assert!(metric["excluded"].as_str().unwrap().contains("office hours"), "{metric}");
        let link = json!({ "recording": "https://video.example.com/1" });
        let kept = api.json(Method::PATCH, &session, &[("if-match", "\"2\"")], &link).await;
        assert_eq!((kept.status, kept.header("etag")), (StatusCode::OK, "\"3\""), "{}", kept.text);
        let bad = json!({ "recording": "javascript:alert(1)" });
        let refused = api.json(Method::PATCH, &session, &[("if-match", "\"3\"")], &bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(api.get(&format!("{base}/training-calendar")).await.text.contains("BEGIN:VCALENDAR"));

        let blank = json!({ "kind": "assessment", "answers": {} });
        let none = api.json(Method::POST, &format!("{enrol}/attempts"), &[], &blank).await;
        assert_eq!(none.status, StatusCode::CONFLICT, "nothing was answered: {}", none.text);
        let answers = json!({ "kind": "assessment", "answers": { "start": ["In the settings"] } });
        let tried = api.json(Method::POST, &format!("{enrol}/attempts"), &[], &answers).await;
        assert_eq!(
            (tried.status, &tried.json()["verdict"]),
            (StatusCode::CREATED, &json!("failed")),
            "{}",
            tried.text
        );
        let lesson = json!({ "module": 0, "done": true });
        let studied = api.json(Method::POST, &format!("{enrol}/lessons"), &[], &lesson).await;
        assert_eq!(studied.status, StatusCode::NO_CONTENT, "{}", studied.text);
        let progress = api.get(&format!("/learners/{cy}")).await.json()["progress"][0].clone();
        assert_eq!((&progress["level"], &progress["modules"]), (&json!("awareness"), &json!([0])));
        let certify = api.send(Method::POST, &format!("{enrol}/certificates"), &[], "").await;
        assert_eq!(certify.status, StatusCode::CONFLICT, "{}", certify.text);
        let gone = api.send(Method::DELETE, &format!("/learners/{cy}"), &[("if-match", "\"1\"")], "").await;
        assert_eq!(gone.status, StatusCode::CONFLICT, "{}", gone.text);

        let link = json!({ "kind": "video", "title": "Core task", "url": "https://learn.example.com" });
        let made = api.json(Method::POST, &format!("{base}/training-library"), &[], &link).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let entry = format!("/training-library/{}", made.json()["id"].as_str().unwrap());
        assert_eq!(api.get(&format!("{entry}/file")).await.status, StatusCode::NOT_FOUND, "it is a link");
        assert_eq!(api.send(Method::DELETE, &entry, &[], "").await.status, StatusCode::NO_CONTENT);

        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        let refused = viewer.json(Method::POST, &format!("{base}/learners"), &[], &draft).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(stranger(&test).await.get(&session).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
