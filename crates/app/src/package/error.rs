//! What can go wrong when a package is rendered or written.

use std::path::PathBuf;

use thiserror::Error;

/// Why a package could not be rendered or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PackageError {
    /// The methodology has no template of that name.
    #[error(
        "the methodology has no `{0}`: restore it with `gangway methodology export`, or leave its files out of the package"
    )]
    MissingTemplate(String),
    /// A template cannot be read or filled in.
    #[error("{name}:{line}: {message}")]
    Template {
        /// File of the template, below the methodology.
        name: String,
        /// Line in the template, from 1; 0 when unknown.
        line: usize,
        /// What is the matter.
        message: String,
    },
    /// A filled-in template is not a document.
    #[error("{name} does not give a document: {message}")]
    Document {
        /// File of the template, below the methodology.
        name: String,
        /// What is the matter, with the line of the filled-in text.
        message: String,
    },
    /// A document could not be turned into a file.
    #[error("{path} could not be made: {message}")]
    Render {
        /// File of the package.
        path: String,
        /// What is the matter.
        message: String,
    },
    /// A package has no file of that name.
    #[error("a package has no file `{0}`")]
    UnknownFile(String),
    /// A word that names no format.
    #[error("unknown format `{0}`: use md, html, pdf, docx, xlsx, pptx, ics, email, json or all")]
    UnknownFormat(String),
    /// The folder holds something, and nobody said that it may be replaced.
    #[error("{0} is not empty: choose another folder, or use `--overwrite` to replace the package in it")]
    NotEmpty(PathBuf),
    /// The folder holds something that is not part of a package.
    #[error(
        "{folder} holds `{found}`, which is not part of a package: nothing was touched; choose another folder"
    )]
    NotOurs {
        /// The folder.
        folder: PathBuf,
        /// A file in it that no package has.
        found: String,
    },
    /// The place to write to is a link or a file.
    #[error("{0} is not a folder (links are not followed): choose another place")]
    NotAFolder(PathBuf),
    /// A path of a rendered file would leave the folder.
    #[error("`{0}` is not a path inside a package")]
    UnsafePath(String),
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}
