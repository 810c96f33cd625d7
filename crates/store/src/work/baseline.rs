//! Dates of a plan as they were agreed, kept and never overwritten.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::work::RunningPlan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::stamp;
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{args, json};

sql! {
    "work::baseline";
    LAST = "SELECT CAST(MAX(number) AS BIGINT) AS highest, onboarding_id AS of_id FROM plan_baseline
            WHERE workspace_id = $1 AND onboarding_id IN ($2) GROUP BY onboarding_id";
    INSERT = "INSERT INTO plan_baseline
                (workspace_id, onboarding_id, number, made_at, made_by, reason, go_live_on, finish_on, dates)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LIST = "SELECT number, made_at, made_by, reason, go_live_on, finish_on FROM plan_baseline
            WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY number";
    GO_LIVES = "SELECT b.go_live_on, b.onboarding_id AS of_id FROM plan_baseline b
                WHERE b.workspace_id = $1 AND b.onboarding_id IN ($2) ORDER BY b.number";
    DATES = "SELECT dates FROM plan_baseline WHERE workspace_id = $1 AND onboarding_id = $2 AND number = $3";
    // Of many onboardings at once; a row that is never there says of what kind an id is.
    TASKS = "UPDATE task SET baseline_starts_on = starts_on, baseline_finishes_on = finishes_on, baseline_days = days
             WHERE workspace_id = $1
               AND onboarding_id IN (SELECT onboarding_id FROM task WHERE 1 = 0 UNION ALL SELECT $2)";
    MILESTONES = "UPDATE milestone SET baseline_on = planned_on
                  WHERE workspace_id = $1
                    AND onboarding_id IN (SELECT onboarding_id FROM milestone WHERE 1 = 0 UNION ALL SELECT $2)";
    TASK_AS = "UPDATE task SET baseline_starts_on = $4, baseline_finishes_on = $5, baseline_days = $6
               WHERE workspace_id = $1 AND onboarding_id = $2 AND code = $3";
    MILESTONE_AS = "UPDATE milestone SET baseline_on = $4
                    WHERE workspace_id = $1 AND onboarding_id = $2 AND code = $3";
}

/// Dates as they were agreed once.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Baseline {
    /// Its number; 0 is the plan as it was made.
    pub number: i64,
    /// When it was agreed.
    #[sqlx(rename = "made_at")]
    pub at: Timestamp,
    /// By whom.
    #[sqlx(rename = "made_by")]
    pub by: String,
    /// Why.
    pub reason: String,
    /// Go-live.
    #[sqlx(try_from = "Day")]
    pub go_live_on: Date,
    /// The end.
    #[sqlx(try_from = "Day")]
    pub finish_on: Date,
}

/// A task or milestone in a baseline; milestones take no days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Which (code).
    pub code: String,
    /// First day.
    pub start: Date,
    /// Last day.
    pub finish: Date,
    /// Working days.
    pub days: u32,
}

/// Since when dates are agreed, who says so, and why.
pub type Made<'a> = (Timestamp, &'a str, &'a str);

/// Keeps the dates of a plan as agreed; gives the number. Lists compare with the latest.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    plan: &RunningPlan,
    made: Made<'_>,
) -> Result<i64, StoreError> {
    let numbers = keep_all(tx, workspace, &[(onboarding, plan, made)]).await?;
    Ok(numbers.into_iter().next().unwrap_or_default())
}

/// The same for the plans of many onboardings; the numbers are in their order.
///
/// # Errors
/// When the database fails.
pub async fn keep_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    plans: &[(OnboardingId, &RunningPlan, Made<'_>)],
) -> Result<Vec<i64>, StoreError> {
    let onboardings: Vec<OnboardingId> = plans.iter().map(|(onboarding, ..)| *onboarding).collect();
    let last = tx.each::<_, (i64,), (i64,)>(LAST, args![workspace], &onboardings).await?;
    let (mut numbers, mut rows) = (Vec::with_capacity(plans.len()), Vec::with_capacity(plans.len()));
    for (onboarding, plan, (at, by, reason)) in plans {
        let number = last.get(onboarding).map_or(0, |(last,)| last + 1);
        let dates = json("baseline", &agreed(plan))?;
        let promise = plan.promise();
        rows.push(args![
            workspace,
            *onboarding,
            number,
            *at,
            *by,
            *reason,
            promise.go_live,
            promise.finish,
            dates
        ]);
        numbers.push(number);
    }
    tx.insert_all(INSERT, rows).await?;
    stamp::count_on(tx, workspace, onboardings.iter().copied()).await?;
    let ids = || onboardings.iter().map(|onboarding| args![*onboarding]).collect::<Vec<_>>();
    tx.change_all(TASKS, args![workspace], ids()).await?;
    tx.change_all(MILESTONES, args![workspace], ids()).await?;
    Ok(numbers)
}

/// The dates of a plan as they are agreed.
fn agreed(plan: &RunningPlan) -> Vec<Agreed> {
    let tasks = plan.tasks.iter().map(|task| Agreed {
        code: task.code.clone(),
        start: task.start,
        finish: task.finish,
        days: task.days,
    });
    let milestones = plan.milestones.iter().map(|milestone| Agreed {
        code: milestone.code.clone(),
        start: milestone.planned,
        finish: milestone.planned,
        days: 0,
    });
    tasks.chain(milestones).collect()
}

/// Compares a plan's rows with dates agreed before: they were replaced, or came back.
///
/// # Errors
/// When the database fails.
pub async fn compare_with(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    dates: &[Agreed],
) -> Result<(), StoreError> {
    stamp::count_on(tx, workspace, [onboarding]).await?;
    for Agreed { code, start, finish, days } in dates {
        tx.run(TASK_AS, args![workspace, onboarding, code, *start, *finish, *days]).await?;
        tx.run(MILESTONE_AS, args![workspace, onboarding, code, *finish]).await?;
    }
    Ok(())
}

/// Every baseline, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Baseline>, StoreError> {
    tx.all(LIST, args![workspace, onboarding]).await
}

/// The go-live of the first baseline of many onboardings.
///
/// # Errors
/// When the database fails.
pub async fn first_go_lives(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Date>, StoreError> {
    let found = tx.each::<_, (Day,), (Day,)>(GO_LIVES, args![workspace], onboardings).await?;
    Ok(found.into_iter().map(|(id, (day,))| (id, day.into())).collect())
}

#[derive(FromRow)]
struct Dates {
    #[sqlx(json)]
    dates: Vec<Agreed>,
}

/// The dates of one; none when there is no such baseline.
///
/// # Errors
/// When the database fails.
pub async fn dates(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    number: i64,
) -> Result<Option<Vec<Agreed>>, StoreError> {
    let row: Option<Dates> = tx.optional(DATES, args![workspace, onboarding, number]).await?;
    Ok(row.map(|row| row.dates))
}
