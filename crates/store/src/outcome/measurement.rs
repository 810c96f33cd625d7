//! What was measured of outcomes over time.

use gangway_domain::ids::{MeasurementId, OnboardingId, OutcomeId, WorkspaceId};
use gangway_domain::outcome::{Amount, Evidence, Reading};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{args, json};

/// The columns of a measurement, in the order of its row.
macro_rules! columns {
    () => {
        "m.id, m.onboarding_id, m.outcome_id, m.measured_on, m.value, m.holds, m.note, m.evidence, m.made_by, m.made_at"
    };
}

sql! {
    "outcome::measurement";
    INSERT = "INSERT INTO outcome_measurement
                (workspace_id, id, onboarding_id, outcome_id, measured_on, value, holds, note, evidence, made_by, made_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    GET = concat!("SELECT ", columns!(), " FROM outcome_measurement m WHERE m.workspace_id = $1 AND m.id = $2");
    OF_OUTCOME = concat!("SELECT ", columns!(), " FROM outcome_measurement m
                          WHERE m.workspace_id = $1 AND m.outcome_id = $2 ORDER BY m.measured_on, m.id");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " FROM outcome_measurement m
                             WHERE m.workspace_id = $1 AND m.onboarding_id = $2 ORDER BY m.measured_on, m.id");
    DELETE = "DELETE FROM outcome_measurement WHERE workspace_id = $1 AND id = $2";
}

/// What was measured of an outcome on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurement {
    /// Id.
    pub id: MeasurementId,
    /// Of which onboarding.
    pub onboarding: OnboardingId,
    /// Of which outcome.
    pub outcome: OutcomeId,
    /// On which day.
    pub on: Date,
    /// The figure, and whether the outcome is there.
    pub reading: Reading,
    /// What belongs to it in words; may be empty.
    pub note: String,
    /// What shows it.
    pub evidence: Option<Evidence>,
    /// Who wrote it down.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    outcome_id: Uuid,
    measured_on: Day,
    value: Option<i64>,
    holds: bool,
    note: String,
    #[sqlx(json)]
    evidence: Option<Evidence>,
    made_by: String,
    made_at: Timestamp,
}

impl From<Row> for Measurement {
    fn from(row: Row) -> Self {
        Self {
            id: MeasurementId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            outcome: OutcomeId::from(row.outcome_id),
            on: row.measured_on.into(),
            reading: Reading { value: row.value.map(Amount::from_thousandths), holds: row.holds },
            note: row.note,
            evidence: row.evidence,
            made_by: row.made_by,
            made_at: row.made_at,
        }
    }
}

/// Adds a measurement.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, one: &Measurement) -> Result<(), StoreError> {
    let row = args![
        workspace,
        one.id,
        one.onboarding,
        one.outcome,
        one.on,
        one.reading.value.map(Amount::thousandths),
        one.reading.holds,
        &one.note,
        json("measurement", &one.evidence)?,
        &one.made_by,
        one.made_at,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One measurement.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: MeasurementId,
) -> Result<Option<Measurement>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id]).await
}

/// The measurements of an outcome by day.
///
/// # Errors
/// When the database fails.
pub async fn of_outcome(
    tx: &mut Tx,
    workspace: WorkspaceId,
    outcome: OutcomeId,
) -> Result<Vec<Measurement>, StoreError> {
    tx.list::<Row, _>(OF_OUTCOME, args![workspace, outcome]).await
}

/// The measurements of all outcomes of an onboarding by day.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Measurement>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// Takes a measurement out.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: MeasurementId) -> Result<(), StoreError> {
    tx.run(DELETE, args![workspace, id]).await?;
    Ok(())
}
