//! PostgreSQL.

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::db::{Beside, PostgresPool};
use crate::error::StoreError;

/// The schema, file by file; the names are those of SQLite's.
pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// A page is put together from several statements; they must see the same state, as on SQLite.
pub(crate) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Connections of one process; `max_connections` of a default server is 100.
const CONNECTIONS: u32 = 16;

pub(crate) async fn connect(url: &str) -> Result<PostgresPool, StoreError> {
    let options: PgConnectOptions = url.parse()?;
    let options = options.application_name("gangway").options([("timezone", "UTC")]);
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await?;
    Ok(PostgresPool { pool, beside: Beside::default() })
}

/// What the catalogue knows of our columns.
pub(crate) const COLUMNS: &str =
    "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'YES'
     FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'
     ORDER BY table_name COLLATE \"C\", column_name COLLATE \"C\"";

/// The word both databases have for a declared type.
pub(crate) fn kind(declared: &str) -> &str {
    match declared {
        "uuid" => "id",
        "bigint" => "int",
        "boolean" => "bool",
        "timestamp with time zone" => "time",
        "date" => "day",
        "jsonb" => "json",
        other => other,
    }
}
