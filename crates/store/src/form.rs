//! Forms customers fill in, their files, and the facts they became.

use std::collections::BTreeMap;

use gangway_domain::form::{Answers, Said, State};
use gangway_domain::ids::{ContactId, FormId, OnboardingId, WorkspaceId};
use gangway_domain::methodology::FormSheet;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{args, json, read};

/// The columns of a form, in the order of its row.
macro_rules! columns {
    () => {
        "f.id, f.onboarding_id, f.form, f.title, f.sheet, f.contact_id, c.name AS contact, f.asked_by, f.asked_at,
         f.due_on, f.state, f.answers, f.answered_by, f.answered_at, f.note, f.version
         FROM form f LEFT JOIN contact c ON c.workspace_id = f.workspace_id AND c.id = f.contact_id"
    };
}

sql! {
    "form";
    INSERT = "INSERT INTO form
                (workspace_id, id, onboarding_id, form, title, sheet, contact_id, asked_by, asked_at, due_on, state,
                 answers, answered_by, answered_at, note, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    GET = concat!("SELECT ", columns!(), " WHERE f.workspace_id = $1 AND f.id = $2");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " WHERE f.workspace_id = $1 AND f.onboarding_id = $2
                             ORDER BY f.id DESC");
    OF_CONTACT = "SELECT id, title, due_on FROM form
                  WHERE workspace_id = $1 AND onboarding_id = $2 AND state IN ('open', 'returned')
                    AND (contact_id IS NULL OR contact_id = $3)
                  ORDER BY id DESC";
    CHANGE = "UPDATE form SET state = $3, answers = $4, answered_by = $5, answered_at = $6, note = $7, due_on = $8,
                              version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $9";
    PUT_FILE = "INSERT INTO form_file (workspace_id, form_id, field, name, media_type, size, content, made_by, made_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                ON CONFLICT (workspace_id, form_id, field)
                DO UPDATE SET name = excluded.name, media_type = excluded.media_type, size = excluded.size,
                              content = excluded.content, made_by = excluded.made_by, made_at = excluded.made_at";
    FILES = "SELECT field, name, media_type, size, made_by, made_at FROM form_file
             WHERE workspace_id = $1 AND form_id = $2 ORDER BY field";
    ALL_FILES = "SELECT x.form_id, x.field, x.name, x.media_type, x.size, x.made_by, x.made_at FROM form_file x
                 JOIN form f ON f.workspace_id = x.workspace_id AND f.id = x.form_id
                 WHERE f.workspace_id = $1 AND f.onboarding_id = $2 ORDER BY x.form_id, x.field";
    CONTENT = "SELECT content FROM form_file WHERE workspace_id = $1 AND form_id = $2 AND field = $3";
    DROP_FILE = "DELETE FROM form_file WHERE workspace_id = $1 AND form_id = $2 AND field = $3";
    SAY = "INSERT INTO form_fact (workspace_id, onboarding_id, fact, label, value, form_id, said_by, said_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (workspace_id, onboarding_id, fact)
           DO UPDATE SET label = excluded.label, value = excluded.value, form_id = excluded.form_id,
                         said_by = excluded.said_by, said_at = excluded.said_at";
    FACTS = "SELECT fact, label, value, form_id, said_by, said_at FROM form_fact
             WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY fact";
    MOVE = "UPDATE form SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2";
}

/// A form a customer is asked to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Id.
    pub id: FormId,
    /// Of which onboarding.
    pub onboarding: OnboardingId,
    /// Id in the methodology.
    pub form: String,
    /// Title people see.
    pub title: String,
    /// The form as it is asked.
    pub sheet: FormSheet,
    /// Who is asked; whoever may answer forms when nobody is named.
    pub contact: Option<ContactId>,
    /// Their name; not written.
    pub contact_name: Option<String>,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// By when it is wanted.
    pub due_on: Date,
    /// Where it stands.
    pub state: State,
    /// What was answered so far.
    pub answers: Answers,
    /// Who wrote in it last; empty before.
    pub answered_by: String,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// What was said when it was returned; may be empty.
    pub note: String,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    form: String,
    title: String,
    #[sqlx(json)]
    sheet: FormSheet,
    contact_id: Option<Uuid>,
    contact: Option<String>,
    asked_by: String,
    asked_at: Timestamp,
    due_on: Day,
    state: String,
    #[sqlx(json)]
    answers: Answers,
    answered_by: String,
    answered_at: Option<Timestamp>,
    note: String,
    version: i64,
}

impl TryFrom<Row> for Form {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: FormId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            form: row.form,
            title: row.title,
            sheet: row.sheet,
            contact: row.contact_id.map(ContactId::from),
            contact_name: row.contact,
            asked_by: row.asked_by,
            asked_at: row.asked_at,
            due_on: row.due_on.into(),
            state: read("form", &row.state)?,
            answers: row.answers,
            answered_by: row.answered_by,
            answered_at: row.answered_at,
            note: row.note,
            version: row.version,
        })
    }
}

/// Adds a form.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, form: &Form) -> Result<(), StoreError> {
    let row = args![
        workspace,
        form.id.uuid(),
        form.onboarding,
        &form.form,
        &form.title,
        json("form", &form.sheet)?,
        form.contact,
        &form.asked_by,
        form.asked_at,
        form.due_on,
        form.state.word(),
        json("form", &form.answers)?,
        &form.answered_by,
        form.answered_at,
        &form.note,
        form.version,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One form.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: FormId) -> Result<Option<Form>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// The forms of an onboarding, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Form>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// A form that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Id.
    pub id: FormId,
    /// Title.
    pub title: String,
    /// By when it is wanted.
    pub due_on: Date,
}

#[derive(FromRow)]
struct WaitingRow {
    id: Uuid,
    title: String,
    due_on: Day,
}

/// The forms of an onboarding that wait for a contact, the newest first: their own, and those for anybody.
///
/// # Errors
/// When the database fails.
pub async fn waiting(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    contact: ContactId,
) -> Result<Vec<Waiting>, StoreError> {
    let rows: Vec<WaitingRow> = tx.all(OF_CONTACT, args![workspace, onboarding, contact]).await?;
    let read =
        |row: WaitingRow| Waiting { id: FormId::from(row.id), title: row.title, due_on: row.due_on.into() };
    Ok(rows.into_iter().map(read).collect())
}

/// Keeps a form as it is now, in place of the version it says it was. False when it is not that version any more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, form: &Form) -> Result<bool, StoreError> {
    let row = args![
        workspace,
        form.id.uuid(),
        form.state.word(),
        json("form", &form.answers)?,
        &form.answered_by,
        form.answered_at,
        &form.note,
        form.due_on,
        form.version,
    ];
    Ok(tx.run(CHANGE, row).await? == 1)
}

/// A file in a form, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct File {
    /// The field it stands in.
    pub field: String,
    /// Its name.
    pub name: String,
    /// Media type as it was told.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Who put it there.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
}

/// Puts a file into a field, in place of the one that was there; `content` is its bytes in Base64.
///
/// # Errors
/// When the database fails.
pub async fn put_file(
    tx: &mut Tx,
    workspace: WorkspaceId,
    form: FormId,
    file: &File,
    content: String,
) -> Result<(), StoreError> {
    let File { field, name, media_type, size, made_by, made_at } = file;
    tx.run(
        PUT_FILE,
        args![workspace, form.uuid(), field, name, media_type, *size, content, made_by, *made_at],
    )
    .await?;
    Ok(())
}

/// Takes a file out of a field. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn drop_file(
    tx: &mut Tx,
    workspace: WorkspaceId,
    form: FormId,
    field: &str,
) -> Result<bool, StoreError> {
    Ok(tx.run(DROP_FILE, args![workspace, form.uuid(), field]).await? == 1)
}

/// The files of a form.
///
/// # Errors
/// When the database fails.
pub async fn files(tx: &mut Tx, workspace: WorkspaceId, form: FormId) -> Result<Vec<File>, StoreError> {
    tx.all(FILES, args![workspace, form.uuid()]).await
}

#[derive(FromRow)]
struct PlacedRow {
    form_id: Uuid,
    #[sqlx(flatten)]
    file: File,
}

/// The files of all forms of an onboarding, by their form.
///
/// # Errors
/// When the database fails.
pub async fn all_files(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<BTreeMap<FormId, Vec<File>>, StoreError> {
    let rows: Vec<PlacedRow> = tx.all(ALL_FILES, args![workspace, onboarding]).await?;
    let mut found: BTreeMap<FormId, Vec<File>> = BTreeMap::new();
    for row in rows {
        found.entry(FormId::from(row.form_id)).or_default().push(row.file);
    }
    Ok(found)
}

/// The bytes of a file in Base64.
///
/// # Errors
/// When the database fails.
pub async fn content(
    tx: &mut Tx,
    workspace: WorkspaceId,
    form: FormId,
    field: &str,
) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx.optional(CONTENT, args![workspace, form.uuid(), field]).await?;
    Ok(row.map(|(content,)| content))
}

/// What a form said, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Fact {
    /// The fact.
    pub fact: String,
    /// What was asked.
    pub label: String,
    /// What was answered.
    pub value: String,
    /// The form.
    #[sqlx(try_from = "Uuid", rename = "form_id")]
    pub form: FormId,
    /// Who answered.
    pub said_by: String,
    /// When it was accepted.
    pub said_at: Timestamp,
}

/// Keeps what a form says, in place of what was said of the same before.
///
/// # Errors
/// When the database fails.
pub async fn say(
    tx: &mut Tx,
    workspace: WorkspaceId,
    (onboarding, form): (OnboardingId, FormId),
    said: &[Said],
    by: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    for one in said {
        tx.run(SAY, args![workspace, onboarding, &one.fact, &one.label, &one.value, form.uuid(), by, at])
            .await?;
    }
    Ok(())
}

/// What forms said of an onboarding.
///
/// # Errors
/// When the database fails.
pub async fn facts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Fact>, StoreError> {
    tx.all(FACTS, args![workspace, onboarding]).await
}

/// Forms a contact is asked for go to the one they are merged into.
///
/// # Errors
/// When the database fails.
pub(crate) async fn take_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    gone: ContactId,
    into: ContactId,
) -> Result<(), StoreError> {
    tx.run(MOVE, args![workspace, gone, into]).await?;
    Ok(())
}
