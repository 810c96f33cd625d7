//! How far a new workspace has come: what its checklist of first steps ticks by itself.

use gangway_domain::ids::WorkspaceId;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::args;

sql! {
    "first_run";
    STEPS = "SELECT
               CAST((SELECT COUNT(*) FROM membership m WHERE m.workspace_id = $1)
                  + (SELECT COUNT(*) FROM invitation i WHERE i.workspace_id = $1) AS BIGINT) AS people,
               CAST((SELECT COUNT(*) FROM (SELECT h.id FROM handoff h WHERE h.workspace_id = $1 LIMIT 1) AS one) AS BIGINT)
                 AS handoffs,
               CAST((SELECT COUNT(*) FROM (SELECT o.id FROM onboarding o WHERE o.workspace_id = $1 LIMIT 1) AS one) AS BIGINT)
                 AS onboardings,
               CAST((SELECT COUNT(*) FROM (SELECT t.id FROM api_token t WHERE t.workspace_id = $1 LIMIT 1) AS one) AS BIGINT)
                 AS tokens";
}

/// What a workspace has, as far as its first steps go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    /// Somebody beside the first admin is a member or is invited.
    pub colleague: bool,
    /// A deal was handed over.
    pub handoff: bool,
    /// An onboarding was generated.
    pub onboarding: bool,
    /// Somebody has an API token.
    pub token: bool,
}

/// Looks how far a workspace has come.
///
/// # Errors
/// When the database fails.
pub async fn steps(tx: &mut Tx, workspace: WorkspaceId) -> Result<Steps, StoreError> {
    let counts: Option<(i64, i64, i64, i64)> = tx.optional(STEPS, args![workspace]).await?;
    let (people, handoffs, onboardings, tokens) = counts.unwrap_or_default();
    Ok(Steps { colleague: people > 1, handoff: handoffs > 0, onboarding: onboardings > 0, token: tokens > 0 })
}
