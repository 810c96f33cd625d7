//! What is walked through page by page, newest first: handoffs, and everything that happened.

use gangway_domain::ids::{AccountId, ActivityId, HandoffId, OnboardingId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::activity::{Activity, Row};
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{Value, args};

sql! {
    "page";
    HANDOFFS = "SELECT h.id, h.account_id, a.name AS customer, h.format, h.segment, h.document_score, h.accepted_at,
                       (SELECT o.id FROM onboarding o
                         WHERE o.workspace_id = h.workspace_id AND o.handoff_id = h.id) AS onboarding_id
                FROM handoff h JOIN account a ON a.workspace_id = h.workspace_id AND a.id = h.account_id
                WHERE h.workspace_id = $1
                  AND (h.id < $2 OR $2 IS NULL)
                  AND (h.account_id = $3 OR $3 IS NULL)
                ORDER BY h.id DESC LIMIT $4";
    ACTIVITY = "SELECT id, at, actor, person_id, door, kind, account_id, onboarding_id, summary FROM activity
                WHERE workspace_id = $1
                  AND (id < $2 OR $2 IS NULL)
                  AND (account_id = $3 OR $3 IS NULL)
                  AND (onboarding_id = $4 OR $4 IS NULL)
                ORDER BY id DESC LIMIT $5";
}

/// A handoff in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoffLine {
    /// Id.
    pub id: HandoffId,
    /// The customer.
    pub account: AccountId,
    /// Their name.
    pub customer: String,
    /// The form it was read as, as in [`gangway_domain::deal::DealFormat`].
    pub format: String,
    /// Segment chosen for it, once its package is made.
    pub segment: Option<String>,
    /// Share of the handoff checklist its documents answer, 0–100, once its package is made.
    pub document_score: Option<i64>,
    /// When it came in.
    pub accepted_at: Timestamp,
    /// What was generated from it.
    pub onboarding: Option<OnboardingId>,
}

#[derive(FromRow)]
struct HandoffRow {
    #[sqlx(try_from = "Uuid")]
    id: HandoffId,
    #[sqlx(try_from = "Uuid")]
    account_id: AccountId,
    customer: String,
    format: String,
    segment: Option<String>,
    document_score: Option<i64>,
    accepted_at: Timestamp,
    onboarding_id: Option<Uuid>,
}

/// Handoffs, newest first, that came before one of them; of one account, or of all.
///
/// # Errors
/// When the database fails.
pub async fn handoffs(
    tx: &mut Tx,
    workspace: WorkspaceId,
    before: Option<HandoffId>,
    account: Option<AccountId>,
    limit: u32,
) -> Result<Vec<HandoffLine>, StoreError> {
    let before = Value::Id(before.map(HandoffId::uuid));
    let rows: Vec<HandoffRow> = tx.all(HANDOFFS, args![workspace, before, account, limit]).await?;
    Ok(rows.into_iter().map(line).collect())
}

fn line(row: HandoffRow) -> HandoffLine {
    let HandoffRow { id, account_id, customer, format, segment, document_score, accepted_at, onboarding_id } =
        row;
    let onboarding = onboarding_id.map(OnboardingId::from);
    HandoffLine {
        id,
        account: account_id,
        customer,
        format,
        segment,
        document_score,
        accepted_at,
        onboarding,
    }
}

/// What happened, newest first, before one of the entries; about one account or onboarding, or at all.
///
/// # Errors
/// When the database fails.
pub async fn activity(
    tx: &mut Tx,
    workspace: WorkspaceId,
    before: Option<ActivityId>,
    account: Option<AccountId>,
    onboarding: Option<OnboardingId>,
    limit: u32,
) -> Result<Vec<Activity>, StoreError> {
    let before = Value::Id(before.map(ActivityId::uuid));
    let rows: Vec<Row> = tx.all(ACTIVITY, args![workspace, before, account, onboarding, limit]).await?;
    Ok(rows.into_iter().map(Activity::from).collect())
}
