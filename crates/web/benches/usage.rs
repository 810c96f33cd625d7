//! How long the pages of usage take over a year of daily roll-ups: `cargo bench -p gangway-web --bench usage`.
//!
//! On SQLite: 10,000 accounts of a product with eight features, each used by 3 to 20 users on the working days of a year.
//! What each user did is there for the last five weeks, since no page looks further. The router is asked as a browser asks
//! it, without a network between. Printed are the median and the 99th percentile.
//!
//! `GANGWAY_BENCH_ACCOUNTS=500` makes fewer. `GANGWAY_BENCH_DATA=FOLDER` keeps the database there and uses it again.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

mod support;

use std::path::PathBuf;
use std::time::Instant;

use axum::Router;
use gangway_app::account::name_key;
use gangway_app::upkeep;
use gangway_domain::ids::{AccountId, UsageGroupId, UsageUserId};
use gangway_domain::permission::Role;
use gangway_store::account::{self, Account, list};
use gangway_store::usage::{group, user};
use gangway_store::{Db, Tx};
use gangway_testkit::{TestApp, year_of_usage};
use gangway_web::Web;
use support::pages::{get, heading, report};
use support::workspace::{Mix, write};

/// What the cookie of the kept database holds.
const COOKIE: &str = "gangway-bench-usage.cookie";

/// Onboardings under way among the accounts.
const ONBOARDINGS: usize = 200;

/// Accounts written in one transaction.
const BATCH: usize = 500;

/// Different accounts and onboardings whose pages are asked for.
const ASKED_FOR: usize = 150;

/// Events of the built-in features, one for each.
const EVENTS: [&str; 8] = [
    "Dashboard Viewed",
    "Report Viewed",
    "Workflow Completed",
    "Comment Added",
    "Integration Connected",
    "Alert Created",
    "Automation Created",
    "API Called",
];

/// The heat map in every order.
const ORDERS: [&str; 8] = [
    "/adoption",
    "/adoption?dir=asc",
    "/adoption?sort=name",
    "/adoption?sort=name&dir=desc",
    "/adoption?sort=adoption",
    "/adoption?sort=adoption&dir=asc",
    "/adoption?feature=dashboards",
    "/adoption?feature=dashboards&dir=asc",
];

/// Pages of the heat map that are asked for in each order, as far as there are so many.
const PAGES: [usize; 5] = [1, 2, 20, 100, 200];

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let number: usize =
        std::env::var("GANGWAY_BENCH_ACCOUNTS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let kept = std::env::var("GANGWAY_BENCH_DATA").ok().map(PathBuf::from);
    let folder = kept
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("gangway-bench-usage-{}", std::process::id())));
    std::fs::create_dir_all(&folder).unwrap();
    let url = format!("sqlite:{}", folder.join("gangway-usage.db").display());
    let db = Db::open(&url).await.unwrap();
    let test = TestApp::on(db.clone()).await;
    let cookie = if folder.join(COOKIE).exists() {
        std::fs::read_to_string(folder.join(COOKIE)).unwrap()
    } else {
        let cookie = fill(&test, &url, number).await;
        std::fs::write(folder.join(COOKIE), &cookie).unwrap();
        cookie
    };
    let router = Web::new(test.app.clone()).router();
    ask(&test, &router, &cookie).await;
    db.close().await;
    if kept.is_none() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

/// Asks for the pages.
async fn ask(test: &TestApp, router: &Router, cookie: &str) {
    // The first look at adoption works out what nobody looked at before.
    let begun = Instant::now();
    get(router, cookie, "/adoption").await;
    println!("first look at adoption: {:.1} s", begun.elapsed().as_secs_f64());
    let mut tx = test.app.db.read().await.unwrap();
    let accounts = accounts(&mut tx, test).await;
    drop(tx);
    let map = pages_of(router, cookie, &ORDERS, "More accounts").await;
    let customers = ["/adoption/customers", "/adoption/customers?which=unmatched"];
    let customers = pages_of(router, cookie, &customers, "More customers").await;
    heading(&test.app.db);
    let usage: Vec<String> = spread(&accounts).map(|id| format!("/accounts/{id}/usage")).collect();
    report("usage of an account", 15.0, router, cookie, &texts(&usage)).await;
    report("heat map, every order, many pages", 50.0, router, cookie, &texts(&map)).await;
    let searched = ["/adoption?q=customer+0123", "/adoption?q=zzz", "/adoption?q=logistics&sort=adoption"];
    report("heat map, searched", 50.0, router, cookie, &searched).await;
    report("customers in the product", 0.0, router, cookie, &texts(&customers)).await;
    let activation = ["/adoption/activation", "/adoption/activation?pace=on-track"];
    report("activation", 0.0, router, cookie, &activation).await;
    report("features", 0.0, router, cookie, &["/adoption/features"]).await;
    let pages: Vec<String> = spread(&accounts).map(|id| format!("/accounts/{id}")).collect();
    report("an account", 0.0, router, cookie, &texts(&pages)).await;
    let onboardings = onboardings(router, cookie).await;
    let pages: Vec<String> = spread(&onboardings).map(|path| format!("{path}/usage")).collect();
    report("usage of an onboarding", 0.0, router, cookie, &texts(&pages)).await;
}

fn texts(paths: &[String]) -> Vec<&str> {
    paths.iter().map(String::as_str).collect()
}

/// Some of all, from the first to the last.
fn spread<T>(all: &[T]) -> impl Iterator<Item = &T> {
    all.iter().step_by((all.len() / ASKED_FOR).max(1)).take(ASKED_FOR)
}

/// Some pages of lists, by following the link to the next page.
async fn pages_of(router: &Router, cookie: &str, first: &[&str], link: &str) -> Vec<String> {
    let last = PAGES.into_iter().max().unwrap();
    let mut found = Vec::new();
    for path in first {
        let mut path = (*path).to_owned();
        for number in 1..=last {
            let (_, page) = get(router, cookie, &path).await;
            if PAGES.contains(&number) {
                found.push(path);
            }
            let Some((before, _)) = page.split_once(&format!("\">{link}</a>")) else { break };
            path = before.rsplit_once("href=\"").unwrap().1.replace("&#38;", "&").replace("&amp;", "&");
        }
    }
    found
}

/// The addresses of some onboardings.
async fn onboardings(router: &Router, cookie: &str) -> Vec<String> {
    let (_, page) = get(router, cookie, "/onboardings?state=open").await;
    page.split("href=\"/onboardings/onb_")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|id| format!("/onboardings/onb_{id}"))
        .collect()
}

/// Writes the workspace and returns the cookie of somebody of it.
async fn fill(test: &TestApp, url: &str, number: usize) -> String {
    let begun = Instant::now();
    let me = test.member(Role::OnboardingManager).await;
    let cookie = test.cookie(&me).await;
    write(test, &Mix { owners: &[me.person], days: -45..-15 }, ONBOARDINGS.min(number)).await;
    upkeep::run(&test.app).await.unwrap();
    let mut index = ONBOARDINGS.min(number);
    while index < number {
        let mut tx = test.app.db.write().await.unwrap();
        for _ in 0..BATCH.min(number - index) {
            one(test, &mut tx, index).await;
            index += 1;
        }
        tx.commit().await.unwrap();
    }
    let mut tx = test.app.db.write().await.unwrap();
    let accounts = accounts(&mut tx, test).await;
    connect(test, &mut tx, &accounts).await;
    tx.commit().await.unwrap();
    println!("{} accounts written in {:.1} s", accounts.len(), begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let rows = year_of_usage(url, test.actor.workspace, test.app.today(), &EVENTS).await.unwrap();
    println!("{rows} rows of days written in {:.1} s", begun.elapsed().as_secs_f64());
    cookie
}

async fn one(test: &TestApp, tx: &mut Tx, index: usize) {
    let name = format!("Customer {index:05}");
    let row = Account {
        id: AccountId::fresh(&*test.app.ids),
        name_key: name_key(&name),
        name,
        industry: None,
        country: None,
        website: None,
        created_at: test.app.now(),
    };
    account::insert_or_match(tx, test.actor.workspace, &row).await.unwrap();
}

/// The ids of all accounts.
async fn accounts(tx: &mut Tx, test: &TestApp) -> Vec<AccountId> {
    let mut found = Vec::new();
    let mut query = list::Query { limit: 500, ..list::Query::default() };
    loop {
        let (lines, next) = list::page(tx, test.actor.workspace, &query).await.unwrap();
        found.extend(lines.into_iter().map(|line| line.id));
        if next.is_none() {
            return found;
        }
        query.after = next;
    }
}

/// Makes every account a customer of the product with 3 to 20 users.
async fn connect(test: &TestApp, tx: &mut Tx, accounts: &[AccountId]) {
    let (workspace, ids, now) = (test.actor.workspace, &*test.app.ids, test.app.now());
    let mut groups = Vec::new();
    let mut users = Vec::new();
    for (number, _) in accounts.iter().enumerate() {
        let group = UsageGroupId::fresh(ids);
        groups.push(group::Sighting {
            id: group,
            external_id: format!("customer-{number}"),
            name: None,
            first_at: now,
            last_at: now,
        });
        for user in 0..3 + number * 7 % 18 {
            users.push(user::Sighting {
                id: UsageUserId::fresh(ids),
                external_id: format!("user-{number}-{user}"),
                group,
                email: Some(format!("user{user}@customer{number}.test")),
                name: Some(format!("User {user}")),
                first_at: now,
                last_at: now,
            });
        }
    }
    group::put(tx, workspace, &groups).await.unwrap();
    for (group, account) in groups.iter().zip(accounts) {
        group::assign(tx, workspace, group.id, Some(*account), "external-id").await.unwrap();
    }
    user::put(tx, workspace, &users).await.unwrap();
}
