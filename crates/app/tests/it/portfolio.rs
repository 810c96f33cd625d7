//! Contacts of deals, merging, bringing old rows up to date.

use std::collections::BTreeSet;

use gangway_app::account::{book, merge};
use gangway_app::contact;
use gangway_app::merging::Merge;
use gangway_app::onboarding::{self, GenerateOptions};
use gangway_app::{AppError, handoff, intake, portfolio, search, upkeep};
use gangway_domain::permission::Role;
use gangway_store::contact::Query;
use gangway_store::membership;
use gangway_store::onboarding::{list, now};
use gangway_testkit::{TestApp, deal, for_each_database};

use super::generate;

async fn names(test: &TestApp) -> Vec<String> {
    let query = Query { limit: 50, ..Query::default() };
    let found = contact::list(&test.app, &test.actor, &query).await.unwrap();
    found.lines.into_iter().map(|contact| contact.name).collect()
}

#[tokio::test]
async fn people_of_a_deal_become_contacts_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let people = "Sponsor: Dana Whitfield (VP Operations)\nChampion: Renee Walsh\nStakeholders: 3 plant managers\n";
        let text = format!("{}{people}", deal("Acme"));
        let accepted = handoff::accept(&test.app, &test.actor, text.clone().into_bytes(), None).await.unwrap();
        assert!(names(&test).await.is_empty(), "nobody has said that it was read right");
        let version = intake::get(&test.app, &test.actor, accepted.handoff).await.unwrap().review.version;
        intake::confirm(&test.app, &test.actor, accepted.handoff, version).await.unwrap();
        assert_eq!(names(&test).await, ["Dana Whitfield", "Renee Walsh"], "counted groups are nobody");
        let id = generate(&test, &text).await;
        assert_eq!(names(&test).await, ["Dana Whitfield", "Renee Walsh"], "the same two");
        let query = Query { role: Some("executive_sponsor".to_owned()), limit: 5, ..Query::default() };
        let sponsors = contact::list(&test.app, &test.actor, &query).await.unwrap().lines;
        assert_eq!((sponsors.len(), sponsors[0].title.as_deref()), (1, Some("VP Operations")));
        let (_, parts) = contact::get(&test.app, &test.actor, sponsors[0].id).await.unwrap();
        assert_eq!((parts.len(), parts[0].onboarding), (1, id));
        // A second deal of the same customer finds them again.
        generate(&test, &text.replace("$95K", "$99K")).await;
        assert_eq!(names(&test).await.len(), 2);
        let (_, parts) = contact::get(&test.app, &test.actor, sponsors[0].id).await.unwrap();
        assert_eq!(parts.len(), 2, "one part in each");
        for _ in 0..2 {
            upkeep::run(&test.app).await.unwrap();
            assert_eq!(names(&test).await.len(), 2);
            assert_eq!(search::find(&test.app, &test.actor, "whitfield", 5).await.unwrap().len(), 1);
        }
    })
    .await;
}

#[tokio::test]
async fn rows_are_brought_up_to_date_at_the_start_or_by_many_readers_at_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let is_stale = async || {
            let mut tx = app.db.read().await.unwrap();
            now::is_stale(&mut tx, actor.workspace, app.today()).await.unwrap()
        };
        generate(&test, &deal("Acme")).await;
        assert!(is_stale().await, "new rows say nothing of today yet");
        upkeep::run(app).await.unwrap();
        assert!(!is_stale().await, "and nobody had to look first");
        for customer in ["Bolt", "Cirrus", "Dune"] {
            generate(&test, &deal(customer)).await;
        }
        assert!(is_stale().await);
        let mut racing = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (app, actor) = (app.clone(), actor.clone());
            racing.spawn(async move {
                let query = list::Query::first(9, app.today());
                let (board, ran) = tokio::join!(portfolio::board(&app, &actor, query), upkeep::run(&app));
                ran.unwrap();
                board.unwrap()
            });
        }
        let boards = racing.join_all().await;
        assert!(!is_stale().await);
        let query = list::Query::first(9, app.today());
        let board = portfolio::board(app, actor, query).await.unwrap();
        assert_eq!(board.columns.iter().map(|column| column.count).sum::<i64>(), 4);
        assert!(boards.iter().all(|seen| *seen == board), "{boards:?}");
    })
    .await;
}

#[tokio::test]
async fn a_merge_is_refused_when_either_was_changed_and_leaves_nothing_half_done() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let one = onboarding::get(app, actor, generate(&test, &deal("Acme North")).await).await.unwrap();
        let other = onboarding::get(app, actor, generate(&test, &deal("Acme South")).await).await.unwrap();
        let (stays, goes) = (one.account.id, other.account.id);
        let preview = merge::preview(app, actor, stays, goes).await.unwrap();
        let wanted = |stays_version, goes_version| Merge {
            stays,
            stays_version,
            goes,
            goes_version,
            take: BTreeSet::from(["name".to_owned()]),
        };
        let rename = book::Changes { name: Some("Acme Southern".to_owned()), ..book::Changes::default() };
        book::change(app, actor, goes, preview.goes.version, rename).await.unwrap();
        let seen = wanted(preview.stays.version, preview.goes.version);
        let refused = merge::merge(app, actor, &seen).await;
        assert!(matches!(refused, Err(AppError::Stale { what: "account", .. })), "{refused:?}");
        assert_eq!(book::get(app, actor, stays).await.unwrap().account.name, "Acme North");
        let itself = Merge { goes: stays, ..seen };
        assert!(matches!(merge::merge(app, actor, &itself).await, Err(AppError::Invalid(_))));
        let now = merge::preview(app, actor, stays, goes).await.unwrap();
        let merged = merge::merge(app, actor, &wanted(now.stays.version, now.goes.version)).await.unwrap();
        assert_eq!(merged.account.name, "Acme Southern", "the name that was chosen");
        let both = onboarding::list(app, actor, list::Query::first(9, app.today())).await;
        let customers: Vec<String> = both.unwrap().page.lines.into_iter().map(|line| line.customer).collect();
        assert_eq!(customers, ["Acme Southern", "Acme Southern"]);
        let again = onboarding::get(app, actor, other.onboarding.id).await.unwrap();
        assert_eq!((again.account.id, again.story[0].kind.as_str()), (stays, "account.merged"));
        let stranger = test.elsewhere("Southlight").await.actor;
        assert!(matches!(merge::preview(app, &stranger, stays, goes).await, Err(AppError::NotFound { .. })));
        assert!(search::find(app, &stranger, "acme", 5).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_deal_is_of_whoever_hands_it_over_or_of_the_executive_it_names() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let (seller, other) = (test.member(Role::Ae).await, test.member(Role::Ae).await);
        let mut tx = app.db.read().await.unwrap();
        let members = membership::of_workspace(&mut tx, actor.workspace).await.unwrap();
        drop(tx);
        let address = members.iter().find(|member| Some(member.person) == seller.person);
        let address = address.unwrap().email.to_uppercase();
        let text = |customer: &str, address: &str| {
            format!(
                "{{\"customer\": \"{customer}\", \"team\": \
                 [{{\"name\": \"Sam Ortega\", \"role\": \"ae\", \"email\": \"{address}\"}}]}}"
            )
        };
        // A script brings the first two: the one names a member by their address, the other nobody who is here.
        generate(&test, &text("Acme", &address)).await;
        generate(&test, &text("Bolt", "sam@elsewhere.example")).await;
        // What somebody hands over is theirs, whoever it names.
        let theirs = text("Cirrus", &address).into_bytes();
        let accepted = handoff::accept(app, &other, theirs, None).await.unwrap();
        onboarding::generate(app, actor, accepted.handoff, GenerateOptions::default()).await.unwrap();
        for (person, expected) in [(&seller, "Acme"), (&other, "Cirrus")] {
            let query = list::Query { seller: person.person, ..list::Query::first(9, app.today()) };
            let found = portfolio::list(app, actor, query).await.unwrap();
            let customers: Vec<String> = found.page.lines.into_iter().map(|line| line.customer).collect();
            assert_eq!(customers, [expected]);
            assert_eq!((found.facets.shown, found.summary.all), (1, 3));
        }
    })
    .await;
}
