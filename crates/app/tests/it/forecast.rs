//! Forecasts: what they are made of, how they are kept, and who is warned.

use std::sync::Arc;

use gangway_app::forecast::{self, Forecaster};
use gangway_app::{AppError, job, onboarding, upkeep, work};
use gangway_domain::ids::OnboardingId;
use gangway_domain::programme::Side;
use gangway_domain::work::Change;
use gangway_store::forecast as rows;
use gangway_store::onboarding::list::{Direction, Query, SortBy};
use gangway_testkit::{TestApp, deal, deal_within, for_each_database};

use super::generate;

async fn kept(test: &TestApp, id: OnboardingId) -> forecast::Kept {
    forecast::of(&test.app, &test.actor, id).await.unwrap().unwrap()
}

/// Lets the jobs run that make forecasts.
async fn later(test: &TestApp) {
    let works: [Arc<dyn gangway_jobs::Work>; 2] = [
        Arc::new(Forecaster::after_changes(test.app.clone())),
        Arc::new(Forecaster::every_day(test.app.clone())),
    ];
    let drained = job::runner(&test.app, works.into()).drain().await.unwrap();
    assert_eq!((drained.again, drained.given_up), (0, 0));
}

/// A longer go-live, which moves it by that.
async fn lengthen(test: &TestApp, id: OnboardingId, days: u32) {
    let plan = work::sight(&test.app, &test.actor, id).await.unwrap().stored.plan;
    let code = plan.ground.go_live.clone().unwrap();
    let days = plan.task(&code).unwrap().days + days;
    let change = Change::SetDays { task: code, days };
    work::change(&test.app, &test.actor, id, None, vec![change]).await.unwrap();
}

async fn warnings(test: &TestApp, id: OnboardingId) -> usize {
    let (_, story) = onboarding::story(&test.app, &test.actor, id, 50).await.unwrap();
    story.iter().filter(|entry| entry.kind == "onboarding.forecast_passed_promise").count()
}

#[tokio::test]
async fn a_forecast_is_made_once_for_a_plan_and_a_day() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let first = kept(&test, id).await;
        let plan = work::sight(&test.app, &test.actor, id).await.unwrap().stored.plan;
        assert_eq!((first.revision, first.dates.made_on), (1, test.app.today()));
        assert_eq!(first.dates.planned_on, plan.promise().go_live);
        assert!(first.dates.p50_on <= first.dates.p80_on);
        let runs: u32 = first.spread.iter().map(|day| day.runs).sum();
        assert_eq!(runs, first.runs, "every run ends some day");
        assert!(!first.detail.drivers.is_empty());
        let basis = forecast::basis_in_words(&first);
        assert!(basis.iter().all(|side| side.contains("stated prior, none finished yet")), "{basis:?}");
        assert_eq!(kept(&test, id).await, first, "read, not made again");

        lengthen(&test, id, 5).await;
        let second = kept(&test, id).await;
        assert_eq!(second.revision, 2);
        assert!(second.dates.p80_on > first.dates.p80_on, "five days more are not less");
        test.clock.advance_days(1);
        let third = kept(&test, id).await;
        let (past, more) = forecast::history(&test.app, &test.actor, id, None, 10).await.unwrap();
        assert_eq!(past, [third.dates, second.dates], "one a day, the last of it");
        assert!(!more);
        let (past, more) =
            forecast::history(&test.app, &test.actor, id, Some(third.dates.made_on), 1).await.unwrap();
        assert_eq!((past.len(), more), (1, false));

        let list = Query {
            sort: SortBy::P80,
            direction: Direction::Ascending,
            ..Query::first(10, test.app.today())
        };
        let page = onboarding::list(&test.app, &test.actor, list).await.unwrap().page;
        assert_eq!(page.lines[0].p80_on, Some(third.dates.p80_on));
        assert_eq!(page.lines[0].kept_percent, Some(third.dates.kept_percent));

        let stranger = test.elsewhere("Southlight").await;
        let refused = forecast::of(&stranger.app, &stranger.actor, id).await.unwrap_err();
        assert!(matches!(refused, AppError::NotFound { .. }), "{refused}");
        let refused = forecast::history(&stranger.app, &stranger.actor, id, None, 10).await.unwrap_err();
        assert!(matches!(refused, AppError::NotFound { .. }), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn what_is_done_teaches_until_it_is_taken_back() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let plan = work::sight(&test.app, &test.actor, id).await.unwrap().stored.plan;
        let task = plan.tasks.iter().min_by_key(|task| task.start).unwrap().clone();
        let history = || async {
            let mut tx = test.app.db.read().await.unwrap();
            rows::history(&mut tx, test.actor.workspace, 10).await.unwrap()
        };
        assert!(history().await.is_empty(), "nothing is learnt of what was planned");
        let today = test.app.today();
        let start = Change::Start { task: task.code.clone(), on: today };
        work::change(&test.app, &test.actor, id, None, vec![start]).await.unwrap();
        assert!(history().await.is_empty(), "nor of what has only begun");
        let done = Change::Finish { task: task.code.clone(), on: today, started_on: None };
        let outcome = work::change(&test.app, &test.actor, id, None, vec![done]).await.unwrap();
        let learnt = history().await;
        assert_eq!(learnt.len(), 1);
        assert_eq!((learnt[0].planned, learnt[0].actual), (task.days, 1), "begun and done on one day");
        assert_eq!((learnt[0].owner, &learnt[0].kind), (task.side, &task.phase));
        let words = forecast::basis_in_words(&kept(&test, id).await);
        let side = match task.side {
            Side::Vendor => "vendor",
            Side::Customer => "customer",
            Side::Joint => "joint",
        };
        assert!(words.contains(&format!("{side} tasks: 1 finished, and the stated prior")), "{words:?}");
        work::undo(&test.app, &test.actor, id, outcome.batch.unwrap()).await.unwrap();
        assert!(history().await.is_empty(), "it was not done after all");
    })
    .await;
}

#[tokio::test]
async fn people_are_warned_once_for_each_promise() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        // Three months of work in three weeks: nobody can promise that.
        let id = generate(&test, &deal_within("Acme", 20)).await;
        later(&test).await;
        let first = kept(&test, id).await;
        assert!(first.dates.days_past() > 0);
        assert!(first.dates.kept_percent < 80);
        assert_eq!(warnings(&test, id).await, 1);
        lengthen(&test, id, 3).await;
        test.clock.advance_days(1);
        later(&test).await;
        assert_eq!(warnings(&test, id).await, 1, "they know");
    })
    .await;
}

#[tokio::test]
async fn every_open_onboarding_is_forecast_every_day() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        upkeep::run(&test.app).await.unwrap();
        upkeep::run(&test.app).await.unwrap();
        for days in 1..=3 {
            later(&test).await;
            let (past, _) = forecast::history(&test.app, &test.actor, id, None, 10).await.unwrap();
            assert_eq!(past.len(), days, "nobody looked, and yet");
            test.clock.advance_days(1);
        }
        onboarding::close(&test.app, &test.actor, id, "They were bought").await.unwrap();
        later(&test).await;
        let (past, _) = forecast::history(&test.app, &test.actor, id, None, 10).await.unwrap();
        assert_eq!(past.len(), 3, "what is over is not forecast");
        assert_eq!(kept(&test, id).await.dates, past[0], "its last is kept");
    })
    .await;
}
