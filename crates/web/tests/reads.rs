//! What pages read, by what the database is asked: a program of its own, since the listener is one for all threads.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Debug;
use std::sync::Mutex;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use gangway_app::onboarding::{self, GenerateOptions};
use gangway_app::{contact, handoff, portal, work};
use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Role;
use gangway_domain::portal::PortalRole;
use gangway_domain::work::Change;
use gangway_store::statements;
use gangway_testkit::{TestApp, deal, for_each_database};
use gangway_web::Web;
use tower::ServiceExt;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// The statements that were run, in order.
static ASKED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Listens to what the driver logs.
struct Listener;

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Statement);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Statement;

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "db.statement" {
            ASKED.lock().unwrap().push(value.trim().to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

/// How often a statement of the store was run.
fn times(name: &str) -> usize {
    let known = statements().into_iter().find(|known| known.name == name);
    let known = known.unwrap_or_else(|| panic!("the store has no {name}"));
    ASKED.lock().unwrap().iter().filter(|text| *text == known.sql.trim()).count()
}

/// Opens a page, and forgets what was read before.
async fn open(router: &Router, path: &str, cookie: &str) {
    let request = Request::get(path).header(header::HOST, "127.0.0.1:8080").header(header::COOKIE, cookie);
    ASKED.lock().unwrap().clear();
    let page = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(page.status(), StatusCode::OK, "{path}");
}

/// The cookie of a project lead in the portal of an onboarding.
async fn enter(test: &TestApp, id: OnboardingId) -> String {
    let (app, actor) = (&test.app, &test.actor);
    let account = work::sight(app, actor, id).await.unwrap().head.account_id;
    let changes = contact::Changes {
        name: Some("Dana Whitfield".to_owned()),
        email: Some(Some("dana@acme.test".to_owned())),
        ..contact::Changes::default()
    };
    let dana = contact::add(app, actor, account, changes).await.unwrap().id;
    let invited = portal::invite(app, actor, id, dana, Some(PortalRole::Lead), None).await.unwrap();
    let opened = portal::open(app, &invited.secret, "test").await.unwrap();
    format!("gangway-portal={}", opened.secret.reveal())
}

#[tokio::test]
async fn pages_of_a_changed_plan_read_onboarding_and_plan_once() {
    tracing::subscriber::set_global_default(Listener).unwrap();
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let accepted = handoff::accept(app, actor, deal("Acme").into_bytes(), None).await.unwrap();
        let made = onboarding::generate(app, actor, accepted.handoff, GenerateOptions::default());
        let id = made.await.unwrap().id;
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        let first = plan.tasks.iter().min_by_key(|task| task.start).unwrap();
        let start = Change::Start { task: first.code.clone(), on: app.today() };
        assert_eq!(work::change(app, actor, id, None, vec![start]).await.unwrap().revision, 2);
        let cookie = test.sign_in(Role::Admin).await;
        let router = Web::new(app.clone()).router();
        for end in ["", "/plan"] {
            open(&router, &format!("/onboardings/{id}{end}"), &cookie).await;
            // Each is followed by another one on its connection, so that it was logged by now.
            for once in ["onboarding::head::HEAD", "work::read::GROUND", "work::read::TASKS"] {
                assert_eq!(times(once), 1, "{once} for the page {end:?}");
            }
            for never in ["onboarding::GET", "task::OF_ONBOARDING"] {
                assert_eq!(times(never), 0, "{never} for the page {end:?}");
            }
        }
        let guest = enter(&test, id).await;
        for path in ["/portal", "/portal/todo"] {
            open(&router, path, &guest).await;
            for once in ["work::read::GROUND", "work::read::TASKS"] {
                assert_eq!(times(once), 1, "{once} for the page {path}");
            }
        }
    })
    .await;
}
