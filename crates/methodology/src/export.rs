//! Writes files to a folder.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use gangway_folder::{Draft, FolderError};
use thiserror::Error;

use crate::library::Library;

/// An export that did not happen.
#[derive(Debug, Error)]
pub enum ExportError {
    /// Files in the folder differ from what would be written; nothing was written.
    #[error("{} would be overwritten and lose changes: {}", if changed.len() == 1 { "a file" } else { "files" }, changed.join(", "))]
    Changed {
        /// Their paths, in order.
        changed: Vec<String>,
    },
    /// The place can hold no folder.
    #[error("{} is not a place for a folder: choose another", .0.display())]
    NotAFolder(PathBuf),
    /// Writing failed.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What an export did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// Paths written, in order.
    pub written: Vec<String>,
    /// Paths that were the same already.
    pub unchanged: Vec<String>,
}

/// The number of files written.
impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written.len().fmt(f)
    }
}

impl Library {
    /// Writes every file to a folder. A new or empty folder appears whole or not at all. In one that holds
    /// files, each file appears whole or not at all: what is missing is added, a file with another content is
    /// only overwritten with `force`, and other files are left alone. All of it is written beside the folder
    /// first, so that a full disk changes nothing; an export that was killed is finished by the next.
    ///
    /// # Errors
    /// Without `force`, when files would be overwritten: then nothing is written. When writing fails.
    pub fn export(&self, folder: &Path, force: bool) -> Result<Exported, ExportError> {
        // `.` has a name, too, which the draft needs.
        let folder = &fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let done = self.compare(folder, force)?;
        if done.written.is_empty() {
            return Ok(done);
        }
        let draft = Draft::beside(folder)?;
        for path in &done.written {
            draft.write(path, self.text(path).unwrap_or_default().as_bytes())?;
        }
        // Another folder under the feet of whoever stands in this one would confuse their shell.
        let inside = std::env::current_dir().is_ok_and(|here| here.starts_with(folder));
        let empty = is_empty(folder).map_err(|source| ExportError::Io { path: folder.clone(), source })?;
        if empty && !inside {
            draft.publish()?;
        } else {
            draft.add_to_existing()?;
        }
        Ok(done)
    }

    /// What is to be written to the folder and what is there already.
    fn compare(&self, folder: &Path, force: bool) -> Result<Exported, ExportError> {
        let mut done = Exported::default();
        let mut changed = Vec::new();
        for (path, text) in &self.files {
            match fs::read(folder.join(path)) {
                Ok(present) if present == text.as_bytes() => done.unchanged.push(path.clone()),
                Ok(_) => {
                    changed.push(path.clone());
                    done.written.push(path.clone());
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => done.written.push(path.clone()),
                Err(source) => return Err(ExportError::Io { path: folder.join(path), source }),
            }
        }
        if changed.is_empty() || force { Ok(done) } else { Err(ExportError::Changed { changed }) }
    }
}

/// Whether the folder holds nothing or is not there.
fn is_empty(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

impl From<FolderError> for ExportError {
    fn from(error: FolderError) -> Self {
        match error {
            FolderError::Io { path, source } => Self::Io { path, source },
            FolderError::NoName(path) => Self::NotAFolder(path),
            FolderError::UnsafePath(path) => {
                Self::Io { path: path.into(), source: io::Error::from(io::ErrorKind::InvalidInput) }
            }
        }
    }
}
