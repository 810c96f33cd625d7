//! The database and its transactions.

use std::sync::Arc;

use sqlx::postgres::{PgPool, PgRow, Postgres};
use sqlx::sqlite::{Sqlite, SqlitePool, SqliteRow};
use sqlx::{AssertSqlSafe, FromRow, Transaction};

use crate::dialect::{self, Column};
use crate::error::StoreError;
use crate::statement::Statement;
use crate::value::{Value, bind};

/// Rows of one batched insert. Fifty times as fast as row by row, and far below the limits on
/// the number of parameters (32,766 on SQLite, 65,535 on PostgreSQL).
const BATCH: usize = 100;

/// The database: one file, or a PostgreSQL server. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Db {
    /// The embedded database.
    Sqlite(Arc<SqlitePools>),
    /// A PostgreSQL server.
    Postgres(PgPool),
}

/// SQLite lets one connection write at a time; a pool of one makes writers queue here, in order,
/// instead of failing with "database is locked".
#[derive(Debug)]
pub struct SqlitePools {
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
}

impl Db {
    /// Opens `sqlite:PATH` (made when absent) or `postgres://…` and brings its schema up to date.
    ///
    /// # Errors
    /// When the address is of no known kind, the database cannot be reached, or a migration fails.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let db = Self::connect(url).await?;
        match &db {
            Self::Sqlite(pools) => dialect::sqlite::MIGRATIONS.run(&pools.writer).await?,
            Self::Postgres(pool) => dialect::postgres::MIGRATIONS.run(pool).await?,
        }
        Ok(db)
    }

    /// Opens a database whose schema is known to be up to date.
    ///
    /// # Errors
    /// When the address is of no known kind or the database cannot be reached.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            Ok(Self::Sqlite(Arc::new(dialect::sqlite::connect(path).await?)))
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Ok(Self::Postgres(dialect::postgres::connect(url).await?))
        } else {
            // Only the scheme: an address may carry a password.
            Err(StoreError::UnknownDatabase(url.split(':').next().unwrap_or_default().to_owned()))
        }
    }

    /// `SQLite` or `PostgreSQL`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Begins a transaction that only reads and sees one state of the database throughout.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(pools) => Tx::Sqlite(pools.readers.begin().await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin_with(dialect::postgres::BEGIN_READ).await?),
        })
    }

    /// Begins a transaction that may write. Nothing is kept unless it is committed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(pools) => Tx::Sqlite(pools.writer.begin_with(dialect::sqlite::BEGIN_WRITE).await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Twelve hex digits that change whenever a migration of PostgreSQL does.
    #[must_use]
    pub fn schema_version() -> String {
        let mut sum = [0_u8; 6];
        for migration in dialect::postgres::MIGRATIONS.iter() {
            for (index, byte) in migration.checksum.iter().enumerate() {
                sum[index % 6] = sum[index % 6].rotate_left(1) ^ byte;
            }
        }
        sum.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Closes all connections; SQLite folds its write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pools) => {
                pools.readers.close().await;
                pools.writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// The columns of every table of the schema, in order of table and name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn columns(&self) -> Result<Vec<Column>, StoreError> {
        dialect::columns(self).await
    }

    /// Lets the database check a statement without running it.
    ///
    /// # Errors
    /// When the database does not understand it.
    pub async fn prepare(&self, statement: &Statement) -> Result<(), StoreError> {
        use sqlx::{Executor, SqlSafeStr};
        match self {
            Self::Sqlite(pools) => {
                let mut connection = pools.writer.acquire().await?;
                connection.prepare(statement.sql.into_sql_str()).await?;
            }
            Self::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                connection.prepare(statement.sql.into_sql_str()).await?;
            }
        }
        Ok(())
    }
}

/// A transaction. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// A row both databases can give.
pub(crate) trait Record:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}
impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl Tx {
    /// Makes what was written permanent and visible to others.
    ///
    /// # Errors
    /// When the database fails; nothing is kept then.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    pub(crate) async fn all<T: Record>(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<Vec<T>, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => bind!(sqlx::query_as::<Sqlite, T>(sql), args).fetch_all(&mut **tx).await?,
            Self::Postgres(tx) => {
                bind!(sqlx::query_as::<Postgres, T>(sql), args).fetch_all(&mut **tx).await?
            }
        })
    }

    pub(crate) async fn optional<T: Record>(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<Option<T>, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => {
                bind!(sqlx::query_as::<Sqlite, T>(sql), args).fetch_optional(&mut **tx).await?
            }
            Self::Postgres(tx) => {
                bind!(sqlx::query_as::<Postgres, T>(sql), args).fetch_optional(&mut **tx).await?
            }
        })
    }

    /// Runs a statement and returns how many rows it touched.
    pub(crate) async fn run(&mut self, sql: &'static str, args: Vec<Value>) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(tx) => {
                bind!(sqlx::query::<Sqlite>(sql), args).execute(&mut **tx).await?.rows_affected()
            }
            Self::Postgres(tx) => {
                bind!(sqlx::query::<Postgres>(sql), args).execute(&mut **tx).await?.rows_affected()
            }
        })
    }

    /// Inserts many rows, a hundred to a statement. `sql` is the registered one-row insert, whose
    /// `VALUES (…)` must come last; longer ones repeat its placeholders.
    pub(crate) async fn insert_all(
        &mut self,
        sql: &'static str,
        rows: Vec<Vec<Value>>,
    ) -> Result<(), StoreError> {
        let head = sql.rsplit_once("VALUES").map_or(sql, |(head, _)| head);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let batch: Vec<Vec<Value>> = rows.by_ref().take(BATCH).collect();
            let text =
                format!("{head}VALUES {}", placeholders(batch.len(), batch.first().map_or(0, Vec::len)));
            let args = batch.into_iter().flatten();
            // Made of a registered constant and numbers only.
            let text = AssertSqlSafe(text);
            match self {
                Self::Sqlite(tx) => {
                    bind!(sqlx::query::<Sqlite>(text), args).execute(&mut **tx).await?;
                }
                Self::Postgres(tx) => {
                    bind!(sqlx::query::<Postgres>(text), args).execute(&mut **tx).await?;
                }
            }
        }
        Ok(())
    }
}

/// `($1, $2), ($3, $4)` for two rows of two columns.
fn placeholders(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let list: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", list.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn numbers_placeholders_row_by_row() {
        assert_eq!(placeholders(2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(placeholders(1, 1), "($1)");
    }
}
