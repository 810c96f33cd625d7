//! Weekly reviews of the signals of an onboarding, as they were kept.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use jiff::civil::Date;
use serde_json::Value as Json;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "signal::review";
    ADD = "INSERT INTO signal_review
             (workspace_id, onboarding_id, week, answers, concerns, made_by, made_at, version)
           VALUES ($1, $2, $3, $4, $5, $6, $7, 1)";
    CHANGE = "UPDATE signal_review SET answers = $4, concerns = $5, made_by = $6, made_at = $7, version = version + 1
              WHERE workspace_id = $1 AND onboarding_id = $2 AND week = $3 AND version = $8";
    LATEST = "SELECT week, answers, concerns, made_by, made_at, version FROM signal_review
              WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY week DESC LIMIT $3";
}

/// A review of a week.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// The Monday of the week.
    pub week: Date,
    /// What was answered, by item of the checklist.
    pub answers: Json,
    /// How many with no.
    pub concerns: i64,
    /// Who kept it last.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    week: Day,
    #[sqlx(json)]
    answers: Json,
    concerns: i64,
    made_by: String,
    made_at: Timestamp,
    version: i64,
}

impl From<Row> for Review {
    fn from(row: Row) -> Self {
        Self {
            week: row.week.into(),
            answers: row.answers,
            concerns: row.concerns,
            by: row.made_by,
            at: row.made_at,
            version: row.version,
        }
    }
}

/// Keeps a review in place of the version it says it was, 0 for none. False when it is not that version any more.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    review: &Review,
) -> Result<bool, StoreError> {
    let Review { week, answers, concerns, by, at, version } = review;
    if *version > 0 {
        let row = args![workspace, onboarding, *week, answers.clone(), *concerns, by, *at, *version];
        return Ok(tx.run(CHANGE, row).await? == 1);
    }
    match tx.run(ADD, args![workspace, onboarding, *week, answers.clone(), *concerns, by, *at]).await {
        Ok(_) => Ok(true),
        Err(StoreError::Conflict(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The latest reviews of an onboarding, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    limit: u32,
) -> Result<Vec<Review>, StoreError> {
    tx.list::<Row, _>(LATEST, args![workspace, onboarding, limit]).await
}
