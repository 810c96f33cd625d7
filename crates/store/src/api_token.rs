//! API tokens: how programs act for somebody in a workspace.

use gangway_domain::ids::{PersonId, TokenId, WorkspaceId};
use gangway_domain::permission::Role;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "api_token";
    INSERT = "INSERT INTO api_token (workspace_id, id, person_id, name, digest, scopes, created_at, expires_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    OF_WORKSPACE = "SELECT t.id, t.person_id, p.name AS owner, t.name, t.scopes, t.created_at, t.expires_at, t.used_at
                    FROM api_token t JOIN person p ON p.id = t.person_id
                    WHERE t.workspace_id = $1 ORDER BY t.created_at, t.id";
    HOLDER = "SELECT t.workspace_id, t.id, t.name, t.scopes, t.expires_at, t.used_at, t.person_id, p.name AS owner,
                     m.role
              FROM api_token t
              JOIN person p ON p.id = t.person_id
              JOIN membership m ON m.workspace_id = t.workspace_id AND m.person_id = t.person_id
              WHERE t.digest = $1 AND t.expires_at > $2";
    USED = "UPDATE api_token SET used_at = $3 WHERE workspace_id = $1 AND id = $2";
    DELETE = "DELETE FROM api_token WHERE workspace_id = $1 AND id = $2";
    DELETE_OF_PERSON = "DELETE FROM api_token WHERE person_id = $1";
}

/// A token in a list; its secret is known to nobody but its holder.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ApiToken {
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: TokenId,
    /// Whom it acts for.
    #[sqlx(try_from = "uuid::Uuid", rename = "person_id")]
    pub person: PersonId,
    /// Their name.
    pub owner: String,
    /// What it is for.
    pub name: String,
    /// Words with spaces between.
    pub scopes: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When it was last noted as used.
    pub used_at: Option<Timestamp>,
}

/// Who is behind a token, and how far it reaches.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Holder {
    /// Where it works.
    #[sqlx(try_from = "uuid::Uuid", rename = "workspace_id")]
    pub workspace: WorkspaceId,
    /// The token.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// Words with spaces between.
    pub scopes: String,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When it was last noted as used.
    pub used_at: Option<Timestamp>,
    /// Whom it acts for.
    #[sqlx(try_from = "uuid::Uuid", rename = "person_id")]
    pub person: PersonId,
    /// Their name.
    pub owner: String,
    /// What they are there.
    #[sqlx(try_from = "String")]
    pub role: Role,
}

/// Adds a token with the SHA-256 of its secret, hex.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    token: &ApiToken,
    digest: &str,
) -> Result<(), StoreError> {
    let ApiToken { id, person, owner: _, name, scopes, created_at, expires_at, used_at: _ } = token;
    tx.run(INSERT, args![workspace, *id, *person, name, digest, scopes, *created_at, *expires_at]).await?;
    Ok(())
}

/// Tokens of a workspace, oldest first, ended ones too.
///
/// # Errors
/// When the database fails.
pub async fn of_workspace(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<ApiToken>, StoreError> {
    tx.all(OF_WORKSPACE, args![workspace]).await
}

/// Who is behind the token with this secret's digest, unless it has ended.
///
/// # Errors
/// When the database fails.
pub async fn holder(tx: &mut Tx, digest: &str, now: Timestamp) -> Result<Option<Holder>, StoreError> {
    tx.optional(HOLDER, args![digest, now]).await
}

/// Notes that a token was used.
///
/// # Errors
/// When the database fails.
pub async fn used(tx: &mut Tx, workspace: WorkspaceId, id: TokenId, at: Timestamp) -> Result<(), StoreError> {
    tx.run(USED, args![workspace, id, at]).await?;
    Ok(())
}

/// Ends a token at once. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: TokenId) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id]).await? == 1)
}

/// Ends every token of a person, in all their workspaces.
///
/// # Errors
/// When the database fails.
pub async fn delete_of_person(tx: &mut Tx, person: PersonId) -> Result<u64, StoreError> {
    tx.run(DELETE_OF_PERSON, args![person]).await
}
