//! Training of onboardings: tracks here; learners, sessions, results and the library in modules of their own.

pub mod learner;
pub mod library;
pub mod result;
pub mod session;

use std::collections::BTreeMap;

use gangway_domain::ids::{ContactId, OnboardingId, TrackId, WorkspaceId};
use gangway_domain::methodology::TrainingModule;
use gangway_domain::training::Level;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::programme::Origin;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{args, json, read};

sql! {
    "training";
    INSERT = "INSERT INTO training_track
                (workspace_id, id, onboarding_id, code, name, audience, format, group_size, level, validation, assessed, modules,
                 people, task, starts_on, finishes_on, position, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    OF_ONBOARDING = "SELECT id, onboarding_id, code, name, audience, format, group_size, level, validation, assessed, modules, people,
                            task, starts_on, finishes_on, position, version
                     FROM training_track WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY position, id";
    OF_ONBOARDINGS = "SELECT id, onboarding_id, code, name, audience, format, group_size, level, validation, assessed, modules,
                             people, task, starts_on, finishes_on, position, version, onboarding_id AS of_id
                      FROM training_track WHERE workspace_id = $1 AND onboarding_id IN ($2) ORDER BY position, id";
    GET = "SELECT id, onboarding_id, code, name, audience, format, group_size, level, validation, assessed, modules, people,
                  task, starts_on, finishes_on, position, version
           FROM training_track WHERE workspace_id = $1 AND id = $2";
    CHANGE = "UPDATE training_track
              SET people = $3, starts_on = $4, finishes_on = $5, group_size = $6, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $7";
    TIE = "UPDATE training_track SET task = $4
           WHERE workspace_id = $1 AND onboarding_id = $2 AND code = $3 AND (task IS NULL OR task <> $4)";
    TIE_ALL = "UPDATE training_track SET task = $5
               WHERE workspace_id = $1 AND code = $4 AND (task IS NULL OR task <> $5)
                 AND onboarding_id IN (
                   SELECT o.id FROM onboarding o
                   WHERE o.workspace_id = $1 AND o.programme = $2
                     AND (o.programme_digest = $3 OR ($3 IS NULL AND o.programme_digest IS NULL)))";
    TAKE_OVER = "UPDATE learner SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2";
}

/// A training track of an onboarding: what its package said, sized as people corrected it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Id.
    pub id: TrackId,
    /// Whose.
    pub onboarding: OnboardingId,
    /// Id of the methodology.
    pub code: String,
    /// Name.
    pub name: String,
    /// For whom.
    pub audience: String,
    /// Format in words.
    pub format: String,
    /// People in one session; 0 where everybody learns by themselves.
    pub group_size: u32,
    /// Competency to reach.
    pub level: Level,
    /// How it is checked.
    pub validation: String,
    /// Whether it ends with questions.
    pub assessed: bool,
    /// The modules in order.
    pub modules: Vec<TrainingModule>,
    /// People to be trained.
    pub people: u32,
    /// The task of the plan (code) it is given in; none where it follows none.
    pub task: Option<String>,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub finishes_on: Date,
    /// Place among the tracks.
    pub position: u32,
    /// Counts changes, from 1.
    pub version: i64,
}

impl Track {
    /// Minutes of one run through the modules.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        self.modules.iter().map(|module| module.minutes).sum()
    }
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    code: String,
    name: String,
    audience: String,
    format: String,
    group_size: i64,
    level: String,
    validation: String,
    assessed: bool,
    #[sqlx(json)]
    modules: Vec<TrainingModule>,
    people: i64,
    task: Option<String>,
    starts_on: Day,
    finishes_on: Day,
    position: i64,
    version: i64,
}

impl TryFrom<Row> for Track {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: TrackId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            code: row.code,
            name: row.name,
            audience: row.audience,
            format: row.format,
            group_size: number(row.group_size),
            level: read("training track", &row.level)?,
            validation: row.validation,
            assessed: row.assessed,
            modules: row.modules,
            people: number(row.people),
            task: row.task,
            starts_on: row.starts_on.into(),
            finishes_on: row.finishes_on.into(),
            position: number(row.position),
            version: row.version,
        })
    }
}

/// A count as rows hold it.
fn number(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(0)
}

/// Adds tracks.
///
/// # Errors
/// [`StoreError::Conflict`] when one of this code exists; or when the database fails.
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, tracks: &[Track]) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(tracks.len());
    for track in tracks {
        rows.push(args![
            workspace,
            track.id.uuid(),
            track.onboarding,
            &track.code,
            &track.name,
            &track.audience,
            &track.format,
            track.group_size,
            track.level.word(),
            &track.validation,
            track.assessed,
            json("training track", &track.modules)?,
            track.people,
            &track.task,
            track.starts_on,
            track.finishes_on,
            track.position,
            track.version,
        ]);
    }
    tx.insert_all(INSERT, rows).await
}

/// The tracks of an onboarding in their order.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Track>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// The tracks of many onboardings in their order.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_onboardings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Track>>, StoreError> {
    tx.lists::<_, Row, _>(OF_ONBOARDINGS, args![workspace], onboardings).await
}

/// One track.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: TrackId) -> Result<Option<Track>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// Keeps people, days and group size of a track that is still the version it says. False when it is not.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, track: &Track) -> Result<bool, StoreError> {
    let row = args![
        workspace,
        track.id.uuid(),
        track.people,
        track.starts_on,
        track.finishes_on,
        track.group_size,
        track.version,
    ];
    Ok(tx.run(CHANGE, row).await? == 1)
}

/// Says in which task of the plan a track is given. It changes nothing people look at, so the version stays.
///
/// # Errors
/// When the database fails.
pub async fn tie(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    code: &str,
    task: &str,
) -> Result<(), StoreError> {
    tx.run(TIE, args![workspace, onboarding, code, task]).await?;
    Ok(())
}

/// Says the same of the tracks of every onboarding made from a text of a programme.
///
/// # Errors
/// When the database fails.
pub async fn tie_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    Origin { programme, programme_digest }: &Origin,
    code: &str,
    task: &str,
) -> Result<(), StoreError> {
    tx.run(TIE_ALL, args![workspace, programme, programme_digest, code, task]).await?;
    Ok(())
}

/// What one contact learned belongs to another from now on.
pub(crate) async fn take_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    gone: ContactId,
    into: ContactId,
) -> Result<(), StoreError> {
    tx.run(TAKE_OVER, args![workspace, gone, into]).await?;
    Ok(())
}
