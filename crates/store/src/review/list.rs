//! The list of handoffs: sorted, searched, page by page, and how many stand where.

use gangway_domain::ids::{AccountId, HandoffId, OnboardingId, PersonId, WorkspaceId};
use gangway_domain::words::fold;
use sqlx::FromRow;
use uuid::Uuid;

use super::State;
use crate::cursor::{self, walked};
use crate::db::Tx;
use crate::error::StoreError;
use crate::onboarding::list::{Direction, InvalidCursor, ListError, pattern};
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{Value, args};

/// A page of the list in one order; arguments: workspace, state, limit, key and id of the row it starts after,
/// pattern, account, seller. The typed use of a parameter comes before its `IS NULL`, or PostgreSQL cannot tell what
/// it is.
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
               AND (h.person_id = $8 OR $8 IS NULL)
               AND ",
            walked!($key, "h.id", $direction, $after, "$4", "$5", "$3")
        )
    };
}

sql! {
    "review::list";
    BY_ACCEPTED = page!("h.accepted_at", "ASC", ">");
    BY_ACCEPTED_DESC = page!("h.accepted_at", "DESC", "<");
    BY_CUSTOMER = page!(accounts first, "a.name_key", "ASC", ">");
    BY_CUSTOMER_DESC = page!(accounts first, "a.name_key", "DESC", "<");
    BY_SCORE = page!("COALESCE(h.document_score, -1)", "ASC", ">");
    BY_SCORE_DESC = page!("COALESCE(h.document_score, -1)", "DESC", "<");
    // The state is kept with the row by whatever changes it, so that one small index is all that is read.
    COUNTS = "SELECT state, COUNT(*) AS handoffs FROM handoff WHERE workspace_id = $1 GROUP BY state";
    COUNTS_OF = "SELECT state, COUNT(*) AS handoffs FROM handoff
                 WHERE workspace_id = $1 AND person_id = $2 GROUP BY state";
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
    /// Only those this person handed over.
    pub seller: Option<PersonId>,
    /// In order of.
    pub sort: SortBy,
    /// Which end first.
    pub direction: Direction,
    /// Start after this row.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: u32,
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

/// A page of handoffs and where the next one starts.
///
/// # Errors
/// When the cursor does not fit the sort, or the database fails.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
) -> Result<(Vec<Line>, Option<Cursor>), ListError> {
    let Query { search, state, account, seller, sort, direction, after, limit } = query;
    let limit = usize::try_from(*limit).unwrap_or(usize::MAX).clamp(1, 500);
    let args = args![
        workspace,
        state.map(|state| state.word().to_owned()),
        i64::try_from(limit + 1).unwrap_or(i64::MAX),
        sort.value(after.as_ref())?,
        Value::Id(after.as_ref().map(|cursor| cursor.id.uuid())),
        search.as_deref().map(|text| pattern(&fold(text))),
        *account,
        *seller,
    ];
    let mut rows: Vec<LineRow> = tx.all(sort.statement(*direction), args).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more);
    let next = next.map(|row| Cursor { key: sort.key(row), id: HandoffId::from(row.id) });
    Ok((rows.into_iter().map(Line::from).collect(), next))
}

/// How many handoffs there are in each state; of those one person handed over when there is a `seller`.
///
/// # Errors
/// When the database fails.
pub async fn counts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    seller: Option<PersonId>,
) -> Result<Vec<(State, i64)>, StoreError> {
    let rows: Vec<CountRow> = match seller {
        None => tx.all(COUNTS, args![workspace]).await?,
        Some(seller) => tx.all(COUNTS_OF, args![workspace, Some(seller)]).await?,
    };
    let of = |state: State| {
        let row = rows.iter().find(|row| row.state == state.word());
        (state, row.map_or(0, |row| row.handoffs))
    };
    Ok(State::ALL.map(of).to_vec())
}
