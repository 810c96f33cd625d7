//! What can go wrong between the use cases and the database.

use std::convert::Infallible;
use std::fmt::Display;

use thiserror::Error;

/// What SQLite and PostgreSQL call it when there is no room: the disk is full (13, `53100`); a write, a flush of a file or
/// of a folder, a change of its size failed (10 with 3, 4, 5, 6 and 19 in the second byte), which is how limits of a process
/// and file systems that reserve late tell it.
const NO_ROOM: [&str; 7] = ["13", "778", "1034", "1290", "1546", "4874", "53100"];

/// The database refused, failed, or holds something this version cannot read.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The address of the database is of no known kind.
    #[error("`{0}` is not a database Gangway knows: use sqlite:PATH or postgres://…")]
    UnknownDatabase(String),
    /// A row that must be unique exists already (someone else was faster).
    #[error("the same {0} exists already")]
    Conflict(String),
    /// The disk has no room: nothing was written.
    #[error("there is no room left on the disk, and nothing was saved")]
    Full,
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
            sqlx::Error::Database(refusal) if is_full(refusal.code().as_deref()) => Self::Full,
            _ => Self::Database(error),
        }
    }
}

/// Whether this code of a database means that there is no room.
fn is_full(code: Option<&str>) -> bool {
    code.is_some_and(|code| NO_ROOM.contains(&code))
}

/// Some rows can always be read; one way of reading serves them and the others.
impl From<Infallible> for StoreError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_other_failures() {
        for full in ["13", "778", "53100"] {
            assert!(is_full(Some(full)), "{full}");
        }
        // Busy, a read that failed, a unique row, a lost connection.
        for other in ["5", "266", "2067", "08006"] {
            assert!(!is_full(Some(other)), "{other}");
        }
        assert!(!is_full(None));
    }
}
