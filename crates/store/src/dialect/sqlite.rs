//! SQLite: write-ahead log, one writer, foreign keys.

use std::path::Path;
use std::time::Duration;

use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::db::{Beside, SqlitePools};
use crate::error::StoreError;

/// The schema, file by file; the names are those of PostgreSQL's.
pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Takes the write lock at once: a transaction that reads first and writes later could otherwise
/// fail half-way because another writer came between.
pub(crate) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";

/// How long a connection waits for the lock of another process, such as a backup.
const BUSY: Duration = Duration::from_secs(10);

/// Readers do not block each other or the writer; more than a handful would only wait for the disk.
const READERS: u32 = 8;

/// Rows the thread of a connection may be ahead of whoever reads them: with few, both wake each other for nearly every
/// row of a long list.
const AHEAD: usize = 4096;

/// Statements a connection keeps prepared. A change of a plan alone runs about a hundred, some of them with hundreds of
/// parameters, which take longer to prepare than to run.
const PREPARED: usize = 400;

/// Memory the writer may keep pages in, which it changes again and again: 16 MB, in the words of the pragma.
const WRITER_CACHE: &str = "-16000";

pub(crate) async fn connect(path: &str) -> Result<SqlitePools, StoreError> {
    let path = path.strip_prefix("//").unwrap_or(path);
    let options = SqliteConnectOptions::new()
        .filename(Path::new(path))
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .row_buffer_size(AHEAD)
        .statement_cache_capacity(PREPARED)
        .journal_mode(SqliteJournalMode::Wal)
        // With a write-ahead log, NORMAL cannot corrupt the file; a power cut may lose the last commits.
        .synchronous(SqliteSynchronous::Normal);
    // The writer comes first: it makes the file, which readers only open.
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        // A commit that finds no room rolls its transaction back by itself, which SQLx does not notice: such a connection
        // begins no other any more, and a new one takes its place.
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .connect_with(options.clone().pragma("cache_size", WRITER_CACHE))
        .await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .connect_with(options.create_if_missing(false).pragma("query_only", "ON"))
        .await?;
    Ok(SqlitePools { writer, readers, beside: Beside::default() })
}

/// What the catalogue knows of our columns.
pub(crate) const COLUMNS: &str = "SELECT t.name, c.name, c.type, c.\"notnull\" = 0 AND c.pk = 0
     FROM sqlite_schema t JOIN pragma_table_info(t.name) c
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> '_sqlx_migrations'
     ORDER BY t.name, c.name";

/// SQLite keeps the type as it was declared, so the migrations declare what is meant.
pub(crate) fn kind(declared: &str) -> &str {
    match declared {
        "BLOB" => "id",
        "TEXT" => "text",
        "BIGINT" => "int",
        "BOOLEAN" => "bool",
        "INTEGER" => "time",
        "DATE" => "day",
        "JSON" => "json",
        other => other,
    }
}
