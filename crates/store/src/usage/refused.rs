//! Messages that were not counted, with the reason; the newest of them.

use gangway_domain::ids::{RefusedId, SourceId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "usage::refused";
    INSERT = "INSERT INTO usage_refused (workspace_id, id, source_id, at, verdict, reason, body)
              VALUES ($1, $2, $3, $4, $5, $6, $7)";
    // Ids rise with time.
    TRIM = "DELETE FROM usage_refused WHERE workspace_id = $1 AND id <
              (SELECT r.id FROM usage_refused r WHERE r.workspace_id = $1 ORDER BY r.id DESC LIMIT 1 OFFSET $2)";
    RECENT = "SELECT id, source_id, at, verdict, reason, body FROM usage_refused
              WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2";
    RECENT_OF = "SELECT id, source_id, at, verdict, reason, body FROM usage_refused
                 WHERE workspace_id = $1 AND source_id = $3 ORDER BY id DESC LIMIT $2";
}

/// A message that was not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Id.
    pub id: RefusedId,
    /// What sent it.
    pub source: SourceId,
    /// When.
    pub at: Timestamp,
    /// `rejected`, `quarantined`.
    pub verdict: String,
    /// Why.
    pub reason: String,
    /// The message, cut off where it is long.
    pub body: String,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    source_id: Uuid,
    at: Timestamp,
    verdict: String,
    reason: String,
    body: String,
}

impl From<Row> for Refused {
    fn from(row: Row) -> Self {
        let Row { id, source_id, at, verdict, reason, body } = row;
        Self { id: RefusedId::from(id), source: SourceId::from(source_id), at, verdict, reason, body }
    }
}

/// Keeps messages, and forgets the oldest beyond so many.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    tx: &mut Tx,
    workspace: WorkspaceId,
    messages: &[Refused],
    most: u32,
) -> Result<(), StoreError> {
    let row = |message: &Refused| {
        let Refused { id, source, at, verdict, reason, body } = message;
        args![workspace, *id, *source, *at, verdict, reason, body]
    };
    tx.insert_all(INSERT, messages.iter().map(row).collect()).await?;
    tx.run(TRIM, args![workspace, most.saturating_sub(1)]).await?;
    Ok(())
}

/// The newest, of a source or of all.
///
/// # Errors
/// When the database fails.
pub async fn recent(
    tx: &mut Tx,
    workspace: WorkspaceId,
    source: Option<SourceId>,
    limit: u32,
) -> Result<Vec<Refused>, StoreError> {
    match source {
        None => tx.list::<Row, _>(RECENT, args![workspace, limit]).await,
        Some(source) => tx.list::<Row, _>(RECENT_OF, args![workspace, limit, source]).await,
    }
}
