//! What is walked through page by page, newest first: handoffs, and everything that happened.

use gangway_domain::ids::{AccountId, ActivityId, HandoffId, OnboardingId, WorkspaceId};
use gangway_domain::words::fold;
use sqlx::FromRow;
use uuid::Uuid;

use crate::activity::{Activity, Row};
use crate::db::Tx;
use crate::error::StoreError;
use crate::onboarding::list::pattern;
use crate::review::State;
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
                  AND (a.name_key LIKE $5 ESCAPE '\\' OR a.match_key LIKE $5 ESCAPE '\\' OR $5 IS NULL)
                  AND (CASE WHEN EXISTS (SELECT 1 FROM onboarding o
                                         WHERE o.workspace_id = h.workspace_id AND o.handoff_id = h.id) THEN 'made'
                            WHEN h.confirmed_at IS NOT NULL THEN 'confirmed' ELSE 'review' END = $6 OR $6 IS NULL)
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

/// Which handoffs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Handoffs {
    /// Those that came before this one.
    pub before: Option<HandoffId>,
    /// Those of this account.
    pub account: Option<AccountId>,
    /// Those whose customer's name contains this, folded.
    pub search: Option<String>,
    /// Those in this state.
    pub state: Option<State>,
    /// At most so many.
    pub limit: u32,
}

/// Handoffs, newest first.
///
/// # Errors
/// When the database fails.
pub async fn handoffs(
    tx: &mut Tx,
    workspace: WorkspaceId,
    filter: &Handoffs,
) -> Result<Vec<HandoffLine>, StoreError> {
    let Handoffs { before, account, search, state, limit } = filter;
    let before = Value::Id(before.map(HandoffId::uuid));
    let search = search.as_deref().map(|text| pattern(&fold(text)));
    let state = state.map(|state| state.word().to_owned());
    let args = args![workspace, before, *account, *limit, search, state];
    let rows: Vec<HandoffRow> = tx.all(HANDOFFS, args).await?;
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
