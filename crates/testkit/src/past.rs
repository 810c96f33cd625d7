//! Past the use cases: a connection of the test's own, by which it writes into columns whatever may stand there, and
//! reads what was left.

use anyhow::Result;
use sqlx::types::{Json, JsonValue};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

/// A connection to the database of a test. Names of tables and columns and conditions go into its statements as they
/// are: they are the test's own.
#[derive(Debug)]
pub enum Past {
    /// To SQLite.
    Sqlite(SqliteConnection),
    /// To PostgreSQL.
    Postgres(PgConnection),
}

/// A condition in a statement; nothing without one.
fn after(word: &str, when: &str) -> String {
    if when.is_empty() { String::new() } else { format!(" {word} ({when})") }
}

impl Past {
    /// Connects to a database by its address.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn to(url: &str) -> Result<Self> {
        Ok(if url.starts_with("sqlite:") {
            Self::Sqlite(SqliteConnection::connect(url).await?)
        } else {
            Self::Postgres(PgConnection::connect(url).await?)
        })
    }

    /// Writes a text into a column of every row the condition holds for; how many there were.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn write(&mut self, table: &str, column: &str, when: &str, text: &str) -> Result<u64> {
        let sql = AssertSqlSafe(format!("UPDATE {table} SET {column} = $1{}", after("WHERE", when)));
        Ok(match self {
            Self::Sqlite(open) => sqlx::query(sql).bind(text.to_owned()).execute(open).await?.rows_affected(),
            Self::Postgres(open) => {
                sqlx::query(sql).bind(text.to_owned()).execute(open).await?.rows_affected()
            }
        })
    }

    /// Passes the values of a JSON column through a function, in every row the condition holds for; how many there were.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn rewrite(
        &mut self,
        table: &str,
        column: &str,
        when: &str,
        mut change: impl FnMut(&mut JsonValue),
    ) -> Result<u64> {
        let when = after("AND", when);
        let mut count = 0;
        match self {
            Self::Sqlite(open) => {
                let all = format!("SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL{when}");
                let rows: Vec<(i64, Json<JsonValue>)> =
                    sqlx::query_as(AssertSqlSafe(all)).fetch_all(&mut *open).await?;
                for (place, mut value) in rows {
                    change(&mut value.0);
                    let one = format!("UPDATE {table} SET {column} = $1 WHERE rowid = $2");
                    sqlx::query(AssertSqlSafe(one)).bind(value).bind(place).execute(&mut *open).await?;
                    count += 1;
                }
            }
            Self::Postgres(open) => {
                let all =
                    format!("SELECT ctid::text, {column} FROM {table} WHERE {column} IS NOT NULL{when}");
                let rows: Vec<(String, Json<JsonValue>)> =
                    sqlx::query_as(AssertSqlSafe(all)).fetch_all(&mut *open).await?;
                for (place, mut value) in rows {
                    change(&mut value.0);
                    let one = format!("UPDATE {table} SET {column} = $1 WHERE ctid = $2::tid");
                    sqlx::query(AssertSqlSafe(one)).bind(value).bind(place).execute(&mut *open).await?;
                    count += 1;
                }
            }
        }
        Ok(count)
    }

    /// The values of a column as text, of every row the condition holds for.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn texts(&mut self, table: &str, column: &str, when: &str) -> Result<Vec<String>> {
        let sql = format!(
            "SELECT CAST({column} AS TEXT) FROM {table} WHERE {column} IS NOT NULL{}",
            after("AND", when)
        );
        let sql = AssertSqlSafe(sql);
        let rows: Vec<(String,)> = match self {
            Self::Sqlite(open) => sqlx::query_as(sql).fetch_all(open).await?,
            Self::Postgres(open) => sqlx::query_as(sql).fetch_all(open).await?,
        };
        Ok(rows.into_iter().map(|(text,)| text).collect())
    }
}
