//! Why a plan file cannot be read.

/// Why a plan file cannot be read. Lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanFileError {
    /// The file is larger than [`crate::MOST_BYTES`].
    #[error("the plan file has {bytes} bytes; at most {limit} are accepted")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The largest size accepted.
        limit: usize,
    },
    /// The file is not UTF-8 text.
    #[error("the plan file is not UTF-8 text (byte {at}): save it as UTF-8")]
    NotUtf8 {
        /// Offset of the first byte that is not.
        at: usize,
    },
    /// Nothing about the content says what it is.
    #[error(
        "not a plan file: expected Gangway JSON (`{{`), Microsoft Project XML (`<Project>`) or a PSPLIB instance"
    )]
    UnknownFormat,
    /// The JSON is malformed or not a plan.
    #[error("line {line}, column {column}, at `{path}`: {message}")]
    Json {
        /// Path of the value, e.g. `tasks[3].duration`; `.` for the whole.
        path: String,
        /// Line of the place.
        line: usize,
        /// Column of the place.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// The XML is malformed.
    #[error("line {line}: {message}")]
    Xml {
        /// Line of the place.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The XML is well-formed, but not a Microsoft Project file, or one with impossible values.
    #[error("{place}: {message}")]
    Project {
        /// Which element, e.g. `task 7 "Configure"`.
        place: String,
        /// What is wrong.
        message: String,
    },
    /// A line of a PSPLIB file is not what it has to be.
    #[error("line {line}: {message}")]
    Psplib {
        /// The line.
        line: usize,
        /// What is wrong.
        message: String,
    },
}
