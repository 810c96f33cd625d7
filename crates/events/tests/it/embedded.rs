//! What only the embedded log promises: what its file is like, and what happens when it is not as it should be.

use std::path::Path;

use gangway_events::log::{Log, LogError, Position, Settings, inspect};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tempfile::TempDir;
use uuid::Uuid;

use super::support::{event, events, everything, ids};

async fn open(file: &Path) -> Result<Log, LogError> {
    Log::open(&format!("sqlite:{}", file.display()), Uuid::from_u128(1), Settings::default()).await
}

async fn connect(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).connect().await.unwrap()
}

#[tokio::test]
async fn appends_at_once_share_a_write() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("events.db");
    let log = open(&file).await.unwrap();
    let (a, b, c) = (events(&["a"]), events(&["b"]), events(&["c"]));
    let (first, second, third) = tokio::join!(log.append(&a), log.append(&b), log.append(&c));
    assert_eq!((&first, &second), (&second, &third), "one position: they were written together");
    assert_eq!(ids(&everything(&log).await), ["a", "b", "c"]);
    log.close().await;
    let mut connection = connect(&file).await;
    let (mode,): (String,) = sqlx::query_as("PRAGMA journal_mode").fetch_one(&mut connection).await.unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn a_damaged_group_costs_no_other() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("events.db");
    let log = open(&file).await.unwrap();
    let first = log.append(&events(&["a"])).await.unwrap();
    let second = log.append(&events(&["b"])).await.unwrap();
    let third = log.append(&events(&["c"])).await.unwrap();
    let mut connection = connect(&file).await;
    sqlx::query("UPDATE entry SET events = x'ff00' WHERE position = $1")
        .bind(second.0)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let chunk = log.read(Position::default(), 10).await.unwrap();
    assert_eq!((ids(&chunk.events), chunk.damaged, chunk.position), (vec!["a", "c"], 1, third));
    // A group that is all damage is passed, so that a reader is not stuck at it.
    let chunk = log.read(first, 1).await.unwrap();
    assert_eq!((chunk.events.len(), chunk.damaged, chunk.position), (0, 1, second));
}

#[tokio::test]
async fn a_file_of_another_version_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("events.db");
    open(&file).await.unwrap().close().await;
    let mut connection = connect(&file).await;
    sqlx::query("UPDATE about SET value = '2' WHERE name = 'form'").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let refused = open(&file).await;
    assert!(matches!(&refused, Err(LogError::Unavailable(why)) if why.contains("version")), "{refused:?}");
    std::fs::write(&file, "no database".repeat(100)).unwrap();
    assert!(matches!(open(&file).await, Err(LogError::Unavailable(_))));
    assert!(matches!(open(&folder.path().join("none/events.db")).await, Err(LogError::Unavailable(_))));
}

#[tokio::test]
async fn looking_at_a_file_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("events.db");
    assert!(inspect(&file).await.is_err());
    assert!(!file.exists(), "it is not made");
    let log = open(&file).await.unwrap();
    let last = log.append(&events(&["a", "b"])).await.unwrap();
    let (id, standing) = inspect(&file).await.unwrap();
    assert_eq!((id, standing), (log.id(), log.standing().await.unwrap()), "also while it is in use");
    log.close().await;
    let (_, standing) = inspect(&file).await.unwrap();
    assert_eq!((standing.first, standing.last), (last, last));
    // A database that is no log stays none.
    let other = folder.path().join("other.db");
    let mut connection =
        SqliteConnectOptions::new().filename(&other).create_if_missing(true).connect().await.unwrap();
    sqlx::query("CREATE TABLE thing (id INTEGER)").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    assert!(matches!(inspect(&other).await, Err(LogError::Unavailable(_))));
    let mut connection = connect(&other).await;
    let (tables,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM sqlite_schema").fetch_one(&mut connection).await.unwrap();
    assert_eq!(tables, 1);
}

#[tokio::test]
async fn an_unknown_address_is_told_without_its_password() {
    let refused = Log::open("kafka://me:secret@host", Uuid::nil(), Settings::default()).await.unwrap_err();
    assert_eq!(refused, LogError::UnknownAddress("kafka".to_owned()));
}

#[tokio::test]
async fn a_large_group_is_read_alone() {
    let folder = TempDir::new().unwrap();
    let log = open(&folder.path().join("events.db")).await.unwrap();
    // Together they are more than is read at once.
    let mut appended = Vec::new();
    for number in 0..30 {
        let id = format!("large-{number}");
        let group: Vec<_> =
            (0..40).map(|part| event(&format!("{id}-{part}"), "2027-01-11T10:00:00Z", 25_000)).collect();
        appended.extend(group.iter().map(|event| event.message_id.clone()));
        log.append(&group).await.unwrap();
    }
    let chunk = log.read(Position::default(), 100_000).await.unwrap();
    assert!(chunk.events.len() > 40 && chunk.events.len() < appended.len(), "{}", chunk.events.len());
    let rest = log.read(chunk.position, 100_000).await.unwrap();
    let mut all = ids(&chunk.events);
    all.extend(ids(&rest.events));
    assert_eq!(all, appended);
}
