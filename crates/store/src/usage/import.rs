//! Imports: usage events from files, taken piece by piece.

use gangway_domain::ids::{ImportId, SourceId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{args, json};

sql! {
    "usage::import";
    INSERT = "INSERT INTO usage_import
                (workspace_id, id, source_id, name, format, state, total_bytes, done_bytes, rest, columns, separator, lines,
                 accepted, refused, problem, made_by, made_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    GET = "SELECT id, source_id, name, format, state, total_bytes, done_bytes, rest, columns, separator, lines, accepted,
                  refused, problem, made_by, made_at, version
           FROM usage_import WHERE workspace_id = $1 AND id = $2";
    RECENT = "SELECT id, source_id, name, format, state, total_bytes, done_bytes, rest, columns, separator, lines, accepted,
                     refused, problem, made_by, made_at, version
              FROM usage_import WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2";
    PUT = "UPDATE usage_import SET state = $4, done_bytes = $5, rest = $6, columns = $7, separator = $8, lines = $9,
                                   accepted = $10, refused = $11, problem = $12, version = version + 1
           WHERE workspace_id = $1 AND id = $2 AND version = $3";
    DELETE = "DELETE FROM usage_import WHERE workspace_id = $1 AND id = $2";
}

/// A file of events under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Id.
    pub id: ImportId,
    /// The source its events count for.
    pub source: SourceId,
    /// Name of the file.
    pub name: String,
    /// `csv`, `ndjson`.
    pub format: String,
    /// `open`, `done`, `failed`.
    pub state: String,
    /// Size of the file.
    pub total_bytes: i64,
    /// Bytes taken; what follows is to be sent next.
    pub done_bytes: i64,
    /// The unfinished line at the end of what was taken.
    pub rest: String,
    /// Names of columns, where the file has any.
    pub columns: Vec<String>,
    /// What separates the cells of its lines: one character, known with the columns.
    pub separator: Option<String>,
    /// Lines read.
    pub lines: i64,
    /// Events counted in.
    pub accepted: i64,
    /// Lines that were not.
    pub refused: i64,
    /// Why it failed, or what the last refused line lacks.
    pub problem: Option<String>,
    /// Who began it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// Counts pieces, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    source_id: Uuid,
    name: String,
    format: String,
    state: String,
    total_bytes: i64,
    done_bytes: i64,
    rest: String,
    #[sqlx(json)]
    columns: Vec<String>,
    separator: Option<String>,
    lines: i64,
    accepted: i64,
    refused: i64,
    problem: Option<String>,
    made_by: String,
    made_at: Timestamp,
    version: i64,
}

impl From<Row> for Import {
    fn from(row: Row) -> Self {
        Self {
            id: ImportId::from(row.id),
            source: SourceId::from(row.source_id),
            name: row.name,
            format: row.format,
            state: row.state,
            total_bytes: row.total_bytes,
            done_bytes: row.done_bytes,
            rest: row.rest,
            columns: row.columns,
            separator: row.separator,
            lines: row.lines,
            accepted: row.accepted,
            refused: row.refused,
            problem: row.problem,
            made_by: row.made_by,
            made_at: row.made_at,
            version: row.version,
        }
    }
}

/// Adds an import.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, import: &Import) -> Result<(), StoreError> {
    let columns = json("import", &import.columns)?;
    let row = args![
        workspace,
        import.id,
        import.source,
        &import.name,
        &import.format,
        &import.state,
        import.total_bytes,
        import.done_bytes,
        &import.rest,
        columns,
        &import.separator,
        import.lines,
        import.accepted,
        import.refused,
        &import.problem,
        &import.made_by,
        import.made_at,
        import.version,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One import.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: ImportId) -> Result<Option<Import>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id]).await
}

/// The newest imports, newest first.
///
/// # Errors
/// When the database fails.
pub async fn recent(tx: &mut Tx, workspace: WorkspaceId, limit: u32) -> Result<Vec<Import>, StoreError> {
    tx.list::<Row, _>(RECENT, args![workspace, limit]).await
}

/// Keeps how far it is now, in place of the version it says it was. False when it is another one by now.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &mut Tx, workspace: WorkspaceId, import: &Import) -> Result<bool, StoreError> {
    let columns = json("import", &import.columns)?;
    let row = args![
        workspace,
        import.id,
        import.version,
        &import.state,
        import.done_bytes,
        &import.rest,
        columns,
        &import.separator,
        import.lines,
        import.accepted,
        import.refused,
        &import.problem,
    ];
    Ok(tx.run(PUT, row).await? == 1)
}

/// Forgets an import; what it counted stays counted.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: ImportId) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id]).await? == 1)
}
