//! Dependencies between the tasks and milestones of a plan.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::plan::LinkSpec;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::{args, word};

sql! {
    "link";
    INSERT = "INSERT INTO link (workspace_id, onboarding_id, position, from_code, to_code, kind, lag)
              VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OF_ONBOARDING = "SELECT from_code, to_code, kind, lag FROM link
                     WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY position";
    OF_ONBOARDINGS = "SELECT from_code, to_code, kind, lag, onboarding_id AS of_id FROM link
                      WHERE workspace_id = $1 AND onboarding_id IN ($2) ORDER BY position";
}

/// A dependency.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Link {
    /// Code of the predecessor.
    pub from_code: String,
    /// Code of the successor.
    pub to_code: String,
    /// `FS`, `SS`, `FF` or `SF`.
    pub kind: String,
    /// Working days in between; may be negative.
    pub lag: i64,
}

/// Adds the links of a plan in order.
///
/// # Errors
/// When the database fails.
pub async fn insert_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    links: &[LinkSpec],
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(links.len());
    for (position, link) in (0_i64..).zip(links) {
        let kind = word("link kind", &link.kind)?;
        rows.push(args![workspace, onboarding, position, &link.from, &link.to, kind, link.lag]);
    }
    tx.insert_all(INSERT, rows).await
}

/// The links of an onboarding in order of the plan.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Link>, StoreError> {
    tx.all(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// The links of many onboardings in order of their plans.
///
/// # Errors
/// When the database fails.
pub async fn of_onboardings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Link>>, StoreError> {
    tx.lists::<_, Link, _>(OF_ONBOARDINGS, args![workspace], onboardings).await
}
