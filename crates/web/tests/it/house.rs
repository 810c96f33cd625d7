//! Gangway beside an identity provider, and the browsers that go back and forth between them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use gangway_app::App;
use gangway_app::identity::{ProviderSettings, Ways};
use gangway_domain::ids::PersonId;
use gangway_domain::permission::Role;
use gangway_store::person::Person;
use gangway_store::{activity, membership, person};
use gangway_testkit::TestApp;
use gangway_web::Web;
use serde_json::Value;

use super::provider::{Provider, User};
use super::{Answer, Site, ask};

/// A browser: it keeps the cookies it is given.
pub(super) struct Browser {
    pub(super) router: Router,
    pub(super) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(super) async fn send(&mut self, request: axum::http::request::Builder, body: &str) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request =
            if cookies.is_empty() { request } else { request.header(header::COOKIE, cookies.join("; ")) };
        let site = Site { router: self.router.clone(), cookie: String::new() };
        let answer = ask(&site, request.body(Body::from(body.to_owned())).unwrap()).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            match value {
                "" => self.cookies.remove(name),
                value => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), "").await
    }

    pub(super) async fn post(&mut self, path: &str, form: &str) -> Answer {
        let form_type = "application/x-www-form-urlencoded";
        self.send(Request::post(path).header(header::CONTENT_TYPE, form_type), form).await
    }

    /// To the provider, where the person says yes: where the browser is sent back to.
    pub(super) async fn leave(&mut self, provider: &Provider, path: &str) -> String {
        let left = self.get(path).await;
        assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.text);
        provider.say_yes(left.header(header::LOCATION))
    }

    /// There and back.
    pub(super) async fn sign_in(&mut self, provider: &Provider) -> Answer {
        let back = self.leave(provider, "/sign-in/provider").await;
        self.get(&back).await
    }

    pub(super) fn is_in(&self) -> bool {
        self.cookies.contains_key("gangway")
    }
}

/// Gangway with a provider, as the settings say after they were changed.
pub(super) struct House {
    pub(super) test: Arc<TestApp>,
    pub(super) provider: Provider,
    pub(super) app: App,
}

impl House {
    pub(super) async fn with(db: gangway_store::Db, passwords: bool) -> Self {
        Self::of(Arc::new(TestApp::on(db).await), |_| {}, passwords).await
    }

    pub(super) async fn new(db: gangway_store::Db) -> Self {
        Self::with(db, true).await
    }

    /// The same house with another provider.
    pub(super) async fn with_another(&self, change: impl FnOnce(&mut ProviderSettings)) -> Self {
        Self::of(self.test.clone(), change, true).await
    }

    pub(super) async fn of(
        test: Arc<TestApp>,
        change: impl FnOnce(&mut ProviderSettings),
        passwords: bool,
    ) -> Self {
        let provider = Provider::start().await;
        let mut settings = provider.settings();
        change(&mut settings);
        settings.check().unwrap();
        let app = App { ways: Arc::new(Ways::through(settings, passwords)), ..test.app.clone() };
        Self { test, provider, app }
    }

    pub(super) fn browser(&self) -> Browser {
        Browser { router: Web::new(self.app.clone()).router(), cookies: BTreeMap::new() }
    }

    /// Somebody with this address, in the workspace, who has never signed in through the provider.
    pub(super) async fn member(&self, email: &str, role: Role) -> PersonId {
        let row = Person {
            id: PersonId::fresh(&*self.app.ids),
            email: email.to_owned(),
            name: "Ines".to_owned(),
            password_hash: None,
            subject: None,
            created_at: self.app.now(),
        };
        let mut tx = self.app.db.write().await.unwrap();
        person::insert(&mut tx, &row).await.unwrap();
        membership::insert(&mut tx, self.test.actor.workspace, row.id, role, self.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        row.id
    }

    pub(super) async fn trail(&self) -> Vec<String> {
        let mut tx = self.app.db.read().await.unwrap();
        let entries = activity::recent(&mut tx, self.test.actor.workspace, 50).await.unwrap();
        entries.into_iter().map(|entry| entry.summary).collect()
    }

    pub(super) async fn person(&self, email: &str) -> Option<Person> {
        let mut tx = self.app.db.read().await.unwrap();
        person::by_email(&mut tx, email).await.unwrap()
    }
}

pub(super) fn user(sub: &'static str, email: &'static str, verified: impl Into<Value>) -> User {
    User { sub, email, verified: verified.into(), name: "Ines Okafor" }
}
