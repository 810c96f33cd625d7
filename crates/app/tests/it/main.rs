//! The use cases on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod big;
mod crm;
mod demo;
mod digest;
mod document;
mod forecast;
mod form;
mod governance;
mod health;
mod inputs;
mod intake;
mod launch;
mod launch_after;
mod launch_day;
mod launch_guest;
mod launch_people;
mod mail;
mod outcome;
mod people;
mod portal;
mod portal_documents;
mod portal_doors;
mod portal_mail;
mod portal_words;
mod portfolio;
mod present;
mod programme;
mod receiver;
mod recurring;
mod register;
mod report;
mod scope;
mod standing;
mod survey;
mod training;
mod training_after;
mod training_kept;
mod transition;
mod trouble;
mod upkeep;
mod usage;
mod usage_log;
mod webhook;
mod work;
mod workload;

use gangway_app::onboarding::{self, GenerateOptions};
use gangway_app::{Actor, AppError, Guest, activity, handoff, identity};
use gangway_domain::ids::{ContactId, HandoffId, OnboardingId, WorkspaceId};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Role;
use gangway_domain::portal::{Language, PortalRole};
use gangway_store::onboarding::list::Query;
use gangway_store::outbox;
use gangway_testkit::sample::KICKOFF;
use gangway_testkit::{TestApp, deal, deal_within, for_each_database, prove};
use uuid::Uuid;

fn everything() -> Query {
    Query::first(50, KICKOFF)
}

/// Hands a deal over and generates its onboarding.
async fn generate(test: &TestApp, deal: &str) -> OnboardingId {
    let accepted = handoff::accept(&test.app, &test.actor, deal.as_bytes().to_vec(), None).await.unwrap();
    let options = GenerateOptions::default();
    onboarding::generate(&test.app, &test.actor, accepted.handoff, options).await.unwrap().id
}

/// The same of a deal that names somebody at the customer: their sponsor, Dana Whitfield.
async fn sponsored(test: &TestApp) -> OnboardingId {
    sponsored_at(test, "Acme").await
}

/// The same at another customer.
async fn sponsored_at(test: &TestApp, customer: &str) -> OnboardingId {
    generate(test, &format!("{}Sponsor: Dana Whitfield (VP Operations)\n", deal(customer))).await
}

/// Dana Whitfield in the portal of such an onboarding, and the contact she is.
async fn guest(test: &TestApp, id: OnboardingId, role: PortalRole) -> (ContactId, Actor) {
    let all = gangway_app::people::standing(&test.app, &test.actor, id).await.unwrap().people;
    let contact = all.iter().find(|one| one.facts.name == "Dana Whitfield").unwrap().facts.contact;
    let workspace = test.actor.workspace;
    let guest = Guest { workspace, onboarding: id, contact, role, language: Language::En, peek: false };
    (contact, Actor::guest("Dana Whitfield", guest))
}

#[tokio::test]
async fn a_deal_becomes_an_onboarding() {
    for_each_database(|db| async move {
        let TestApp { app, actor, .. } = TestApp::on(db).await;
        let accepted =
            handoff::accept(&app, &actor, deal_within("Acme, Inc.", 20).into_bytes(), None).await.unwrap();
        assert!(accepted.new);
        let generated =
            onboarding::generate(&app, &actor, accepted.handoff, GenerateOptions::default()).await.unwrap();
        assert!(generated.new);

        let overview = onboarding::get(&app, &actor, generated.id).await.unwrap();
        assert_eq!(overview.account.name, "Acme, Inc.");
        assert_eq!(overview.onboarding.state, OnboardingState::Planned);
        assert_eq!(overview.onboarding.package.names.vendor, "Northbeam Software");
        assert_eq!(overview.next[0].code, "handoff-document", "the first task of the programme");
        let kinds: Vec<&str> = overview.story.iter().map(|entry| entry.kind.as_str()).collect();
        assert_eq!(kinds, ["onboarding.generated", "handoff.accepted"], "newest first");
        assert_eq!(overview.story[0].actor, "Priya");

        let portfolio = onboarding::list(&app, &actor, everything()).await.unwrap();
        let dates = &overview.onboarding.package.dates;
        let late = dates.feasibility.as_ref().map(|found| found.shortfall);
        assert_eq!(Some(portfolio.page.lines[0].late_days), late);
        assert!(late > Some(7), "three months of work do not fit into twenty days: {late:?}");
        assert_eq!(portfolio.summary.all, 1);

        let mut tx = app.db.read().await.unwrap();
        let kinds: Vec<String> = outbox::pending(&mut tx, actor.workspace, 10)
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.kind)
            .collect();
        assert_eq!(kinds, ["handoff.accepted", "onboarding.generated"]);
    })
    .await;
}

#[tokio::test]
async fn doing_it_twice_does_it_once() {
    for_each_database(|db| async move {
        let TestApp { app, actor, .. } = TestApp::on(db).await;
        let first = handoff::accept(&app, &actor, deal("Acme").into_bytes(), None).await.unwrap();
        let again = handoff::accept(&app, &actor, deal("Acme").into_bytes(), None).await.unwrap();
        assert_eq!((again.handoff, again.new), (first.handoff, false));
        let one =
            onboarding::generate(&app, &actor, first.handoff, GenerateOptions::default()).await.unwrap();
        let two =
            onboarding::generate(&app, &actor, first.handoff, GenerateOptions::default()).await.unwrap();
        assert_eq!((two.id, two.new), (one.id, false));
        assert_eq!(activity::recent(&app, &actor, 10).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn ten_at_once_make_one() {
    for_each_database(|db| async move {
        let TestApp { app, actor, .. } = TestApp::on(db).await;
        let mut racing = tokio::task::JoinSet::new();
        for _ in 0..10 {
            let (app, actor) = (app.clone(), actor.clone());
            racing.spawn(async move {
                let accepted = handoff::accept(&app, &actor, deal("Acme").into_bytes(), None).await.unwrap();
                onboarding::generate(&app, &actor, accepted.handoff, GenerateOptions::default())
                    .await
                    .unwrap()
            });
        }
        let outcomes = racing.join_all().await;
        assert_eq!(outcomes.iter().filter(|generated| generated.new).count(), 1);
        assert!(outcomes.iter().all(|generated| generated.id == outcomes[0].id));
        assert_eq!(activity::recent(&app, &actor, 50).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn of_all_who_change_one_role_at_once_one_is_first() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        test.member(Role::Admin).await;
        let person = test.member(Role::Viewer).await.person.unwrap();
        // Again and again: from the second time on there are connections enough for all to begin at once.
        for seen in 1..=6 {
            let before = identity::member(&test.app, &test.actor, person).await.unwrap();
            assert_eq!(before.version, seen);
            let mut racing = tokio::task::JoinSet::new();
            for role in Role::ALL.into_iter().filter(|role| *role != before.role) {
                let (app, actor) = (test.app.clone(), test.actor.clone());
                racing.spawn(
                    async move { identity::change_role(&app, &actor, person, role, Some(seen)).await },
                );
            }
            let (made, late): (Vec<_>, Vec<_>) = racing.join_all().await.into_iter().partition(Result::is_ok);
            assert_eq!((made.len(), late.len()), (1, 5), "{made:?} {late:?}");
            assert!(late.iter().all(|late| matches!(late, Err(AppError::RoleChanged { .. }))), "{late:?}");
            let after = identity::member(&test.app, &test.actor, person).await.unwrap();
            assert_eq!(made[0].as_ref().unwrap(), &after);
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_admins_who_turn_on_each_other_at_once_one_stays() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let app = &test.app;
        let (one, two) = (test.member(Role::Admin).await, test.member(Role::Admin).await);
        let (first, second) = (one.person.unwrap(), two.person.unwrap());
        for _ in 0..6 {
            let outcomes = tokio::join!(
                identity::change_role(app, &one, second, Role::Viewer, None),
                identity::change_role(app, &two, first, Role::Viewer, None),
            );
            let demoted = match outcomes {
                (Ok(demoted), Err(AppError::LastAdmin)) | (Err(AppError::LastAdmin), Ok(demoted)) => demoted,
                other => panic!("{other:?}"),
            };
            identity::change_role(app, &test.actor, demoted.person, Role::Admin, None).await.unwrap();
        }
        let outcomes = tokio::join!(identity::remove(app, &one, second), identity::remove(app, &two, first));
        assert!(
            matches!(outcomes, (Ok(()), Err(AppError::LastAdmin)) | (Err(AppError::LastAdmin), Ok(()))),
            "{outcomes:?}"
        );
        let left = identity::team(app, &test.actor).await.unwrap().members;
        assert_eq!(left.iter().map(|member| member.role).collect::<Vec<_>>(), [Role::Admin]);
    })
    .await;
}

#[tokio::test]
async fn two_deals_of_one_customer_are_one_account() {
    for_each_database(|db| async move {
        let TestApp { app, actor, .. } = TestApp::on(db).await;
        let first = handoff::accept(&app, &actor, deal("Acme Inc").into_bytes(), None).await.unwrap();
        let second = handoff::accept(&app, &actor, deal("ACME").into_bytes(), None).await.unwrap();
        assert_eq!(first.account, second.account);
        assert_ne!(first.handoff, second.handoff);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_leaves_nothing() {
    for_each_database(|db| async move {
        let TestApp { app, actor, .. } = TestApp::on(db).await;
        let error = handoff::accept(&app, &actor, Vec::new(), None).await.unwrap_err();
        assert_eq!((error.code(), error.is_input()), ("deal_refused", true));
        let error = handoff::accept(&app, &actor, b"{\"customer\": ".to_vec(), None).await.unwrap_err();
        assert_eq!((error.code(), error.is_input()), ("deal_refused", true));
        assert!(activity::recent(&app, &actor, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn states_move_forward_only_and_are_remembered() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let (app, actor, clock) = (test.app.clone(), test.actor.clone(), test.clock.clone());
        let error = onboarding::complete(&app, &actor, id).await.unwrap_err();
        assert!(matches!(error, AppError::Transition(_)), "{error}");
        clock.advance_days(7);
        onboarding::kick_off(&app, &actor, id).await.unwrap();
        clock.advance_days(60);
        let lacking = onboarding::complete(&app, &actor, id).await.unwrap_err();
        assert!(lacking.to_string().starts_with("it is not complete: “"), "{lacking}");
        prove(&test, id).await;
        onboarding::complete(&app, &actor, id).await.unwrap();
        let overview = onboarding::get(&app, &actor, id).await.unwrap();
        assert_eq!(overview.onboarding.state, OnboardingState::Completed);
        assert_eq!(overview.today.to_string(), "2027-03-12");
        assert_eq!(overview.story.len(), 4);
        let completed = Query { state: Some("completed".to_owned()), ..everything() };
        assert_eq!(onboarding::list(&app, &actor, completed).await.unwrap().page.lines.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn another_workspace_finds_nothing() {
    for_each_database(|db| async move {
        let TestApp { app, actor, .. } = TestApp::on(db).await;
        let accepted = handoff::accept(&app, &actor, deal("Acme").into_bytes(), None).await.unwrap();
        let id = onboarding::generate(&app, &actor, accepted.handoff, GenerateOptions::default())
            .await
            .unwrap()
            .id;
        let mut stranger = actor.clone();
        stranger.workspace = WorkspaceId::from_uuid(Uuid::from_u128(99));
        let codes = [
            onboarding::get(&app, &stranger, id).await.unwrap_err().code(),
            onboarding::file(&app, &stranger, id, "index.html").await.unwrap_err().code(),
            onboarding::kick_off(&app, &stranger, id).await.unwrap_err().code(),
            onboarding::generate(&app, &stranger, accepted.handoff, GenerateOptions::default())
                .await
                .unwrap_err()
                .code(),
        ];
        assert_eq!(codes, ["not_found"; 4]);
        assert!(onboarding::list(&app, &stranger, everything()).await.unwrap().page.lines.is_empty());
        assert!(activity::recent(&app, &stranger, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_handoff_that_does_not_exist_is_named() {
    for_each_database(|db| async move {
        let TestApp { app, actor, .. } = TestApp::on(db).await;
        let id = HandoffId::from_uuid(Uuid::from_u128(5));
        let error = onboarding::generate(&app, &actor, id, GenerateOptions::default()).await.unwrap_err();
        assert!(error.to_string().contains(&id.to_string()), "{error}");
    })
    .await;
}
