//! Groups: customers as the product knows them, and the accounts they are.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{AccountId, UsageGroupId, WorkspaceId};
use serde_json::Value as Json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::usage::adoption;
use crate::value::args;

macro_rules! group {
    ($where:literal) => {
        concat!(
            "SELECT g.id, g.external_id, g.name, g.account_id, a.name AS account_name, g.matched_by, g.first_at, g.last_at,
                    (SELECT COUNT(*) FROM usage_user u
                     WHERE u.workspace_id = g.workspace_id AND u.group_id = g.id AND u.into_id IS NULL) AS users,
                    g.version
             FROM usage_group g
             LEFT JOIN account a ON a.workspace_id = g.workspace_id AND a.id = g.account_id
             WHERE g.workspace_id = $1 ",
            $where
        )
    };
}

sql! {
    "usage::group";
    PUT = "INSERT INTO usage_group (workspace_id, id, external_id, name, traits, first_at, last_at, version)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (workspace_id, external_id) DO UPDATE SET
             name = COALESCE(excluded.name, usage_group.name),
             first_at = CASE WHEN excluded.first_at < usage_group.first_at
                             THEN excluded.first_at ELSE usage_group.first_at END,
             last_at = CASE WHEN excluded.last_at > usage_group.last_at
                            THEN excluded.last_at ELSE usage_group.last_at END
           RETURNING id, external_id, account_id";
    TRAITS = "UPDATE usage_group SET traits = $3 WHERE workspace_id = $1 AND id = $2";
    GET = group!("AND g.id = $2");
    OF_ACCOUNT = group!("AND g.account_id = $2 ORDER BY g.id");
    PAGE = group!("AND (g.id > $2 OR $2 IS NULL) ORDER BY g.id LIMIT $3");
    PAGE_UNMATCHED = group!("AND g.account_id IS NULL AND g.external_id <> '' AND (g.id > $2 OR $2 IS NULL)
                             ORDER BY g.id LIMIT $3");
    ACCOUNT = "SELECT account_id FROM usage_group WHERE workspace_id = $1 AND id = $2";
    ASSIGN = "UPDATE usage_group SET account_id = $3, matched_by = $4, version = version + 1
              WHERE workspace_id = $1 AND id = $2";
    UNMATCHED = "SELECT id, external_id, name, traits FROM usage_group
                 WHERE workspace_id = $1 AND account_id IS NULL AND external_id <> '' AND matched_by IS NULL
                 ORDER BY id LIMIT $2";
    CLUES = "SELECT id, external_id, name, traits FROM usage_group
             WHERE workspace_id = $1 AND id = $2 AND account_id IS NULL AND external_id <> '' AND matched_by IS NULL";
    ADDRESSES = "SELECT DISTINCT email FROM usage_user
                 WHERE workspace_id = $1 AND group_id = $2 AND email IS NOT NULL ORDER BY email LIMIT 20";
    BY_DOMAIN = "SELECT id FROM account WHERE workspace_id = $1 AND domain = $2
                 UNION SELECT account_id FROM contact WHERE workspace_id = $1 AND domain = $2 LIMIT 2";
    TAKE_OVER = "UPDATE usage_group SET account_id = $3, version = version + 1
                 WHERE workspace_id = $1 AND account_id = $2";
    ANY = "SELECT EXISTS (SELECT 1 FROM usage_group WHERE workspace_id = $1),
                  EXISTS (SELECT 1 FROM usage_group
                          WHERE workspace_id = $1 AND account_id IS NULL AND external_id <> '')";
    ACCOUNTS = "SELECT DISTINCT account_id FROM usage_group WHERE workspace_id = $1 AND account_id IS NOT NULL";
    SIGNED_UP = "SELECT traits FROM usage_group WHERE workspace_id = $1 AND account_id = $2";
    SIGNED_UP_OF = "SELECT traits, account_id AS of_id FROM usage_group WHERE workspace_id = $1 AND account_id IN ($2)";
}

/// A customer as the product knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Id.
    pub id: UsageGroupId,
    /// Its id in the product; empty: of users nobody said a customer of.
    pub external_id: String,
    /// Its name, else its id in the product.
    pub name: String,
    /// The account it is.
    pub account: Option<AccountId>,
    /// What that is called.
    pub account_name: Option<String>,
    /// `external-id`, `domain`, `name`, `person`.
    pub matched_by: Option<String>,
    /// First seen.
    pub first_at: Timestamp,
    /// Last seen.
    pub last_at: Timestamp,
    /// Users ever seen.
    pub users: i64,
    /// Counts assignments, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    external_id: String,
    name: Option<String>,
    account_id: Option<Uuid>,
    account_name: Option<String>,
    matched_by: Option<String>,
    first_at: Timestamp,
    last_at: Timestamp,
    users: i64,
    version: i64,
}

impl From<Row> for Group {
    fn from(row: Row) -> Self {
        let Row {
            id,
            external_id,
            name,
            account_id,
            account_name,
            matched_by,
            first_at,
            last_at,
            users,
            version,
        } = row;
        Self {
            id: UsageGroupId::from(id),
            name: name.unwrap_or_else(|| external_id.clone()),
            external_id,
            account: account_id.map(AccountId::from),
            account_name,
            matched_by,
            first_at,
            last_at,
            users,
            version,
        }
    }
}

/// A group that was seen, to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// Its id, should it be new.
    pub id: UsageGroupId,
    /// Its id in the product.
    pub external_id: String,
    /// Its name, where it was told.
    pub name: Option<String>,
    /// First seen.
    pub first_at: Timestamp,
    /// Last seen.
    pub last_at: Timestamp,
}

/// A group that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Id.
    pub id: UsageGroupId,
    /// Its id in the product.
    pub external_id: String,
    /// The account it is.
    pub account: Option<AccountId>,
}

#[derive(FromRow)]
struct KnownRow {
    id: Uuid,
    external_id: String,
    account_id: Option<Uuid>,
}

/// What an account may be found by.
#[derive(Debug, Clone, PartialEq)]
pub struct Clues {
    /// Id.
    pub id: UsageGroupId,
    /// Its id in the product.
    pub external_id: String,
    /// Its name.
    pub name: Option<String>,
    /// What was told of it.
    pub traits: Json,
}

#[derive(FromRow)]
struct CluesRow {
    id: Uuid,
    external_id: String,
    name: Option<String>,
    #[sqlx(json)]
    traits: Json,
}

impl From<CluesRow> for Clues {
    fn from(row: CluesRow) -> Self {
        let CluesRow { id, external_id, name, traits } = row;
        Self { id: UsageGroupId::from(id), external_id, name, traits }
    }
}

/// Adds groups or widens the time they were seen in; no two of one id.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &mut Tx, workspace: WorkspaceId, seen: &[Sighting]) -> Result<Vec<Known>, StoreError> {
    let row = |one: &Sighting| {
        let Sighting { id, external_id, name, first_at, last_at } = one;
        let traits = Json::Object(serde_json::Map::new());
        args![workspace, *id, external_id, name, traits, *first_at, *last_at, 1_i64]
    };
    let rows: Vec<KnownRow> = tx.put_all(PUT, seen.iter().map(row).collect()).await?;
    let known = |KnownRow { id, external_id, account_id }| Known {
        id: UsageGroupId::from(id),
        external_id,
        account: account_id.map(AccountId::from),
    };
    Ok(rows.into_iter().map(known).collect())
}

/// Keeps what was told of a group.
///
/// # Errors
/// When the database fails.
pub async fn set_traits(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: UsageGroupId,
    traits: Json,
) -> Result<(), StoreError> {
    tx.run(TRAITS, args![workspace, id, traits]).await?;
    Ok(())
}

/// One group.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: UsageGroupId) -> Result<Option<Group>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id]).await
}

/// The groups an account is.
///
/// # Errors
/// When the database fails.
pub async fn of_account(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Vec<Group>, StoreError> {
    tx.list::<Row, _>(OF_ACCOUNT, args![workspace, account]).await
}

/// Groups by id that come after one; all, or those no account is known of.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    unmatched: bool,
    after: Option<UsageGroupId>,
    limit: u32,
) -> Result<Vec<Group>, StoreError> {
    let args = args![workspace, after.map(UsageGroupId::uuid), limit];
    if unmatched {
        tx.list::<Row, _>(PAGE_UNMATCHED, args).await
    } else {
        tx.list::<Row, _>(PAGE, args).await
    }
}

/// Says which account it is, and how that is known. One a person left without an account is `person`, too.
///
/// # Errors
/// When the database fails.
pub async fn assign(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: UsageGroupId,
    account: Option<AccountId>,
    by: &str,
) -> Result<bool, StoreError> {
    let before: Option<(Option<Uuid>,)> = tx.optional(ACCOUNT, args![workspace, id]).await?;
    let before = before.and_then(|(account,)| account).map(AccountId::from);
    let is_known = tx.run(ASSIGN, args![workspace, id, account, by]).await? == 1;
    for changed in [before, account.filter(|account| before != Some(*account))].into_iter().flatten() {
        adoption::begin(tx, workspace, changed).await?;
    }
    Ok(is_known)
}

/// Accounts the product knows.
///
/// # Errors
/// When the database fails.
pub async fn accounts(tx: &mut Tx, workspace: WorkspaceId) -> Result<BTreeSet<AccountId>, StoreError> {
    let rows: Vec<(Uuid,)> = tx.all(ACCOUNTS, args![workspace]).await?;
    Ok(rows.into_iter().map(|(id,)| AccountId::from(id)).collect())
}

/// Groups nobody knows an account of, and no person left without one.
///
/// # Errors
/// When the database fails.
pub async fn unmatched(tx: &mut Tx, workspace: WorkspaceId, limit: u32) -> Result<Vec<Clues>, StoreError> {
    tx.list::<CluesRow, _>(UNMATCHED, args![workspace, limit]).await
}

/// What the account of this group may be found by, while it is not known.
///
/// # Errors
/// When the database fails.
pub async fn clues(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: UsageGroupId,
) -> Result<Option<Clues>, StoreError> {
    tx.one::<CluesRow, _>(CLUES, args![workspace, id]).await
}

/// Mail addresses of its users, some of them.
///
/// # Errors
/// When the database fails.
pub async fn addresses(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: UsageGroupId,
) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> = tx.all(ADDRESSES, args![workspace, id]).await?;
    Ok(rows.into_iter().map(|(email,)| email).collect())
}

/// The one account with this domain, of its website or of somebody there; nothing where there are several.
///
/// # Errors
/// When the database fails.
pub async fn account_by_domain(
    tx: &mut Tx,
    workspace: WorkspaceId,
    domain: &str,
) -> Result<Option<AccountId>, StoreError> {
    let found: Vec<AccountId> = tx.ids(BY_DOMAIN, args![workspace, domain]).await?;
    Ok(if let [one] = found.as_slice() { Some(*one) } else { None })
}

/// Whether any group is known, and whether one of them has no account.
///
/// # Errors
/// When the database fails.
pub async fn any(tx: &mut Tx, workspace: WorkspaceId) -> Result<(bool, bool), StoreError> {
    Ok(tx.optional(ANY, args![workspace]).await?.unwrap_or((false, false)))
}

/// What was told of the groups of an account.
///
/// # Errors
/// When the database fails.
pub async fn traits(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Vec<Json>, StoreError> {
    let rows: Vec<(sqlx::types::Json<Json>,)> = tx.all(SIGNED_UP, args![workspace, account]).await?;
    Ok(rows.into_iter().map(|(traits,)| traits.0).collect())
}

/// What was told of the groups of many accounts; those without any are not there.
///
/// # Errors
/// When the database fails.
pub async fn traits_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Vec<Json>>, StoreError> {
    type Told = (sqlx::types::Json<Json>,);
    let found = tx.lists::<_, Told, Told>(SIGNED_UP_OF, args![workspace], accounts).await?;
    let told = |rows: Vec<Told>| rows.into_iter().map(|(traits,)| traits.0).collect();
    Ok(found.into_iter().map(|(account, rows)| (account, told(rows))).collect())
}

pub(crate) async fn take_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    from: AccountId,
    into: AccountId,
) -> Result<(), StoreError> {
    tx.run(TAKE_OVER, args![workspace, from, into]).await?;
    adoption::begin(tx, workspace, from).await?;
    adoption::begin(tx, workspace, into).await
}
