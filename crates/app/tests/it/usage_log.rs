//! The log of usage events, and what was counted of it, brought back from copies of different ages.

use std::path::Path;
use std::sync::Arc;

use gangway_app::usage::ingest::{self, Admitted};
use gangway_app::usage::{Rolled, Roller, Usage, roll_once, source, view};
use gangway_app::{Actor, App};
use gangway_events::log::Settings;
use gangway_events::read::{Origin, Shape, open};
use gangway_store::usage::{roll as rows, sum};
use gangway_store::{Db, copy};
use gangway_testkit::{Database, TestApp, for_each_database};
use jiff::civil::date;
use serde_json::{Value, json};
use uuid::Uuid;

/// Usage over the log in this file.
fn over(file: &Path) -> Arc<Usage> {
    let address = format!("sqlite:{}", file.display());
    Arc::new(Usage::at(address, Uuid::from_u128(9), Settings::default()))
}

/// An app over the log in this file, and a source that may send.
async fn begin(db: Db, file: &Path) -> (TestApp, Admitted) {
    let mut test = TestApp::on(db).await;
    test.app.usage = over(file);
    let wanted = source::Wanted { name: "Web".to_owned(), origins: Vec::new() };
    let key = source::add(&test.app, &test.actor, &wanted).await.unwrap().key;
    let by = ingest::admit(&test.app, key.reveal()).await.unwrap().unwrap();
    (test, by)
}

/// More messages than are counted in one go, several times.
const WAITING: u32 = 9_000;

/// Sends a message for each number, and waits until they are durable.
async fn send(app: &App, by: &Admitted, numbers: &[u32]) {
    send_as(app, by, "ada", numbers).await;
}

/// The same of somebody.
async fn send_as(app: &App, by: &Admitted, who: &str, numbers: &[u32]) {
    let message = |number: &u32| {
        json!({
            "type": "track", "messageId": format!("m-{number}"), "userId": who, "event": "Signed In",
            "timestamp": "2027-01-03T10:00:00Z", "context": { "groupId": "acme-1" },
        })
    };
    let messages: Vec<Value> = numbers.iter().map(message).collect();
    let body = json!({ "batch": messages }).to_string();
    let origin = Origin { workspace: by.workspace, source: by.source.uuid(), received_at: app.clock.now() };
    let verdicts = open(body.as_bytes(), Shape::Batch).unwrap().read(&origin);
    assert_eq!(ingest::accept(app, by, verdicts).await.unwrap().accepted, numbers.len());
}

/// Counts what there is: messages counted, and repetitions.
async fn roll(app: &App) -> (u64, u64) {
    let Rolled { events, duplicates, .. } = roll_once(app).await.unwrap();
    (events, duplicates)
}

/// All events of the workspace by its roll-ups.
async fn counted(app: &App, actor: &Actor) -> i64 {
    view::trend(app, actor).await.unwrap().iter().map(|week| week.events).sum()
}

#[tokio::test]
async fn an_older_log_is_counted_on_and_nothing_twice() {
    for_each_database(|db| async move {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("events.db");
        let (mut test, by) = begin(db, &file).await;
        send(&test.app, &by, &[1, 2, 3]).await;
        assert_eq!(roll(&test.app).await, (3, 0));
        let older = folder.path().join("older.db");
        copy::sqlite_file(&file, &older).await.unwrap();
        send(&test.app, &by, &[4, 5]).await;
        send(&test.app, &by, &[6]).await;
        assert_eq!(roll(&test.app).await, (3, 0));
        test.app.usage.close().await;

        for end in ["", "-wal", "-shm"] {
            std::fs::remove_file(folder.path().join(format!("events.db{end}"))).ok();
        }
        std::fs::rename(&older, &file).unwrap();
        test.app.usage = over(&file);
        assert!(gangway_app::usage::roll::settle(&test.app).await.unwrap(), "the cursor is beyond the log");
        assert!(!gangway_app::usage::roll::settle(&test.app).await.unwrap());
        // What is sent now stands where other messages were counted before; one was, and is lost in the log only.
        send(&test.app, &by, &[5, 7]).await;
        assert_eq!(roll(&test.app).await, (1, 4), "three that are read again, one that is sent again");
        assert_eq!(counted(&test.app, &test.actor).await, 7);
        assert_eq!(roll(&test.app).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn what_came_in_after_a_backup_is_counted_again_from_the_log() {
    let database = Database::sqlite().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (test, by) = begin(database.db.clone(), &folder.path().join("events.db")).await;
    send(&test.app, &by, &[1, 2]).await;
    assert_eq!(roll(&test.app).await, (2, 0));
    let backup = folder.path().join("backup.db");
    copy::sqlite_file(Path::new(database.url.trim_start_matches("sqlite:")), &backup).await.unwrap();
    // One of them repeats what the backup has counted.
    send(&test.app, &by, &[2, 3]).await;
    assert_eq!(roll(&test.app).await, (1, 1));
    test.clock.advance_days(5);
    send(&test.app, &by, &[4]).await;
    assert_eq!(roll(&test.app).await, (1, 0));
    assert_eq!(counted(&test.app, &test.actor).await, 4);

    let restored = Db::connect(&format!("sqlite:{}", backup.display())).await.unwrap();
    let app = App { db: restored, ..test.app.clone() };
    assert_eq!(counted(&app, &test.actor).await, 2);
    assert_eq!(roll(&app).await, (2, 1));
    assert_eq!(counted(&app, &test.actor).await, 4);
    app.db.close().await;
    database.remove().await.unwrap();
}

/// How far the log was counted, and how far what follows was worked out.
async fn marks(app: &App) -> (i64, Option<i64>) {
    let log = app.usage.log().await.unwrap().id().to_string();
    let mut tx = app.db.read().await.unwrap();
    (rows::cursor(&mut tx, &log).await.unwrap(), rows::followed(&mut tx, &log).await.unwrap())
}

/// A process that counts what there is, works off who waits, and ends.
async fn start_and_stop(app: &App) {
    Roller::new(app.clone()).run(std::future::ready(())).await;
}

#[tokio::test]
async fn what_a_killed_process_left_undone_is_found_by_the_next() {
    for_each_database(|db| async move {
        let folder = tempfile::tempdir().unwrap();
        let (test, by) = begin(db, &folder.path().join("events.db")).await;
        assert_eq!(marks(&test.app).await, (0, None));
        start_and_stop(&test.app).await;
        assert_eq!(marks(&test.app).await, (0, Some(0)), "from here on it is kept");
        send(&test.app, &by, &[1, 2]).await;
        // Counted, and nobody says that everything was worked out: as a killed process leaves it.
        assert_eq!(roll(&test.app).await, (2, 0));
        let (counted, followed) = marks(&test.app).await;
        assert!(counted > 0 && followed == Some(0), "{counted} {followed:?}");
        start_and_stop(&test.app).await;
        assert_eq!(marks(&test.app).await, (counted, Some(counted)));
        send(&test.app, &by, &[3]).await;
        start_and_stop(&test.app).await;
        let (counted, followed) = marks(&test.app).await;
        assert_eq!(followed, Some(counted), "who stops works off who waits");
    })
    .await;
}

#[tokio::test]
async fn news_are_counted_before_what_waits_and_once() {
    for_each_database(|db| async move {
        let folder = tempfile::tempdir().unwrap();
        let (test, by) = begin(db, &folder.path().join("events.db")).await;
        // Somebody does the same again and again; behind all of it stands the first deed of somebody else.
        for from in (0..WAITING).step_by(1_000) {
            let some: Vec<u32> = (from..from + 1_000).collect();
            send(&test.app, &by, &some).await;
        }
        send_as(&test.app, &by, "bea", &[WAITING]).await;
        let log = test.app.usage.log().await.unwrap();
        let last = log.standing().await.unwrap().last.0;
        let counted_when_seen = async {
            loop {
                let mut tx = test.app.db.read().await.unwrap();
                let cursor = rows::cursor(&mut tx, &log.id().to_string()).await.unwrap();
                let days =
                    sum::days(&mut tx, by.workspace, date(2026, 1, 1), date(2028, 1, 1)).await.unwrap();
                drop(tx);
                if days.iter().map(|day| day.users).sum::<i64>() == 2 {
                    return cursor;
                }
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let stopping = async move {
            stopped.await.ok();
        };
        let run = tokio::spawn(Roller::new(test.app.clone()).run(stopping));
        let cursor = counted_when_seen.await;
        assert!(cursor < last, "{cursor} of {last}: seen before its turn");
        stop.send(()).ok();
        run.await.unwrap();
        roll(&test.app).await;
        assert_eq!(counted(&test.app, &test.actor).await, i64::from(WAITING) + 1, "and nothing twice");
        assert_eq!(marks(&test.app).await.0, last);
    })
    .await;
}
