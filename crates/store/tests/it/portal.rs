//! The portal's rows: what comes back, what another workspace sees of it, what goes with what.

use gangway_domain::ids::{ContactId, OnboardingId, PersonId, PortalAccessId, TaskId, WorkspaceId};
use gangway_domain::portal::{Language, PortalRole};
use gangway_store::contact::Contact;
use gangway_store::portal::link::{Does, Link};
use gangway_store::portal::session::Session;
use gangway_store::portal::shared::Kind;
use gangway_store::portal::{self, Access, link, reminder, session, setting, shared};
use gangway_store::{Db, StoreError, Timestamp, contact};
use gangway_testkit::sample::{KICKOFF, Sample};
use gangway_testkit::{CountedIds, for_each_database};

use crate::world;

fn far() -> Timestamp {
    "2027-06-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap().into()
}

struct Put {
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    contact: ContactId,
}

async fn put(db: &Db, ids: &CountedIds) -> Put {
    let workspace = world::workspace(db, ids, "Northbeam").await;
    let made = world::onboarding(db, ids, workspace, &Sample::default()).await;
    let contact = Contact {
        id: ContactId::fresh(ids),
        account_id: made.account_id,
        account: String::new(),
        name: "Dana Whitfield".to_owned(),
        name_key: String::new(),
        title: None,
        email: Some("dana@acme.test".to_owned()),
        phone: None,
        notes: None,
        created_at: world::now(),
        version: 1,
        external_id: None,
    };
    let mut tx = db.write().await.unwrap();
    contact::insert(&mut tx, workspace, &contact).await.unwrap();
    tx.commit().await.unwrap();
    Put { workspace, onboarding: made.id, contact: contact.id }
}

fn access(ids: &CountedIds, put: &Put, digest: &str) -> Access {
    Access {
        workspace: put.workspace,
        id: PortalAccessId::fresh(ids),
        onboarding: put.onboarding,
        contact: put.contact,
        name: "Dana Whitfield".to_owned(),
        title: None,
        email: Some("dana@acme.test".to_owned()),
        role: PortalRole::Sponsor,
        language: Language::De,
        digest: digest.to_owned(),
        code: Some(("digest of a code".to_owned(), world::now())),
        code_tries: 2,
        made_by: "Priya".to_owned(),
        made_at: world::now(),
        expires_at: far(),
        revoked_at: None,
        last_used_at: None,
        version: 1,
    }
}

#[tokio::test]
async fn an_access_comes_back_as_it_was_and_changes_by_version() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let put = put(&db, &ids).await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let row = access(&ids, &put, "one");
        let mut tx = db.write().await.unwrap();
        portal::insert(&mut tx, &row).await.unwrap();
        assert_eq!(portal::get(&mut tx, put.workspace, row.id).await.unwrap().as_ref(), Some(&row));
        assert_eq!(portal::by_digest(&mut tx, "one").await.unwrap().as_ref(), Some(&row));
        assert_eq!(portal::of_onboarding(&mut tx, put.workspace, put.onboarding).await.unwrap().len(), 1);
        assert!(portal::get(&mut tx, stranger, row.id).await.unwrap().is_none());
        assert!(portal::of_onboarding(&mut tx, stranger, put.onboarding).await.unwrap().is_empty());
        assert!(portal::of_workspace(&mut tx, stranger).await.unwrap().is_empty());
        let foreign = Access { workspace: stranger, ..row.clone() };
        assert!(!portal::change(&mut tx, &foreign).await.unwrap());
        let gone = Access { revoked_at: Some(world::now()), code: None, ..row.clone() };
        assert!(portal::change(&mut tx, &gone).await.unwrap());
        assert!(!portal::change(&mut tx, &gone).await.unwrap(), "its version is another one now");
        assert!(portal::of_workspace(&mut tx, put.workspace).await.unwrap().is_empty());
        tx.commit().await.unwrap();
        let mut tx = db.write().await.unwrap();
        let twin = portal::insert(&mut tx, &access(&ids, &put, "two")).await;
        assert!(matches!(twin, Err(StoreError::Conflict(_))));
    })
    .await;
}

#[tokio::test]
async fn tries_of_a_code_are_counted_on_the_row_and_begin_anew_with_another_code() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let put = put(&db, &ids).await;
        let row = access(&ids, &put, "one");
        let mut tx = db.write().await.unwrap();
        portal::insert(&mut tx, &row).await.unwrap();
        for left in [true, true, true, false, false] {
            assert_eq!(portal::tried(&mut tx, put.workspace, row.id, 5).await.unwrap(), left);
        }
        let stale = Access { role: PortalRole::Lead, code_tries: 0, ..row.clone() };
        assert!(portal::change(&mut tx, &stale).await.unwrap());
        let kept = portal::get(&mut tx, put.workspace, row.id).await.unwrap().unwrap();
        assert_eq!((kept.role, kept.code_tries), (PortalRole::Lead, 5), "what was read before is not kept");
        portal::untried(&mut tx, put.workspace, row.id).await.unwrap();
        let fresh = portal::get(&mut tx, put.workspace, row.id).await.unwrap().unwrap();
        assert_eq!(fresh.code_tries, 0);
        assert!(portal::tried(&mut tx, put.workspace, row.id, 5).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn sessions_end_with_time_and_with_their_access() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let put = put(&db, &ids).await;
        let row = access(&ids, &put, "one");
        let mut tx = db.write().await.unwrap();
        portal::insert(&mut tx, &row).await.unwrap();
        let open = Session {
            digest: "cookie".to_owned(),
            workspace: put.workspace,
            access: row.id,
            peek_by: Some(PersonId::fresh(&ids)),
            agent: "a browser".to_owned(),
            created_at: world::now(),
            expires_at: far(),
        };
        session::insert(&mut tx, &open).await.unwrap();
        let found = session::opened(&mut tx, "cookie", world::now()).await.unwrap().unwrap();
        assert_eq!((&found.access, found.peek_by), (&row, open.peek_by));
        assert!(session::opened(&mut tx, "cookie", far()).await.unwrap().is_none(), "its time is over");
        let gone = Access { revoked_at: Some(world::now()), ..row };
        assert!(portal::change(&mut tx, &gone).await.unwrap());
        assert!(session::opened(&mut tx, "cookie", world::now()).await.unwrap().is_none());
        assert_eq!(session::delete_of_access(&mut tx, put.workspace, gone.id).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn links_shares_look_and_reminders() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let put = put(&db, &ids).await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let row = access(&ids, &put, "one");
        let mut tx = db.write().await.unwrap();
        let tx = &mut tx;
        portal::insert(tx, &row).await.unwrap();
        for (digest, does) in [("deed", Does::Task(row.id, TaskId::fresh(&ids))), ("embed", Does::Embed)] {
            let made = Link {
                workspace: put.workspace,
                digest: digest.to_owned(),
                does,
                onboarding: put.onboarding,
                made_by: "Priya".to_owned(),
                made_at: world::now(),
                expires_at: far(),
                ended_at: None,
            };
            link::insert(tx, &made).await.unwrap();
            assert_eq!(link::by_digest(tx, digest).await.unwrap(), Some(made));
        }
        assert_eq!(link::embeds(tx, put.workspace, put.onboarding).await.unwrap().len(), 1);
        assert!(link::embeds(tx, stranger, put.onboarding).await.unwrap().is_empty());
        assert!(!link::end(tx, stranger, "embed", world::now()).await.unwrap());
        assert!(link::end(tx, put.workspace, "embed", world::now()).await.unwrap());
        assert!(link::embeds(tx, put.workspace, put.onboarding).await.unwrap().is_empty());

        let item = (Kind::Document, "implementation-plan");
        for _ in 0..2 {
            shared::insert(tx, put.workspace, put.onboarding, item, "Priya", world::now()).await.unwrap();
        }
        assert_eq!(shared::items(tx, put.workspace, put.onboarding, Kind::Document).await.unwrap().len(), 1);
        assert!(shared::items(tx, put.workspace, put.onboarding, Kind::File).await.unwrap().is_empty());
        assert!(shared::items(tx, stranger, put.onboarding, Kind::Document).await.unwrap().is_empty());
        assert!(shared::delete(tx, put.workspace, put.onboarding, item).await.unwrap());

        let look = setting::Setting { name: "Northbeam".to_owned(), ..setting::Setting::default() };
        assert!(setting::save(tx, put.workspace, &look, None).await.unwrap());
        assert!(!setting::save(tx, put.workspace, &look, None).await.unwrap(), "somebody was faster");
        let known = setting::get(tx, put.workspace).await.unwrap();
        assert_eq!((known.name.as_str(), known.version, known.has_picture), ("Northbeam", 1, false));
        assert_eq!(setting::picture(tx, put.workspace).await.unwrap(), None);
        // A picture is put there, stays when nothing is said of it, and is taken away.
        let steps = [(Some("data:image/png;base64,"), true), (None, true), (Some(""), false)];
        for (version, (picture, there)) in (1..).zip(steps) {
            let next = setting::Setting { version, ..known.clone() };
            assert!(setting::save(tx, put.workspace, &next, picture).await.unwrap());
            assert_eq!(setting::get(tx, put.workspace).await.unwrap().has_picture, there);
            assert_eq!(setting::picture(tx, put.workspace).await.unwrap().is_some(), there);
        }
        assert_eq!(setting::picture(tx, stranger).await.unwrap(), None);
        assert_eq!(setting::get(tx, stranger).await.unwrap(), setting::Setting::default());

        assert!(!reminder::is_sent(tx, put.workspace, put.contact, KICKOFF).await.unwrap());
        assert!(reminder::insert(tx, put.workspace, put.contact, KICKOFF, 3, world::now()).await.unwrap());
        assert!(!reminder::insert(tx, put.workspace, put.contact, KICKOFF, 4, world::now()).await.unwrap());
        assert!(reminder::is_sent(tx, put.workspace, put.contact, KICKOFF).await.unwrap());
        assert!(!reminder::is_sent(tx, stranger, put.contact, KICKOFF).await.unwrap());
    })
    .await;
}
