//! A value together with where it was found and how sure Gangway is of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A place in the text that was read. Lines and columns count from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// First byte of the passage in the decoded text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Line of the first character, from 1.
    pub line: u32,
    /// Column of the first character in that line, from 1, in characters.
    pub column: u32,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Source {
    /// A passage of the text that was read, with the words themselves.
    Text {
        /// The place of the passage.
        span: Span,
        /// The words at that place, at most 200 characters.
        excerpt: String,
    },
    /// A field of a structured payload, e.g. `properties.amount`.
    Field {
        /// Path of the field from the root of the payload, dots between names.
        path: String,
    },
    /// A person said so.
    Person {
        /// Who, as shown to colleagues.
        who: String,
        /// Why, where a reason was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Concluded from other facts.
    Derived {
        /// What it was concluded from, in words a person can check.
        how: String,
    },
}

/// How sure Gangway is that it understood correctly. Ordered: `Low < Medium < High`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A guess from context: a person must look at it.
    Low,
    /// Understood from the wording, without a label that names it.
    Medium,
    /// Labelled or structured: it says itself what it is.
    High,
}

/// A value with its source and confidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fact<T> {
    /// What was understood.
    pub value: T,
    /// Where it was found.
    pub source: Source,
    /// How sure Gangway is.
    pub confidence: Confidence,
}

impl<T> Fact<T> {
    /// A fact concluded from other facts, in words a person can check.
    pub fn derived(value: T, how: impl Into<String>, confidence: Confidence) -> Self {
        Self { value, source: Source::Derived { how: how.into() }, confidence }
    }

    /// A fact from a field of a structured payload: certain.
    pub fn field(value: T, path: impl Into<String>) -> Self {
        Self { value, source: Source::Field { path: path.into() }, confidence: Confidence::High }
    }

    /// The same source and confidence for another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Fact<U> {
        Fact { value: f(self.value), source: self.source, confidence: self.confidence }
    }
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Good to know.
    Info,
    /// A person should look at it before relying on the result.
    Warning,
}

/// Something a person should know about what was read or generated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// How much it matters.
    pub level: Level,
    /// Stable short code, e.g. `contradiction`, `date_in_the_past`.
    pub code: String,
    /// What is the matter, where, and what to do, in one or two sentences.
    pub message: String,
    /// Where in the text, when it was text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

impl Notice {
    /// A warning without a place.
    pub fn warning(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { level: Level::Warning, code: code.into(), message: message.into(), span: None }
    }

    /// A remark without a place.
    pub fn info(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { level: Level::Info, code: code.into(), message: message.into(), span: None }
    }
}
