//! Test support: the database and the app on both databases, the built-in methodology, a clock that
//! stands still, a package made by hand.

mod addresses;
mod app;
mod cluster;
mod database;
mod deal;
mod ids;
mod nats;
mod past;
mod proven;
pub mod sample;
mod year;

use std::panic::resume_unwind;

pub use addresses::{Address, Addresses, Part, Rows};
pub use app::{TestApp, TestClock, methodology};
pub use cluster::{Cluster, is_root, programs};
pub use database::{Database, SERVER_VARIABLE};
pub use deal::{big_deal, deal, deal_within};
pub use ids::{CountedIds, CountedSecrets};
pub use nats::NatsServer;
pub use past::Past;
pub use proven::prove;
pub use year::year_of_usage;

/// Runs a test on a fresh SQLite and on a fresh PostgreSQL database, and removes both afterwards
/// even when it fails. There is no way to leave one out: a missing PostgreSQL fails the test.
///
/// # Panics
/// When the test does, or when a database cannot be made.
pub async fn for_each_database<T, F>(test: T)
where
    T: Fn(gangway_store::Db) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    for_each_address(|db, _| test(db)).await;
}

/// The same for a test that connects past the use cases, and so needs the address too.
///
/// # Panics
/// As [`for_each_database`].
pub async fn for_each_address<T, F>(test: T)
where
    T: Fn(gangway_store::Db, String) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let sqlite = Database::sqlite().await.unwrap_or_else(|error| panic!("SQLite: {error:#}"));
    run("SQLite", sqlite, &test).await;
    let postgres = Database::postgres().await.unwrap_or_else(|error| panic!("PostgreSQL: {error:#}"));
    run("PostgreSQL", postgres, &test).await;
}

async fn run<T, F>(name: &str, database: Database, test: &T)
where
    T: Fn(gangway_store::Db, String) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let outcome = tokio::spawn(test(database.db.clone(), database.url.clone())).await;
    let removed = database.remove().await;
    if let Err(failure) = outcome {
        eprintln!("the test failed on {name}");
        resume_unwind(failure.into_panic());
    }
    removed.unwrap_or_else(|error| panic!("{name}: {error:#}"));
}
