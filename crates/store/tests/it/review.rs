//! Where handoffs stand, how many stand where, and the orders of their list, on both databases.

use gangway_domain::ids::{HandoffId, PersonId, WorkspaceId};
use gangway_store::onboarding::list::Direction;
use gangway_store::review::{self, Query, SortBy, State};
use gangway_store::{Db, handoff};
use gangway_testkit::sample::Sample;
use gangway_testkit::{CountedIds, for_each_database};

use crate::world;

/// The counts, each of which must be that of the list of its state.
async fn counts(db: &Db, workspace: WorkspaceId) -> [i64; 3] {
    let mut tx = db.read().await.unwrap();
    let counts = review::counts(&mut tx, workspace, None).await.unwrap();
    for (state, count) in &counts {
        let query = Query { state: Some(*state), limit: 50, ..Query::default() };
        let (lines, _) = review::list(&mut tx, workspace, &query).await.unwrap();
        assert!(lines.iter().all(|line| line.state == *state), "{state:?}: {lines:?}");
        assert_eq!(i64::try_from(lines.len()).unwrap(), *count, "{state:?}");
    }
    [counts[0].1, counts[1].1, counts[2].1]
}

async fn confirm(db: &Db, workspace: WorkspaceId, id: HandoffId, version: i64) {
    let mut tx = db.write().await.unwrap();
    assert!(review::confirm(&mut tx, workspace, id, version, "Ines", world::now()).await.unwrap());
    tx.commit().await.unwrap();
}

async fn touch(db: &Db, workspace: WorkspaceId, id: HandoffId) {
    let mut tx = db.write().await.unwrap();
    review::touch(&mut tx, workspace, id).await.unwrap().unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn counts_follow_a_handoff_from_review_to_its_onboarding() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        world::onboarding(&db, &ids, stranger, &Sample::of("Elsewhere")).await;
        let acme = world::handed_over(&db, &ids, workspace, &Sample::of("Acme")).await;
        world::handed_over(&db, &ids, workspace, &Sample::of("Bolt")).await;
        assert_eq!(counts(&db, workspace).await, [2, 0, 0]);
        confirm(&db, workspace, acme.id, 0).await;
        assert_eq!(counts(&db, workspace).await, [1, 1, 0]);
        touch(&db, workspace, acme.id).await;
        assert_eq!(counts(&db, workspace).await, [2, 0, 0], "a correction withdraws the confirmation");
        confirm(&db, workspace, acme.id, 1).await;
        world::planned(&db, &ids, workspace, &Sample::of("Acme"), &acme).await;
        assert_eq!(counts(&db, workspace).await, [1, 0, 1]);
        touch(&db, workspace, acme.id).await;
        confirm(&db, workspace, acme.id, 2).await;
        assert_eq!(counts(&db, workspace).await, [1, 0, 1], "what is made stays made");
        assert_eq!(State::ALL.map(State::word), ["review", "confirmed", "made"]);
        assert_eq!(counts(&db, stranger).await, [0, 0, 1], "others are left alone");
    })
    .await;
}

#[tokio::test]
async fn every_order_of_handoffs_joins_page_by_page() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        for (customer, score) in
            [("Cirrus", Some(80)), ("Acme", None), ("Dune", Some(40)), ("Bolt", Some(80))]
        {
            let made = world::handed_over(&db, &ids, workspace, &Sample::of(customer)).await;
            let mut tx = db.write().await.unwrap();
            if let Some(score) = score {
                handoff::assess(&mut tx, workspace, made.id, "smb", score).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
        for (sort, expected) in [
            // All came at one instant: by id, which is the order they were made in.
            (SortBy::Accepted, ["Cirrus", "Acme", "Dune", "Bolt"]),
            (SortBy::Customer, ["Acme", "Bolt", "Cirrus", "Dune"]),
            (SortBy::Score, ["Acme", "Dune", "Cirrus", "Bolt"]),
        ] {
            for direction in [Direction::Ascending, Direction::Descending] {
                let mut expected = expected.to_vec();
                if direction == Direction::Descending {
                    expected.reverse();
                }
                let mut query = Query { sort, direction, limit: 1, ..Query::default() };
                let mut joined = Vec::new();
                loop {
                    let mut tx = db.read().await.unwrap();
                    let (lines, next) = review::list(&mut tx, workspace, &query).await.unwrap();
                    joined.extend(lines.into_iter().map(|line| line.customer));
                    let Some(next) = next else { break };
                    query.after = Some(next.to_string().parse().unwrap());
                }
                assert_eq!(joined, expected, "{sort:?} {direction:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_hands_over_finds_their_own() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let (tomas, maya) = (PersonId::fresh(&ids), PersonId::fresh(&ids));
        for (customer, seller) in
            [("Acme", Some(tomas)), ("Bolt", None), ("Cirrus", Some(maya)), ("Dune", Some(tomas))]
        {
            let made = world::handed_over(&db, &ids, workspace, &Sample::of(customer)).await;
            let mut tx = db.write().await.unwrap();
            review::sign(&mut tx, workspace, made.id, ("Somebody", seller), "web", 50).await.unwrap();
            tx.commit().await.unwrap();
        }
        let mut tx = db.read().await.unwrap();
        for sort in [SortBy::Accepted, SortBy::Customer, SortBy::Score] {
            let query = Query { seller: Some(tomas), sort, limit: 9, ..Query::default() };
            let (lines, _) = review::list(&mut tx, workspace, &query).await.unwrap();
            let customers: Vec<&str> = lines.iter().map(|line| line.customer.as_str()).collect();
            assert_eq!(customers, ["Acme", "Dune"], "{sort:?}");
        }
        for (seller, expected) in [(Some(tomas), 2), (Some(maya), 1), (None, 4)] {
            let counts = review::counts(&mut tx, workspace, seller).await.unwrap();
            assert_eq!(counts[0], (State::Review, expected));
            assert!(counts[1..].iter().all(|(_, count)| *count == 0));
        }
    })
    .await;
}
