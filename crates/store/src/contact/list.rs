//! The list of contacts: filtered, sorted, searched, page by page.

use gangway_domain::ids::{AccountId, ContactId, WorkspaceId};
use gangway_domain::words::fold;
use sqlx::FromRow;

use super::Contact;
use crate::cursor::{self, walked};
use crate::db::Tx;
use crate::error::StoreError;
use crate::onboarding::list::{Direction, InvalidCursor, ListError, pattern};
use crate::statement::sql;
use crate::value::{Value, args};

/// A page in one order; arguments: workspace, pattern, role, account, limit, key and id to start after, external id.
macro_rules! page {
    ($key:literal, $direction:literal, $after:literal) => {
        concat!(
            "SELECT c.id, c.account_id, a.name AS account, c.name, c.name_key, c.title, c.email, c.phone, c.notes,
                    c.created_at, c.version, c.external_id, a.name_key AS account_key
             FROM contact c JOIN account a ON a.workspace_id = c.workspace_id AND a.id = c.account_id
             WHERE c.workspace_id = $1
               AND (c.name_key LIKE $2 ESCAPE '\\' OR c.email_key LIKE $2 ESCAPE '\\'
                    OR a.name_key LIKE $2 ESCAPE '\\' OR $2 IS NULL)
               AND (EXISTS (SELECT 1 FROM contact_role r
                            WHERE r.workspace_id = c.workspace_id AND r.contact_id = c.id AND r.role = $3)
                    OR $3 IS NULL)
               AND (c.account_id = $4 OR $4 IS NULL)
               AND (c.external_id = $8 OR $8 IS NULL)
               AND ",
            walked!($key, "c.id", $direction, $after, "$6", "$7", "$5")
        )
    };
}

sql! {
    "contact::list";
    COUNT = "SELECT COUNT(*) FROM contact WHERE workspace_id = $1";
    ROLES_IN_USE = "SELECT role, role_name, COUNT(DISTINCT contact_id) FROM contact_role
                    WHERE workspace_id = $1 GROUP BY role, role_name
                    ORDER BY COUNT(DISTINCT contact_id) DESC, role";
    LIST_NAME = page!("c.name_key", "ASC", ">");
    LIST_NAME_DESC = page!("c.name_key", "DESC", "<");
    LIST_ACCOUNT = page!("a.name_key", "ASC", ">");
    LIST_ACCOUNT_DESC = page!("a.name_key", "DESC", "<");
    LIST_ADDED = page!("c.created_at", "ASC", ">");
    LIST_ADDED_DESC = page!("c.created_at", "DESC", "<");
}

/// What the list is in order of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortBy {
    /// Name, folded.
    #[default]
    Name,
    /// Name of the account, folded.
    Account,
    /// When they were first heard of.
    Added,
}

impl SortBy {
    fn statement(self, direction: Direction) -> &'static str {
        use Direction::{Ascending, Descending};
        match (self, direction) {
            (Self::Name, Ascending) => LIST_NAME,
            (Self::Account, Ascending) => LIST_ACCOUNT,
            (Self::Added, Ascending) => LIST_ADDED,
            (Self::Name, Descending) => LIST_NAME_DESC,
            (Self::Account, Descending) => LIST_ACCOUNT_DESC,
            (Self::Added, Descending) => LIST_ADDED_DESC,
        }
    }

    fn key(self, line: &Listed) -> String {
        match self {
            Self::Name => line.contact.name_key.clone(),
            Self::Account => line.account_key.clone(),
            Self::Added => cursor::instant(line.contact.created_at),
        }
    }

    fn value(self, after: Option<&Cursor>) -> Result<Value, InvalidCursor> {
        let key = after.map(|cursor| cursor.key.as_str());
        match self {
            Self::Name | Self::Account => Ok(Value::Text(key.map(str::to_owned))),
            Self::Added => cursor::moment(key),
        }
    }
}

#[derive(FromRow)]
struct Listed {
    #[sqlx(flatten)]
    contact: Contact,
    account_key: String,
}

/// What to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Name, mail address or account contains this.
    pub search: Option<String>,
    /// Only those who have this role somewhere.
    pub role: Option<String>,
    /// Only those of this account.
    pub account: Option<AccountId>,
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
pub type Cursor = cursor::Cursor<ContactId>;

/// A page of contacts and where the next one starts.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
) -> Result<(Vec<Contact>, Option<Cursor>), ListError> {
    let Query { search, role, account, external_id, sort, direction, after, limit } = query;
    let limit = usize::try_from(*limit).unwrap_or(usize::MAX).clamp(1, 500);
    let args = args![
        workspace,
        search.as_deref().map(|text| pattern(&fold(text))),
        role,
        *account,
        i64::try_from(limit + 1).unwrap_or(i64::MAX),
        sort.value(after.as_ref())?,
        after.as_ref().map(|cursor| cursor.id),
        external_id,
    ];
    let mut lines: Vec<Listed> = tx.all(sort.statement(*direction), args).await?;
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next = lines.last().filter(|_| more);
    let next = next.map(|line| Cursor { key: sort.key(line), id: line.contact.id });
    Ok((lines.into_iter().map(|line| line.contact).collect(), next))
}

/// How many contacts there are, and the roles they have: role, its name, number of people.
///
/// # Errors
/// When the database fails.
pub async fn summary(
    tx: &mut Tx,
    workspace: WorkspaceId,
) -> Result<(i64, Vec<(String, String, i64)>), StoreError> {
    let count = tx.single_number(COUNT, args![workspace]).await?;
    let roles = tx.all(ROLES_IN_USE, args![workspace]).await?;
    Ok((count, roles))
}
