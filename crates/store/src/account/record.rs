//! Accounts as other systems see them: with their id there, and a count of changes.

use gangway_domain::ids::{AccountId, WorkspaceId};
use sqlx::FromRow;

use super::Account;
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::args;

sql! {
    "account::record";
    INSERT = "INSERT INTO account
                (workspace_id, id, name, name_key, industry, country, website, created_at, external_id)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    GET = "SELECT id, name, name_key, industry, country, website, created_at, external_id, version
           FROM account WHERE workspace_id = $1 AND id = $2";
    BY_EXTERNAL = "SELECT id, name, name_key, industry, country, website, created_at, external_id, version
                   FROM account WHERE workspace_id = $1 AND external_id = $2";
    CHANGE = "UPDATE account SET name = $3, name_key = $4, industry = $5, country = $6, website = $7,
                                 external_id = $8, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $9";
}

/// An account with what other systems need to know of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Record {
    /// The customer.
    #[sqlx(flatten)]
    pub account: Account,
    /// Its id in the system deals come from.
    pub external_id: Option<String>,
    /// Counts changes, from 1.
    pub version: i64,
}

/// Adds an account; its version is 1.
///
/// # Errors
/// [`StoreError::Conflict`] when another has its name key or external id; or when the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, record: &Record) -> Result<(), StoreError> {
    let Record { account, external_id, version: _ } = record;
    let Account { id, name, name_key, industry, country, website, created_at } = account;
    let row = args![workspace, *id, name, name_key, industry, country, website, *created_at, external_id];
    tx.run(INSERT, row).await?;
    super::index(tx, workspace, account).await
}

/// One account.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: AccountId) -> Result<Option<Record>, StoreError> {
    tx.optional(GET, args![workspace, id]).await
}

/// The account that another system knows by this id.
///
/// # Errors
/// When the database fails.
pub async fn by_external_id(
    tx: &mut Tx,
    workspace: WorkspaceId,
    external_id: &str,
) -> Result<Option<Record>, StoreError> {
    tx.optional(BY_EXTERNAL, args![workspace, external_id]).await
}

/// Keeps an account as it is now, in place of the version it says it was. False when it is not that
/// version any more, or does not exist.
///
/// # Errors
/// [`StoreError::Conflict`] when another has its name key or external id; or when the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, record: &Record) -> Result<bool, StoreError> {
    let Record { account, external_id, version } = record;
    let Account { id, name, name_key, industry, country, website, created_at: _ } = account;
    let row = args![workspace, *id, name, name_key, industry, country, website, external_id, *version];
    let changed = tx.run(CHANGE, row).await? == 1;
    if changed {
        super::index(tx, workspace, account).await?;
    }
    Ok(changed)
}
