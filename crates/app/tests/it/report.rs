//! What reports tell of the days behind them, and to whom.

use gangway_app::{report, work};
use gangway_domain::ids::OnboardingId;
use gangway_domain::report::Kind;
use gangway_domain::work::Change;
use gangway_testkit::{TestApp, for_each_database};

use super::sponsored;

async fn written(test: &TestApp, id: OnboardingId, kind: Kind) -> String {
    report::draft(&test.app, &test.actor, id, kind, None).await.unwrap().text
}

#[tokio::test]
async fn executives_hear_of_a_month_and_everybody_else_of_a_week() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let nothing = "Nothing was finished in this period.";
        let first = written(&test, id, Kind::ExecutiveUpdate).await;
        for part in ["Dana Whitfield", "reached since 5 Dec 2026", nothing, "## Milestones ahead"] {
            assert!(first.contains(part), "no {part} in:\n{first}");
        }
        let task = work::sight(app, actor, id).await.unwrap().stored.plan.tasks[0].code.clone();
        let today = app.today();
        let done = Change::Finish { task, on: today, started_on: Some(today) };
        work::change(app, actor, id, None, vec![done]).await.unwrap();

        test.clock.advance_days(20);
        let update = written(&test, id, Kind::ExecutiveUpdate).await;
        assert!(update.contains("- 1 task finished") && !update.contains(nothing), "{update}");
        let weekly = written(&test, id, Kind::WeeklyStatus).await;
        assert!(weekly.contains("Nothing was finished in these days."), "{weekly}");
        test.clock.advance_days(20);
        let later = written(&test, id, Kind::ExecutiveUpdate).await;
        assert!(later.contains(nothing), "it was told a month ago: {later}");

        let handover = written(&test, id, Kind::TransitionSummary).await;
        assert!(handover.contains("No milestone is reached yet."), "{handover}");
        assert!(!handover.contains("Live since"), "it is not live: {handover}");
    })
    .await;
}
