//! The outbox: what others must hear about, in the transaction that made it true.

use gangway_domain::ids::{EventId, WorkspaceId};
use serde_json::Value as Json;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "outbox";
    INSERT = "INSERT INTO outbox (workspace_id, id, at, kind, payload) VALUES ($1, $2, $3, $4, $5)";
    PENDING = "SELECT id, at, kind, payload FROM outbox WHERE workspace_id = $1 ORDER BY at, id LIMIT $2";
}

/// An event to deliver.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Event {
    /// Id; ids are in order of time.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: EventId,
    /// When it became true.
    pub at: Timestamp,
    /// What kind, e.g. `onboarding.generated`.
    pub kind: String,
    /// Its data.
    #[sqlx(json)]
    pub payload: Json,
}

/// Adds an event.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, event: &Event) -> Result<(), StoreError> {
    let Event { id, at, kind, payload } = event;
    tx.run(INSERT, args![workspace, *id, *at, kind, payload.clone()]).await?;
    Ok(())
}

/// Adds many events.
///
/// # Errors
/// When the database fails.
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, all: &[Event]) -> Result<(), StoreError> {
    let row = |event: &Event| {
        let Event { id, at, kind, payload } = event;
        args![workspace, *id, *at, kind, payload.clone()]
    };
    tx.insert_all(INSERT, all.iter().map(row).collect()).await
}

/// Events not delivered yet, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn pending(tx: &mut Tx, workspace: WorkspaceId, limit: u32) -> Result<Vec<Event>, StoreError> {
    tx.all(PENDING, args![workspace, limit]).await
}
