//! How long the pages of a customer's portal take: `cargo bench -p gangway-web --bench portal`.
//!
//! On SQLite, and on a PostgreSQL cluster made for it: the demo with its forty onboardings, and the project lead of the
//! largest that is lived through in full, in English and in German. The router is asked as a browser asks it, without a
//! network between. Printed are the median and the 99th percentile.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

#[path = "support/pages.rs"]
mod pages;

use std::collections::BTreeSet;
use std::time::Instant;

use axum::Router;
use gangway_app::form::{self, Draft};
use gangway_app::{demo, onboarding, portal};
use gangway_domain::ids::{ContactId, OnboardingId};
use gangway_domain::portal::{Language, PortalRole};
use gangway_store::onboarding::list::Query;
use gangway_testkit::{Database, TestApp};
use gangway_web::Web;
use pages::{get, heading, report};

/// Whose portal it is.
const CUSTOMER: &str = "Kestrel Energy";

/// What every page was asked to take at most, at the 99th percentile in milliseconds.
const ASKED: f64 = 15.0;

/// Pages that are there for everybody who leads a project.
const PAGES: [(&str, &str); 11] = [
    ("home", "/portal"),
    ("plan", "/portal/plan"),
    ("what waits", "/portal/todo"),
    ("approvals", "/portal/approvals"),
    ("impact plan", "/portal/outcomes"),
    ("training", "/portal/training"),
    ("documents", "/portal/documents"),
    ("meetings", "/portal/meetings"),
    ("forms", "/portal/forms"),
    ("people", "/portal/people"),
    ("readiness", "/portal/launch"),
];

/// Pages of single things, found by the links to them: what they are, the page that lists them, how they begin.
const SINGLE: [(&str, &str, &str); 4] = [
    ("a task", "/portal/plan", "/portal/tasks/"),
    ("an outcome", "/portal/outcomes", "/portal/outcomes/"),
    ("a document", "/portal/documents", "/portal/documents/"),
    ("a form", "/portal/forms", "/portal/forms/"),
];

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        measure(Database::sqlite().await.unwrap()).await;
        match Database::postgres().await {
            Ok(database) => measure(database).await,
            Err(error) => println!("\nnothing is measured on PostgreSQL: {error:#}"),
        }
    });
}

async fn measure(database: Database) {
    let test = TestApp::on(database.db.clone()).await;
    let begun = Instant::now();
    let made = demo::seed(&test.app).await.unwrap();
    println!("\n{made} onboardings of the demo written in {:.1} s", begun.elapsed().as_secs_f64());
    let lead = prepare(&test).await;
    let router = Web::new(test.app.clone()).router();
    for (language, words) in [(Language::En, "English"), (Language::De, "German")] {
        let cookie = enter(&test, lead, language).await;
        println!("\nportal of {CUSTOMER} in {words}");
        heading(&database.db);
        for (name, path) in PAGES {
            report(name, ASKED, &router, &cookie, &[path]).await;
        }
        for (name, list, begins) in SINGLE {
            let known = links(&router, &cookie, list, begins).await;
            assert!(!known.is_empty(), "{list} leads to nothing that begins with {begins}");
            let paths: Vec<&str> = known.iter().map(String::as_str).collect();
            report(name, ASKED, &router, &cookie, &paths).await;
        }
    }
    database.remove().await.unwrap();
}

/// The onboarding whose portal it is, and its project lead, who finds every document shared and a form to fill in.
async fn prepare(test: &TestApp) -> (OnboardingId, ContactId) {
    let (app, actor) = (&test.app, &test.actor);
    let all = onboarding::list(app, actor, Query::first(100, app.today())).await.unwrap().page.lines;
    let id = all.iter().find(|line| line.customer == CUSTOMER).unwrap().id;
    let shareable = portal::shareable(app, actor, id).await.unwrap();
    let names: Vec<String> = shareable.into_iter().map(|one| one.name).collect();
    portal::share_documents(app, actor, id, &names).await.unwrap();
    let people = portal::manage(app, actor, id).await.unwrap().people;
    let lead = people.iter().find(|one| one.role == PortalRole::Lead && one.email.is_some()).unwrap();
    let asked = Draft { form: "user-list".to_owned(), contact: Some(lead.contact), due_on: None };
    form::ask(app, actor, id, asked).await.unwrap();
    (id, lead.contact)
}

/// The project lead comes in: their cookie.
async fn enter(test: &TestApp, (id, who): (OnboardingId, ContactId), language: Language) -> String {
    let (app, actor) = (&test.app, &test.actor);
    let role = Some(PortalRole::Lead);
    let invited = portal::invite(app, actor, id, who, role, Some(language)).await.unwrap();
    let opened = portal::open(app, &invited.secret, "bench").await.unwrap();
    format!("gangway-portal={}", opened.secret.reveal())
}

/// Addresses a page leads to that begin so; files are not among them.
async fn links(router: &Router, cookie: &str, list: &str, begins: &str) -> Vec<String> {
    let (_, page) = get(router, cookie, list).await;
    let all = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let found: BTreeSet<&str> = all.filter(|path| is_page(path, begins)).collect();
    found.into_iter().map(str::to_owned).collect()
}

fn is_page(path: &str, begins: &str) -> bool {
    path.strip_prefix(begins).is_some_and(|rest| !rest.is_empty() && !rest.contains(['/', '?', '#']))
}
