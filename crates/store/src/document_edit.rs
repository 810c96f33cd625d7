//! Documents of an onboarding whose words people changed.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "document_edit";
    OF_ONBOARDING = "SELECT name, base, text, version, changed_by, changed_at FROM document_edit
                     WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY name";
    GET = "SELECT name, base, text, version, changed_by, changed_at FROM document_edit
           WHERE workspace_id = $1 AND onboarding_id = $2 AND name = $3";
    INSERT = "INSERT INTO document_edit
                (workspace_id, onboarding_id, name, base, text, version, changed_by, changed_at)
              VALUES ($1, $2, $3, $4, $5, 1, $6, $7)
              ON CONFLICT (workspace_id, onboarding_id, name) DO NOTHING";
    CHANGE = "UPDATE document_edit SET base = $4, text = $5, version = version + 1, changed_by = $6, changed_at = $7
              WHERE workspace_id = $1 AND onboarding_id = $2 AND name = $3 AND version = $8";
}

/// What people made of a document.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Edit {
    /// Name of its template.
    pub name: String,
    /// What was written from the plan when it was changed.
    pub base: String,
    /// What people made of it; nothing when it went back to what is written from the plan.
    pub text: Option<String>,
    /// How often it was changed, from 1.
    pub version: i64,
    /// Who changed it last.
    pub changed_by: String,
    /// When.
    pub changed_at: Timestamp,
}

/// What was changed in the documents of an onboarding, by name.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Edit>, StoreError> {
    tx.all(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// What was changed in one document.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    name: &str,
) -> Result<Option<Edit>, StoreError> {
    tx.optional(GET, args![workspace, onboarding, name]).await
}

/// Keeps what people made of a document whose version is the one before `edit.version`. False when it is at another
/// version by now: then nothing is written.
///
/// # Errors
/// When the database fails.
pub async fn put(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    edit: &Edit,
) -> Result<bool, StoreError> {
    let Edit { name, base, text, version, changed_by, changed_at } = edit;
    let mut row = args![workspace, onboarding, name, base, text.clone(), changed_by, *changed_at];
    let rows = match version - 1 {
        0 => tx.run(INSERT, row).await?,
        before => {
            row.push(before.into());
            tx.run(CHANGE, row).await?
        }
    };
    Ok(rows == 1)
}
