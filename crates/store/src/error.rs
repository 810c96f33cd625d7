//! What can go wrong between the use cases and the database.

use std::convert::Infallible;
use std::fmt::Display;

use thiserror::Error;

/// The database refused, failed, or holds something this version cannot read.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The address of the database is of no known kind.
    #[error("`{0}` is not a database Gangway knows: use sqlite:PATH or postgres://…")]
    UnknownDatabase(String),
    /// A row that must be unique exists already (someone else was faster).
    #[error("the same {0} exists already")]
    Conflict(String),
    /// A stored value cannot be read back; names the table and what is wrong.
    #[error("a stored {what} cannot be read: {reason}")]
    Corrupt {
        /// What was being read.
        what: &'static str,
        /// Why it cannot be.
        reason: String,
    },
    /// The schema could not be brought up to date.
    #[error("the database schema could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// Any other failure of the database.
    #[error("the database failed: {0}")]
    Database(#[source] sqlx::Error),
}

impl StoreError {
    /// What a row holds cannot be read, or what it should hold cannot be written.
    pub(crate) fn corrupt(what: &'static str, reason: impl Display) -> Self {
        Self::Corrupt { what, reason: reason.to_string() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refusal) if refusal.is_unique_violation() => {
                Self::Conflict(refusal.table().unwrap_or("row").to_owned())
            }
            _ => Self::Database(error),
        }
    }
}

/// Some rows can always be read; one way of reading serves them and the others.
impl From<Infallible> for StoreError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
