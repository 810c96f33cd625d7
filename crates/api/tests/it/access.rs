//! Invitations, roles, tokens, webhooks, views and corrected deals over REST.

use axum::http::{Method, StatusCode};
use gangway_api::Api;
use gangway_app::identity::Secret;
use gangway_app::intake::{self, Act, Edit};
use gangway_app::{AppError, identity};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{Answer, Client, admin, client, stranger};

#[tokio::test]
async fn a_colleague_is_invited_and_the_invitation_withdrawn() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let sent = json!({ "email": "jonas@example.com", "role": "csm" });
        let made = api.json(Method::POST, "/invitations", &[], &sent).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let link = made.json()["link"].as_str().unwrap().to_owned();
        assert!(link.starts_with("http://gangway.test/join/"), "{link}");
        let list = api.get("/invitations").await.json();
        assert_eq!(list["items"][0]["email"], "jonas@example.com");
        assert_eq!((&list["items"][0]["role"], &list["items"][0]["link"]), (&json!("csm"), &json!(null)));
        // The invited know the person, not the token; colleagues see both.
        let secret = Secret::from_holder(link.trim_start_matches("http://gangway.test/join/"));
        let joining = identity::invited(&test.app, &secret).await.unwrap();
        assert_eq!(joining.invited_by, "A admin");
        assert_eq!(list["items"][0]["invited_by"], "A admin");
        assert_eq!(api.get("/activity").await.json()["items"][0]["actor"], "A admin (test)");
        for (wrong, field) in [
            (json!({ "email": "jonas", "role": "csm" }), "email"),
            (json!({ "email": "j@example.com", "role": "boss" }), "role"),
        ] {
            let refused = api.json(Method::POST, "/invitations", &[], &wrong).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(refused.json()["errors"][0]["field"], field);
        }
        let other = stranger(&test).await;
        assert_eq!(other.get("/invitations").await.json()["items"], json!([]));
        let path = format!("/invitations/{}", list["items"][0]["id"].as_str().unwrap());
        assert_eq!(other.send(Method::DELETE, &path, &[], "").await.code(), "not_found");
        assert_eq!(api.send(Method::DELETE, &path, &[], "").await.status, StatusCode::NO_CONTENT);
        assert_eq!(api.send(Method::DELETE, &path, &[], "").await.code(), "not_found");
        assert_eq!(api.get("/invitations").await.json()["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_role_is_changed_only_where_nobody_was_faster() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let member = test.member(Role::Viewer).await.person.unwrap();
        let path = format!("/members/{member}");
        let read = api.get(&path).await;
        assert_eq!((read.header("etag"), read.json()["role"].as_str()), ("\"1\"", Some("viewer")));
        let seen = [("if-match", "\"1\"")];
        let made = api.json(Method::PATCH, &path, &seen, &json!({ "role": "csm" })).await;
        assert_eq!((made.status, made.header("etag")), (StatusCode::OK, "\"2\""));
        let late = api.json(Method::PATCH, &path, &seen, &json!({ "role": "ae" })).await;
        assert_eq!((late.status, late.code().as_str()), (StatusCode::PRECONDITION_FAILED, "role_changed"));
        let same = api.json(Method::PATCH, &path, &seen, &json!({ "role": "csm" })).await;
        assert_eq!(same.status, StatusCode::OK, "both want the same");
        let careless = api.json(Method::PATCH, &path, &[], &json!({ "role": "ae" })).await;
        assert_eq!(careless.json()["version"], 3);
        assert_eq!(stranger(&test).await.get(&path).await.code(), "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_token_makes_no_token_that_reaches_further_than_itself() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = client(&test, Role::Csm, &[Scope::Read, Scope::Admin]).await;
        let sent = json!({ "name": "sync", "scopes": ["read", "write"], "days": 30 });
        let refused = api.json(Method::POST, "/tokens", &[], &sent).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("the token that asks has not"), "{}", refused.text);
        let sent = json!({ "name": "sync", "scopes": ["read"], "days": 30 });
        let made = api.json(Method::POST, "/tokens", &[("idempotency-key", "once")], &sent).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let made = made.json();
        let secret = made["token"].as_str().unwrap().to_owned();
        let held = Client { router: Api::new(test.app.clone()).router(), token: secret.clone() };
        assert_eq!(held.get("/me").await.status, StatusCode::OK);
        assert_eq!(held.get("/tokens").await.status, StatusCode::FORBIDDEN, "it may only read");
        let again = api.json(Method::POST, "/tokens", &[("idempotency-key", "once")], &sent).await;
        assert_ne!(again.json()["token"], made["token"], "secrets are not kept for repeating");
        let list = api.get("/tokens").await;
        assert!(!list.text.contains(&secret) && list.json()["items"].as_array().unwrap().len() == 3);
        let path = format!("/tokens/{}", made["id"].as_str().unwrap());
        let colleague = client(&test, Role::Leader, &Scope::ALL).await;
        assert_eq!(colleague.send(Method::DELETE, &path, &[], "").await.code(), "not_found");
        assert_eq!(api.send(Method::DELETE, &path, &[], "").await.status, StatusCode::NO_CONTENT);
        assert_eq!(held.get("/me").await.code(), "token_invalid");
    })
    .await;
}

#[tokio::test]
async fn a_token_makes_no_token_that_outlives_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = client(&test, Role::Csm, &[Scope::Admin]).await;
        let sent = |days: u32| json!({ "name": "next", "scopes": ["admin"], "days": days });
        for (passed, most) in [(0, 30), (10, 20), (19, 1)] {
            test.clock.advance_days(passed);
            let refused = api.json(Method::POST, "/tokens", &[], &sent(most + 1)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
            assert_eq!(refused.json()["errors"][0]["field"], "days");
            assert!(refused.text.contains(&format!("must be at most {most}")), "{}", refused.text);
            let made = api.json(Method::POST, "/tokens", &[], &sent(most)).await;
            assert_eq!(made.json()["expires_at"], "2027-02-03T09:00:00Z", "{}", made.text);
        }
        let member = test.member(Role::Csm).await;
        let ending = member.clone().limited_to(vec![Scope::Admin], test.app.clock.now());
        let refused = identity::create_token(&test.app, &ending, "next", &[Scope::Admin], 1).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
        identity::create_token(&test.app, &member, "mine", &[Scope::Admin], 366).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_webhook_is_added_changed_given_a_new_secret_and_its_deliveries_sent_again() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let sent = json!({ "url": "https://example.com/hook", "kinds": ["handoff.accepted"] });
        let made = api.json(Method::POST, "/webhooks", &[], &sent).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let made = made.json();
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
        let path = format!("/webhooks/{}", made["id"].as_str().unwrap());
        let patch = async |tag: &str, body: &serde_json::Value| {
            api.json(Method::PATCH, &path, &[("if-match", tag)], body).await
        };
        let first = api.get(&path).await.header("etag").to_owned();
        let changed = patch(&first, &json!({ "description": "Sync" })).await.json();
        assert_eq!(changed["kinds"], json!(["handoff.accepted"]), "what is left out stays");
        assert_eq!((&changed["description"], &changed["secret"]), (&json!("Sync"), &json!(null)));
        let second = format!("\"{}\"", changed["version"]);
        for url in ["ftp://example.com", "http://10.0.0.1/hook"] {
            let wrong = patch(&second, &json!({ "url": url })).await;
            assert_eq!(wrong.json()["errors"][0]["field"], "url", "{url}");
        }
        let rotated = api.send(Method::POST, &format!("{path}/secret"), &[], "").await.json();
        assert_ne!(rotated["secret"], made["secret"]);

        api.hand_over(&deal("Acme")).await;
        let sent = api.get(&format!("{path}/deliveries")).await.json();
        assert_eq!(
            (&sent["items"][0]["kind"], &sent["items"][0]["outcome"]),
            (&json!("handoff.accepted"), &json!("waiting"))
        );
        let delivery = format!("{path}/deliveries/{}", sent["items"][0]["id"].as_str().unwrap());
        let traced = api.get(&delivery).await.json();
        assert!(
            traced["body"].as_str().unwrap().contains("handoff.accepted") && traced["tries"] == json!([])
        );
        let again = api.send(Method::POST, &format!("{delivery}/replay"), &[], "").await;
        assert_eq!(again.status, StatusCode::ACCEPTED, "{}", again.text);
        let tried = api.send(Method::POST, &format!("{path}/test"), &[], "").await;
        assert_eq!((tried.status, &tried.json()["kind"]), (StatusCode::ACCEPTED, &json!("webhook.test")));

        let off = patch(&second, &json!({ "enabled": false })).await.json();
        assert_eq!(off["enabled"], false);
        let second =
            api.json(Method::POST, "/webhooks", &[], &json!({ "url": "https://example.com/b" })).await;
        let foreign = delivery.replace(made["id"].as_str().unwrap(), second.json()["id"].as_str().unwrap());
        assert_eq!(api.get(&foreign).await.code(), "not_found", "a delivery of another webhook");
        let other = stranger(&test).await;
        for (method, path) in [
            (Method::GET, path.clone()),
            (Method::PATCH, path.clone()),
            (Method::DELETE, path.clone()),
            (Method::POST, format!("{path}/secret")),
            (Method::POST, format!("{path}/test")),
            (Method::GET, format!("{path}/deliveries")),
            (Method::GET, delivery.clone()),
            (Method::POST, format!("{delivery}/replay")),
        ] {
            let refused = other.json(method.clone(), &path, &[("if-match", "\"1\"")], &json!({})).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{method} {path}");
        }
        assert_eq!(other.get("/webhooks").await.json()["items"], json!([]));
        assert_eq!(api.send(Method::DELETE, &path, &[], "").await.status, StatusCode::NO_CONTENT);
    })
    .await;
}

#[tokio::test]
async fn views_are_kept_shared_by_whoever_may_and_deleted() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = client(&test, Role::Leader, &Scope::ALL).await;
        let draft = |shared: bool| json!({ "name": "Late", "query": "health=late", "shared": shared });
        let made = api.json(Method::POST, "/views", &[], &draft(false)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let path = format!("/views/{}", made.json()["id"].as_str().unwrap());
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        let first = made.header("etag").to_owned();
        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        assert_eq!(viewer.get("/views").await.json()["items"], json!([]), "not shared");
        let taken = api.json(Method::POST, "/views", &[], &draft(false)).await;
        assert_eq!(taken.json()["errors"][0]["field"], "name");
        let patch = async |who: &Client, tag: &str, shared: bool| {
            who.json(Method::PATCH, &path, &[("if-match", tag)], &draft(shared)).await
        };
        let shared = patch(&api, &first, true).await;
        assert_eq!((shared.status, &shared.json()["shared"]), (StatusCode::OK, &json!(true)));
        let seen = viewer.get("/views").await.json()["items"][0].clone();
        assert_eq!(seen["name"], "Late");
        let second = format!("\"{}\"", seen["version"]);
        assert_eq!(viewer.get(&path).await.header("etag"), second);
        assert_eq!(patch(&viewer, &second, false).await.code(), "forbidden");
        assert_eq!(viewer.send(Method::DELETE, &path, &[], "").await.code(), "forbidden");
        assert_eq!(stranger(&test).await.get("/views").await.json()["items"], json!([]));
        assert_eq!(stranger(&test).await.send(Method::DELETE, &path, &[], "").await.code(), "not_found");
        assert_eq!(api.send(Method::DELETE, &path, &[], "").await.status, StatusCode::NO_CONTENT);
    })
    .await;
}

#[tokio::test]
async fn views_and_webhooks_are_changed_only_as_they_were_read() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let view = json!({ "name": "Late", "query": "health=late" });
        let hook = json!({ "url": "https://example.com/hook" });
        for (list, made, change) in [
            ("/views", view, json!({ "name": "Too late", "query": "health=late" })),
            ("/webhooks", hook, json!({ "description": "Sync" })),
        ] {
            let made = api.json(Method::POST, list, &[], &made).await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
            let path = made.header("location").strip_prefix("/api/v1").unwrap().to_owned();
            let read = api.get(&path).await;
            let first = read.header("etag").to_owned();
            assert_eq!(first, made.header("etag"));
            assert_eq!(first, format!("\"{}\"", read.json()["version"]));
            let known = api.send(Method::GET, &path, &[("if-none-match", &first)], "").await;
            assert_eq!(known.status, StatusCode::NOT_MODIFIED, "{list}");
            let missing = api.json(Method::PATCH, &path, &[], &change).await;
            assert_eq!(
                (missing.status, missing.code().as_str()),
                (StatusCode::PRECONDITION_REQUIRED, "if_match_missing")
            );
            let changed = api.json(Method::PATCH, &path, &[("if-match", &first)], &change).await;
            assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
            let second = changed.header("etag").to_owned();
            assert_ne!(first, second);
            assert_eq!(api.get(&path).await.header("etag"), second);
            for method in [Method::PATCH, Method::DELETE] {
                let late = api.json(method.clone(), &path, &[("if-match", &first)], &change).await;
                assert_eq!(
                    (late.status, late.code().as_str()),
                    (StatusCode::PRECONDITION_FAILED, "stale"),
                    "{method} {list}"
                );
            }
            let gone = api.send(Method::DELETE, &path, &[("if-match", &second)], "").await;
            assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
            assert_eq!(api.get(&path).await.code(), "not_found");
        }
    })
    .await;
}

#[tokio::test]
async fn of_many_who_change_a_view_at_once_one_wins() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let made = api.json(Method::POST, "/views", &[], &json!({ "name": "0", "query": "" })).await;
        let path = format!("/views/{}", made.json()["id"].as_str().unwrap());
        // Again and again: from the second time on there are connections enough for all to begin at once.
        for round in 0..4 {
            let tag = api.get(&path).await.header("etag").to_owned();
            let change = async |number: u32| {
                let draft = json!({ "name": format!("{round}, {number}"), "query": "" });
                api.json(Method::PATCH, &path, &[("if-match", &tag)], &draft).await
            };
            let outcomes: [Answer; 3] = tokio::join!(change(1), change(2), change(3)).into();
            let won: Vec<&Answer> = outcomes.iter().filter(|one| one.status == StatusCode::OK).collect();
            assert_eq!(won.len(), 1, "{:?}", outcomes.each_ref().map(|one| (one.status, &one.text)));
            assert!(outcomes.iter().all(|one| one.status == StatusCode::OK || one.code() == "stale"));
            assert_eq!(api.get(&path).await.json(), won[0].json());
        }
    })
    .await;
}

#[tokio::test]
async fn views_of_ones_own_need_no_more_than_to_write() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let writer = client(&test, Role::OnboardingManager, &[Scope::Write]).await;
        let draft = |shared: bool| json!({ "name": "Mine", "query": "owner=me", "shared": shared });
        let made = writer.json(Method::POST, "/views", &[], &draft(true)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        assert_eq!(made.json()["owner"], "A onboarding manager", "the person, not the token");
        let path = format!("/views/{}", made.json()["id"].as_str().unwrap());
        assert_eq!(writer.get("/views").await.code(), "forbidden", "it may not read");
        let tag = made.header("etag").to_owned();
        let changed = writer.json(Method::PATCH, &path, &[("if-match", &tag)], &draft(false)).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
        assert_eq!(writer.send(Method::DELETE, &path, &[], "").await.status, StatusCode::NO_CONTENT);
        let viewer = client(&test, Role::Viewer, &[Scope::Write]).await;
        assert_eq!(viewer.json(Method::POST, "/views", &[], &draft(true)).await.code(), "forbidden");
        assert_eq!(viewer.json(Method::POST, "/views", &[], &draft(false)).await.status, StatusCode::CREATED);
        let reader = client(&test, Role::Leader, &[Scope::Read, Scope::Admin]).await;
        assert_eq!(reader.get("/views").await.status, StatusCode::OK);
        assert_eq!(reader.json(Method::POST, "/views", &[], &draft(false)).await.code(), "forbidden");
    })
    .await;
}

#[tokio::test]
async fn a_deal_is_told_as_people_have_corrected_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let handed = api.hand_over(&deal("Acme")).await.json();
        let id = handed["id"].as_str().unwrap();
        let path = format!("/handoffs/{id}/deal");
        let before = api.get(&path).await;
        assert_eq!((before.status, before.header("etag")), (StatusCode::OK, "\"0\""), "{}", before.text);
        let act = Act::Set(vec![("value".to_owned(), "120K EUR".to_owned())]);
        let edit = Edit { fact: "acv".parse().unwrap(), act, seen: 0, reason: String::new() };
        intake::edit(&test.app, &test.actor, id.parse().unwrap(), edit).await.unwrap();
        let after = api.get(&path).await;
        assert_eq!((after.header("etag"), &after.json()["confirmed"]), ("\"2\"", &json!(false)));
        let worth = |answer: &Answer| answer.json()["deal"]["acv"]["value"]["currency"].clone();
        assert_eq!((worth(&before), worth(&after)), (json!("USD"), json!("EUR")), "{}", after.text);
        let known = [("if-none-match", "\"2\"")];
        let same = api.send(Method::GET, &path, &known, "").await;
        assert_eq!(same.status, StatusCode::NOT_MODIFIED);
        intake::confirm(&test.app, &test.actor, id.parse().unwrap(), 1).await.unwrap();
        let confirmed = api.send(Method::GET, &path, &known, "").await;
        assert_eq!((confirmed.status, confirmed.header("etag")), (StatusCode::OK, "\"3\""));
        assert_eq!((&confirmed.json()["version"], &confirmed.json()["confirmed"]), (&json!(1), &json!(true)));
        assert_eq!(stranger(&test).await.get(&path).await.code(), "not_found");
    })
    .await;
}
