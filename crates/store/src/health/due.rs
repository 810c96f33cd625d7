//! Whose health is to be judged again.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::args;

sql! {
    "health::due";
    DUE = "SELECT o.id FROM onboarding o
           WHERE o.workspace_id = $1 AND o.state_name <> 'closed' AND o.id > $3
             AND NOT EXISTS (SELECT 1 FROM health_state h
                             WHERE h.workspace_id = o.workspace_id AND h.onboarding_id = o.id AND h.judged_on >= $2)
           ORDER BY o.id LIMIT $4";
    WANT = "UPDATE health_due SET wanted = wanted + 1 WHERE workspace_id = $1 AND onboarding_id = $2";
    WANT_FIRST = "INSERT INTO health_due (workspace_id, onboarding_id, wanted)
                  SELECT o.workspace_id, o.id, 1 FROM onboarding o WHERE o.workspace_id = $1 AND o.id = $2
                  ON CONFLICT (workspace_id, onboarding_id) DO UPDATE SET wanted = health_due.wanted + 1";
    WISHES = "SELECT onboarding_id, wanted FROM health_due
              WHERE workspace_id = $1 AND onboarding_id >= $2 ORDER BY onboarding_id LIMIT $3";
    FULFIL = "DELETE FROM health_due WHERE workspace_id = $1 AND wanted = $2 AND onboarding_id IN ($3)
              RETURNING onboarding_id, onboarding_id AS of_id";
    OF_ACCOUNTS = "SELECT o.id, o.account_id AS of_id FROM onboarding o
                   WHERE o.workspace_id = $1 AND o.account_id IN ($2) AND o.state_name <> 'closed' ORDER BY o.id";
}

/// Onboardings that are not closed and were not judged for this day, in order of ids, after one of them.
///
/// # Errors
/// When the database fails.
pub async fn due(
    tx: &mut Tx,
    workspace: WorkspaceId,
    today: Date,
    after: Option<OnboardingId>,
    limit: u32,
) -> Result<Vec<OnboardingId>, StoreError> {
    tx.round(DUE, workspace, today, after, limit).await
}

/// Says that an onboarding must be judged again. True when nobody had said so since it was judged last.
///
/// # Errors
/// When the database fails.
pub async fn want(tx: &mut Tx, workspace: WorkspaceId, onboarding: OnboardingId) -> Result<bool, StoreError> {
    // The change also waits for whoever takes it in the same moment, so that no wish is lost.
    if tx.run(WANT, args![workspace, onboarding]).await? > 0 {
        return Ok(false);
    }
    Ok(tx.run(WANT_FIRST, args![workspace, onboarding]).await? > 0)
}

/// Onboardings somebody wished to be judged again, in order of ids from one on, and how often each was wished for.
///
/// # Errors
/// When the database fails.
pub async fn wishes(
    tx: &mut Tx,
    workspace: WorkspaceId,
    from: OnboardingId,
    limit: u32,
) -> Result<BTreeMap<OnboardingId, i64>, StoreError> {
    let rows: Vec<(Uuid, i64)> = tx.all(WISHES, args![workspace, from, limit]).await?;
    Ok(rows.into_iter().map(|(id, wanted)| (OnboardingId::from(id), wanted)).collect())
}

/// Takes wishes away that were seen before the onboardings were judged, unless somebody wished again meanwhile; gives
/// those that are gone.
///
/// # Errors
/// When the database fails.
pub async fn fulfil(
    tx: &mut Tx,
    workspace: WorkspaceId,
    wishes: &BTreeMap<OnboardingId, i64>,
) -> Result<BTreeSet<OnboardingId>, StoreError> {
    let mut by_count: BTreeMap<i64, Vec<OnboardingId>> = BTreeMap::new();
    for (id, wanted) in wishes {
        by_count.entry(*wanted).or_default().push(*id);
    }
    let mut gone = BTreeSet::new();
    for (wanted, ids) in by_count {
        let taken = tx.lists::<_, (Uuid,), (Uuid,)>(FULFIL, args![workspace, wanted], &ids).await?;
        gone.extend(taken.into_keys());
    }
    Ok(gone)
}

/// Onboardings of accounts that are not closed, in order of ids within each.
///
/// # Errors
/// When the database fails.
pub async fn of_accounts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Vec<OnboardingId>>, StoreError> {
    let found = tx.lists::<_, (Uuid,), (Uuid,)>(OF_ACCOUNTS, args![workspace], accounts).await?;
    let read = |(id,): (Uuid,)| OnboardingId::from(id);
    Ok(found.into_iter().map(|(account, rows)| (account, rows.into_iter().map(read).collect())).collect())
}
