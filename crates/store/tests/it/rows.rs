//! What goes in comes out.

use gangway_domain::onboarding::OnboardingState;
use gangway_store::{
    StoreError, account, activity, handoff, link, mail, milestone, onboarding, outbox, phase, task,
};
use gangway_testkit::sample::{KICKOFF, Sample};
use gangway_testkit::{CountedIds, for_each_database};

use crate::world;

#[tokio::test]
async fn an_onboarding_comes_back_as_it_was_put_in() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let put = world::onboarding(&db, &ids, workspace, &Sample::default()).await;

        let mut tx = db.read().await.unwrap();
        let got = onboarding::get(&mut tx, workspace, put.id).await.unwrap().unwrap();
        assert_eq!(got, put);
        assert_eq!(onboarding::by_handoff(&mut tx, workspace, put.handoff_id).await.unwrap().unwrap(), put);

        let tasks = task::of_onboarding(&mut tx, workspace, put.id).await.unwrap();
        assert_eq!(tasks.len(), 15);
        assert_eq!(
            (tasks[0].code.as_str(), tasks[0].side.as_str(), tasks[0].critical),
            ("prepare-0", "vendor", true)
        );
        assert_eq!((tasks[1].side.as_str(), tasks[1].slack, tasks[1].critical), ("customer", 4, false));
        assert_eq!(tasks[3].starts_on, KICKOFF);
        assert_eq!(tasks[3].assignee, None);

        let phases = phase::of_onboarding(&mut tx, workspace, put.id).await.unwrap();
        let stages: Vec<&str> = phases.iter().map(|phase| phase.stage.as_str()).collect();
        assert_eq!(stages, ["handoff", "kickoff", "configure", "pilot", "go-live"]);

        let milestones = milestone::of_onboarding(&mut tx, workspace, put.id).await.unwrap();
        assert_eq!(milestones[1].kind, "value");
        assert!(milestones[1].gate);
        assert_eq!(milestones[1].due_on.to_string(), "2027-02-10");

        let links = link::of_onboarding(&mut tx, workspace, put.id).await.unwrap();
        assert_eq!(links.len(), 14);
        assert_eq!((links[0].kind.as_str(), links[0].lag), ("FS", 0));

        let events = outbox::pending(&mut tx, workspace, 10).await.unwrap();
        assert_eq!(events[0].payload, serde_json::json!({ "a": "ä", "b": [1, 2.5, null] }));
        assert_eq!(events[0].at, world::now());
    })
    .await;
}

#[tokio::test]
async fn a_dead_address_stays_dead_whatever_its_reader_said() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let one = |reason: &str| mail::Suppression {
            address: "dana@acme.test".to_owned(),
            reason: reason.to_owned(),
            made_by: reason.to_owned(),
            made_at: world::now(),
        };
        let mut tx = db.write().await.unwrap();
        assert!(mail::suppress(&mut tx, workspace, &one("unsubscribed")).await.unwrap());
        assert!(!mail::suppress(&mut tx, workspace, &one("asked")).await.unwrap());
        assert!(mail::rejoin(&mut tx, workspace, "dana@acme.test").await.unwrap());
        for reason in ["unsubscribed", "bounced"] {
            assert!(mail::suppress(&mut tx, workspace, &one(reason)).await.unwrap());
        }
        for reason in ["unsubscribed", "bounced"] {
            assert!(!mail::suppress(&mut tx, workspace, &one(reason)).await.unwrap());
        }
        assert!(mail::dead(&mut tx, workspace).await.unwrap().contains("dana@acme.test"));
        assert_eq!(mail::suppressions(&mut tx, workspace, 9).await.unwrap(), [one("bounced")]);
        assert!(!mail::rejoin(&mut tx, workspace, "dana@acme.test").await.unwrap(), "it is not theirs");
        assert!(mail::release(&mut tx, workspace, "dana@acme.test").await.unwrap(), "the team may");
    })
    .await;
}

#[tokio::test]
async fn more_rows_than_a_statement_holds_keep_their_order() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let sample = Sample { tasks_per_phase: 50, ..Sample::default() };
        let put = world::onboarding(&db, &ids, workspace, &sample).await;
        let mut tx = db.read().await.unwrap();
        let tasks = task::of_onboarding(&mut tx, workspace, put.id).await.unwrap();
        let codes: Vec<&str> = tasks.iter().map(|task| task.code.as_str()).collect();
        let expected: Vec<&str> = put.package.plan.tasks.iter().map(|task| task.id.as_str()).collect();
        assert_eq!(codes.len(), 250);
        assert_eq!(codes, expected);
    })
    .await;
}

#[tokio::test]
async fn next_tasks_are_those_that_end_today_or_later() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let put = world::onboarding(&db, &ids, workspace, &Sample::default()).await;
        let mut tx = db.read().await.unwrap();
        // The first step of the kickoff phase ends on the third day; the two others are still open after it.
        let day_four = KICKOFF.tomorrow().unwrap().tomorrow().unwrap().tomorrow().unwrap();
        let next = task::open_from(&mut tx, workspace, put.id, day_four, 3).await.unwrap();
        let codes: Vec<&str> = next.iter().map(|task| task.code.as_str()).collect();
        assert_eq!(codes, ["align-1", "align-2", "connect-0"]);
    })
    .await;
}

#[tokio::test]
async fn one_customer_is_one_account_and_unknowns_are_filled_in() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let mut tx = db.write().await.unwrap();
        let first = world::account(&ids, "Acme");
        let mut second = world::account(&ids, "Acme");
        second.industry = Some("manufacturing".to_owned());
        second.country = Some("DE".to_owned());
        assert_eq!(account::insert_or_match(&mut tx, workspace, &first).await.unwrap(), (first.id, true));
        assert_eq!(account::insert_or_match(&mut tx, workspace, &second).await.unwrap(), (first.id, false));
        let kept = account::by_key(&mut tx, workspace, "acme").await.unwrap().unwrap();
        assert_eq!(kept.industry.as_deref(), Some("manufacturing"));
        assert_eq!(kept.country.as_deref(), Some("US"), "what was known is not overwritten");
    })
    .await;
}

#[tokio::test]
async fn the_same_deal_twice_is_a_conflict() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let put = world::onboarding(&db, &ids, workspace, &Sample::default()).await;
        let mut tx = db.write().await.unwrap();
        let mut again = handoff::get(&mut tx, workspace, put.handoff_id).await.unwrap().unwrap();
        again.id = gangway_domain::ids::HandoffId::fresh(&ids);
        let error = handoff::insert(&mut tx, workspace, &again).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict(_)), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn states_and_assessments_are_kept() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let put = world::onboarding(&db, &ids, workspace, &Sample::default()).await;
        let closed = OnboardingState::Closed { reason: "the champion left".to_owned() };
        let mut tx = db.write().await.unwrap();
        assert!(onboarding::set_state(&mut tx, workspace, put.id, &put.state, &closed).await.unwrap());
        let again = onboarding::set_state(&mut tx, workspace, put.id, &put.state, &closed).await.unwrap();
        assert!(!again, "whoever read the old state moves nothing");
        handoff::assess(&mut tx, workspace, put.handoff_id, "smb", 61).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.read().await.unwrap();
        assert_eq!(onboarding::get(&mut tx, workspace, put.id).await.unwrap().unwrap().state, closed);
        let assessed = handoff::get(&mut tx, workspace, put.handoff_id).await.unwrap().unwrap();
        assert_eq!((assessed.segment.as_deref(), assessed.document_score), (Some("smb"), Some(61)));
    })
    .await;
}

#[tokio::test]
async fn the_story_of_an_onboarding_begins_with_its_account() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let put = world::onboarding(&db, &ids, workspace, &Sample::default()).await;
        let other = world::onboarding(&db, &ids, workspace, &Sample::of("Blue Fjord")).await;
        let mut tx = db.write().await.unwrap();
        activity::insert(&mut tx, workspace, &world::activity_of(&ids, put.account_id, None)).await.unwrap();
        activity::insert(&mut tx, workspace, &world::activity_of(&ids, other.account_id, None))
            .await
            .unwrap();
        let story = activity::of_onboarding(&mut tx, workspace, put.id, put.account_id, 10).await.unwrap();
        assert_eq!(story.len(), 2);
        assert!(story.iter().all(|entry| entry.account == Some(put.account_id)));
        assert_eq!(activity::recent(&mut tx, workspace, 10).await.unwrap().len(), 4);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_committed_never_was() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let mut tx = db.write().await.unwrap();
        account::insert_or_match(&mut tx, workspace, &world::account(&ids, "Ghost")).await.unwrap();
        drop(tx);
        let mut tx = db.read().await.unwrap();
        assert_eq!(account::by_key(&mut tx, workspace, "ghost").await.unwrap(), None);
    })
    .await;
}
