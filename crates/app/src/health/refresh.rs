//! Judging onboardings anew, many at once: facts are read with few statements, weighed without any database, and written
//! where something is another. Clocks of usage are looked at with the same facts.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use gangway_store::StoreError;
use gangway_store::health as rows;

use super::engine::compiled;
use super::look::{Batch, look};
use super::weigh::weigh;
use super::write::write;
use crate::App;
use crate::boxed;
use crate::error::AppError;
use crate::usage::milestone::with_values;

/// How often a judgement is tried that somebody else was faster with.
const TRIES: usize = 3;

/// Onboardings judged together by a job.
pub(super) const TOGETHER: usize = 250;

/// Customers of whom events told something, judged together: few enough that those who come next do not wait long.
pub(crate) const USED_TOGETHER: usize = 64;

/// How much is read anew, and looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Everything.
    Everything,
    /// What events and other systems tell; the rest is as it was read last on the same day.
    Account,
    /// The same, and the clocks of usage; value milestones of plans where that is asked for.
    Clocks {
        /// Whether rules of value milestones are tried.
        with_values: bool,
    },
}

/// Judges onboardings by everything that is known of them now. One that cannot be judged keeps none of the others waiting.
///
/// # Errors
/// The first failure; or when the database fails.
pub(crate) async fn refresh(
    app: &App,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<(), AppError> {
    let failed = refreshed(app, workspace, onboardings, Reach::Everything).await?;
    failed.into_values().next().map_or(Ok(()), Err)
}

/// The same, and gives those that cannot be judged.
pub(super) async fn refreshed(
    app: &App,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
    reach: Reach,
) -> Result<BTreeMap<OnboardingId, AppError>, AppError> {
    // Each once: two judgements of one onboarding have one number.
    let all: BTreeSet<OnboardingId> = onboardings.iter().copied().collect();
    let all: Vec<OnboardingId> = all.into_iter().collect();
    let mut failed = BTreeMap::new();
    for ids in all.chunks(TOGETHER) {
        failed.extend(Box::pin(together(app, workspace, ids, reach)).await?);
    }
    Ok(failed)
}

/// Judges the onboardings of customers of whom other systems told something.
///
/// # Errors
/// The first failure; or when the database fails.
#[boxed]
pub async fn refresh_accounts(
    app: &App,
    workspace: WorkspaceId,
    accounts: &BTreeSet<AccountId>,
) -> Result<(), AppError> {
    let accounts: Vec<AccountId> = accounts.iter().copied().collect();
    of_accounts(app, workspace, &accounts, Reach::Account).await
}

/// Looks at the clocks of customers of whom events told something, and judges their onboardings. Of how many such customers
/// these are a part says whether there is time for the value milestones of their plans.
///
/// # Errors
/// The first failure; or when the database fails.
pub(crate) async fn refresh_used(
    app: &App,
    workspace: WorkspaceId,
    accounts: &[AccountId],
    of: usize,
) -> Result<(), AppError> {
    of_accounts(app, workspace, accounts, Reach::Clocks { with_values: with_values(of) }).await
}

async fn of_accounts(
    app: &App,
    workspace: WorkspaceId,
    accounts: &[AccountId],
    reach: Reach,
) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    let onboardings = rows::of_accounts(&mut tx, workspace, accounts).await?;
    drop(tx);
    let onboardings: Vec<OnboardingId> = onboardings.into_values().flatten().collect();
    let failed = refreshed(app, workspace, &onboardings, reach).await?;
    failed.into_values().next().map_or(Ok(()), Err)
}

/// Judges these in one transaction. Where that fails, or somebody else was faster with one of them, each is judged by
/// itself, and those that cannot be are given.
async fn together(
    app: &App,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
    reach: Reach,
) -> Result<BTreeMap<OnboardingId, AppError>, AppError> {
    let mut failed = BTreeMap::new();
    match Box::pin(attempt(app, workspace, ids, reach)).await {
        Ok(()) => return Ok(failed),
        Err(error) => tracing::debug!(%error, many = ids.len(), "health is judged one by one"),
    }
    for id in ids {
        if let Err(error) = Box::pin(one(app, workspace, *id, reach)).await {
            tracing::error!(%error, %id, "the health of an onboarding could not be judged");
            failed.insert(*id, error);
        }
    }
    Ok(failed)
}

async fn one(app: &App, workspace: WorkspaceId, id: OnboardingId, reach: Reach) -> Result<(), AppError> {
    for _ in 0..TRIES {
        match Box::pin(attempt(app, workspace, &[id], reach)).await {
            // Somebody else judged it in the same moment: by facts that may be older.
            Err(error) if is_overtaken(&error) => {}
            other => return other,
        }
    }
    // Whoever keeps being faster knows the same.
    Ok(())
}

/// Whether somebody else was faster.
fn is_overtaken(error: &AppError) -> bool {
    matches!(error, AppError::Overtaken | AppError::Store(StoreError::Conflict(_)))
}

async fn attempt(
    app: &App,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
    reach: Reach,
) -> Result<(), AppError> {
    let engine = compiled(app)?;
    let mut tx = app.db.read().await?;
    let Batch { seen, ticked, used } = Box::pin(look(app, &mut tx, workspace, ids, reach)).await?;
    drop(tx);
    let mut weighed = Vec::with_capacity(seen.len());
    for seen in seen {
        let verdict = weigh(app, &engine, &seen);
        weighed.push((seen, verdict));
        // Others of this process are to have their turn.
        tokio::task::yield_now().await;
    }
    Box::pin(write(app, workspace, weighed, ticked, used.as_ref())).await
}
