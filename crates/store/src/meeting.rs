//! Meetings of onboardings.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{MeetingId, OnboardingId, PersonId, WorkspaceId};
use gangway_domain::meeting::{Invitee, Slot, Status};
use gangway_domain::programme::AgendaItem;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{Value, args, joined, json, read};

/// The columns of a meeting, in the order of its row.
macro_rules! columns {
    () => {
        "m.id, m.onboarding_id, m.code, m.title, m.purpose, m.held_on, m.starts, m.minutes, m.zone, m.place,
         m.with_customer, m.agenda, m.people, m.notes, m.status, m.reason, m.sequence, m.invited_at, m.created_at,
         m.version"
    };
}

sql! {
    "meeting";
    INSERT = "INSERT INTO meeting
                (workspace_id, id, onboarding_id, code, title, purpose, held_on, starts, minutes, zone, place,
                 with_customer, agenda, people, notes, status, reason, sequence, invited_at, created_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    GET = concat!("SELECT ", columns!(), " FROM meeting m WHERE m.workspace_id = $1 AND m.id = $2");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " FROM meeting m
                             WHERE m.workspace_id = $1 AND m.onboarding_id = $2 ORDER BY m.held_on, m.starts, m.id");
    OF_ONBOARDINGS = concat!("SELECT ", columns!(), ", m.onboarding_id AS of_id FROM meeting m
                              WHERE m.workspace_id = $1 AND m.onboarding_id IN ($2)
                              ORDER BY m.held_on, m.starts, m.id");
    PAGE = concat!("SELECT ", columns!(), " FROM meeting m
                    WHERE m.workspace_id = $1
                      AND (m.id > $2 OR $2 IS NULL)
                      AND (m.onboarding_id = $3 OR $3 IS NULL)
                      AND (m.status = $4 OR $4 IS NULL)
                      AND (m.held_on >= $5 OR $5 IS NULL)
                      AND (m.held_on <= $6 OR $6 IS NULL)
                    ORDER BY m.id LIMIT $7");
    CHANGE = "UPDATE meeting
              SET title = $3, purpose = $4, held_on = $5, starts = $6, minutes = $7, zone = $8, place = $9,
                  with_customer = $10, agenda = $11, people = $12, notes = $13, status = $14, reason = $15,
                  sequence = $16, invited_at = $17, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $18";
    DELETE = "DELETE FROM meeting WHERE workspace_id = $1 AND id = $2 AND version = $3";
    DELETE_UNTOUCHED = "DELETE FROM meeting
                        WHERE workspace_id = $1 AND onboarding_id = $2 AND code IS NOT NULL AND status = 'planned'
                          AND version = 1 AND invited_at IS NULL AND held_on >= $3";
    // Who of the workspace is invited, so that their meetings are found without reading every list of people.
    INVITE = "INSERT INTO meeting_person (workspace_id, person_id, meeting_id) VALUES ($1, $2, $3)";
    UNINVITE = "DELETE FROM meeting_person WHERE workspace_id = $1 AND meeting_id = $2";
}

/// A meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Id.
    pub id: MeetingId,
    /// Whose.
    pub onboarding: OnboardingId,
    /// Which meeting of the package and which of its days: `status#3`; none when people made it.
    pub code: Option<String>,
    /// Title.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// When.
    pub slot: Slot,
    /// Room or link; may be empty.
    pub place: String,
    /// Whether customers are in the room.
    pub with_customer: bool,
    /// The agenda.
    pub agenda: Vec<AgendaItem>,
    /// Who is invited, and who came.
    pub people: Vec<Invitee>,
    /// What was said; may be empty.
    pub notes: String,
    /// Where it stands.
    pub status: Status,
    /// SEQUENCE of its calendar entry.
    pub sequence: i64,
    /// When invitations were sent last.
    pub invited_at: Option<Timestamp>,
    /// When it was planned.
    pub created_at: Timestamp,
    /// Counts changes, from 1.
    pub version: i64,
}

/// When a meeting or a training session is, and where it stands.
#[derive(FromRow)]
pub(crate) struct HeldRow {
    held_on: Day,
    starts: String,
    minutes: i64,
    zone: Option<String>,
    status: String,
    reason: Option<String>,
}

impl HeldRow {
    /// When it is and where it stands; `what` it is of names the row where it cannot be read.
    pub(crate) fn read(self, what: &'static str) -> Result<(Slot, Status), StoreError> {
        let Self { held_on, starts, minutes, zone, status, reason } = self;
        let slot = Slot {
            on: held_on.into(),
            starts: read(what, &starts)?,
            minutes: u32::try_from(minutes).unwrap_or(0),
            zone,
        };
        let known = Status::read(&status, reason);
        let status = known.ok_or_else(|| StoreError::corrupt(what, format_args!("{status} is no status")))?;
        Ok((slot, status))
    }
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    code: Option<String>,
    title: String,
    purpose: String,
    #[sqlx(flatten)]
    held: HeldRow,
    place: String,
    with_customer: bool,
    #[sqlx(json)]
    agenda: Vec<AgendaItem>,
    #[sqlx(json)]
    people: Vec<Invitee>,
    notes: String,
    sequence: i64,
    invited_at: Option<Timestamp>,
    created_at: Timestamp,
    version: i64,
}

impl TryFrom<Row> for Meeting {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let (slot, status) = row.held.read("meeting")?;
        Ok(Self {
            id: MeetingId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            code: row.code,
            title: row.title,
            purpose: row.purpose,
            slot,
            place: row.place,
            with_customer: row.with_customer,
            agenda: row.agenda,
            people: row.people,
            notes: row.notes,
            status,
            sequence: row.sequence,
            invited_at: row.invited_at,
            created_at: row.created_at,
            version: row.version,
        })
    }
}

/// What may change of a meeting, in the order both statements take it in.
fn changeable(meeting: &Meeting) -> Result<Vec<Value>, StoreError> {
    Ok(args![
        &meeting.title,
        &meeting.purpose,
        meeting.slot.on,
        meeting.slot.starts.to_string(),
        meeting.slot.minutes,
        &meeting.slot.zone,
        &meeting.place,
        meeting.with_customer,
        json("meeting", &meeting.agenda)?,
        json("meeting", &meeting.people)?,
        &meeting.notes,
        meeting.status.word(),
        meeting.status.reason().map(str::to_owned),
        meeting.sequence,
        meeting.invited_at,
    ])
}

fn row(workspace: WorkspaceId, meeting: &Meeting) -> Result<Vec<Value>, StoreError> {
    Ok(joined([
        args![workspace, meeting.id.uuid(), meeting.onboarding, &meeting.code],
        changeable(meeting)?,
        args![meeting.created_at, meeting.version],
    ]))
}

/// Who of the workspace is invited to meetings, each once.
fn invited(workspace: WorkspaceId, meetings: &[Meeting]) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for meeting in meetings {
        let people: BTreeSet<PersonId> = meeting.people.iter().filter_map(|one| one.person).collect();
        rows.extend(people.into_iter().map(|person| args![workspace, person, meeting.id.uuid()]));
    }
    rows
}

/// Adds meetings.
///
/// # Errors
/// [`StoreError::Conflict`] when one of this code exists; or when the database fails.
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, meetings: &[Meeting]) -> Result<(), StoreError> {
    let rows: Result<Vec<_>, _> = meetings.iter().map(|meeting| row(workspace, meeting)).collect();
    tx.insert_all(INSERT, rows?).await?;
    tx.insert_all(INVITE, invited(workspace, meetings)).await
}

/// One meeting.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: MeetingId) -> Result<Option<Meeting>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// The meetings of an onboarding, by day and time.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Meeting>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// The meetings of many onboardings in the order they are held in.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_onboardings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Meeting>>, StoreError> {
    tx.lists::<_, Row, _>(OF_ONBOARDINGS, args![workspace], onboardings).await
}

/// Which meetings of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Those that were planned after this one.
    pub after: Option<MeetingId>,
    /// Those of this onboarding.
    pub onboarding: Option<OnboardingId>,
    /// Those in this state: a word of [`Status::word`].
    pub status: Option<String>,
    /// Those from this day on.
    pub from: Option<Date>,
    /// Those up to this day.
    pub to: Option<Date>,
    /// At most so many.
    pub limit: u32,
}

/// Meetings of a workspace in the order they were planned in.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &mut Tx, workspace: WorkspaceId, query: &Query) -> Result<Vec<Meeting>, StoreError> {
    let Query { after, onboarding, status, from, to, limit } = query;
    let args = args![workspace, after.map(MeetingId::uuid), *onboarding, status, *from, *to, *limit];
    tx.list::<Row, _>(PAGE, args).await
}

/// Keeps a meeting as it is now, in place of the version it says it was. False when it is not that version any
/// more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, meeting: &Meeting) -> Result<bool, StoreError> {
    let row = joined([args![workspace, meeting.id.uuid()], changeable(meeting)?, args![meeting.version]]);
    let is_kept = tx.run(CHANGE, row).await? == 1;
    if is_kept {
        tx.run(UNINVITE, args![workspace, meeting.id.uuid()]).await?;
        tx.insert_all(INVITE, invited(workspace, std::slice::from_ref(meeting))).await?;
    }
    Ok(is_kept)
}

/// Takes a meeting away that is still this version.
///
/// # Errors
/// When the database fails.
pub async fn delete(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: MeetingId,
    version: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id.uuid(), version]).await? == 1)
}

/// Takes those meetings of the package away that nobody has touched or heard of, from a day on.
///
/// # Errors
/// When the database fails.
pub async fn delete_untouched(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    from: Date,
) -> Result<(), StoreError> {
    tx.run(DELETE_UNTOUCHED, args![workspace, onboarding, from]).await?;
    Ok(())
}
