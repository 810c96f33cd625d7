//! What happened, walked through page by page, newest first.

use gangway_domain::ids::{AccountId, ActivityId, OnboardingId, WorkspaceId};

use crate::activity::{Activity, Row};
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::{Value, args};

sql! {
    "page";
    ACTIVITY = "SELECT id, at, actor, person_id, door, kind, account_id, onboarding_id, summary FROM activity
                WHERE workspace_id = $1
                  AND (id < $2 OR $2 IS NULL)
                  AND (account_id = $3 OR $3 IS NULL)
                  AND (onboarding_id = $4 OR $4 IS NULL)
                ORDER BY id DESC LIMIT $5";
}

/// What happened, newest first, before one of the entries; about one account or onboarding, or at all.
///
/// # Errors
/// When the database fails.
pub async fn activity(
    tx: &mut Tx,
    workspace: WorkspaceId,
    before: Option<ActivityId>,
    account: Option<AccountId>,
    onboarding: Option<OnboardingId>,
    limit: u32,
) -> Result<Vec<Activity>, StoreError> {
    let before = Value::Id(before.map(ActivityId::uuid));
    tx.list::<Row, _>(ACTIVITY, args![workspace, before, account, onboarding, limit]).await
}
