//! What an account did, as facts need it: now, and as it was known on an earlier day.

use gangway_domain::ids::{AccountId, WorkspaceId};
use gangway_domain::usage::{History, Total, before};
use jiff::civil::Date;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "usage::history";
    DAYS = "SELECT d.day, CAST(SUM(d.times) AS BIGINT), CAST(SUM(d.users) AS BIGINT)
            FROM usage_group g JOIN usage_day d ON d.workspace_id = g.workspace_id AND d.group_id = g.id
            WHERE g.workspace_id = $1 AND g.account_id = $2 AND d.event = '*' AND d.day >= $3 AND d.day <= $4
            GROUP BY d.day ORDER BY d.day";
    TOTALS = "SELECT t.event, CAST(SUM(t.times) AS BIGINT) AS times, MIN(t.first_at) AS first_at, MAX(t.last_at) AS last_at
              FROM usage_group g JOIN usage_total t ON t.workspace_id = g.workspace_id AND t.group_id = g.id
              WHERE g.workspace_id = $1 AND g.account_id = $2 AND t.times > 0
              GROUP BY t.event ORDER BY t.event";
    TOTALS_UNTIL = "SELECT d.event, CAST(SUM(d.times) AS BIGINT) AS times, MIN(d.first_at) AS first_at,
                           MAX(d.last_at) AS last_at
                    FROM usage_group g JOIN usage_day d ON d.workspace_id = g.workspace_id AND d.group_id = g.id
                    WHERE g.workspace_id = $1 AND g.account_id = $2 AND d.day <= $3 AND d.times > 0
                    GROUP BY d.event ORDER BY d.event";
    USERS = "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN u.last_at >= $3 THEN 1 ELSE 0 END), 0) AS BIGINT),
                    CAST(COALESCE(SUM(CASE WHEN u.last_at >= $4 THEN 1 ELSE 0 END), 0) AS BIGINT)
             FROM usage_group g JOIN usage_user u ON u.workspace_id = g.workspace_id AND u.group_id = g.id
             WHERE g.workspace_id = $1 AND g.account_id = $2 AND u.into_id IS NULL";
    USERS_BETWEEN = "SELECT COUNT(DISTINCT d.user_id)
                     FROM usage_group g
                     JOIN usage_user_day d ON d.workspace_id = g.workspace_id AND d.group_id = g.id
                     WHERE g.workspace_id = $1 AND g.account_id = $2 AND d.event = '*' AND d.day >= $3 AND d.day <= $4";
    WEEK = "SELECT o.event, CAST(MAX(o.times) AS BIGINT)
            FROM (SELECT d.event, d.user_id, SUM(d.times) AS times
                  FROM usage_group g
                  JOIN usage_user_day d ON d.workspace_id = g.workspace_id AND d.group_id = g.id
                  WHERE g.workspace_id = $1 AND g.account_id = $2 AND d.event <> '*' AND d.day >= $3 AND d.day <= $4
                  GROUP BY d.event, d.user_id) o
            GROUP BY o.event";
}

#[derive(FromRow)]
struct TotalRow {
    event: String,
    times: i64,
    first_at: Timestamp,
    last_at: Timestamp,
}

/// What an account did until now.
///
/// # Errors
/// When the database fails.
pub async fn of_account(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    now: jiff::Timestamp,
) -> Result<History, StoreError> {
    let today = gangway_domain::usage::day_of(now);
    let totals: Vec<TotalRow> = tx.all(TOTALS, args![workspace, account]).await?;
    let mut history = History::default();
    add_totals(&mut history, totals)?;
    if history.is_empty() {
        return Ok(history);
    }
    let since = |days: i32| -> Timestamp {
        let day = before(today, days - 1).to_zoned(jiff::tz::TimeZone::UTC);
        day.map_or(jiff::Timestamp::MIN, |day| day.timestamp()).into()
    };
    let users: Option<(i64, i64, i64)> =
        tx.optional(USERS, args![workspace, account, since(28), since(7)]).await?;
    (history.seen, history.active_28, history.active_7) = users.unwrap_or_default();
    add_days(tx, workspace, account, today, &mut history).await?;
    Ok(history)
}

/// What an account had done by the end of a day (UTC), as it is known now.
///
/// # Errors
/// When the database fails.
pub async fn until(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    day: Date,
) -> Result<History, StoreError> {
    let totals: Vec<TotalRow> = tx.all(TOTALS_UNTIL, args![workspace, account, day]).await?;
    let mut history = History::default();
    add_totals(&mut history, totals)?;
    if history.is_empty() {
        return Ok(history);
    }
    let range = |days: i32| args![workspace, account, before(day, days - 1), day];
    history.active_28 = tx.single_number(USERS_BETWEEN, range(28)).await?;
    history.active_7 = tx.single_number(USERS_BETWEEN, range(7)).await?;
    history.seen = tx
        .single_number(USERS_BETWEEN, args![workspace, account, jiff::civil::date(2000, 1, 1), day])
        .await?;
    add_days(tx, workspace, account, day, &mut history).await?;
    Ok(history)
}

fn add_totals(history: &mut History, rows: Vec<TotalRow>) -> Result<(), StoreError> {
    for TotalRow { event, times, first_at, last_at } in rows {
        let instant = |at: Timestamp| {
            jiff::Timestamp::try_from(at).map_err(|error| StoreError::corrupt("usage total", error))
        };
        history.add_total(&event, Total { times, first_at: instant(first_at)?, last_at: instant(last_at)? });
    }
    Ok(())
}

async fn add_days(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    today: Date,
    history: &mut History,
) -> Result<(), StoreError> {
    let from = before(today, gangway_domain::usage::DAYS - 1);
    let days: Vec<(Day, i64, i64)> = tx.all(DAYS, args![workspace, account, from, today]).await?;
    for (day, events, users) in days {
        history.add_day(day.into(), events, users);
    }
    let week: Vec<(String, i64)> = tx.all(WEEK, args![workspace, account, before(today, 6), today]).await?;
    for (event, times) in week {
        history.add_week(&event, times);
    }
    Ok(())
}

/// The days on which an account did anything, with events and users, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn days(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    from: Date,
    to: Date,
) -> Result<Vec<(Date, i64, i64)>, StoreError> {
    let days: Vec<(Day, i64, i64)> = tx.all(DAYS, args![workspace, account, from, to]).await?;
    Ok(days.into_iter().map(|(day, events, users)| (day.into(), events, users)).collect())
}
