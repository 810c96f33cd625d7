//! Copies of an SQLite database: made while it is in use, and checked before they are trusted.

use std::path::Path;

use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::sqlite::MIGRATIONS;
use crate::db::Unfit;
use crate::error::StoreError;

/// Writes the state of the database at this moment into a new file; whoever writes meanwhile is not held up.
const VACUUM_INTO: &str = "VACUUM INTO $1";

/// `ok`, or what is broken.
const INTEGRITY: &str = "PRAGMA integrity_check(3)";

/// References that lead nowhere.
const REFERENCES: &str = "SELECT COUNT(*) FROM pragma_foreign_key_check";

/// Makes `copy`, which must not exist, from the database in `file`.
pub(crate) async fn copy(file: &Path, copy: &Path) -> Result<(), StoreError> {
    let mut connection = open(file).await?;
    let copy = copy.to_string_lossy().into_owned();
    let outcome = sqlx::query::<Sqlite>(VACUUM_INTO).bind(copy).execute(&mut connection).await;
    connection.close().await?;
    outcome?;
    Ok(())
}

/// Reads a whole file and says what is wrong with it, or where its schema and this program's differ.
pub(crate) async fn check(file: &Path) -> Result<Result<Unfit, String>, StoreError> {
    let mut connection = match open(file).await {
        Ok(connection) => connection,
        Err(error) => return Ok(Err(format!("it is not an SQLite database: {error}"))),
    };
    let outcome = look(&mut connection).await;
    connection.close().await?;
    Ok(outcome)
}

async fn look(connection: &mut SqliteConnection) -> Result<Unfit, String> {
    let words = |error: sqlx::Error| format!("it cannot be read: {error}");
    let lines: Vec<(String,)> = sqlx::query_as(INTEGRITY).fetch_all(&mut *connection).await.map_err(words)?;
    if let Some((line,)) = lines.into_iter().find(|(line,)| line != "ok") {
        return Err(format!("it is damaged: {line}"));
    }
    let (broken,): (i64,) = sqlx::query_as(REFERENCES).fetch_one(&mut *connection).await.map_err(words)?;
    if broken > 0 {
        return Err(format!("it is damaged: {broken} references lead nowhere"));
    }
    let applied: Vec<(i64,)> = sqlx::query_as(super::APPLIED)
        .fetch_all(&mut *connection)
        .await
        .map_err(|_| "it holds no data of Gangway".to_owned())?;
    let applied: Vec<i64> = applied.into_iter().map(|(version,)| version).collect();
    Ok(Unfit::between(&applied, &MIGRATIONS.iter().map(|known| known.version).collect::<Vec<_>>()))
}

async fn open(file: &Path) -> Result<SqliteConnection, StoreError> {
    Ok(SqliteConnectOptions::new().filename(file).create_if_missing(false).connect().await?)
}
