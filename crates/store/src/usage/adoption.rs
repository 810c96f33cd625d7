//! How accounts adopt the product, a row for each: what lists of all accounts are sorted and counted by.

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, WorkspaceId};
use gangway_domain::usage::before;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::cursor::{self, walked};
use crate::db::Tx;
use crate::error::StoreError;
use crate::onboarding::list::{Direction, InvalidCursor, ListError, pattern};
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{Value, args};

/// Days a cell of the heat map looks back, today included.
pub const DAYS: i32 = 28;

/// A page in one order. The arguments are the same for all: workspace, pattern, limit, key and id of the row the page
/// starts after, rows to leave out; in order of a feature also its bit. CROSS JOIN keeps SQLite, which knows nothing of how
/// many rows there are, at walking through the index of the order.
macro_rules! page {
    ($from:literal, $key:literal, $direction:literal, $after:literal) => {
        concat!(
            "SELECT u.account_id, a.name, a.name_key, u.last_at, u.share, u.used FROM ",
            $from,
            " WHERE u.workspace_id = $1 AND a.workspace_id = $1 AND a.id = u.account_id
                AND (a.name_key LIKE $2 ESCAPE '\\' OR $2 IS NULL)
                AND ",
            walked!($key, "u.account_id", $direction, $after, "$4", "$5", "$3"),
            " OFFSET $6"
        )
    };
}

sql! {
    "usage::adoption";
    // No more than the moment changes where the account is known: every other column has an index to keep.
    ADD = "INSERT INTO usage_adoption (workspace_id, account_id, last_at, used, share, features, until_on)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (workspace_id, account_id) DO UPDATE SET
             last_at = CASE WHEN excluded.last_at > usage_adoption.last_at
                            THEN excluded.last_at ELSE usage_adoption.last_at END
           RETURNING account_id, used, features, until_on";
    FORGET = "DELETE FROM usage_adoption WHERE workspace_id = $1 AND account_id = $2";
    BEGIN = "INSERT INTO usage_adoption (workspace_id, account_id, last_at, used, share, features, until_on)
             SELECT g.workspace_id, g.account_id, MAX(g.last_at), 0, 0, -1, '0001-01-01'
             FROM usage_group g WHERE g.workspace_id = $1 AND g.account_id = $2
             GROUP BY g.workspace_id, g.account_id";
    STALE = "SELECT EXISTS (SELECT 1 FROM usage_adoption WHERE workspace_id = $1 AND until_on < $2),
                    EXISTS (SELECT 1 FROM usage_adoption WHERE workspace_id = $1 AND features < $3),
                    EXISTS (SELECT 1 FROM usage_adoption WHERE workspace_id = $1 AND features > $3)";
    /// Changes nothing, see `workspace::LOCK`.
    LOCK_DUE = "UPDATE usage_adoption SET until_on = until_on
                WHERE workspace_id = $1 AND (until_on < $2 OR features <> $3)";
    DUE = "SELECT account_id FROM usage_adoption
           WHERE workspace_id = $1 AND (until_on < $2 OR features <> $3) ORDER BY account_id";
    LAST_USES = "SELECT t.event, MAX(t.last_at) AS last_at, g.account_id AS of_id
                 FROM usage_group g CROSS JOIN usage_total t
                 WHERE g.workspace_id = $1 AND t.workspace_id = g.workspace_id AND t.group_id = g.id
                   AND t.event <> '*' AND t.times > 0 AND t.last_at >= $2 AND g.account_id IN ($3)
                 GROUP BY g.account_id, t.event";
    KEEP = "WITH known (workspace_id, account_id, used, share, until_on) AS (
              SELECT workspace_id, account_id, used, share, until_on FROM usage_adoption WHERE 1 = 0
              UNION ALL SELECT $1, $3, $4, $5, $6)
            UPDATE usage_adoption
            SET used = known.used, share = known.share, until_on = known.until_on, features = $2
            FROM known
            WHERE usage_adoption.workspace_id = known.workspace_id AND usage_adoption.account_id = known.account_id";
    USED = "SELECT used, COUNT(*) FROM usage_adoption WHERE workspace_id = $1 GROUP BY used";
    BY_LAST = page!("usage_adoption u CROSS JOIN account a", "u.last_at", "ASC", ">");
    BY_LAST_DESC = page!("usage_adoption u CROSS JOIN account a", "u.last_at", "DESC", "<");
    BY_SHARE = page!("usage_adoption u CROSS JOIN account a", "u.share", "ASC", ">");
    BY_SHARE_DESC = page!("usage_adoption u CROSS JOIN account a", "u.share", "DESC", "<");
    BY_NAME = page!("account a CROSS JOIN usage_adoption u", "a.name_key", "ASC", ">");
    BY_NAME_DESC = page!("account a CROSS JOIN usage_adoption u", "a.name_key", "DESC", "<");
    // Whoever uses the feature stands beyond all others, which is what `feature_key` says.
    BY_FEATURE = page!("usage_adoption u CROSS JOIN account a",
                       "(CASE WHEN (u.used & CAST($7 AS BIGINT)) = 0 THEN u.share ELSE u.share + 1000 END)", "ASC", ">");
    BY_FEATURE_DESC = page!("usage_adoption u CROSS JOIN account a",
                            "(CASE WHEN (u.used & CAST($7 AS BIGINT)) = 0 THEN u.share ELSE u.share + 1000 END)",
                            "DESC", "<");
    // A bit for each of the 28 days from $2 to $29. They are looked for week by week: fewer comparisons for each row.
    CELLS = "SELECT d.event,
                    CAST(SUM(CASE
                      WHEN d.day < $9 THEN CASE d.day WHEN $2 THEN 1 WHEN $3 THEN 2 WHEN $4 THEN 4 WHEN $5 THEN 8
                        WHEN $6 THEN 16 WHEN $7 THEN 32 WHEN $8 THEN 64 END
                      WHEN d.day < $16 THEN CASE d.day WHEN $9 THEN 128 WHEN $10 THEN 256 WHEN $11 THEN 512
                        WHEN $12 THEN 1024 WHEN $13 THEN 2048 WHEN $14 THEN 4096 WHEN $15 THEN 8192 END
                      WHEN d.day < $23 THEN CASE d.day WHEN $16 THEN 16384 WHEN $17 THEN 32768 WHEN $18 THEN 65536
                        WHEN $19 THEN 131072 WHEN $20 THEN 262144 WHEN $21 THEN 524288 WHEN $22 THEN 1048576 END
                      ELSE CASE d.day WHEN $23 THEN 2097152 WHEN $24 THEN 4194304 WHEN $25 THEN 8388608
                        WHEN $26 THEN 16777216 WHEN $27 THEN 33554432 WHEN $28 THEN 67108864
                        WHEN $29 THEN 134217728 END
                    END) AS BIGINT) AS days,
                    g.account_id AS of_id
             FROM usage_group g CROSS JOIN usage_day d
             WHERE g.workspace_id = $1 AND d.workspace_id = g.workspace_id AND d.group_id = g.id
               AND d.day >= $2 AND d.day <= $29 AND d.event <> '*' AND d.times > 0 AND g.account_id IN ($30)
             GROUP BY g.account_id, g.id, d.event";
}

/// What was counted of an account in one go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Which.
    pub account: AccountId,
    /// When somebody of it did something last.
    pub last_at: Timestamp,
    /// Features used in the last 28 days, a bit for each.
    pub used: i64,
    /// Core features among them, in percent.
    pub share: i64,
    /// The mark of the features the bits stand for.
    pub features: i64,
    /// The last day on which all of them still count.
    pub until_on: Date,
}

/// What is kept of an account it is added to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub account: AccountId,
    /// Features used in the last 28 days, a bit for each.
    pub used: i64,
    /// The mark of the features the bits stand for; another one where all of the account is still to be looked at.
    pub features: i64,
    /// The last day on which all of them still count.
    pub until_on: Date,
}

#[derive(FromRow)]
struct KnownRow {
    account_id: Uuid,
    used: i64,
    features: i64,
    until_on: Day,
}

impl From<KnownRow> for Known {
    fn from(row: KnownRow) -> Self {
        let KnownRow { account_id, used, features, until_on } = row;
        Self { account: AccountId::from(account_id), used, features, until_on: until_on.into() }
    }
}

/// What is to be kept of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Which.
    pub account: AccountId,
    /// Features used in the last 28 days, a bit for each.
    pub used: i64,
    /// Core features among them, in percent.
    pub share: i64,
    /// The last day on which that holds without further use.
    pub until_on: Date,
}

/// What a list of accounts is in order of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortBy {
    /// When somebody was seen last.
    #[default]
    Last,
    /// Core features used, in percent.
    Share,
    /// Name, folded.
    Name,
    /// Whether the feature with this bit was used in the last 28 days, then core features used, in percent.
    Feature(i64),
}

impl SortBy {
    fn key(self, line: &Line) -> String {
        match self {
            Self::Last => cursor::instant(line.last_at),
            Self::Share => line.share.to_string(),
            Self::Name => line.name_key.clone(),
            Self::Feature(bit) => feature_key(line, bit).to_string(),
        }
    }

    fn value(self, after: Option<&Cursor>) -> Result<Value, InvalidCursor> {
        let key = after.map(|cursor| cursor.key.as_str());
        match self {
            Self::Last => cursor::moment(key),
            Self::Share | Self::Feature(_) => cursor::number(key),
            Self::Name => Ok(Value::Text(key.map(str::to_owned))),
        }
    }
}

/// What a line is sorted by in order of a feature: shares are percent, so that whoever uses it stands beyond all others.
fn feature_key(line: &Line, bit: i64) -> i64 {
    if (line.used & bit) == 0 { line.share } else { line.share + 1_000 }
}

/// What to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Name contains this, folded.
    pub search: Option<String>,
    /// In order of.
    pub sort: SortBy,
    /// Which end first.
    pub direction: Direction,
    /// Start after this row.
    pub after: Option<Cursor>,
    /// Leave out so many rows after that.
    pub offset: u32,
    /// At most so many.
    pub limit: u32,
}

/// A place in the list.
pub type Cursor = cursor::Cursor<AccountId>;

/// An account of the list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Line {
    /// Which.
    #[sqlx(try_from = "Uuid", rename = "account_id")]
    pub account: AccountId,
    /// What it is called.
    pub name: String,
    /// Name as it is sorted by.
    pub name_key: String,
    /// When somebody was seen last.
    pub last_at: Timestamp,
    /// Core features used in the last 28 days, in percent.
    pub share: i64,
    /// Features used in the last 28 days, a bit for each.
    pub used: i64,
}

/// Notes when accounts did something last, one entry for each, and all of an entry where nothing is kept yet; returns what
/// is kept of each. Features that are new to an account are left to [`keep`].
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &mut Tx, workspace: WorkspaceId, seen: &[Seen]) -> Result<Vec<Known>, StoreError> {
    let row = |one: &Seen| {
        let Seen { account, last_at, used, share, features, until_on } = *one;
        args![workspace, account, last_at, used, share, features, until_on]
    };
    let rows: Vec<KnownRow> = tx.put_all(ADD, seen.iter().map(row).collect()).await?;
    Ok(rows.into_iter().map(Known::from).collect())
}

/// Begins again with an account whose customers of the product are others now: nothing is kept of one that has none,
/// and all of another is looked at before it is shown next.
///
/// # Errors
/// When the database fails.
pub async fn begin(tx: &mut Tx, workspace: WorkspaceId, account: AccountId) -> Result<(), StoreError> {
    tx.run(FORGET, args![workspace, account]).await?;
    tx.run(BEGIN, args![workspace, account]).await?;
    Ok(())
}

/// Whether some account has to be looked at before accounts are shown today, by these features.
///
/// # Errors
/// When the database fails.
pub async fn is_stale(
    tx: &mut Tx,
    workspace: WorkspaceId,
    today: Date,
    features: i64,
) -> Result<bool, StoreError> {
    let found: Option<(bool, bool, bool)> = tx.optional(STALE, args![workspace, today, features]).await?;
    Ok(found.is_some_and(|(late, less, more)| late || less || more))
}

/// The accounts that have to be looked at; nobody else adds to them until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn due(
    tx: &mut Tx,
    workspace: WorkspaceId,
    today: Date,
    features: i64,
) -> Result<Vec<AccountId>, StoreError> {
    tx.run(LOCK_DUE, args![workspace, today, features]).await?;
    tx.ids(DUE, args![workspace, today, features]).await
}

/// When these accounts did what last, as far as that was since a moment.
///
/// # Errors
/// When the database fails.
pub async fn last_uses(
    tx: &mut Tx,
    workspace: WorkspaceId,
    since: Timestamp,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Vec<(String, Timestamp)>>, StoreError> {
    tx.lists::<AccountId, (String, Timestamp), _>(LAST_USES, args![workspace, since], accounts).await
}

/// Keeps what accounts use of these features.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    tx: &mut Tx,
    workspace: WorkspaceId,
    features: i64,
    accounts: &[Kept],
) -> Result<(), StoreError> {
    let row = |one: &Kept| {
        let Kept { account, used, share, until_on } = *one;
        args![account, used, share, until_on]
    };
    tx.change_all(KEEP, args![workspace, features], accounts.iter().map(row).collect()).await
}

/// How many accounts use which features together: bits, and accounts.
///
/// # Errors
/// When the database fails.
pub async fn used(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(i64, i64)>, StoreError> {
    tx.all(USED, args![workspace]).await
}

/// A page of accounts, and where the next one starts.
///
/// # Errors
/// When the cursor does not fit the sort, or the database fails.
pub async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
) -> Result<(Vec<Line>, Option<Cursor>), ListError> {
    let Query { search, sort, direction, after, offset, limit } = query;
    let limit = usize::try_from(*limit).unwrap_or(usize::MAX).clamp(1, 500);
    let mut args = args![
        workspace,
        search.as_deref().map(pattern),
        i64::try_from(limit + 1).unwrap_or(i64::MAX),
        sort.value(after.as_ref())?,
        after.as_ref().map(|cursor| cursor.id),
        *offset,
    ];
    if let SortBy::Feature(bit) = sort {
        args.push(Value::from(*bit));
    }
    let mut lines: Vec<Line> = match (sort, direction) {
        (SortBy::Last, Direction::Ascending) => tx.all(BY_LAST, args).await?,
        (SortBy::Last, Direction::Descending) => tx.all(BY_LAST_DESC, args).await?,
        (SortBy::Share, Direction::Ascending) => tx.all(BY_SHARE, args).await?,
        (SortBy::Share, Direction::Descending) => tx.all(BY_SHARE_DESC, args).await?,
        (SortBy::Name, Direction::Ascending) => tx.all(BY_NAME, args).await?,
        (SortBy::Name, Direction::Descending) => tx.all(BY_NAME_DESC, args).await?,
        (SortBy::Feature(_), Direction::Ascending) => tx.all(BY_FEATURE, args).await?,
        (SortBy::Feature(_), Direction::Descending) => tx.all(BY_FEATURE_DESC, args).await?,
    };
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next = lines.last().filter(|_| more);
    let next = next.map(|line| Cursor { key: sort.key(line), id: line.account });
    Ok((lines, next))
}

/// On which of the last 28 days these accounts did what: for each event, a bit for each day, the oldest lowest. Where an
/// account is several customers of the product, an event stands there once for each.
///
/// # Errors
/// When the database fails.
pub async fn cells(
    tx: &mut Tx,
    workspace: WorkspaceId,
    today: Date,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Vec<(String, i64)>>, StoreError> {
    let mut common = args![workspace];
    common.extend((0..DAYS).rev().map(|ago| Value::from(before(today, ago))));
    tx.lists::<AccountId, (String, i64), _>(CELLS, common, accounts).await
}
