//! Health of onboardings: how each stands now, and every change of it, which is never rewritten.

pub mod known;
pub mod observation;
pub mod overridden;

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use jiff::civil::Date;
use serde_json::Value as Json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

/// The columns of a judgement, in the order of its row.
macro_rules! columns {
    () => {
        "h.score, h.coverage, h.computed, h.status, h.assessment, h.facts, h.model, h.model_version"
    };
}

sql! {
    "health";
    GET = concat!("SELECT h.onboarding_id, h.judged_on AS on_day, h.at, h.number, '' AS because, ", columns!(), "
                   FROM health_state h WHERE h.workspace_id = $1 AND h.onboarding_id = $2");
    KEEP = "INSERT INTO health_state
              (workspace_id, onboarding_id, score, coverage, computed, status, assessment, facts, model,
               model_version, judged_on, at, number)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT (workspace_id, onboarding_id)
            DO UPDATE SET score = excluded.score, coverage = excluded.coverage, computed = excluded.computed,
                          status = excluded.status, assessment = excluded.assessment, facts = excluded.facts,
                          model = excluded.model, model_version = excluded.model_version,
                          judged_on = excluded.judged_on, at = excluded.at, number = excluded.number";
    FACTS = "UPDATE health_state SET facts = $3, assessment = $4, judged_on = $5
             WHERE workspace_id = $1 AND onboarding_id = $2";
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
    // The gravest first; those of whom too little is known last.
    PAGE = "SELECT h.onboarding_id, o.account_id, o.customer, o.segment_name, o.state_name, h.score, h.coverage,
                   h.computed, h.status, h.model, h.model_version, h.judged_on, h.at
            FROM health_state h
            JOIN onboarding o ON o.workspace_id = h.workspace_id AND o.id = h.onboarding_id
            WHERE h.workspace_id = $1 AND (h.status = $2 OR $2 IS NULL)
              AND (o.id > $3 OR $3 IS NULL)
            ORDER BY o.id LIMIT $4";
    COUNTS = "SELECT status, CAST(COUNT(*) AS BIGINT) FROM health_state WHERE workspace_id = $1 GROUP BY status";
    DUE = "SELECT o.id FROM onboarding o
           WHERE o.workspace_id = $1 AND o.state_name <> 'closed' AND o.id > $3
             AND NOT EXISTS (SELECT 1 FROM health_state h
                             WHERE h.workspace_id = o.workspace_id AND h.onboarding_id = o.id AND h.judged_on >= $2)
           ORDER BY o.id LIMIT $4";
    WANT = "UPDATE health_due SET wanted = wanted + 1 WHERE workspace_id = $1 AND onboarding_id = $2";
    WANT_FIRST = "INSERT INTO health_due (workspace_id, onboarding_id, wanted)
                  SELECT o.workspace_id, o.id, 1 FROM onboarding o WHERE o.workspace_id = $1 AND o.id = $2
                  ON CONFLICT (workspace_id, onboarding_id) DO UPDATE SET wanted = health_due.wanted + 1";
    TAKE = "DELETE FROM health_due WHERE workspace_id = $1 AND onboarding_id = $2";
    OF_ACCOUNT = "SELECT id FROM onboarding
                  WHERE workspace_id = $1 AND account_id = $2 AND state_name <> 'closed' ORDER BY id";
    // Day and score of everything that was ever judged, for looking back.
    SCORES = "SELECT onboarding_id, on_day, score, status FROM health_change
              WHERE workspace_id = $1 AND on_day >= $2 ORDER BY onboarding_id, number";
}

/// What was found of an onboarding's health on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// Number of the change, from 1.
    pub number: i64,
    /// When it became so.
    pub at: Timestamp,
    /// The day it was judged for.
    pub on: Date,
    /// 0 to 100; none where too little is known.
    pub score: Option<i64>,
    /// Share of the weight that has data, percent.
    pub coverage: i64,
    /// What the score alone says (a word of the model).
    pub computed: String,
    /// What counts, after caps and what a person said.
    pub status: String,
    /// The assessment with what every component contributes.
    pub assessment: Json,
    /// The facts it was judged by.
    pub facts: Json,
    /// Id of the model.
    pub model: String,
    /// And its version.
    pub model_version: i64,
    /// What moved it; empty of what is now.
    pub because: String,
}

#[derive(FromRow)]
struct Row {
    onboarding_id: Uuid,
    number: i64,
    at: Timestamp,
    on_day: Day,
    score: Option<i64>,
    coverage: i64,
    computed: String,
    status: String,
    #[sqlx(json)]
    assessment: Json,
    #[sqlx(json)]
    facts: Json,
    model: String,
    model_version: i64,
    because: String,
}

impl From<Row> for Judged {
    fn from(row: Row) -> Self {
        Self {
            onboarding: OnboardingId::from(row.onboarding_id),
            number: row.number,
            at: row.at,
            on: row.on_day.into(),
            score: row.score,
            coverage: row.coverage,
            computed: row.computed,
            status: row.status,
            assessment: row.assessment,
            facts: row.facts,
            model: row.model,
            model_version: row.model_version,
            because: row.because,
        }
    }
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

/// The health of one of many onboardings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// Whose.
    pub account: AccountId,
    /// The customer.
    pub customer: String,
    /// Segment as people see it.
    pub segment: String,
    /// State of the onboarding.
    pub state: String,
    /// 0 to 100; none where too little is known.
    pub score: Option<i64>,
    /// Share of the weight that has data, percent.
    pub coverage: i64,
    /// What the score alone says.
    pub computed: String,
    /// What counts.
    pub status: String,
    /// Id of the model.
    pub model: String,
    /// And its version.
    pub model_version: i64,
    /// The day it was judged for.
    pub on: Date,
    /// When it became so.
    pub at: Timestamp,
}

#[derive(FromRow)]
struct ListedRow {
    onboarding_id: Uuid,
    account_id: Uuid,
    customer: String,
    segment_name: String,
    state_name: String,
    score: Option<i64>,
    coverage: i64,
    computed: String,
    status: String,
    model: String,
    model_version: i64,
    judged_on: Day,
    at: Timestamp,
}

impl From<ListedRow> for Listed {
    fn from(row: ListedRow) -> Self {
        Self {
            onboarding: OnboardingId::from(row.onboarding_id),
            account: AccountId::from(row.account_id),
            customer: row.customer,
            segment: row.segment_name,
            state: row.state_name,
            score: row.score,
            coverage: row.coverage,
            computed: row.computed,
            status: row.status,
            model: row.model,
            model_version: row.model_version,
            on: row.judged_on.into(),
            at: row.at,
        }
    }
}

/// The health of an onboarding now; none before it was ever judged.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<Judged>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, onboarding]).await
}

/// Keeps what was found as what is now, and as a change that is never rewritten.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else kept a change of this number; or when the database fails.
pub async fn keep(tx: &mut Tx, workspace: WorkspaceId, judged: &Judged) -> Result<(), StoreError> {
    let Judged { onboarding, number, at, on, score, coverage, computed, status, .. } = judged;
    let (assessment, facts) = (judged.assessment.clone(), judged.facts.clone());
    let change = args![
        workspace,
        *onboarding,
        *number,
        *at,
        *on,
        *score,
        *coverage,
        computed,
        status,
        assessment.clone(),
        facts.clone(),
        &judged.model,
        judged.model_version,
        &judged.because,
    ];
    tx.run(ADD, change).await?;
    let state = args![
        workspace,
        *onboarding,
        *score,
        *coverage,
        computed,
        status,
        assessment,
        facts,
        &judged.model,
        judged.model_version,
        *on,
        *at,
        *number,
    ];
    tx.run(KEEP, state).await?;
    Ok(())
}

/// Keeps changes of a past that is only looked back on, with the last of them as what is now.
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

/// Says that nothing changed on a day: the facts are those of now.
///
/// # Errors
/// When the database fails.
pub async fn unchanged(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    facts: &Json,
    assessment: &Json,
    on: Date,
) -> Result<(), StoreError> {
    tx.run(FACTS, args![workspace, onboarding, facts.clone(), assessment.clone(), on]).await?;
    Ok(())
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

/// The health of onboardings of a workspace in order of ids, after one of them.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    status: Option<&str>,
    after: Option<OnboardingId>,
    limit: u32,
) -> Result<Vec<Listed>, StoreError> {
    let status = status.map(str::to_owned);
    tx.list::<ListedRow, _>(PAGE, args![workspace, status, after, limit]).await
}

/// How many onboardings have each status.
///
/// # Errors
/// When the database fails.
pub async fn counts(tx: &mut Tx, workspace: WorkspaceId) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows: Vec<(String, i64)> = tx.all(COUNTS, args![workspace]).await?;
    Ok(rows.into_iter().collect())
}

/// Onboardings that are not closed and were not judged for this day, in order of ids, after one of them.
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
    let after = after.map_or(Uuid::nil(), OnboardingId::uuid);
    tx.ids(DUE, args![workspace, today, after, limit]).await
}

/// Says that an onboarding must be judged again. True when nobody had said so since it was judged last.
///
/// # Errors
/// When the database fails.
pub async fn want(tx: &mut Tx, workspace: WorkspaceId, onboarding: OnboardingId) -> Result<bool, StoreError> {
    // The change also waits for whoever takes it in the same moment, so that no wish is lost.
    if tx.run(WANT, args![workspace, onboarding]).await? > 0 {
        return Ok(false);
    }
    Ok(tx.run(WANT_FIRST, args![workspace, onboarding]).await? > 0)
}

/// Takes the wish to judge an onboarding, before it is judged.
///
/// # Errors
/// When the database fails.
pub async fn take(tx: &mut Tx, workspace: WorkspaceId, onboarding: OnboardingId) -> Result<(), StoreError> {
    tx.run(TAKE, args![workspace, onboarding]).await?;
    Ok(())
}

/// Onboardings of an account that are not closed.
///
/// # Errors
/// When the database fails.
pub async fn of_account(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Vec<OnboardingId>, StoreError> {
    tx.ids(OF_ACCOUNT, args![workspace, account]).await
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
