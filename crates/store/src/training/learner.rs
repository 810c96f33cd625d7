//! Who is trained, and on which tracks.

use std::collections::BTreeMap;

use gangway_domain::ids::{ContactId, LearnerId, OnboardingId, TrackId, WorkspaceId};
use gangway_domain::training::Record;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{args, json};

sql! {
    "training::learner";
    INSERT = "INSERT INTO learner (workspace_id, id, onboarding_id, contact_id, name, email, team, made_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    GET = "SELECT id, onboarding_id, contact_id, name, email, team, made_at, version
           FROM learner WHERE workspace_id = $1 AND id = $2";
    PAGE = "SELECT id, onboarding_id, contact_id, name, email, team, made_at, version
            FROM learner WHERE workspace_id = $1 AND onboarding_id = $2 AND (id > $3 OR $3 IS NULL)
            ORDER BY id LIMIT $4";
    OF_CONTACT = "SELECT id, onboarding_id, contact_id, name, email, team, made_at, version
                  FROM learner WHERE workspace_id = $1 AND onboarding_id = $2 AND (contact_id = $3 OR email = $4)
                  ORDER BY id";
    CHANGE = "UPDATE learner SET name = $3, email = $4, team = $5, contact_id = $6, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $7";
    DELETE = "DELETE FROM learner WHERE workspace_id = $1 AND id = $2 AND version = $3";
    ENROL = "INSERT INTO training_enrolment
               (workspace_id, learner_id, track_id, onboarding_id, record, started_on, proficient_on, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    ENROLMENTS = "SELECT learner_id, track_id, onboarding_id, record, started_on, proficient_on, version
                  FROM training_enrolment WHERE workspace_id = $1 AND onboarding_id = $2
                  ORDER BY learner_id, track_id";
    ENROLMENTS_IN = "SELECT learner_id, track_id, onboarding_id, record, started_on, proficient_on, version,
                            onboarding_id AS of_id
                     FROM training_enrolment WHERE workspace_id = $1 AND onboarding_id IN ($2)
                     ORDER BY learner_id, track_id";
    ENROLMENTS_OF = "SELECT learner_id, track_id, onboarding_id, record, started_on, proficient_on, version
                     FROM training_enrolment WHERE workspace_id = $1 AND learner_id = $2 ORDER BY track_id";
    KEEP = "UPDATE training_enrolment
            SET record = $4, started_on = $5, proficient_on = $6, version = version + 1
            WHERE workspace_id = $1 AND learner_id = $2 AND track_id = $3 AND version = $7";
    // Changes nothing, but holds the row until the transaction ends, as `workspace::LOCK` does.
    HOLD = "UPDATE training_enrolment SET version = version
            WHERE workspace_id = $1 AND learner_id = $2 AND track_id = $3";
    // Contacts who learn, by who they are or by their address.
    OF_TASK = "SELECT c.id AS contact_id, c.name AS name, c.email AS email
               FROM training_track t
               JOIN training_enrolment e ON e.workspace_id = t.workspace_id AND e.onboarding_id = t.onboarding_id
                                        AND e.track_id = t.id
               JOIN learner l ON l.workspace_id = e.workspace_id AND l.id = e.learner_id
               JOIN contact c ON c.workspace_id = l.workspace_id AND c.id = l.contact_id
               WHERE t.workspace_id = $1 AND t.onboarding_id = $2 AND t.task = $3 AND t.group_size > 0
               UNION
               SELECT c.id AS contact_id, c.name AS name, c.email AS email
               FROM training_track t
               JOIN onboarding o ON o.workspace_id = t.workspace_id AND o.id = t.onboarding_id
               JOIN training_enrolment e ON e.workspace_id = t.workspace_id AND e.onboarding_id = t.onboarding_id
                                        AND e.track_id = t.id
               JOIN learner l ON l.workspace_id = e.workspace_id AND l.id = e.learner_id
               JOIN contact c ON c.workspace_id = o.workspace_id AND c.account_id = o.account_id
                             AND c.email_key = l.email
               WHERE t.workspace_id = $1 AND t.onboarding_id = $2 AND t.task = $3 AND t.group_size > 0
               ORDER BY name, contact_id";
    LEAVE = "DELETE FROM training_enrolment WHERE workspace_id = $1 AND learner_id = $2 AND track_id = $3";
}

/// Somebody who is trained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learner {
    /// Id.
    pub id: LearnerId,
    /// Where.
    pub onboarding: OnboardingId,
    /// Who, when they are a contact.
    pub contact: Option<ContactId>,
    /// Name.
    pub name: String,
    /// Mail address in small letters.
    pub email: Option<String>,
    /// Team or site; may be empty.
    pub team: String,
    /// When they were added.
    pub made_at: Timestamp,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    contact_id: Option<Uuid>,
    name: String,
    email: Option<String>,
    team: String,
    made_at: Timestamp,
    version: i64,
}

impl From<Row> for Learner {
    fn from(row: Row) -> Self {
        Self {
            id: LearnerId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            contact: row.contact_id.map(ContactId::from),
            name: row.name,
            email: row.email,
            team: row.team,
            made_at: row.made_at,
            version: row.version,
        }
    }
}

/// That somebody learns on a track, and what they did there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Who.
    pub learner: LearnerId,
    /// On what.
    pub track: TrackId,
    /// Where.
    pub onboarding: OnboardingId,
    /// What they did.
    pub record: Record,
    /// When they began.
    pub started_on: Option<Date>,
    /// When they first worked alone.
    pub proficient_on: Option<Date>,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct EnrolmentRow {
    learner_id: Uuid,
    track_id: Uuid,
    onboarding_id: Uuid,
    #[sqlx(json)]
    record: Record,
    started_on: Option<Day>,
    proficient_on: Option<Day>,
    version: i64,
}

impl From<EnrolmentRow> for Enrolment {
    fn from(row: EnrolmentRow) -> Self {
        Self {
            learner: LearnerId::from(row.learner_id),
            track: TrackId::from(row.track_id),
            onboarding: OnboardingId::from(row.onboarding_id),
            record: row.record,
            started_on: row.started_on.map(Date::from),
            proficient_on: row.proficient_on.map(Date::from),
            version: row.version,
        }
    }
}

/// Adds learners.
///
/// # Errors
/// [`StoreError::Conflict`] when one of this address exists; or when the database fails.
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, learners: &[Learner]) -> Result<(), StoreError> {
    let row = |one: &Learner| {
        args![
            workspace,
            one.id.uuid(),
            one.onboarding,
            one.contact,
            &one.name,
            &one.email,
            &one.team,
            one.made_at,
            one.version,
        ]
    };
    tx.insert_all(INSERT, learners.iter().map(row).collect()).await
}

/// One learner.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: LearnerId) -> Result<Option<Learner>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// Learners of an onboarding in the order they were added in.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    after: Option<LearnerId>,
    limit: u32,
) -> Result<Vec<Learner>, StoreError> {
    tx.list::<Row, _>(PAGE, args![workspace, onboarding, after.map(LearnerId::uuid), limit]).await
}

/// What a contact is as a learner, by who they are or by their address in small letters; more than once only after
/// contacts were merged.
///
/// # Errors
/// When the database fails.
pub async fn of_contact(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    contact: ContactId,
    email: Option<String>,
) -> Result<Vec<Learner>, StoreError> {
    tx.list::<Row, _>(OF_CONTACT, args![workspace, onboarding, contact, email]).await
}

/// Keeps a learner who is still the version they say. False when they are not.
///
/// # Errors
/// [`StoreError::Conflict`] when another one has the address; or when the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, learner: &Learner) -> Result<bool, StoreError> {
    let row = args![
        workspace,
        learner.id.uuid(),
        &learner.name,
        &learner.email,
        &learner.team,
        learner.contact,
        learner.version,
    ];
    Ok(tx.run(CHANGE, row).await? == 1)
}

/// Takes a learner out, with all they did. False when they are not that version any more.
///
/// # Errors
/// When the database fails.
pub async fn delete(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: LearnerId,
    version: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id.uuid(), version]).await? == 1)
}

/// Enrols people.
///
/// # Errors
/// [`StoreError::Conflict`] when one is enrolled already; or when the database fails.
pub async fn enrol(tx: &mut Tx, workspace: WorkspaceId, enrolments: &[Enrolment]) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(enrolments.len());
    for one in enrolments {
        rows.push(args![
            workspace,
            one.learner.uuid(),
            one.track.uuid(),
            one.onboarding,
            json("enrolment", &one.record)?,
            one.started_on,
            one.proficient_on,
            one.version,
        ]);
    }
    tx.insert_all(ENROL, rows).await
}

/// Who learns on what in an onboarding.
///
/// # Errors
/// When the database fails.
pub async fn enrolments(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Enrolment>, StoreError> {
    tx.list::<EnrolmentRow, _>(ENROLMENTS, args![workspace, onboarding]).await
}

/// Who learns on what in many onboardings.
///
/// # Errors
/// When the database fails.
pub async fn enrolments_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Enrolment>>, StoreError> {
    tx.lists::<_, EnrolmentRow, _>(ENROLMENTS_IN, args![workspace], onboardings).await
}

/// A contact who learns.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Participant {
    /// Who.
    #[sqlx(try_from = "Uuid", rename = "contact_id")]
    pub contact: ContactId,
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub email: Option<String>,
}

/// The contacts among those who learn in sessions that a task of the plan (code) stands for, by name.
///
/// # Errors
/// When the database fails.
pub async fn of_task(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    task: &str,
) -> Result<Vec<Participant>, StoreError> {
    tx.all(OF_TASK, args![workspace, onboarding, task]).await
}

/// What one learner learns on.
///
/// # Errors
/// When the database fails.
pub async fn enrolments_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    learner: LearnerId,
) -> Result<Vec<Enrolment>, StoreError> {
    tx.list::<EnrolmentRow, _>(ENROLMENTS_OF, args![workspace, learner.uuid()]).await
}

/// Keeps what somebody did, in place of the version it says. False when it is not that any more.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &mut Tx, workspace: WorkspaceId, one: &Enrolment) -> Result<bool, StoreError> {
    let row = args![
        workspace,
        one.learner.uuid(),
        one.track.uuid(),
        json("enrolment", &one.record)?,
        one.started_on,
        one.proficient_on,
        one.version,
    ];
    Ok(tx.run(KEEP, row).await? == 1)
}

/// Lets nobody else pass here for the same learner on the same track until the transaction ends, so that tries that are
/// counted afterwards are all there are. False when they are not on it.
///
/// # Errors
/// When the database fails.
pub async fn hold(
    tx: &mut Tx,
    workspace: WorkspaceId,
    learner: LearnerId,
    track: TrackId,
) -> Result<bool, StoreError> {
    Ok(tx.run(HOLD, args![workspace, learner.uuid(), track.uuid()]).await? == 1)
}

/// Takes somebody off a track.
///
/// # Errors
/// When the database fails.
pub async fn leave(
    tx: &mut Tx,
    workspace: WorkspaceId,
    learner: LearnerId,
    track: TrackId,
) -> Result<bool, StoreError> {
    Ok(tx.run(LEAVE, args![workspace, learner.uuid(), track.uuid()]).await? == 1)
}
