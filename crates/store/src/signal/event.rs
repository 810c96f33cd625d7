//! What happened to a signal.

use gangway_domain::ids::{SignalEventId, SignalId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "signal::event";
    ADD = "INSERT INTO signal_event (workspace_id, id, signal_id, at, kind, made_by, text)
           VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OF_SIGNAL = "SELECT id, at, kind, made_by, text FROM signal_event
                 WHERE workspace_id = $1 AND signal_id = $2 ORDER BY at DESC, id DESC LIMIT $3";
}

/// Something that happened to a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Id.
    pub id: SignalEventId,
    /// When.
    pub at: Timestamp,
    /// What: `raised`, `seen`, `acknowledged`, `snoozed`, `cleared`, `resolved`, `merged`, `intervened`.
    pub kind: String,
    /// Who did it.
    pub by: String,
    /// What was said; may be empty.
    pub text: String,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    at: Timestamp,
    kind: String,
    made_by: String,
    text: String,
}

impl From<Row> for Event {
    fn from(row: Row) -> Self {
        Self { id: SignalEventId::from(row.id), at: row.at, kind: row.kind, by: row.made_by, text: row.text }
    }
}

/// Adds one.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    signal: SignalId,
    event: &Event,
) -> Result<(), StoreError> {
    let Event { id, at, kind, by, text } = event;
    tx.run(ADD, args![workspace, id.uuid(), signal.uuid(), *at, kind, by, text]).await?;
    Ok(())
}

/// Adds many, each to its signal.
///
/// # Errors
/// When the database fails.
pub async fn insert_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    events: &[(SignalId, Event)],
) -> Result<(), StoreError> {
    let row = |(signal, event): &(SignalId, Event)| {
        let Event { id, at, kind, by, text } = event;
        args![workspace, id.uuid(), signal.uuid(), *at, kind, by, text]
    };
    tx.insert_all(ADD, events.iter().map(row).collect()).await
}

/// The latest of a signal, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_signal(
    tx: &mut Tx,
    workspace: WorkspaceId,
    signal: SignalId,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    tx.list::<Row, _>(OF_SIGNAL, args![workspace, signal.uuid(), limit]).await
}
