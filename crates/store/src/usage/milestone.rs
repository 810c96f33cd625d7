//! What events show onboardings to have reached, and how their activation goes.

use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "usage::milestone";
    OF_ONBOARDING = "SELECT code, reached_at, event FROM usage_milestone
                     WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY reached_at, code";
    ALL = "SELECT onboarding_id, code, reached_at FROM usage_milestone WHERE workspace_id = $1";
    PUT = "INSERT INTO usage_milestone (workspace_id, onboarding_id, code, reached_at, event)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (workspace_id, onboarding_id, code)
           DO UPDATE SET reached_at = excluded.reached_at, event = excluded.event";
    PACE = "SELECT pace FROM usage_pace WHERE workspace_id = $1 AND onboarding_id = $2";
    PUT_PACE = "INSERT INTO usage_pace (workspace_id, onboarding_id, pace, since) VALUES ($1, $2, $3, $4)
                ON CONFLICT (workspace_id, onboarding_id)
                DO UPDATE SET pace = excluded.pace, since = excluded.since";
    RUNNING = "SELECT id, account_id, customer, segment, segment_name, programme, kickoff_on FROM onboarding
               WHERE workspace_id = $1 AND state_name IN ('planned', 'running') ORDER BY id";
    RUNNING_OF = "SELECT id, account_id, customer, segment, segment_name, programme, kickoff_on FROM onboarding
                  WHERE workspace_id = $1 AND account_id = $2 AND state_name IN ('planned', 'running') ORDER BY id";
    GET = "SELECT id, account_id, customer, segment, segment_name, programme, kickoff_on FROM onboarding
           WHERE workspace_id = $1 AND id = $2";
}

/// Something that was reached.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Reached {
    /// `first-login`, `setup`, `first-value`, `full-value`, or `milestone:` and the code of a value milestone.
    pub code: String,
    /// When.
    pub reached_at: Timestamp,
    /// The event or rule that showed it.
    pub event: String,
}

/// What the clocks of an onboarding are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Which.
    pub id: OnboardingId,
    /// Whose.
    pub account: AccountId,
    /// What the customer is called.
    pub customer: String,
    /// Id of the segment.
    pub segment: String,
    /// Name of the segment.
    pub segment_name: String,
    /// Id of the programme.
    pub programme: String,
    /// The kickoff.
    pub kickoff_on: Date,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    account_id: Uuid,
    customer: String,
    segment: String,
    segment_name: String,
    programme: String,
    kickoff_on: Day,
}

impl From<Row> for Subject {
    fn from(row: Row) -> Self {
        let Row { id, account_id, customer, segment, segment_name, programme, kickoff_on } = row;
        let (id, account) = (OnboardingId::from(id), AccountId::from(account_id));
        Self { id, account, customer, segment, segment_name, programme, kickoff_on: kickoff_on.into() }
    }
}

/// What an onboarding has reached, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Reached>, StoreError> {
    tx.all(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// What all onboardings have reached.
///
/// # Errors
/// When the database fails.
pub async fn all(
    tx: &mut Tx,
    workspace: WorkspaceId,
) -> Result<Vec<(OnboardingId, String, Timestamp)>, StoreError> {
    let rows: Vec<(Uuid, String, Timestamp)> = tx.all(ALL, args![workspace]).await?;
    Ok(rows.into_iter().map(|(id, code, at)| (OnboardingId::from(id), code, at)).collect())
}

/// Keeps what was reached, in place of what was known of it.
///
/// # Errors
/// When the database fails.
pub async fn put(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    reached: &Reached,
) -> Result<(), StoreError> {
    let Reached { code, reached_at, event } = reached;
    tx.run(PUT, args![workspace, onboarding, code, *reached_at, event]).await?;
    Ok(())
}

/// The pace that was last told of an onboarding.
///
/// # Errors
/// When the database fails.
pub async fn pace(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx.optional(PACE, args![workspace, onboarding]).await?;
    Ok(row.map(|(pace,)| pace))
}

/// Keeps the pace that was told.
///
/// # Errors
/// When the database fails.
pub async fn put_pace(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    pace: &str,
    since: Timestamp,
) -> Result<(), StoreError> {
    tx.run(PUT_PACE, args![workspace, onboarding, pace, since]).await?;
    Ok(())
}

/// Onboardings that are not over, of an account or all.
///
/// # Errors
/// When the database fails.
pub async fn running(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: Option<AccountId>,
) -> Result<Vec<Subject>, StoreError> {
    match account {
        None => tx.list::<Row, _>(RUNNING, args![workspace]).await,
        Some(account) => tx.list::<Row, _>(RUNNING_OF, args![workspace, account]).await,
    }
}

/// One onboarding.
///
/// # Errors
/// When the database fails.
pub async fn subject(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<Subject>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id]).await
}
