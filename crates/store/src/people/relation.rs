//! Relations between the contacts of an onboarding.

use gangway_domain::ids::{ContactId, OnboardingId, WorkspaceId};
use gangway_domain::people::Relation;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::{args, read};

sql! {
    "people::relation";
    INSERT = "INSERT INTO contact_relation (workspace_id, onboarding_id, from_contact, kind, to_contact)
              VALUES ($1, $2, $3, $4, $5)";
    OF_ONBOARDING = "SELECT from_contact, kind, to_contact FROM contact_relation
                     WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY kind, from_contact, to_contact";
    DELETE = "DELETE FROM contact_relation
              WHERE workspace_id = $1 AND onboarding_id = $2 AND from_contact = $3 AND kind = $4 AND to_contact = $5";
    FORGET = "DELETE FROM contact_relation
              WHERE workspace_id = $1 AND onboarding_id = $2 AND (from_contact = $3 OR to_contact = $3)";
}

/// Adds a relation.
///
/// # Errors
/// [`StoreError::Conflict`] when it is known; or when the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    relation: Relation,
) -> Result<(), StoreError> {
    let Relation { from, kind, to } = relation;
    tx.run(INSERT, args![workspace, onboarding, from, kind.word(), to]).await?;
    Ok(())
}

/// The relations of an onboarding.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Relation>, StoreError> {
    let rows: Vec<(Uuid, String, Uuid)> = tx.all(OF_ONBOARDING, args![workspace, onboarding]).await?;
    rows.into_iter()
        .map(|(from, kind, to)| {
            let kind = read("relation", &kind)?;
            Ok(Relation { from: ContactId::from(from), kind, to: ContactId::from(to) })
        })
        .collect()
}

/// Takes a relation away; false when there was none.
///
/// # Errors
/// When the database fails.
pub async fn delete(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    relation: Relation,
) -> Result<bool, StoreError> {
    let Relation { from, kind, to } = relation;
    Ok(tx.run(DELETE, args![workspace, onboarding, from, kind.word(), to]).await? == 1)
}

/// Takes every relation of a contact away.
///
/// # Errors
/// When the database fails.
pub async fn forget(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    contact: ContactId,
) -> Result<(), StoreError> {
    tx.run(FORGET, args![workspace, onboarding, contact]).await?;
    Ok(())
}
