//! Files of what other systems tell, as they were taken.

use gangway_domain::ids::{ImportId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "input::file";
    INSERT = "INSERT INTO input_file (workspace_id, id, kind, name, lines, accounts, made_by, made_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    LATEST = "SELECT id, kind, name, lines, accounts, made_by, made_at FROM input_file
              WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2";
}

/// A file that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Id.
    pub id: ImportId,
    /// What it holds (word).
    pub kind: String,
    /// What it was called; empty where it came without a name.
    pub name: String,
    /// Lines below its first.
    pub lines: i64,
    /// Customers they were about.
    pub accounts: i64,
    /// Who brought it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    name: String,
    lines: i64,
    accounts: i64,
    made_by: String,
    made_at: Timestamp,
}

impl From<Row> for InputFile {
    fn from(row: Row) -> Self {
        let Row { id, kind, name, lines, accounts, made_by: by, made_at: at } = row;
        Self { id: ImportId::from(id), kind, name, lines, accounts, by, at }
    }
}

/// Keeps that a file was taken.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, one: &InputFile) -> Result<(), StoreError> {
    let InputFile { id, kind, name, lines, accounts, by, at } = one;
    tx.run(INSERT, args![workspace, *id, kind, name, *lines, *accounts, by, *at]).await?;
    Ok(())
}

/// Files that were taken, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn latest(tx: &mut Tx, workspace: WorkspaceId, limit: u32) -> Result<Vec<InputFile>, StoreError> {
    tx.list::<Row, _>(LATEST, args![workspace, limit]).await
}
