//! Change requests of onboardings.

use std::collections::BTreeMap;

use gangway_domain::change_request::{Approval, Impact, Priority, Recommendation, State};
use gangway_domain::ids::{ChangeRequestId, OnboardingId, WorkspaceId};
use gangway_domain::money::Money;
use gangway_domain::programme::Side;
use gangway_domain::work::Change;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{Value, args, joined, json, read, unword, word};

/// The columns of a change request, in the order of its row.
macro_rules! columns {
    () => {
        "c.id, c.onboarding_id, c.number, c.title, c.description, c.justification, c.requested_by, c.side,
         c.requested_on, c.priority, c.changes, c.impact, c.cost_minor, c.currency, c.risk, c.recommendation, c.state,
         c.approvals, c.created_by, c.created_at, c.version"
    };
}

sql! {
    "change_request";
    INSERT = "INSERT INTO change_request
                (workspace_id, id, onboarding_id, number, title, description, justification, requested_by, side,
                 requested_on, priority, changes, impact, cost_minor, currency, risk, recommendation, status, state,
                 approvals, created_by, created_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                      $22, $23)";
    GET = concat!("SELECT ", columns!(), " FROM change_request c WHERE c.workspace_id = $1 AND c.id = $2");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " FROM change_request c
                             WHERE c.workspace_id = $1 AND c.onboarding_id = $2 ORDER BY c.number DESC");
    OF_ONBOARDINGS = concat!("SELECT ", columns!(), ", c.onboarding_id AS of_id FROM change_request c
                              WHERE c.workspace_id = $1 AND c.onboarding_id IN ($2) ORDER BY c.number DESC");
    PAGE = concat!("SELECT ", columns!(), " FROM change_request c
                    WHERE c.workspace_id = $1
                      AND (c.id < $2 OR $2 IS NULL)
                      AND (c.onboarding_id = $3 OR $3 IS NULL)
                      AND (c.status = $4 OR $4 IS NULL)
                    ORDER BY c.id DESC LIMIT $5");
    CHANGE = "UPDATE change_request
              SET title = $3, description = $4, justification = $5, requested_by = $6, side = $7, requested_on = $8,
                  priority = $9, changes = $10, impact = $11, cost_minor = $12, currency = $13, risk = $14,
                  recommendation = $15, status = $16, state = $17, approvals = $18, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $19";
}

/// A change request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRequest {
    /// Id.
    pub id: ChangeRequestId,
    /// Of which onboarding.
    pub onboarding: OnboardingId,
    /// Number, from 1.
    pub number: i64,
    /// What is wanted, one line.
    pub title: String,
    /// What exactly.
    pub description: String,
    /// Why it is needed.
    pub justification: String,
    /// Who asked.
    pub requested_by: String,
    /// Whose wish it is: the ledger names that side.
    pub side: Side,
    /// When they asked.
    pub requested_on: Date,
    /// How urgent it is.
    pub priority: Priority,
    /// What it would change of the plan.
    pub changes: Vec<Change>,
    /// What that does.
    pub impact: Impact,
    /// What it costs.
    pub cost: Option<Money>,
    /// New risks it brings, in words.
    pub risk: String,
    /// What whoever prepared it advises.
    pub recommendation: Option<Recommendation>,
    /// Where it stands.
    pub state: State,
    /// Approvals that were given.
    pub approvals: Vec<Approval>,
    /// Who wrote it down.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    number: i64,
    title: String,
    description: String,
    justification: String,
    requested_by: String,
    side: String,
    requested_on: Day,
    priority: String,
    #[sqlx(json)]
    changes: Vec<Change>,
    #[sqlx(json)]
    impact: Impact,
    cost_minor: Option<i64>,
    currency: Option<String>,
    risk: String,
    recommendation: Option<String>,
    #[sqlx(json)]
    state: State,
    #[sqlx(json)]
    approvals: Vec<Approval>,
    created_by: String,
    created_at: Timestamp,
    version: i64,
}

impl TryFrom<Row> for ChangeRequest {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        const WHAT: &str = "change request";
        let cost = match row.cost_minor.zip(row.currency) {
            Some((minor, code)) => Some(Money { minor, currency: read(WHAT, &code)? }),
            None => None,
        };
        Ok(Self {
            id: ChangeRequestId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            number: row.number,
            title: row.title,
            description: row.description,
            justification: row.justification,
            requested_by: row.requested_by,
            side: unword(WHAT, row.side)?,
            requested_on: row.requested_on.into(),
            priority: read(WHAT, &row.priority)?,
            changes: row.changes,
            impact: row.impact,
            cost,
            risk: row.risk,
            recommendation: row.recommendation.map(|word| read(WHAT, &word)).transpose()?,
            state: row.state,
            approvals: row.approvals,
            created_by: row.created_by,
            created_at: row.created_at,
            version: row.version,
        })
    }
}

/// What may change of a request, in the order both statements take it in.
fn changeable(one: &ChangeRequest) -> Result<Vec<Value>, StoreError> {
    Ok(args![
        &one.title,
        &one.description,
        &one.justification,
        &one.requested_by,
        word("side", &one.side)?,
        one.requested_on,
        one.priority.word(),
        json("change request", &one.changes)?,
        json("change request", &one.impact)?,
        one.cost.map(|cost| cost.minor),
        one.cost.map(|cost| cost.currency.code().to_owned()),
        &one.risk,
        one.recommendation.map(|known| known.word().to_owned()),
        one.state.word(),
        json("change request", &one.state)?,
        json("change request", &one.approvals)?,
    ])
}

/// Adds a change request.
///
/// # Errors
/// [`StoreError::Conflict`] when the number is taken; or when the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, one: &ChangeRequest) -> Result<(), StoreError> {
    let row = joined([
        args![workspace, one.id.uuid(), one.onboarding, one.number],
        changeable(one)?,
        args![&one.created_by, one.created_at, one.version],
    ]);
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One change request.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChangeRequestId,
) -> Result<Option<ChangeRequest>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// The change requests of an onboarding, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<ChangeRequest>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// Change requests of many onboardings, the newest first.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_onboardings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<ChangeRequest>>, StoreError> {
    tx.lists::<_, Row, _>(OF_ONBOARDINGS, args![workspace], onboardings).await
}

/// Which change requests of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Those written before this one.
    pub before: Option<ChangeRequestId>,
    /// Those of this onboarding.
    pub onboarding: Option<OnboardingId>,
    /// Those in this state: a word of [`State::word`].
    pub status: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// Change requests of a workspace, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
) -> Result<Vec<ChangeRequest>, StoreError> {
    let Query { before, onboarding, status, limit } = query;
    let args = args![workspace, before.map(ChangeRequestId::uuid), *onboarding, status, *limit];
    tx.list::<Row, _>(PAGE, args).await
}

/// Keeps a change request as it is now, in place of the version it says it was. False when it is not that version
/// any more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, one: &ChangeRequest) -> Result<bool, StoreError> {
    let row = joined([args![workspace, one.id.uuid()], changeable(one)?, args![one.version]]);
    Ok(tx.run(CHANGE, row).await? == 1)
}
