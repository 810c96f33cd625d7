//! Moving and keeping whole databases.

use std::path::Path;

use thiserror::Error;

use crate::db::{Db, Unfit};
use crate::dialect;
use crate::error::StoreError;

pub use crate::dialect::copy::Copied;

/// A copy could not be made, or must not be trusted.
#[derive(Debug, Error)]
pub enum CopyError {
    /// It may not be done; says why.
    #[error("{0}")]
    Refused(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Copies every row into an empty database of the same schema, also of the other kind, and compares the
/// counts. All or nothing. The source may be in use: what is copied is its state at one moment.
///
/// # Errors
/// [`CopyError::Refused`] when the schemas differ or the target has rows; or when a database fails.
pub async fn everything(from: &Db, to: &Db) -> Result<Vec<Copied>, CopyError> {
    dialect::copy::all(from, to).await?.map_err(CopyError::Refused)
}

/// Writes the state of an SQLite database at this moment into a new file, while it is in use.
///
/// # Errors
/// When the database fails or `copy` exists.
pub async fn sqlite_file(file: &Path, copy: &Path) -> Result<(), StoreError> {
    dialect::backup::copy(file, copy).await
}

/// Reads a whole SQLite file: whether it is sound, and holds data of Gangway this program can read. Lacking
/// migrations are fine: they are run when it is opened.
///
/// # Errors
/// [`CopyError::Refused`] with what is wrong; or when it cannot be looked at.
pub async fn check_sqlite_file(file: &Path) -> Result<Unfit, CopyError> {
    let unfit = dialect::backup::check(file).await?.map_err(CopyError::Refused)?;
    if unfit.unknown.is_empty() {
        Ok(unfit)
    } else {
        Err(CopyError::Refused("it was written by a newer version of Gangway".to_owned()))
    }
}
