//! The app on a database of the test.

use std::sync::{Arc, Mutex, PoisonError};

use gangway_app::identity::Secret;
use gangway_app::package::{PackageError, RenderedFile};
use gangway_app::{Actor, App, Clock, Door, Engine, FileEntry, workspace};
use gangway_domain::deal::Reading;
use gangway_domain::ids::{PersonId, WorkspaceId};
use gangway_domain::methodology::Methodology;
use gangway_domain::package::Package;
use gangway_domain::permission::Role;
use gangway_intake::IntakeError;
use gangway_store::person::Person;
use gangway_store::workspace::Workspace;
use gangway_store::{Db, membership, person, session, workspace as workspaces};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::ids::{CountedIds, CountedSecrets};
use crate::sample::{KICKOFF, Sample};

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

/// The app on a fresh database, with a clock that stands still a week before [`KICKOFF`], ids that
/// count up, and an engine that makes samples.
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
            methodology: Arc::new(Methodology::default()),
            engine: engine(),
            time_zone: TimeZone::UTC,
            secrets: Arc::new(CountedSecrets::default()),
            attempts: Arc::default(),
            public_url: "http://gangway.test".into(),
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

/// Reads `customer;segment;late` and makes [`Sample`]s: nothing of the real readers and programmes.
#[must_use]
pub fn engine() -> Engine {
    Engine {
        read: |text, _, _| {
            let text = std::str::from_utf8(text).unwrap_or_default();
            let mut fields = text.split(';').map(str::trim);
            let customer = fields.next().unwrap_or_default();
            if customer.is_empty() {
                return Err(IntakeError::Empty);
            }
            if customer == "crash" {
                panic!("a reader that crashes");
            }
            let mut reading = Sample::of(customer).reading();
            reading.deal.notes =
                fields.map(|field| gangway_domain::fact::Fact::field(field.to_owned(), "notes")).collect();
            Ok(reading)
        },
        build: |_, reading, options| {
            let mut package = sample(&reading, options.kickoff_on.unwrap_or(KICKOFF)).package();
            package.as_of = options.as_of;
            package.names.vendor.clone_from(&options.vendor);
            package.reading = reading;
            Ok(package)
        },
        list: |package| {
            let entry = |file: RenderedFile| FileEntry { title: file.path.clone(), path: file.path };
            files(package).into_iter().map(entry).collect()
        },
        render: |package, _, path| {
            let file = files(package).into_iter().find(|file| file.path == path);
            file.ok_or_else(|| PackageError::UnknownFile(path.to_owned()))
        },
    }
}

fn sample(reading: &Reading, kickoff: jiff::civil::Date) -> Sample {
    let note = |index: usize| reading.deal.notes.get(index).map(|fact| fact.value.as_str());
    let customer = reading.deal.customer.as_ref().map_or("", |fact| fact.value.as_str());
    Sample {
        segment: note(0).unwrap_or("mid-market").to_owned(),
        late: note(1).and_then(|days| days.parse().ok()).unwrap_or(0),
        kickoff,
        ..Sample::of(customer)
    }
}

fn files(package: &Package) -> Vec<RenderedFile> {
    let file = |path: &str, media_type, bytes: &[u8]| RenderedFile {
        path: path.to_owned(),
        media_type,
        bytes: bytes.to_vec(),
    };
    let page = format!(
        "<!doctype html><title>Plan</title><style>p{{color:teal}}</style><p>{}</p>",
        package.plan.tasks.len()
    );
    vec![
        file("index.html", "text/html; charset=utf-8", page.as_bytes()),
        file("package.json", "application/json", b"{}"),
        file("plan/implementation-plan.pdf", "application/pdf", b"%PDF-1.7"),
        file("plan/Zeitplan \"Ä\".ics", "text/calendar", b"BEGIN:VCALENDAR"),
    ]
}
