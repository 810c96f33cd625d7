//! What the two databases do not share: connecting, beginning a transaction, migrations, looking
//! at their own schema. Everything else is one SQL text for both.

pub(crate) mod backup;
pub(crate) mod copy;
pub(crate) mod job;
pub(crate) mod postgres;
pub(crate) mod sqlite;

use crate::db::Db;
use crate::error::StoreError;

/// Versions of migrations that were run; sqlx keeps the list under the same name on both.
pub(crate) const APPLIED: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";

/// A column of a table as the database itself describes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// Table.
    pub table: String,
    /// Column.
    pub name: String,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Kind of value, the same word for both databases: `id`, `text`, `int`, `bool`, `time`, `day`, `json`.
    pub kind: String,
}

/// The columns of every table, in order of table and name, as the catalogue of either database has
/// them: table, column, declared type, whether it may be NULL.
pub(crate) async fn columns(db: &Db) -> Result<Vec<Column>, StoreError> {
    type Row = (String, String, String, bool);
    let (rows, kind): (Vec<Row>, fn(&str) -> &str) = match db {
        Db::Sqlite(pools) => (sqlx::query_as(sqlite::COLUMNS).fetch_all(&pools.readers).await?, sqlite::kind),
        Db::Postgres(server) => {
            (sqlx::query_as(postgres::COLUMNS).fetch_all(&server.pool).await?, postgres::kind)
        }
    };
    let column = |(table, name, declared, nullable): Row| {
        let kind = kind(&declared).to_owned();
        Column { table, name, nullable, kind }
    };
    Ok(rows.into_iter().map(column).collect())
}
