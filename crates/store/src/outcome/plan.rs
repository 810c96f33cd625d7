//! What stands above the outcomes of an onboarding, and how its value milestones are celebrated.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::args;

sql! {
    "outcome::plan";
    INSERT = "INSERT INTO impact_plan
                (workspace_id, onboarding_id, north_star, first_impact, challenges, opportunities, complete_by, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    GET = "SELECT north_star, first_impact, challenges, opportunities, complete_by, version FROM impact_plan
           WHERE workspace_id = $1 AND onboarding_id = $2";
    CHANGE = "UPDATE impact_plan
              SET north_star = $3, first_impact = $4, challenges = $5, opportunities = $6, version = version + 1
              WHERE workspace_id = $1 AND onboarding_id = $2 AND version = $7";
    REWORD = "UPDATE impact_plan SET north_star = $3, first_impact = $4
              WHERE workspace_id = $1 AND onboarding_id = $2";
    COMPLETE_BY = "UPDATE impact_plan SET complete_by = $3 WHERE workspace_id = $1 AND onboarding_id = $2";
    CELEBRATIONS = "SELECT milestone, share_with, format, message, held_on, held_by, version FROM celebration
                    WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY milestone";
    INSERT_CELEBRATION = "INSERT INTO celebration
                            (workspace_id, onboarding_id, milestone, share_with, format, message, held_on, held_by,
                             version)
                          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)";
    CHANGE_CELEBRATION = "UPDATE celebration
                          SET share_with = $4, format = $5, message = $6, held_on = $7, held_by = $8,
                              version = version + 1
                          WHERE workspace_id = $1 AND onboarding_id = $2 AND milestone = $3 AND version = $9";
}

/// What stands above the outcomes of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpactPlan {
    /// North star in one sentence.
    pub north_star: String,
    /// First impact: what and by when.
    pub first_impact: String,
    /// What stands in the way; for the team and the champion.
    pub challenges: String,
    /// What could come of it; likewise.
    pub opportunities: String,
    /// The day by which the onboarding should be complete.
    pub complete_by: Option<Date>,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    north_star: String,
    first_impact: String,
    challenges: String,
    opportunities: String,
    complete_by: Option<Day>,
    version: i64,
}

/// Adds the plans of onboardings.
///
/// # Errors
/// [`StoreError::Conflict`] when one has one; or when the database fails.
pub async fn insert_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    plans: &[(OnboardingId, ImpactPlan)],
) -> Result<(), StoreError> {
    let row = |(onboarding, plan): &(OnboardingId, ImpactPlan)| {
        let ImpactPlan { north_star, first_impact, challenges, opportunities, complete_by, version } = plan;
        args![
            workspace,
            *onboarding,
            north_star,
            first_impact,
            challenges,
            opportunities,
            *complete_by,
            *version
        ]
    };
    tx.insert_all(INSERT, plans.iter().map(row).collect()).await
}

/// The plan of an onboarding; none before it was made.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<ImpactPlan>, StoreError> {
    let row: Option<Row> = tx.optional(GET, args![workspace, onboarding]).await?;
    Ok(row.map(|row| ImpactPlan {
        north_star: row.north_star,
        first_impact: row.first_impact,
        challenges: row.challenges,
        opportunities: row.opportunities,
        complete_by: row.complete_by.map(Date::from),
        version: row.version,
    }))
}

/// Keeps what a plan says, in place of the version it says it was; false when it is not that version any more.
///
/// # Errors
/// When the database fails.
pub async fn change(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    plan: &ImpactPlan,
) -> Result<bool, StoreError> {
    let ImpactPlan { north_star, first_impact, challenges, opportunities, version, .. } = plan;
    let row = args![workspace, onboarding, north_star, first_impact, challenges, opportunities, *version];
    Ok(tx.run(CHANGE, row).await? == 1)
}

/// Keeps the sentences of a plan though nobody changed them: the programme they are written from is another.
///
/// # Errors
/// When the database fails.
pub async fn reword(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    plan: &ImpactPlan,
) -> Result<(), StoreError> {
    tx.run(REWORD, args![workspace, onboarding, &plan.north_star, &plan.first_impact]).await?;
    Ok(())
}

/// The onboarding was moved to another programme: it should be complete by another day.
///
/// # Errors
/// When the database fails.
pub async fn set_complete_by(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    by: Date,
) -> Result<(), StoreError> {
    tx.run(COMPLETE_BY, args![workspace, onboarding, by]).await?;
    Ok(())
}

/// How reaching a value milestone is celebrated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Celebration {
    /// The milestone: its id inside the plan.
    pub milestone: String,
    /// Who hears of it.
    pub share_with: String,
    /// How: a mail, a call, a demo.
    pub format: String,
    /// What is said.
    pub message: String,
    /// When and by whom it was held.
    pub held: Option<(Date, String)>,
    /// Counts changes, from 1; 0 before it was ever kept.
    pub version: i64,
}

#[derive(FromRow)]
struct CelebrationRow {
    milestone: String,
    share_with: String,
    format: String,
    message: String,
    held_on: Option<Day>,
    held_by: Option<String>,
    version: i64,
}

/// The celebrations of an onboarding that people wrote down.
///
/// # Errors
/// When the database fails.
pub async fn celebrations(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Celebration>, StoreError> {
    let rows: Vec<CelebrationRow> = tx.all(CELEBRATIONS, args![workspace, onboarding]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Celebration {
            milestone: row.milestone,
            share_with: row.share_with,
            format: row.format,
            message: row.message,
            held: row.held_on.map(Date::from).zip(row.held_by),
            version: row.version,
        })
        .collect())
}

/// Keeps a celebration, in place of the version it says it was; false when it is not that version any more.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else kept the first one in the same moment; or when the database fails.
pub async fn celebrate(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    one: &Celebration,
) -> Result<bool, StoreError> {
    let Celebration { milestone, share_with, format, message, held, version } = one;
    let (held_on, held_by) = held.clone().unzip();
    let mut row = args![workspace, onboarding, milestone, share_with, format, message, held_on, held_by];
    if *version == 0 {
        tx.run(INSERT_CELEBRATION, row).await?;
        return Ok(true);
    }
    row.extend(args![*version]);
    Ok(tx.run(CHANGE_CELEBRATION, row).await? == 1)
}
