//! Onboardings that are not complete by their day, and the milestones they passed.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::args;

sql! {
    "outcome::late";
    RUNNING = "SELECT o.id, a.name AS customer, o.segment, o.segment_name, o.kickoff_on, o.finish_on, i.complete_by,
                      (SELECT w.name FROM membership m JOIN person w ON w.id = m.person_id
                        WHERE m.workspace_id = o.workspace_id AND m.person_id = o.owner_id) AS owner
               FROM impact_plan i
               JOIN onboarding o ON o.workspace_id = i.workspace_id AND o.id = i.onboarding_id
               JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
               WHERE i.workspace_id = $1
                 AND o.state_name IN ('planned', 'running')
                 AND (o.finish_on > i.complete_by OR i.complete_by < $2)
                 AND (o.segment = $3 OR $3 IS NULL)
               ORDER BY i.complete_by, o.id LIMIT $4";
    COURSES = "SELECT o.id, o.state_name, o.finish_on, i.complete_by, m.code, m.name, m.due_on, m.planned_on,
                      m.reached_on
               FROM impact_plan i
               JOIN onboarding o ON o.workspace_id = i.workspace_id AND o.id = i.onboarding_id
               JOIN milestone m ON m.workspace_id = o.workspace_id AND m.onboarding_id = o.id
               WHERE i.workspace_id = $1
                 AND o.state_name IN ('running', 'completed')
                 AND o.kickoff_on >= $2
                 AND (o.segment = $3 OR $3 IS NULL)
                 AND m.waived IS NULL
               ORDER BY o.id, m.position LIMIT $4";
}

/// An onboarding that is running late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// Id.
    pub id: OnboardingId,
    /// The customer.
    pub customer: String,
    /// Segment (id).
    pub segment: String,
    /// Segment as people see it.
    pub segment_name: String,
    /// Who runs it.
    pub owner: Option<String>,
    /// Kickoff.
    pub kickoff_on: Date,
    /// Planned end.
    pub finish_on: Date,
    /// The day by which it should be complete.
    pub complete_by: Date,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    customer: String,
    segment: String,
    segment_name: String,
    owner: Option<String>,
    kickoff_on: Day,
    finish_on: Day,
    complete_by: Option<Day>,
}

/// Onboardings that are not complete by their day, by plan or because the day has passed; the longest due first.
///
/// # Errors
/// When the database fails.
pub async fn running(
    tx: &mut Tx,
    workspace: WorkspaceId,
    today: Date,
    segment: Option<String>,
    limit: u32,
) -> Result<Vec<Late>, StoreError> {
    let rows: Vec<Row> = tx.all(RUNNING, args![workspace, today, segment, limit]).await?;
    let late = rows.into_iter().filter_map(|row| {
        Some(Late {
            id: OnboardingId::from(row.id),
            customer: row.customer,
            segment: row.segment,
            segment_name: row.segment_name,
            owner: row.owner,
            kickoff_on: row.kickoff_on.into(),
            finish_on: row.finish_on.into(),
            complete_by: row.complete_by?.into(),
        })
    });
    Ok(late.collect())
}

/// A milestone of an onboarding among those that are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// It is completed.
    pub is_over: bool,
    /// Its planned end; the day it ended by plan when it is over.
    pub finish_on: Date,
    /// The day by which it should be complete.
    pub complete_by: Option<Date>,
    /// The milestone's id inside the plan.
    pub code: String,
    /// What is reached.
    pub name: String,
    /// The day it was due by the programme.
    pub due_on: Date,
    /// The day the plan reaches it.
    pub planned_on: Date,
    /// The day it was reached.
    pub reached_on: Option<Date>,
}

#[derive(FromRow)]
struct StepRow {
    id: Uuid,
    state_name: String,
    finish_on: Day,
    complete_by: Option<Day>,
    code: String,
    name: String,
    due_on: Day,
    planned_on: Day,
    reached_on: Option<Day>,
}

/// Milestones of the onboardings that were kicked off from a day on, waived ones left out, those of one onboarding
/// after each other.
///
/// # Errors
/// When the database fails.
pub async fn courses(
    tx: &mut Tx,
    workspace: WorkspaceId,
    since: Date,
    segment: Option<String>,
    limit: u32,
) -> Result<Vec<Step>, StoreError> {
    let rows: Vec<StepRow> = tx.all(COURSES, args![workspace, since, segment, limit]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Step {
            onboarding: OnboardingId::from(row.id),
            is_over: row.state_name == "completed",
            finish_on: row.finish_on.into(),
            complete_by: row.complete_by.map(Date::from),
            code: row.code,
            name: row.name,
            due_on: row.due_on.into(),
            planned_on: row.planned_on.into(),
            reached_on: row.reached_on.map(Date::from),
        })
        .collect())
}
