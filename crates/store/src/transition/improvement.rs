//! Improvements suggested for programmes.

use gangway_domain::ids::{ImprovementId, WorkspaceId};
use gangway_domain::transition::Improvement as State;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{args, json};

/// The columns of an improvement, in the order of its row.
macro_rules! columns {
    () => {
        "i.id, i.programme, i.number, i.title, i.details, i.state, i.made_by, i.made_at, i.version,
         (SELECT COUNT(*) FROM lesson l WHERE l.workspace_id = i.workspace_id AND l.improvement_id = i.id) AS lessons
         FROM improvement i"
    };
}

sql! {
    "transition::improvement";
    INSERT = "INSERT INTO improvement
                (workspace_id, id, programme, number, title, details, status, state, made_by, made_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    GET = concat!("SELECT ", columns!(), " WHERE i.workspace_id = $1 AND i.id = $2");
    OF_PROGRAMME = concat!("SELECT ", columns!(), " WHERE i.workspace_id = $1 AND i.programme = $2
                            ORDER BY i.number DESC");
    PAGE = concat!("SELECT ", columns!(), " WHERE i.workspace_id = $1
                      AND (i.id < $2 OR $2 IS NULL)
                      AND (i.programme = $3 OR $3 IS NULL)
                      AND (i.status = $4 OR $4 IS NULL)
                    ORDER BY i.id DESC LIMIT $5");
    LAST_NUMBER = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM improvement
                   WHERE workspace_id = $1 AND programme = $2";
    CHANGE = "UPDATE improvement SET title = $3, details = $4, status = $5, state = $6, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $7";
}

/// An improvement suggested for a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Improvement {
    /// Id.
    pub id: ImprovementId,
    /// The programme (id).
    pub programme: String,
    /// Number inside the programme, from 1.
    pub number: i64,
    /// What should change, one line.
    pub title: String,
    /// Why and how; may be empty.
    pub details: String,
    /// What became of it.
    pub state: State,
    /// Who suggested it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// How many lessons speak for it; not written.
    pub lessons: i64,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    programme: String,
    number: i64,
    title: String,
    details: String,
    #[sqlx(json)]
    state: State,
    made_by: String,
    made_at: Timestamp,
    version: i64,
    lessons: i64,
}

impl From<Row> for Improvement {
    fn from(row: Row) -> Self {
        Self {
            id: ImprovementId::from(row.id),
            programme: row.programme,
            number: row.number,
            title: row.title,
            details: row.details,
            state: row.state,
            made_by: row.made_by,
            made_at: row.made_at,
            lessons: row.lessons,
            version: row.version,
        }
    }
}

/// Adds an improvement.
///
/// # Errors
/// [`StoreError::Conflict`] when the number is taken; or when the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, one: &Improvement) -> Result<(), StoreError> {
    let row = args![
        workspace,
        one.id.uuid(),
        &one.programme,
        one.number,
        &one.title,
        &one.details,
        one.state.word(),
        json("improvement", &one.state)?,
        &one.made_by,
        one.made_at,
        one.version,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One improvement.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ImprovementId,
) -> Result<Option<Improvement>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// The improvements of a programme, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_programme(
    tx: &mut Tx,
    workspace: WorkspaceId,
    programme: &str,
) -> Result<Vec<Improvement>, StoreError> {
    tx.list::<Row, _>(OF_PROGRAMME, args![workspace, programme]).await
}

/// Which improvements of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Those suggested before this one.
    pub before: Option<ImprovementId>,
    /// Those of this programme (id).
    pub programme: Option<String>,
    /// Those in this state: a word of [`State::word`].
    pub status: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// Improvements of a workspace, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
) -> Result<Vec<Improvement>, StoreError> {
    let Query { before, programme, status, limit } = query;
    let args = args![workspace, before.map(ImprovementId::uuid), programme, status, *limit];
    tx.list::<Row, _>(PAGE, args).await
}

/// The highest number in use in a programme; 0 without any.
///
/// # Errors
/// When the database fails.
pub async fn last_number(tx: &mut Tx, workspace: WorkspaceId, programme: &str) -> Result<i64, StoreError> {
    tx.single_number(LAST_NUMBER, args![workspace, programme]).await
}

/// Keeps an improvement in place of the version it says it was. False when it is not that version any more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, one: &Improvement) -> Result<bool, StoreError> {
    let row = args![
        workspace,
        one.id.uuid(),
        &one.title,
        &one.details,
        one.state.word(),
        json("improvement", &one.state)?,
        one.version,
    ];
    Ok(tx.run(CHANGE, row).await? == 1)
}
