//! Roll-ups as pages show them: of an account, of all accounts by feature, of all together.

use gangway_domain::ids::{AccountId, UsageGroupId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "usage::view";
    EVENTS = "SELECT d.event, CAST(SUM(d.times) AS BIGINT), COUNT(DISTINCT d.day)
              FROM usage_group g JOIN usage_day d ON d.workspace_id = g.workspace_id AND d.group_id = g.id
              WHERE g.workspace_id = $1 AND g.account_id = $2 AND d.day >= $3 AND d.day <= $4 AND d.times > 0
              GROUP BY d.event";
    EVENT_DAYS = "SELECT DISTINCT d.event, d.day
                  FROM usage_group g JOIN usage_day d ON d.workspace_id = g.workspace_id AND d.group_id = g.id
                  WHERE g.workspace_id = $1 AND g.account_id = $2 AND d.day >= $3 AND d.day <= $4 AND d.event <> '*'
                    AND d.times > 0";
    USERS = "SELECT COUNT(*) FROM usage_group g
             JOIN usage_user u ON u.workspace_id = g.workspace_id AND u.group_id = g.id
             WHERE g.workspace_id = $1 AND g.account_id = $2 AND u.into_id IS NULL";
    NAMES = "SELECT event FROM usage_total WHERE workspace_id = $1 AND event <> '*' AND times > 0
             GROUP BY event ORDER BY COUNT(*) DESC, event LIMIT $2";
    // The accounts used last come first.
    ACCOUNTS = "SELECT g.account_id, a.name, MAX(t.last_at) AS last_at
                FROM usage_total t
                JOIN usage_group g ON g.workspace_id = t.workspace_id AND g.id = t.group_id
                JOIN account a ON a.workspace_id = g.workspace_id AND a.id = g.account_id
                WHERE t.workspace_id = $1 AND t.event = '*' AND t.times > 0
                GROUP BY g.account_id, a.name ORDER BY MAX(t.last_at) DESC, g.account_id LIMIT $2 OFFSET $3";
    ACCOUNTS_NAMED = "SELECT g.account_id, a.name, MAX(t.last_at) AS last_at
                      FROM account a
                      JOIN usage_group g ON g.workspace_id = a.workspace_id AND g.account_id = a.id
                      JOIN usage_total t ON t.workspace_id = g.workspace_id AND t.group_id = g.id
                      WHERE a.workspace_id = $1 AND t.event = '*' AND t.times > 0 AND a.name_key LIKE $4
                      GROUP BY g.account_id, a.name ORDER BY MAX(t.last_at) DESC, g.account_id LIMIT $2 OFFSET $3";
    COUNT = "SELECT COUNT(DISTINCT g.account_id) FROM usage_group g
             WHERE g.workspace_id = $1 AND g.account_id IS NOT NULL";
    GROUPS_USING = "SELECT t.event, t.group_id FROM usage_total t
                    WHERE t.workspace_id = $1 AND t.event = $2 AND t.last_at >= $3 AND t.times > 0";
    USING = "SELECT COUNT(*) FROM usage_total t WHERE t.workspace_id = $1 AND t.event = $2 AND t.last_at >= $3 AND t.times > 0";
    BY_DAY = "SELECT day, COUNT(*), CAST(SUM(users) AS BIGINT), CAST(SUM(times) AS BIGINT) FROM usage_day
              WHERE workspace_id = $1 AND event = '*' AND day >= $2 AND day <= $3 AND times > 0 GROUP BY day ORDER BY day";
    WEEK_ACCOUNTS = "SELECT COUNT(DISTINCT group_id) FROM usage_day
                     WHERE workspace_id = $1 AND event = '*' AND day >= $2 AND day <= $3 AND times > 0";
}

/// An account with the time of its last use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Which.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// When it was used last.
    pub last_at: Timestamp,
}

#[derive(FromRow)]
struct UsedRow {
    account_id: Uuid,
    name: String,
    last_at: Timestamp,
}

impl From<UsedRow> for Used {
    fn from(row: UsedRow) -> Self {
        let UsedRow { account_id, name, last_at } = row;
        Self { account: AccountId::from(account_id), name, last_at }
    }
}

/// How often an account did what between two days, and on how many of them.
///
/// # Errors
/// When the database fails.
pub async fn events(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    from: Date,
    to: Date,
) -> Result<Vec<(String, i64, i64)>, StoreError> {
    tx.all(EVENTS, args![workspace, account, from, to]).await
}

/// On which days an account did what.
///
/// # Errors
/// When the database fails.
pub async fn event_days(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    from: Date,
    to: Date,
) -> Result<Vec<(String, Date)>, StoreError> {
    let rows: Vec<(String, Day)> = tx.all(EVENT_DAYS, args![workspace, account, from, to]).await?;
    Ok(rows.into_iter().map(|(event, day)| (event, day.into())).collect())
}

/// How many users an account ever had.
///
/// # Errors
/// When the database fails.
pub async fn users(tx: &mut Tx, workspace: WorkspaceId, account: AccountId) -> Result<i64, StoreError> {
    tx.single_number(USERS, args![workspace, account]).await
}

/// Names of events, those most customers did first.
///
/// # Errors
/// When the database fails.
pub async fn names(tx: &mut Tx, workspace: WorkspaceId, limit: u32) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> = tx.all(NAMES, args![workspace, limit]).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Accounts with usage, used last first; all, or those whose name key holds this.
///
/// # Errors
/// When the database fails.
pub async fn accounts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    name: Option<&str>,
    offset: u32,
    limit: u32,
) -> Result<Vec<Used>, StoreError> {
    match name {
        None => tx.list::<UsedRow, _>(ACCOUNTS, args![workspace, limit, offset]).await,
        Some(name) => {
            // Wildcards of whoever searches stand for themselves in no name key.
            let like = format!("%{}%", name.replace(['%', '_'], " "));
            tx.list::<UsedRow, _>(ACCOUNTS_NAMED, args![workspace, limit, offset, like]).await
        }
    }
}

/// How many accounts have usage.
///
/// # Errors
/// When the database fails.
pub async fn count(tx: &mut Tx, workspace: WorkspaceId) -> Result<i64, StoreError> {
    tx.single_number(COUNT, args![workspace]).await
}

/// How many groups used an event since then.
///
/// # Errors
/// When the database fails.
pub async fn using(
    tx: &mut Tx,
    workspace: WorkspaceId,
    event: &str,
    since: Timestamp,
) -> Result<i64, StoreError> {
    tx.single_number(USING, args![workspace, event, since]).await
}

/// Which groups used an event since then.
///
/// # Errors
/// When the database fails.
pub async fn groups_using(
    tx: &mut Tx,
    workspace: WorkspaceId,
    event: &str,
    since: Timestamp,
) -> Result<Vec<UsageGroupId>, StoreError> {
    let rows: Vec<(String, Uuid)> = tx.all(GROUPS_USING, args![workspace, event, since]).await?;
    Ok(rows.into_iter().map(|(_, id)| UsageGroupId::from(id)).collect())
}

/// By day: groups that were active, their users, their events.
///
/// # Errors
/// When the database fails.
pub async fn by_day(
    tx: &mut Tx,
    workspace: WorkspaceId,
    from: Date,
    to: Date,
) -> Result<Vec<(Date, i64, i64, i64)>, StoreError> {
    let rows: Vec<(Day, i64, i64, i64)> = tx.all(BY_DAY, args![workspace, from, to]).await?;
    Ok(rows.into_iter().map(|(day, groups, users, events)| (day.into(), groups, users, events)).collect())
}

/// How many groups were active between two days.
///
/// # Errors
/// When the database fails.
pub async fn active_between(
    tx: &mut Tx,
    workspace: WorkspaceId,
    from: Date,
    to: Date,
) -> Result<i64, StoreError> {
    tx.single_number(WEEK_ACCOUNTS, args![workspace, from, to]).await
}
