//! What holds for every operation: repeating, limits, ids, methods, bodies.

use axum::http::{Method, StatusCode};
use gangway_api::{Api, Rate};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, for_each_database};

use super::{Client, admin, token};

#[tokio::test]
async fn a_named_request_is_done_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let send = async |api: &Client, key: &str, body: &str| {
            let headers = [("content-type", "text/plain"), ("idempotency-key", key)];
            api.send(Method::POST, "/handoffs", &headers, body).await
        };
        let first = send(&api, "one", &deal("Acme")).await;
        assert_eq!((first.status, first.header("idempotent-replayed")), (StatusCode::CREATED, ""));
        let second = send(&api, "one", &deal("Acme")).await;
        assert_eq!((second.status, second.header("idempotent-replayed")), (StatusCode::CREATED, "true"));
        assert_eq!(
            (second.text, second.headers.get("location")),
            (first.text.clone(), first.headers.get("location"))
        );
        let other = send(&api, "one", &deal("Globex")).await;
        assert_eq!(
            (other.status, other.code().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused")
        );
        let colleague =
            Client { router: api.router.clone(), token: token(&test, Role::Admin, &Scope::ALL).await };
        let theirs = send(&colleague, "one", &deal("Globex")).await;
        assert_eq!(theirs.status, StatusCode::CREATED, "names belong to a token");
        let refused = send(&api, "two", " ").await;
        assert_eq!(refused.code(), "deal_refused");
        let mended = send(&api, "two", &deal("Initech")).await;
        assert_eq!(
            mended.status,
            StatusCode::CREATED,
            "what was refused may be corrected under the same name"
        );
        for key in ["", "a b", &"x".repeat(201)] {
            assert_eq!(send(&api, key, &deal("Acme")).await.code(), "idempotency_key_invalid");
        }
        test.clock.advance_days(1);
        let later = send(&api, "one", &deal("Acme")).await;
        assert_eq!(
            (later.status, later.header("idempotent-replayed")),
            (StatusCode::OK, ""),
            "a day later it is asked anew"
        );
    })
    .await;
}

#[tokio::test]
async fn a_token_may_ask_only_so_often() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let router = Api::new(test.app.clone()).with_rate(Rate { requests: 2, seconds: 60 }).router();
        let mine = Client { router: router.clone(), token: token(&test, Role::Viewer, &[Scope::Read]).await };
        let theirs = Client { router, token: token(&test, Role::Viewer, &[Scope::Read]).await };
        let first = mine.get("/me").await;
        assert_eq!(first.header("ratelimit-policy"), "\"token\";q=2;w=60");
        assert_eq!(first.header("ratelimit"), "\"token\";r=1;t=60");
        assert_eq!(mine.get("/nowhere").await.code(), "no_such_address");
        let third = mine.get("/me").await;
        assert_eq!((third.status, third.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too_many"));
        assert_eq!((third.header("retry-after"), third.header("ratelimit")), ("60", "\"token\";r=0;t=60"));
        assert_eq!(theirs.get("/me").await.status, StatusCode::OK);
        test.clock.advance_days(1);
        assert_eq!(mine.get("/me").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn every_answer_can_be_found_in_the_log_and_is_only_data() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let own = api.send(Method::GET, "/me", &[("x-request-id", "trace-7")], "").await;
        assert_eq!(own.header("x-request-id"), "trace-7");
        let bad = api.send(Method::GET, "/me", &[("x-request-id", "a b\"c")], "").await;
        assert_eq!(bad.header("x-request-id").len(), 32);
        for (name, value) in [("x-content-type-options", "nosniff"), ("cache-control", "no-store")] {
            assert_eq!(own.header(name), value);
        }
        assert!(own.header("content-security-policy").contains("default-src 'none'"));

        let head = api.send(Method::HEAD, "/me", &[], "").await;
        assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
        let options = api.send(Method::OPTIONS, "/accounts/x", &[], "").await;
        assert_eq!((options.status, options.header("allow")), (StatusCode::NO_CONTENT, "GET,HEAD,PATCH"));
        let wrong = api.send(Method::DELETE, "/me", &[], "").await;
        assert_eq!(
            (wrong.status, wrong.code().as_str()),
            (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
        );
        assert_eq!(wrong.header("allow"), "GET,HEAD");
        let missing = api.get("/accounts/nothing?x=1").await;
        assert_eq!(missing.json()["instance"], "/api/v1/accounts/nothing");
        assert_eq!(
            missing.header("access-control-allow-origin"),
            "",
            "pages of other sites have no business here"
        );
    })
    .await;
}

#[tokio::test]
async fn bodies_are_of_the_right_kind_size_and_form() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let post = async |path: &str, kind: &str, body: &str| {
            api.send(Method::POST, path, &[("content-type", kind)], body).await
        };
        assert_eq!(post("/onboardings", "text/plain", "{}").await.code(), "not_json");
        assert_eq!(post("/onboardings", "application/json", "{").await.code(), "json_invalid");
        assert_eq!(
            post("/onboardings", "application/json", "{\"handoff\":\"x\",\"y\":1}").await.code(),
            "invalid"
        );
        assert_eq!(post("/onboardings", "application/json", "{\"handoff\":\"x\"}").await.code(), "not_found");
        assert_eq!(post("/handoffs", "image/png", "x").await.code(), "not_a_deal");
        let deep = format!("{{\"handoff\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
        assert_eq!(post("/onboardings", "application/json", &deep).await.code(), "json_invalid");
        let long = "x".repeat(1_048_577);
        for (path, kind) in [("/handoffs", "text/plain"), ("/onboardings", "application/json")] {
            let refused = post(path, kind, &long).await;
            assert_eq!(
                (refused.status, refused.code().as_str()),
                (StatusCode::PAYLOAD_TOO_LARGE, "too_large")
            );
            let headers = [("content-type", kind), ("idempotency-key", "k")];
            let named = api.send(Method::POST, path, &headers, &long).await;
            assert_eq!(named.code(), "too_large");
        }
    })
    .await;
}
