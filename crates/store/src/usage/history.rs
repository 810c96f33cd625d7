//! What an account did, as facts need it: now, and as it was known on an earlier day.

use std::collections::{BTreeMap, BTreeSet};

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
            FROM usage_group g CROSS JOIN usage_day d
            WHERE g.workspace_id = $1 AND g.account_id = $2 AND d.workspace_id = g.workspace_id
              AND d.group_id = g.id AND d.event = '*' AND d.day >= $3 AND d.day <= $4
            GROUP BY d.day ORDER BY d.day";
    // Of many accounts the groups come first: nothing else leads to few rows.
    DAYS_OF = "SELECT d.day, CAST(SUM(d.times) AS BIGINT), CAST(SUM(d.users) AS BIGINT), g.account_id AS of_id
               FROM usage_group g CROSS JOIN usage_day d
               WHERE g.workspace_id = $1 AND d.workspace_id = g.workspace_id AND d.group_id = g.id
                 AND d.event = '*' AND d.day >= $2 AND d.day <= $3 AND g.account_id IN ($4)
               GROUP BY g.account_id, d.day ORDER BY d.day";
    TOTALS_OF = "SELECT t.event, CAST(SUM(t.times) AS BIGINT) AS times, MIN(t.first_at) AS first_at,
                        MAX(t.last_at) AS last_at, g.account_id AS of_id
                 FROM usage_group g CROSS JOIN usage_total t
                 WHERE g.workspace_id = $1 AND t.workspace_id = g.workspace_id AND t.group_id = g.id AND t.times > 0
                   AND g.account_id IN ($2)
                 GROUP BY g.account_id, t.event ORDER BY t.event";
    USERS_OF = "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN u.last_at >= $2 THEN 1 ELSE 0 END), 0) AS BIGINT),
                       CAST(COALESCE(SUM(CASE WHEN u.last_at >= $3 THEN 1 ELSE 0 END), 0) AS BIGINT),
                       g.account_id AS of_id
                FROM usage_group g CROSS JOIN usage_user u
                WHERE g.workspace_id = $1 AND u.workspace_id = g.workspace_id AND u.group_id = g.id
                  AND u.into_id IS NULL AND g.account_id IN ($4)
                GROUP BY g.account_id";
    WEEK_OF = "SELECT CAST(MAX(o.times) AS BIGINT), o.account_id AS of_id
               FROM (SELECT g.account_id, d.user_id, SUM(d.times) AS times
                     FROM usage_group g CROSS JOIN usage_user_day d
                     WHERE g.workspace_id = $1 AND d.workspace_id = g.workspace_id AND d.group_id = g.id
                       AND d.event = $2 AND d.day >= $3 AND d.day <= $4 AND g.account_id IN ($5)
                     GROUP BY g.account_id, d.user_id) o
               GROUP BY o.account_id";
    TOTALS = "SELECT t.event, CAST(SUM(t.times) AS BIGINT) AS times, MIN(t.first_at) AS first_at, MAX(t.last_at) AS last_at
              FROM usage_group g CROSS JOIN usage_total t
              WHERE g.workspace_id = $1 AND g.account_id = $2 AND t.workspace_id = g.workspace_id
                AND t.group_id = g.id AND t.times > 0
              GROUP BY t.event ORDER BY t.event";
    TOTALS_UNTIL = "SELECT d.event, CAST(SUM(d.times) AS BIGINT) AS times, MIN(d.first_at) AS first_at,
                           MAX(d.last_at) AS last_at
                    FROM usage_group g CROSS JOIN usage_day d
                    WHERE g.workspace_id = $1 AND g.account_id = $2 AND d.workspace_id = g.workspace_id
                      AND d.group_id = g.id AND d.day <= $3 AND d.times > 0
                    GROUP BY d.event ORDER BY d.event";
    USERS = "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN u.last_at >= $3 THEN 1 ELSE 0 END), 0) AS BIGINT),
                    CAST(COALESCE(SUM(CASE WHEN u.last_at >= $4 THEN 1 ELSE 0 END), 0) AS BIGINT)
             FROM usage_group g CROSS JOIN usage_user u
             WHERE g.workspace_id = $1 AND g.account_id = $2 AND u.workspace_id = g.workspace_id
               AND u.group_id = g.id AND u.into_id IS NULL";
    USERS_BETWEEN = "SELECT COUNT(DISTINCT d.user_id)
                     FROM usage_group g CROSS JOIN usage_user_day d
                     WHERE g.workspace_id = $1 AND g.account_id = $2 AND d.workspace_id = g.workspace_id
                       AND d.group_id = g.id AND d.event = '*' AND d.day >= $3 AND d.day <= $4";
    WEEK = "SELECT o.event, CAST(MAX(o.times) AS BIGINT)
            FROM (SELECT d.event, d.user_id, SUM(d.times) AS times
                  FROM usage_group g CROSS JOIN usage_user_day d
                  WHERE g.workspace_id = $1 AND g.account_id = $2 AND d.workspace_id = g.workspace_id
                    AND d.group_id = g.id AND d.event <> '*' AND d.day >= $3 AND d.day <= $4
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
    let users: Option<(i64, i64, i64)> =
        tx.optional(USERS, args![workspace, account, since(today, 28), since(today, 7)]).await?;
    (history.seen, history.active_28, history.active_7) = users.unwrap_or_default();
    add_days(tx, workspace, account, today, &mut history).await?;
    Ok(history)
}

/// What many accounts did until now, with a constant number of statements; those that did nothing are not there. How often
/// one person met an event within a week is looked up only for `met`: names of events, however they are spelt.
///
/// # Errors
/// When the database fails.
pub async fn of_accounts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
    met: &[String],
    now: jiff::Timestamp,
) -> Result<BTreeMap<AccountId, History>, StoreError> {
    let today = gangway_domain::usage::day_of(now);
    let totals = tx.lists::<_, TotalRow, TotalRow>(TOTALS_OF, args![workspace], accounts).await?;
    let met: BTreeSet<String> = met.iter().map(|event| event.to_lowercase()).collect();
    let mut who_met: BTreeMap<String, Vec<AccountId>> = BTreeMap::new();
    let mut histories: BTreeMap<AccountId, History> = BTreeMap::new();
    for (account, totals) in totals {
        for total in totals.iter().filter(|total| met.contains(&total.event.to_lowercase())) {
            who_met.entry(total.event.clone()).or_default().push(account);
        }
        add_totals(histories.entry(account).or_default(), totals)?;
    }
    let active: Vec<AccountId> = histories.keys().copied().collect();
    let since = args![workspace, since(today, 28), since(today, 7)];
    let users = tx.each::<_, (i64, i64, i64), (i64, i64, i64)>(USERS_OF, since, &active).await?;
    let from = before(today, gangway_domain::usage::DAYS - 1);
    let mut days = tx
        .lists::<_, (Day, i64, i64), (Day, i64, i64)>(DAYS_OF, args![workspace, from, today], &active)
        .await?;
    for (account, history) in &mut histories {
        (history.seen, history.active_28, history.active_7) = users.get(account).copied().unwrap_or_default();
        for (day, events, users) in days.remove(account).unwrap_or_default() {
            history.add_day(day.into(), events, users);
        }
    }
    for (event, accounts) in who_met {
        let of_week = args![workspace, &event, before(today, 6), today];
        for (account, (times,)) in tx.each::<_, (i64,), (i64,)>(WEEK_OF, of_week, &accounts).await? {
            if let Some(history) = histories.get_mut(&account) {
                history.add_week(&event, times);
            }
        }
    }
    Ok(histories)
}

/// When so many days began of which this is the last (UTC).
fn since(today: Date, days: i32) -> Timestamp {
    let day = before(today, days - 1).to_zoned(jiff::tz::TimeZone::UTC);
    day.map_or(jiff::Timestamp::MIN, |day| day.timestamp()).into()
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
