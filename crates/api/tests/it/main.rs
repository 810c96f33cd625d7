//! The API over HTTP, on both databases where it reads one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod calendars;
mod colour;
mod contacts;
mod described;
mod description;
mod documents;
mod doors;
mod exports;
mod feedback;
mod forecast;
mod full;
mod governance;
mod headers;
mod health;
mod hooks;
mod howto;
mod ingest;
mod inputs;
mod intake;
mod launch;
mod matrix;
mod outcome;
mod paths;
mod people;
mod portal;
mod profile;
mod programme;
mod recurring;
mod resources;
mod schema;
mod tenants;
mod training;
mod transition;
mod usage;
mod work;
mod workload;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use gangway_api::Api;
use gangway_app::identity;
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::TestApp;
use http_body_util::BodyExt;
use serde_json::Value as Json;
use tower::ServiceExt;

/// The API, as one token sees it.
struct Client {
    router: Router,
    token: String,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The stable name of the problem.
    fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        assert_eq!(problem["type"], format!("urn:gangway:problem:{}", problem["code"].as_str().unwrap()));
        problem["code"].as_str().unwrap().to_owned()
    }
}

/// A token of somebody with this role and these scopes.
async fn token(test: &TestApp, role: Role, scopes: &[Scope]) -> String {
    let member = test.member(role).await;
    let made = identity::create_token(&test.app, &member, "test", scopes, 30).await.unwrap();
    made.token.reveal().to_owned()
}

async fn client(test: &TestApp, role: Role, scopes: &[Scope]) -> Client {
    Client { router: Api::new(test.app.clone()).router(), token: token(test, role, scopes).await }
}

/// The API, for an admin whose token reaches everything.
async fn admin(test: &TestApp) -> Client {
    client(test, Role::Admin, &Scope::ALL).await
}

async fn ask(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

impl Client {
    fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if self.token.is_empty() {
            request
        } else {
            request.header("authorization", format!("Bearer {}", self.token))
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], "").await
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = self.request(method.clone(), path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = ask(&self.router, request.body(Body::from(body.to_owned())).unwrap()).await;
        described::check(&method, path, &answer);
        answer
    }

    async fn json(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &Json) -> Answer {
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/json"));
        self.send(method, path, &headers, &body.to_string()).await
    }

    /// Hands a deal over as text.
    async fn hand_over(&self, deal: &str) -> Answer {
        self.send(Method::POST, "/handoffs", &[("content-type", "text/plain")], deal).await
    }

    /// The id of an onboarding of this deal.
    async fn onboard(&self, deal: &str) -> String {
        let handoff = self.hand_over(deal).await.json()["id"].clone();
        let made =
            self.json(Method::POST, "/onboardings", &[], &serde_json::json!({ "handoff": handoff })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        made.json()["id"].as_str().unwrap().to_owned()
    }
}

/// The same app for a stranger: an admin of another workspace.
async fn stranger(test: &TestApp) -> Client {
    admin(&test.elsewhere("Southlight").await).await
}
