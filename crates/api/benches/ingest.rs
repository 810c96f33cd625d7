//! How many usage events come in through the whole door, from the request at the router to the answer when they are durable:
//! `cargo bench -p gangway-api --bench ingest`.
//!
//! On SQLite, with the load made by the same process on the same cores; every message has an id of its own. Printed are
//! events per second and how long a request takes, in batches of 100 and one by one; then the same while everything is
//! counted beside; then a flood of large batches from more senders than there is memory for, all of which must be in the log or
//! have been told to come again. The most memory the process ever had, load included, stands behind each line.
//!
//! `GANGWAY_BENCH_SECONDS=30` measures longer. The files are in the folder for temporary ones: `TMPDIR` names a disk.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gangway_api::Api;
use gangway_app::usage::{roll_once, source};
use gangway_events::log::Position;
use gangway_testkit::{Database, TestApp};
use tower::ServiceExt;

/// What was asked for: events per second, and megabytes.
const ASKED_BATCHES: f64 = 100_000.0;
const ASKED_SINGLE: f64 = 10_000.0;
const ASKED_MEMORY: u64 = 300;

/// What stands where a body gets another number each time.
const MARK: &str = "########";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let seconds = std::env::var("GANGWAY_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let length = Duration::from_secs(seconds);
    let cores = std::thread::available_parallelism().unwrap();
    println!("usage events through the router, embedded log, {cores} cores, {seconds} s each");
    println!(
        "{:<44} {:>10} {:>12} {:>9} {:>9} {:>11}",
        "", "events/s", "asked for", "p50 ms", "p99 ms", "MB at most"
    );
    runtime.block_on(async {
        senders(length).await;
        counted_beside(length).await;
        flood(length).await;
    });
    let most = most_memory();
    println!("{most} MB at most, asked for are {ASKED_MEMORY}: {}", verdict(most <= ASKED_MEMORY));
}

fn verdict(holds: bool) -> &'static str {
    if holds { "kept" } else { "NOT KEPT" }
}

/// Batches and single events, with nothing beside.
async fn senders(length: Duration) {
    let scene = Scene::set().await;
    let batches = Arc::new(Template::batch(100));
    for tasks in [4, 16, 64] {
        let name = format!("batches of 100, {tasks} senders");
        report(&name, ASKED_BATCHES, &scene.run(&batches, tasks, length).await);
    }
    let single = Arc::new(Template::single());
    for tasks in [16, 64, 256] {
        let name = format!("one by one, {tasks} senders");
        report(&name, ASKED_SINGLE, &scene.run(&single, tasks, length).await);
    }
    scene.leave().await;
}

/// Batches while they are counted, as in a server.
async fn counted_beside(length: Duration) {
    let scene = Scene::set().await;
    let batches = Arc::new(Template::batch(100));
    let app = scene.test.app.clone();
    // Something to count, so that counting does not end at once.
    scene.send(&batches).await;
    let begun = Instant::now();
    let counting = tokio::spawn(async move { roll_once(&app).await.unwrap().events });
    let measured = scene.run(&batches, 16, length).await;
    report("batches of 100, 16 senders, counted beside", ASKED_BATCHES, &measured);
    let mut counted = counting.await.unwrap();
    counted += roll_once(&scene.test.app).await.unwrap().events;
    let rate = counted as f64 / begun.elapsed().as_secs_f64();
    println!("{:<44} {rate:>10.0}", "    counted, until nothing waited");
    scene.leave().await;
}

/// More than can be taken: what is acknowledged is in the log, and everybody else is told to come again.
async fn flood(length: Duration) {
    let scene = Scene::set().await;
    let large = Arc::new(Template::batch(1_000));
    let measured = scene.run(&large, 256, length).await;
    report("batches of 1,000, 256 senders", ASKED_BATCHES, &measured);
    let log = scene.test.app.usage.log().await.unwrap();
    let (mut found, mut after) = (0, Position::default());
    loop {
        let chunk = log.read(after, 5_000).await.unwrap();
        if chunk.position == after {
            break;
        }
        found += chunk.events.len();
        after = chunk.position;
    }
    assert_eq!(found, measured.events, "what was acknowledged, and nothing else, is in the log");
    println!("    {found} events acknowledged and found in the log, none lost");
    scene.leave().await;
}

/// A server without its connections, and somebody who may send.
struct Scene {
    database: Database,
    test: TestApp,
    router: Router,
    auth: String,
    next: AtomicU64,
}

/// What came of a run.
#[derive(Default)]
struct Measured {
    events: usize,
    /// Requests that were told to come again.
    refused: usize,
    taken: Vec<Duration>,
    length: Duration,
}

impl Scene {
    async fn set() -> Arc<Self> {
        let database = Database::sqlite().await.unwrap();
        let test = TestApp::on(database.db.clone()).await;
        let wanted = source::Wanted { name: "Bench".to_owned(), origins: Vec::new() };
        let key = source::add(&test.app, &test.actor, &wanted).await.unwrap().key;
        let auth = format!("Basic {}", STANDARD.encode(format!("{}:", key.reveal())));
        let router = Api::new(test.app.clone()).router();
        Arc::new(Self { database, test, router, auth, next: AtomicU64::new(0) })
    }

    /// Sends a body and waits for the answer: whether it was taken. Whoever is not is told when to come again.
    async fn send(&self, template: &Template) -> bool {
        let body = template.filled(self.next.fetch_add(1, Ordering::Relaxed));
        let request = Request::post(template.path)
            .header(header::AUTHORIZATION, &self.auth)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        match response.status() {
            StatusCode::OK => true,
            StatusCode::TOO_MANY_REQUESTS => {
                assert!(response.headers().contains_key(header::RETRY_AFTER));
                false
            }
            status => panic!("{status}"),
        }
    }

    /// Lets so many send one body after the other for some time.
    async fn run(self: &Arc<Self>, template: &Arc<Template>, tasks: usize, length: Duration) -> Measured {
        let begun = Instant::now();
        let senders: Vec<_> = (0..tasks)
            .map(|_| {
                let (scene, template) = (Arc::clone(self), Arc::clone(template));
                tokio::spawn(async move {
                    let mut own = Measured::default();
                    while begun.elapsed() < length {
                        let sent = Instant::now();
                        if scene.send(&template).await {
                            own.events += template.places.len();
                            own.taken.push(sent.elapsed());
                        } else {
                            own.refused += 1;
                            // They come again a little later than at once.
                            tokio::time::sleep(Duration::from_millis(20)).await;
                        }
                    }
                    own
                })
            })
            .collect();
        let mut all = Measured::default();
        for sender in senders {
            let own = sender.await.unwrap();
            all.events += own.events;
            all.refused += own.refused;
            all.taken.extend(own.taken);
        }
        all.taken.sort_unstable();
        all.length = begun.elapsed();
        all
    }

    async fn leave(self: Arc<Self>) {
        self.test.app.usage.close().await;
        // Its folder goes with the last who holds it.
        self.database.db.close().await;
    }
}

/// A body whose messages have other ids each time it is sent.
struct Template {
    path: &'static str,
    bytes: Vec<u8>,
    places: Vec<usize>,
}

impl Template {
    fn of(path: &'static str, text: &str) -> Self {
        let places = text.match_indices(MARK).map(|(place, _)| place).collect();
        Self { path, bytes: text.as_bytes().to_vec(), places }
    }

    /// As a server sends it.
    fn batch(events: usize) -> Self {
        let mut text = String::from(r#"{"sentAt":"2027-01-04T09:00:00.000Z","batch":["#);
        for number in 0..events {
            let comma = if number == 0 { "" } else { "," };
            write!(text, "{comma}{}", message(number)).unwrap();
        }
        Self::of("/v1/batch", &(text + "]}"))
    }

    fn single() -> Self {
        Self::of("/v1/track", &message(0))
    }

    fn filled(&self, number: u64) -> Vec<u8> {
        let digits = format!("{number:08x}");
        let mut bytes = self.bytes.clone();
        for place in &self.places {
            bytes[*place..*place + MARK.len()].copy_from_slice(&digits.as_bytes()[..MARK.len()]);
        }
        bytes
    }
}

/// A message of the usual size, of one of 40 users and of ten customers.
fn message(number: usize) -> String {
    format!(
        r#"{{"type":"track","messageId":"node-next-{MARK}-{number:08}-5e8f3a2c","userId":"user-{}","event":"Report created","timestamp":"2027-01-04T08:59:59.{:03}Z","properties":{{"rows":{number},"title":"Port calls","format":"xlsx","shared":true}},"context":{{"groupId":"customer-{}","library":{{"name":"@segment/analytics-node","version":"2.1.3"}}}}}}"#,
        number % 40,
        number % 1_000,
        number % 10
    )
}

fn report(name: &str, asked: f64, measured: &Measured) {
    let Measured { events, refused, taken, length } = measured;
    let rate = *events as f64 / length.as_secs_f64();
    let at = |part: usize| {
        let place = (taken.len() * part / 100).min(taken.len().saturating_sub(1));
        taken.get(place).map_or(0.0, |taken| taken.as_secs_f64() * 1_000.0)
    };
    let (p50, p99, most) = (at(50), at(99), most_memory());
    let times = format!("{:.1} ×", rate / asked);
    print!("{name:<44} {rate:>10.0} {times:>12} {p50:>9.2} {p99:>9.2} {most:>11}");
    if *refused > 0 {
        print!("   told to come again: {refused}");
    }
    println!();
}

/// The most memory the process ever had, in megabytes, as Linux tells it; 0 elsewhere.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1_000
}
