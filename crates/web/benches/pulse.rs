//! How soon an event is felt: `cargo bench -p gangway-web --bench pulse`.
//!
//! On SQLite: 10,000 accounts with an onboarding each, whose plans, people and meetings are kept. First, how long it takes
//! to judge the health of all of them. Then 10,000 events a second come in for 20 seconds, in batches of 100 and spread
//! over all accounts, while events are counted and health is judged as `gangway serve` does it; each tenth of a second,
//! somebody uses a core feature at an account that was silent until then. Measured is the time from the acknowledgement
//! of that event until its account's score is another, and until an open page hears of it. The load is made by the same
//! process on the same cores. On the day of the measurement everybody at the other accounts has used everything they use
//! once.
//!
//! `GANGWAY_BENCH_ACCOUNTS=500` makes fewer accounts, `GANGWAY_BENCH_SECONDS=60` measures longer.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gangway_app::health::{self, Keeper};
use gangway_app::usage::ingest::{self, Admitted};
use gangway_app::usage::{Roller, roll_once, source};
use gangway_app::{App, Clock, job, live, upkeep};
use gangway_domain::ids::{AccountId, ObservationId, OnboardingId, UsageGroupId, WorkspaceId};
use gangway_domain::permission::Role;
use gangway_events::read::{Origin, Shape, open};
use gangway_store::health::observation::{self, Observation};
use gangway_store::health::{get as health_of, known};
use gangway_store::usage::group::{self, Sighting};
use gangway_testkit::{Database, TestApp, TestClock};
use gangway_web::Web;
use jiff::{SignedDuration, Timestamp};
use support::pages::{heading, report, row};
use support::workspace::{Mix, write};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

/// Events a second.
const RATE: usize = 10_000;

/// Events of a request.
const BATCH: usize = 100;

/// Tasks that send requests, one after the other each.
const SENDERS: usize = 4;

/// Events of a request while the day is filled.
const FILLED: usize = 1_000;

/// Users of an account.
const USERS: usize = 3;

/// What they do.
const EVENTS: [&str; 4] = ["Signed In", "Dashboard Viewed", "Report Viewed", "Comment Added"];

/// What moves a score: a core feature nobody of the account had used.
const PROBE: &str = "Workflow Completed";

/// Time between two of these.
const APART: Duration = Duration::from_millis(100);

/// How often the row of health is looked at: not so often that those who wait would be a load of their own.
const LOOK: Duration = Duration::from_millis(20);

/// How long a score is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Until the looks of the hour, which come with a start, are over.
const SETTLED: Duration = Duration::from_secs(15);

/// Onboardings whose observations are written in one transaction.
const WRITTEN: usize = 500;

/// A clock that goes on from where that of the test stands.
struct Going {
    from: Arc<TestClock>,
    begun: Instant,
}

impl Clock for Going {
    fn now(&self) -> Timestamp {
        let gone = SignedDuration::try_from(self.begun.elapsed()).unwrap();
        self.from.now() + gone
    }
}

/// An account of the bench.
#[derive(Clone, Copy)]
struct Customer {
    number: usize,
    account: AccountId,
    onboarding: OnboardingId,
}

/// Everything the tasks of the bench share.
#[derive(Clone)]
struct World {
    app: App,
    by: Admitted,
    sent: Arc<AtomicUsize>,
}

/// What became of a probe.
struct Felt {
    onboarding: OnboardingId,
    acknowledged: Instant,
    changed: Option<Instant>,
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

async fn measure() {
    let accounts = number("GANGWAY_BENCH_ACCOUNTS", 10_000);
    let length = Duration::from_secs(number("GANGWAY_BENCH_SECONDS", 20) as u64);
    let database = Database::sqlite().await.unwrap();
    let mut test = TestApp::on(database.db.clone()).await;
    let clock = Going { from: test.clock.clone(), begun: Instant::now() };
    test.app = App { clock: Arc::new(clock), ..test.app.clone() };
    let begun = Instant::now();
    let (cookie, customers) = fill(&test, accounts).await;
    println!("{} accounts written in {:.1} s", customers.len(), begun.elapsed().as_secs_f64());
    heading(&database.db);
    judged(&test, &customers).await;
    let world = World { by: admitted(&test).await, app: test.app.clone(), sent: Arc::default() };
    let probes = usize::try_from(length.as_millis() / APART.as_millis()).unwrap().min(customers.len() / 2);
    let (used, silent) = customers.split_at(customers.len() - probes);
    day(&world, used).await;
    pulse(&test, &world, used, silent, length).await;
    let router = Web::new(test.app.clone()).router();
    let pages: Vec<String> =
        silent.iter().take(50).map(|one| format!("/onboardings/{}/health", one.onboarding)).collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    if !pages.is_empty() {
        report("health of an onboarding, after that", 0.0, &router, &cookie, &pages).await;
    }
    database.remove().await.unwrap();
}

/// Writes the workspace; gives the cookie of somebody who looks at it, and its customers.
async fn fill(test: &TestApp, accounts: usize) -> (String, Vec<Customer>) {
    let me = test.member(Role::OnboardingManager).await;
    let cookie = test.cookie(&me).await;
    write(test, &Mix { owners: &[me.person], days: -40..-10 }, accounts).await;
    upkeep::run(&test.app).await.unwrap();
    let (app, workspace) = (&test.app, test.actor.workspace);
    let mut tx = app.db.read().await.unwrap();
    let all = known::past(&mut tx, workspace, jiff::civil::Date::MAX).await.unwrap();
    drop(tx);
    // One onboarding of each account, and none that is over: what the packages were made from is left out.
    let mut seen = BTreeSet::new();
    let all = all.into_iter().filter(|one| one.state == "running" && seen.insert(one.account));
    let customers: Vec<Customer> = all
        .enumerate()
        .map(|(number, one)| Customer { number, account: one.account, onboarding: one.id })
        .collect();
    for some in customers.chunks(WRITTEN) {
        let mut tx = app.db.write().await.unwrap();
        for one in some {
            for (subject, rating) in [("engagement", 4), ("mood", 4), ("system", 3)] {
                let seen = Observation {
                    id: ObservationId::fresh(&*app.ids),
                    component: subject.to_owned(),
                    rating,
                    note: String::new(),
                    person: me.person,
                    by: me.name.clone(),
                    at: app.now(),
                };
                observation::insert(&mut tx, workspace, one.onboarding, &seen).await.unwrap();
            }
        }
        let sighting = |one: &Customer| Sighting {
            id: UsageGroupId::fresh(&*app.ids),
            external_id: format!("g-{}", one.number),
            name: None,
            first_at: app.now(),
            last_at: app.now(),
        };
        let groups: Vec<Sighting> = some.iter().map(sighting).collect();
        group::put(&mut tx, workspace, &groups).await.unwrap();
        for (one, customer) in groups.iter().zip(some) {
            assert!(
                group::assign(&mut tx, workspace, one.id, Some(customer.account), "person").await.unwrap()
            );
        }
        tx.commit().await.unwrap();
    }
    (cookie, customers)
}

/// Says how long it takes to judge the health of all.
async fn judged(test: &TestApp, customers: &[Customer]) {
    let accounts: BTreeSet<AccountId> = customers.iter().map(|one| one.account).collect();
    let workspace = test.actor.workspace;
    for name in
        ["health of all, for the first time", "once more, what events and systems tell", "on the next day"]
    {
        if name == "on the next day" {
            test.clock.advance_days(1);
        }
        let begun = Instant::now();
        health::refresh_accounts(&test.app, workspace, &accounts).await.unwrap();
        let took = begun.elapsed();
        let each = took.as_secs_f64() * 1_000.0 / accounts.len().max(1) as f64;
        println!("{name:<44} {:>7.2} s   {each:.3} ms each", took.as_secs_f64());
    }
}

async fn admitted(test: &TestApp) -> Admitted {
    let wanted = source::Wanted { name: "Product".to_owned(), origins: Vec::new() };
    let key = source::add(&test.app, &test.actor, &wanted).await.unwrap().key;
    ingest::admit(&test.app, key.reveal()).await.unwrap().unwrap()
}

/// One event, as an SDK writes it.
fn event(text: &mut String, id: &str, customer: &Customer, user: usize, name: &str, at: Timestamp) {
    let number = customer.number;
    let comma = if text.is_empty() { "" } else { "," };
    write!(
        text,
        "{comma}{{\"type\":\"track\",\"messageId\":\"{id}\",\"userId\":\"u-{number}-{user}\",\"event\":\"{name}\",\
         \"timestamp\":\"{at}\",\"context\":{{\"groupId\":\"g-{number}\"}}}}"
    )
    .unwrap();
}

impl World {
    /// Takes events in, and comes back when they are acknowledged.
    async fn send(&self, events: &str, count: usize) {
        let body = format!("{{\"batch\":[{events}]}}");
        let received_at = self.app.clock.now();
        let origin = Origin { workspace: self.by.workspace, source: self.by.source.uuid(), received_at };
        let verdicts = open(body.as_bytes(), Shape::Batch).unwrap().read(&origin);
        let told = ingest::accept(&self.app, &self.by, verdicts).await.unwrap();
        assert_eq!(told.accepted, count);
        self.sent.fetch_add(count, Ordering::Relaxed);
    }
}

/// What the event of a place in the load is: each account in turn, then its users, then what they do.
fn place(used: &[Customer], at: usize) -> (Customer, usize, &'static str) {
    let turn = at / used.len();
    (used[at % used.len()], turn % USERS, EVENTS[turn / USERS % EVENTS.len()])
}

/// Has everybody use everything once.
async fn day(world: &World, used: &[Customer]) {
    let begun = Instant::now();
    let all: Vec<usize> = (0..used.len() * USERS * EVENTS.len()).collect();
    for some in all.chunks(FILLED) {
        let mut text = String::new();
        let at = world.app.clock.now();
        for number in some {
            let (customer, user, name) = place(used, *number);
            event(&mut text, &format!("d-{number}"), &customer, user, name, at);
        }
        world.send(&text, some.len()).await;
    }
    roll_once(&world.app).await.unwrap();
    let took = begun.elapsed().as_secs_f64();
    println!("{:<44} {took:>7.2} s   {} events", "a day of all users, counted and judged", all.len());
}

/// The load, and the probes in it.
async fn pulse(test: &TestApp, world: &World, used: &[Customer], silent: &[Customer], length: Duration) {
    let (stop, stopped) = watch::channel(false);
    let workers = work(&world.app, &stopped);
    let heard = Arc::new(Mutex::new(BTreeMap::new()));
    let listening = tokio::spawn(listen(live::watch(&world.app, &test.actor).await.unwrap(), heard.clone()));
    tokio::time::sleep(SETTLED).await;
    world.sent.store(0, Ordering::Relaxed);
    let begun = Instant::now();
    let used: Arc<[Customer]> = used.into();
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| tokio::spawn(load(world.clone(), used.clone(), sender, begun, length)))
        .collect();
    let felt = probe(world, silent, begun, length).await;
    for sender in senders {
        sender.await.unwrap();
    }
    let rate = world.sent.load(Ordering::Relaxed) as f64 / begun.elapsed().max(length).as_secs_f64();
    let felt = changed(felt).await;
    // What was told of the last ones may still be on its way.
    tokio::time::sleep(Duration::from_secs(1)).await;
    listening.abort();
    stop.send_replace(true);
    for worker in workers {
        worker.await.unwrap();
    }
    let heard = heard.lock().unwrap();
    println!("{:<44} {rate:>7.0} /s", "events really taken in, while");
    let changes = felt.iter().map(|one| one.changed.map(|at| at.duration_since(one.acknowledged)));
    told("event to another score", changes.collect());
    let news = felt.iter().map(|one| {
        heard.get(&one.onboarding).map(|at: &Instant| at.saturating_duration_since(one.acknowledged))
    });
    told("event to an open page that hears of it", news.collect());
}

/// The workers of `gangway serve` that have to do with it.
fn work(app: &App, stopped: &watch::Receiver<bool>) -> Vec<tokio::task::JoinHandle<()>> {
    let stopping = || {
        let mut stopped = stopped.clone();
        async move {
            stopped.wait_for(|stop| *stop).await.ok();
        }
    };
    let runner = job::runner(
        app,
        vec![Arc::new(Keeper::after_changes(app.clone())), Arc::new(Keeper::every_day(app.clone()))],
    );
    vec![
        tokio::spawn(Roller::new(app.clone()).run(stopping())),
        tokio::spawn(runner.run(stopping(), Duration::from_secs(5))),
    ]
}

/// Notes when it was first heard that the health of an onboarding is another.
async fn listen(
    mut news: tokio::sync::broadcast::Receiver<Arc<gangway_app::activity::Activity>>,
    heard: Arc<Mutex<BTreeMap<OnboardingId, Instant>>>,
) {
    loop {
        match news.recv().await {
            Ok(entry) if entry.kind == "health.changed" => {
                if let Some(id) = entry.onboarding {
                    heard.lock().unwrap().entry(id).or_insert_with(Instant::now);
                }
            }
            // A page that missed something is read again, which no score here waits for.
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// Sends its share of the load, at its time; what takes longer is sent late, and all of it.
async fn load(world: World, used: Arc<[Customer]>, sender: usize, begun: Instant, length: Duration) {
    let apart = Duration::from_secs(1) * u32::try_from(BATCH).unwrap() / u32::try_from(RATE).unwrap();
    for turn in (sender..).step_by(SENDERS) {
        let due = apart * u32::try_from(turn).unwrap();
        if due >= length {
            return;
        }
        tokio::time::sleep_until((begun + due).into()).await;
        let mut text = String::new();
        let at = world.app.clock.now();
        for number in turn * BATCH..(turn + 1) * BATCH {
            let (customer, user, name) = place(&used, number);
            event(&mut text, &format!("l-{number}"), &customer, user, name, at);
        }
        world.send(&text, BATCH).await;
        if begun.elapsed() > length + PATIENCE {
            return;
        }
    }
}

/// Has somebody use a core feature at one silent account after the other.
async fn probe(
    world: &World,
    silent: &[Customer],
    begun: Instant,
    length: Duration,
) -> Vec<tokio::task::JoinHandle<Felt>> {
    let mut felt = Vec::new();
    for (turn, customer) in (0_u32..).zip(silent) {
        let due = APART * turn;
        if due >= length {
            break;
        }
        tokio::time::sleep_until((begun + due).into()).await;
        let before = score(&world.app, world.by.workspace, customer.onboarding).await;
        let mut text = String::new();
        event(&mut text, &format!("p-{turn}"), customer, 0, PROBE, world.app.clock.now());
        world.send(&text, 1).await;
        let acknowledged = Instant::now();
        felt.push(tokio::spawn(wait(world.clone(), customer.onboarding, before, acknowledged)));
    }
    felt
}

/// The number of the last change of an onboarding's health.
async fn score(app: &App, workspace: WorkspaceId, id: OnboardingId) -> Option<i64> {
    let mut tx = app.db.read().await.unwrap();
    health_of(&mut tx, workspace, id).await.unwrap().map(|judged| judged.number)
}

async fn wait(world: World, onboarding: OnboardingId, before: Option<i64>, acknowledged: Instant) -> Felt {
    while acknowledged.elapsed() < PATIENCE {
        if score(&world.app, world.by.workspace, onboarding).await != before {
            return Felt { onboarding, acknowledged, changed: Some(Instant::now()) };
        }
        tokio::time::sleep(LOOK).await;
    }
    Felt { onboarding, acknowledged, changed: None }
}

async fn changed(felt: Vec<tokio::task::JoinHandle<Felt>>) -> Vec<Felt> {
    let mut all = Vec::new();
    for one in felt {
        all.push(one.await.unwrap());
    }
    all
}

/// A row of the table, and how many nothing was felt of.
fn told(name: &str, times: Vec<Option<Duration>>) {
    let all = times.len();
    let mut felt: Vec<Duration> = times.into_iter().flatten().collect();
    felt.sort();
    let Some(most) = felt.last() else {
        println!("{name:<44} never, of {all}");
        return;
    };
    let note = format!("   most: {:.1} ms, {} of {all}", most.as_secs_f64() * 1_000.0, felt.len());
    row(name, 1_000.0, &felt, &note);
}
