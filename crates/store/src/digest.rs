//! The daily mail: who wants it how often, who got it on which day, and what only it asks for.

use std::collections::BTreeMap;

use gangway_domain::digest::Wishes;
use gangway_domain::ids::{MilestoneId, OnboardingId, PersonId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::job::Job;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{args, unword};

sql! {
    "digest";
    WISHES = "SELECT person_id, rhythm, hour, time_zone FROM digest_rhythm WHERE workspace_id = $1";
    WISH = "INSERT INTO digest_rhythm (workspace_id, person_id, rhythm, hour, time_zone) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (workspace_id, person_id)
            DO UPDATE SET rhythm = excluded.rhythm, hour = excluded.hour, time_zone = excluded.time_zone";
    CLOCK = "SELECT hour, time_zone FROM digest_clock WHERE workspace_id = $1";
    SET_CLOCK = "INSERT INTO digest_clock (workspace_id, hour, time_zone) VALUES ($1, $2, $3)
                 ON CONFLICT (workspace_id) DO UPDATE SET hour = excluded.hour, time_zone = excluded.time_zone";
    CLAIM = "INSERT INTO digest (workspace_id, person_id, day, made_at, lines) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (workspace_id, person_id, day) DO NOTHING";
    LAST = "SELECT made_at FROM digest WHERE workspace_id = $1 AND person_id = $2 ORDER BY day DESC LIMIT 1";
    DAYS = "SELECT day FROM digest WHERE workspace_id = $1 AND person_id = $2 ORDER BY day DESC LIMIT $3";
    // Planned by whoever comes first: the id says the minute.
    PLAN = "INSERT INTO job (workspace_id, id, kind, payload, run_at, attempts, created_at)
            VALUES ($1, $2, $3, $4, $5, 0, $6)
            ON CONFLICT (workspace_id, id) DO NOTHING";
    GATES = "SELECT m.id, m.onboarding_id, m.name, m.planned_on, a.name AS customer
             FROM onboarding o
             JOIN milestone m ON m.workspace_id = o.workspace_id AND m.onboarding_id = o.id
             JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
             WHERE o.workspace_id = $1 AND o.owner_id = $2 AND o.state_name IN ('planned', 'running')
               AND m.gate AND m.reached_on IS NULL AND m.waived IS NULL AND m.planned_on <= $3
             ORDER BY m.planned_on, m.id LIMIT $4";
}

#[derive(FromRow)]
struct WishRow {
    person_id: Uuid,
    rhythm: String,
    hour: Option<i64>,
    time_zone: Option<String>,
}

#[derive(FromRow)]
struct ClockRow {
    hour: i64,
    time_zone: Option<String>,
}

#[derive(FromRow)]
struct LastRow {
    made_at: Timestamp,
}

#[derive(FromRow)]
struct DayRow {
    day: Day,
}

/// A gate that must be passed soon.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Gate {
    /// Id.
    #[sqlx(try_from = "Uuid")]
    pub id: MilestoneId,
    /// The onboarding.
    #[sqlx(try_from = "Uuid", rename = "onboarding_id")]
    pub onboarding: OnboardingId,
    /// What is reached.
    pub name: String,
    /// The day the plan reaches it.
    #[sqlx(try_from = "Day")]
    pub planned_on: Date,
    /// The customer.
    pub customer: String,
}

/// How often and when people want the mail, where they said it.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn wishes(tx: &mut Tx, workspace: WorkspaceId) -> Result<BTreeMap<PersonId, Wishes>, StoreError> {
    let rows: Vec<WishRow> = tx.all(WISHES, args![workspace]).await?;
    let read = |row: WishRow| -> Result<(PersonId, Wishes), StoreError> {
        let hour = row.hour.and_then(|hour| i8::try_from(hour).ok());
        let wishes = Wishes { rhythm: unword("rhythm", row.rhythm)?, hour, zone: row.time_zone };
        Ok((PersonId::from(row.person_id), wishes))
    };
    rows.into_iter().map(read).collect()
}

/// The hour at which a workspace has the mail sent, and the zone of its clock, where somebody said so.
///
/// # Errors
/// When the database fails.
pub async fn clock(tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<(i8, Option<String>)>, StoreError> {
    let row: Option<ClockRow> = tx.optional(CLOCK, args![workspace]).await?;
    Ok(row.and_then(|row| Some((i8::try_from(row.hour).ok()?, row.time_zone))))
}

/// Keeps the hour at which a workspace has the mail sent, and the zone of its clock.
///
/// # Errors
/// When the database fails.
pub async fn set_clock(
    tx: &mut Tx,
    workspace: WorkspaceId,
    hour: i8,
    zone: Option<String>,
) -> Result<(), StoreError> {
    tx.run(SET_CLOCK, args![workspace, i64::from(hour), zone]).await?;
    Ok(())
}

/// Keeps how often and when somebody wants it.
///
/// # Errors
/// When the database fails.
pub async fn wish(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    wishes: &Wishes,
) -> Result<(), StoreError> {
    let Wishes { rhythm, hour, zone } = wishes;
    tx.run(WISH, args![workspace, person, rhythm.word(), hour.map(i64::from), zone]).await?;
    Ok(())
}

/// Takes the mail of a day for somebody; false when it was taken already.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    day: Date,
    at: Timestamp,
    lines: u32,
) -> Result<bool, StoreError> {
    Ok(tx.run(CLAIM, args![workspace, person, day, at, lines]).await? == 1)
}

/// When somebody got the last one.
///
/// # Errors
/// When the database fails.
pub async fn last(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
) -> Result<Option<Timestamp>, StoreError> {
    let row: Option<LastRow> = tx.optional(LAST, args![workspace, person]).await?;
    Ok(row.map(|row| row.made_at))
}

/// The last days on which somebody got one, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn days(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    limit: u32,
) -> Result<Vec<Date>, StoreError> {
    let rows: Vec<DayRow> = tx.all(DAYS, args![workspace, person, limit]).await?;
    Ok(rows.into_iter().map(|row| row.day.into()).collect())
}

/// Adds a job unless there is one of this id.
///
/// # Errors
/// When the database fails.
pub async fn plan(tx: &mut Tx, workspace: WorkspaceId, job: &Job) -> Result<(), StoreError> {
    let Job { id, kind, payload, run_at, created_at } = job;
    tx.run(PLAN, args![workspace, *id, kind, payload.clone(), *run_at, *created_at]).await?;
    tx.wake_workers();
    Ok(())
}

/// Gates that are not passed, in onboardings somebody runs, which the plan reaches by a day.
///
/// # Errors
/// When the database fails.
pub async fn gates(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    by: Date,
    limit: u32,
) -> Result<Vec<Gate>, StoreError> {
    tx.all(GATES, args![workspace, person, by, limit]).await
}
