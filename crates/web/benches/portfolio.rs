//! How long pages take over many onboardings: `cargo bench -p gangway-web --bench portfolio`.
//!
//! A seeded workspace of 10,000 onboardings with real packages is written to SQLite, and the router is asked
//! as a browser asks it, without a network between. Printed are the median and the 99th percentile.
//!
//! `GANGWAY_BENCH_ONBOARDINGS=500` makes a smaller one. `GANGWAY_BENCH_DATA=FOLDER` keeps the database there and
//! uses it again; `gangway serve --data FOLDER` then serves it, and the cookie to sign in with is printed.
//! `GANGWAY_BENCH_POSTGRES=own` measures on a PostgreSQL cluster made for it, `=postgres://…` on an empty database.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

mod support;

use std::path::PathBuf;
use std::time::Instant;

use axum::Router;
use gangway_app::upkeep;
use gangway_domain::permission::Role;
use gangway_store::Db;
use gangway_testkit::{Database, TestApp};
use gangway_web::Web;
use support::pages::{get, heading, report};
use support::workspace::{Mix, write};

/// What the cookie of the kept database holds.
const COOKIE: &str = "gangway-bench.cookie";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let number: usize =
        std::env::var("GANGWAY_BENCH_ONBOARDINGS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let kept = std::env::var("GANGWAY_BENCH_DATA").ok().map(PathBuf::from);
    let folder = kept.clone().unwrap_or_else(|| {
        std::env::temp_dir().join(format!("gangway-bench-portfolio-{}", std::process::id()))
    });
    std::fs::create_dir_all(&folder).unwrap();
    // An address fills that database, which must be empty or filled by this bench before; `own` makes a cluster.
    let server = std::env::var("GANGWAY_BENCH_POSTGRES").ok();
    let own = match server.as_deref() {
        Some("own") => Some(Database::postgres().await.unwrap()),
        _ => None,
    };
    let url = match (&own, server) {
        (Some(own), _) => own.url.clone(),
        (None, Some(url)) => url,
        (None, None) => format!("sqlite:{}", folder.join("gangway.db").display()),
    };
    let db = Db::open(&url).await.unwrap();
    let known = folder.join(COOKIE).exists();
    let test = TestApp::on(db.clone()).await;
    let cookie = if known {
        std::fs::read_to_string(folder.join(COOKIE)).unwrap()
    } else {
        let begun = Instant::now();
        let cookie = fill(&test, number).await;
        println!("{number} onboardings written in {:.1} s", begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        upkeep::run(&test.app).await.unwrap();
        std::fs::write(folder.join(COOKIE), &cookie).unwrap();
        println!("brought up to date in {:.1} s", begun.elapsed().as_secs_f64());
        cookie
    };
    println!("{}, cookie: {cookie}", db.kind());
    let router = Web::new(test.app.clone()).router();
    let first = ids(&router, &cookie).await;
    heading(&db);
    let pages = [
        ("portfolio", 25.0, vec!["/onboardings?state=open"]),
        (
            "portfolio, every sort",
            25.0,
            vec![
                "/onboardings?sort=customer",
                "/onboardings?sort=late&dir=desc",
                "/onboardings?sort=go-live&dir=desc",
                "/onboardings?sort=p80",
                "/onboardings?sort=finish",
                "/onboardings?sort=quality",
                "/onboardings?sort=state",
                "/onboardings?sort=health",
                "/onboardings?sort=plan&dir=desc",
                "/onboardings?sort=next",
            ],
        ),
        (
            "portfolio, filtered",
            25.0,
            vec![
                "/onboardings?segment=enterprise&late=1",
                "/onboardings?owner=me",
                "/onboardings?owner=nobody",
                "/onboardings?seller=me&state=all",
                "/onboardings?stage=pilot",
                "/onboardings?health=At%20risk",
                "/onboardings?signals=low",
                "/onboardings?stage=not-begun&sort=customer",
                "/onboardings?state=completed&sort=go-live",
            ],
        ),
        (
            "portfolio, searched",
            25.0,
            vec!["/onboardings?q=harbour", "/onboardings?q=zzz", "/onboardings?q=supply+chain&late=1"],
        ),
        ("board", 25.0, vec!["/onboardings?show=board", "/onboardings?show=board&state=all"]),
        ("timeline", 0.0, vec!["/onboardings?show=timeline"]),
        (
            "search suggestions",
            30.0,
            vec![
                "/search/suggestions?q=a",
                "/search/suggestions?q=ha",
                "/search/suggestions?q=harbour",
                "/search/suggestions?q=harbour+lo",
                "/search/suggestions?q=enterprise",
                "/search/suggestions?q=lumi%C3%A8re",
                "/search/suggestions?q=qqqq",
            ],
        ),
        ("search page", 0.0, vec!["/search?q=harbour", "/search?q=e"]),
        ("accounts", 0.0, vec!["/accounts", "/accounts?q=harbour", "/accounts?open=yes"]),
        (
            "accounts, every order",
            0.0,
            vec!["/accounts?sort=open", "/accounts?sort=onboardings", "/accounts?sort=activity"],
        ),
        ("contacts", 0.0, vec!["/contacts", "/contacts?q=ada", "/contacts?sort=added"]),
        (
            "handoffs",
            0.0,
            vec!["/handoffs", "/handoffs?q=harbour", "/handoffs?sort=quality", "/handoffs?sort=customer"],
        ),
    ];
    for (name, asked, paths) in pages {
        report(name, asked, &router, &cookie, &paths).await;
    }
    let paths: Vec<&str> = first.iter().map(String::as_str).collect();
    report("onboarding page", 10.0, &router, &cookie, &paths).await;
    println!("resident memory of this process: {} MB", resident());
    db.close().await;
    if let Some(own) = own {
        own.remove().await.unwrap();
    }
    if kept.is_none() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

/// Resident memory in megabytes, as Linux tells it; 0 elsewhere.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1_000
}

/// The addresses of some onboardings.
async fn ids(router: &Router, cookie: &str) -> Vec<String> {
    let (_, page) = get(router, cookie, "/onboardings?state=open").await;
    page.split("href=\"/onboardings/onb_")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|id| format!("/onboardings/onb_{id}"))
        .collect()
}

/// Writes the workspace and returns the cookie of somebody who runs a part of it.
async fn fill(test: &TestApp, number: usize) -> String {
    let me = test.member(Role::OnboardingManager).await;
    let cookie = test.cookie(&me).await;
    let mut owners = vec![me.person];
    for _ in 0..9 {
        owners.push(test.member(Role::Csm).await.person);
    }
    owners.push(None);
    write(test, &Mix { owners: &owners, days: -330..90 }, number).await;
    cookie
}
