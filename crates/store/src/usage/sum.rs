//! What all customers together did: sums by day and by week that are kept up to date where events are counted.

use std::collections::BTreeMap;

use gangway_domain::ids::{UsageGroupId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{Value, args};

sql! {
    "usage::sum";
    ALL_DAY = "INSERT INTO usage_all_day (workspace_id, day, users, times) VALUES ($1, $2, $3, $4)
               ON CONFLICT (workspace_id, day) DO UPDATE SET
                 users = usage_all_day.users + excluded.users, times = usage_all_day.times + excluded.times";
    GROUP_WEEK = "INSERT INTO usage_group_week (workspace_id, group_id, monday, times) VALUES ($1, $2, $3, $4)
                  ON CONFLICT (workspace_id, group_id, monday)
                  DO UPDATE SET times = usage_group_week.times + excluded.times
                  RETURNING group_id, monday, times";
    WEEK = "INSERT INTO usage_week (workspace_id, monday, customers) VALUES ($1, $2, $3)
            ON CONFLICT (workspace_id, monday)
            DO UPDATE SET customers = usage_week.customers + excluded.customers";
    DAYS = "SELECT day, users, times FROM usage_all_day
            WHERE workspace_id = $1 AND day >= $2 AND day <= $3 AND times > 0 ORDER BY day";
    WEEKS = "SELECT monday, customers FROM usage_week
             WHERE workspace_id = $1 AND monday >= $2 AND monday <= $3 ORDER BY monday";
}

/// What all customers together did on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AllDay {
    /// Which (UTC).
    pub day: Date,
    /// Users, each once for each customer they use the product for.
    pub users: i64,
    /// Events.
    pub times: i64,
}

#[derive(FromRow)]
struct AllDayRow {
    day: Day,
    users: i64,
    times: i64,
}

impl From<AllDayRow> for AllDay {
    fn from(row: AllDayRow) -> Self {
        let AllDayRow { day, users, times } = row;
        Self { day: day.into(), users, times }
    }
}

#[derive(FromRow)]
struct GroupWeekRow {
    group_id: Uuid,
    monday: Day,
    times: i64,
}

/// Adds what all customers did on days: users more, and events.
///
/// # Errors
/// When the database fails.
pub async fn add_days(
    tx: &mut Tx,
    workspace: WorkspaceId,
    days: &BTreeMap<Day, (i64, i64)>,
) -> Result<(), StoreError> {
    let row =
        |(day, (users, times)): (&Day, &(i64, i64))| args![workspace, Value::Day(Some(*day)), *users, *times];
    tx.upsert_all(ALL_DAY, days.iter().map(row).collect()).await
}

/// Adds how often customers did something in weeks, by their Mondays; less where something is taken away. A customer
/// counts in a week as long as anything of it is left there.
///
/// # Errors
/// When the database fails.
pub async fn add_weeks(
    tx: &mut Tx,
    workspace: WorkspaceId,
    weeks: &BTreeMap<(UsageGroupId, Day), i64>,
) -> Result<(), StoreError> {
    let row = |((group, monday), times): (&(UsageGroupId, Day), &i64)| {
        args![workspace, *group, Value::Day(Some(*monday)), *times]
    };
    let rows: Vec<GroupWeekRow> = tx.put_all(GROUP_WEEK, weeks.iter().map(row).collect()).await?;
    let mut changed: BTreeMap<Day, i64> = BTreeMap::new();
    for GroupWeekRow { group_id, monday, times } in rows {
        let added = weeks.get(&(UsageGroupId::from(group_id), monday)).copied().unwrap_or(0);
        *changed.entry(monday).or_default() += i64::from(times > 0) - i64::from(times - added > 0);
    }
    let row = |(monday, more): (Day, i64)| args![workspace, Value::Day(Some(monday)), more];
    let rows = changed.into_iter().filter(|(_, more)| *more != 0).map(row).collect();
    tx.upsert_all(WEEK, rows).await
}

/// The days on which anybody did anything, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn days(
    tx: &mut Tx,
    workspace: WorkspaceId,
    from: Date,
    to: Date,
) -> Result<Vec<AllDay>, StoreError> {
    tx.list::<AllDayRow, _>(DAYS, args![workspace, from, to]).await
}

/// How many customers were active in each week, by its Monday.
///
/// # Errors
/// When the database fails.
pub async fn weeks(
    tx: &mut Tx,
    workspace: WorkspaceId,
    from: Date,
    to: Date,
) -> Result<BTreeMap<Date, i64>, StoreError> {
    let rows: Vec<(Day, i64)> = tx.all(WEEKS, args![workspace, from, to]).await?;
    Ok(rows.into_iter().map(|(monday, customers)| (monday.into(), customers)).collect())
}
