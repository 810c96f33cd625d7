//! How onboardings ended.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::transition::{Ending, Moments};
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{args, json, read};

sql! {
    "transition::closing";
    INSERT = "INSERT INTO closing (workspace_id, onboarding_id, ending, said, moments, closed_by, closed_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7)
              ON CONFLICT (workspace_id, onboarding_id) DO NOTHING";
    GET = "SELECT ending, said, moments, closed_by, closed_at FROM closing
           WHERE workspace_id = $1 AND onboarding_id = $2";
}

/// How an onboarding ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// How.
    pub ending: Ending,
    /// Why, or what is missing; may be empty where it was successful.
    pub said: String,
    /// The days its clocks ran between.
    pub moments: Moments,
    /// Who closed it.
    pub closed_by: String,
    /// When.
    pub closed_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    ending: String,
    said: String,
    #[sqlx(json)]
    moments: Moments,
    closed_by: String,
    closed_at: Timestamp,
}

impl TryFrom<Row> for Closing {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let Row { ending, said, moments, closed_by, closed_at } = row;
        Ok(Self { ending: read("closing", &ending)?, said, moments, closed_by, closed_at })
    }
}

/// Keeps how an onboarding ended; it ends once.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    one: &Closing,
) -> Result<(), StoreError> {
    let row = args![
        workspace,
        onboarding,
        one.ending.word(),
        &one.said,
        json("closing", &one.moments)?,
        &one.closed_by,
        one.closed_at,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// How an onboarding ended; nothing while it runs, and of those that ended before endings were kept.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<Closing>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, onboarding]).await
}
