//! How long 10,000 mails take from asking for them until each is rendered and stands in the queue:
//! `cargo bench -p gangway-web --bench mail`.
//!
//! On SQLite, and on a PostgreSQL cluster made for it: one survey that goes to 10,000 people of 200 domains.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::time::Instant;

use gangway_app::onboarding::{self, GenerateOptions};
use gangway_app::{handoff, mail, survey};
use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::ContactId;
use gangway_domain::people::Grade;
use gangway_store::contact::{self, Contact};
use gangway_store::onboarding::head;
use gangway_store::people::{self, Stakeholder};
use gangway_testkit::{Database, TestApp, deal};

/// People who are asked.
const PEOPLE: usize = 10_000;

/// What was asked for, in seconds.
const ASKED: f64 = 10.0;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        measure("SQLite", Database::sqlite().await.unwrap()).await;
        match Database::postgres().await {
            Ok(database) => measure("PostgreSQL", database).await,
            Err(error) => println!("\nnothing is measured on PostgreSQL: {error:#}"),
        }
    });
}

async fn measure(name: &str, database: Database) {
    let test = TestApp::on(database.db.clone()).await;
    let (app, actor) = (&test.app, &test.actor);
    let accepted = handoff::accept(app, actor, deal("Acme").into_bytes(), None).await.unwrap();
    let id = onboarding::generate(app, actor, accepted.handoff, GenerateOptions::default()).await.unwrap().id;
    let mut tx = app.db.write().await.unwrap();
    let account = head::get(&mut tx, actor.workspace, id).await.unwrap().unwrap().account_id;
    let mut all = Vec::with_capacity(PEOPLE);
    for number in 0..PEOPLE {
        let row = Contact {
            id: ContactId::fresh(&*app.ids),
            account_id: account,
            account: String::new(),
            name: format!("Person {number}"),
            name_key: String::new(),
            title: None,
            email: Some(format!("person{number}@site{}.acme.test", number % 200)),
            phone: None,
            notes: None,
            created_at: app.now(),
            version: 1,
            external_id: None,
        };
        contact::insert(&mut tx, actor.workspace, &row).await.unwrap();
        all.push(Stakeholder {
            onboarding: id,
            contact: row.id,
            name: row.name,
            title: None,
            email: row.email,
            role: StakeholderRole::EndUser,
            power: Grade::Low,
            interest: Grade::High,
            sentiment: None,
            engagement: None,
            risk: None,
            champion: None,
            notes: None,
            left_on: None,
            since: app.today(),
            version: 1,
        });
    }
    people::insert_all(&mut tx, actor.workspace, &all).await.unwrap();
    tx.commit().await.unwrap();
    let mut fastest = f64::MAX;
    for round in 1..=3 {
        let made = survey::add(app, actor, id, "kickoff", app.today()).await.unwrap();
        let begun = Instant::now();
        survey::send(app, actor, made.id, made.version, None).await.unwrap();
        let took = begun.elapsed().as_secs_f64();
        fastest = fastest.min(took);
        let waiting = mail::standing(app, actor).await.unwrap().waiting;
        assert!(usize::try_from(waiting).unwrap() >= round * PEOPLE, "{waiting} mails wait");
    }
    let verdict = if fastest <= ASKED { "as asked" } else { "too slow" };
    println!("{name}: {PEOPLE} mails rendered and queued in {fastest:.2} s ({ASKED} s asked: {verdict})");
    database.remove().await.unwrap();
}
