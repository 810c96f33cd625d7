//! Phases of a plan: what "phase now" is looked up in.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::package::PlanPhase;
use jiff::civil::Date;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{args, word};

sql! {
    "phase";
    INSERT = "INSERT INTO phase (workspace_id, onboarding_id, position, code, name, stage, starts_on, finishes_on,
                                 until_on)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    OF_ONBOARDING = "SELECT code, name, stage, starts_on, finishes_on FROM phase
                     WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY position";
    OF_ONBOARDINGS = "SELECT code, name, stage, starts_on, finishes_on, onboarding_id AS of_id FROM phase
                      WHERE workspace_id = $1 AND onboarding_id IN ($2) ORDER BY position";
}

/// A phase of a plan.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Phase {
    /// Id inside the plan.
    pub code: String,
    /// Name.
    pub name: String,
    /// Stage of the journey, as in [`gangway_domain::programme::Stage`].
    pub stage: String,
    /// First day.
    #[sqlx(try_from = "Day")]
    pub starts_on: Date,
    /// Last day.
    #[sqlx(try_from = "Day")]
    pub finishes_on: Date,
}

/// Adds the phases of a plan in order.
///
/// # Errors
/// When the database fails.
pub async fn insert_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    phases: &[PlanPhase],
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(phases.len());
    for (index, phase) in phases.iter().enumerate() {
        let stage = word("stage", &phase.stage)?;
        let later = phases.iter().skip(index + 1).map(|later| later.start).min();
        let position = i64::try_from(index).unwrap_or(i64::MAX);
        rows.push(args![
            workspace,
            onboarding,
            position,
            &phase.id,
            &phase.name,
            stage,
            phase.start,
            phase.finish,
            later.unwrap_or(Date::MAX),
        ]);
    }
    tx.insert_all(INSERT, rows).await
}

/// The phases of an onboarding in order.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Phase>, StoreError> {
    tx.all(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// The phases of many onboardings in order of their plans.
///
/// # Errors
/// When the database fails.
pub async fn of_onboardings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Phase>>, StoreError> {
    tx.lists::<_, Phase, _>(OF_ONBOARDINGS, args![workspace], onboardings).await
}
