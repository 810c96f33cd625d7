//! A fresh, migrated database for every test, on both engines.

use std::sync::OnceLock;

use anyhow::{Context, Result};
use gangway_store::Db;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;

use crate::cluster::Cluster;

/// Names the server tests use; set by `cargo xtask test`, so that all of them share one.
pub const SERVER_VARIABLE: &str = "GANGWAY_TEST_POSTGRES_URL";

/// Key of the advisory lock under which the template database is made.
const TEMPLATE_LOCK: i64 = 0x0067_616e_6777_6179;

/// A database of one test; removed by [`Database::remove`].
pub struct Database {
    /// The database.
    pub db: Db,
    /// Its address.
    pub url: String,
    home: Home,
}

enum Home {
    Folder(TempDir),
    Server { name: String },
}

impl Database {
    /// An SQLite file in a temporary folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn sqlite() -> Result<Self> {
        let folder = TempDir::with_prefix("gangway-test-")?;
        let url = format!("sqlite:{}", folder.path().join("gangway.db").display());
        let db = Db::open(&url).await?;
        Ok(Self { db, url, home: Home::Folder(folder) })
    }

    /// A database on the test server, copied from a migrated template.
    ///
    /// # Errors
    /// When there is no PostgreSQL: a failure, never a reason to skip.
    pub async fn postgres() -> Result<Self> {
        let server = server()?;
        let mut admin = PgConnection::connect(server).await.context("the PostgreSQL of the tests")?;
        let template = template(&mut admin, server).await?;
        // Unique without a clock or random numbers: the server counts.
        let (number,): (i64,) =
            sqlx::query_as("SELECT nextval('gangway_test_database')").fetch_one(&mut admin).await?;
        let name = format!("gangway_test_{number}");
        admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}"))).await?;
        admin.close().await?;
        let url = on_server(server, &name);
        let db = Db::connect(&url).await?;
        Ok(Self { db, url, home: Home::Server { name } })
    }

    /// Ends every connection to it, whoever holds it, and waits until they are gone: what a process that was killed
    /// had begun is over then. Nobody holds an SQLite file once the process is gone.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn disconnect(&self) -> Result<()> {
        if let Home::Server { name } = &self.home {
            let mut admin = PgConnection::connect(server()?).await?;
            sqlx::query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1")
                .bind(name.as_str())
                .execute(&mut admin)
                .await?;
            admin.close().await?;
        }
        Ok(())
    }

    /// Closes and removes the database.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn remove(self) -> Result<()> {
        self.db.close().await;
        match self.home {
            Home::Folder(folder) => folder.close()?,
            Home::Server { name } => {
                let mut admin = PgConnection::connect(server()?).await?;
                admin.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await?;
                admin.close().await?;
            }
        }
        Ok(())
    }
}

/// The server of the tests: the one named by the environment, else one of this process's own.
fn server() -> Result<&'static str> {
    static SERVER: OnceLock<std::result::Result<(String, Option<Cluster>), String>> = OnceLock::new();
    SERVER
        .get_or_init(|| match std::env::var(SERVER_VARIABLE) {
            Ok(url) => Ok((url, None)),
            Err(_) => Cluster::start()
                .map(|cluster| (cluster.url(), Some(cluster)))
                .map_err(|error| format!("{error:#}")),
        })
        .as_ref()
        .map(|(url, _)| url.as_str())
        .map_err(|error| anyhow::anyhow!("{error}"))
}

/// The migrated database tests are copied from, made by whoever comes first. Its name carries the
/// checksum of the migrations, so that a server that outlives a change of them is not misled.
async fn template(admin: &mut PgConnection, server: &str) -> Result<String> {
    let name = format!("gangway_template_{}", Db::schema_version());
    sqlx::query("SELECT pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut *admin).await?;
    let made = make_template(admin, server, &name).await;
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(TEMPLATE_LOCK).execute(&mut *admin).await?;
    made.map(|()| name)
}

async fn make_template(admin: &mut PgConnection, server: &str, name: &str) -> Result<()> {
    admin.execute("CREATE SEQUENCE IF NOT EXISTS gangway_test_database").await?;
    let known: Option<(i32,)> = sqlx::query_as("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(name)
        .fetch_optional(&mut *admin)
        .await?;
    if known.is_some() {
        return Ok(());
    }
    // Under another name until it is complete: a crash must not leave half a template.
    let draft = format!("{name}_draft");
    admin.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"))).await?;
    admin.execute(AssertSqlSafe(format!("CREATE DATABASE {draft}"))).await?;
    let db = Db::open(&on_server(server, &draft)).await?;
    db.close().await;
    // The server may take a moment to see the connections closed.
    admin
        .execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname LIKE 'gangway_template_%_draft'",
        )
        .await?;
    admin.execute(AssertSqlSafe(format!("ALTER DATABASE {draft} RENAME TO {name}"))).await?;
    Ok(())
}

/// The address of another database on the same server.
fn on_server(server: &str, name: &str) -> String {
    let (base, parameters) = server.split_once('?').map_or((server, None), |(base, rest)| (base, Some(rest)));
    let base = base.rsplit_once('/').map_or(base, |(base, _)| base);
    parameters.map_or_else(|| format!("{base}/{name}"), |parameters| format!("{base}/{name}?{parameters}"))
}
