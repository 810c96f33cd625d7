//! Accounts: the customer companies.

pub mod record;

use gangway_domain::ids::{AccountId, WorkspaceId};
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
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

/// Adds an account, or finds the one that has the same name key and fills in what was unknown of
/// it. Returns its id and whether it is new.
///
/// # Errors
/// When the database fails.
pub async fn insert_or_match(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: &Account,
) -> Result<(AccountId, bool), StoreError> {
    let Account { id, name, name_key, industry, country, website, created_at } = account;
    let row = args![workspace, *id, name, name_key, industry, country, website, *created_at];
    if tx.run(INSERT, row).await? == 1 {
        return Ok((*id, true));
    }
    let known: Account =
        tx.optional(BY_KEY, args![workspace, name_key]).await?.ok_or(StoreError::Corrupt {
            what: "account",
            reason: "its name is taken, yet it cannot be found".to_owned(),
        })?;
    tx.run(FILL, args![workspace, known.id, industry, country, website]).await?;
    Ok((known.id, false))
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
