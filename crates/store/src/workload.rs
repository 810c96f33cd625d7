//! What people of a workspace have to do, and what they have time for.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, PersonId, TaskId, WorkspaceId};
use gangway_domain::programme::Side;
use gangway_domain::work::Ground;
use gangway_domain::workload::{Availability, Task};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{args, json, unword};

sql! {
    "workload";
    TASKS = "SELECT t.id, t.onboarding_id, t.code, t.name, t.side, t.role, t.assignee_person, t.days, t.starts_on,
                    t.started_on, t.critical, a.name AS customer
             FROM onboarding o
             CROSS JOIN task t
             JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
             WHERE o.workspace_id = $1 AND o.state_name IN ('planned', 'running')
               AND t.workspace_id = o.workspace_id AND t.onboarding_id = o.id
               AND t.status IN ('open', 'started', 'blocked') AND t.starts_on < $2
               AND (t.side = 'vendor' OR t.assignee_person IS NOT NULL)
             ORDER BY t.starts_on, t.id";
    GROUNDS = "SELECT g.onboarding_id, g.ground
               FROM plan_ground g
               JOIN onboarding o ON o.workspace_id = g.workspace_id AND o.id = g.onboarding_id
               WHERE g.workspace_id = $1 AND o.state_name IN ('planned', 'running')";
    // Found by the index of what people have to do: most of what is open may be nobody's yet.
    GIVEN = "SELECT t.id, t.onboarding_id, t.code, t.name, t.side, t.role, t.assignee_person, t.days, t.starts_on,
                    t.started_on, t.critical, a.name AS customer
             FROM task t
             CROSS JOIN onboarding o
             JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
             WHERE t.workspace_id = $1 AND t.assignee_person IS NOT NULL
               AND t.status IN ('open', 'started', 'blocked') AND t.starts_on < $2
               AND o.workspace_id = t.workspace_id AND o.id = t.onboarding_id
               AND o.state_name IN ('planned', 'running')
             ORDER BY t.starts_on, t.id";
    GIVEN_GROUNDS = "SELECT g.onboarding_id, g.ground
                     FROM plan_ground g
                     JOIN onboarding o ON o.workspace_id = g.workspace_id AND o.id = g.onboarding_id
                     WHERE g.workspace_id = $1 AND o.state_name IN ('planned', 'running')
                       AND g.onboarding_id IN (
                         SELECT t.onboarding_id FROM task t
                         WHERE t.workspace_id = $1 AND t.assignee_person IS NOT NULL
                           AND t.status IN ('open', 'started', 'blocked') AND t.starts_on < $2)";
    AVAILABLE = "SELECT person_id, times, version FROM availability WHERE workspace_id = $1";
    GET = "SELECT person_id, times, version FROM availability WHERE workspace_id = $1 AND person_id = $2";
    INSERT = "INSERT INTO availability (workspace_id, person_id, times, changed_by, changed_at, version)
              VALUES ($1, $2, $3, $4, $5, 1)
              ON CONFLICT (workspace_id, person_id) DO NOTHING";
    CHANGE = "UPDATE availability SET times = $3, changed_by = $4, changed_at = $5, version = version + 1
              WHERE workspace_id = $1 AND person_id = $2 AND version = $6";
}

/// A task that is not over, as far as load is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The task.
    pub task: Task,
    /// Whose calendar it runs on.
    pub side: Side,
    /// Working days planned.
    pub days: u32,
    /// First day: planned, or as it was.
    pub start: Date,
    /// The day it began.
    pub begun: Option<Date>,
}

#[derive(FromRow)]
struct TaskRow {
    id: Uuid,
    onboarding_id: Uuid,
    code: String,
    name: String,
    side: String,
    role: String,
    assignee_person: Option<Uuid>,
    days: i64,
    starts_on: Day,
    started_on: Option<Day>,
    critical: bool,
    customer: String,
}

#[derive(FromRow)]
struct GroundRow {
    onboarding_id: Uuid,
    #[sqlx(json)]
    ground: Ground,
}

#[derive(FromRow)]
struct AvailabilityRow {
    person_id: Uuid,
    #[sqlx(json)]
    times: Availability,
    version: i64,
}

/// What somebody has time for, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// What they have time for.
    pub availability: Availability,
    /// Counts changes; 0 while nobody has said anything.
    pub version: i64,
}

/// Tasks of onboardings that are not over which begin before a day: those of our side, and those of members.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn tasks(tx: &mut Tx, workspace: WorkspaceId, before: Date) -> Result<Vec<Load>, StoreError> {
    loads(tx.all(TASKS, args![workspace, before]).await?)
}

/// Those of them that members do.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn given(tx: &mut Tx, workspace: WorkspaceId, before: Date) -> Result<Vec<Load>, StoreError> {
    loads(tx.all(GIVEN, args![workspace, before]).await?)
}

fn loads(rows: Vec<TaskRow>) -> Result<Vec<Load>, StoreError> {
    let read = |row: TaskRow| -> Result<Load, StoreError> {
        let task = Task {
            id: TaskId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            customer: row.customer,
            code: row.code,
            name: row.name,
            role: row.role,
            person: row.assignee_person.map(PersonId::from),
            critical: row.critical,
        };
        Ok(Load {
            task,
            side: unword("side", row.side)?,
            days: u32::try_from(row.days).unwrap_or_default(),
            start: row.starts_on.into(),
            begun: row.started_on.map(Date::from),
        })
    };
    rows.into_iter().map(read).collect()
}

/// What the plans of these onboardings stand on.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn grounds(
    tx: &mut Tx,
    workspace: WorkspaceId,
) -> Result<BTreeMap<OnboardingId, Ground>, StoreError> {
    let rows: Vec<GroundRow> = tx.all(GROUNDS, args![workspace]).await?;
    Ok(rows.into_iter().map(|row| (OnboardingId::from(row.onboarding_id), row.ground)).collect())
}

/// What the plans stand on in which members have tasks that begin before a day.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn given_grounds(
    tx: &mut Tx,
    workspace: WorkspaceId,
    before: Date,
) -> Result<BTreeMap<OnboardingId, Ground>, StoreError> {
    let rows: Vec<GroundRow> = tx.all(GIVEN_GROUNDS, args![workspace, before]).await?;
    Ok(rows.into_iter().map(|row| (OnboardingId::from(row.onboarding_id), row.ground)).collect())
}

/// What people have time for, where somebody said it.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn available(tx: &mut Tx, workspace: WorkspaceId) -> Result<BTreeMap<PersonId, Kept>, StoreError> {
    let rows: Vec<AvailabilityRow> = tx.all(AVAILABLE, args![workspace]).await?;
    let kept = |row: AvailabilityRow| {
        let AvailabilityRow { person_id, times, version } = row;
        (PersonId::from(person_id), Kept { availability: times, version })
    };
    Ok(rows.into_iter().map(kept).collect())
}

/// What one of them has time for.
///
/// # Errors
/// When the database fails, or the row cannot be read.
pub async fn availability(tx: &mut Tx, workspace: WorkspaceId, person: PersonId) -> Result<Kept, StoreError> {
    let row: Option<AvailabilityRow> = tx.optional(GET, args![workspace, person]).await?;
    Ok(row.map_or_else(Kept::default, |row| Kept { availability: row.times, version: row.version }))
}

/// Keeps what somebody has time for in place of a version, 0 when there was none; false when it is another version now.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    kept: &Kept,
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let Kept { availability, version } = kept;
    let mut row = args![workspace, person, json("availability", availability)?, by, at];
    if *version == 0 {
        return Ok(tx.run(INSERT, row).await? == 1);
    }
    row.extend(args![*version]);
    Ok(tx.run(CHANGE, row).await? == 1)
}
