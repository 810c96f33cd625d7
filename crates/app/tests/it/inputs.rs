//! What other systems tell of customers, and how quickly customers answer.

use std::collections::BTreeSet;

use gangway_app::health;
use gangway_app::input::{self, Kind, Mistaken, Told};
use gangway_app::signal::{self, Filter};
use gangway_app::{AppError, portal, work};
use gangway_domain::ids::{AccountId, OnboardingId};
use gangway_domain::permission::Role;
use gangway_domain::portal::PortalRole;
use gangway_domain::rule::{Schema, Sheet};
use gangway_testkit::{TestApp, deal, for_each_database};
use jiff::civil::date;

use super::generate;
use super::portal::World;

async fn account(test: &TestApp, id: OnboardingId) -> AccountId {
    work::sight(&test.app, &test.actor, id).await.unwrap().head.account_id
}

async fn number(test: &TestApp, id: OnboardingId, fact: &str) -> Option<i64> {
    let facts = health::facts_now(&test.app, &test.actor, id).await.unwrap();
    assert_eq!(Schema::run().strays(&facts), Vec::<String>::new());
    Sheet::new(Schema::run(), &facts).number(fact)
}

#[tokio::test]
async fn a_question_waits_on_weekdays_until_the_customer_says_something() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (test, id) = (&world.test, world.id);
        let app = &test.app;
        assert_eq!(number(test, id, "people.waiting_hours").await, Some(0), "nothing was asked");
        assert_eq!(number(test, id, "people.response_hours").await, None);
        let task = world.give(world.dana, "Dana Whitfield").await;
        let priya = test.member(Role::OnboardingManager).await;
        let asked = work::comment(app, &priya, &task.to_string(), "Who may open the sandbox?").await.unwrap();
        work::comment(app, &priya, &task.to_string(), "Is Dana difficult?").await.unwrap();
        test.clock.advance_hours(1);
        assert_eq!(number(test, id, "people.waiting_hours").await, Some(0), "nobody at the customer sees it");
        portal::share(app, &priya, &asked.id.to_string(), true).await.unwrap();
        test.clock.advance_hours(72);
        assert_eq!(number(test, id, "people.waiting_hours").await, Some(72), "Monday to Thursday");
        health::of_onboarding(app, &priya, id).await.unwrap();
        let inbox = signal::inbox(app, &priya, &Filter::default()).await.unwrap();
        let kinds: Vec<&str> = inbox.lines.iter().map(|one| one.waiting.signal.body.kind.as_str()).collect();
        assert!(kinds.contains(&"slow-response") && !kinds.contains(&"non-responsive"), "{kinds:?}");
        let dana = world.guest(world.dana, PortalRole::Lead).await;
        portal::comment(app, &dana.actor, task, "Renee may", false).await.unwrap();
        assert_eq!(number(test, id, "people.waiting_hours").await, Some(0));
        assert_eq!(number(test, id, "people.response_hours").await, Some(72));
    })
    .await;
}

#[tokio::test]
async fn the_renewal_is_that_of_the_deal_until_somebody_tells_another() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let unknown = generate(&test, &deal("Acme")).await;
        assert_eq!(number(&test, unknown, "contract.days_to_renewal").await, None);
        let text = format!("{}Contract start: 2027-01-01\nContract term: 12 months\n", deal("Zephyr"));
        let id = generate(&test, &text).await;
        assert_eq!(number(&test, id, "contract.days_to_renewal").await, Some(362), "1 January 2028");
        let account = account(&test, id).await;
        let known = input::of_account(app, actor, account).await.unwrap().renewal.unwrap();
        assert_eq!((known.on, known.onboarding), (date(2028, 1, 1), Some(id)));
        let told = Told::Renewal { on: date(2027, 1, 14), note: "Moved up".to_owned() };
        let known = input::tell(app, actor, account, told).await.unwrap().renewal.unwrap();
        assert_eq!((known.on, known.onboarding), (date(2027, 1, 14), None));
        assert_eq!(number(&test, id, "contract.days_to_renewal").await, Some(10));
        input::take_back(app, actor, account, Mistaken::Renewal).await.unwrap();
        let twice = input::take_back(app, actor, account, Mistaken::Renewal).await;
        assert!(matches!(twice, Err(AppError::NotFound { .. })));
    })
    .await;
}

#[tokio::test]
async fn a_file_is_looked_at_before_it_is_taken() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let account = account(&test, id).await;
        let file = "account,kind,on,amount\nAcme,new,2026-12-01,\"1,000\"\nAcme,gift,2026-12-01,5\n,new,2026-12-01,5\n";
        let seen = input::preview(app, actor, Kind::Movements, file).await.unwrap();
        assert_eq!((seen.brings.lines, seen.brings.accounts, seen.wrong_lines), (1, 1, 2));
        assert_eq!((seen.shown[0].line, seen.shown[0].customer.as_str()), (2, "Acme"));
        assert!(seen.wrong[0].line == 3 && seen.wrong[0].message.starts_with("kind must be one of"));
        assert!(seen.wrong[1].line == 4 && seen.wrong[1].message == "account is missing");
        assert!(input::of_account(app, actor, account).await.unwrap().movements.is_empty());
        assert!(input::files(app, actor).await.unwrap().is_empty());
        let good = "account,kind,on,amount\nAcme,new,2026-12-01,\"1,000\"\n";
        input::bring_named(app, actor, Kind::Movements, "billing.csv", good).await.unwrap();
        let files = input::files(app, actor).await.unwrap();
        assert_eq!((files.len(), files[0].name.as_str(), files[0].lines), (1, "billing.csv", 1));
        let worth = input::of_account(app, actor, account).await.unwrap().revenue().unwrap();
        assert_eq!((worth.now, worth.churned), (1_000, false));
        let viewer = test.member(Role::Viewer).await;
        let refused = input::preview(app, &viewer, Kind::Movements, good).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))));
    })
    .await;
}

#[tokio::test]
async fn what_was_told_long_ago_says_nothing_of_today() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let account = account(&test, id).await;
        let fails = Told::Integration {
            name: "SAP".to_owned(),
            status: "failing".to_owned(),
            failures: 4,
            tests_failed: 0,
            note: String::new(),
            at: None,
        };
        let ticket = |status: &str| Told::Ticket {
            external_id: "T-1".to_owned(),
            subject: String::new(),
            severity: None,
            status: status.to_owned(),
            opened_at: None,
            solved_at: None,
        };
        let quality = Told::Quality { source: "CRM".to_owned(), on: None, checked: 1_000, wrong: 55 };
        for told in [fails, ticket("open"), quality] {
            input::tell(app, actor, account, told).await.unwrap();
        }
        let open = async || {
            let inbox = signal::inbox(app, actor, &Filter::default()).await.unwrap();
            let kinds = inbox.lines.into_iter().map(|one| one.waiting.signal.body.kind);
            kinds.collect::<BTreeSet<String>>()
        };
        assert_eq!(number(&test, id, "integrations.failures").await, Some(4));
        assert_eq!(number(&test, id, "data.error_percent").await, Some(5), "5.5 %, rounded down");
        let kinds = open().await;
        assert!(kinds.contains("integration-failures"), "{kinds:?}");
        assert!(kinds.contains("data-quality"), "more than 5 %: {kinds:?}");
        test.clock.advance_days(8);
        assert_eq!(number(&test, id, "integrations.failures").await, None, "nobody told of the last week");
        assert_eq!(number(&test, id, "integrations.failing").await, Some(1), "that it fails is as it was");
        assert_eq!(number(&test, id, "support.days_since_import").await, Some(8));
        input::tell(app, actor, account, ticket("solved")).await.unwrap();
        let heard = number(&test, id, "support.days_since_import").await;
        assert_eq!(heard, Some(0), "that it is solved is heard");
        test.clock.advance_days(80);
        assert_eq!(number(&test, id, "support.open").await, Some(0));
        let silent = number(&test, id, "support.days_since_import").await;
        assert!(silent.is_some_and(|days| days >= 28), "what is that old counts no more: {silent:?}");
    })
    .await;
}
