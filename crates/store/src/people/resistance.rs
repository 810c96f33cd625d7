//! The log of resistance.

use gangway_domain::ids::{ContactId, OnboardingId, ResistanceId, WorkspaceId};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{Value, args, joined};

/// The columns of an entry, in the order of its row.
macro_rules! columns {
    () => {
        "r.id, r.onboarding_id, r.contact_id, r.who, r.signal, r.kind, r.concern, r.actions, r.owner, r.noticed_on,
         r.resolved_on, r.resolution, r.made_by, r.version FROM resistance r"
    };
}

sql! {
    "people::resistance";
    INSERT = "INSERT INTO resistance
                (workspace_id, id, onboarding_id, contact_id, who, signal, kind, concern, actions, owner, noticed_on,
                 resolved_on, resolution, made_by, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    GET = concat!("SELECT ", columns!(), " WHERE r.workspace_id = $1 AND r.id = $2");
    PAGE = concat!("SELECT ", columns!(), "
                    WHERE r.workspace_id = $1 AND r.onboarding_id = $2 AND (r.id < $3 OR $3 IS NULL)
                    ORDER BY r.id DESC LIMIT $4");
    CHANGE = "UPDATE resistance
              SET contact_id = $3, who = $4, signal = $5, kind = $6, concern = $7, actions = $8, owner = $9,
                  noticed_on = $10, resolved_on = $11, resolution = $12, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $13";
}

/// Resistance somebody met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resistance {
    /// Id.
    pub id: ResistanceId,
    /// Where.
    pub onboarding: OnboardingId,
    /// Who resists, when it is one contact.
    pub contact: Option<ContactId>,
    /// What they were called then, or the name of a group.
    pub who: String,
    /// How it shows (id of the methodology).
    pub signal: String,
    /// Of which kind it is (id of the methodology).
    pub kind: String,
    /// What is behind it, in words.
    pub concern: String,
    /// What is done about it.
    pub actions: String,
    /// Who does it.
    pub owner: String,
    /// When it was noticed.
    pub noticed_on: Date,
    /// When it was over, and how.
    pub resolved: Option<(Date, String)>,
    /// Who wrote it down.
    pub made_by: String,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    contact_id: Option<Uuid>,
    who: String,
    signal: String,
    kind: String,
    concern: String,
    actions: String,
    owner: String,
    noticed_on: Day,
    resolved_on: Option<Day>,
    resolution: Option<String>,
    made_by: String,
    version: i64,
}

impl From<Row> for Resistance {
    fn from(row: Row) -> Self {
        Self {
            id: ResistanceId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            contact: row.contact_id.map(ContactId::from),
            who: row.who,
            signal: row.signal,
            kind: row.kind,
            concern: row.concern,
            actions: row.actions,
            owner: row.owner,
            noticed_on: row.noticed_on.into(),
            resolved: row.resolved_on.map(|on| (on.into(), row.resolution.unwrap_or_default())),
            made_by: row.made_by,
            version: row.version,
        }
    }
}

/// What may change of an entry, in the order both statements take it in.
fn changeable(entry: &Resistance) -> Vec<Value> {
    let (resolved_on, resolution) = entry.resolved.clone().unzip();
    args![
        entry.contact,
        &entry.who,
        &entry.signal,
        &entry.kind,
        &entry.concern,
        &entry.actions,
        &entry.owner,
        entry.noticed_on,
        resolved_on,
        resolution,
    ]
}

/// Adds an entry.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, entry: &Resistance) -> Result<(), StoreError> {
    let row = joined([
        args![workspace, entry.id, entry.onboarding],
        changeable(entry),
        args![&entry.made_by, entry.version],
    ]);
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One entry.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ResistanceId,
) -> Result<Option<Resistance>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id]).await
}

/// Entries of an onboarding, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    before: Option<ResistanceId>,
    limit: u32,
) -> Result<Vec<Resistance>, StoreError> {
    let args = args![workspace, onboarding, before.map(ResistanceId::uuid), limit];
    tx.list::<Row, _>(PAGE, args).await
}

/// Keeps an entry as it is now, in place of the version it says it was. False when it is not that any more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, entry: &Resistance) -> Result<bool, StoreError> {
    let row = joined([args![workspace, entry.id], changeable(entry), args![entry.version]]);
    Ok(tx.run(CHANGE, row).await? == 1)
}
