//! What rows say of "now", and who brings that up to date, on both databases.

use gangway_domain::ids::WorkspaceId;
use gangway_domain::onboarding::OnboardingState;
use gangway_store::onboarding::list::Query;
use gangway_store::onboarding::{counts, now};
use gangway_store::{Tx, onboarding};
use gangway_testkit::sample::KICKOFF;
use gangway_testkit::{CountedIds, for_each_database};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::portfolio::{at_risk, settle};
use crate::world;

/// The places there are onboardings at.
async fn places(tx: &mut Tx, workspace: WorkspaceId, today: Date) -> Vec<String> {
    let (_, facets) = counts::around(tx, workspace, &Query::first(9, today)).await.unwrap();
    facets.places.into_keys().collect()
}

#[tokio::test]
async fn what_rows_say_of_now_follows_days_and_states() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let acme = world::onboarding(&db, &ids, workspace, &at_risk("Acme", 0, 0)).await;
        world::onboarding(&db, &ids, stranger, &at_risk("Elsewhere", 0, 0)).await;
        let settled = async |days: i64| {
            let today = KICKOFF.saturating_add(days.days());
            let mut tx = db.write().await.unwrap();
            let stale = now::is_stale(&mut tx, workspace, today).await.unwrap();
            settle(&mut tx, workspace, today).await;
            let places = places(&mut tx, workspace, today).await;
            tx.commit().await.unwrap();
            (stale, places.join(" "))
        };
        let on = |stale: bool, place: &str| (stale, place.to_owned());
        // Phases begin at -7, 0, 14 and 28 days; in between nothing has to be worked out again.
        assert_eq!(settled(-9).await, on(true, "not-begun"));
        assert_eq!(settled(-8).await, on(false, "not-begun"));
        assert_eq!(settled(-7).await, on(true, "handoff"));
        assert_eq!(settled(0).await, on(true, "kickoff"));
        assert_eq!(settled(13).await, on(false, "kickoff"));
        assert_eq!(settled(14).await, on(true, "configure"));
        // A clock that was wrong for a day leaves nothing behind.
        assert_eq!(settled(3).await, on(true, "kickoff"));
        assert_eq!(settled(28).await, on(true, "pilot"));
        let version = async || {
            let mut tx = db.read().await.unwrap();
            onboarding::version(&mut tx, workspace, acme.id).await.unwrap().unwrap()
        };
        assert_eq!(version().await, 1, "nobody changed anything");
        let (running, over) = (OnboardingState::Running, OnboardingState::Completed);
        let mut tx = db.write().await.unwrap();
        assert!(onboarding::set_state(&mut tx, workspace, acme.id, &acme.state, &running).await.unwrap());
        assert!(onboarding::set_state(&mut tx, workspace, acme.id, &running, &over).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(settled(28).await, on(true, "completed"));
        assert_eq!(settled(400).await, on(false, "completed"), "what is over stays over");
        let mut tx = db.read().await.unwrap();
        assert!(now::is_stale(&mut tx, stranger, KICKOFF).await.unwrap(), "others are left alone");
    })
    .await;
}

#[tokio::test]
async fn two_who_settle_rows_at_once_leave_the_answer_of_the_later_day() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let acme = world::onboarding(&db, &ids, workspace, &at_risk("Acme", 0, 0)).await;
        let on = |days: i64| KICKOFF.saturating_add(days.days());
        let answers = async |days: i64| {
            let mut tx = db.read().await.unwrap();
            now::answers(&mut tx, workspace, on(days), None, 9).await.unwrap()
        };
        let keep = async |answers: Vec<now::Answer>| {
            let mut tx = db.write().await.unwrap();
            now::keep(&mut tx, workspace, &answers).await.unwrap();
            tx.commit().await.unwrap();
        };
        let says = async |days: i64| {
            let mut tx = db.read().await.unwrap();
            let stale = now::is_stale(&mut tx, workspace, on(days)).await.unwrap();
            let places = places(&mut tx, workspace, on(days)).await;
            (places.join(" "), stale)
        };
        // Phases begin at -7, 0, 14 and 28 days. Both have read what nobody had worked out yet.
        let (earlier, later) = (answers(13).await, answers(14).await);
        keep(later).await;
        keep(earlier).await;
        assert_eq!(says(14).await, ("configure".to_owned(), false), "the earlier day comes too late");
        let (earlier, later) = (answers(28).await, answers(29).await);
        keep(earlier.clone()).await;
        keep(earlier).await;
        keep(later).await;
        assert_eq!(says(28).await, ("pilot".to_owned(), false), "what holds on both days is left alone");
        // A clock that was wrong is put right again.
        keep(answers(6).await).await;
        assert_eq!(says(6).await, ("kickoff".to_owned(), false));
        let (earlier, later) = (answers(14).await, answers(28).await);
        keep(earlier).await;
        keep(later).await;
        assert_eq!(says(28).await, ("pilot".to_owned(), false), "what is over by then is overruled");
        // Changed in between: what was worked out is of a row that is no more.
        let old = answers(6).await;
        assert_eq!(old.len(), 1);
        let over = OnboardingState::Completed;
        let mut tx = db.write().await.unwrap();
        assert!(onboarding::set_state(&mut tx, workspace, acme.id, &acme.state, &over).await.unwrap());
        tx.commit().await.unwrap();
        keep(old).await;
        assert_eq!(says(28).await, ("pilot".to_owned(), true), "still to be worked out");
        keep(answers(28).await).await;
        assert_eq!(says(28).await, ("completed".to_owned(), false));
    })
    .await;
}

#[tokio::test]
async fn rows_are_settled_batch_by_batch() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let mut made = Vec::new();
        for customer in ["Acme", "Bolt", "Cirrus"] {
            made.push(world::onboarding(&db, &ids, workspace, &at_risk(customer, 0, 0)).await.id);
        }
        made.sort_unstable();
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let mut tx = db.write().await.unwrap();
            let batch = now::answers(&mut tx, workspace, KICKOFF, after, 2).await.unwrap();
            now::keep(&mut tx, workspace, &batch).await.unwrap();
            tx.commit().await.unwrap();
            let Some(last) = batch.last() else { break };
            after = Some(last.id);
            let mut tx = db.read().await.unwrap();
            seen.push(batch.iter().map(|answer| answer.id).collect::<Vec<_>>());
            let stale = now::is_stale(&mut tx, workspace, KICKOFF).await.unwrap();
            assert_eq!(stale, seen.len() == 1, "a batch is done once it is kept");
        }
        assert_eq!(seen, [&made[..2], &made[2..]]);
    })
    .await;
}
