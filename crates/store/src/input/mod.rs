//! What other systems tell of a customer: tickets, integrations, the quality of data, what the contract did.

pub mod file;
pub mod movement;
pub mod renewal;
pub mod ticket;

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "input";
    SET_INTEGRATION = "INSERT INTO integration_state
                         (workspace_id, account_id, name, status, failures, tests_failed, note, at)
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                       ON CONFLICT (workspace_id, account_id, name)
                       DO UPDATE SET status = excluded.status, failures = excluded.failures,
                                     tests_failed = excluded.tests_failed, note = excluded.note, at = excluded.at
                       WHERE integration_state.at <= excluded.at";
    INTEGRATIONS = "SELECT name, status, failures, tests_failed, note, at FROM integration_state
                    WHERE workspace_id = $1 AND account_id = $2 ORDER BY name";
    INTEGRATIONS_OF = "SELECT name, status, failures, tests_failed, note, at, account_id AS of_id FROM integration_state
                       WHERE workspace_id = $1 AND account_id IN ($2) ORDER BY name";
    REMOVE_INTEGRATION = "DELETE FROM integration_state WHERE workspace_id = $1 AND account_id = $2 AND name = $3";
    SET_QUALITY = "INSERT INTO data_quality (workspace_id, account_id, source, measured_on, checked, wrong)
                   VALUES ($1, $2, $3, $4, $5, $6)
                   ON CONFLICT (workspace_id, account_id, source, measured_on)
                   DO UPDATE SET checked = excluded.checked, wrong = excluded.wrong";
    // Of each source what was measured last.
    QUALITY = "SELECT q.source, q.measured_on, q.checked, q.wrong FROM data_quality q
               WHERE q.workspace_id = $1 AND q.account_id = $2
                 AND q.measured_on = (SELECT MAX(l.measured_on) FROM data_quality l
                                      WHERE l.workspace_id = q.workspace_id AND l.account_id = q.account_id
                                        AND l.source = q.source)
               ORDER BY q.source";
    QUALITY_OF = "SELECT q.source, q.measured_on, q.checked, q.wrong, q.account_id AS of_id FROM data_quality q
                  WHERE q.workspace_id = $1 AND q.account_id IN ($2)
                    AND q.measured_on = (SELECT MAX(l.measured_on) FROM data_quality l
                                         WHERE l.workspace_id = q.workspace_id AND l.account_id = q.account_id
                                           AND l.source = q.source)
                  ORDER BY q.source";
    QUALITY_PAST = "SELECT source, measured_on, checked, wrong FROM data_quality
                    WHERE workspace_id = $1 AND account_id = $2 ORDER BY measured_on DESC, source LIMIT $3";
    REMOVE_QUALITY = "DELETE FROM data_quality
                      WHERE workspace_id = $1 AND account_id = $2 AND source = $3 AND measured_on = $4";
    MOVE_INTEGRATIONS = "UPDATE integration_state SET account_id = $3
                         WHERE workspace_id = $1 AND account_id = $2
                           AND NOT EXISTS (SELECT 1 FROM integration_state o
                                           WHERE o.workspace_id = integration_state.workspace_id
                                             AND o.account_id = $3 AND o.name = integration_state.name)";
    MOVE_QUALITY = "UPDATE data_quality SET account_id = $3
                    WHERE workspace_id = $1 AND account_id = $2
                      AND NOT EXISTS (SELECT 1 FROM data_quality o
                                      WHERE o.workspace_id = data_quality.workspace_id AND o.account_id = $3
                                        AND o.source = data_quality.source
                                        AND o.measured_on = data_quality.measured_on)";
    MOVE_TICKETS = "UPDATE support_ticket SET account_id = $3
                    WHERE workspace_id = $1 AND account_id = $2
                      AND NOT EXISTS (SELECT 1 FROM support_ticket o
                                      WHERE o.workspace_id = support_ticket.workspace_id AND o.account_id = $3
                                        AND o.external_id = support_ticket.external_id)";
    MOVE_MOVEMENTS = "UPDATE contract_movement SET account_id = $3
                      WHERE workspace_id = $1 AND account_id = $2
                        AND NOT EXISTS (SELECT 1 FROM contract_movement o
                                        WHERE o.workspace_id = contract_movement.workspace_id AND o.account_id = $3
                                          AND o.external_id = contract_movement.external_id)";
    MOVE_RENEWAL = "UPDATE contract_renewal SET account_id = $3
                    WHERE workspace_id = $1 AND account_id = $2
                      AND NOT EXISTS (SELECT 1 FROM contract_renewal o
                                      WHERE o.workspace_id = contract_renewal.workspace_id AND o.account_id = $3)";
}

/// How a connected system stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integration {
    /// Which system.
    pub name: String,
    /// `planned`, `connected`, `live`, `failing`, `off`.
    pub status: String,
    /// Failures in the last seven days.
    pub failures: i64,
    /// Tests that failed when it was last tested.
    pub tests_failed: i64,
    /// What is known beside; may be empty.
    pub note: String,
    /// When it was so.
    pub at: Timestamp,
}

#[derive(FromRow)]
struct IntegrationRow {
    name: String,
    status: String,
    failures: i64,
    tests_failed: i64,
    note: String,
    at: Timestamp,
}

impl From<IntegrationRow> for Integration {
    fn from(row: IntegrationRow) -> Self {
        let IntegrationRow { name, status, failures, tests_failed, note, at } = row;
        Self { name, status, failures, tests_failed, note, at }
    }
}

/// How many records of a source were found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quality {
    /// Which source.
    pub source: String,
    /// The day it was measured.
    pub on: Date,
    /// Records that were looked at.
    pub checked: i64,
    /// Of those, wrong ones.
    pub wrong: i64,
}

#[derive(FromRow)]
struct QualityRow {
    source: String,
    measured_on: Day,
    checked: i64,
    wrong: i64,
}

impl From<QualityRow> for Quality {
    fn from(row: QualityRow) -> Self {
        Self { source: row.source, on: row.measured_on.into(), checked: row.checked, wrong: row.wrong }
    }
}

/// Keeps how a system stands, unless something later is known. False then.
///
/// # Errors
/// When the database fails.
pub async fn set_integration(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    one: &Integration,
) -> Result<bool, StoreError> {
    let Integration { name, status, failures, tests_failed, note, at } = one;
    let row = args![workspace, account, name, status, *failures, *tests_failed, note, *at];
    Ok(tx.run(SET_INTEGRATION, row).await? == 1)
}

/// The systems of a customer, by name.
///
/// # Errors
/// When the database fails.
pub async fn integrations(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Vec<Integration>, StoreError> {
    tx.list::<IntegrationRow, _>(INTEGRATIONS, args![workspace, account]).await
}

/// The systems of many customers, by name.
///
/// # Errors
/// When the database fails.
pub async fn integrations_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Vec<Integration>>, StoreError> {
    tx.lists::<_, IntegrationRow, _>(INTEGRATIONS_OF, args![workspace], accounts).await
}

/// Forgets a system. False when it was not known.
///
/// # Errors
/// When the database fails.
pub async fn remove_integration(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    name: &str,
) -> Result<bool, StoreError> {
    Ok(tx.run(REMOVE_INTEGRATION, args![workspace, account, name]).await? == 1)
}

/// Keeps what was measured of a source on a day, in place of what was said of that day before.
///
/// # Errors
/// When the database fails.
pub async fn set_quality(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    one: &Quality,
) -> Result<(), StoreError> {
    let Quality { source, on, checked, wrong } = one;
    tx.run(SET_QUALITY, args![workspace, account, source, *on, *checked, *wrong]).await?;
    Ok(())
}

/// What was measured last of each source of a customer.
///
/// # Errors
/// When the database fails.
pub async fn quality(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Vec<Quality>, StoreError> {
    tx.list::<QualityRow, _>(QUALITY, args![workspace, account]).await
}

/// What was measured of a customer's sources, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn quality_past(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    limit: u32,
) -> Result<Vec<Quality>, StoreError> {
    tx.list::<QualityRow, _>(QUALITY_PAST, args![workspace, account, limit]).await
}

/// Forgets what was measured of a source on a day. False when it was not known.
///
/// # Errors
/// When the database fails.
pub async fn remove_quality(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    (source, on): (&str, Date),
) -> Result<bool, StoreError> {
    Ok(tx.run(REMOVE_QUALITY, args![workspace, account, source, on]).await? == 1)
}

/// What was measured last of each source of many customers.
///
/// # Errors
/// When the database fails.
pub async fn quality_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Vec<Quality>>, StoreError> {
    tx.lists::<_, QualityRow, _>(QUALITY_OF, args![workspace], accounts).await
}

/// Moves what is known of one customer to another; what the other knows itself stays.
///
/// # Errors
/// When the database fails.
pub(crate) async fn take_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    from: AccountId,
    into: AccountId,
) -> Result<(), StoreError> {
    tx.run(MOVE_INTEGRATIONS, args![workspace, from, into]).await?;
    tx.run(MOVE_QUALITY, args![workspace, from, into]).await?;
    tx.run(MOVE_TICKETS, args![workspace, from, into]).await?;
    tx.run(MOVE_MOVEMENTS, args![workspace, from, into]).await?;
    tx.run(MOVE_RENEWAL, args![workspace, from, into]).await?;
    Ok(())
}
