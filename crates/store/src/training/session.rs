//! Training sessions, and who has a seat in them.

use gangway_domain::ids::{LearnerId, OnboardingId, TrackId, TrainingSessionId, WorkspaceId};
use gangway_domain::meeting::{Attendance, Slot, Status};
use gangway_domain::training::SessionKind;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use super::number;
use crate::db::Tx;
use crate::error::StoreError;
use crate::meeting::HeldRow;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{Value, args, joined, read};

/// The columns of a session, in the order of its row.
macro_rules! columns {
    () => {
        "SELECT s.id, s.onboarding_id, s.track_id, s.kind, s.title, s.held_on, s.starts, s.minutes, s.zone, s.place,
                s.trainer, s.notes, s.recording, s.status, s.reason, s.sequence, s.invited_at, s.wanted_on, s.because,
                s.made_at, s.version
         FROM training_session s"
    };
}

sql! {
    "training::session";
    INSERT = "INSERT INTO training_session
                (workspace_id, id, onboarding_id, track_id, kind, title, held_on, starts, minutes, zone, place, trainer,
                 notes, recording, status, reason, sequence, invited_at, wanted_on, because, made_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                      $22)";
    GET = concat!(columns!(), " WHERE s.workspace_id = $1 AND s.id = $2");
    OF_ONBOARDING = concat!(columns!(), " WHERE s.workspace_id = $1 AND s.onboarding_id = $2
                                          ORDER BY s.held_on, s.starts, s.id");
    TAUGHT = concat!(columns!(), " WHERE s.workspace_id = $1 AND s.held_on >= $2 AND s.held_on <= $3
                                     AND s.status = 'planned' AND s.trainer <> ''
                                   ORDER BY s.held_on, s.starts, s.id");
    PAGE = concat!(columns!(), " WHERE s.workspace_id = $1 AND s.onboarding_id = $2 AND (s.id > $3 OR $3 IS NULL)
                                 ORDER BY s.id LIMIT $4");
    CHANGE = "UPDATE training_session
              SET track_id = $3, kind = $4, title = $5, held_on = $6, starts = $7, minutes = $8, zone = $9, place = $10,
                  trainer = $11, notes = $12, recording = $13, status = $14, reason = $15, sequence = $16,
                  invited_at = $17, wanted_on = $18, because = $19, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $20";
    DELETE = "DELETE FROM training_session WHERE workspace_id = $1 AND id = $2 AND version = $3";
    SIT = "INSERT INTO training_seat (workspace_id, session_id, learner_id, onboarding_id, attendance, rating)
           VALUES ($1, $2, $3, $4, $5, $6)";
    SEATS = "SELECT session_id, learner_id, attendance, rating FROM training_seat
             WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY session_id, learner_id";
    SEATS_OF = "SELECT session_id, learner_id, attendance, rating FROM training_seat
                WHERE workspace_id = $1 AND session_id = $2 ORDER BY learner_id";
    SEATS_OF_LEARNER = "SELECT session_id, learner_id, attendance, rating FROM training_seat
                        WHERE workspace_id = $1 AND learner_id = $2 ORDER BY session_id";
    ATTENDED = "UPDATE training_seat SET attendance = $4
                WHERE workspace_id = $1 AND session_id = $2 AND learner_id = $3";
    RATED = "UPDATE training_seat SET rating = $4
             WHERE workspace_id = $1 AND session_id = $2 AND learner_id = $3 AND attendance = $5";
    STAND_UP = "DELETE FROM training_seat WHERE workspace_id = $1 AND session_id = $2 AND learner_id = $3";
}

/// A training session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Id.
    pub id: TrainingSessionId,
    /// Whose.
    pub onboarding: OnboardingId,
    /// Of which track; none where everybody may come.
    pub track: Option<TrackId>,
    /// What it is.
    pub kind: SessionKind,
    /// Title.
    pub title: String,
    /// When.
    pub slot: Slot,
    /// Room or link; may be empty.
    pub place: String,
    /// Who teaches; may be empty.
    pub trainer: String,
    /// What there is to say about it; may be empty.
    pub notes: String,
    /// Link to the recording; may be empty.
    pub recording: String,
    /// Where it stands.
    pub status: Status,
    /// SEQUENCE of its calendar entry.
    pub sequence: i64,
    /// When invitations were sent last.
    pub invited_at: Option<Timestamp>,
    /// The day the plan moved it to, while people are invited to another.
    pub wanted_on: Option<Date>,
    /// Why it is on a day on which somebody is missing; empty where nobody is.
    pub because: String,
    /// When it was planned.
    pub made_at: Timestamp,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    track_id: Option<Uuid>,
    kind: String,
    title: String,
    #[sqlx(flatten)]
    held: HeldRow,
    place: String,
    trainer: String,
    notes: String,
    recording: String,
    sequence: i64,
    invited_at: Option<Timestamp>,
    wanted_on: Option<Day>,
    because: String,
    made_at: Timestamp,
    version: i64,
}

impl TryFrom<Row> for Session {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        const WHAT: &str = "training session";
        let (slot, status) = row.held.read(WHAT)?;
        Ok(Self {
            id: TrainingSessionId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            track: row.track_id.map(TrackId::from),
            kind: read(WHAT, &row.kind)?,
            title: row.title,
            slot,
            place: row.place,
            trainer: row.trainer,
            notes: row.notes,
            recording: row.recording,
            status,
            sequence: row.sequence,
            invited_at: row.invited_at,
            wanted_on: row.wanted_on.map(Date::from),
            because: row.because,
            made_at: row.made_at,
            version: row.version,
        })
    }
}

/// A seat in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// Of which session.
    pub session: TrainingSessionId,
    /// Whose.
    pub learner: LearnerId,
    /// Whether they sat on it.
    pub attendance: Attendance,
    /// What they thought of it, 1 to 5.
    pub rating: Option<u32>,
}

#[derive(FromRow)]
struct SeatRow {
    session_id: Uuid,
    learner_id: Uuid,
    attendance: String,
    rating: Option<i64>,
}

impl From<SeatRow> for Seat {
    fn from(row: SeatRow) -> Self {
        Self {
            session: TrainingSessionId::from(row.session_id),
            learner: LearnerId::from(row.learner_id),
            attendance: Attendance::read(&row.attendance).unwrap_or_default(),
            rating: row.rating.map(number),
        }
    }
}

/// What may change of a session, in the order both statements take it in.
fn changeable(one: &Session) -> Vec<Value> {
    args![
        one.track.map(TrackId::uuid),
        one.kind.word(),
        &one.title,
        one.slot.on,
        one.slot.starts.to_string(),
        one.slot.minutes,
        &one.slot.zone,
        &one.place,
        &one.trainer,
        &one.notes,
        &one.recording,
        one.status.word(),
        one.status.reason().map(str::to_owned),
        one.sequence,
        one.invited_at,
        one.wanted_on,
        &one.because,
    ]
}

/// Adds sessions.
///
/// # Errors
/// When the database fails.
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, all: &[Session]) -> Result<(), StoreError> {
    let row = |one: &Session| {
        joined([
            args![workspace, one.id.uuid(), one.onboarding],
            changeable(one),
            args![one.made_at, one.version],
        ])
    };
    tx.insert_all(INSERT, all.iter().map(row).collect()).await
}

/// One session.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: TrainingSessionId,
) -> Result<Option<Session>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// The sessions of an onboarding, by day and time.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Session>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// The sessions of a workspace that are to be held from one day to another and of which it is known who teaches.
///
/// # Errors
/// When the database fails.
pub async fn taught(
    tx: &mut Tx,
    workspace: WorkspaceId,
    (from, until): (Date, Date),
) -> Result<Vec<Session>, StoreError> {
    tx.list::<Row, _>(TAUGHT, args![workspace, from, until]).await
}

/// The sessions of an onboarding in the order they were planned in.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    after: Option<TrainingSessionId>,
    limit: u32,
) -> Result<Vec<Session>, StoreError> {
    tx.list::<Row, _>(PAGE, args![workspace, onboarding, after.map(TrainingSessionId::uuid), limit]).await
}

/// Keeps a session as it is now, in place of the version it says it was. False when it is not that any more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, one: &Session) -> Result<bool, StoreError> {
    let row = joined([args![workspace, one.id.uuid()], changeable(one), args![one.version]]);
    Ok(tx.run(CHANGE, row).await? == 1)
}

/// Takes a session away that is still this version.
///
/// # Errors
/// When the database fails.
pub async fn delete(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: TrainingSessionId,
    version: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id.uuid(), version]).await? == 1)
}

/// Gives people seats.
///
/// # Errors
/// [`StoreError::Conflict`] when one of them has it already; or when the database fails.
pub async fn sit(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    seats: &[Seat],
) -> Result<(), StoreError> {
    let row = |seat: &Seat| {
        args![
            workspace,
            seat.session.uuid(),
            seat.learner.uuid(),
            onboarding,
            seat.attendance.word(),
            seat.rating,
        ]
    };
    tx.insert_all(SIT, seats.iter().map(row).collect()).await
}

/// All seats of an onboarding.
///
/// # Errors
/// When the database fails.
pub async fn seats(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Seat>, StoreError> {
    tx.list::<SeatRow, _>(SEATS, args![workspace, onboarding]).await
}

/// The seats of one session.
///
/// # Errors
/// When the database fails.
pub async fn seats_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    session: TrainingSessionId,
) -> Result<Vec<Seat>, StoreError> {
    tx.list::<SeatRow, _>(SEATS_OF, args![workspace, session.uuid()]).await
}

/// The seats of one learner.
///
/// # Errors
/// When the database fails.
pub async fn seats_of_learner(
    tx: &mut Tx,
    workspace: WorkspaceId,
    learner: LearnerId,
) -> Result<Vec<Seat>, StoreError> {
    tx.list::<SeatRow, _>(SEATS_OF_LEARNER, args![workspace, learner.uuid()]).await
}

/// Writes down whether somebody sat on their seat; what they thought of it stays. False when there is no such seat.
///
/// # Errors
/// When the database fails.
pub async fn attended(
    tx: &mut Tx,
    workspace: WorkspaceId,
    session: TrainingSessionId,
    learner: LearnerId,
    attendance: Attendance,
) -> Result<bool, StoreError> {
    let row = args![workspace, session.uuid(), learner.uuid(), attendance.word()];
    Ok(tx.run(ATTENDED, row).await? == 1)
}

/// Writes down what somebody thought of a session, 1 to 5. False when they did not sit on a seat of it.
///
/// # Errors
/// When the database fails.
pub async fn rated(
    tx: &mut Tx,
    workspace: WorkspaceId,
    session: TrainingSessionId,
    learner: LearnerId,
    rating: u32,
) -> Result<bool, StoreError> {
    let row = args![workspace, session.uuid(), learner.uuid(), rating, Attendance::Attended.word()];
    Ok(tx.run(RATED, row).await? == 1)
}

/// Takes a seat away.
///
/// # Errors
/// When the database fails.
pub async fn stand_up(
    tx: &mut Tx,
    workspace: WorkspaceId,
    session: TrainingSessionId,
    learner: LearnerId,
) -> Result<bool, StoreError> {
    Ok(tx.run(STAND_UP, args![workspace, session.uuid(), learner.uuid()]).await? == 1)
}
