//! People who sign in. They belong to the installation; [`crate::membership`] says where they may go.

use gangway_domain::ids::PersonId;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "person";
    INSERT = "INSERT INTO person (id, email, email_key, name, password_hash, subject, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7)";
    GET = "SELECT id, email, name, password_hash, subject, created_at FROM person WHERE id = $1";
    BY_EMAIL = "SELECT id, email, name, password_hash, subject, created_at FROM person WHERE email_key = $1";
    BY_SUBJECT = "SELECT id, email, name, password_hash, subject, created_at FROM person WHERE subject = $1";
    ANYBODY = "SELECT id, email, name, password_hash, subject, created_at FROM person LIMIT 1";
    SET_PASSWORD = "UPDATE person SET password_hash = $2 WHERE id = $1";
    SET_SUBJECT = "UPDATE person SET subject = $2, password_hash = NULL WHERE id = $1";
    CLEAR_SUBJECT = "UPDATE person SET subject = NULL WHERE id = $1";
    SET_NAME = "UPDATE person SET name = $2 WHERE id = $1";
}

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Person {
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: PersonId,
    /// Mail address, as written.
    pub email: String,
    /// Name, as colleagues see it.
    pub name: String,
    /// Argon2id in PHC form; none for those who sign in elsewhere only.
    pub password_hash: Option<String>,
    /// Issuer and subject of an OpenID Connect provider, with a line feed between.
    pub subject: Option<String>,
    /// When they joined.
    pub created_at: Timestamp,
}

/// The form of a mail address by which it is found: without space around, lower case.
#[must_use]
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Adds somebody.
///
/// # Errors
/// [`StoreError::Conflict`] when the mail address is taken; or when the database fails.
pub async fn insert(tx: &mut Tx, person: &Person) -> Result<(), StoreError> {
    let Person { id, email, name, password_hash, subject, created_at } = person;
    tx.run(INSERT, args![*id, email, email_key(email), name, password_hash, subject, *created_at]).await?;
    Ok(())
}

/// One of them.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, id: PersonId) -> Result<Option<Person>, StoreError> {
    tx.optional(GET, args![id]).await
}

/// Whoever has this mail address, case ignored.
///
/// # Errors
/// When the database fails.
pub async fn by_email(tx: &mut Tx, email: &str) -> Result<Option<Person>, StoreError> {
    tx.optional(BY_EMAIL, args![email_key(email)]).await
}

/// Whoever signs in as this subject elsewhere.
///
/// # Errors
/// When the database fails.
pub async fn by_subject(tx: &mut Tx, subject: &str) -> Result<Option<Person>, StoreError> {
    tx.optional(BY_SUBJECT, args![subject]).await
}

/// Whether anybody is known at all: if not, the installation is fresh.
///
/// # Errors
/// When the database fails.
pub async fn anybody(tx: &mut Tx) -> Result<bool, StoreError> {
    Ok(tx.optional::<Person>(ANYBODY, args![]).await?.is_some())
}

/// Keeps a new password's hash.
///
/// # Errors
/// When the database fails.
pub async fn set_password(tx: &mut Tx, id: PersonId, hash: &str) -> Result<(), StoreError> {
    tx.run(SET_PASSWORD, args![id, hash]).await?;
    Ok(())
}

/// Ties somebody to a subject elsewhere.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else is tied to it; or when the database fails.
pub async fn set_subject(tx: &mut Tx, id: PersonId, subject: &str) -> Result<(), StoreError> {
    tx.run(SET_SUBJECT, args![id, subject]).await?;
    Ok(())
}

/// Ties somebody to nobody elsewhere any more.
///
/// # Errors
/// When the database fails.
pub async fn clear_subject(tx: &mut Tx, id: PersonId) -> Result<(), StoreError> {
    tx.run(CLEAR_SUBJECT, args![id]).await?;
    Ok(())
}

/// Keeps a new name.
///
/// # Errors
/// When the database fails.
pub async fn set_name(tx: &mut Tx, id: PersonId, name: &str) -> Result<(), StoreError> {
    tx.run(SET_NAME, args![id, name]).await?;
    Ok(())
}
