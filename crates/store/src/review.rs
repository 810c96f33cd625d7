//! The review of handoffs: who handed over, who confirmed, which response clocks have stopped.

use gangway_domain::ids::{AccountId, HandoffId, OnboardingId, PersonId, WorkspaceId};
use gangway_domain::words::fold;
use sqlx::FromRow;
use uuid::Uuid;

use crate::cursor;
use crate::db::Tx;
use crate::error::StoreError;
use crate::onboarding::list::{Direction, InvalidCursor, ListError, pattern};
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{Value, args};

/// A page of the list in one order; arguments: workspace, state, limit, key and id of the row it starts after,
/// pattern, account. The typed use of a parameter comes before its `IS NULL`, or PostgreSQL cannot tell what it is.
macro_rules! page {
    ($key:literal, $direction:literal, $after:literal) => {
        page!("handoff h, account a", $key, $direction, $after)
    };
    // Left to itself, SQLite would read and sort all handoffs; what is crossed it reads in the order written.
    (accounts first, $key:literal, $direction:literal, $after:literal) => {
        page!("account a CROSS JOIN handoff h", $key, $direction, $after)
    };
    ($from:literal, $key:literal, $direction:literal, $after:literal) => {
        concat!(
            "SELECT h.id, h.account_id, a.name AS customer, a.name_key AS customer_key, h.format, h.accepted_by, h.door,
                    h.accepted_at, h.document_score, h.segment, h.confirmed_at, h.confirmed_by,
                    (SELECT o.id FROM onboarding o
                      WHERE o.workspace_id = h.workspace_id AND o.handoff_id = h.id) AS onboarding_id
             FROM ",
            $from,
            "
             WHERE a.workspace_id = h.workspace_id AND a.id = h.account_id
               AND h.workspace_id = $1
               AND (h.state = $2 OR $2 IS NULL)
               AND (a.name_key LIKE $6 ESCAPE '\\' OR a.match_key LIKE $6 ESCAPE '\\' OR $6 IS NULL)
               AND (h.account_id = $7 OR $7 IS NULL)
               AND ((",
            $key,
            ", h.id) ",
            $after,
            " ($4, $5) OR $5 IS NULL)
             ORDER BY ",
            $key,
            " ",
            $direction,
            ", h.id ",
            $direction,
            " LIMIT $3"
        )
    };
}

sql! {
    "review";
    SIGN = "UPDATE handoff SET accepted_by = $3, door = $4, document_score = $5, person_id = $6
            WHERE workspace_id = $1 AND id = $2";
    GET = "SELECT h.accepted_by, h.door, h.version, h.confirmed_at, h.confirmed_by, o.id AS onboarding_id
           FROM handoff h
           LEFT JOIN onboarding o ON o.workspace_id = h.workspace_id AND o.handoff_id = h.id
           WHERE h.workspace_id = $1 AND h.id = $2";
    // In two steps, because only the first is the same on both databases: the update locks the row.
    TOUCH = "UPDATE handoff SET version = version + 1, confirmed_at = NULL, confirmed_by = NULL,
                    state = CASE WHEN state = 'made' THEN 'made' ELSE 'review' END
             WHERE workspace_id = $1 AND id = $2";
    VERSION = "SELECT version FROM handoff WHERE workspace_id = $1 AND id = $2";
    CONFIRM = "UPDATE handoff SET confirmed_at = $4, confirmed_by = $5,
                      state = CASE WHEN state = 'made' THEN 'made' ELSE 'confirmed' END
               WHERE workspace_id = $1 AND id = $2 AND version = $3";
    SCORE = "UPDATE handoff SET document_score = $3 WHERE workspace_id = $1 AND id = $2";
    REHOME = "UPDATE handoff SET account_id = $3 WHERE workspace_id = $1 AND id = $2";
    FORGET_UNNAMED = "DELETE FROM account
                      WHERE workspace_id = $1 AND id = $2 AND name_key LIKE 'unnamed %'
                        AND NOT EXISTS (SELECT 1 FROM handoff h
                                        WHERE h.workspace_id = account.workspace_id AND h.account_id = account.id)";
    BY_ACCEPTED = page!("h.accepted_at", "ASC", ">");
    BY_ACCEPTED_DESC = page!("h.accepted_at", "DESC", "<");
    BY_CUSTOMER = page!(accounts first, "a.name_key", "ASC", ">");
    BY_CUSTOMER_DESC = page!(accounts first, "a.name_key", "DESC", "<");
    BY_SCORE = page!("COALESCE(h.document_score, -1)", "ASC", ">");
    BY_SCORE_DESC = page!("COALESCE(h.document_score, -1)", "DESC", "<");
    // The state is kept with the row by whatever changes it, so that one small index is all that is read.
    COUNTS = "SELECT state, COUNT(*) AS handoffs FROM handoff WHERE workspace_id = $1 GROUP BY state";
    CLOCKS = "SELECT clock, done_by, done_at FROM handoff_clock
              WHERE workspace_id = $1 AND handoff_id = $2 ORDER BY clock";
    STOP = "INSERT INTO handoff_clock (workspace_id, handoff_id, clock, done_by, done_at)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace_id, handoff_id, clock) DO NOTHING";
    RESTART = "DELETE FROM handoff_clock WHERE workspace_id = $1 AND handoff_id = $2 AND clock = $3";
}

/// Where a handoff stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Nobody has said yet that it was read right.
    Review,
    /// Somebody has.
    Confirmed,
    /// It has its onboarding.
    Made,
}

impl State {
    /// Every state, in the order a handoff goes through them.
    pub const ALL: [Self; 3] = [Self::Review, Self::Confirmed, Self::Made];

    /// The word in addresses and statements.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Confirmed => "confirmed",
            Self::Made => "made",
        }
    }

    /// The state of this word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    fn of(onboarding: Option<Uuid>, confirmed_at: Option<Timestamp>) -> Self {
        match (onboarding, confirmed_at) {
            (Some(_), _) => Self::Made,
            (None, Some(_)) => Self::Confirmed,
            (None, None) => Self::Review,
        }
    }
}

/// What the list is in order of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortBy {
    /// When it was handed over.
    #[default]
    Accepted,
    /// The customer's name, folded.
    Customer,
    /// How complete its document is; those not known come below all.
    Score,
}

impl SortBy {
    fn statement(self, direction: Direction) -> &'static str {
        use Direction::{Ascending, Descending};
        match (self, direction) {
            (Self::Accepted, Ascending) => BY_ACCEPTED,
            (Self::Customer, Ascending) => BY_CUSTOMER,
            (Self::Score, Ascending) => BY_SCORE,
            (Self::Accepted, Descending) => BY_ACCEPTED_DESC,
            (Self::Customer, Descending) => BY_CUSTOMER_DESC,
            (Self::Score, Descending) => BY_SCORE_DESC,
        }
    }

    fn key(self, row: &LineRow) -> String {
        match self {
            Self::Accepted => cursor::instant(row.accepted_at),
            Self::Customer => row.customer_key.clone(),
            Self::Score => row.document_score.unwrap_or(-1).to_string(),
        }
    }

    fn value(self, after: Option<&Cursor>) -> Result<Value, InvalidCursor> {
        let key = after.map(|cursor| cursor.key.as_str());
        match self {
            Self::Accepted => cursor::moment(key),
            Self::Customer => Ok(Value::Text(key.map(str::to_owned))),
            Self::Score => cursor::number(key),
        }
    }
}

/// A place in the list.
pub type Cursor = cursor::Cursor<HandoffId>;

/// What to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Only those whose customer's name contains this, folded.
    pub search: Option<String>,
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those of this account.
    pub account: Option<AccountId>,
    /// In order of.
    pub sort: SortBy,
    /// Which end first.
    pub direction: Direction,
    /// Start after this row.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: u32,
}

/// What is known of a handoff beside what was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Who handed it over; empty for those of earlier versions.
    pub accepted_by: String,
    /// Through which door; empty for those of earlier versions.
    pub door: String,
    /// How many corrections were ever made.
    pub version: i64,
    /// When and by whom it was confirmed.
    pub confirmed: Option<(Timestamp, String)>,
    /// Its onboarding.
    pub onboarding: Option<OnboardingId>,
    /// Where it stands.
    pub state: State,
}

#[derive(FromRow)]
struct Row {
    accepted_by: String,
    door: String,
    version: i64,
    confirmed_at: Option<Timestamp>,
    confirmed_by: Option<String>,
    onboarding_id: Option<Uuid>,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The handoff.
    pub id: HandoffId,
    /// The customer.
    pub account: AccountId,
    /// The customer's name.
    pub customer: String,
    /// The form it was read as.
    pub format: String,
    /// Who handed it over.
    pub accepted_by: String,
    /// Through which door.
    pub door: String,
    /// When.
    pub accepted_at: Timestamp,
    /// Share of the handoff checklist its document answers, 0–100.
    pub document_score: Option<i64>,
    /// Segment (id), once it has an onboarding.
    pub segment: Option<String>,
    /// When and by whom it was confirmed.
    pub confirmed: Option<(Timestamp, String)>,
    /// Its onboarding.
    pub onboarding: Option<OnboardingId>,
    /// Where it stands.
    pub state: State,
}

#[derive(FromRow)]
struct LineRow {
    id: Uuid,
    #[sqlx(try_from = "Uuid")]
    account_id: AccountId,
    customer: String,
    customer_key: String,
    format: String,
    accepted_by: String,
    door: String,
    accepted_at: Timestamp,
    document_score: Option<i64>,
    segment: Option<String>,
    confirmed_at: Option<Timestamp>,
    confirmed_by: Option<String>,
    onboarding_id: Option<Uuid>,
}

impl From<LineRow> for Line {
    fn from(row: LineRow) -> Self {
        let LineRow {
            id,
            account_id,
            customer,
            format,
            accepted_by,
            door,
            accepted_at,
            document_score,
            segment,
            confirmed_at,
            confirmed_by,
            onboarding_id,
            customer_key: _,
        } = row;
        Self {
            id: HandoffId::from(id),
            account: account_id,
            customer,
            format,
            accepted_by,
            door,
            accepted_at,
            document_score,
            segment,
            confirmed: confirmed_at.zip(confirmed_by),
            onboarding: onboarding_id.map(OnboardingId::from),
            state: State::of(onboarding_id, confirmed_at),
        }
    }
}

#[derive(FromRow)]
struct CountRow {
    state: String,
    handoffs: i64,
}

#[derive(FromRow)]
struct VersionRow {
    version: i64,
}

/// A response clock that a person has stopped.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Stopped {
    /// Id of the clock in `handoff.toml`.
    pub clock: String,
    /// Who.
    pub done_by: String,
    /// When.
    pub done_at: Timestamp,
}

/// Keeps who handed it over through which door (the person, where it was somebody who signs in here), and how
/// complete the document is.
///
/// # Errors
/// When the database fails.
pub async fn sign(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    (by, person): (&str, Option<PersonId>),
    door: &str,
    document_score: u32,
) -> Result<(), StoreError> {
    tx.run(SIGN, args![workspace, id, by, door, document_score, person]).await?;
    Ok(())
}

/// The review of one handoff.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: HandoffId) -> Result<Option<Review>, StoreError> {
    let row: Option<Row> = tx.optional(GET, args![workspace, id]).await?;
    Ok(row.map(|row| {
        let Row { accepted_by, door, version, confirmed_at, confirmed_by, onboarding_id } = row;
        Review {
            accepted_by,
            door,
            version,
            confirmed: confirmed_at.zip(confirmed_by),
            onboarding: onboarding_id.map(OnboardingId::from),
            state: State::of(onboarding_id, confirmed_at),
        }
    }))
}

/// Before a correction is made or undone: makes others who correct the same handoff wait, withdraws
/// its confirmation, and gives the number of the next correction. `None` without such a handoff.
///
/// # Errors
/// When the database fails.
pub async fn touch(tx: &mut Tx, workspace: WorkspaceId, id: HandoffId) -> Result<Option<i64>, StoreError> {
    if tx.run(TOUCH, args![workspace, id]).await? == 0 {
        return Ok(None);
    }
    let row: Option<VersionRow> = tx.optional(VERSION, args![workspace, id]).await?;
    Ok(row.map(|row| row.version))
}

/// Somebody says that it was read right; false when it was corrected since that version.
///
/// # Errors
/// When the database fails.
pub async fn confirm(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    version: i64,
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(CONFIRM, args![workspace, id, version, at, by]).await? == 1)
}

/// Keeps how complete the document is.
///
/// # Errors
/// When the database fails.
pub async fn score(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    document_score: u32,
) -> Result<(), StoreError> {
    tx.run(SCORE, args![workspace, id, document_score]).await?;
    Ok(())
}

/// The customer turns out to be another: the handoff moves to their account. An account that stood
/// in for a name and has no handoff left is forgotten.
///
/// # Errors
/// When the database fails.
pub async fn rehome(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    from: AccountId,
    to: AccountId,
) -> Result<(), StoreError> {
    tx.run(REHOME, args![workspace, id, to]).await?;
    tx.run(FORGET_UNNAMED, args![workspace, from]).await?;
    Ok(())
}

/// A page of handoffs and where the next one starts.
///
/// # Errors
/// When the cursor does not fit the sort, or the database fails.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
) -> Result<(Vec<Line>, Option<Cursor>), ListError> {
    let Query { search, state, account, sort, direction, after, limit } = query;
    let limit = usize::try_from(*limit).unwrap_or(usize::MAX).clamp(1, 500);
    let args = args![
        workspace,
        state.map(|state| state.word().to_owned()),
        i64::try_from(limit + 1).unwrap_or(i64::MAX),
        sort.value(after.as_ref())?,
        Value::Id(after.as_ref().map(|cursor| cursor.id.uuid())),
        search.as_deref().map(|text| pattern(&fold(text))),
        *account,
    ];
    let mut rows: Vec<LineRow> = tx.all(sort.statement(*direction), args).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more);
    let next = next.map(|row| Cursor { key: sort.key(row), id: HandoffId::from(row.id) });
    Ok((rows.into_iter().map(Line::from).collect(), next))
}

/// How many handoffs there are in each state.
///
/// # Errors
/// When the database fails.
pub async fn counts(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(State, i64)>, StoreError> {
    let rows: Vec<CountRow> = tx.all(COUNTS, args![workspace]).await?;
    let of = |state: State| {
        let row = rows.iter().find(|row| row.state == state.word());
        (state, row.map_or(0, |row| row.handoffs))
    };
    Ok(State::ALL.map(of).to_vec())
}

/// The clocks that have been stopped.
///
/// # Errors
/// When the database fails.
pub async fn clocks(tx: &mut Tx, workspace: WorkspaceId, id: HandoffId) -> Result<Vec<Stopped>, StoreError> {
    tx.all(CLOCKS, args![workspace, id]).await
}

/// Stops a clock; false when it had been stopped before.
///
/// # Errors
/// When the database fails.
pub async fn stop(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    clock: &str,
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(STOP, args![workspace, id, clock, by, at]).await? == 1)
}

/// Lets a clock run on; false when it was running.
///
/// # Errors
/// When the database fails.
pub async fn restart(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: HandoffId,
    clock: &str,
) -> Result<bool, StoreError> {
    Ok(tx.run(RESTART, args![workspace, id, clock]).await? == 1)
}
