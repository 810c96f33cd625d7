//! The colour of an onboarding: what the rules give, what people choose, and where it is kept.

use std::sync::Arc;

use gangway_app::forecast::Forecaster;
use gangway_app::{AppError, job, onboarding, portfolio, register, report, standing};
use gangway_domain::ids::OnboardingId;
use gangway_domain::methodology::Light;
use gangway_domain::permission::Role;
use gangway_domain::register::{Details, Visibility};
use gangway_domain::report::Kind;
use gangway_store::onboarding::list::{Direction, Line, Query, SortBy};
use gangway_testkit::{TestApp, deal_within, for_each_database};

use super::generate;

/// Lets the jobs run that follow changes.
async fn later(test: &TestApp) {
    let works: Vec<Arc<dyn gangway_jobs::Work>> = vec![Arc::new(Forecaster::after_changes(test.app.clone()))];
    let drained = job::runner(&test.app, works).drain().await.unwrap();
    assert_eq!((drained.again, drained.given_up), (0, 0));
}

async fn line(test: &TestApp) -> Line {
    let query = Query::first(1, test.app.today());
    portfolio::list(&test.app, &test.actor, query).await.unwrap().page.lines.remove(0)
}

async fn told(test: &TestApp, id: OnboardingId) -> Vec<String> {
    let (_, story) = onboarding::story(&test.app, &test.actor, id, 50).await.unwrap();
    let changes = story.into_iter().filter(|entry| entry.kind == "onboarding.colour_changed");
    changes.map(|entry| entry.summary).collect()
}

#[tokio::test]
async fn the_portfolio_says_the_colour_the_facts_give() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal_within("Acme", 20)).await;
        assert_eq!(line(&test).await.light, None, "nobody has looked yet");
        later(&test).await;
        let late = line(&test).await;
        assert_eq!(late.light, Some(Light::Red), "it cannot be live in twenty days");
        assert!(late.light_because.starts_with("the planned go-live misses the wanted day by"), "{late:?}");
        let kept = standing::colour(app, actor, id).await.unwrap().unwrap();
        let seen = standing::of_onboarding(app, actor, id).await.unwrap();
        assert_eq!((&kept.colour.computed, kept.version), (&seen.colour, 0));
        assert!(told(&test, id).await.is_empty(), "the first colour is no change");

        // Filter, order and counts know it.
        let red = Query { light: Some(Light::Red), ..Query::first(9, app.today()) };
        let shown = portfolio::list(app, actor, red.clone()).await.unwrap();
        assert_eq!((shown.page.lines.len(), shown.facets.lights, shown.facets.shown), (1, [0, 0, 1], 1));
        let green = Query { light: Some(Light::Green), ..red.clone() };
        let shown = portfolio::list(app, actor, green).await.unwrap();
        assert_eq!((shown.page.lines.len(), shown.facets.lights), (0, [0, 0, 1]));
        let sorted = Query { sort: SortBy::Colour, direction: Direction::Descending, ..red };
        assert_eq!(portfolio::list(app, actor, sorted).await.unwrap().page.lines.len(), 1);

        // What is over has no colour any more.
        onboarding::close(app, actor, id, "They went elsewhere").await.unwrap();
        assert_eq!(line(&test).await.light, None);
        let over = standing::choose(app, actor, id, None, None).await;
        assert!(matches!(over, Err(AppError::Refusal(_))), "{over:?}");
    })
    .await;
}

#[tokio::test]
async fn a_colour_somebody_chose_stays_with_its_reason() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal_within("Acme", 20)).await;
        standing::colour(app, actor, id).await.unwrap();
        let silent = standing::choose(app, actor, id, Some(0), Some((Light::Green, " ".to_owned()))).await;
        assert!(matches!(silent, Err(AppError::Invalid(_))), "{silent:?}");
        let chosen = Some((Light::Amber, "A new date is agreed on, not written yet".to_owned()));
        let kept = standing::choose(app, actor, id, Some(0), chosen.clone()).await.unwrap();
        assert_eq!(
            (kept.colour.light(), kept.colour.computed.light, kept.version),
            (Light::Amber, Light::Red, 1)
        );
        let stale = standing::choose(app, actor, id, Some(0), None).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "colour", version: 1 })), "{stale:?}");

        // The next day's rules do not take it away, and reports begin with it.
        test.clock.advance_days(1);
        let kept = standing::colour(app, actor, id).await.unwrap().unwrap();
        assert_eq!((kept.colour.light(), kept.made_on, kept.version), (Light::Amber, app.today(), 1));
        let listed = line(&test).await;
        assert_eq!(listed.light, Some(Light::Amber));
        assert_eq!(listed.light_because, "A new date is agreed on, not written yet");
        let report = report::draft(app, actor, id, Kind::WeeklyStatus, None).await.unwrap();
        assert_eq!(report.colour.light(), Light::Amber);
        assert!(!report.text.contains("A new date is agreed on"), "why is the team's: {}", report.text);
        assert!(!report.text.contains("Nothing stands against the plan"), "{}", report.text);

        let kept = standing::choose(app, actor, id, Some(1), None).await.unwrap();
        assert_eq!((kept.colour.light(), kept.version), (Light::Red, 2));
        assert_eq!(
            told(&test, id).await,
            [
                "Left the colour to the rules: off track",
                "Made it at risk: A new date is agreed on, not written yet"
            ]
        );
        let viewer = test.member(Role::Viewer).await;
        assert!(standing::colour(app, &viewer, id).await.unwrap().is_some());
        let refused = standing::choose(app, &viewer, id, None, chosen).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
        let stranger = test.elsewhere("Southlight").await;
        let missing = standing::colour(&stranger.app, &stranger.actor, id).await;
        assert!(matches!(missing, Err(AppError::NotFound { .. })), "{missing:?}");
    })
    .await;
}

#[tokio::test]
async fn the_register_moves_the_colour_too() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal_within("Acme", 300)).await;
        later(&test).await;
        let before = line(&test).await.light.unwrap();
        assert!(before < Light::Red, "there is time enough");
        let issue: Details =
            serde_json::from_value(serde_json::json!({ "kind": "issue", "severity": "critical" })).unwrap();
        let draft = register::Draft {
            title: "The sandbox is gone".to_owned(),
            details: issue,
            owner: None,
            due_on: None,
            visibility: Visibility::Internal,
            meeting: None,
        };
        register::add(app, actor, id, draft).await.unwrap();
        assert_eq!(line(&test).await.light, Some(before), "not yet");
        later(&test).await;
        assert_eq!(line(&test).await.light, Some(Light::Red));
        let told = told(&test, id).await;
        assert_eq!(told.len(), 1);
        assert!(told[0].starts_with("Off track instead of"), "{told:?}");
        assert!(told[0].ends_with("1 critical issue is open"), "{told:?}");
    })
    .await;
}
