//! The owner of a token: their profile, their sessions, the workspaces they belong to.

use axum::http::{Method, StatusCode};
use gangway_api::Api;
use gangway_app::identity::{self, Secret, Setup};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, for_each_database};
use serde_json::json;

use super::{Client, admin, client};

const PASSWORD: &str = "correct horse battery";

/// Somebody with a password who is signed in in one browser, and the API through a token of theirs.
async fn ines(test: &TestApp) -> (Client, Secret) {
    let setup = Setup {
        workspace: "Northbeam Software".to_owned(),
        name: "Ines Okafor".to_owned(),
        email: "ines@example.com".to_owned(),
        password: PASSWORD.to_owned(),
    };
    let signed = identity::set_up(&test.app, &setup, "Firefox").await.unwrap();
    let session = identity::authenticate(&test.app, &signed.secret).await.unwrap().unwrap();
    let made = identity::create_token(&test.app, &session.actor, "sync", &Scope::ALL, 30).await.unwrap();
    let router = Api::new(test.app.clone()).router();
    (Client { router, token: made.token.reveal().to_owned() }, signed.secret)
}

#[tokio::test]
async fn a_token_changes_the_name_of_its_owner_and_nobody_elses() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (api, _) = ines(&test).await;
        let me = api.get("/profile").await.json();
        assert_eq!((&me["name"], &me["email"]), (&json!("Ines Okafor"), &json!("ines@example.com")));
        let renamed =
            api.json(Method::PATCH, "/profile", &[], &json!({ "name": " Ines  Okafor-Lind " })).await;
        assert_eq!(renamed.json()["name"], "Ines Okafor-Lind", "{}", renamed.text);
        let log = api.get("/activity").await.json();
        assert_eq!(log["items"][0]["summary"], "Ines Okafor is now called Ines Okafor-Lind");
        let blank = api.json(Method::PATCH, "/profile", &[], &json!({ "name": " " })).await;
        assert_eq!(blank.json()["errors"][0]["field"], "name", "{}", blank.text);
        let writer = client(&test, Role::Admin, &[Scope::Read, Scope::Write]).await;
        let refused = writer.json(Method::PATCH, "/profile", &[], &json!({ "name": "X" })).await;
        assert_eq!(refused.code(), "forbidden", "one's own access needs the scope admin");
    })
    .await;
}

#[tokio::test]
async fn a_new_password_needs_the_current_one_and_signs_out() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (api, cookie) = ines(&test).await;
        let put = async |current: &str, password: &str| {
            let sent = json!({ "current": current, "password": password });
            api.json(Method::PUT, "/profile/password", &[], &sent).await
        };
        let guessed = put("something else entirely", "another few words").await;
        assert_eq!(guessed.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", guessed.text);
        assert_eq!(guessed.json()["errors"][0]["field"], "current");
        let short = put(PASSWORD, "short").await;
        assert_eq!(short.json()["errors"][0]["field"], "password", "{}", short.text);
        assert!(identity::authenticate(&test.app, &cookie).await.unwrap().is_some());
        assert_eq!(put(PASSWORD, "another few words").await.status, StatusCode::NO_CONTENT);
        assert!(identity::authenticate(&test.app, &cookie).await.unwrap().is_none(), "signed out");
        assert_eq!(api.get("/profile").await.status, StatusCode::OK, "the token works on");
        let (app, email) = (&test.app, "ines@example.com");
        assert!(identity::sign_in(app, email, PASSWORD, "Firefox", "").await.is_err());
        assert!(identity::sign_in(app, email, "another few words", "Firefox", "").await.is_ok());
        for _ in 0..10 {
            put("a guess of the password", "another few words").await;
        }
        let tired = put("another few words", "yet another few words").await;
        assert_eq!(tired.status, StatusCode::TOO_MANY_REQUESTS, "{}", tired.text);
    })
    .await;
}

#[tokio::test]
async fn own_sessions_are_listed_and_ended() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (api, cookie) = ines(&test).await;
        let other = identity::sign_in(&test.app, "ines@example.com", PASSWORD, "Safari", "").await.unwrap();
        let list = api.get("/profile/sessions").await;
        let all = list.json();
        assert_eq!(all["items"].as_array().unwrap().len(), 2, "{}", list.text);
        assert!(!list.text.contains(&cookie.digest()), "too little of it to be looked up by");
        let safari = all["items"].as_array().unwrap().iter().find(|one| one["agent"] == "Safari").unwrap();
        let path = format!("/profile/sessions/{}", safari["id"].as_str().unwrap());
        let colleague = admin(&test).await;
        assert_eq!(colleague.send(Method::DELETE, &path, &[], "").await.code(), "not_found");
        assert_eq!(api.send(Method::DELETE, &path, &[], "").await.status, StatusCode::NO_CONTENT);
        assert!(identity::authenticate(&test.app, &other.secret).await.unwrap().is_none());
        assert!(identity::authenticate(&test.app, &cookie).await.unwrap().is_some());
        assert_eq!(api.send(Method::DELETE, &path, &[], "").await.code(), "not_found");
        let ended = api.send(Method::DELETE, "/profile/sessions", &[], "").await;
        assert_eq!((ended.status, ended.json()), (StatusCode::OK, json!({ "ended": 1 })));
        assert!(identity::authenticate(&test.app, &cookie).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn workspaces_are_made_renamed_and_removed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (api, _) = ines(&test).await;
        let remove = async |name: &str| {
            let path = format!("/workspace?confirmation={name}");
            api.send(Method::DELETE, &path, &[], "").await
        };
        let only = remove("Northbeam%20Software").await;
        assert_eq!(only.json()["errors"][0]["field"], "confirmation", "it is the only one: {}", only.text);
        let made = api.json(Method::POST, "/workspaces", &[], &json!({ "name": "Northbeam  Labs" })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let labs = made.json();
        assert_eq!((&labs["name"], &labs["here"]), (&json!("Northbeam Labs"), &json!(false)));
        let all = api.get("/workspaces").await.json();
        assert_eq!((&all["items"][0]["here"], &all["items"][1]), (&json!(true), &labs));
        for (method, path) in [(Method::POST, "/workspaces"), (Method::PATCH, "/workspace")] {
            let taken = api.json(method, path, &[], &json!({ "name": "northbeam labs" })).await;
            assert_eq!(taken.json()["errors"][0]["field"], "name", "{}", taken.text);
        }
        let renamed = api.json(Method::PATCH, "/workspace", &[], &json!({ "name": "Northbeam One" })).await;
        assert_eq!(renamed.json()["name"], "Northbeam One", "{}", renamed.text);
        assert_eq!(api.get("/me").await.json()["workspace"], renamed.json());
        let there = api.get("/workspace/contents").await.json();
        assert_eq!((&there["people"], &there["accounts"]), (&json!(1), &json!(0)));
        let leader = client(&test, Role::Leader, &Scope::ALL).await;
        let refused = leader.json(Method::POST, "/workspaces", &[], &json!({ "name": "Mine" })).await;
        assert_eq!(refused.code(), "forbidden");
        assert_eq!(leader.get("/workspaces").await.json()["items"].as_array().unwrap().len(), 1);
        assert_eq!(api.send(Method::DELETE, "/workspace", &[], "").await.code(), "query_invalid");
        assert_eq!(remove("Northbeam%20Software").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(remove("Northbeam%20One").await.status, StatusCode::NO_CONTENT);
        assert_eq!(api.get("/me").await.code(), "token_invalid", "gone with the workspace");
    })
    .await;
}

#[tokio::test]
async fn a_name_is_changed_only_by_whoever_has_seen_the_last_one() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (api, _) = ines(&test).await;
        for (path, names) in
            [("/profile", ["Ines Lind", "Ines L."]), ("/workspace", ["Northbeam One", "Northbeam Two"])]
        {
            let [first, second] = names.map(|name| json!({ "name": name }));
            let read = api.get(path).await;
            assert_eq!(read.status, StatusCode::OK, "{}", read.text);
            let seen = read.header("etag").to_owned();
            let known = api.send(Method::GET, path, &[("if-none-match", &seen)], "").await;
            assert_eq!((known.status, known.header("etag")), (StatusCode::NOT_MODIFIED, seen.as_str()));
            let changed = api.json(Method::PATCH, path, &[("if-match", &seen)], &first).await;
            assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
            assert_ne!(changed.header("etag"), seen);
            let late = api.json(Method::PATCH, path, &[("if-match", &seen)], &second).await;
            assert_eq!((late.status, late.code().as_str()), (StatusCode::PRECONDITION_FAILED, "stale"));
            let now = api.get(path).await;
            assert_eq!((now.json(), now.header("etag")), (changed.json(), changed.header("etag")));
            let whatever = api.json(Method::PATCH, path, &[], &second).await;
            assert_eq!(whatever.status, StatusCode::OK, "{}", whatever.text);
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_leaves_says_which_workspace() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (api, _) = ines(&test).await;
        let leave = async |api: &Client, workspace: &str| {
            api.json(Method::POST, "/profile/leaving", &[], &json!({ "workspace": workspace })).await
        };
        let here = test.actor.workspace.to_string();
        assert_eq!(leave(&api, &here).await.status, StatusCode::CONFLICT, "the last admin stays");
        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        let elsewhere = format!("wsp_{}", "0".repeat(32));
        let wrong = leave(&viewer, &elsewhere).await;
        assert_eq!(wrong.json()["errors"][0]["field"], "workspace", "{}", wrong.text);
        assert_eq!(leave(&viewer, &here).await.status, StatusCode::NO_CONTENT);
        assert_eq!(viewer.get("/me").await.code(), "token_invalid");
    })
    .await;
}
