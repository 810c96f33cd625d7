//! Links with which somebody may set a new password.

use gangway_domain::ids::PersonId;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "password_reset";
    INSERT = "INSERT INTO password_reset (digest, person_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
    BY_DIGEST = "SELECT person_id, expires_at FROM password_reset WHERE digest = $1";
    DELETE_OF = "DELETE FROM password_reset WHERE person_id = $1";
}

/// A link that was sent.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PasswordReset {
    /// Whose.
    #[sqlx(try_from = "uuid::Uuid", rename = "person_id")]
    pub person: PersonId,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// Adds a link; earlier ones of the same person stop working.
///
/// # Errors
/// When the database fails.
pub async fn replace(
    tx: &mut Tx,
    digest: &str,
    reset: &PasswordReset,
    now: Timestamp,
) -> Result<(), StoreError> {
    let PasswordReset { person, expires_at } = reset;
    delete_of(tx, *person).await?;
    tx.run(INSERT, args![digest, *person, now, *expires_at]).await?;
    Ok(())
}

/// The link with this secret's digest, ended or not.
///
/// # Errors
/// When the database fails.
pub async fn by_digest(tx: &mut Tx, digest: &str) -> Result<Option<PasswordReset>, StoreError> {
    tx.optional(BY_DIGEST, args![digest]).await
}

/// Uses up every link of a person.
///
/// # Errors
/// When the database fails.
pub async fn delete_of(tx: &mut Tx, person: PersonId) -> Result<(), StoreError> {
    tx.run(DELETE_OF, args![person]).await?;
    Ok(())
}
