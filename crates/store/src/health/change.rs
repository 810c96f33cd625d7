//! Every change of health, with what it was judged by.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use super::state::{self, Judged, Row, columns};
use crate::db::Tx;
use crate::error::StoreError;
use crate::onboarding::watched;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "health::change";
    ADD = "INSERT INTO health_change
             (workspace_id, onboarding_id, number, at, on_day, score, coverage, computed, status, assessment, facts,
              model, model_version, because)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    CHANGES = concat!("SELECT h.onboarding_id, h.on_day, h.at, h.number, h.because, ", columns!(), "
                       FROM health_change h
                       WHERE h.workspace_id = $1 AND h.onboarding_id = $2 AND (h.number < $3 OR $3 IS NULL)
                       ORDER BY h.number DESC LIMIT $4");
    LINES = "SELECT h.onboarding_id, h.number, h.at, h.on_day, h.score, h.coverage, h.status, h.model, h.model_version,
                    h.because
             FROM health_change h
             WHERE h.workspace_id = $1 AND h.onboarding_id = $2 ORDER BY h.number DESC LIMIT $3";
    BY_DAY = "SELECT score FROM health_change
              WHERE workspace_id = $1 AND onboarding_id = $2 AND on_day <= $3 ORDER BY number DESC LIMIT 1";
    // Of each the last change by that day, found from its newest backwards.
    BY_DAY_OF = "SELECT h.score, h.onboarding_id AS of_id
                 FROM health_state s
                 JOIN health_change h ON h.workspace_id = s.workspace_id AND h.onboarding_id = s.onboarding_id
                 WHERE s.workspace_id = $1
                   AND h.number = (SELECT c.number FROM health_change c
                                   WHERE c.workspace_id = s.workspace_id AND c.onboarding_id = s.onboarding_id
                                     AND c.on_day <= $2
                                   ORDER BY c.number DESC LIMIT 1)
                   AND s.onboarding_id IN ($3)";
    // Day and score of everything that was ever judged, for looking back.
    SCORES = "SELECT onboarding_id, on_day, score, status FROM health_change
              WHERE workspace_id = $1 AND on_day >= $2 ORDER BY onboarding_id, number";
}

/// A change of health without what it was judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// Its number, from 1.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// For which day.
    pub on: Date,
    /// 0 to 100; none where too little was known.
    pub score: Option<i64>,
    /// Share of the weight that had data, percent.
    pub coverage: i64,
    /// What counted.
    pub status: String,
    /// Id of the model.
    pub model: String,
    /// And its version.
    pub model_version: i64,
    /// What moved it.
    pub because: String,
}

#[derive(FromRow)]
struct LineRow {
    onboarding_id: Uuid,
    number: i64,
    at: Timestamp,
    on_day: Day,
    score: Option<i64>,
    coverage: i64,
    status: String,
    model: String,
    model_version: i64,
    because: String,
}

impl From<LineRow> for Line {
    fn from(row: LineRow) -> Self {
        Self {
            onboarding: OnboardingId::from(row.onboarding_id),
            number: row.number,
            at: row.at,
            on: row.on_day.into(),
            score: row.score,
            coverage: row.coverage,
            status: row.status,
            model: row.model,
            model_version: row.model_version,
            because: row.because,
        }
    }
}

/// Keeps what was found as what is now, and as changes that are never rewritten; no onboarding stands there twice.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else kept a change of one of these numbers; or when the database fails.
pub async fn keep(tx: &mut Tx, workspace: WorkspaceId, found: &[Judged]) -> Result<(), StoreError> {
    keep_past(tx, workspace, found).await?;
    state::put(tx, workspace, found).await?;
    let onboardings: Vec<OnboardingId> = found.iter().map(|one| one.onboarding).collect();
    watched::keep(tx, workspace, &onboardings).await
}

/// Keeps changes of a past that is only looked back on.
///
/// # Errors
/// When the database fails.
pub async fn keep_past(tx: &mut Tx, workspace: WorkspaceId, past: &[Judged]) -> Result<(), StoreError> {
    let rows = past.iter().map(|one| {
        args![
            workspace,
            one.onboarding,
            one.number,
            one.at,
            one.on,
            one.score,
            one.coverage,
            &one.computed,
            &one.status,
            one.assessment.clone(),
            one.facts.clone(),
            &one.model,
            one.model_version,
            &one.because,
        ]
    });
    tx.insert_all(ADD, rows.collect()).await
}

/// Changes of an onboarding's health with their facts, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn changes(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Judged>, StoreError> {
    tx.list::<Row, _>(CHANGES, args![workspace, onboarding, before, limit]).await
}

/// The same without what they were judged by.
///
/// # Errors
/// When the database fails.
pub async fn lines(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    limit: u32,
) -> Result<Vec<Line>, StoreError> {
    tx.list::<LineRow, _>(LINES, args![workspace, onboarding, limit]).await
}

/// The score an onboarding had at the end of a day; none where it had none.
///
/// # Errors
/// When the database fails.
pub async fn score_on(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    day: Date,
) -> Result<Option<i64>, StoreError> {
    let row: Option<(Option<i64>,)> = tx.optional(BY_DAY, args![workspace, onboarding, day]).await?;
    Ok(row.and_then(|(score,)| score))
}

/// The scores many onboardings had at the end of a day; those that had none are not there.
///
/// # Errors
/// When the database fails.
pub async fn scores_on(
    tx: &mut Tx,
    workspace: WorkspaceId,
    day: Date,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, i64>, StoreError> {
    let found =
        tx.each::<_, (Option<i64>,), (Option<i64>,)>(BY_DAY_OF, args![workspace, day], onboardings).await?;
    Ok(found.into_iter().filter_map(|(id, (score,))| Some((id, score?))).collect())
}

/// Scores of a workspace since a day: onboarding, day, score, status; by onboarding, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn scores(
    tx: &mut Tx,
    workspace: WorkspaceId,
    since: Date,
) -> Result<Vec<(OnboardingId, Date, Option<i64>, String)>, StoreError> {
    let rows: Vec<(Uuid, Day, Option<i64>, String)> = tx.all(SCORES, args![workspace, since]).await?;
    let read = |(id, day, score, status): (Uuid, Day, Option<i64>, String)| {
        (OnboardingId::from(id), day.into(), score, status)
    };
    Ok(rows.into_iter().map(read).collect())
}
