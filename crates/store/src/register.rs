//! The register of an onboarding: risks, issues, decisions, actions.

use std::collections::BTreeMap;

use gangway_domain::ids::{ContactId, MeetingId, OnboardingId, PersonId, RegisterId, WorkspaceId};
use gangway_domain::register::{Details, Kind, Owner, Status, Visibility};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{Value, args, joined, json, read};

/// The columns of an entry, in the order of its row. Its owner has the name they have now.
macro_rules! columns {
    () => {
        "e.id, e.onboarding_id, e.kind, e.number, e.title, e.details, e.state, e.exposure, e.owner_person,
         e.owner_contact,
         COALESCE((SELECT c.name FROM contact c WHERE c.workspace_id = e.workspace_id AND c.id = e.owner_contact),
                  (SELECT p.name FROM person p WHERE p.id = e.owner_person), e.owner) AS owner,
         e.due_on, e.visibility, e.meeting_id, e.seed, e.opened_by, e.opened_at,
         e.closed_by, e.closed_at, e.version"
    };
}

sql! {
    "register";
    INSERT = "INSERT INTO register_entry
                (workspace_id, id, onboarding_id, kind, number, title, details, status, state, exposure,
                 owner_person, owner_contact, owner, due_on, visibility, meeting_id, seed, opened_by, opened_at,
                 closed_by, closed_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                      $21, $22)";
    GET = concat!("SELECT ", columns!(), " FROM register_entry e WHERE e.workspace_id = $1 AND e.id = $2");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " FROM register_entry e
                             WHERE e.workspace_id = $1 AND e.onboarding_id = $2 ORDER BY e.kind, e.number");
    OF_KIND = concat!("SELECT ", columns!(), ", e.onboarding_id AS of_id FROM register_entry e
                       WHERE e.workspace_id = $1 AND e.kind = $2 AND e.onboarding_id IN ($3) ORDER BY e.number");
    OF_MEETING = concat!("SELECT ", columns!(), " FROM register_entry e
                          WHERE e.workspace_id = $1 AND e.meeting_id = $2 ORDER BY e.kind, e.number");
    PAGE = concat!("SELECT ", columns!(), " FROM register_entry e
                    WHERE e.workspace_id = $1
                      AND (e.id < $2 OR $2 IS NULL)
                      AND (e.onboarding_id = $3 OR $3 IS NULL)
                      AND (e.kind = $4 OR $4 IS NULL)
                      AND (e.status = $5 OR $5 IS NULL)
                      AND (e.owner_person = $6 OR $6 IS NULL)
                      AND (e.status = 'open' AND e.due_on < $7 OR $7 IS NULL)
                    ORDER BY e.id DESC LIMIT $8");
    LAST_NUMBER = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM register_entry
                   WHERE workspace_id = $1 AND onboarding_id = $2 AND kind = $3";
    LAST_NUMBERS = "SELECT CAST(MAX(number) AS BIGINT) AS highest, onboarding_id AS of_id FROM register_entry
                    WHERE workspace_id = $1 AND kind = $2 AND onboarding_id IN ($3) GROUP BY onboarding_id";
    CHANGE = "UPDATE register_entry
              SET title = $3, details = $4, status = $5, state = $6, exposure = $7, owner_person = $8,
                  owner_contact = $9, owner = $10, due_on = $11, visibility = $12, closed_by = $13, closed_at = $14,
                  version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $15";
    DELETE = "DELETE FROM register_entry WHERE workspace_id = $1 AND id = $2 AND version = $3";
}

/// An entry of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Id.
    pub id: RegisterId,
    /// Whose register.
    pub onboarding: OnboardingId,
    /// Number among the entries of its kind, from 1.
    pub number: i64,
    /// What it is about, one line.
    pub title: String,
    /// What it says beside that; also of which kind it is.
    pub details: Details,
    /// Where it stands.
    pub status: Status,
    /// Who answers for it.
    pub owner: Option<Owner>,
    /// What the owner is called now; what they were called when they were named, where nobody knows them any more.
    pub owner_name: Option<String>,
    /// By which day something must be done about it.
    pub due_on: Option<Date>,
    /// Who sees it.
    pub visibility: Visibility,
    /// The meeting it was made in.
    pub meeting: Option<MeetingId>,
    /// What of the package it was made from; none when people made it.
    pub seed: Option<String>,
    /// Who opened it.
    pub opened_by: String,
    /// When.
    pub opened_at: Timestamp,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// When.
    pub closed_at: Option<Timestamp>,
    /// Counts changes, from 1.
    pub version: i64,
}

impl Entry {
    /// Of which kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.details.kind()
    }

    /// What people call it: `R-7`.
    #[must_use]
    pub fn code(&self) -> String {
        self.kind().code(self.number)
    }

    /// Whether something should have been done about it before `today`.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.status.is_open() && self.due_on.is_some_and(|due| due < today)
    }
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    number: i64,
    title: String,
    #[sqlx(json)]
    details: Details,
    #[sqlx(json)]
    state: Status,
    owner_person: Option<Uuid>,
    owner_contact: Option<Uuid>,
    owner: Option<String>,
    due_on: Option<Day>,
    visibility: String,
    meeting_id: Option<Uuid>,
    seed: Option<String>,
    opened_by: String,
    opened_at: Timestamp,
    closed_by: Option<String>,
    closed_at: Option<Timestamp>,
    version: i64,
}

impl TryFrom<Row> for Entry {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let owner = match (row.owner_person, row.owner_contact, &row.owner) {
            (Some(id), _, _) => Some(Owner::Person { id: PersonId::from(id) }),
            (None, Some(id), _) => Some(Owner::Contact { id: ContactId::from(id) }),
            (None, None, Some(name)) => Some(Owner::Named { name: name.clone() }),
            (None, None, None) => None,
        };
        Ok(Self {
            id: RegisterId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            number: row.number,
            title: row.title,
            details: row.details,
            status: row.state,
            owner,
            owner_name: row.owner,
            due_on: row.due_on.map(Date::from),
            visibility: read("entry of a register", &row.visibility)?,
            meeting: row.meeting_id.map(MeetingId::from),
            seed: row.seed,
            opened_by: row.opened_by,
            opened_at: row.opened_at,
            closed_by: row.closed_by,
            closed_at: row.closed_at,
            version: row.version,
        })
    }
}

/// What may change of an entry, in the order both statements take it in, but who closed it.
fn changeable(entry: &Entry) -> Result<Vec<Value>, StoreError> {
    let (person, contact) = match entry.owner {
        Some(Owner::Person { id }) => (Some(id), None),
        Some(Owner::Contact { id }) => (None, Some(id)),
        Some(Owner::Named { .. }) | None => (None, None),
    };
    Ok(args![
        &entry.title,
        json("entry of a register", &entry.details)?,
        entry.status.word(),
        json("entry of a register", &entry.status)?,
        entry.details.exposure(),
        person,
        contact,
        &entry.owner_name,
        entry.due_on,
        entry.visibility.word(),
    ])
}

/// Who closed an entry, and its version: what both statements end with.
fn closed(entry: &Entry) -> Vec<Value> {
    args![&entry.closed_by, entry.closed_at, entry.version]
}

fn row(workspace: WorkspaceId, entry: &Entry) -> Result<Vec<Value>, StoreError> {
    Ok(joined([
        args![workspace, entry.id.uuid(), entry.onboarding, entry.kind().word(), entry.number],
        changeable(entry)?,
        args![entry.meeting.map(MeetingId::uuid), &entry.seed, &entry.opened_by, entry.opened_at],
        closed(entry),
    ]))
}

/// Adds entries.
///
/// # Errors
/// [`StoreError::Conflict`] when a number is taken; or when the database fails.
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, entries: &[Entry]) -> Result<(), StoreError> {
    let rows: Result<Vec<_>, _> = entries.iter().map(|entry| row(workspace, entry)).collect();
    tx.insert_all(INSERT, rows?).await
}

/// Adds an entry.
///
/// # Errors
/// As [`insert_all`].
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, entry: &Entry) -> Result<(), StoreError> {
    tx.run(INSERT, row(workspace, entry)?).await?;
    Ok(())
}

/// One entry.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: RegisterId) -> Result<Option<Entry>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// The entries of an onboarding, by kind and number.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Entry>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// The entries of one kind of many onboardings, by number.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_kind(
    tx: &mut Tx,
    workspace: WorkspaceId,
    kind: Kind,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Entry>>, StoreError> {
    tx.lists::<_, Row, _>(OF_KIND, args![workspace, kind.word()], onboardings).await
}

/// The entries made in a meeting, by kind and number.
///
/// # Errors
/// When the database fails.
pub async fn of_meeting(
    tx: &mut Tx,
    workspace: WorkspaceId,
    meeting: MeetingId,
) -> Result<Vec<Entry>, StoreError> {
    tx.list::<Row, _>(OF_MEETING, args![workspace, meeting.uuid()]).await
}

/// Which entries of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Those opened before this one.
    pub before: Option<RegisterId>,
    /// Those of this onboarding.
    pub onboarding: Option<OnboardingId>,
    /// Those of this kind.
    pub kind: Option<Kind>,
    /// Those that are open, or those that are closed.
    pub open: Option<bool>,
    /// Those this person answers for.
    pub owner: Option<PersonId>,
    /// Open ones that were due before this day.
    pub due_before: Option<Date>,
    /// At most so many.
    pub limit: u32,
}

/// Entries of a workspace, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &mut Tx, workspace: WorkspaceId, query: &Query) -> Result<Vec<Entry>, StoreError> {
    let Query { before, onboarding, kind, open, owner, due_before, limit } = query;
    let args = args![
        workspace,
        before.map(RegisterId::uuid),
        *onboarding,
        kind.map(|kind| kind.word().to_owned()),
        open.map(|open| if open { "open" } else { "closed" }.to_owned()),
        *owner,
        *due_before,
        *limit,
    ];
    tx.list::<Row, _>(PAGE, args).await
}

/// The highest number in use by entries of a kind; 0 without any.
///
/// # Errors
/// When the database fails.
pub async fn last_number(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    kind: Kind,
) -> Result<i64, StoreError> {
    tx.single_number(LAST_NUMBER, args![workspace, onboarding, kind.word()]).await
}

/// The highest numbers in use by entries of a kind of many onboardings; whoever has none is not there.
///
/// # Errors
/// When the database fails.
pub async fn last_numbers(
    tx: &mut Tx,
    workspace: WorkspaceId,
    kind: Kind,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, i64>, StoreError> {
    let common = args![workspace, kind.word()];
    let found = tx.each::<_, (i64,), (i64,)>(LAST_NUMBERS, common, onboardings).await?;
    Ok(found.into_iter().map(|(id, (highest,))| (id, highest)).collect())
}

/// Keeps an entry as it is now, in place of the version it says it was. False when it is not that version any
/// more. Kind, number, seed and meeting never change.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, entry: &Entry) -> Result<bool, StoreError> {
    let row = joined([args![workspace, entry.id.uuid()], changeable(entry)?, closed(entry)]);
    Ok(tx.run(CHANGE, row).await? == 1)
}

/// Takes an entry away that is still this version; its number is not used again while a higher one exists.
///
/// # Errors
/// When the database fails.
pub async fn delete(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: RegisterId,
    version: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id.uuid(), version]).await? == 1)
}
