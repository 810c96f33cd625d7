//! How long the pages of running onboardings take: `cargo bench -p gangway-web --bench work`.
//!
//! On SQLite, and on a PostgreSQL cluster made for it: 500 onboardings that one person runs, and one with 2,000 tasks.
//! The router is asked as a browser asks it, without a network between. Printed are the median and the 99th percentile.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use gangway_app::onboarding::{self, GenerateOptions};
use gangway_app::{Actor, handoff, health, portfolio, upkeep, work};
use gangway_domain::permission::Role;
use gangway_testkit::{Database, TestApp, big_deal};
use gangway_web::Web;
use http_body_util::BodyExt;
use support::pages::{get, heading, report, row};
use support::workspace::{Mix, write};
use tower::ServiceExt;

/// Onboardings one person runs.
const ONBOARDINGS: usize = 500;

/// Times the plan is changed for each of its pages.
const CHANGES: u32 = 100;

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
    let me = test.member(Role::OnboardingManager).await;
    let cookie = test.cookie(&me).await;
    let begun = Instant::now();
    write(&test, &Mix { owners: &[me.person], days: -45..-15 }, ONBOARDINGS).await;
    upkeep::run(&test.app).await.unwrap();
    let (big, task) = big(&test, &me).await;
    // Some days of which nobody has told anything: there is work that should be done.
    test.clock.advance_days(5);
    println!("\n{ONBOARDINGS} onboardings written in {:.1} s", begun.elapsed().as_secs_f64());

    let router = Web::new(test.app.clone()).router();
    let (_, page) = get(&router, &cookie, "/my-work").await;
    assert!(page.contains("/tasks/"), "nothing waits for whoever runs {ONBOARDINGS} onboardings");
    heading(&database.db);
    report("my work over 500 onboardings", 30.0, &router, &cookie, &["/my-work"]).await;
    report("workload over 500 onboardings", 0.0, &router, &cookie, &["/workload"]).await;
    for (name, view) in [
        ("2,000 tasks: change and updated list", "list"),
        ("2,000 tasks: change and updated Gantt chart", "gantt"),
    ] {
        let back = format!("{big}/plan?view={view}");
        changed(name, &router, &cookie, (big.as_str(), task.as_str()), &back).await;
    }
    for (name, path) in [
        ("2,000 tasks: overview", big.clone()),
        ("2,000 tasks: list", format!("{big}/plan?view=list")),
        ("2,000 tasks: Gantt chart", format!("{big}/plan?view=gantt")),
        ("2,000 tasks: ledger of 200 changes", format!("{big}/plan/ledger")),
    ] {
        report(name, 0.0, &router, &cookie, &[path.as_str()]).await;
    }
    database.remove().await.unwrap();
}

/// The address of an onboarding with 2,000 tasks, and the first of its tasks (code) that decide the go-live.
async fn big(test: &TestApp, me: &Actor) -> (String, String) {
    let (app, actor) = (&test.app, &test.actor);
    let deal = big_deal("Harbourline Group").into_bytes();
    let accepted = handoff::accept(app, actor, deal, None).await.unwrap();
    let made = onboarding::generate(app, actor, accepted.handoff, GenerateOptions::default()).await.unwrap();
    portfolio::assign(app, actor, made.id, me.person).await.unwrap();
    // As the jobs of a server do it soon after: what the deal says of users is remembered then.
    let sight = work::sight(app, actor, made.id).await.unwrap();
    let account = BTreeSet::from([sight.head.account_id]);
    health::refresh_accounts(app, actor.workspace, &account).await.unwrap();
    let plan = sight.stored.plan;
    assert!(plan.tasks.len() >= 2_000, "{} tasks", plan.tasks.len());
    let kickoff = plan.kickoff_on();
    let critical = plan.tasks.iter().filter(|task| task.critical && task.start > kickoff);
    let task = critical.min_by_key(|task| task.start).unwrap();
    (format!("/onboardings/{}", made.id), task.code.clone())
}

/// Changes the working days of a task again and again, each time with the page the browser is led to.
async fn changed(name: &str, router: &Router, cookie: &str, (onboarding, task): (&str, &str), back: &str) {
    let back = back.replace('/', "%2F").replace('?', "%3F").replace('=', "%3D");
    let mut times = Vec::new();
    for turn in 0..=CHANGES {
        let days = 5 + turn % 2;
        let kept = "days_was=0&not_before=&not_before_was=&finish_by=&finish_by_was=";
        let form = format!("kind=replan&task={task}&days={days}&{kept}&back={back}");
        times.push(change(router, cookie, &format!("{onboarding}/plan/changes"), form).await);
    }
    // The first one also tells of the days that passed, and nothing is warm.
    times.remove(0);
    times.sort();
    row(name, 80.0, &times, "");
}

/// Sends a form and follows where it leads; gives how long both took together.
async fn change(router: &Router, cookie: &str, path: &str, form: String) -> Duration {
    let request = Request::post(path)
        .header(header::HOST, "127.0.0.1")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = request.body(Body::from(form)).unwrap();
    let begun = Instant::now();
    let response = router.clone().oneshot(request).await.unwrap();
    let sent = begun.elapsed();
    let status = response.status();
    let there = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    let there = there.unwrap_or_default().to_owned();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(status, StatusCode::SEE_OTHER, "{}", String::from_utf8_lossy(&bytes));
    sent + get(router, cookie, &there).await.0
}
