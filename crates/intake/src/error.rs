//! What can be wrong with an input as a whole: where, and what to do about it.

use std::fmt;

use gangway_domain::deal::DealFormat;
use thiserror::Error;

/// Where in the input something is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// Line from 1, when known.
    pub line: Option<u32>,
    /// Column from 1, in characters, when known.
    pub column: Option<u32>,
    /// Byte offset in the input, when that is all there is (undecodable bytes).
    pub offset: Option<u32>,
    /// Path of the field, e.g. `stakeholders[2].email`, when known.
    pub path: Option<Box<str>>,
}

impl Place {
    /// A line and column, both from 1.
    #[must_use]
    pub fn at(line: u32, column: u32) -> Self {
        Self { line: Some(line), column: Some(column), ..Self::default() }
    }

    /// A path in a structured payload.
    pub fn path(path: impl Into<Box<str>>) -> Self {
        Self { path: Some(path.into()), ..Self::default() }
    }

    /// A byte offset in the raw input.
    #[must_use]
    pub fn offset(offset: usize) -> Self {
        Self { offset: u32::try_from(offset).ok(), ..Self::default() }
    }
}

/// `line 3, column 7`, `stakeholders[2].email`, `byte 12`, or `the input`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(path) = &self.path {
            parts.push(format!("`{path}`"));
        }
        match (self.line, self.column) {
            (Some(line), Some(column)) => parts.push(format!("line {line}, column {column}")),
            (Some(line), None) => parts.push(format!("line {line}")),
            _ => {}
        }
        if let Some(offset) = self.offset {
            parts.push(format!("byte {offset}"));
        }
        if parts.is_empty() {
            return f.write_str("the input");
        }
        f.write_str(&parts.join(", "))
    }
}

/// An input from which no deal can be read. Everything less grave is a
/// [`Notice`](gangway_domain::fact::Notice) beside the facts.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IntakeError {
    /// Nothing but white space.
    #[error(
        "the input is empty: give the deal as text, a handoff document, JSON, TOML, YAML or a CRM payload"
    )]
    Empty,
    /// Larger than [`MAX_BYTES`](crate::MAX_BYTES).
    #[error(
        "the input has {size} bytes, the limit is {limit} (10 MB): send only the deal, not its attachments"
    )]
    TooLarge {
        /// Size of the input in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Not text at all.
    #[error("the input is {what}, not text ({place}): {advice}")]
    Binary {
        /// What it looks like, e.g. `a PDF document`.
        what: &'static str,
        /// Where it shows.
        place: Place,
        /// What to do instead.
        advice: &'static str,
    },
    /// Text in an encoding that could not be recognised.
    #[error("the text is not valid {encoding} at {place}: save the file as UTF-8 and try again")]
    Encoding {
        /// The encoding that was tried.
        encoding: &'static str,
        /// The first byte that does not fit.
        place: Place,
    },
    /// The text breaks the grammar of its format.
    #[error("not valid {} at {place}: {message}", name(*.format))]
    Syntax {
        /// The format it was read as.
        format: DealFormat,
        /// Where.
        place: Place,
        /// What the parser expected.
        message: String,
    },
    /// A key the deal schema does not know.
    #[error("unknown key `{key}` at {place}: {}", suggestion.as_ref().map_or_else(
        || format!("known keys here are {known}"),
        |nearest| format!("did you mean `{nearest}`? Known keys here are {known}"),
    ))]
    UnknownKey {
        /// The key as written.
        key: String,
        /// Where.
        place: Place,
        /// The nearest known key, when one is near.
        suggestion: Option<String>,
        /// The keys allowed at that place.
        known: String,
    },
    /// A value that cannot be understood as what its key says it is.
    #[error("{place}: `{value}` cannot be read as {expected}; write it like {example}")]
    Value {
        /// Where.
        place: Place,
        /// The value as written.
        value: String,
        /// What was expected, e.g. `an amount of money`.
        expected: &'static str,
        /// A correct example.
        example: &'static str,
    },
    /// Nested deeper than any deal is.
    #[error(
        "nested deeper than {limit} levels at {place}: a deal is not nested like this; send the plain payload"
    )]
    TooDeep {
        /// Where the limit was crossed.
        place: Place,
        /// The limit in levels.
        limit: usize,
    },
    /// A document type declaration or entity in XML.
    #[error(
        "the XML declares a document type or its own entities at {place}: remove the DOCTYPE, CRM messages have none"
    )]
    Doctype {
        /// Where.
        place: Place,
    },
    /// A notification that names a deal without its content.
    #[error("{message} ({place})")]
    OnlyReference {
        /// What is missing and how to get it.
        message: String,
        /// Where.
        place: Place,
    },
    /// Well-formed, but not a deal of the format.
    #[error("this is not a {} deal: {message} ({place})", name(*.format))]
    NotADeal {
        /// The format it was read as.
        format: DealFormat,
        /// What was found instead, and what was expected.
        message: String,
        /// Where.
        place: Place,
    },
}

/// A format's name as people write it.
#[must_use]
pub fn name(format: DealFormat) -> &'static str {
    match format {
        DealFormat::Summary => "summary text",
        DealFormat::KeyValue => "key-value text",
        DealFormat::Markdown => "Markdown",
        DealFormat::Json => "JSON",
        DealFormat::Toml => "TOML",
        DealFormat::Yaml => "YAML",
        DealFormat::Hubspot => "HubSpot",
        DealFormat::Salesforce => "Salesforce",
    }
}
