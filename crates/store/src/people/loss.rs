//! Champions who leave.

use gangway_domain::ids::{ContactId, LossId, OnboardingId, PersonId, TaskId, WorkspaceId};
use gangway_domain::people::Loss as State;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{args, json};

/// The columns of a loss, in the order of its row.
macro_rules! columns {
    () => {
        "l.id, l.onboarding_id, l.contact_id, c.name, l.noticed_on, l.leaves_on, l.note, l.state, l.tasks, l.made_by,
         l.version
         FROM champion_loss l JOIN contact c ON c.workspace_id = l.workspace_id AND c.id = l.contact_id"
    };
}

sql! {
    "people::loss";
    INSERT = "INSERT INTO champion_loss
                (workspace_id, id, onboarding_id, contact_id, noticed_on, leaves_on, note, status, state, tasks,
                 made_by, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    GET = concat!("SELECT ", columns!(), " WHERE l.workspace_id = $1 AND l.id = $2");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " WHERE l.workspace_id = $1 AND l.onboarding_id = $2
                             ORDER BY l.id DESC");
    // What is open in onboardings somebody runs.
    OPEN = "SELECT DISTINCT l.onboarding_id, a.name AS customer
            FROM champion_loss l
            JOIN onboarding o ON o.workspace_id = l.workspace_id AND o.id = l.onboarding_id
            JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
            WHERE l.workspace_id = $1 AND l.status = 'open'
              AND o.owner_id = $2 AND o.state_name IN ('planned', 'running')
            ORDER BY l.onboarding_id LIMIT $3";
    CHANGE = "UPDATE champion_loss SET status = $3, state = $4, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $5";
}

/// A champion who leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Id.
    pub id: LossId,
    /// Where.
    pub onboarding: OnboardingId,
    /// Who leaves.
    pub contact: ContactId,
    /// Their name; not written.
    pub name: String,
    /// When it was recorded.
    pub noticed_on: Date,
    /// Their last day, when known.
    pub leaves_on: Option<Date>,
    /// Anything else; may be empty.
    pub note: String,
    /// Where it stands.
    pub state: State,
    /// The tasks that were made.
    pub tasks: Vec<TaskId>,
    /// Who recorded it.
    pub made_by: String,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    contact_id: Uuid,
    name: String,
    noticed_on: Day,
    leaves_on: Option<Day>,
    note: String,
    #[sqlx(json)]
    state: State,
    #[sqlx(json)]
    tasks: Vec<TaskId>,
    made_by: String,
    version: i64,
}

#[derive(FromRow)]
struct OpenRow {
    onboarding_id: Uuid,
    customer: String,
}

impl From<Row> for Loss {
    fn from(row: Row) -> Self {
        Self {
            id: LossId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            contact: ContactId::from(row.contact_id),
            name: row.name,
            noticed_on: row.noticed_on.into(),
            leaves_on: row.leaves_on.map(Date::from),
            note: row.note,
            state: row.state,
            tasks: row.tasks,
            made_by: row.made_by,
            version: row.version,
        }
    }
}

fn status(state: &State) -> &'static str {
    if state.is_open() { "open" } else { "closed" }
}

/// Adds a loss.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, loss: &Loss) -> Result<(), StoreError> {
    let row = args![
        workspace,
        loss.id,
        loss.onboarding,
        loss.contact,
        loss.noticed_on,
        loss.leaves_on,
        &loss.note,
        status(&loss.state),
        json("loss of a champion", &loss.state)?,
        json("loss of a champion", &loss.tasks)?,
        &loss.made_by,
        loss.version,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One loss.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: LossId) -> Result<Option<Loss>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id]).await
}

/// The losses of an onboarding, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Loss>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// Onboardings somebody runs in which nobody has taken over from a champion who leaves, each with its customer.
///
/// # Errors
/// When the database fails.
pub async fn open_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    limit: u32,
) -> Result<Vec<(OnboardingId, String)>, StoreError> {
    let rows: Vec<OpenRow> = tx.all(OPEN, args![workspace, person, limit]).await?;
    Ok(rows.into_iter().map(|row| (OnboardingId::from(row.onboarding_id), row.customer)).collect())
}

/// Keeps where a loss stands now, in place of the version it says it was. False when it is not that any more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, loss: &Loss) -> Result<bool, StoreError> {
    let state = json("loss of a champion", &loss.state)?;
    let row = args![workspace, loss.id, status(&loss.state), state, loss.version];
    Ok(tx.run(CHANGE, row).await? == 1)
}
