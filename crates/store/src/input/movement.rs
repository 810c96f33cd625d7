//! What monthly revenues of customers did.

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, MovementId, WorkspaceId};
use gangway_domain::money::Money;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{Value, args, read};

/// The columns of a movement, in the order of its row.
macro_rules! columns {
    () => {
        "m.id, m.account_id, m.external_id, m.kind, m.on_day, m.amount_minor, m.currency, m.note, m.made_by, m.made_at
         FROM contract_movement m"
    };
}

sql! {
    "input::movement";
    SET = "INSERT INTO contract_movement
             (workspace_id, id, account_id, external_id, kind, on_day, amount_minor, currency, note, made_by, made_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           ON CONFLICT (workspace_id, account_id, external_id)
           DO UPDATE SET kind = excluded.kind, on_day = excluded.on_day, amount_minor = excluded.amount_minor,
                         currency = excluded.currency, note = excluded.note, made_by = excluded.made_by,
                         made_at = excluded.made_at";
    ADD = "INSERT INTO contract_movement
             (workspace_id, id, account_id, external_id, kind, on_day, amount_minor, currency, note, made_by, made_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    OF_ACCOUNT = concat!("SELECT ", columns!(), "
                          WHERE m.workspace_id = $1 AND m.account_id = $2
                          ORDER BY m.on_day DESC, m.id DESC LIMIT $3");
    OF_ACCOUNTS = "SELECT r.id, r.account_id, r.external_id, r.kind, r.on_day, r.amount_minor, r.currency, r.note, r.made_by,
                          r.made_at, r.account_id AS of_id
                   FROM (SELECT m.id, m.account_id, m.external_id, m.kind, m.on_day, m.amount_minor, m.currency, m.note,
                                m.made_by, m.made_at,
                                ROW_NUMBER() OVER (PARTITION BY m.account_id ORDER BY m.on_day DESC, m.id DESC) AS place
                         FROM contract_movement m
                         WHERE m.workspace_id = $1 AND m.account_id IN ($3)) r
                   WHERE r.place <= $2 ORDER BY r.on_day DESC, r.id DESC";
    CHURN = concat!("SELECT ", columns!(), "
                     WHERE m.workspace_id = $1 AND m.kind = 'churn' AND m.on_day >= $2 ORDER BY m.on_day, m.id");
    REMOVE = "DELETE FROM contract_movement WHERE workspace_id = $1 AND account_id = $2 AND id = $3";
}

/// What a customer's monthly revenue did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// Id.
    pub id: MovementId,
    /// Whose.
    pub account: AccountId,
    /// What another system calls it.
    pub external_id: String,
    /// `new`, `expansion`, `contraction`, `churn`.
    pub kind: String,
    /// From which day.
    pub on: Date,
    /// By how much, never negative: the kind says which way.
    pub amount: Money,
    /// What is known beside; may be empty.
    pub note: String,
    /// Who told it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    account_id: Uuid,
    external_id: String,
    kind: String,
    on_day: Day,
    amount_minor: i64,
    currency: String,
    note: String,
    made_by: String,
    made_at: Timestamp,
}

impl TryFrom<Row> for Movement {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: MovementId::from(row.id),
            account: AccountId::from(row.account_id),
            external_id: row.external_id,
            kind: row.kind,
            on: row.on_day.into(),
            amount: Money { minor: row.amount_minor, currency: read("movement", &row.currency)? },
            note: row.note,
            by: row.made_by,
            at: row.made_at,
        })
    }
}

fn row(workspace: WorkspaceId, one: &Movement) -> Vec<Value> {
    args![
        workspace,
        one.id.uuid(),
        one.account,
        &one.external_id,
        &one.kind,
        one.on,
        one.amount.minor,
        one.amount.currency.to_string(),
        &one.note,
        &one.by,
        one.at,
    ]
}

/// Keeps a movement, in place of what was known under its name; its id stays.
///
/// # Errors
/// When the database fails.
pub async fn set(tx: &mut Tx, workspace: WorkspaceId, one: &Movement) -> Result<(), StoreError> {
    tx.run(SET, row(workspace, one)).await?;
    Ok(())
}

/// Adds movements of a past that is only looked back on.
///
/// # Errors
/// [`StoreError::Conflict`] when one is known; or when the database fails.
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, all: &[Movement]) -> Result<(), StoreError> {
    tx.insert_all(ADD, all.iter().map(|one| row(workspace, one)).collect()).await
}

/// Movements of a customer, the latest first.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_account(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    limit: u32,
) -> Result<Vec<Movement>, StoreError> {
    tx.list::<Row, _>(OF_ACCOUNT, args![workspace, account, limit]).await
}

/// Movements of many customers, the latest first, at most so many of each.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_accounts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    limit: u32,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Vec<Movement>>, StoreError> {
    tx.lists::<_, Row, _>(OF_ACCOUNTS, args![workspace, limit], accounts).await
}

/// Customers who left since a day, the earliest first.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn churn(tx: &mut Tx, workspace: WorkspaceId, since: Date) -> Result<Vec<Movement>, StoreError> {
    tx.list::<Row, _>(CHURN, args![workspace, since]).await
}

/// Takes a movement away. False when it was not known.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    id: MovementId,
) -> Result<bool, StoreError> {
    Ok(tx.run(REMOVE, args![workspace, account, id.uuid()]).await? == 1)
}
