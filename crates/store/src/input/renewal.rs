//! When contracts of customers are renewed: as somebody told it, else as the newest deal says.

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "input::renewal";
    SET = "INSERT INTO contract_renewal (workspace_id, account_id, renews_on, note, made_by, made_at)
           VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (workspace_id, account_id)
           DO UPDATE SET renews_on = excluded.renews_on, note = excluded.note, made_by = excluded.made_by,
                         made_at = excluded.made_at, onboarding_id = NULL";
    NOTE = "INSERT INTO contract_renewal (workspace_id, account_id, renews_on, onboarding_id, note, made_by, made_at)
            VALUES ($1, $2, $3, $4, '', $5, $6)
            ON CONFLICT (workspace_id, account_id)
            DO UPDATE SET renews_on = excluded.renews_on, onboarding_id = excluded.onboarding_id,
                          made_by = excluded.made_by, made_at = excluded.made_at
            WHERE contract_renewal.onboarding_id IS NOT NULL";
    OF_ACCOUNTS = "SELECT r.renews_on, r.onboarding_id, r.note, r.made_by, r.made_at, r.account_id AS of_id
                   FROM contract_renewal r WHERE r.workspace_id = $1 AND r.account_id IN ($2)";
    REMOVE = "DELETE FROM contract_renewal WHERE workspace_id = $1 AND account_id = $2";
}

/// When a contract is renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// The day from which the next term runs.
    pub on: Date,
    /// The onboarding whose deal says it; nothing where somebody told it.
    pub onboarding: Option<OnboardingId>,
    /// What is known beside; may be empty.
    pub note: String,
    /// Who told it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    renews_on: Day,
    onboarding_id: Option<Uuid>,
    note: String,
    made_by: String,
    made_at: Timestamp,
}

impl From<Row> for Renewal {
    fn from(row: Row) -> Self {
        Self {
            on: row.renews_on.into(),
            onboarding: row.onboarding_id.map(OnboardingId::from),
            note: row.note,
            by: row.made_by,
            at: row.made_at,
        }
    }
}

/// Keeps what somebody told, in place of what was known.
///
/// # Errors
/// When the database fails.
pub async fn set(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    one: &Renewal,
) -> Result<(), StoreError> {
    tx.run(SET, args![workspace, account, one.on, &one.note, &one.by, one.at]).await?;
    Ok(())
}

/// Keeps what the deal of an onboarding says, unless somebody told it.
///
/// # Errors
/// When the database fails.
pub async fn note(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    on: Date,
    onboarding: OnboardingId,
    (by, at): (&str, Timestamp),
) -> Result<(), StoreError> {
    tx.run(NOTE, args![workspace, account, on, onboarding, by, at]).await?;
    Ok(())
}

/// When contracts of customers are renewed; those nobody knows it of are not there.
///
/// # Errors
/// When the database fails.
pub async fn of_accounts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Renewal>, StoreError> {
    tx.each::<AccountId, Row, _>(OF_ACCOUNTS, args![workspace], accounts).await
}

/// Forgets when a contract is renewed. False when it was not known.
///
/// # Errors
/// When the database fails.
pub async fn remove(tx: &mut Tx, workspace: WorkspaceId, account: AccountId) -> Result<bool, StoreError> {
    Ok(tx.run(REMOVE, args![workspace, account]).await? == 1)
}
