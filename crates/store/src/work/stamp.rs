//! The stamp of a plan: counts every change of its rows, so that what is kept of it in memory (`kept.rs`) is known to be
//! true or not. Whoever writes rows of a plan counts it on first: it also is the lock those writers share.

use std::collections::BTreeSet;

use gangway_domain::ids::{OnboardingId, WorkspaceId};

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::args;

sql! {
    "work::stamp";
    // Of many onboardings at once; a row that is never there says of what kind an id is.
    COUNT_ON = "UPDATE plan_ground SET stamp = stamp + 1
                WHERE workspace_id = $1
                  AND onboarding_id IN (SELECT onboarding_id FROM plan_ground WHERE 1 = 0 UNION ALL SELECT $2)";
}

/// Counts on the stamps of plans whose rows are about to be written, or were.
pub(crate) async fn count_on(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: impl IntoIterator<Item = OnboardingId>,
) -> Result<(), StoreError> {
    // In one order, so that nobody waits for whoever waits for them.
    let each: BTreeSet<OnboardingId> = onboardings.into_iter().collect();
    let rows = each.into_iter().map(|onboarding| args![onboarding]).collect();
    tx.change_all(COUNT_ON, args![workspace], rows).await
}

/// Counts on those of the plans that were written which were not counted on `before`: another transaction has made them
/// such as are looked for meanwhile.
pub(crate) async fn count_on_rest(
    tx: &mut Tx,
    workspace: WorkspaceId,
    before: &[OnboardingId],
    written: &[OnboardingId],
) -> Result<(), StoreError> {
    let rest: Vec<OnboardingId> = written.iter().filter(|id| !before.contains(id)).copied().collect();
    count_on(tx, workspace, rest).await
}
