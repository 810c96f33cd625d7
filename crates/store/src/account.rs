//! Accounts: the customer companies.

pub mod duplicate;
pub mod list;
pub mod merge;
pub mod record;

use gangway_domain::ids::{AccountId, WorkspaceId};
use gangway_domain::words::{domain_of_website, fold};
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::search::{self, Entry, Kind};
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "account";
    INSERT = "INSERT INTO account (workspace_id, id, name, name_key, industry, country, website, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
              ON CONFLICT (workspace_id, name_key) DO NOTHING";
    GET = "SELECT id, name, name_key, industry, country, website, created_at
           FROM account WHERE workspace_id = $1 AND id = $2";
    BY_KEY = "SELECT id, name, name_key, industry, country, website, created_at
              FROM account WHERE workspace_id = $1 AND name_key = $2";
    FILL = "UPDATE account SET industry = COALESCE(industry, $3), country = COALESCE(country, $4),
                               website = COALESCE(website, $5), version = version + 1
            WHERE workspace_id = $1 AND id = $2
              AND (COALESCE(industry, '') <> COALESCE(industry, $3, '')
                   OR COALESCE(country, '') <> COALESCE(country, $4, '')
                   OR COALESCE(website, '') <> COALESCE(website, $5, ''))";
    KEYS = "UPDATE account SET match_key = $3, domain = $4 WHERE workspace_id = $1 AND id = $2";
}

/// A customer company.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Account {
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: AccountId,
    /// Name as first written.
    pub name: String,
    /// The name by which later handoffs of the same customer find it.
    pub name_key: String,
    /// Industry, as written.
    pub industry: Option<String>,
    /// ISO 3166-1 alpha-2 country.
    pub country: Option<String>,
    /// Website.
    pub website: Option<String>,
    /// When it was first seen.
    pub created_at: Timestamp,
}

/// Adds an account, or finds the one that has the same name key, or had it before a merge, and fills in
/// what was unknown of it. Returns its id and whether it is new.
///
/// # Errors
/// When the database fails.
pub async fn insert_or_match(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: &Account,
) -> Result<(AccountId, bool), StoreError> {
    let Account { id, name, name_key, industry, country, website, created_at } = account;
    if let Some(known) = matching(tx, workspace, name_key).await? {
        return fill(tx, workspace, &known, account).await;
    }
    let row = args![workspace, *id, name, name_key, industry, country, website, *created_at];
    if tx.run(INSERT, row).await? == 1 {
        index(tx, workspace, account).await?;
        return Ok((*id, true));
    }
    // Somebody else added it between the two statements.
    let known = by_key(tx, workspace, name_key).await?.ok_or(StoreError::Corrupt {
        what: "account",
        reason: "its name is taken, yet it cannot be found".to_owned(),
    })?;
    fill(tx, workspace, &known, account).await
}

async fn matching(
    tx: &mut Tx,
    workspace: WorkspaceId,
    name_key: &str,
) -> Result<Option<Account>, StoreError> {
    if let Some(known) = by_key(tx, workspace, name_key).await? {
        return Ok(Some(known));
    }
    match merge::by_name(tx, workspace, name_key).await? {
        Some(id) => get(tx, workspace, id).await,
        None => Ok(None),
    }
}

async fn fill(
    tx: &mut Tx,
    workspace: WorkspaceId,
    known: &Account,
    more: &Account,
) -> Result<(AccountId, bool), StoreError> {
    let Account { industry, country, website, .. } = more;
    if tx.run(FILL, args![workspace, known.id, industry, country, website]).await? == 1
        && let Some(now) = get(tx, workspace, known.id).await?
    {
        index(tx, workspace, &now).await?;
    }
    Ok((known.id, false))
}

/// Makes an account findable as it is now: by search, and by what duplicates share with it.
pub(crate) async fn index(tx: &mut Tx, workspace: WorkspaceId, account: &Account) -> Result<(), StoreError> {
    let Account { id, name, name_key, industry, country, website, .. } = account;
    // Deals that name no customer have nothing in common.
    let key = Some(name_key).filter(|key| !key.starts_with("unnamed "));
    let key = key.map(|key| fold(key).replace(' ', ""));
    let domain = website.as_deref().and_then(domain_of_website);
    tx.run(KEYS, args![workspace, *id, key, domain]).await?;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let (industry, country, website) = (text(industry), text(country), text(website));
    let detail = [&industry, &country].into_iter().filter(|part| !part.is_empty()).cloned();
    let entry = Entry {
        kind: Kind::Account,
        id: id.uuid(),
        title: name,
        detail: detail.collect::<Vec<_>>().join(" · "),
        fields: &[("name", name), ("industry", &industry), ("country", &country), ("website", &website)],
    };
    search::put(tx, workspace, entry).await
}

/// One account.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: AccountId) -> Result<Option<Account>, StoreError> {
    tx.optional(GET, args![workspace, id]).await
}

/// The account with this name key.
///
/// # Errors
/// When the database fails.
pub async fn by_key(
    tx: &mut Tx,
    workspace: WorkspaceId,
    name_key: &str,
) -> Result<Option<Account>, StoreError> {
    tx.optional(BY_KEY, args![workspace, name_key]).await
}
