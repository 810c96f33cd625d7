//! How many events are read and kept durably: `cargo bench -p gangway-events --bench ingest`.
//!
//! Tasks read bodies as they come in and append what was accepted, each waiting for its own answer before it goes on, as
//! senders do. The load is made by the same process on the same cores. Printed are events per second and how
//! long an append takes, in batches of 100 and one by one.
//!
//! `GANGWAY_BENCH_SECONDS=30` measures longer. `GANGWAY_BENCH_EVENTS=nats://127.0.0.1:4222` measures a stream instead of
//! a file; `=own` starts a server for it.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gangway_domain::ids::WorkspaceId;
use gangway_events::log::{Log, LogError, Position, Settings};
use gangway_events::read::{Origin, Shape, Verdict, open};
use gangway_testkit::NatsServer;
use tempfile::TempDir;
use uuid::Uuid;

/// What was asked for, events per second.
const ASKED_BATCHES: f64 = 100_000.0;
const ASKED_SINGLE: f64 = 10_000.0;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let seconds = std::env::var("GANGWAY_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let length = Duration::from_secs(seconds);
    let folder = TempDir::with_prefix("gangway-bench-events-").unwrap();
    let own = match std::env::var("GANGWAY_BENCH_EVENTS").as_deref() {
        Ok("own") => Some(NatsServer::start().unwrap()),
        _ => None,
    };
    let address = match (&own, std::env::var("GANGWAY_BENCH_EVENTS")) {
        (Some(own), _) => own.url().to_owned(),
        (None, Ok(address)) => address,
        (None, Err(_)) => format!("sqlite:{}", folder.path().join("events.db").display()),
    };
    let log = Log::open(&address, Uuid::from_u128(1), Settings::default()).await.unwrap();
    let cores = std::thread::available_parallelism().unwrap();
    println!("{} event log, {cores} cores, {seconds} s each", log.kind());
    let batch = Arc::new(body(100));
    let bytes = batch.len() / 100;
    let begun = Instant::now();
    let mut read = 0;
    while begun.elapsed() < Duration::from_secs(1) {
        read += accepted(&batch, Shape::Batch).len();
    }
    let rate = read as f64 / begun.elapsed().as_secs_f64();
    println!("{:<44} {rate:>10.0} events/s   {bytes} bytes each", "reading alone, one core");
    println!("\n{:<44} {:>10} {:>12} {:>9} {:>9}", "", "events/s", "asked for", "p50 ms", "p99 ms");
    for tasks in [4, 16, 64] {
        let name = format!("batches of 100, {tasks} senders");
        report(&name, ASKED_BATCHES, run(&log, &batch, Shape::Batch, tasks, length).await);
    }
    let single = Arc::new(message(0));
    for tasks in [16, 64, 256] {
        let name = format!("one by one, {tasks} senders");
        report(&name, ASKED_SINGLE, run(&log, &single, Shape::Any, tasks, length).await);
    }
    let standing = log.standing().await.unwrap();
    let (begun, mut read, mut after) = (Instant::now(), 0, Position::default());
    while begun.elapsed() < length {
        let chunk = log.read(after, 5_000).await.unwrap();
        read += chunk.events.len();
        after = chunk.position;
        if chunk.events.is_empty() {
            break;
        }
    }
    let rate = read as f64 / begun.elapsed().as_secs_f64();
    println!("{:<44} {rate:>10.0} events/s", "reading the log back, one task");
    println!(
        "on disk: {} MB; most resident memory of this process: {} MB",
        standing.bytes / 1_000_000,
        resident()
    );
    log.close().await;
}

/// Events of a run, and how long each append took.
struct Measured {
    rate: f64,
    busy: usize,
    taken: Vec<Duration>,
}

/// Lets senders append for some time.
async fn run(log: &Log, body: &Arc<String>, shape: Shape, tasks: usize, length: Duration) -> Measured {
    let begun = Instant::now();
    let senders: Vec<_> = (0..tasks)
        .map(|_| {
            let (log, body) = (log.clone(), Arc::clone(body));
            tokio::spawn(async move {
                let (mut events, mut busy, mut taken) = (0, 0, Vec::new());
                while begun.elapsed() < length {
                    let sent = Instant::now();
                    let accepted = accepted(&body, shape);
                    match log.append(&accepted).await {
                        Ok(_) => events += accepted.len(),
                        Err(LogError::Busy) => busy += 1,
                        Err(error) => panic!("{error}"),
                    }
                    taken.push(sent.elapsed());
                }
                (events, busy, taken)
            })
        })
        .collect();
    let (mut events, mut busy, mut taken) = (0, 0, Vec::new());
    for sender in senders {
        let (more, refused, times) = sender.await.unwrap();
        events += more;
        busy += refused;
        taken.extend(times);
    }
    taken.sort_unstable();
    Measured { rate: events as f64 / begun.elapsed().as_secs_f64(), busy, taken }
}

fn report(name: &str, asked: f64, measured: Measured) {
    let Measured { rate, busy, taken } = measured;
    let at = |part: usize| {
        let place = (taken.len() * part / 100).min(taken.len().saturating_sub(1));
        taken.get(place).map_or(0.0, |taken| taken.as_secs_f64() * 1_000.0)
    };
    let times = format!("{:.1} ×", rate / asked);
    print!("{name:<44} {rate:>10.0} {times:>12} {:>9.2} {:>9.2}", at(50), at(99));
    if busy > 0 {
        print!("   refused as busy: {busy}");
    }
    println!();
}

/// What a body holds.
fn accepted(body: &str, shape: Shape) -> Vec<gangway_events::Event> {
    let origin = Origin {
        workspace: WorkspaceId::from_uuid(Uuid::from_u128(7)),
        source: Uuid::from_u128(8),
        received_at: jiff::Timestamp::constant(1_800_000_000, 0),
    };
    let verdicts = open(body.as_bytes(), shape).unwrap().read(&origin);
    verdicts
        .into_iter()
        .map(|verdict| match verdict {
            Verdict::Accepted(event) => event,
            other => panic!("{other:?}"),
        })
        .collect()
}

/// A batch as a server sends it.
fn body(events: usize) -> String {
    let mut body = String::from(r#"{"sentAt":"2027-01-15T08:00:00.000Z","batch":["#);
    for number in 0..events {
        let comma = if number == 0 { "" } else { "," };
        write!(body, "{comma}{}", message(number)).unwrap();
    }
    body + "]}"
}

/// A message of the usual size.
fn message(number: usize) -> String {
    format!(
        r#"{{"type":"track","messageId":"node-next-1768464000-{number:08}-5e8f3a2c","userId":"user-{}","event":"Report created","timestamp":"2027-01-15T07:59:59.{:03}Z","properties":{{"rows":{number},"title":"Port calls","format":"xlsx","shared":true}},"context":{{"groupId":"customer-{}","library":{{"name":"@segment/analytics-node","version":"2.1.3"}}}}}}"#,
        number % 40,
        number % 1_000,
        number % 10
    )
}

/// The most resident memory there ever was, in megabytes, as Linux tells it; 0 elsewhere.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1_000
}
