//! The list of accounts: searched, filtered, sorted, page by page.

use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use sqlx::FromRow;

use crate::cursor::{self, walked};
use crate::db::Tx;
use crate::error::StoreError;
use crate::onboarding::list::{Direction, InvalidCursor, ListError};
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{Value, args};

/// A page in one order: first which rows, then what they show, so that nothing is counted for rows that are not
/// shown. The arguments are the same for all: workspace, pattern, industry, whether only those with or without
/// open onboardings, limit, key and id of the row the page starts after, id in another system.
macro_rules! page {
    ($key:literal, $direction:literal, $after:literal) => {
        concat!(
            "SELECT a.id, a.name, a.name_key, a.industry, a.country, a.website, a.created_at, a.external_id, a.version,
                    (SELECT COUNT(*) FROM onboarding o
                      WHERE o.workspace_id = a.workspace_id AND o.account_id = a.id) AS onboardings,
                    (SELECT COUNT(*) FROM onboarding o
                      WHERE o.workspace_id = a.workspace_id AND o.account_id = a.id
                        AND o.state_name IN ('planned', 'running')) AS open,
                    (SELECT COUNT(*) FROM contact c
                      WHERE c.workspace_id = a.workspace_id AND c.account_id = a.id) AS contacts,
                    (SELECT o.health FROM onboarding o
                      WHERE o.workspace_id = a.workspace_id AND o.account_id = a.id
                        AND o.state_name IN ('planned', 'running') AND o.health_rank < 102
                      ORDER BY o.health_rank, o.id LIMIT 1) AS health,
                    (SELECT o.health_score FROM onboarding o
                      WHERE o.workspace_id = a.workspace_id AND o.account_id = a.id
                        AND o.state_name IN ('planned', 'running') AND o.health_rank < 102
                      ORDER BY o.health_rank, o.id LIMIT 1) AS health_score,
                    (SELECT o.id FROM onboarding o
                      WHERE o.workspace_id = a.workspace_id AND o.account_id = a.id
                        AND o.state_name IN ('planned', 'running') AND o.health_rank < 102
                      ORDER BY o.health_rank, o.id LIMIT 1) AS health_of,
                    COALESCE((SELECT t.at FROM activity t
                               WHERE t.workspace_id = a.workspace_id AND t.account_id = a.id
                               ORDER BY t.id DESC LIMIT 1), a.created_at) AS active_at
             FROM (SELECT b.id AS id, ",
            $key,
            " AS sorted FROM account b
                   WHERE b.workspace_id = $1
                     AND (b.name_key LIKE $2 ESCAPE '\\' OR b.match_key LIKE $2 ESCAPE '\\'
                          OR b.domain LIKE $2 ESCAPE '\\' OR $2 IS NULL)
                     AND (b.industry = $3 OR $3 IS NULL)
                     AND (b.external_id = $8 OR $8 IS NULL)
                     AND (CASE WHEN EXISTS (SELECT 1 FROM onboarding o
                                            WHERE o.workspace_id = b.workspace_id AND o.account_id = b.id
                                              AND o.state_name IN ('planned', 'running'))
                               THEN 'open' ELSE 'none' END = $4 OR $4 IS NULL)
                     AND ",
            walked!($key, "b.id", $direction, $after, "$6", "$7", "$5"),
            ") k
             JOIN account a ON a.workspace_id = $1 AND a.id = k.id
             ORDER BY k.sorted ",
            $direction,
            ", a.id ",
            $direction
        )
    };
}

/// Pages by how many open onboardings an account has.
macro_rules! by_open {
    ($direction:literal, $after:literal) => {
        page!(
            "(SELECT COUNT(*) FROM onboarding n WHERE n.workspace_id = b.workspace_id AND n.account_id = b.id
                AND n.state_name IN ('planned', 'running'))",
            $direction,
            $after
        )
    };
}

/// Pages by how many onboardings an account has or had.
macro_rules! by_onboardings {
    ($direction:literal, $after:literal) => {
        page!(
            "(SELECT COUNT(*) FROM onboarding n WHERE n.workspace_id = b.workspace_id AND n.account_id = b.id)",
            $direction,
            $after
        )
    };
}

/// Pages by when something was last done; what nothing was done to was last touched when it was made.
macro_rules! by_activity {
    ($direction:literal, $after:literal) => {
        page!(
            "COALESCE((SELECT n.at FROM activity n WHERE n.workspace_id = b.workspace_id AND n.account_id = b.id
                ORDER BY n.id DESC LIMIT 1), b.created_at)",
            $direction,
            $after
        )
    };
}

/// Rank of an account none of whose open onboardings was judged: behind all that were.
const UNJUDGED: i64 = 102;

/// Pages by the health of the open onboarding that is worst off, as ranks have it (see `onboarding::watched`): too little
/// data comes behind every score, no judgement behind that.
macro_rules! by_health {
    ($direction:literal, $after:literal) => {
        page!(
            "COALESCE((SELECT MIN(n.health_rank) FROM onboarding n
                WHERE n.workspace_id = b.workspace_id AND n.account_id = b.id
                  AND n.state_name IN ('planned', 'running') AND n.health_rank < 102), 102)",
            $direction,
            $after
        )
    };
}

sql! {
    "account::list";
    BY_NAME = page!("b.name_key", "ASC", ">");
    BY_NAME_DESC = page!("b.name_key", "DESC", "<");
    // Ids are in order of their making.
    BY_ADDED = page!("b.id", "ASC", ">");
    BY_ADDED_DESC = page!("b.id", "DESC", "<");
    BY_OPEN = by_open!("ASC", ">");
    BY_OPEN_DESC = by_open!("DESC", "<");
    BY_ONBOARDINGS = by_onboardings!("ASC", ">");
    BY_ONBOARDINGS_DESC = by_onboardings!("DESC", "<");
    BY_ACTIVITY = by_activity!("ASC", ">");
    BY_ACTIVITY_DESC = by_activity!("DESC", "<");
    BY_HEALTH = by_health!("ASC", ">");
    BY_HEALTH_DESC = by_health!("DESC", "<");
    INDUSTRIES = "SELECT industry, COUNT(*) FROM account
                  WHERE workspace_id = $1 AND industry IS NOT NULL
                  GROUP BY industry ORDER BY COUNT(*) DESC, industry LIMIT 60";
    COUNT = "SELECT COUNT(*) FROM account WHERE workspace_id = $1";
}

/// What the list is in order of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortBy {
    /// Name, folded.
    #[default]
    Name,
    /// When it was made.
    Added,
    /// Onboardings planned or running.
    Open,
    /// All onboardings.
    Onboardings,
    /// When something was last done.
    Activity,
    /// Health of the open onboarding that is worst off; accounts without one that was judged come last.
    Health,
}

impl SortBy {
    fn statement(self, direction: Direction) -> &'static str {
        use Direction::{Ascending, Descending};
        match (self, direction) {
            (Self::Name, Ascending) => BY_NAME,
            (Self::Added, Ascending) => BY_ADDED,
            (Self::Open, Ascending) => BY_OPEN,
            (Self::Onboardings, Ascending) => BY_ONBOARDINGS,
            (Self::Activity, Ascending) => BY_ACTIVITY,
            (Self::Health, Ascending) => BY_HEALTH,
            (Self::Name, Descending) => BY_NAME_DESC,
            (Self::Added, Descending) => BY_ADDED_DESC,
            (Self::Open, Descending) => BY_OPEN_DESC,
            (Self::Onboardings, Descending) => BY_ONBOARDINGS_DESC,
            (Self::Activity, Descending) => BY_ACTIVITY_DESC,
            (Self::Health, Descending) => BY_HEALTH_DESC,
        }
    }

    fn key(self, line: &Line) -> String {
        match self {
            Self::Name => line.name_key.clone(),
            // The id a cursor has beside its key says it.
            Self::Added => String::new(),
            Self::Open => line.open.to_string(),
            Self::Onboardings => line.onboardings.to_string(),
            Self::Activity => cursor::instant(line.active_at),
            Self::Health => line.health_rank().to_string(),
        }
    }

    fn value(self, after: Option<&Cursor>) -> Result<Value, InvalidCursor> {
        let key = after.map(|cursor| cursor.key.as_str());
        match self {
            Self::Name => Ok(Value::Text(key.map(str::to_owned))),
            Self::Added => Ok(Value::from(after.map(|cursor| cursor.id))),
            Self::Open | Self::Onboardings | Self::Health => cursor::number(key),
            Self::Activity => cursor::moment(key),
        }
    }
}

/// What to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Name or website contains this, folded.
    pub search: Option<String>,
    /// Only of this industry.
    pub industry: Option<String>,
    /// `Some(true)` for those with open onboardings only, `Some(false)` for those without.
    pub open: Option<bool>,
    /// Only the one another system knows by this id.
    pub external_id: Option<String>,
    /// In order of.
    pub sort: SortBy,
    /// Which end first.
    pub direction: Direction,
    /// Start after this row.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: u32,
}

/// A place in the list.
pub type Cursor = cursor::Cursor<AccountId>;

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Line {
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: AccountId,
    /// Name.
    pub name: String,
    /// Name as it is sorted by.
    pub name_key: String,
    /// Industry.
    pub industry: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Website.
    pub website: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its id in the system deals come from.
    pub external_id: Option<String>,
    /// Counts changes, from 1.
    pub version: i64,
    /// Onboardings, those that are over among them.
    pub onboardings: i64,
    /// Onboardings planned or running.
    pub open: i64,
    /// Contacts.
    pub contacts: i64,
    /// Status of health of the open onboarding with the lowest score; none when none was judged.
    pub health: Option<String>,
    /// That score, 0 to 100; none where too little is known.
    pub health_score: Option<i64>,
    health_of: Option<uuid::Uuid>,
    /// When something was last done to it or for it.
    pub active_at: Timestamp,
}

impl Line {
    /// The open onboarding with the lowest health score; none when none was judged.
    #[must_use]
    pub fn worst(&self) -> Option<OnboardingId> {
        self.health_of.map(OnboardingId::from)
    }

    /// As the row of that onboarding ranks it.
    fn health_rank(&self) -> i64 {
        match (self.health_of, self.health_score) {
            (None, _) => UNJUDGED,
            (Some(_), None) => UNJUDGED - 1,
            (Some(_), Some(score)) => score,
        }
    }
}

/// A page of accounts and where the next one starts.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
) -> Result<(Vec<Line>, Option<Cursor>), ListError> {
    let Query { search, industry, open, external_id, sort, direction, after, limit } = query;
    let limit = usize::try_from(*limit).unwrap_or(usize::MAX).clamp(1, 500);
    let args = args![
        workspace,
        search.as_deref().map(crate::onboarding::list::pattern),
        industry,
        open.map(|open| if open { "open" } else { "none" }.to_owned()),
        i64::try_from(limit + 1).unwrap_or(i64::MAX),
        sort.value(after.as_ref())?,
        after.as_ref().map(|cursor| cursor.id),
        external_id,
    ];
    let mut lines: Vec<Line> = tx.all(sort.statement(*direction), args).await?;
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next = lines.last().filter(|_| more);
    let next = next.map(|line| Cursor { key: sort.key(line), id: line.id });
    Ok((lines, next))
}

/// Industries in use, the most frequent first, and how many accounts there are.
///
/// # Errors
/// When the database fails.
pub async fn summary(tx: &mut Tx, workspace: WorkspaceId) -> Result<(i64, Vec<(String, i64)>), StoreError> {
    let count = tx.single_number(COUNT, args![workspace]).await?;
    let industries = tx.all(INDUSTRIES, args![workspace]).await?;
    Ok((count, industries))
}
