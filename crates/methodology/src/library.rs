//! A library: the files of the methodology by path, built-in ones with a workspace's laid over them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};
use thiserror::Error;

static BUILTIN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../methodology");

/// Largest file read, in bytes: a hundred times what a programme needs.
const MOST_BYTES: u64 = 4 * 1024 * 1024;
/// Most files read from a folder, so that pointing at the wrong one fails early.
const MOST_FILES: usize = 2_000;

/// A folder that could not be read as a methodology.
#[derive(Debug, Error)]
pub enum LibraryError {
    /// Reading failed.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something with the name of a file is a device, a pipe or a folder behind a link.
    #[error("{} is not a regular file: remove it", path.display())]
    NotAFile {
        /// Its path.
        path: PathBuf,
    },
    /// A file is not UTF-8 text.
    #[error("{} is not UTF-8 text; save it as UTF-8", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A file is far too large.
    #[error("{} is larger than 4 MB; that is not a methodology file", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A folder holds far too many files.
    #[error("{} holds more than 2,000 files; that is not a methodology folder", path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
    },
}

/// The files of a methodology by path (`programmes/mid-market.toml`), in order of path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    pub(crate) files: BTreeMap<String, Cow<'static, str>>,
}

impl Library {
    /// The files compiled into the program.
    #[must_use]
    pub fn builtin() -> Self {
        let mut files = BTreeMap::new();
        collect(&BUILTIN, &mut files);
        Self { files }
    }

    /// The built-in files with those of a folder laid over them: a file replaces the built-in one of the
    /// same path, or is added. Only `.toml`, `.md` and `.txt` are read; names that begin with a dot are not.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, is not text, or is far too large.
    pub fn from_dir(folder: &Path) -> Result<Self, LibraryError> {
        let mut library = Self::builtin();
        read_folder(folder, "", &mut library.files)?;
        Ok(library)
    }

    /// The built-in files with others laid over them, by path: for tests, and for methodology kept elsewhere
    /// than in a folder.
    #[must_use]
    pub fn with_files<P: Into<String>, T: Into<String>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        let mut library = Self::builtin();
        library.files.extend(files.into_iter().map(|(path, text)| (path.into(), Cow::Owned(text.into()))));
        library
    }

    /// The same files with one laid over them, or added.
    #[must_use]
    pub fn with(mut self, path: &str, text: impl Into<String>) -> Self {
        self.files.insert(path.to_owned(), Cow::Owned(text.into()));
        self
    }

    /// Paths of all files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Text of a file.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(AsRef::as_ref)
    }

    /// Digest of paths and texts, 64 hex digits: changes whenever any file does.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        for (path, text) in &self.files {
            for part in [path.as_str(), text.as_ref()] {
                hasher.update(part.len().to_le_bytes());
                hasher.update(part);
            }
        }
        hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

fn collect(folder: &Dir<'static>, files: &mut BTreeMap<String, Cow<'static, str>>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if let Some(text) = file.contents_utf8().filter(|_| is_ours(&path)) {
            files.insert(path, Cow::Borrowed(text));
        }
    }
    for inner in folder.dirs() {
        collect(inner, files);
    }
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, Cow<'static, str>>,
) -> Result<(), LibraryError> {
    let io = |source| LibraryError::Io { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().map_err(io)?;
        if kind.is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), files)?;
        } else if is_ours(&path) {
            files.insert(path, Cow::Owned(read_file(&entry.path())?));
        }
        if files.len() > MOST_FILES {
            return Err(LibraryError::TooMany { path: folder.to_owned() });
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<String, LibraryError> {
    let io = |source| LibraryError::Io { path: path.to_owned(), source };
    // A device or a pipe behind a link would never end.
    let found = fs::metadata(path).map_err(io)?;
    if !found.is_file() {
        return Err(LibraryError::NotAFile { path: path.to_owned() });
    }
    if found.len() > MOST_BYTES {
        return Err(LibraryError::TooLarge { path: path.to_owned() });
    }
    let mut bytes = Vec::new();
    fs::File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes)).map_err(io)?;
    let text = String::from_utf8(bytes).map_err(|_| LibraryError::NotText { path: path.to_owned() })?;
    // A byte-order mark is what some editors leave; it is not part of the text.
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

fn is_ours(path: &str) -> bool {
    [".toml", ".md", ".txt"].iter().any(|end| path.ends_with(end))
}
