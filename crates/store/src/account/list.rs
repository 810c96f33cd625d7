//! The list of accounts: searched, filtered, sorted, page by page.

use std::fmt;
use std::str::FromStr;

use gangway_domain::ids::{AccountId, WorkspaceId};
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::onboarding::list::{Direction, InvalidCursor, ListError};
use crate::statement::sql;
use crate::value::args;

/// A page in one order; the arguments are the same for all: workspace, pattern, industry, whether only
/// those with or without open onboardings, limit, key and id of the row the page starts after.
macro_rules! page {
    ($column:literal, $direction:literal, $after:literal) => {
        concat!(
            "SELECT a.id, a.name, a.name_key, a.industry, a.country, a.website,
                    (SELECT COUNT(*) FROM onboarding o
                      WHERE o.workspace_id = a.workspace_id AND o.account_id = a.id) AS onboardings,
                    (SELECT COUNT(*) FROM onboarding o
                      WHERE o.workspace_id = a.workspace_id AND o.account_id = a.id
                        AND o.state_name IN ('planned', 'running')) AS open,
                    (SELECT COUNT(*) FROM contact c
                      WHERE c.workspace_id = a.workspace_id AND c.account_id = a.id) AS contacts
             FROM account a
             WHERE a.workspace_id = $1
               AND (a.name_key LIKE $2 ESCAPE '\\' OR a.match_key LIKE $2 ESCAPE '\\' OR a.domain LIKE $2 ESCAPE '\\'
                    OR $2 IS NULL)
               AND (a.industry = $3 OR $3 IS NULL)
               AND (CASE WHEN EXISTS (SELECT 1 FROM onboarding o
                                      WHERE o.workspace_id = a.workspace_id AND o.account_id = a.id
                                        AND o.state_name IN ('planned', 'running'))
                         THEN 'open' ELSE 'none' END = $4 OR $4 IS NULL)
               AND ((a.",
            $column,
            ", a.id) ",
            $after,
            " ($6, $7) OR $7 IS NULL)
             ORDER BY a.",
            $column,
            " ",
            $direction,
            ", a.id ",
            $direction,
            " LIMIT $5"
        )
    };
}

sql! {
    "account::list";
    BY_NAME = page!("name_key", "ASC", ">");
    BY_NAME_DESC = page!("name_key", "DESC", "<");
    INDUSTRIES = "SELECT industry, COUNT(*) FROM account
                  WHERE workspace_id = $1 AND industry IS NOT NULL
                  GROUP BY industry ORDER BY COUNT(*) DESC, industry LIMIT 60";
    COUNT = "SELECT COUNT(*) FROM account WHERE workspace_id = $1";
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
    /// By name, from which end.
    pub direction: Direction,
    /// Start after this row.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: u32,
}

/// A place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    key: String,
    id: AccountId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.id, self.key)
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (id, key) = text.split_once('~').ok_or(InvalidCursor)?;
        Ok(Self { id: id.parse().map_err(|_| InvalidCursor)?, key: key.to_owned() })
    }
}

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
    /// Onboardings, those that are over among them.
    pub onboardings: i64,
    /// Onboardings planned or running.
    pub open: i64,
    /// Contacts.
    pub contacts: i64,
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
    let Query { search, industry, open, direction, after, limit } = query;
    let limit = usize::try_from(*limit).unwrap_or(usize::MAX).clamp(1, 500);
    let args = args![
        workspace,
        search.as_deref().map(crate::onboarding::list::pattern),
        industry,
        open.map(|open| if open { "open" } else { "none" }.to_owned()),
        i64::try_from(limit + 1).unwrap_or(i64::MAX),
        after.as_ref().map(|cursor| cursor.key.clone()),
        after.as_ref().map(|cursor| cursor.id),
    ];
    let mut lines: Vec<Line> = match direction {
        Direction::Ascending => tx.all(BY_NAME, args).await?,
        Direction::Descending => tx.all(BY_NAME_DESC, args).await?,
    };
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next = lines.last().filter(|_| more);
    let next = next.map(|line| Cursor { key: line.name_key.clone(), id: line.id });
    Ok((lines, next))
}

/// Industries in use, the most frequent first, and how many accounts there are.
///
/// # Errors
/// When the database fails.
pub async fn summary(tx: &mut Tx, workspace: WorkspaceId) -> Result<(i64, Vec<(String, i64)>), StoreError> {
    let count: Option<(i64,)> = tx.optional(COUNT, args![workspace]).await?;
    let industries = tx.all(INDUSTRIES, args![workspace]).await?;
    Ok((count.map_or(0, |(count,)| count), industries))
}
