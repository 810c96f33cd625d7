//! Answers to requests that must not be done twice.

use gangway_domain::ids::{TokenId, WorkspaceId};
use serde_json::Value as Json;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "idempotency";
    BEGIN = "INSERT INTO idempotency (workspace_id, token_id, name, digest, begun_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, token_id, name) DO NOTHING";
    GET = "SELECT digest, answer, begun_at FROM idempotency
           WHERE workspace_id = $1 AND token_id = $2 AND name = $3";
    FINISH = "UPDATE idempotency SET answer = $4 WHERE workspace_id = $1 AND token_id = $2 AND name = $3";
    FORGET = "DELETE FROM idempotency WHERE workspace_id = $1 AND token_id = $2 AND name = $3";
    FORGET_ABANDONED = "DELETE FROM idempotency WHERE workspace_id = $1 AND token_id = $2 AND name = $3
                        AND answer IS NULL AND begun_at <= $4";
    FORGET_OLD = "DELETE FROM idempotency WHERE workspace_id = $1 AND expires_at <= $2";
}

/// Whose request, by the name they gave it.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    /// The token that asks.
    pub token: TokenId,
    /// The request's name.
    pub name: &'a str,
}

/// A request that was made before.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Known {
    /// SHA-256 of what was asked, hex.
    pub digest: String,
    /// How it was answered; none while it is under way.
    #[sqlx(json(nullable))]
    pub answer: Option<Json>,
    /// When it was begun.
    pub begun_at: Timestamp,
}

/// Begins a request. False when one of this name is known already.
///
/// # Errors
/// When the database fails.
pub async fn begin(
    tx: &mut Tx,
    workspace: WorkspaceId,
    key: Key<'_>,
    digest: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(BEGIN, args![workspace, key.token, key.name, digest, now, expires_at]).await? == 1)
}

/// The request of this name.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, key: Key<'_>) -> Result<Option<Known>, StoreError> {
    tx.optional(GET, args![workspace, key.token, key.name]).await
}

/// Keeps the answer to a request.
///
/// # Errors
/// When the database fails.
pub async fn finish(
    tx: &mut Tx,
    workspace: WorkspaceId,
    key: Key<'_>,
    answer: Json,
) -> Result<(), StoreError> {
    tx.run(FINISH, args![workspace, key.token, key.name, answer]).await?;
    Ok(())
}

/// Forgets a request, so that it can be made again.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut Tx, workspace: WorkspaceId, key: Key<'_>) -> Result<(), StoreError> {
    tx.run(FORGET, args![workspace, key.token, key.name]).await?;
    Ok(())
}

/// Forgets a request that was begun at `begun_by` or earlier and never answered, and every request
/// that is too old.
///
/// # Errors
/// When the database fails.
pub async fn tidy(
    tx: &mut Tx,
    workspace: WorkspaceId,
    key: Key<'_>,
    begun_by: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.run(FORGET_OLD, args![workspace, now]).await?;
    tx.run(FORGET_ABANDONED, args![workspace, key.token, key.name, begun_by]).await?;
    Ok(())
}
