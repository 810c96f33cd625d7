//! Forecasts as they were made, one for each day, and what tasks took of which they learn.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::plan::forecast::{Basis, DayRuns, Driver, Observation};
use gangway_domain::work::Took;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{args, json, unword, word};

sql! {
    "forecast";
    LATEST = "SELECT made_on, made_at, revision, runs, planned_on, p50_on, p80_on, finish_planned_on, finish_p50_on,
                     finish_p80_on, promised_on, kept_percent, detail, spread
              FROM forecast WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY made_on DESC LIMIT 1";
    PAST = "SELECT made_on, planned_on, p50_on, p80_on, finish_p50_on, finish_p80_on, promised_on, kept_percent
            FROM forecast WHERE workspace_id = $1 AND onboarding_id = $2 AND (made_on < $3 OR $3 IS NULL)
            ORDER BY made_on DESC LIMIT $4";
    KEEP = "INSERT INTO forecast
              (workspace_id, onboarding_id, made_on, made_at, revision, runs, planned_on, p50_on, p80_on,
               finish_planned_on, finish_p50_on, finish_p80_on, promised_on, kept_percent, detail, spread)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            ON CONFLICT (workspace_id, onboarding_id, made_on)
            DO UPDATE SET made_at = excluded.made_at, revision = excluded.revision, runs = excluded.runs,
                          planned_on = excluded.planned_on, p50_on = excluded.p50_on, p80_on = excluded.p80_on,
                          finish_planned_on = excluded.finish_planned_on, finish_p50_on = excluded.finish_p50_on,
                          finish_p80_on = excluded.finish_p80_on, promised_on = excluded.promised_on,
                          kept_percent = excluded.kept_percent, detail = excluded.detail, spread = excluded.spread";
    THIN = "UPDATE forecast SET spread = NULL
            WHERE workspace_id = $1 AND onboarding_id = $2 AND made_on < $3 AND spread IS NOT NULL";
    ROW = "UPDATE onboarding SET p80_on = $3, kept_percent = $4 WHERE workspace_id = $1 AND id = $2";
    WARNED = "SELECT made_on FROM forecast
              WHERE workspace_id = $1 AND onboarding_id = $2 AND warned_of = $3 LIMIT 1";
    WARN = "UPDATE forecast SET warned_of = $4 WHERE workspace_id = $1 AND onboarding_id = $2 AND made_on = $3";
    DUE = "SELECT o.id FROM onboarding o
           JOIN plan_ground g ON g.workspace_id = o.workspace_id AND g.onboarding_id = o.id
           WHERE o.workspace_id = $1 AND o.state_name IN ('planned', 'running') AND o.id > $3
             AND NOT EXISTS (SELECT 1 FROM forecast f
                             WHERE f.workspace_id = o.workspace_id AND f.onboarding_id = o.id
                               AND f.made_on = $2 AND f.revision = g.revision)
           ORDER BY o.id LIMIT $4";
    LEARN = "SELECT onboarding_id, side, kind, planned, actual FROM slip
             WHERE workspace_id = $1 ORDER BY finished_on DESC, onboarding_id, code LIMIT $2";
    TOOK = "INSERT INTO slip (workspace_id, onboarding_id, code, side, kind, planned, actual, finished_on)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (workspace_id, onboarding_id, code)
            DO UPDATE SET side = excluded.side, kind = excluded.kind, planned = excluded.planned,
                          actual = excluded.actual, finished_on = excluded.finished_on";
    UNTOOK = "DELETE FROM slip WHERE workspace_id = $1 AND onboarding_id = $2 AND code = $3";
}

/// A forecast with everything that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// When it was made.
    pub made_at: Timestamp,
    /// Revision of the plan it was made from.
    pub revision: i64,
    /// Runs it was made with.
    pub runs: u32,
    /// The planned end at that time.
    pub finish_planned_on: Date,
    /// Its dates.
    pub dates: Past,
    /// Where the figures come from, and what they depend on.
    pub detail: Detail,
    /// On how many runs each day is the go-live, in order.
    pub spread: Vec<DayRuns>,
}

/// The dates of a forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// The day it was made.
    pub made_on: Date,
    /// The planned go-live at that time.
    pub planned_on: Date,
    /// The day by which half of the runs are live.
    pub p50_on: Date,
    /// The day by which four of five are.
    pub p80_on: Date,
    /// The day by which half of the runs are at their end.
    pub finish_p50_on: Date,
    /// The day by which four of five are.
    pub finish_p80_on: Date,
    /// The promised go-live at that time.
    pub promised_on: Date,
    /// Share of the runs that keep it, whole per cent.
    pub kept_percent: i64,
}

impl Past {
    /// Calendar days by which P80 passes the promise; negative when there is time to spare.
    #[must_use]
    pub fn days_past(&self) -> i64 {
        i64::from((self.p80_on - self.promised_on).get_days())
    }
}

/// Where the figures of a forecast come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// For each side and kind of work still open.
    pub basis: Vec<Basis>,
    /// Open tasks that decide, the riskiest first.
    pub drivers: Vec<Driver>,
}

#[derive(FromRow)]
struct Row {
    made_at: Timestamp,
    revision: i64,
    runs: i64,
    finish_planned_on: Day,
    #[sqlx(flatten)]
    dates: PastRow,
    #[sqlx(json)]
    detail: Detail,
    spread: Option<Json<Vec<DayRuns>>>,
}

#[derive(FromRow)]
struct PastRow {
    made_on: Day,
    planned_on: Day,
    p50_on: Day,
    p80_on: Day,
    finish_p50_on: Day,
    finish_p80_on: Day,
    promised_on: Day,
    kept_percent: i64,
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        Self {
            made_at: row.made_at,
            revision: row.revision,
            runs: u32::try_from(row.runs).unwrap_or(0),
            finish_planned_on: row.finish_planned_on.into(),
            dates: row.dates.into(),
            detail: row.detail,
            spread: row.spread.map(|Json(days)| days).unwrap_or_default(),
        }
    }
}

impl From<PastRow> for Past {
    fn from(row: PastRow) -> Self {
        Self {
            made_on: row.made_on.into(),
            planned_on: row.planned_on.into(),
            p50_on: row.p50_on.into(),
            p80_on: row.p80_on.into(),
            finish_p50_on: row.finish_p50_on.into(),
            finish_p80_on: row.finish_p80_on.into(),
            promised_on: row.promised_on.into(),
            kept_percent: row.kept_percent,
        }
    }
}

/// The latest forecast of an onboarding.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<Kept>, StoreError> {
    tx.one::<Row, _>(LATEST, args![workspace, onboarding]).await
}

/// What was forecast, the newest first, before a day.
///
/// # Errors
/// When the database fails.
pub async fn past(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    before: Option<Date>,
    limit: u32,
) -> Result<Vec<Past>, StoreError> {
    tx.list::<PastRow, _>(PAST, args![workspace, onboarding, before, limit]).await
}

/// Keeps a forecast: one for each day, the last of it. The portfolio's row says its P80 too; its version stays, since
/// nothing that somebody said is changed.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    kept: &Kept,
) -> Result<(), StoreError> {
    let Kept { made_at, revision, runs, finish_planned_on, dates, detail, spread } = kept;
    let row = args![
        workspace,
        onboarding,
        dates.made_on,
        *made_at,
        *revision,
        *runs,
        dates.planned_on,
        dates.p50_on,
        dates.p80_on,
        *finish_planned_on,
        dates.finish_p50_on,
        dates.finish_p80_on,
        dates.promised_on,
        dates.kept_percent,
        json("forecast", detail)?,
        json("spread of a forecast", spread)?,
    ];
    tx.run(KEEP, row).await?;
    tx.run(THIN, args![workspace, onboarding, dates.made_on]).await?;
    tx.run(ROW, args![workspace, onboarding, dates.p80_on, dates.kept_percent]).await?;
    Ok(())
}

/// Whether people were warned that P80 passes this promise.
///
/// # Errors
/// When the database fails.
pub async fn was_warned(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    promised: Date,
) -> Result<bool, StoreError> {
    let row: Option<(Day,)> = tx.optional(WARNED, args![workspace, onboarding, promised]).await?;
    Ok(row.is_some())
}

/// Remembers that people were warned by the forecast of a day.
///
/// # Errors
/// When the database fails.
pub async fn warned(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    dates: &Past,
) -> Result<(), StoreError> {
    tx.run(WARN, args![workspace, onboarding, dates.made_on, dates.promised_on]).await?;
    Ok(())
}

/// Open onboardings without a forecast of this day and of their plan as it is, in order of ids, after one.
///
/// # Errors
/// When the database fails.
pub async fn due(
    tx: &mut Tx,
    workspace: WorkspaceId,
    today: Date,
    after: Option<OnboardingId>,
    limit: u32,
) -> Result<Vec<OnboardingId>, StoreError> {
    tx.round(DUE, workspace, today, after, limit).await
}

#[derive(FromRow)]
struct SlipRow {
    onboarding_id: Uuid,
    side: String,
    kind: String,
    planned: i64,
    actual: i64,
}

/// What the tasks of a workspace took that were done last, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn history(
    tx: &mut Tx,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<Vec<Observation>, StoreError> {
    let rows: Vec<SlipRow> = tx.all(LEARN, args![workspace, limit]).await?;
    let days = |days: i64| u32::try_from(days).unwrap_or(0);
    let of = |row: SlipRow| {
        Ok(Observation {
            onboarding: row.onboarding_id.simple().to_string(),
            owner: unword("side", row.side)?,
            kind: row.kind,
            planned: days(row.planned),
            actual: days(row.actual),
        })
    };
    rows.into_iter().map(of).collect()
}

/// Remembers what a task took.
///
/// # Errors
/// When the database fails.
pub async fn took(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    took: &Took,
) -> Result<(), StoreError> {
    let Took { code, side, kind, planned, actual, finished_on } = took;
    let row = args![workspace, onboarding, code, word("side", side)?, kind, *planned, *actual, *finished_on,];
    tx.run(TOOK, row).await?;
    Ok(())
}

/// Forgets what a task took: it is not done any more.
///
/// # Errors
/// When the database fails.
pub async fn not_done(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    code: &str,
) -> Result<(), StoreError> {
    tx.run(UNTOOK, args![workspace, onboarding, code]).await?;
    Ok(())
}
