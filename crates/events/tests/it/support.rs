//! Events made for tests, and both logs to put them into.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use gangway_domain::ids::WorkspaceId;
use gangway_events::log::{Log, Position, Settings};
use gangway_events::read::{Origin, Shape, Verdict, open};
use gangway_events::{Event, Kind};
use gangway_testkit::NatsServer;
use jiff::Timestamp;
use tempfile::TempDir;
use uuid::Uuid;

/// Longest wait for something that must happen.
pub const SOON: Duration = Duration::from_secs(20);

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn origin(received_at: &str) -> Origin {
    Origin {
        workspace: WorkspaceId::from_uuid(Uuid::from_u128(7)),
        source: Uuid::from_u128(8),
        received_at: at(received_at),
    }
}

/// Reads a body that came in on 11 January 2027 at ten.
pub fn read(body: &str, shape: Shape) -> Vec<Verdict> {
    read_at(body, shape, "2027-01-11T10:00:00Z")
}

pub fn read_at(body: &str, shape: Shape, received_at: &str) -> Vec<Verdict> {
    open(body.as_bytes(), shape).unwrap_or_else(|reason| panic!("{reason}")).read(&origin(received_at))
}

/// The only event of a body.
pub fn event_of(body: &str, shape: Shape) -> Event {
    match <[Verdict; 1]>::try_from(read(body, shape)) {
        Ok([Verdict::Accepted(event)]) => event,
        other => panic!("{other:?}"),
    }
}

/// An event that was received then, with a text of so many bytes.
pub fn event(id: &str, received_at: &str, bytes: usize) -> Event {
    let body = format!(
        r#"{{"userId":"u","event":"Report created","messageId":"{id}","properties":{{"text":"{}"}}}}"#,
        "x".repeat(bytes)
    );
    match read_at(&body, Shape::One(Kind::Track), received_at).pop() {
        Some(Verdict::Accepted(event)) => event,
        other => panic!("{other:?}"),
    }
}

/// Some events.
pub fn events(ids: &[&str]) -> Vec<Event> {
    ids.iter().map(|id| event(id, "2027-01-11T10:00:00Z", 10)).collect()
}

pub fn ids(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.message_id.as_str()).collect()
}

/// Everything in the log, in order, read a few at a time.
pub async fn everything(log: &Log) -> Vec<Event> {
    let (mut all, mut after) = (Vec::new(), Position::default());
    loop {
        let chunk = log.read(after, 7).await.unwrap();
        assert_eq!(chunk.damaged, 0);
        if chunk.position == after {
            assert!(chunk.events.is_empty());
            return all;
        }
        assert!(chunk.position > after);
        after = chunk.position;
        all.extend(chunk.events);
    }
}

/// Runs a test on an empty log of each kind. There is no way to leave one out: a missing NATS fails the test.
pub async fn for_each_log<T, F>(settings: Settings, test: T)
where
    T: Fn(Log, String) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let folder = TempDir::with_prefix("gangway-events-").unwrap();
    let file = format!("sqlite:{}", folder.path().join("events.db").display());
    run("the embedded log", file, settings, &test).await;
    static STREAMS: AtomicU32 = AtomicU32::new(0);
    let server = NatsServer::shared().unwrap_or_else(|error| panic!("{error:#}"));
    let stream = format!("{server}/test-{}", STREAMS.fetch_add(1, Ordering::Relaxed));
    run("NATS JetStream", stream, settings, &test).await;
}

async fn run<T, F>(name: &str, address: String, settings: Settings, test: &T)
where
    T: Fn(Log, String) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let log = Log::open(&address, Uuid::from_u128(1), settings).await.unwrap();
    if let Err(failure) = tokio::spawn(test(log, address)).await {
        eprintln!("the test failed on {name}");
        resume_unwind(failure.into_panic());
    }
}
