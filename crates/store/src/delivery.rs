//! Deliveries of webhooks: one event on its way to one endpoint, and every try.

use gangway_domain::ids::{DeliveryId, EventId, WebhookId, WorkspaceId};
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

macro_rules! delivery {
    ($where:literal) => {
        concat!(
            "SELECT id, endpoint_id, event_id, kind, body, attempts, status, problem, created_at, next_at, delivered_at,
                    failed_at
             FROM webhook_delivery WHERE workspace_id = $1 ",
            $where
        )
    };
}

sql! {
    "delivery";
    INSERT = "INSERT INTO webhook_delivery (workspace_id, id, endpoint_id, event_id, kind, body, attempts, created_at,
                                            next_at)
              VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $7)";
    GET = delivery!("AND id = $2");
    OF_ENDPOINT = delivery!("AND endpoint_id = $2 ORDER BY created_at DESC, id DESC LIMIT $3");
    SETTLE = "UPDATE webhook_delivery
              SET attempts = attempts + 1, status = $3, problem = $4, next_at = $5, delivered_at = $6, failed_at = $7
              WHERE workspace_id = $1 AND id = $2";
    REOPEN = "UPDATE webhook_delivery SET next_at = $3, delivered_at = NULL, failed_at = NULL
              WHERE workspace_id = $1 AND id = $2";
    PRUNE = "DELETE FROM webhook_delivery WHERE workspace_id = $1 AND created_at < $2 AND next_at IS NULL";
    ATTEMPT = "INSERT INTO webhook_attempt (workspace_id, delivery_id, number, at, millis, status, problem, answer)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    ATTEMPTS = "SELECT number, at, millis, status, problem, answer FROM webhook_attempt
                WHERE workspace_id = $1 AND delivery_id = $2 ORDER BY number DESC";
}

/// One event on its way to one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Delivery {
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: DeliveryId,
    /// Where to.
    #[sqlx(try_from = "uuid::Uuid", rename = "endpoint_id")]
    pub endpoint: WebhookId,
    /// What about; the receiver knows it by this id, also when it is sent again.
    #[sqlx(try_from = "uuid::Uuid", rename = "event_id")]
    pub event: EventId,
    /// The kind of event.
    pub kind: String,
    /// What is sent, byte for byte.
    pub body: String,
    /// How often it was tried.
    pub attempts: i64,
    /// The last answer.
    pub status: Option<i64>,
    /// What went wrong the last time.
    pub problem: Option<String>,
    /// When it was wanted.
    pub created_at: Timestamp,
    /// When it is tried (again).
    pub next_at: Option<Timestamp>,
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
    /// When it was given up.
    pub failed_at: Option<Timestamp>,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Attempt {
    /// Counted from 1, over replays too.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// How long it took, milliseconds.
    pub millis: i64,
    /// What was answered.
    pub status: Option<i64>,
    /// What went wrong.
    pub problem: Option<String>,
    /// The beginning of the answer.
    pub answer: String,
}

/// What became of a delivery by a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// It arrived then.
    Delivered(Timestamp),
    /// It is tried again then.
    Again(Timestamp),
    /// It was given up then.
    Failed(Timestamp),
}

/// Adds a delivery.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, row: &Delivery) -> Result<(), StoreError> {
    let Delivery { id, endpoint, event, kind, body, created_at, .. } = row;
    tx.run(INSERT, args![workspace, *id, *endpoint, *event, kind, body, *created_at]).await?;
    Ok(())
}

/// One delivery.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: DeliveryId,
) -> Result<Option<Delivery>, StoreError> {
    tx.optional(GET, args![workspace, id]).await
}

/// What was sent to an endpoint, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_endpoint(
    tx: &mut Tx,
    workspace: WorkspaceId,
    endpoint: WebhookId,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    tx.all(OF_ENDPOINT, args![workspace, endpoint, limit]).await
}

/// Writes a try down, and what became of the delivery by it. `number` of the attempt is given by the store.
///
/// # Errors
/// When the database fails.
pub async fn settle(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: DeliveryId,
    attempt: &Attempt,
    became: Became,
) -> Result<(), StoreError> {
    let Attempt { number: _, at, millis, status, problem, answer } = attempt;
    let (delivered, again, failed) = match became {
        Became::Delivered(at) => (Some(at), None, None),
        Became::Again(at) => (None, Some(at), None),
        Became::Failed(at) => (None, None, Some(at)),
    };
    if tx.run(SETTLE, args![workspace, id, *status, problem, again, delivered, failed]).await? == 0 {
        // Removed with its endpoint meanwhile.
        return Ok(());
    }
    let number = get(tx, workspace, id).await?.map_or(1, |row| row.attempts);
    tx.run(ATTEMPT, args![workspace, id, number, *at, *millis, *status, problem, answer]).await?;
    Ok(())
}

/// Lets a delivery begin again. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn reopen(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: DeliveryId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(REOPEN, args![workspace, id, at]).await? == 1)
}

/// Every try of a delivery, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn attempts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: DeliveryId,
) -> Result<Vec<Attempt>, StoreError> {
    tx.all(ATTEMPTS, args![workspace, id]).await
}

/// Clears away deliveries that are through and were wanted before; returns how many.
///
/// # Errors
/// When the database fails.
pub async fn prune(tx: &mut Tx, workspace: WorkspaceId, before: Timestamp) -> Result<u64, StoreError> {
    tx.run(PRUNE, args![workspace, before]).await
}
