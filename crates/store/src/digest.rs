//! The daily mail: who wants it how often, who got it on which day, and what only it asks for.

use std::collections::BTreeMap;

use gangway_domain::digest::Rhythm;
use gangway_domain::ids::{MilestoneId, OnboardingId, PersonId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::job::Job;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;
use crate::work::unword;

sql! {
    "digest";
    RHYTHMS = "SELECT person_id, rhythm FROM digest_rhythm WHERE workspace_id = $1";
    SET_RHYTHM = "INSERT INTO digest_rhythm (workspace_id, person_id, rhythm) VALUES ($1, $2, $3)
                  ON CONFLICT (workspace_id, person_id) DO UPDATE SET rhythm = excluded.rhythm";
    CLAIM = "INSERT INTO digest (workspace_id, person_id, day, made_at, lines) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (workspace_id, person_id, day) DO NOTHING";
    LAST = "SELECT made_at FROM digest WHERE workspace_id = $1 AND person_id = $2 ORDER BY day DESC LIMIT 1";
    DAYS = "SELECT day FROM digest WHERE workspace_id = $1 AND person_id = $2 ORDER BY day DESC LIMIT $3";
    // Planned by whoever comes first: the id says the day.
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
struct RhythmRow {
    person_id: Uuid,
    rhythm: String,
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

/// How often people want the mail, where they said it.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn rhythms(tx: &mut Tx, workspace: WorkspaceId) -> Result<BTreeMap<PersonId, Rhythm>, StoreError> {
    let rows: Vec<RhythmRow> = tx.all(RHYTHMS, args![workspace]).await?;
    let read = |row: RhythmRow| -> Result<(PersonId, Rhythm), StoreError> {
        Ok((PersonId::from(row.person_id), unword("rhythm", row.rhythm)?))
    };
    rows.into_iter().map(read).collect()
}

/// Keeps how often somebody wants it.
///
/// # Errors
/// When the database fails.
pub async fn set_rhythm(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    rhythm: Rhythm,
) -> Result<(), StoreError> {
    tx.run(SET_RHYTHM, args![workspace, person, rhythm.word()]).await?;
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
