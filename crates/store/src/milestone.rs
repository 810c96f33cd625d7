//! Milestones and gates of onboardings.

use gangway_domain::ids::{IdSource, MilestoneId, OnboardingId, WorkspaceId};
use gangway_domain::package::PlanMilestone;
use jiff::civil::Date;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{Value, args, word};

sql! {
    "milestone";
    INSERT = "INSERT INTO milestone
                (workspace_id, id, onboarding_id, position, code, phase, name, kind, gate, due_on, planned_on)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    OF_ONBOARDING = "SELECT id, code, phase, name, kind, gate, due_on, planned_on
                     FROM milestone WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY position";
}

/// A milestone of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Milestone {
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: MilestoneId,
    /// Id inside the plan.
    pub code: String,
    /// Phase (its code).
    pub phase: String,
    /// What is reached.
    pub name: String,
    /// `value` or `technical`.
    pub kind: String,
    /// Whether nothing after it may start before its criteria hold.
    pub gate: bool,
    /// Date it is due.
    #[sqlx(try_from = "Day")]
    pub due_on: Date,
    /// Date the plan reaches it.
    #[sqlx(try_from = "Day")]
    pub planned_on: Date,
}

/// Adds the milestones of a plan in order.
///
/// # Errors
/// When the database fails.
pub async fn insert_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    ids: &dyn IdSource,
    milestones: &[PlanMilestone],
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(milestones.len());
    for (position, milestone) in (0_i64..).zip(milestones) {
        rows.push(row(workspace, onboarding, ids, position, milestone)?);
    }
    tx.insert_all(INSERT, rows).await
}

/// Adds one at a position.
pub(crate) async fn insert_at(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    ids: &dyn IdSource,
    position: i64,
    milestone: &PlanMilestone,
) -> Result<(), StoreError> {
    tx.run(INSERT, row(workspace, onboarding, ids, position, milestone)?).await?;
    Ok(())
}

fn row(
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    ids: &dyn IdSource,
    position: i64,
    milestone: &PlanMilestone,
) -> Result<Vec<Value>, StoreError> {
    Ok(args![
        workspace,
        MilestoneId::fresh(ids),
        onboarding,
        position,
        &milestone.id,
        &milestone.phase,
        &milestone.name,
        word("milestone kind", &milestone.kind)?,
        milestone.gate,
        milestone.due,
        milestone.planned,
    ])
}

/// The milestones of an onboarding in order of the plan.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Milestone>, StoreError> {
    tx.all(OF_ONBOARDING, args![workspace, onboarding]).await
}
