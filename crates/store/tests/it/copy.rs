//! Everything moves between the databases, or nothing does.

use gangway_domain::ids::{IdSource, WebhookId, WorkspaceId};
use gangway_store::copy::{self, CopyError};
use gangway_store::webhook::{self, Endpoint};
use gangway_store::{Db, onboarding, outbox};
use gangway_testkit::sample::Sample;
use gangway_testkit::{CountedIds, Database};

use crate::world;

/// A workspace with an onboarding and an endpoint that has never been off: NULLs travel too.
async fn fill(db: &Db, ids: &dyn IdSource) -> (WorkspaceId, onboarding::Onboarding) {
    let workspace = world::workspace(db, ids, "Northbeam — Überall").await;
    let put = world::onboarding(db, ids, workspace, &Sample::default()).await;
    let row = Endpoint {
        id: WebhookId::fresh(ids),
        url: "https://example.com/".to_owned(),
        description: String::new(),
        kinds: String::new(),
        secret: "sealed".to_owned(),
        previous_secret: None,
        previous_until: None,
        created_at: world::now(),
        failing_since: None,
        disabled_at: None,
        disabled_why: None,
    };
    let mut tx = db.write().await.unwrap();
    webhook::insert(&mut tx, workspace, &row).await.unwrap();
    tx.commit().await.unwrap();
    (workspace, put)
}

async fn moves(from: Database, to: Database) {
    let ids = CountedIds::default();
    let (workspace, put) = fill(&from.db, &ids).await;
    let copied = copy::everything(&from.db, &to.db).await.unwrap();
    assert!(copied.len() > 15, "{copied:?}");
    let rows = |table: &str| copied.iter().find(|copied| copied.table == table).map(|copied| copied.rows);
    assert_eq!(rows("workspace"), Some(1));
    assert_eq!(rows("webhook_endpoint"), Some(1));
    assert_eq!(rows("task").unwrap(), i64::try_from(put.package.plan.tasks.len()).unwrap());
    let place = |table: &str| copied.iter().position(|copied| copied.table == table);
    assert!(place("workspace") < place("account") && place("webhook_endpoint") < place("webhook_delivery"));
    let (mut one, mut other) = (from.db.read().await.unwrap(), to.db.read().await.unwrap());
    assert_eq!(
        onboarding::get(&mut other, workspace, put.id).await.unwrap(),
        onboarding::get(&mut one, workspace, put.id).await.unwrap()
    );
    assert_eq!(
        outbox::pending(&mut other, workspace, 9).await.unwrap(),
        outbox::pending(&mut one, workspace, 9).await.unwrap()
    );
    assert_eq!(
        webhook::of_workspace(&mut other, workspace).await.unwrap(),
        webhook::of_workspace(&mut one, workspace).await.unwrap()
    );
    drop((one, other));
    // A second time it is not empty, and stays as it is.
    let again = copy::everything(&from.db, &to.db).await.unwrap_err();
    assert!(matches!(&again, CopyError::Refused(why) if why.contains("not empty")), "{again}");
    from.remove().await.unwrap();
    to.remove().await.unwrap();
}

#[tokio::test]
async fn from_sqlite_to_postgresql() {
    moves(Database::sqlite().await.unwrap(), Database::postgres().await.unwrap()).await;
}

#[tokio::test]
async fn from_postgresql_to_sqlite() {
    moves(Database::postgres().await.unwrap(), Database::sqlite().await.unwrap()).await;
}
