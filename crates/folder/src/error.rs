//! What can go wrong with a folder.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a folder was not written.
#[derive(Debug, Error)]
pub enum FolderError {
    /// The place has no name that a folder could get, such as `/` or `..`.
    #[error("{0} is not a place for a folder")]
    NoName(PathBuf),
    /// A path of a file would leave the folder.
    #[error("`{0}` is not a path inside the folder")]
    UnsafePath(String),
    /// The system refused.
    #[error("{path}: {source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

pub(crate) fn at(path: &Path) -> impl Fn(io::Error) -> FolderError {
    move |source| FolderError::Io { path: path.to_owned(), source }
}
