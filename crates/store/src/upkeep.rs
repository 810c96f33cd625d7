//! Work that brings rows of earlier versions up to date, once for each workspace.

use gangway_domain::deal::Reading;
use gangway_domain::ids::{HandoffId, OnboardingId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::account::{self, Account};
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;
use crate::{handoff, onboarding};

sql! {
    "upkeep";
    WORKSPACES = "SELECT id FROM workspace ORDER BY id";
    DONE = "SELECT task FROM upkeep WHERE workspace_id = $1 AND task = $2";
    FINISH = "INSERT INTO upkeep (workspace_id, task, done_at) VALUES ($1, $2, $3)
              ON CONFLICT (workspace_id, task) DO NOTHING";
    ACCOUNTS = "SELECT id, name, name_key, industry, country, website, created_at FROM account
                WHERE workspace_id = $1 ORDER BY id";
    HANDOFFS = "SELECT id, account_id, digest, format, source, reading, segment, document_score, accepted_at
                FROM handoff WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT 100";
    ONBOARDINGS = "SELECT id, customer, product, use_case, segment_name FROM onboarding
                   WHERE workspace_id = $1 ORDER BY id";
    EVERY = "SELECT id FROM onboarding WHERE workspace_id = $1 ORDER BY id";
    LACKING = "SELECT o.id FROM onboarding o
               WHERE o.workspace_id = $1
                 AND NOT EXISTS (SELECT 1 FROM contact_role r
                                 WHERE r.workspace_id = o.workspace_id AND r.onboarding_id = o.id)
               ORDER BY o.id";
}

#[derive(FromRow)]
struct OnboardingRow {
    #[sqlx(try_from = "Uuid")]
    id: OnboardingId,
    customer: String,
    product: String,
    use_case: String,
    segment_name: String,
}

/// Every workspace of the installation.
///
/// # Errors
/// When the database fails.
pub async fn workspaces(tx: &mut Tx) -> Result<Vec<WorkspaceId>, StoreError> {
    tx.ids(WORKSPACES, args![]).await
}

/// Whether this task was done here.
///
/// # Errors
/// When the database fails.
pub async fn is_done(tx: &mut Tx, workspace: WorkspaceId, task: &str) -> Result<bool, StoreError> {
    let row: Option<(String,)> = tx.optional(DONE, args![workspace, task]).await?;
    Ok(row.is_some())
}

/// Remembers that it was done.
///
/// # Errors
/// When the database fails.
pub async fn finish(
    tx: &mut Tx,
    workspace: WorkspaceId,
    task: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(FINISH, args![workspace, task, at]).await?;
    Ok(())
}

/// Makes everything of a workspace findable anew.
///
/// # Errors
/// When the database fails.
pub async fn index_all(tx: &mut Tx, workspace: WorkspaceId) -> Result<(), StoreError> {
    let accounts: Vec<Account> = tx.all(ACCOUNTS, args![workspace]).await?;
    for account in &accounts {
        account::index(tx, workspace, account).await?;
    }
    let mut after = HandoffId::from(Uuid::nil());
    loop {
        let page: Vec<handoff::Handoff> = tx.all(HANDOFFS, args![workspace, after]).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for handoff in &page {
            let Reading { deal, .. } = &handoff.reading;
            handoff::index(tx, workspace, handoff.id, deal).await?;
        }
    }
    let onboardings: Vec<OnboardingRow> = tx.all(ONBOARDINGS, args![workspace]).await?;
    for row in onboardings {
        let OnboardingRow { id, customer, product, use_case, segment_name } = row;
        onboarding::index(tx, workspace, id, [&customer, &product, &use_case, &segment_name]).await?;
    }
    Ok(())
}

/// Onboardings no contact belongs to.
///
/// # Errors
/// When the database fails.
pub async fn without_contacts(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<OnboardingId>, StoreError> {
    tx.ids(LACKING, args![workspace]).await
}

/// Every onboarding of a workspace, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn onboardings(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<OnboardingId>, StoreError> {
    tx.ids(EVERY, args![workspace]).await
}
