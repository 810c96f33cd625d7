//! The database and its transactions.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::postgres::{PgPool, PgRow, Postgres};
use sqlx::sqlite::{Sqlite, SqlitePool, SqliteRow};
use sqlx::{Database, FromRow, Transaction};
use tokio::sync::{Notify, watch};

use crate::dialect::{self, Column};
use crate::error::StoreError;
use crate::statement::Statement;
use crate::value::{Value, bind};
use crate::work::Stored;
use crate::work::kept::{Key, Plans};

/// The database: one file, or a PostgreSQL server. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Db {
    /// The embedded database.
    Sqlite(Arc<SqlitePools>),
    /// A PostgreSQL server.
    Postgres(Arc<PostgresPool>),
}

/// SQLite lets one connection write at a time; a pool of one makes writers queue here, in order,
/// instead of failing with "database is locked".
#[derive(Debug)]
pub struct SqlitePools {
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
    pub(crate) beside: Beside,
}

/// The connections to a PostgreSQL server.
#[derive(Debug)]
pub struct PostgresPool {
    pub(crate) pool: PgPool,
    pub(crate) beside: Beside,
}

/// What this process has beside the database.
#[derive(Debug, Clone, Default)]
pub(crate) struct Beside {
    wake: Wake,
    plans: Plans,
}

/// Wakes whoever waits for jobs or for news in this process; other processes find both by looking from time
/// to time.
#[derive(Debug, Clone, Default)]
struct Wake {
    jobs: Arc<Notify>,
    /// Counts committed transactions that left something in the activity log.
    news: watch::Sender<u64>,
}

/// How many connections there are, and how many of them nobody uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolSize {
    /// All.
    pub open: u32,
    /// Unused.
    pub idle: u32,
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
            Self::Postgres(server) => dialect::postgres::MIGRATIONS.run(&server.pool).await?,
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
            Ok(Self::Postgres(Arc::new(dialect::postgres::connect(url).await?)))
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
            Self::Sqlite(pools) => {
                Tx::Sqlite(Open::new(pools.readers.begin().await?, &pools.beside).reading())
            }
            Self::Postgres(server) => {
                let tx = server.pool.begin_with(dialect::postgres::BEGIN_READ).await?;
                Tx::Postgres(Open::new(tx, &server.beside).reading())
            }
        })
    }

    /// Begins a transaction that may write. Nothing is kept unless it is committed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(pools) => {
                let tx = pools.writer.begin_with(dialect::sqlite::BEGIN_WRITE).await?;
                Tx::Sqlite(Open::new(tx, &pools.beside))
            }
            Self::Postgres(server) => Tx::Postgres(Open::new(server.pool.begin().await?, &server.beside)),
        })
    }

    /// Waits until this process commits a transaction that has added or changed jobs. One that was
    /// committed since the last wait counts.
    pub async fn jobs_wanted(&self) {
        match self {
            Self::Sqlite(pools) => pools.beside.wake.jobs.notified().await,
            Self::Postgres(server) => server.beside.wake.jobs.notified().await,
        }
    }

    /// Changes whenever this process commits a transaction that left something in the activity log.
    #[must_use]
    pub fn news(&self) -> watch::Receiver<u64> {
        match self {
            Self::Sqlite(pools) => pools.beside.wake.news.subscribe(),
            Self::Postgres(server) => server.beside.wake.news.subscribe(),
        }
    }

    /// The connections of this process.
    #[must_use]
    pub fn pool_size(&self) -> PoolSize {
        fn of<D: Database>(pool: &sqlx::Pool<D>) -> PoolSize {
            PoolSize { open: pool.size(), idle: u32::try_from(pool.num_idle()).unwrap_or(u32::MAX) }
        }
        match self {
            Self::Sqlite(pools) => of(&pools.readers),
            Self::Postgres(server) => of(&server.pool),
        }
    }

    /// Versions of migrations this program has and the database has not, and the other way round: both
    /// empty when they fit each other.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unfit_migrations(&self) -> Result<Unfit, StoreError> {
        let (applied, wanted) = match self {
            Self::Sqlite(pools) => (
                sqlx::query_as::<_, (i64,)>(dialect::APPLIED).fetch_all(&pools.readers).await?,
                &dialect::sqlite::MIGRATIONS,
            ),
            Self::Postgres(server) => (
                sqlx::query_as::<_, (i64,)>(dialect::APPLIED).fetch_all(&server.pool).await?,
                &dialect::postgres::MIGRATIONS,
            ),
        };
        let applied: Vec<i64> = applied.into_iter().map(|(version,)| version).collect();
        let wanted: Vec<i64> = wanted.iter().map(|migration| migration.version).collect();
        Ok(Unfit::between(&applied, &wanted))
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
            Self::Postgres(server) => server.pool.close().await,
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
            Self::Postgres(server) => {
                let mut connection = server.pool.acquire().await?;
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
    Sqlite(Open<Sqlite>),
    /// On PostgreSQL.
    Postgres(Open<Postgres>),
}

/// A transaction under way, whom to wake when it is committed, and what is known of plans then.
pub struct Open<D: Database> {
    tx: Transaction<'static, D>,
    beside: Beside,
    reads: bool,
    wakes: bool,
    tells: bool,
    plans: Vec<(Key, Arc<Stored>)>,
}

impl<D: Database> Open<D> {
    fn new(tx: Transaction<'static, D>, beside: &Beside) -> Self {
        let beside = beside.clone();
        Self { tx, beside, reads: false, wakes: false, tells: false, plans: Vec::new() }
    }

    /// It sees one state that was committed, and writes nothing.
    fn reading(self) -> Self {
        Self { reads: true, ..self }
    }

    async fn commit(self) -> Result<(), sqlx::Error> {
        let Self { tx, beside: Beside { wake, plans }, reads: _, wakes, tells, plans: written } = self;
        tx.commit().await?;
        for (key, plan) in written {
            plans.put(key, plan);
        }
        if wakes {
            wake.jobs.notify_one();
        }
        if tells {
            wake.news.send_modify(|count| *count = count.wrapping_add(1));
        }
        Ok(())
    }
}

impl<D: Database> std::fmt::Debug for Open<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Open").field("wakes", &self.wakes).finish_non_exhaustive()
    }
}

impl<D: Database> Deref for Open<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        &self.tx
    }
}

impl<D: Database> DerefMut for Open<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        &mut self.tx
    }
}

/// Where a database and this program do not fit each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// Migrations the database lacks: this program is newer.
    pub missing: Vec<i64>,
    /// Migrations this program does not know: it is older.
    pub unknown: Vec<i64>,
}

impl Unfit {
    pub(crate) fn between(applied: &[i64], wanted: &[i64]) -> Self {
        let lacking = |from: &[i64], of: &[i64]| from.iter().filter(|v| !of.contains(v)).copied().collect();
        Self { missing: lacking(wanted, applied), unknown: lacking(applied, wanted) }
    }

    /// They fit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.unknown.is_empty()
    }
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

    /// Whoever waits for jobs looks again once this is committed.
    pub(crate) fn wake_workers(&mut self) {
        match self {
            Self::Sqlite(tx) => tx.wakes = true,
            Self::Postgres(tx) => tx.wakes = true,
        }
    }

    /// Whether it sees one state that was committed, and writes nothing.
    pub(crate) fn only_reads(&self) -> bool {
        match self {
            Self::Sqlite(tx) => tx.reads,
            Self::Postgres(tx) => tx.reads,
        }
    }

    /// The plans this process keeps.
    pub(crate) fn plans(&self) -> &Plans {
        match self {
            Self::Sqlite(tx) => &tx.beside.plans,
            Self::Postgres(tx) => &tx.beside.plans,
        }
    }

    /// Keeps a plan once what was written of it is committed.
    pub(crate) fn keep_plan(&mut self, key: Key, plan: Arc<Stored>) {
        match self {
            Self::Sqlite(tx) => tx.plans.push((key, plan)),
            Self::Postgres(tx) => tx.plans.push((key, plan)),
        }
    }

    /// Whoever watches the activity log looks again once this is committed.
    pub(crate) fn tell(&mut self) {
        match self {
            Self::Sqlite(tx) => tx.tells = true,
            Self::Postgres(tx) => tx.tells = true,
        }
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
}
