//! Contacts, duplicates and merges, on both databases.

use gangway_domain::ids::ContactId;
use gangway_store::account::{self, duplicate, merge, record};
use gangway_store::contact::{self, Contact};
use gangway_store::search::Kind;
use gangway_store::{activity, handoff, onboarding};
use gangway_testkit::sample::Sample;
use gangway_testkit::{CountedIds, for_each_database};

use crate::search::titles;
use crate::world;

fn contact_of(
    ids: &CountedIds,
    onboarding: &onboarding::Onboarding,
    name: &str,
    email: Option<&str>,
) -> Contact {
    Contact {
        id: ContactId::fresh(ids),
        account_id: onboarding.account_id,
        account: String::new(),
        name: name.to_owned(),
        name_key: String::new(),
        title: None,
        email: email.map(str::to_owned),
        phone: None,
        notes: None,
        created_at: world::now(),
        version: 1,
        external_id: None,
    }
}

#[tokio::test]
async fn contacts_are_found_again_listed_and_merged() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let acme = world::onboarding(&db, &ids, workspace, &Sample::of("Acme")).await;
        let (ada, twin) = (
            contact_of(&ids, &acme, "Ada  Élan", Some("Ada@Acme.example")),
            contact_of(&ids, &acme, "A. Elan", Some("ada@acme.example")),
        );
        let mut tx = db.write().await.unwrap();
        for contact in [&ada, &twin] {
            contact::insert(&mut tx, workspace, contact).await.unwrap();
        }
        contact::take_part(&mut tx, workspace, ada.id, acme.id, "champion", "Champion").await.unwrap();
        for role in ["champion", "end_user"] {
            contact::take_part(&mut tx, workspace, twin.id, acme.id, role, role).await.unwrap();
            contact::take_part(&mut tx, workspace, twin.id, acme.id, role, role).await.unwrap();
        }
        let id = acme.account_id;
        let found =
            contact::matching(&mut tx, workspace, id, "nobody", Some("ADA@acme.example")).await.unwrap();
        assert_eq!(found.unwrap().id, ada.id, "by address");
        let found = contact::matching(&mut tx, workspace, id, "ada elan", None).await.unwrap();
        assert_eq!(found.unwrap().id, ada.id, "by name");
        let other = contact::matching(&mut tx, workspace, id, "Ada Elan", Some("other@acme.example")).await;
        assert!(other.unwrap().is_none(), "two people of one name have two addresses");

        let query = |search: &str| contact::Query {
            search: Some(search.to_owned()),
            limit: 10,
            ..contact::Query::default()
        };
        assert_eq!(contact::page(&mut tx, workspace, &query("ÉLAN")).await.unwrap().0.len(), 2);
        assert_eq!(contact::page(&mut tx, workspace, &query("acme.ex")).await.unwrap().0.len(), 2);
        assert!(contact::page(&mut tx, stranger, &query("a")).await.unwrap().0.is_empty());
        assert!(contact::get(&mut tx, stranger, ada.id).await.unwrap().is_none());
        assert!(contact::of_account(&mut tx, stranger, id).await.unwrap().is_empty());
        assert!(contact::parts(&mut tx, stranger, ada.id).await.unwrap().is_empty());
        assert_eq!(contact::summary(&mut tx, stranger).await.unwrap().0, 0);
        let pairs = duplicate::contacts(&mut tx, workspace, 10).await.unwrap();
        assert_eq!((pairs.len(), pairs[0].one, pairs[0].other), (1, ada.id, twin.id));
        assert!(duplicate::contacts(&mut tx, stranger, 10).await.unwrap().is_empty());

        let (ada, twin) = (
            contact::get(&mut tx, workspace, ada.id).await.unwrap().unwrap(),
            contact::get(&mut tx, workspace, twin.id).await.unwrap().unwrap(),
        );
        assert!(!contact::change(&mut tx, stranger, &ada).await.unwrap());
        assert!(contact::take_over(&mut tx, workspace, &twin, ada.id, world::now()).await.unwrap());
        assert!(contact::get(&mut tx, workspace, twin.id).await.unwrap().is_none());
        assert_eq!(merge::contact_became(&mut tx, workspace, twin.id).await.unwrap(), Some(ada.id));
        assert_eq!(merge::contact_became(&mut tx, stranger, twin.id).await.unwrap(), None);
        let roles: Vec<String> = contact::parts(&mut tx, workspace, ada.id)
            .await
            .unwrap()
            .into_iter()
            .map(|part| part.role)
            .collect();
        assert_eq!(roles, ["champion", "end_user"], "moved, each once");
        let again = contact::matching(&mut tx, workspace, id, "A. Elan", None).await.unwrap();
        assert_eq!(again.unwrap().id, ada.id, "the old name leads on");
        assert!(duplicate::contacts(&mut tx, workspace, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_merged_account_takes_everything_along_and_its_name_leads_on() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let kept = world::onboarding(&db, &ids, workspace, &Sample::of("Lumière")).await;
        let gone = world::onboarding(&db, &ids, workspace, &Sample::of("Lumi Ere")).await;
        let mut tx = db.write().await.unwrap();
        contact::insert(&mut tx, workspace, &contact_of(&ids, &gone, "Ada", None)).await.unwrap();
        let pairs = duplicate::accounts(&mut tx, workspace, 10).await.unwrap();
        assert_eq!((pairs.len(), pairs[0].one, pairs[0].other), (1, kept.account_id, gone.account_id));
        assert!(duplicate::accounts(&mut tx, stranger, 10).await.unwrap().is_empty());
        let (old, new) = (gone.account_id, kept.account_id);
        let before = record::get(&mut tx, workspace, old).await.unwrap().unwrap();
        let stale = record::Record { version: 9, ..before.clone() };
        let moves = merge::belongings(&mut tx, workspace, old).await.unwrap();
        assert_eq!((moves.onboardings, moves.handoffs, moves.contacts), (1, 1, 1));
        assert_eq!(merge::belongings(&mut tx, stranger, old).await.unwrap(), merge::Belongings::default());
        tx.commit().await.unwrap();

        let mut tx = db.write().await.unwrap();
        assert!(!merge::take_over(&mut tx, workspace, &stale, new, world::now()).await.unwrap());
        drop(tx);
        let mut tx = db.write().await.unwrap();
        assert!(merge::take_over(&mut tx, workspace, &before, new, world::now()).await.unwrap());
        merge::rename_customer(&mut tx, workspace, new, "Lumière SA").await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = db.read().await.unwrap();
        assert!(account::get(&mut tx, workspace, old).await.unwrap().is_none());
        assert_eq!(merge::became(&mut tx, workspace, old).await.unwrap(), Some(new));
        assert_eq!(merge::became(&mut tx, stranger, old).await.unwrap(), None);
        assert_eq!(handoff::get(&mut tx, workspace, gone.handoff_id).await.unwrap().unwrap().account_id, new);
        let head = onboarding::head::get(&mut tx, workspace, gone.id).await.unwrap().unwrap();
        assert_eq!(head.account_id, new);
        assert_eq!(merge::belongings(&mut tx, workspace, new).await.unwrap().onboardings, 2);
        assert_eq!(activity::of_account(&mut tx, workspace, new, 10).await.unwrap().len(), 2);
        assert!(activity::of_account(&mut tx, stranger, new, 10).await.unwrap().is_empty());
        drop(tx);
        assert_eq!(titles(&db, workspace, Kind::Onboarding, "lumiere sa").await.len(), 2);
        assert_eq!(titles(&db, workspace, Kind::Account, "lumi").await, ["Lumière"]);
        let mut tx = db.write().await.unwrap();
        let (id, new_one) =
            account::insert_or_match(&mut tx, workspace, &world::account(&ids, "Lumi Ere")).await.unwrap();
        assert_eq!((id, new_one), (new, false), "a later deal under the old name finds it");
    })
    .await;
}
