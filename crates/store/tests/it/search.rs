//! Search words, on both databases.

use gangway_domain::ids::WorkspaceId;
use gangway_domain::words::words;
use gangway_store::search::{self, Kind};
use gangway_store::{Db, upkeep};
use gangway_testkit::sample::Sample;
use gangway_testkit::{CountedIds, for_each_database};

use crate::world;

pub async fn titles(db: &Db, workspace: WorkspaceId, kind: Kind, asked: &str) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    let found = search::find(&mut tx, workspace, kind, &words(asked), 20).await.unwrap();
    found.into_iter().map(|found| found.title).collect()
}

#[tokio::test]
async fn search_finds_beginnings_of_words_without_accents_in_its_workspace_only() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let ours = world::workspace(&db, &ids, "Northbeam").await;
        let theirs = world::workspace(&db, &ids, "Southlight").await;
        for customer in ["Lumière Énergie", "Lumen Labs", "Acme"] {
            world::onboarding(&db, &ids, ours, &Sample::of(customer)).await;
        }
        world::onboarding(&db, &ids, theirs, &Sample::of("Lumière Secrète")).await;
        for kind in [Kind::Onboarding, Kind::Account, Kind::Handoff] {
            assert_eq!(titles(&db, ours, kind, "lumiere").await, ["Lumière Énergie"], "{kind:?}");
            assert_eq!(titles(&db, ours, kind, "LUM ener").await, ["Lumière Énergie"], "every word");
            let mut two = titles(&db, ours, kind, "lum").await;
            two.sort();
            assert_eq!(two, ["Lumen Labs", "Lumière Énergie"]);
            assert!(titles(&db, ours, kind, "secrete").await.is_empty(), "that is theirs: {kind:?}");
            assert_eq!(titles(&db, theirs, kind, "lum").await, ["Lumière Secrète"]);
            assert!(titles(&db, ours, kind, "umiere").await.is_empty(), "beginnings, not middles");
            assert!(
                titles(&db, ours, kind, "%").await.is_empty() && titles(&db, ours, kind, "").await.is_empty()
            );
        }
        let mut tx = db.read().await.unwrap();
        let found = search::find(&mut tx, ours, Kind::Onboarding, &words("acme supply"), 20).await.unwrap();
        assert_eq!(found[0].fields, ["name", "use case"], "it says where the words stand");
        // What can be found is left as it is.
        drop(tx);
        let mut tx = db.write().await.unwrap();
        assert!(!upkeep::index(&mut tx, ours, 1).await.unwrap(), "nothing is left to be made findable");
        upkeep::finish(&mut tx, ours, "test", world::now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(titles(&db, ours, Kind::Handoff, "lumiere").await, ["Lumière Énergie"]);
        let mut tx = db.read().await.unwrap();
        assert!(upkeep::is_done(&mut tx, ours, "test").await.unwrap());
        assert!(!upkeep::is_done(&mut tx, theirs, "test").await.unwrap());
        assert_eq!(upkeep::workspaces(&mut tx).await.unwrap().len(), 2);
    })
    .await;
}
