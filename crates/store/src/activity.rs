//! The activity log: who did what when. Rows are added, never changed.

use gangway_domain::ids::{AccountId, ActivityId, OnboardingId, PersonId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{Value, args};

sql! {
    "activity";
    INSERT = "INSERT INTO activity
                (workspace_id, id, at, actor, person_id, door, kind, account_id, onboarding_id, summary)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    RECENT = "SELECT id, at, actor, person_id, door, kind, account_id, onboarding_id, summary FROM activity
              WHERE workspace_id = $1 ORDER BY at DESC, id DESC LIMIT $2";
    // What happened to the account before there was an onboarding belongs to its story too.
    OF_ONBOARDING = "SELECT id, at, actor, person_id, door, kind, account_id, onboarding_id, summary FROM activity
                     WHERE workspace_id = $1
                       AND (onboarding_id = $2 OR (onboarding_id IS NULL AND account_id = $3))
                     ORDER BY at DESC, id DESC LIMIT $4";
    SINCE = "SELECT id, at, actor, person_id, door, kind, account_id, onboarding_id, summary FROM activity
             WHERE workspace_id = $1 AND at >= $2 ORDER BY at, id LIMIT $3";
    AFTER = "SELECT id, at, actor, person_id, door, kind, account_id, onboarding_id, summary FROM activity
             WHERE workspace_id = $1
               AND (at, id) > (SELECT c.at, c.id FROM activity c WHERE c.workspace_id = $1 AND c.id = $2)
             ORDER BY at, id LIMIT $3";
    OF_ACCOUNT = "SELECT id, at, actor, person_id, door, kind, account_id, onboarding_id, summary FROM activity
                  WHERE workspace_id = $1 AND account_id = $2 ORDER BY id DESC LIMIT $3";
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Id.
    pub id: ActivityId,
    /// When.
    pub at: Timestamp,
    /// Who, by the name they had then.
    pub actor: String,
    /// Who, when it was somebody who had signed in.
    pub person: Option<PersonId>,
    /// Through which door: `cli`, `web`, `demo`.
    pub door: String,
    /// What kind of deed, e.g. `handoff.accepted`.
    pub kind: String,
    /// About which account.
    pub account: Option<AccountId>,
    /// About which onboarding.
    pub onboarding: Option<OnboardingId>,
    /// In one sentence.
    pub summary: String,
}

#[derive(FromRow)]
pub(crate) struct Row {
    #[sqlx(try_from = "Uuid")]
    id: ActivityId,
    at: Timestamp,
    actor: String,
    person_id: Option<Uuid>,
    door: String,
    kind: String,
    account_id: Option<Uuid>,
    onboarding_id: Option<Uuid>,
    summary: String,
}

impl From<Row> for Activity {
    fn from(row: Row) -> Self {
        let Row { id, at, actor, person_id, door, kind, account_id, onboarding_id, summary } = row;
        let (account, onboarding) = (account_id.map(AccountId::from), onboarding_id.map(OnboardingId::from));
        let person = person_id.map(PersonId::from);
        Self { id, at, actor, person, door, kind, account, onboarding, summary }
    }
}

fn row(workspace: WorkspaceId, entry: &Activity) -> Vec<Value> {
    let Activity { id, at, actor, person, door, kind, account, onboarding, summary } = entry;
    args![workspace, *id, *at, actor, *person, door, kind, *account, *onboarding, summary]
}

/// Adds an entry.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, activity: &Activity) -> Result<(), StoreError> {
    tx.run(INSERT, row(workspace, activity)).await?;
    tx.tell();
    Ok(())
}

/// Adds many entries.
///
/// # Errors
/// When the database fails.
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, all: &[Activity]) -> Result<(), StoreError> {
    if all.is_empty() {
        return Ok(());
    }
    tx.insert_all(INSERT, all.iter().map(|entry| row(workspace, entry)).collect()).await?;
    tx.tell();
    Ok(())
}

/// Entries of this instant or later, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn since(
    tx: &mut Tx,
    workspace: WorkspaceId,
    at: Timestamp,
    limit: u32,
) -> Result<Vec<Activity>, StoreError> {
    tx.list::<Row, _>(SINCE, args![workspace, at, limit]).await
}

/// Entries that came after one of them, oldest first; none when the workspace does not know that one.
///
/// # Errors
/// When the database fails.
pub async fn after(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ActivityId,
    limit: u32,
) -> Result<Vec<Activity>, StoreError> {
    tx.list::<Row, _>(AFTER, args![workspace, id, limit]).await
}

/// The latest entries of a workspace, newest first.
///
/// # Errors
/// When the database fails.
pub async fn recent(tx: &mut Tx, workspace: WorkspaceId, limit: u32) -> Result<Vec<Activity>, StoreError> {
    tx.list::<Row, _>(RECENT, args![workspace, limit]).await
}

/// The latest entries about an onboarding, and about its account before it began, newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    account: AccountId,
    limit: u32,
) -> Result<Vec<Activity>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding, account, limit]).await
}

/// The latest entries about an account and its onboardings, newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_account(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    limit: u32,
) -> Result<Vec<Activity>, StoreError> {
    tx.list::<Row, _>(OF_ACCOUNT, args![workspace, account, limit]).await
}
