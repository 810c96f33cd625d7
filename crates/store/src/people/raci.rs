//! Who does what, once somebody changed it.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::people::Matrix;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{args, json};

sql! {
    "people::raci";
    GET = "SELECT matrix, changed_by, changed_at, version FROM raci
           WHERE workspace_id = $1 AND onboarding_id = $2";
    INSERT = "INSERT INTO raci (workspace_id, onboarding_id, matrix, changed_by, changed_at, version)
              VALUES ($1, $2, $3, $4, $5, 1)
              ON CONFLICT (workspace_id, onboarding_id) DO NOTHING";
    CHANGE = "UPDATE raci SET matrix = $3, changed_by = $4, changed_at = $5, version = version + 1
              WHERE workspace_id = $1 AND onboarding_id = $2 AND version = $6";
}

/// A matrix somebody changed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Changed {
    /// The matrix.
    #[sqlx(json)]
    pub matrix: Matrix,
    /// Who changed it last.
    pub changed_by: String,
    /// When.
    pub changed_at: Timestamp,
    /// Counts changes, from 1.
    pub version: i64,
}

/// The matrix of an onboarding; nothing while it is that of the package.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<Changed>, StoreError> {
    tx.optional(GET, args![workspace, onboarding]).await
}

/// Keeps a matrix in place of a version, 0 when there was none; false when it is another version now.
///
/// # Errors
/// When the database fails.
pub async fn put(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    changed: &Changed,
) -> Result<bool, StoreError> {
    let Changed { matrix, changed_by, changed_at, version } = changed;
    let mut row = args![workspace, onboarding, json("matrix", matrix)?, changed_by, *changed_at];
    if *version == 0 {
        return Ok(tx.run(INSERT, row).await? == 1);
    }
    row.extend(args![*version]);
    Ok(tx.run(CHANGE, row).await? == 1)
}
