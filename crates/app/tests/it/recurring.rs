//! Tasks that repeat, and templates for work that comes up.

use std::collections::BTreeMap;
use std::sync::Arc;

use gangway_app::work::{self, Begun, Repeater, Step};
use gangway_app::{AppError, job, onboarding, upkeep};
use gangway_domain::calendar::WeekdayName;
use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Role;
use gangway_domain::programme::Side;
use gangway_domain::work::{Assignee, Change, Origin, Rhythm, RunningPlan, Series, SeriesEnd, SeriesState};
use gangway_testkit::{TestApp, deal, for_each_database};
use jiff::civil::{Date, date};

use super::generate;

async fn plan(test: &TestApp, id: OnboardingId) -> RunningPlan {
    work::sight(&test.app, &test.actor, id).await.unwrap().stored.plan
}

/// Every Friday until the go-live; today is Monday, 4 January 2027.
fn fridays(plan: &RunningPlan) -> Series {
    Series {
        name: "Weekly data-quality check".into(),
        side: Side::Vendor,
        role: String::new(),
        assignee: None,
        days: 1,
        phase: None,
        rhythm: Rhythm::Weeks { every: 1, on: WeekdayName::Friday },
        starts_on: date(2027, 1, 4),
        end: SeriesEnd::With { code: plan.ground.go_live.clone().unwrap() },
    }
}

/// Lets the daily job run, when it is due.
async fn day_begins(test: &TestApp) {
    let works: [Arc<dyn gangway_jobs::Work>; 1] = [Arc::new(Repeater::new(test.app.clone()))];
    let drained = job::runner(&test.app, works.into()).drain().await.unwrap();
    assert_eq!((drained.again, drained.given_up), (0, 0));
}

/// The days of its occurrences in the plan.
fn days(plan: &RunningPlan) -> Vec<Date> {
    plan.tasks.iter().filter(|task| task.is_recurring()).map(|task| task.start).collect()
}

fn january(days: &[i8]) -> Vec<Date> {
    days.iter().map(|day| date(2027, 1, *day)).collect()
}

#[tokio::test]
async fn what_repeats_is_in_the_plan_ahead_of_time_and_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let before = plan(&test, id).await;
        let series = fridays(&before);
        let (_, _, due) = work::preview_series(&test.app, &test.actor, id, series.clone()).await.unwrap();
        assert_eq!(due[0].on, date(2027, 1, 8));
        assert_eq!(plan(&test, id).await, before, "nothing was kept");

        let made = work::repeat(&test.app, &test.actor, id, series).await.unwrap();
        let now = plan(&test, id).await;
        assert_eq!(days(&now), january(&[8, 15, 22, 29]), "four weeks ahead, at once");
        assert_eq!(now.promise(), before.promise());
        let first = now.task("repeat-1-2027-01-08").unwrap();
        assert_eq!(first.origin, Origin::Recurring(made.kept.id.to_string()));
        let ledger = work::ledger(&test.app, &test.actor, id, None, 10).await.unwrap();
        assert!(ledger.lines.is_empty(), "no date moved: {:?}", ledger.lines);
        let (_, story) = onboarding::story(&test.app, &test.actor, id, 5).await.unwrap();
        assert_eq!(story[0].kind, "plan.series_added");
        assert!(story[0].summary.contains("every Friday, until"), "{}", story[0].summary);

        // Whatever runs again makes nothing twice.
        day_begins(&test).await;
        upkeep::run(&test.app).await.unwrap();
        day_begins(&test).await;
        assert_eq!(days(&plan(&test, id).await), january(&[8, 15, 22, 29]));

        test.clock.advance_days(7);
        let done = Change::Finish {
            task: "repeat-1-2027-01-08".into(),
            on: date(2027, 1, 8),
            started_on: Some(date(2027, 1, 8)),
        };
        let skip = Change::Skip { task: "repeat-1-2027-01-15".into(), reason: "Holidays".into() };
        let remove = Change::Remove { task: "repeat-1-2027-01-22".into(), join: false };
        work::change(&test.app, &test.actor, id, None, vec![done, skip, remove]).await.unwrap();
        day_begins(&test).await;
        day_begins(&test).await;
        let now = plan(&test, id).await;
        let mut found = days(&now);
        found.sort();
        let five = january(&[8, 15, 29]).into_iter().chain([date(2027, 2, 5)]).collect::<Vec<_>>();
        assert_eq!(found, five, "done, skipped and removed ones stay what they are");
        let known = work::repeated(&test.app, &test.actor, id).await.unwrap();
        let states: Vec<Option<&str>> = known.series[0]
            .made
            .iter()
            .map(|made| made.task.as_ref().map(|(_, task)| task.state.word()))
            .collect();
        assert_eq!(states, [Some("done"), Some("skipped"), None, Some("open"), Some("open")]);
        assert_eq!(known.series[0].next(known.today).map(|made| made.due), Some(date(2027, 1, 29)));
    })
    .await;
}

#[tokio::test]
async fn a_series_is_changed_paused_resumed_and_ended() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let first = fridays(&plan(&test, id).await);
        let made = work::repeat(&test.app, &test.actor, id, first.clone()).await.unwrap();
        let series = made.kept.id;
        let (app, actor) = (&test.app, &test.actor);

        let wednesdays = Series {
            name: "Check of the week".into(),
            rhythm: Rhythm::Weeks { every: 1, on: WeekdayName::Wednesday },
            ..first.clone()
        };
        let stale =
            work::change_series(app, actor, series, 7, Some(wednesdays.clone()), None).await.unwrap_err();
        assert!(matches!(stale, AppError::Stale { what: "series", version: 1 }), "{stale}");
        let kept = work::change_series(app, actor, series, 1, Some(wednesdays), None).await.unwrap();
        assert_eq!(kept.kept.version, 2);
        let now = plan(&test, id).await;
        assert_eq!(days(&now), january(&[6, 13, 20, 27]));
        assert!(
            now.tasks.iter().filter(|task| task.is_recurring()).all(|task| task.name == "Check of the week")
        );

        let paused = work::change_series(app, actor, series, 2, None, Some(Step::Pause)).await.unwrap();
        assert!(matches!(paused.kept.state, SeriesState::Paused { .. }));
        assert!(days(&plan(&test, id).await).is_empty());
        day_begins(&test).await;
        assert!(days(&plan(&test, id).await).is_empty(), "paused is paused");
        let twice = work::change_series(app, actor, series, 3, None, Some(Step::Pause)).await.unwrap_err();
        assert_eq!(twice.to_string(), "a series that is paused cannot be paused");
        work::change_series(app, actor, series, 3, None, Some(Step::Resume)).await.unwrap();
        assert_eq!(days(&plan(&test, id).await), january(&[6, 13, 20, 27]));
        work::change_series(app, actor, series, 4, None, Some(Step::End)).await.unwrap();
        assert!(days(&plan(&test, id).await).is_empty());
        let over = work::change_series(app, actor, series, 5, Some(first.clone()), None).await.unwrap_err();
        assert!(matches!(over, AppError::Refusal(_)), "{over}");

        let wrong = Series { days: 0, ..first.clone() };
        let wrong = work::repeat(app, actor, id, wrong).await.unwrap_err();
        assert!(matches!(wrong, AppError::Invalid(_)), "{wrong}");
        let viewer = test.member(Role::Viewer).await;
        let refused = work::repeat(app, &viewer, id, first.clone()).await.unwrap_err();
        assert!(matches!(refused, AppError::Forbidden(_)), "{refused}");
        let stranger = test.elsewhere("Southlight").await;
        let missing = work::series(&stranger.app, &stranger.actor, series).await.unwrap_err();
        assert!(matches!(missing, AppError::NotFound { what: "series", .. }), "{missing}");
        let missing = work::repeat(&stranger.app, &stranger.actor, id, first).await.unwrap_err();
        assert!(matches!(missing, AppError::NotFound { what: "onboarding", .. }), "{missing}");
    })
    .await;
}

#[tokio::test]
async fn a_template_is_added_as_one_and_leaves_as_one() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let before = plan(&test, id).await;
        let manager = test.member(Role::OnboardingManager).await;
        let owner = Assignee::Person { id: manager.person.unwrap(), name: manager.name.clone() };
        let begun = |template: &str, after: Option<&str>| Begun {
            template: template.to_owned(),
            on: Some(date(2027, 1, 11)),
            after: after.map(str::to_owned),
            owners: BTreeMap::from([(Side::Vendor, owner.clone())]),
        };
        let (app, actor) = (&test.app, &test.actor);
        let change = work::from_template(app, actor, id, begun("migration-rehearsal", None)).await.unwrap();
        let seen = work::preview(app, actor, id, Some(1), vec![change.clone()]).await.unwrap();
        assert_eq!(seen.entries.iter().filter(|entry| entry.kind == "bundle").count(), 1);
        assert_eq!(plan(&test, id).await, before, "nothing was kept");

        let outcome = work::change(app, actor, id, Some(1), vec![change]).await.unwrap();
        let sight = work::sight(app, actor, id).await.unwrap();
        let load = sight.stored.plan.task("migration-rehearsal-1-load").unwrap();
        assert_eq!(load.assignee.as_ref(), Some(&owner));
        assert_eq!(load.origin, Origin::Template("migration-rehearsal".into()));
        let extract = sight.stored.plan.task("migration-rehearsal-1-extract").unwrap();
        assert!(
            extract.start >= date(2027, 1, 11) && extract.finish < load.start && extract.assignee.is_none()
        );
        let seen =
            work::task(app, actor, sight.stored.tasks["migration-rehearsal-1-extract"].id).await.unwrap();
        let lines: Vec<&str> = seen.talk.checklist.iter().map(|item| item.said.as_str()).collect();
        assert_eq!(lines.first(), Some(&"Counts per table"));
        assert_eq!(lines.len(), 3);
        let ledger = work::ledger(app, actor, id, None, 10).await.unwrap();
        let added = ledger.lines.iter().filter(|line| line.kind == "bundle").collect::<Vec<_>>();
        assert_eq!((added.len(), added[0].subjects.len()), (1, 5));

        work::undo(app, actor, id, outcome.batch.unwrap()).await.unwrap();
        assert_eq!(plan(&test, id).await.tasks.len(), before.tasks.len());

        let unknown = work::from_template(app, actor, id, begun("nothing", None)).await.unwrap_err();
        assert!(matches!(unknown, AppError::NotFound { what: "task template", .. }), "{unknown}");
        let nowhere =
            work::from_template(app, actor, id, begun("security-review", Some("nowhere"))).await.unwrap();
        let refused = work::change(app, actor, id, None, vec![nowhere]).await.unwrap_err();
        assert!(refused.to_string().contains("`nowhere`"), "{refused}");
    })
    .await;
}
