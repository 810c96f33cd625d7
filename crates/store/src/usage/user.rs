//! Users: people as the product knows them, in the group they use it for.

use gangway_domain::ids::{AccountId, ContactId, UsageGroupId, UsageUserId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "usage::user";
    PUT = "INSERT INTO usage_user (workspace_id, id, external_id, group_id, email, name, first_at, last_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (workspace_id, external_id) DO UPDATE SET
             email = COALESCE(excluded.email, usage_user.email),
             name = COALESCE(excluded.name, usage_user.name),
             first_at = CASE WHEN excluded.first_at < usage_user.first_at
                             THEN excluded.first_at ELSE usage_user.first_at END,
             last_at = CASE WHEN excluded.last_at > usage_user.last_at
                            THEN excluded.last_at ELSE usage_user.last_at END
           RETURNING id, external_id, group_id, into_id,
                     (SELECT g.account_id FROM usage_group g
                      WHERE g.workspace_id = usage_user.workspace_id AND g.id = usage_user.group_id) AS account_id";
    GET = "SELECT u.id, u.external_id, u.group_id, u.into_id, g.account_id
           FROM usage_user u LEFT JOIN usage_group g ON g.workspace_id = u.workspace_id AND g.id = u.group_id
           WHERE u.workspace_id = $1 AND u.id = $2";
    MOVE = "UPDATE usage_user SET group_id = $3 WHERE workspace_id = $1 AND id = $2";
    MERGE = "UPDATE usage_user SET into_id = $3
             WHERE workspace_id = $1
               AND id IN (SELECT u.id FROM usage_user u WHERE u.workspace_id = $1 AND u.id = $2
                          UNION ALL SELECT o.id FROM usage_user o WHERE o.workspace_id = $1 AND o.into_id = $2)";
    WIDEN = "UPDATE usage_user SET
               first_at = CASE WHEN first_at < $3 THEN first_at ELSE $3 END,
               last_at = CASE WHEN last_at > $4 THEN last_at ELSE $4 END
             WHERE workspace_id = $1 AND id = $2";
    LINK = "UPDATE usage_user SET contact_id =
              (SELECT k.id FROM (SELECT c.id FROM contact c
                                 WHERE c.workspace_id = usage_user.workspace_id AND c.account_id = $3
                                   AND c.email_key = usage_user.email LIMIT 100) k
               ORDER BY k.id LIMIT 1)
            WHERE workspace_id = $1 AND group_id = $2 AND contact_id IS NULL AND email IS NOT NULL";
    // The index of users first, then each row by its key: SQLite would walk through all rows of the workspace.
    ROWS = "SELECT d.group_id, d.day, d.event, d.times, d.first_at, d.last_at
            FROM (SELECT group_id, day, event FROM usage_user_day WHERE workspace_id = $1 AND user_id = $2) k
            CROSS JOIN usage_user_day d
            WHERE d.workspace_id = $1 AND d.group_id = k.group_id AND d.day = k.day AND d.event = k.event
              AND d.user_id = $2";
    FORGET_ROWS = "DELETE FROM usage_user_day WHERE workspace_id = $1 AND user_id = $2";
    FORGET_ROWS_OF = "DELETE FROM usage_user_day WHERE workspace_id = $1 AND user_id = $2 AND group_id = $3";
    OF_ACCOUNT = "SELECT u.id, u.external_id, u.name, u.email, u.contact_id, u.first_at, u.last_at,
                         (SELECT COUNT(DISTINCT d.day) FROM usage_user_day d
                          WHERE d.workspace_id = u.workspace_id AND d.group_id = u.group_id AND d.user_id = u.id
                            AND d.event = '*' AND d.day >= $3) AS active_days
                  FROM usage_group g CROSS JOIN usage_user u
                  WHERE g.workspace_id = $1 AND g.account_id = $2 AND u.workspace_id = g.workspace_id
                    AND u.group_id = g.id AND u.into_id IS NULL
                  ORDER BY u.last_at DESC, u.id LIMIT $4";
}

/// A user that was seen, to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Their id, should they be new.
    pub id: UsageUserId,
    /// Their id in the product.
    pub external_id: String,
    /// The group they are put into, should they be new.
    pub group: UsageGroupId,
    /// Mail address in small letters, where it was told.
    pub email: Option<String>,
    /// Name, where it was told.
    pub name: Option<String>,
    /// First seen.
    pub first_at: Timestamp,
    /// Last seen.
    pub last_at: Timestamp,
}

/// A user that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Id.
    pub id: UsageUserId,
    /// Their id in the product.
    pub external_id: String,
    /// The group they use the product for.
    pub group: UsageGroupId,
    /// Who they turned out to be.
    pub into: Option<UsageUserId>,
    /// The account that group is.
    pub account: Option<AccountId>,
}

#[derive(FromRow)]
struct KnownRow {
    id: Uuid,
    external_id: String,
    group_id: Uuid,
    into_id: Option<Uuid>,
    account_id: Option<Uuid>,
}

impl From<KnownRow> for Known {
    fn from(row: KnownRow) -> Self {
        let KnownRow { id, external_id, group_id, into_id, account_id } = row;
        let (id, group) = (UsageUserId::from(id), UsageGroupId::from(group_id));
        let (into, account) = (into_id.map(UsageUserId::from), account_id.map(AccountId::from));
        Self { id, external_id, group, into, account }
    }
}

/// What a user did of an event on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deeds {
    /// For which group.
    pub group: UsageGroupId,
    /// On which day (UTC).
    pub day: Day,
    /// Which event.
    pub event: String,
    /// How often.
    pub times: i64,
    /// First.
    pub first_at: Timestamp,
    /// Last.
    pub last_at: Timestamp,
}

#[derive(FromRow)]
struct DeedsRow {
    group_id: Uuid,
    day: Day,
    event: String,
    times: i64,
    first_at: Timestamp,
    last_at: Timestamp,
}

impl From<DeedsRow> for Deeds {
    fn from(row: DeedsRow) -> Self {
        let DeedsRow { group_id, day, event, times, first_at, last_at } = row;
        Self { group: UsageGroupId::from(group_id), day, event, times, first_at, last_at }
    }
}

/// A user of an account, as people see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Id.
    pub id: UsageUserId,
    /// Their id in the product.
    pub external_id: String,
    /// Name.
    pub name: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// The contact they are.
    pub contact: Option<ContactId>,
    /// First seen.
    pub first_at: Timestamp,
    /// Last seen.
    pub last_at: Timestamp,
    /// Days with use since the day asked for.
    pub active_days: i64,
}

#[derive(FromRow)]
struct UserRow {
    id: Uuid,
    external_id: String,
    name: Option<String>,
    email: Option<String>,
    contact_id: Option<Uuid>,
    first_at: Timestamp,
    last_at: Timestamp,
    active_days: i64,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        let UserRow { id, external_id, name, email, contact_id, first_at, last_at, active_days } = row;
        let (id, contact) = (UsageUserId::from(id), contact_id.map(ContactId::from));
        Self { id, external_id, name, email, contact, first_at, last_at, active_days }
    }
}

/// Adds users or widens the time they were seen in; no two of one id.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &mut Tx, workspace: WorkspaceId, seen: &[Sighting]) -> Result<Vec<Known>, StoreError> {
    let row = |one: &Sighting| {
        let Sighting { id, external_id, group, email, name, first_at, last_at } = one;
        args![workspace, *id, external_id, *group, email, name, *first_at, *last_at]
    };
    let rows: Vec<KnownRow> = tx.put_all(PUT, seen.iter().map(row).collect()).await?;
    Ok(rows.into_iter().map(Known::from).collect())
}

/// One user.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: UsageUserId) -> Result<Option<Known>, StoreError> {
    tx.one::<KnownRow, _>(GET, args![workspace, id]).await
}

/// Says which group they use the product for from now on.
///
/// # Errors
/// When the database fails.
pub async fn set_group(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: UsageUserId,
    group: UsageGroupId,
) -> Result<(), StoreError> {
    tx.run(MOVE, args![workspace, id, group]).await?;
    Ok(())
}

/// Says who they turned out to be, they and all who were found to be them.
///
/// # Errors
/// When the database fails.
pub async fn merge(
    tx: &mut Tx,
    workspace: WorkspaceId,
    gone: UsageUserId,
    into: UsageUserId,
) -> Result<(), StoreError> {
    tx.run(MERGE, args![workspace, gone, into]).await?;
    Ok(())
}

/// Widens the time they were seen in.
///
/// # Errors
/// When the database fails.
pub async fn widen(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: UsageUserId,
    first_at: Timestamp,
    last_at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(WIDEN, args![workspace, id, first_at, last_at]).await?;
    Ok(())
}

/// Finds the contacts that users of a group are, by mail address.
///
/// # Errors
/// When the database fails.
pub async fn link(
    tx: &mut Tx,
    workspace: WorkspaceId,
    group: UsageGroupId,
    account: AccountId,
) -> Result<(), StoreError> {
    tx.run(LINK, args![workspace, group, account]).await?;
    Ok(())
}

/// Takes everything a user did out of the roll-ups by user, in one group or in all, and returns it.
///
/// # Errors
/// When the database fails.
pub async fn take_rows(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: UsageUserId,
    group: Option<UsageGroupId>,
) -> Result<Vec<Deeds>, StoreError> {
    let mut rows: Vec<Deeds> = tx.list::<DeedsRow, _>(ROWS, args![workspace, id]).await?;
    if let Some(group) = group {
        rows.retain(|row| row.group == group);
        tx.run(FORGET_ROWS_OF, args![workspace, id, group]).await?;
    } else {
        tx.run(FORGET_ROWS, args![workspace, id]).await?;
    }
    Ok(rows)
}

/// Users of an account, last seen first, with the days they were active on since a day.
///
/// # Errors
/// When the database fails.
pub async fn of_account(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    since: jiff::civil::Date,
    limit: u32,
) -> Result<Vec<User>, StoreError> {
    tx.list::<UserRow, _>(OF_ACCOUNT, args![workspace, account, since, limit]).await
}
