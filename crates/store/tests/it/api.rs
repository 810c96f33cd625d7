//! What the API keeps and walks through: within a workspace, once, page by page.

use gangway_domain::ids::{HookId, PersonId, TokenId};
use gangway_domain::permission::Role;
use gangway_store::account::list::{self, SortBy};
use gangway_store::account::record::{self, Record};
use gangway_store::api_token::{self, ApiToken};
use gangway_store::crm_hook::{self, CrmHook};
use gangway_store::idempotency::{self, Key};
use gangway_store::onboarding::list::Direction;
use gangway_store::person::{self, Person};
use gangway_store::review::{self, State};
use gangway_store::{StoreError, Timestamp, membership, page};
use gangway_testkit::sample::Sample;
use gangway_testkit::{CountedIds, for_each_database};
use jiff::SignedDuration;

use crate::world::{self, now};

fn after(seconds: i64) -> Timestamp {
    let now = jiff::Timestamp::try_from(now()).unwrap();
    (now + SignedDuration::from_secs(seconds)).into()
}

/// Accounts in the order they were made.
fn accounts(limit: u32) -> list::Query {
    list::Query { sort: SortBy::Added, limit, ..list::Query::default() }
}

/// The newest handoffs.
fn some(limit: u32) -> review::Query {
    review::Query { direction: Direction::Descending, limit, ..review::Query::default() }
}

#[tokio::test]
async fn accounts_change_by_version_and_only_in_their_workspace() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let owner = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let mut tx = db.write().await.unwrap();
        let made =
            Record { account: world::account(&ids, "Acme"), external_id: Some("a".to_owned()), version: 1 };
        record::insert(&mut tx, owner, &made).await.unwrap();
        assert_eq!(record::get(&mut tx, owner, made.account.id).await.unwrap(), Some(made.clone()));
        assert_eq!(record::get(&mut tx, stranger, made.account.id).await.unwrap(), None);
        assert_eq!(record::by_external_id(&mut tx, stranger, "a").await.unwrap(), None);
        assert!(list::page(&mut tx, stranger, &accounts(10)).await.unwrap().0.is_empty());
        assert!(!record::change(&mut tx, stranger, &made).await.unwrap());
        let wanted = Record { external_id: None, ..made.clone() };
        assert!(record::change(&mut tx, owner, &wanted).await.unwrap());
        assert!(!record::change(&mut tx, owner, &wanted).await.unwrap(), "version 1 is gone");
        let kept = record::get(&mut tx, owner, made.account.id).await.unwrap().unwrap();
        assert_eq!((kept.version, kept.external_id), (2, None));
        tx.commit().await.unwrap();

        let mut tx = db.write().await.unwrap();
        let twin = Record { account: world::account(&ids, "ACME"), external_id: None, version: 1 };
        let refused = record::insert(&mut tx, owner, &twin).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn accounts_are_walked_in_the_order_they_were_made_and_found_by_the_id_another_system_has() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let owner = world::workspace(&db, &ids, "Northbeam").await;
        let mut tx = db.write().await.unwrap();
        for (name, external_id) in [("Gamma", None), ("Alpha", Some("7")), ("Beta", None)] {
            let account = world::account(&ids, name);
            let record = Record { account, external_id: external_id.map(str::to_owned), version: 1 };
            record::insert(&mut tx, owner, &record).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut tx = db.read().await.unwrap();
        for (direction, order) in [
            (Direction::Ascending, ["Gamma", "Alpha", "Beta"]),
            (Direction::Descending, ["Beta", "Alpha", "Gamma"]),
        ] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let query = list::Query { direction, after, ..accounts(2) };
                let (lines, next) = list::page(&mut tx, owner, &query).await.unwrap();
                seen.extend(lines.into_iter().map(|line| line.name));
                after = next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(seen, order, "{direction:?}");
        }
        let known = list::Query { external_id: Some("7".to_owned()), ..accounts(9) };
        let (lines, next) = list::page(&mut tx, owner, &known).await.unwrap();
        assert_eq!((lines.len(), next), (1, None));
        let line = &lines[0];
        assert_eq!((line.name.as_str(), line.external_id.as_deref(), line.version), ("Alpha", Some("7"), 1));
    })
    .await;
}

#[tokio::test]
async fn filling_in_counts_as_a_change_only_when_something_was_unknown() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let owner = world::workspace(&db, &ids, "Northbeam").await;
        let mut tx = db.write().await.unwrap();
        let mut account = world::account(&ids, "Acme");
        for (industry, version) in [(None, 1), (None, 1), (Some("Toys"), 2), (Some("Games"), 2)] {
            account.industry = industry.map(str::to_owned);
            let (id, _) = gangway_store::account::insert_or_match(&mut tx, owner, &account).await.unwrap();
            let kept = record::get(&mut tx, owner, id).await.unwrap().unwrap();
            assert_eq!(kept.version, version, "{industry:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn handoffs_and_activity_are_walked_newest_first() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let owner = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let mut made = Vec::new();
        for customer in ["Alpha", "Beta", "Gamma"] {
            let sample = Sample { customer: customer.to_owned(), ..Sample::default() };
            made.push(world::onboarding(&db, &ids, owner, &sample).await);
        }
        let mut tx = db.read().await.unwrap();
        let (all, next) = review::list(&mut tx, owner, &some(2)).await.unwrap();
        let names: Vec<&str> = all.iter().map(|line| line.customer.as_str()).collect();
        assert_eq!(names, ["Gamma", "Beta"]);
        assert_eq!(all[0].onboarding, Some(made[2].id));
        let rest = review::Query { after: next, ..some(2) };
        let (rest, next) = review::list(&mut tx, owner, &rest).await.unwrap();
        assert_eq!((rest.len(), rest[0].customer.as_str(), next), (1, "Alpha", None));
        let one = review::Query { account: Some(made[1].account_id), ..some(9) };
        let (one, _) = review::list(&mut tx, owner, &one).await.unwrap();
        assert_eq!((one.len(), one[0].id, one[0].account), (1, made[1].handoff_id, made[1].account_id));
        let beta = review::Query { search: Some("BET".to_owned()), ..some(9) };
        assert_eq!(review::list(&mut tx, owner, &beta).await.unwrap().0.len(), 1);
        let made_of = review::Query { state: Some(State::Made), ..some(9) };
        assert_eq!(review::list(&mut tx, owner, &made_of).await.unwrap().0.len(), 3);
        let unread = review::Query { state: Some(State::Review), ..some(9) };
        assert!(review::list(&mut tx, owner, &unread).await.unwrap().0.is_empty());
        assert!(review::list(&mut tx, stranger, &some(9)).await.unwrap().0.is_empty());

        let story = page::activity(&mut tx, owner, None, None, Some(made[0].id), 9).await.unwrap();
        assert_eq!(story.len(), 1);
        let newest = page::activity(&mut tx, owner, None, None, None, 1).await.unwrap();
        assert_eq!(newest[0].onboarding, Some(made[2].id));
        let older = page::activity(&mut tx, owner, Some(newest[0].id), None, None, 9).await.unwrap();
        assert_eq!(older.len(), 2);
        let account = Some(made[0].account_id);
        assert!(page::activity(&mut tx, stranger, None, account, None, 9).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_request_is_known_by_token_and_name_until_it_is_old() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let owner = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let mut tx = db.write().await.unwrap();
        let person = Person {
            id: PersonId::fresh(&ids),
            email: "ines@example.com".to_owned(),
            name: "Ines".to_owned(),
            password_hash: None,
            subject: None,
            created_at: now(),
        };
        person::insert(&mut tx, &person).await.unwrap();
        membership::insert(&mut tx, owner, person.id, Role::Csm, now()).await.unwrap();
        let token = ApiToken {
            id: TokenId::fresh(&ids),
            person: person.id,
            owner: person.name,
            name: "sync".to_owned(),
            scopes: "read".to_owned(),
            created_at: now(),
            expires_at: after(1_000_000),
            used_at: None,
        };
        api_token::insert(&mut tx, owner, &token, "digest").await.unwrap();
        let key = Key { token: token.id, name: "one" };
        let tx = &mut tx;
        assert!(idempotency::begin(tx, owner, key, "d1", now(), after(100)).await.unwrap());
        assert!(!idempotency::begin(tx, owner, key, "d2", now(), after(100)).await.unwrap());
        assert_eq!(idempotency::get(tx, owner, key).await.unwrap().unwrap().answer, None);
        assert_eq!(idempotency::get(tx, stranger, key).await.unwrap(), None);
        idempotency::forget(tx, stranger, key).await.unwrap();
        let answer = serde_json::json!({ "status": 201 });
        idempotency::finish(tx, owner, key, answer.clone()).await.unwrap();
        idempotency::tidy(tx, owner, key, after(50), after(99)).await.unwrap();
        let known = idempotency::get(tx, owner, key).await.unwrap().unwrap();
        assert_eq!((known.digest.as_str(), known.answer), ("d1", Some(answer)), "answered, so not abandoned");
        idempotency::tidy(tx, owner, key, now(), after(100)).await.unwrap();
        assert_eq!(idempotency::get(tx, owner, key).await.unwrap(), None, "too old");
        assert!(idempotency::begin(tx, owner, key, "d3", now(), after(100)).await.unwrap());
        idempotency::tidy(tx, owner, key, now(), now()).await.unwrap();
        assert_eq!(idempotency::get(tx, owner, key).await.unwrap(), None, "begun, never answered");
    })
    .await;
}

#[tokio::test]
async fn an_address_of_a_crm_ends_only_by_its_workspace() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let owner = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let mut tx = db.write().await.unwrap();
        let hook = CrmHook {
            workspace: owner,
            id: HookId::fresh(&ids),
            crm: "hubspot".to_owned(),
            secret: "s".to_owned(),
            created_at: now(),
            used_at: None,
        };
        crm_hook::insert(&mut tx, &hook).await.unwrap();
        assert!(crm_hook::of_workspace(&mut tx, stranger).await.unwrap().is_empty());
        assert!(!crm_hook::delete(&mut tx, stranger, hook.id).await.unwrap());
        crm_hook::used(&mut tx, stranger, hook.id, now()).await.unwrap();
        assert_eq!(crm_hook::by_id(&mut tx, hook.id).await.unwrap().map(|hook| hook.used_at), Some(None));
        assert!(crm_hook::delete(&mut tx, owner, hook.id).await.unwrap());
        assert!(crm_hook::by_id(&mut tx, hook.id).await.unwrap().is_none());
    })
    .await;
}
