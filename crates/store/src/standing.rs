//! The colours of onboardings: what the rules gave on a day, and what a person put in its place.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::methodology::Light;
use gangway_domain::report::ReportColour;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{args, json};

sql! {
    "standing";
    GET = "SELECT made_on, colour, version FROM standing WHERE workspace_id = $1 AND onboarding_id = $2";
    // What a person chose since it was read is never lost.
    KEEP = "INSERT INTO standing (workspace_id, onboarding_id, made_on, colour, version) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (workspace_id, onboarding_id)
            DO UPDATE SET made_on = excluded.made_on, colour = excluded.colour, version = excluded.version
            WHERE standing.version = $6";
    ROW = "UPDATE onboarding SET light = $3, light_because = $4
           WHERE workspace_id = $1 AND id = $2 AND state_name IN ('planned', 'running')";
    DUE = "SELECT o.id FROM onboarding o
           WHERE o.workspace_id = $1 AND o.state_name IN ('planned', 'running') AND o.id > $3
             AND NOT EXISTS (SELECT 1 FROM standing s
                             WHERE s.workspace_id = o.workspace_id AND s.onboarding_id = o.id AND s.made_on = $2)
           ORDER BY o.id LIMIT $4";
}

/// The colour of an onboarding as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The day the rules were asked.
    pub made_on: Date,
    /// What they gave, and what a person put in its place.
    pub colour: ReportColour,
    /// Counts what people chose, from 0.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    made_on: Day,
    #[sqlx(json)]
    colour: ReportColour,
    version: i64,
}

/// A colour as rows keep it, in the order of gravity; 0 is none.
pub(crate) fn rank(light: Light) -> i64 {
    match light {
        Light::Green => 1,
        Light::Amber => 2,
        Light::Red => 3,
    }
}

/// The colour of a row.
pub(crate) fn light(rank: i64) -> Option<Light> {
    Light::ALL.into_iter().find(|light| self::rank(*light) == rank)
}

/// The colour of an onboarding as it was kept last.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<Kept>, StoreError> {
    let row: Option<Row> = tx.optional(GET, args![workspace, onboarding]).await?;
    Ok(row.map(|row| Kept { made_on: row.made_on.into(), colour: row.colour, version: row.version }))
}

/// Keeps a colour, with the portfolio's row; the version of that stays, since nothing of the onboarding is changed.
/// False, and nothing kept, when a person chose one since the version `seen` was read.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    kept: &Kept,
    seen: i64,
) -> Result<bool, StoreError> {
    let Kept { made_on, colour, version } = kept;
    let row = args![workspace, onboarding, *made_on, json("colour", colour)?, *version, seen];
    if tx.run(KEEP, row).await? == 0 {
        return Ok(false);
    }
    let because = colour.because().into_iter().next().unwrap_or_default();
    tx.run(ROW, args![workspace, onboarding, rank(colour.light()), because]).await?;
    Ok(true)
}

/// Open onboardings whose colour is not of this day, in order of ids, after one of them.
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
    let after = after.map_or(Uuid::nil(), OnboardingId::uuid);
    tx.ids(DUE, args![workspace, today, after, limit]).await
}
