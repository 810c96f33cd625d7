//! How healthy each onboarding is now.

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
use crate::value::{Value, args};

/// The columns of a judgement, in the order of its row.
macro_rules! columns {
    () => {
        "h.score, h.coverage, h.computed, h.status, h.assessment, h.facts, h.model, h.model_version"
    };
}
pub(super) use columns;

sql! {
    "health::state";
    GET = concat!("SELECT h.onboarding_id, h.judged_on AS on_day, h.at, h.number, '' AS because, ", columns!(), "
                   FROM health_state h WHERE h.workspace_id = $1 AND h.onboarding_id = $2");
    OF_ONBOARDINGS = concat!("SELECT h.onboarding_id, h.judged_on AS on_day, h.at, h.number, '' AS because, ", columns!(), ",
                                     h.onboarding_id AS of_id
                              FROM health_state h WHERE h.workspace_id = $1 AND h.onboarding_id IN ($2)");
    KEEP = "INSERT INTO health_state
              (workspace_id, onboarding_id, score, coverage, computed, status, assessment, facts, model,
               model_version, judged_on, at, number)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT (workspace_id, onboarding_id)
            DO UPDATE SET score = excluded.score, coverage = excluded.coverage, computed = excluded.computed,
                          status = excluded.status, assessment = excluded.assessment, facts = excluded.facts,
                          model = excluded.model, model_version = excluded.model_version,
                          judged_on = excluded.judged_on, at = excluded.at, number = excluded.number";
    // Only where nobody found anything else meanwhile.
    FACTS = "INSERT INTO health_state
               (workspace_id, onboarding_id, score, coverage, computed, status, assessment, facts, model,
                model_version, judged_on, at, number)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (workspace_id, onboarding_id)
             DO UPDATE SET coverage = excluded.coverage, facts = excluded.facts, assessment = excluded.assessment,
                           judged_on = excluded.judged_on
             WHERE health_state.number = excluded.number";
    PAGE = "SELECT h.onboarding_id, o.account_id, o.customer, o.segment_name, o.state_name, h.score, h.coverage,
                   h.computed, h.status, h.model, h.model_version, h.judged_on, h.at
            FROM health_state h
            JOIN onboarding o ON o.workspace_id = h.workspace_id AND o.id = h.onboarding_id
            WHERE h.workspace_id = $1 AND (h.status = $2 OR $2 IS NULL)
              AND (o.id > $3 OR $3 IS NULL)
            ORDER BY o.id LIMIT $4";
    COUNTS = "SELECT status, CAST(COUNT(*) AS BIGINT) FROM health_state WHERE workspace_id = $1 GROUP BY status";
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
pub(super) struct Row {
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

/// The health of many onboardings now; those that were never judged are not there.
///
/// # Errors
/// When the database fails.
pub async fn of_onboardings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Judged>, StoreError> {
    tx.each::<_, Row, _>(OF_ONBOARDINGS, args![workspace], onboardings).await
}

fn row(workspace: WorkspaceId, judged: &Judged) -> Vec<Value> {
    args![
        workspace,
        judged.onboarding,
        judged.score,
        judged.coverage,
        &judged.computed,
        &judged.status,
        judged.assessment.clone(),
        judged.facts.clone(),
        &judged.model,
        judged.model_version,
        judged.on,
        judged.at,
        judged.number,
    ]
}

/// Puts what was found in place of what is now; no onboarding stands there twice.
pub(super) async fn put(tx: &mut Tx, workspace: WorkspaceId, found: &[Judged]) -> Result<(), StoreError> {
    tx.upsert_all(KEEP, found.iter().map(|one| row(workspace, one)).collect()).await
}

/// Says of judgements that are kept that their facts, contributions and day are now these; no onboarding stands there
/// twice. One that is another since is left alone.
///
/// # Errors
/// When the database fails.
pub async fn unchanged(tx: &mut Tx, workspace: WorkspaceId, same: &[Judged]) -> Result<(), StoreError> {
    tx.upsert_all(FACTS, same.iter().map(|one| row(workspace, one)).collect()).await
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
