//! How many users an account should have: as a person said it, else as its newest deal does.

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::args;

sql! {
    "usage::expected";
    GET = "SELECT users, onboarding_id, version FROM usage_expected WHERE workspace_id = $1 AND account_id = $2";
    ALL = "SELECT account_id, users FROM usage_expected WHERE workspace_id = $1 AND users IS NOT NULL";
    SAY = "INSERT INTO usage_expected (workspace_id, account_id, users, version) VALUES ($1, $2, $3, $4)
           ON CONFLICT (workspace_id, account_id)
           DO UPDATE SET users = excluded.users, onboarding_id = NULL, version = excluded.version";
    NOTE = "INSERT INTO usage_expected (workspace_id, account_id, users, onboarding_id, version) VALUES ($1, $2, $3, $4, 0)
            ON CONFLICT (workspace_id, account_id)
            DO UPDATE SET users = excluded.users, onboarding_id = excluded.onboarding_id
            WHERE usage_expected.version = 0";
    GET_OF = "SELECT users, onboarding_id, version, account_id AS of_id FROM usage_expected
              WHERE workspace_id = $1 AND account_id IN ($2)";
    NEWEST_OF = "SELECT o.id, o.account_id AS of_id FROM onboarding o
                 WHERE o.workspace_id = $1 AND o.account_id IN ($2) ORDER BY o.created_at DESC, o.id DESC";
    NEWEST = "SELECT id FROM onboarding WHERE workspace_id = $1 AND account_id = $2 ORDER BY created_at DESC, id DESC LIMIT 1";
}

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// How many; nothing where it is known that nobody knows.
    pub users: Option<i64>,
    /// The onboarding whose deal says it; nothing where a person said it.
    pub onboarding: Option<OnboardingId>,
    /// Counts what people said; 0 while none did.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    users: Option<i64>,
    onboarding_id: Option<Uuid>,
    version: i64,
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        let Row { users, onboarding_id, version } = row;
        Self { users, onboarding: onboarding_id.map(OnboardingId::from), version }
    }
}

/// What is kept of an account.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Option<Kept>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, account]).await
}

/// What is kept of many accounts.
///
/// # Errors
/// When the database fails.
pub async fn get_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Kept>, StoreError> {
    tx.each::<_, Row, _>(GET_OF, args![workspace], accounts).await
}

/// The newest onboarding of many accounts.
///
/// # Errors
/// When the database fails.
pub async fn newest_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, OnboardingId>, StoreError> {
    let found = tx.each::<_, (Uuid,), (Uuid,)>(NEWEST_OF, args![workspace], accounts).await?;
    Ok(found.into_iter().map(|(account, (id,))| (account, OnboardingId::from(id))).collect())
}

/// What is kept of all accounts.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(AccountId, i64)>, StoreError> {
    let rows: Vec<(Uuid, i64)> = tx.all(ALL, args![workspace]).await?;
    Ok(rows.into_iter().map(|(id, users)| (AccountId::from(id), users)).collect())
}

/// Keeps what a person said; nothing: what the deal says holds again from the next look.
///
/// # Errors
/// When the database fails.
pub async fn say(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    users: Option<i64>,
    version: i64,
) -> Result<(), StoreError> {
    tx.run(SAY, args![workspace, account, users, version]).await?;
    Ok(())
}

/// Keeps what the deal of an onboarding says, unless a person said something else.
///
/// # Errors
/// When the database fails.
pub async fn note(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    users: Option<i64>,
    onboarding: OnboardingId,
) -> Result<(), StoreError> {
    tx.run(NOTE, args![workspace, account, users, onboarding]).await?;
    Ok(())
}

/// The newest onboarding of an account.
///
/// # Errors
/// When the database fails.
pub async fn newest_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Option<OnboardingId>, StoreError> {
    let ids: Vec<OnboardingId> = tx.ids(NEWEST, args![workspace, account]).await?;
    Ok(ids.first().copied())
}
