//! Roll-ups as pages show them: of an account, and what its onboardings have to do with it.

use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
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
    // The groups of the account come first: SQLite, which knows nothing of how many rows there are, would begin with the days.
    EVENTS = "SELECT d.event, CAST(SUM(d.times) AS BIGINT), COUNT(DISTINCT d.day)
              FROM usage_group g CROSS JOIN usage_day d
              WHERE g.workspace_id = $1 AND g.account_id = $2 AND d.workspace_id = g.workspace_id
                AND d.group_id = g.id AND d.day >= $3 AND d.day <= $4 AND d.times > 0
              GROUP BY d.event";
    EVENT_DAYS = "SELECT DISTINCT d.event, d.day
                  FROM usage_group g CROSS JOIN usage_day d
                  WHERE g.workspace_id = $1 AND g.account_id = $2 AND d.workspace_id = g.workspace_id
                    AND d.group_id = g.id AND d.day >= $3 AND d.day <= $4 AND d.event <> '*'
                    AND d.times > 0";
    USERS = "SELECT COUNT(*) FROM usage_group g CROSS JOIN usage_user u
             WHERE g.workspace_id = $1 AND g.account_id = $2 AND u.workspace_id = g.workspace_id
               AND u.group_id = g.id AND u.into_id IS NULL";
    NAMES = "SELECT event FROM usage_total WHERE workspace_id = $1 AND event <> '*' AND times > 0
             GROUP BY event ORDER BY COUNT(*) DESC, event LIMIT $2";
    // The onboardings of the account come first: nothing else leads to few rows.
    REACHED = "SELECT o.id, m.code, m.reached_at FROM onboarding o CROSS JOIN usage_milestone m
               WHERE o.workspace_id = $1 AND o.account_id = $2
                 AND m.workspace_id = o.workspace_id AND m.onboarding_id = o.id
               ORDER BY m.reached_at, m.code";
    // In no order: asked for one, SQLite walks through everything in that order.
    STARTS = "SELECT id, kickoff_on, go_live_on FROM onboarding
              WHERE workspace_id = $1 AND account_id = $2 AND state_name <> 'closed'";
}

/// Between which days an onboarding of an account leads to its use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// Which.
    pub onboarding: OnboardingId,
    /// The kickoff.
    pub kickoff_on: Date,
    /// The go-live, as it is planned or was.
    pub go_live_on: Date,
}

#[derive(FromRow)]
struct StartRow {
    id: Uuid,
    kickoff_on: Day,
    go_live_on: Day,
}

impl From<StartRow> for Start {
    fn from(row: StartRow) -> Self {
        let StartRow { id, kickoff_on, go_live_on } = row;
        let (kickoff_on, go_live_on) = (kickoff_on.into(), go_live_on.into());
        Self { onboarding: OnboardingId::from(id), kickoff_on, go_live_on }
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

/// Kickoffs and go-lives of the onboardings of an account, those that were called off left out.
///
/// # Errors
/// When the database fails.
pub async fn starts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Vec<Start>, StoreError> {
    tx.list::<StartRow, _>(STARTS, args![workspace, account]).await
}

/// What the onboardings of an account have reached by what events show, oldest first: codes as
/// [`super::milestone::Reached`] has them.
///
/// # Errors
/// When the database fails.
pub async fn reached(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Vec<(OnboardingId, String, Timestamp)>, StoreError> {
    let rows: Vec<(Uuid, String, Timestamp)> = tx.all(REACHED, args![workspace, account]).await?;
    Ok(rows.into_iter().map(|(id, code, at)| (OnboardingId::from(id), code, at)).collect())
}
