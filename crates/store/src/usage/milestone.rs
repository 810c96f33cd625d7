//! What events show onboardings to have reached, and how their activation goes.

use std::collections::BTreeMap;

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
    OF_ONBOARDINGS = "SELECT code, reached_at, event, onboarding_id AS of_id FROM usage_milestone
                      WHERE workspace_id = $1 AND onboarding_id IN ($2) ORDER BY reached_at, code";
    ALL = "SELECT onboarding_id, code, reached_at FROM usage_milestone WHERE workspace_id = $1";
    PUT = "INSERT INTO usage_milestone (workspace_id, onboarding_id, code, reached_at, event)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (workspace_id, onboarding_id, code)
           DO UPDATE SET reached_at = excluded.reached_at, event = excluded.event";
    PACE = "SELECT pace FROM usage_pace WHERE workspace_id = $1 AND onboarding_id = $2";
    PACES = "SELECT pace, onboarding_id AS of_id FROM usage_pace WHERE workspace_id = $1 AND onboarding_id IN ($2)";
    // Onboardings with value milestones that rules may see reached in usage, and perhaps some more.
    JUDGED_BY_USE = "SELECT m.code, m.onboarding_id AS of_id FROM milestone m
                     WHERE m.workspace_id = $1 AND m.onboarding_id IN ($2) AND m.kind = 'value'
                       AND CAST(m.criteria AS TEXT) LIKE '%usage.%'";
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

/// What many onboardings have reached, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_onboardings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Reached>>, StoreError> {
    tx.lists::<_, Reached, _>(OF_ONBOARDINGS, args![workspace], onboardings).await
}

/// Those of these onboardings whose plan may have value milestones with rules about usage.
///
/// # Errors
/// When the database fails.
pub async fn judged_by_use(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<Vec<OnboardingId>, StoreError> {
    let found = tx.lists::<_, (String,), (String,)>(JUDGED_BY_USE, args![workspace], onboardings).await?;
    Ok(found.into_keys().collect())
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

/// Keeps what was reached by many, in place of what was known of it; nothing stands there twice.
///
/// # Errors
/// When the database fails.
pub async fn put_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    reached: &[(OnboardingId, Reached)],
) -> Result<(), StoreError> {
    let row = |(onboarding, reached): &(OnboardingId, Reached)| {
        let Reached { code, reached_at, event } = reached;
        args![workspace, *onboarding, code, *reached_at, event]
    };
    tx.upsert_all(PUT, reached.iter().map(row).collect()).await
}

/// The paces that were last told of many onboardings.
///
/// # Errors
/// When the database fails.
pub async fn paces(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, String>, StoreError> {
    let found = tx.each::<_, (String,), (String,)>(PACES, args![workspace], onboardings).await?;
    Ok(found.into_iter().map(|(id, (pace,))| (id, pace)).collect())
}

/// Keeps the paces that were told of many; no onboarding stands there twice.
///
/// # Errors
/// When the database fails.
pub async fn put_paces(
    tx: &mut Tx,
    workspace: WorkspaceId,
    paces: &[(OnboardingId, &str)],
    since: Timestamp,
) -> Result<(), StoreError> {
    let row = |(onboarding, pace): &(OnboardingId, &str)| args![workspace, *onboarding, *pace, since];
    tx.upsert_all(PUT_PACE, paces.iter().map(row).collect()).await
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
