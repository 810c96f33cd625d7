//! Sources: what sends usage events, known by its write key.

use gangway_domain::ids::{SourceId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{args, json};

sql! {
    "usage::source";
    INSERT = "INSERT INTO usage_source (workspace_id, id, name, key_digest, key_hint, origins, made_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    GET = "SELECT id, name, key_hint, origins, made_at, ended_at, last_seen_at, version
           FROM usage_source WHERE workspace_id = $1 AND id = $2";
    OF_WORKSPACE = "SELECT id, name, key_hint, origins, made_at, ended_at, last_seen_at, version
                    FROM usage_source WHERE workspace_id = $1
                    ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, made_at, id";
    BY_DIGEST = "SELECT workspace_id, id, name, origins FROM usage_source WHERE key_digest = $1 AND ended_at IS NULL";
    CHANGE = "UPDATE usage_source SET name = $4, origins = $5, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $3";
    ROTATE = "UPDATE usage_source SET key_digest = $3, key_hint = $4, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND ended_at IS NULL";
    END = "UPDATE usage_source SET ended_at = $4, version = version + 1
           WHERE workspace_id = $1 AND id = $2 AND version = $3 AND ended_at IS NULL";
    SEEN = "UPDATE usage_source SET last_seen_at = $3
            WHERE workspace_id = $1 AND id = $2 AND (last_seen_at IS NULL OR last_seen_at < $3)";
}

/// What sends events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Id.
    pub id: SourceId,
    /// What it is called.
    pub name: String,
    /// The last characters of its write key.
    pub key_hint: String,
    /// Origins of pages that may send; none: all.
    pub origins: Vec<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// When its key ended.
    pub ended_at: Option<Timestamp>,
    /// When it sent last.
    pub last_seen_at: Option<Timestamp>,
    /// Counts changes, from 1.
    pub version: i64,
}

/// Whose source a write key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Of which workspace.
    pub workspace: WorkspaceId,
    /// Which source.
    pub source: SourceId,
    /// What it is called.
    pub name: String,
    /// Origins of pages that may send; none: all.
    pub origins: Vec<String>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    name: String,
    key_hint: String,
    #[sqlx(json)]
    origins: Vec<String>,
    made_at: Timestamp,
    ended_at: Option<Timestamp>,
    last_seen_at: Option<Timestamp>,
    version: i64,
}

impl From<Row> for Source {
    fn from(row: Row) -> Self {
        let Row { id, name, key_hint, origins, made_at, ended_at, last_seen_at, version } = row;
        Self { id: SourceId::from(id), name, key_hint, origins, made_at, ended_at, last_seen_at, version }
    }
}

#[derive(FromRow)]
struct HolderRow {
    workspace_id: Uuid,
    id: Uuid,
    name: String,
    #[sqlx(json)]
    origins: Vec<String>,
}

impl From<HolderRow> for Holder {
    fn from(row: HolderRow) -> Self {
        let HolderRow { workspace_id, id, name, origins } = row;
        Self { workspace: WorkspaceId::from(workspace_id), source: SourceId::from(id), name, origins }
    }
}

/// Adds a source with the digest of its write key.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    source: &Source,
    digest: &str,
) -> Result<(), StoreError> {
    let Source { id, name, key_hint, origins, made_at, version, .. } = source;
    let origins = json("source", origins)?;
    tx.run(INSERT, args![workspace, *id, name, digest, key_hint, origins, *made_at, *version]).await?;
    Ok(())
}

/// One source.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: SourceId) -> Result<Option<Source>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id]).await
}

/// All sources, those whose key has not ended first, each part by when it was made.
///
/// # Errors
/// When the database fails.
pub async fn of_workspace(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Source>, StoreError> {
    tx.list::<Row, _>(OF_WORKSPACE, args![workspace]).await
}

/// The source of the write key with this digest, while the key has not ended.
///
/// # Errors
/// When the database fails.
pub async fn by_digest(tx: &mut Tx, digest: &str) -> Result<Option<Holder>, StoreError> {
    tx.one::<HolderRow, _>(BY_DIGEST, args![digest]).await
}

/// Changes name and origins of the version seen. False when it is another one by now.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, source: &Source) -> Result<bool, StoreError> {
    let Source { id, name, origins, version, .. } = source;
    let origins = json("source", origins)?;
    Ok(tx.run(CHANGE, args![workspace, *id, *version, name, origins]).await? == 1)
}

/// Gives it another key. False when it has ended, or there is none.
///
/// # Errors
/// When the database fails.
pub async fn rotate(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: SourceId,
    digest: &str,
    hint: &str,
) -> Result<bool, StoreError> {
    Ok(tx.run(ROTATE, args![workspace, id, digest, hint]).await? == 1)
}

/// Ends its key. False when it is another version by now, or has ended.
///
/// # Errors
/// When the database fails.
pub async fn end(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: SourceId,
    version: i64,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(END, args![workspace, id, version, at]).await? == 1)
}

/// Notes that it sent something then.
///
/// # Errors
/// When the database fails.
pub async fn seen(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: SourceId,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(SEEN, args![workspace, id, at]).await?;
    Ok(())
}
