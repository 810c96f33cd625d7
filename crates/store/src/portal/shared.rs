//! What the team keeps for itself and shares with the customer.

use std::collections::BTreeSet;

use gangway_domain::ids::{OnboardingId, WorkspaceId};

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "portal::shared";
    INSERT = "INSERT INTO portal_shared (workspace_id, onboarding_id, kind, item, shared_by, shared_at)
              VALUES ($1, $2, $3, $4, $5, $6)
              ON CONFLICT (workspace_id, onboarding_id, kind, item) DO NOTHING";
    DELETE = "DELETE FROM portal_shared
              WHERE workspace_id = $1 AND onboarding_id = $2 AND kind = $3 AND item = $4";
    ITEMS = "SELECT item FROM portal_shared WHERE workspace_id = $1 AND onboarding_id = $2 AND kind = $3 ORDER BY item";
}

/// Of what kind a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A comment, by its id.
    Comment,
    /// A file of a task or milestone, by its id.
    File,
    /// A document of the package, by its name.
    Document,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::File => "file",
            Self::Document => "document",
        }
    }
}

/// Shares a thing; twice is once. False when it was shared already.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    (kind, item): (Kind, &str),
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(INSERT, args![workspace, onboarding, kind.word(), item, by, at]).await? == 1)
}

/// Shares it no more. False when it was not.
///
/// # Errors
/// When the database fails.
pub async fn delete(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    (kind, item): (Kind, &str),
) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, onboarding, kind.word(), item]).await? == 1)
}

/// What of this kind is shared.
///
/// # Errors
/// When the database fails.
pub async fn items(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    kind: Kind,
) -> Result<BTreeSet<String>, StoreError> {
    let rows: Vec<(String,)> = tx.all(ITEMS, args![workspace, onboarding, kind.word()]).await?;
    Ok(rows.into_iter().map(|(item,)| item).collect())
}
