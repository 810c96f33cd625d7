//! The app on a database of the test.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use gangway_app::identity::Secret;
use gangway_app::outbound::Outbound;
use gangway_app::programme::Shelf;
use gangway_app::usage::Usage;
use gangway_app::vault::Vault;
use gangway_app::webhook::{Network, Reach};
use gangway_app::{Actor, App, Clock, Door, workspace};
use gangway_domain::ids::{PersonId, WorkspaceId};
use gangway_domain::permission::Role;
use gangway_events::log::Settings;
use gangway_methodology::{Library, Methodology, render_diagnostics};
use gangway_store::person::Person;
use gangway_store::workspace::Workspace;
use gangway_store::{Db, membership, person, session, workspace as workspaces};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::ids::{CountedIds, CountedSecrets};

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
        self.advance_hours(i64::from(days) * 24);
    }

    /// Moves on by whole hours.
    pub fn advance_hours(&self, hours: i64) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(hours.hours()).unwrap_or(*now);
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

/// What tests ask listens on this machine.
fn this_machine() -> Option<Network> {
    "127.0.0.1".parse().ok()
}

/// Usage over a log of its own, made when it is asked for first and gone with the app.
fn usage() -> Usage {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("a temporary folder: {error}"));
    let address = format!("sqlite:{}", folder.path().join("events.db").display());
    Usage::at(address, uuid::Uuid::from_u128(6), Settings::default()).holding(folder)
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
            shelf: Arc::new(Shelf::new(Library::builtin())),
            time_zone: TimeZone::UTC,
            secrets: Arc::new(CountedSecrets::default()),
            attempts: Arc::default(),
            outbound: Arc::new(Outbound::new(Reach::and(this_machine()))),
            ways: Arc::default(),
            live: Arc::default(),
            pages: Arc::default(),
            usage: Arc::new(usage()),
            health: Arc::default(),
            vault: Arc::new(Vault::new(&"5e".repeat(32)).unwrap_or_else(|error| panic!("{error}"))),
            public_url: "http://gangway.test".into(),
            digest_hour: gangway_app::digest::HOUR,
        };
        let made = workspace::ensure_default(&app, "Northbeam Software").await;
        let workspace = made.unwrap_or_else(|error| panic!("default workspace: {error}")).id;
        let actor = Actor::system("Priya", workspace, Door::Cli);
        Self { app, clock, actor }
    }

    /// The same app, seen from another workspace.
    ///
    /// # Panics
    /// When the workspace cannot be made.
    pub async fn elsewhere(&self, name: &str) -> Self {
        let id = WorkspaceId::fresh(&*self.app.ids);
        let row = Workspace { id, name: name.to_owned(), created_at: self.app.now() };
        let made = async {
            let mut tx = self.app.db.write().await?;
            workspaces::insert(&mut tx, &row).await?;
            tx.commit().await
        };
        made.await.unwrap_or_else(|error| panic!("a workspace: {error}"));
        let actor = Actor::system("Somebody else", id, Door::Cli);
        Self { app: self.app.clone(), clock: self.clock.clone(), actor }
    }

    /// Somebody new of the workspace, with this role.
    ///
    /// # Panics
    /// When they cannot be let in.
    pub async fn member(&self, role: Role) -> Actor {
        let row = Person {
            id: PersonId::fresh(&*self.app.ids),
            email: format!("{}@northbeam.test", PersonId::fresh(&*self.app.ids)),
            name: format!("A {}", role.label().to_lowercase()),
            password_hash: None,
            subject: None,
            created_at: self.app.now(),
        };
        let joined = async {
            let mut tx = self.app.db.write().await?;
            person::insert(&mut tx, &row).await?;
            membership::insert(&mut tx, self.actor.workspace, row.id, role, self.app.now()).await?;
            tx.commit().await
        };
        joined.await.unwrap_or_else(|error| panic!("a member: {error}"));
        Actor::person(row.id, row.name, role, self.actor.workspace, Door::Web)
    }

    /// Somebody new of the workspace signs in: the cookie of their session.
    ///
    /// # Panics
    /// When they cannot.
    pub async fn sign_in(&self, role: Role) -> String {
        self.cookie(&self.member(role).await).await
    }

    /// A member signs in: the cookie of their session.
    ///
    /// # Panics
    /// When they cannot.
    pub async fn cookie(&self, actor: &Actor) -> String {
        let secret = Secret::fresh(&*self.app.secrets);
        let expires = self.clock.now().saturating_add(400.hours());
        let row = session::Session {
            digest: secret.digest(),
            person: actor.person.unwrap_or_else(|| panic!("a member is a person")),
            workspace: actor.workspace,
            agent: "test".to_owned(),
            created_at: self.app.now(),
            expires_at: expires.unwrap_or(Timestamp::MAX).into(),
        };
        let begun = async {
            let mut tx = self.app.db.write().await?;
            session::insert(&mut tx, &row).await?;
            tx.commit().await
        };
        begun.await.unwrap_or_else(|error| panic!("a session: {error}"));
        format!("gangway={}", secret.reveal())
    }
}
