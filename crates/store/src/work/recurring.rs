//! Tasks that repeat, and what was made of them.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, SeriesId, WorkspaceId};
use gangway_domain::work::{Series, SeriesState};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{args, json};

/// The columns of a series, in the order of its row.
macro_rules! columns {
    () => {
        "s.id, s.onboarding_id, s.number, s.spec, s.state, s.made_by, s.made_at, s.version FROM task_series s"
    };
}

sql! {
    "work::recurring";
    INSERT = "INSERT INTO task_series
                (workspace_id, id, onboarding_id, number, spec, state_name, state, made_by, made_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    LAST = "SELECT COALESCE(MAX(number), 0) FROM task_series WHERE workspace_id = $1 AND onboarding_id = $2";
    GET = concat!("SELECT ", columns!(), " WHERE s.workspace_id = $1 AND s.id = $2");
    OF_ONBOARDING = concat!("SELECT ", columns!(), "
                             WHERE s.workspace_id = $1 AND s.onboarding_id = $2 ORDER BY s.number");
    CHANGE = "UPDATE task_series SET spec = $4, state_name = $5, state = $6, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $3";
    // Onboardings in which something repeats; what is over needs nothing any more.
    FOLLOWED = "SELECT DISTINCT s.onboarding_id FROM task_series s
                JOIN onboarding o ON o.workspace_id = s.workspace_id AND o.id = s.onboarding_id
                WHERE s.workspace_id = $1 AND s.state_name = 'running' AND o.state_name IN ('planned', 'running')
                  AND (s.onboarding_id > $2 OR $2 IS NULL)
                ORDER BY s.onboarding_id LIMIT $3";
    MADE = "SELECT due_on, code FROM task_occurrence WHERE workspace_id = $1 AND series_id = $2 ORDER BY due_on";
    MAKE = "INSERT INTO task_occurrence (workspace_id, series_id, due_on, code) VALUES ($1, $2, $3, $4)";
    DROP = "DELETE FROM task_occurrence WHERE workspace_id = $1 AND series_id = $2 AND due_on = $3";
}

/// A series as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Id.
    pub id: SeriesId,
    /// Its onboarding.
    pub onboarding: OnboardingId,
    /// In its onboarding, from 1.
    pub number: i64,
    /// What it says.
    pub series: Series,
    /// Whether it goes on.
    pub state: SeriesState,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    number: i64,
    #[sqlx(json)]
    spec: Series,
    #[sqlx(json)]
    state: SeriesState,
    made_by: String,
    made_at: Timestamp,
    version: i64,
}

#[derive(FromRow)]
struct MadeRow {
    due_on: Day,
    code: String,
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        Self {
            id: SeriesId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            number: row.number,
            series: row.spec,
            state: row.state,
            made_by: row.made_by,
            made_at: row.made_at,
            version: row.version,
        }
    }
}

/// The number the next series of an onboarding has.
///
/// # Errors
/// When the database fails.
pub async fn next_number(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<i64, StoreError> {
    Ok(tx.single_number(LAST, args![workspace, onboarding]).await? + 1)
}

/// Adds a series.
///
/// # Errors
/// [`StoreError::Conflict`] when its number was given to another; or when the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, kept: &Kept) -> Result<(), StoreError> {
    let row = args![
        workspace,
        kept.id,
        kept.onboarding,
        kept.number,
        json("series", &kept.series)?,
        kept.state.word(),
        json("series state", &kept.state)?,
        &kept.made_by,
        kept.made_at,
        kept.version,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One series.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: SeriesId) -> Result<Option<Kept>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id]).await
}

/// The series of an onboarding, in the order they were made.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Kept>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// Keeps a series as it is now, in place of the version it says it was. False when it is not that any more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, kept: &Kept) -> Result<bool, StoreError> {
    let row = args![
        workspace,
        kept.id,
        kept.version,
        json("series", &kept.series)?,
        kept.state.word(),
        json("series state", &kept.state)?,
    ];
    Ok(tx.run(CHANGE, row).await? == 1)
}

/// Onboardings that go on and in which something repeats, after one of them.
///
/// # Errors
/// When the database fails.
pub async fn followed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    after: Option<OnboardingId>,
    limit: u32,
) -> Result<Vec<OnboardingId>, StoreError> {
    tx.ids(FOLLOWED, args![workspace, after, limit]).await
}

/// What was made of a series: codes of tasks by the day they were due.
///
/// # Errors
/// When the database fails.
pub async fn made(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: SeriesId,
) -> Result<BTreeMap<Date, String>, StoreError> {
    let rows: Vec<MadeRow> = tx.all(MADE, args![workspace, id]).await?;
    Ok(rows.into_iter().map(|row| (row.due_on.into(), row.code)).collect())
}

/// Remembers that an occurrence was made.
///
/// # Errors
/// [`StoreError::Conflict`] when it was made already; or when the database fails.
pub async fn make(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: SeriesId,
    due: Date,
    code: &str,
) -> Result<(), StoreError> {
    tx.run(MAKE, args![workspace, id, due, code]).await?;
    Ok(())
}

/// Forgets an occurrence that left the plan because it is not due any more.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx, workspace: WorkspaceId, id: SeriesId, due: Date) -> Result<(), StoreError> {
    tx.run(DROP, args![workspace, id, due]).await?;
    Ok(())
}
