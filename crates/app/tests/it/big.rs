//! An onboarding of 2,000 tasks is worked like any other. Nothing is timed here: `benches/work.rs` of the pages does that.

use std::collections::BTreeMap;

use gangway_app::work;
use gangway_domain::programme::Side;
use gangway_domain::work::{Change, RunningTask, reschedule};
use gangway_testkit::{TestApp, big_deal, for_each_database};

use super::generate;

#[tokio::test]
async fn two_thousand_tasks_are_planned_changed_and_taken_back_and_every_day_is_explained() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &big_deal("Harbourline Group")).await;
        let first = work::sight(app, actor, id).await.unwrap().stored.plan;
        assert!(first.tasks.len() >= 2_000, "{} tasks", first.tasks.len());
        let agreed = first.promise();

        let go_live = first.task(first.ground.go_live.as_deref().unwrap()).unwrap();
        let longer = Change::SetDays { task: go_live.code.clone(), days: go_live.days + 10 };
        let moved = work::change(app, actor, id, Some(1), vec![longer]).await.unwrap();
        assert!(moved.after.go_live > agreed.go_live, "ten working days more");

        let others = first.tasks.iter().filter(|task| task.code != go_live.code).step_by(50);
        let many: Vec<Change> =
            others.map(|task| Change::SetDays { task: task.code.clone(), days: task.days + 3 }).collect();
        assert!(many.len() >= 40);
        let changed = work::change(app, actor, id, Some(2), many.clone()).await.unwrap();
        assert_eq!((changed.revision, changed.entries.len()), (3, many.len()));

        test.clock.advance_days(21);
        let late = work::catch_up(app, actor, id, None).await.unwrap();
        assert!(late.entries.iter().all(|entry| entry.kind == "slip") && !late.entries.is_empty());
        let undone = work::undo(app, actor, id, changed.batch.unwrap()).await.unwrap();
        for task in first.tasks.iter().filter(|task| task.code != go_live.code) {
            assert_eq!(undone.plan.task(&task.code).unwrap().days, task.days, "{}", task.code);
        }

        let sight = work::sight(app, actor, id).await.unwrap();
        let plan = sight.stored.plan;
        assert_eq!(plan.promise(), undone.after, "what is kept is what was answered");
        let mut fresh = plan.clone();
        reschedule(&mut fresh, plan.ground.as_of).unwrap();
        for (kept, fresh) in plan.tasks.iter().zip(&fresh.tasks) {
            let dates = |task: &RunningTask| (task.start, task.finish, task.slack, task.critical);
            assert_eq!(dates(kept), dates(fresh), "{} is where a schedule from scratch puts it", kept.code);
        }

        let ledger = work::ledger(app, actor, id, None, 500).await.unwrap();
        assert!(!ledger.more, "all entries are on one page");
        assert_eq!((ledger.first, ledger.now), (Some(agreed), plan.promise()));
        let mut at = agreed;
        let mut sides: BTreeMap<Side, [i64; 2]> = BTreeMap::new();
        for (number, line) in (1_i64..).zip(ledger.lines.iter().rev()) {
            assert_eq!((line.number, line.before), (number, at), "it begins where the one before it ends");
            let [go_live, finish] = sides.entry(line.side).or_default();
            *go_live += i64::from((line.after.go_live - line.before.go_live).get_days());
            *finish += i64::from((line.after.finish - line.before.finish).get_days());
            at = line.after;
        }
        assert_eq!(at, plan.promise(), "no day is left unexplained");
        for (side, days) in &ledger.totals {
            assert_eq!(sides.get(side).copied().unwrap_or_default(), *days, "{side:?}");
        }
    })
    .await;
}
