//! No function of the store lets one workspace see or change another's rows.

use gangway_domain::onboarding::OnboardingState;
use gangway_store::onboarding::list::{self, Direction, Query, SortBy};
use gangway_store::{
    account, activity, correction, handoff, link, milestone, onboarding, outbox, phase, review, task,
    workspace,
};
use gangway_testkit::sample::{KICKOFF, Sample};
use gangway_testkit::{CountedIds, for_each_database};

use crate::world;

#[tokio::test]
async fn a_workspace_sees_nothing_of_another() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let owner = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let put = world::onboarding(&db, &ids, owner, &Sample::default()).await;

        let mut tx = db.read().await.unwrap();
        let tx = &mut tx;
        assert!(account::get(tx, stranger, put.account_id).await.unwrap().is_none());
        assert!(account::by_key(tx, stranger, "acme manufacturing").await.unwrap().is_none());
        assert!(handoff::get(tx, stranger, put.handoff_id).await.unwrap().is_none());
        assert!(handoff::by_digest(tx, stranger, "digest of Acme Manufacturing").await.unwrap().is_none());
        assert!(review::get(tx, stranger, put.handoff_id).await.unwrap().is_none());
        assert!(
            review::list(tx, stranger, &review::Query { limit: 10, ..review::Query::default() })
                .await
                .unwrap()
                .0
                .is_empty()
        );
        assert!(review::counts(tx, stranger, None).await.unwrap().iter().all(|(_, count)| *count == 0));
        assert!(review::clocks(tx, stranger, put.handoff_id).await.unwrap().is_empty());
        assert!(correction::of_handoff(tx, stranger, put.handoff_id).await.unwrap().is_empty());
        assert!(onboarding::get(tx, stranger, put.id).await.unwrap().is_none());
        assert!(onboarding::by_handoff(tx, stranger, put.handoff_id).await.unwrap().is_none());
        assert!(phase::of_onboarding(tx, stranger, put.id).await.unwrap().is_empty());
        assert!(task::of_onboarding(tx, stranger, put.id).await.unwrap().is_empty());
        assert!(task::open_from(tx, stranger, put.id, KICKOFF, 10).await.unwrap().is_empty());
        assert!(milestone::of_onboarding(tx, stranger, put.id).await.unwrap().is_empty());
        assert!(link::of_onboarding(tx, stranger, put.id).await.unwrap().is_empty());
        assert!(activity::recent(tx, stranger, 10).await.unwrap().is_empty());
        assert!(activity::of_onboarding(tx, stranger, put.id, put.account_id, 10).await.unwrap().is_empty());
        assert!(outbox::pending(tx, stranger, 10).await.unwrap().is_empty());
        for search in [None, Some("acme".to_owned())] {
            let query = Query { search, ..Query::first(50, KICKOFF) };
            let (summary, facets) = onboarding::counts::around(tx, stranger, &query).await.unwrap();
            assert_eq!(
                (summary.all, summary.warnings, facets),
                (0, 0, onboarding::counts::Facets::default())
            );
            let (_, facets) = onboarding::counts::around(tx, owner, &query).await.unwrap();
            assert_eq!((facets.shown, facets.unowned), (1, 1));
        }
        for sort in [
            SortBy::Customer,
            SortBy::State,
            SortBy::Plan,
            SortBy::Next,
            SortBy::Kickoff,
            SortBy::GoLive,
            SortBy::P80,
            SortBy::Finish,
            SortBy::Late,
            SortBy::Quality,
            SortBy::Urgency,
        ] {
            for direction in [Direction::Ascending, Direction::Descending] {
                let query = Query { sort, direction, ..Query::first(50, KICKOFF) };
                assert!(list::page(tx, stranger, &query).await.unwrap().lines.is_empty());
                assert_eq!(list::page(tx, owner, &query).await.unwrap().lines.len(), 1);
            }
        }
        assert_eq!(workspace::get(tx, owner).await.unwrap().unwrap().name, "Northbeam");
    })
    .await;
}

#[tokio::test]
async fn a_workspace_changes_nothing_of_another() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let owner = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let put = world::onboarding(&db, &ids, owner, &Sample::default()).await;

        let mut tx = db.write().await.unwrap();
        assert!(
            !onboarding::set_state(&mut tx, stranger, put.id, &put.state, &OnboardingState::Running)
                .await
                .unwrap()
        );
        handoff::assess(&mut tx, stranger, put.handoff_id, "smb", 1).await.unwrap();
        assert_eq!(review::touch(&mut tx, stranger, put.handoff_id).await.unwrap(), None);
        assert!(!review::confirm(&mut tx, stranger, put.handoff_id, 0, "Eve", world::now()).await.unwrap());
        assert!(!correction::undo(&mut tx, stranger, put.handoff_id, 1, "Eve", world::now()).await.unwrap());
        assert!(!review::restart(&mut tx, stranger, put.handoff_id, "document").await.unwrap());
        review::sign(&mut tx, stranger, put.handoff_id, ("Eve", None), "web", 1).await.unwrap();
        review::score(&mut tx, stranger, put.handoff_id, 1).await.unwrap();
        let mut twin = world::account(&ids, "Acme Manufacturing");
        twin.industry = Some("espionage".to_owned());
        let (id, new) = account::insert_or_match(&mut tx, stranger, &twin).await.unwrap();
        assert!(new && id == twin.id, "the same name in two workspaces is two accounts");
        tx.commit().await.unwrap();

        let mut tx = db.read().await.unwrap();
        assert_eq!(
            onboarding::get(&mut tx, owner, put.id).await.unwrap().unwrap().state,
            OnboardingState::Planned
        );
        assert_eq!(handoff::get(&mut tx, owner, put.handoff_id).await.unwrap().unwrap().segment, None);
        let untouched = review::get(&mut tx, owner, put.handoff_id).await.unwrap().unwrap();
        assert_eq!((untouched.version, untouched.confirmed, untouched.accepted_by.as_str()), (0, None, ""));
        assert_eq!(account::get(&mut tx, owner, put.account_id).await.unwrap().unwrap().industry, None);
    })
    .await;
}

#[tokio::test]
async fn a_row_cannot_refer_to_another_workspace() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let owner = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let put = world::onboarding(&db, &ids, owner, &Sample::default()).await;
        let mut tx = db.write().await.unwrap();
        let mut stolen = handoff::get(&mut tx, owner, put.handoff_id).await.unwrap().unwrap();
        stolen.id = gangway_domain::ids::HandoffId::fresh(&ids);
        assert!(
            handoff::insert(&mut tx, stranger, &stolen).await.is_err(),
            "its account belongs to the owner"
        );
    })
    .await;
}
