//! Writes files to a folder.

use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

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
    /// Writes every file to a folder, which is made when absent. A file that exists with another content is
    /// only overwritten with `force`. Each file appears whole or not at all.
    ///
    /// # Errors
    /// Without `force`, when files would be overwritten: then nothing is written. When writing fails: then
    /// the files before the failing one are written.
    pub fn export(&self, folder: &Path, force: bool) -> Result<Exported, ExportError> {
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
        if !changed.is_empty() && !force {
            return Err(ExportError::Changed { changed });
        }
        for path in &done.written {
            let text = self.text(path).unwrap_or_default();
            let target = folder.join(path);
            write_whole(&target, text).map_err(|source| ExportError::Io { path: target.clone(), source })?;
        }
        Ok(done)
    }
}

/// Writes beside the target and renames, so that nobody ever reads half a file.
fn write_whole(target: &Path, text: &str) -> io::Result<()> {
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".gangway-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}
