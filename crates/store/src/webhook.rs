//! Endpoints of webhooks: where a workspace's events are sent.

use gangway_domain::ids::{WebhookId, WorkspaceId};
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

macro_rules! endpoint {
    ($where:literal) => {
        concat!(
            "SELECT id, url, description, kinds, secret, previous_secret, previous_until, created_at, failing_since,
                    disabled_at, disabled_why
             FROM webhook_endpoint WHERE workspace_id = $1 ",
            $where
        )
    };
}

sql! {
    "webhook";
    INSERT = "INSERT INTO webhook_endpoint (workspace_id, id, url, description, kinds, secret, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7)";
    GET = endpoint!("AND id = $2");
    OF_WORKSPACE = endpoint!("ORDER BY created_at, id");
    LISTENING = endpoint!("AND disabled_at IS NULL ORDER BY created_at, id");
    CHANGE = "UPDATE webhook_endpoint SET url = $3, description = $4, kinds = $5 WHERE workspace_id = $1 AND id = $2";
    /// Changes nothing, see `workspace::LOCK`.
    LOCK = "UPDATE webhook_endpoint SET url = url WHERE workspace_id = $1 AND id = $2";
    ROTATE = "UPDATE webhook_endpoint SET secret = $3, previous_secret = $4, previous_until = $5
              WHERE workspace_id = $1 AND id = $2";
    ENABLE = "UPDATE webhook_endpoint SET disabled_at = NULL, disabled_why = NULL, failing_since = NULL
              WHERE workspace_id = $1 AND id = $2";
    DISABLE = "UPDATE webhook_endpoint SET disabled_at = $3, disabled_why = $4
               WHERE workspace_id = $1 AND id = $2 AND disabled_at IS NULL";
    WORKS = "UPDATE webhook_endpoint SET failing_since = NULL WHERE workspace_id = $1 AND id = $2";
    FAILS = "UPDATE webhook_endpoint SET failing_since = $3
             WHERE workspace_id = $1 AND id = $2 AND failing_since IS NULL";
    DELETE = "DELETE FROM webhook_endpoint WHERE workspace_id = $1 AND id = $2";
}

/// Where events are sent.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Endpoint {
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: WebhookId,
    /// Address.
    pub url: String,
    /// What it is for.
    pub description: String,
    /// Kinds of events with spaces between; empty for all.
    pub kinds: String,
    /// The signing secret, sealed.
    pub secret: String,
    /// The one before, sealed.
    pub previous_secret: Option<String>,
    /// Until when the one before signs too.
    pub previous_until: Option<Timestamp>,
    /// When it was added.
    pub created_at: Timestamp,
    /// Since when nothing arrives.
    pub failing_since: Option<Timestamp>,
    /// When it was switched off.
    pub disabled_at: Option<Timestamp>,
    /// Why, when Gangway did it.
    pub disabled_why: Option<String>,
}

impl Endpoint {
    /// Whether it wants events of this kind.
    #[must_use]
    pub fn wants(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.split(' ').any(|wanted| wanted == kind)
    }
}

/// Adds an endpoint.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, row: &Endpoint) -> Result<(), StoreError> {
    let Endpoint { id, url, description, kinds, secret, created_at, .. } = row;
    tx.run(INSERT, args![workspace, *id, url, description, kinds, secret, *created_at]).await?;
    Ok(())
}

/// One endpoint.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: WebhookId) -> Result<Option<Endpoint>, StoreError> {
    tx.optional(GET, args![workspace, id]).await
}

/// All endpoints, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_workspace(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Endpoint>, StoreError> {
    tx.all(OF_WORKSPACE, args![workspace]).await
}

/// Endpoints that are switched on, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn listening(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Endpoint>, StoreError> {
    tx.all(LISTENING, args![workspace]).await
}

/// Lets nobody else change the endpoint until the transaction ends. Call it before the endpoint is read: whoever has
/// waited sees what the one before has written.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &mut Tx, workspace: WorkspaceId, id: WebhookId) -> Result<(), StoreError> {
    tx.run(LOCK, args![workspace, id]).await?;
    Ok(())
}

/// Changes address, description and kinds. False when there is no such endpoint.
///
/// # Errors
/// When the database fails.
pub async fn change(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: WebhookId,
    url: &str,
    description: &str,
    kinds: &str,
) -> Result<bool, StoreError> {
    Ok(tx.run(CHANGE, args![workspace, id, url, description, kinds]).await? == 1)
}

/// Takes a new secret; the old one signs too until then.
///
/// # Errors
/// When the database fails.
pub async fn rotate(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: WebhookId,
    secret: &str,
    previous: &str,
    until: Timestamp,
) -> Result<(), StoreError> {
    tx.run(ROTATE, args![workspace, id, secret, previous, until]).await?;
    Ok(())
}

/// Switches an endpoint on. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn enable(tx: &mut Tx, workspace: WorkspaceId, id: WebhookId) -> Result<bool, StoreError> {
    Ok(tx.run(ENABLE, args![workspace, id]).await? == 1)
}

/// Switches an endpoint off. False when it was off, or there is none.
///
/// # Errors
/// When the database fails.
pub async fn disable(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: WebhookId,
    at: Timestamp,
    why: Option<&str>,
) -> Result<bool, StoreError> {
    Ok(tx.run(DISABLE, args![workspace, id, at, why.map(str::to_owned)]).await? == 1)
}

/// Notes that something arrived.
///
/// # Errors
/// When the database fails.
pub async fn works(tx: &mut Tx, workspace: WorkspaceId, id: WebhookId) -> Result<(), StoreError> {
    tx.run(WORKS, args![workspace, id]).await?;
    Ok(())
}

/// Notes that nothing arrives since then, unless that is known.
///
/// # Errors
/// When the database fails.
pub async fn fails(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: WebhookId,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(FAILS, args![workspace, id, at]).await?;
    Ok(())
}

/// Removes an endpoint with everything that was sent to it. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: WebhookId) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id]).await? == 1)
}
