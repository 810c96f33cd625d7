//! The app on a database of the test.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use gangway_app::{Actor, App, Clock, Door, workspace};
use gangway_methodology::{Library, Methodology, render_diagnostics};
use gangway_store::Db;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::ids::CountedIds;

/// A clock the test moves.
#[derive(Debug)]
pub struct TestClock(Mutex<Timestamp>);

impl TestClock {
    /// Stands at that instant, e.g. `2027-01-04T09:00:00Z`.
    ///
    /// # Panics
    /// When the text is not an instant.
    #[must_use]
    pub fn at(instant: &str) -> Self {
        Self(Mutex::new(instant.parse().unwrap_or_else(|error| panic!("{instant}: {error}"))))
    }

    /// Moves on by whole days.
    pub fn advance_days(&self, days: i32) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add((i64::from(days) * 24).hours()).unwrap_or(*now);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The built-in methodology, read once for all tests of a process.
///
/// # Panics
/// When it has mistakes.
#[must_use]
pub fn methodology() -> Arc<Methodology> {
    static BUILTIN: LazyLock<Arc<Methodology>> = LazyLock::new(|| {
        let loaded = Library::builtin().load();
        Arc::new(loaded.unwrap_or_else(|mistakes| panic!("{}", render_diagnostics(&mistakes))))
    });
    BUILTIN.clone()
}

/// The app on a fresh database, with the built-in methodology, a clock that stands still a week before
/// [`KICKOFF`](crate::sample::KICKOFF), and ids that count up.
pub struct TestApp {
    /// The app.
    pub app: App,
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// Somebody in the default workspace.
    pub actor: Actor,
}

impl TestApp {
    /// On this database.
    ///
    /// # Panics
    /// When the default workspace cannot be made.
    pub async fn on(db: Db) -> Self {
        let clock = Arc::new(TestClock::at("2027-01-04T09:00:00Z"));
        let app = App {
            db,
            clock: clock.clone(),
            ids: Arc::new(CountedIds::default()),
            methodology: methodology(),
            time_zone: TimeZone::UTC,
        };
        let made = workspace::ensure_default(&app, "Northbeam Software").await;
        let workspace = made.unwrap_or_else(|error| panic!("default workspace: {error}")).id;
        let actor = Actor { name: "Priya".to_owned(), workspace, door: Door::Cli };
        Self { app, clock, actor }
    }
}
