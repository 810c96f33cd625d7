//! What people put in place of the computed status of health, until a day.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "health::overridden";
    ADD = "INSERT INTO health_override
             (workspace_id, onboarding_id, number, status, reason, until, made_by, made_at, ended_by, ended_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL)";
    END = "UPDATE health_override SET ended_by = $3, ended_at = $4
           WHERE workspace_id = $1 AND onboarding_id = $2 AND ended_at IS NULL";
    ALL = "SELECT number, status, reason, until, made_by, made_at, ended_by, ended_at FROM health_override
           WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY number DESC";
    CURRENT = "SELECT number, status, reason, until, made_by, made_at, ended_by, ended_at FROM health_override
               WHERE workspace_id = $1 AND onboarding_id = $2 AND ended_at IS NULL AND until >= $3
               ORDER BY number DESC LIMIT 1";
    CURRENT_OF = "SELECT number, status, reason, until, made_by, made_at, ended_by, ended_at, onboarding_id AS of_id
                  FROM health_override
                  WHERE workspace_id = $1 AND ended_at IS NULL AND until >= $2 AND onboarding_id IN ($3)
                  ORDER BY number DESC";
}

/// What somebody put in place of the computed status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Number, from 1.
    pub number: i64,
    /// The status (a word of the model).
    pub status: String,
    /// Why.
    pub reason: String,
    /// The last day on which it counts.
    pub until: Date,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Who ended it before that day, and when.
    pub ended: Option<(String, Timestamp)>,
}

#[derive(FromRow)]
struct Row {
    number: i64,
    status: String,
    reason: String,
    until: Day,
    made_by: String,
    made_at: Timestamp,
    ended_by: Option<String>,
    ended_at: Option<Timestamp>,
}

impl From<Row> for Override {
    fn from(row: Row) -> Self {
        Self {
            number: row.number,
            status: row.status,
            reason: row.reason,
            until: row.until.into(),
            by: row.made_by,
            at: row.made_at,
            ended: row.ended_by.zip(row.ended_at),
        }
    }
}

/// Adds one.
///
/// # Errors
/// [`StoreError::Conflict`] when the number is taken; or when the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    one: &Override,
) -> Result<(), StoreError> {
    let Override { number, status, reason, until, by, at, ended: _ } = one;
    tx.run(ADD, args![workspace, onboarding, *number, status, reason, *until, by, *at]).await?;
    Ok(())
}

/// Ends what is not ended.
///
/// # Errors
/// When the database fails.
pub async fn end(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    by: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(END, args![workspace, onboarding, by, at]).await?;
    Ok(())
}

/// All of an onboarding, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Override>, StoreError> {
    tx.list::<Row, _>(ALL, args![workspace, onboarding]).await
}

/// The one that counts on a day.
///
/// # Errors
/// When the database fails.
pub async fn current(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    on: Date,
) -> Result<Option<Override>, StoreError> {
    tx.one::<Row, _>(CURRENT, args![workspace, onboarding, on]).await
}

/// Those that count on a day, of many onboardings.
///
/// # Errors
/// When the database fails.
pub async fn current_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    on: Date,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Override>, StoreError> {
    tx.each::<_, Row, _>(CURRENT_OF, args![workspace, on], onboardings).await
}
