//! Roll-ups: how far a log was counted, which messages were, and what they add up to.

use std::collections::{BTreeMap, HashMap, HashSet};

use gangway_domain::ids::{UsageGroupId, UsageUserId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{Value, args};

sql! {
    "usage::roll";
    CURSOR = "SELECT position FROM usage_cursor WHERE log = $1";
    /// Changes nothing, see `workspace::LOCK`.
    LOCK_CURSOR = "UPDATE usage_cursor SET at = at WHERE log = $1";
    MOVE_CURSOR = "INSERT INTO usage_cursor (log, position, at) VALUES ($1, $2, $3)
                   ON CONFLICT (log) DO UPDATE SET position = excluded.position, at = excluded.at";
    // What follows was worked out behind the piece before, or further.
    // One that is further stays, unless it is beyond what was counted: then the log was stepped back.
    FOLLOW = "UPDATE usage_cursor
              SET position = CASE WHEN position > $3
                                       AND position <= (SELECT c.position FROM usage_cursor c WHERE c.log = $5)
                                  THEN position ELSE $3 END,
                  at = $4
              WHERE log = $1 AND position >= $2";
    SEEN = "INSERT INTO usage_message (workspace_id, key, seen_at) VALUES ($1, $2, $3)
            ON CONFLICT (workspace_id, key) DO NOTHING RETURNING key";
    PRUNE = "DELETE FROM usage_message WHERE workspace_id = $1 AND seen_at < $2";
    USER_DAY = "INSERT INTO usage_user_day (workspace_id, group_id, day, event, user_id, times, first_at, last_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (workspace_id, group_id, day, event, user_id) DO UPDATE SET
                  times = usage_user_day.times + excluded.times,
                  first_at = CASE WHEN excluded.first_at < usage_user_day.first_at
                                  THEN excluded.first_at ELSE usage_user_day.first_at END,
                  last_at = CASE WHEN excluded.last_at > usage_user_day.last_at
                                 THEN excluded.last_at ELSE usage_user_day.last_at END
                RETURNING group_id, day, event, user_id, times";
    DAY = "INSERT INTO usage_day (workspace_id, group_id, day, event, times, users, first_at, last_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (workspace_id, group_id, day, event) DO UPDATE SET
             times = usage_day.times + excluded.times,
             users = usage_day.users + excluded.users,
             first_at = CASE WHEN excluded.first_at < usage_day.first_at
                             THEN excluded.first_at ELSE usage_day.first_at END,
             last_at = CASE WHEN excluded.last_at > usage_day.last_at
                            THEN excluded.last_at ELSE usage_day.last_at END";
    TOTAL = "INSERT INTO usage_total (workspace_id, group_id, event, times, first_at, last_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (workspace_id, group_id, event) DO UPDATE SET
               times = usage_total.times + excluded.times,
               first_at = CASE WHEN excluded.first_at < usage_total.first_at
                               THEN excluded.first_at ELSE usage_total.first_at END,
               last_at = CASE WHEN excluded.last_at > usage_total.last_at
                              THEN excluded.last_at ELSE usage_total.last_at END";
}

/// What a user did of an event on a day for a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// For which group.
    pub group: UsageGroupId,
    /// On which day (UTC).
    pub day: Day,
    /// Which event; `*` for any.
    pub event: String,
    /// Who.
    pub user: UsageUserId,
}

/// How often, and when first and last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How often; negative where something is taken away.
    pub times: i64,
    /// First.
    pub first_at: Timestamp,
    /// Last.
    pub last_at: Timestamp,
}

impl Count {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            times: self.times + other.times,
            first_at: self.first_at.min(other.first_at),
            last_at: self.last_at.max(other.last_at),
        }
    }
}

/// How far a log was counted; 0 when nothing of it was.
///
/// # Errors
/// When the database fails.
pub async fn cursor(tx: &mut Tx, log: &str) -> Result<i64, StoreError> {
    tx.single_number(CURSOR, args![log]).await
}

/// The same, and nobody else counts until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn locked_cursor(tx: &mut Tx, log: &str) -> Result<i64, StoreError> {
    tx.run(LOCK_CURSOR, args![log]).await?;
    cursor(tx, log).await
}

/// Says how far a log was counted.
///
/// # Errors
/// When the database fails.
pub async fn move_cursor(tx: &mut Tx, log: &str, position: i64, at: Timestamp) -> Result<(), StoreError> {
    tx.run(MOVE_CURSOR, args![log, position, at]).await?;
    Ok(())
}

/// What stands for a log where it is kept how far what follows from it was worked out.
fn followed_name(log: &str) -> String {
    format!("{log}/followed")
}

/// How far what follows from a log was worked out; none while nobody has kept it.
///
/// # Errors
/// When the database fails.
pub async fn followed(tx: &mut Tx, log: &str) -> Result<Option<i64>, StoreError> {
    let row: Option<(i64,)> = tx.optional(CURSOR, args![followed_name(log)]).await?;
    Ok(row.map(|(position,)| position))
}

/// Begins to keep how far what follows from a log was worked out.
///
/// # Errors
/// When the database fails.
pub async fn begin_followed(tx: &mut Tx, log: &str, position: i64, at: Timestamp) -> Result<(), StoreError> {
    move_cursor(tx, &followed_name(log), position, at).await
}

/// Says that what follows from a piece of a log was worked out, and whether that could be said: not while the pieces
/// before it are under way.
///
/// # Errors
/// When the database fails.
pub async fn follow(tx: &mut Tx, log: &str, piece: (i64, i64), at: Timestamp) -> Result<bool, StoreError> {
    let (from, to) = piece;
    Ok(tx.run(FOLLOW, args![followed_name(log), from, to, at, log]).await? > 0)
}

/// Remembers messages by their keys, no two alike, and returns those that were not known.
///
/// # Errors
/// When the database fails.
pub async fn fresh(
    tx: &mut Tx,
    workspace: WorkspaceId,
    keys: &[Uuid],
    at: Timestamp,
) -> Result<HashSet<Uuid>, StoreError> {
    let rows = keys.iter().map(|key| args![workspace, *key, at]).collect();
    let fresh: Vec<(Uuid,)> = tx.put_all(SEEN, rows).await?;
    Ok(fresh.into_iter().map(|(key,)| key).collect())
}

/// Forgets messages that came before.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, workspace: WorkspaceId, before: Timestamp) -> Result<u64, StoreError> {
    tx.run(PRUNE, args![workspace, before]).await
}

#[derive(FromRow)]
struct CellRow {
    group_id: Uuid,
    day: Day,
    event: String,
    user_id: Uuid,
    times: i64,
}

/// Adds what users did, in order of the cells, and returns the cells that are new: by them, days have more users.
///
/// # Errors
/// When the database fails.
pub async fn add_user_days(
    tx: &mut Tx,
    workspace: WorkspaceId,
    counts: &[(Cell, Count)],
) -> Result<HashSet<Cell>, StoreError> {
    let row = |(cell, count): &(Cell, Count)| {
        let Cell { group, day, event, user } = cell;
        let Count { times, first_at, last_at } = count;
        args![workspace, *group, Value::Day(Some(*day)), event, *user, *times, *first_at, *last_at]
    };
    let rows: Vec<CellRow> = tx.put_all(USER_DAY, counts.iter().map(row).collect()).await?;
    let added: HashMap<&Cell, i64> = counts.iter().map(|(cell, count)| (cell, count.times)).collect();
    let mut fresh = HashSet::new();
    for CellRow { group_id, day, event, user_id, times } in rows {
        let (group, user) = (UsageGroupId::from(group_id), UsageUserId::from(user_id));
        let cell = Cell { group, day, event, user };
        // What holds no more than was added was not there before.
        if added.get(&cell).is_some_and(|added| *added == times) {
            fresh.insert(cell);
        }
    }
    Ok(fresh)
}

/// Adds what groups did on days: how often, and how many users more.
///
/// # Errors
/// When the database fails.
pub async fn add_days(
    tx: &mut Tx,
    workspace: WorkspaceId,
    days: &BTreeMap<(UsageGroupId, Day, String), (Count, i64)>,
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(days.len());
    for ((group, day, event), (count, users)) in days {
        let Count { times, first_at, last_at } = *count;
        let day = Value::Day(Some(*day));
        rows.push(args![workspace, *group, day, event, times, *users, first_at, last_at]);
    }
    tx.upsert_all(DAY, rows).await
}

/// Adds what groups did ever.
///
/// # Errors
/// When the database fails.
pub async fn add_totals(
    tx: &mut Tx,
    workspace: WorkspaceId,
    totals: &BTreeMap<(UsageGroupId, &str), Count>,
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(totals.len());
    for ((group, event), count) in totals {
        let Count { times, first_at, last_at } = *count;
        rows.push(args![workspace, *group, *event, times, first_at, last_at]);
    }
    tx.upsert_all(TOTAL, rows).await
}
