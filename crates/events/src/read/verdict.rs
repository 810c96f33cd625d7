//! What became of a message, and why.

use std::borrow::Cow;
use std::fmt;

use super::limit::{MOST_BATCH_EVENTS, MOST_DEPTH, MOST_EVENT_BYTES, MOST_KEPT};
use crate::event::Event;

/// What became of a message.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly every message is accepted: a box would only cost")]
pub enum Verdict {
    /// It counts.
    Accepted(Event),
    /// It was understood, but its time is not believed: kept for somebody to look at.
    Quarantined(Refused),
    /// It is malformed.
    Rejected(Refused),
}

/// A message that does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub reason: Reason,
    /// The message as it came, without what no database can hold, and cut short when it is long.
    pub body: String,
}

/// Why something does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// For programs.
    pub code: Code,
    /// The field that is wrong, when it is one.
    pub field: Option<&'static str>,
    /// For people; names the field.
    pub words: String,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Reason {}

/// What is wrong, for programs; never changes its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The body is no UTF-8.
    NotUtf8,
    /// It is no JSON.
    InvalidJson,
    /// It is JSON, but no object.
    NotAnObject,
    /// More bytes than a message or a batch may have.
    TooLarge,
    /// More messages than a batch may have.
    TooManyEvents,
    /// Objects and lists too far within one another.
    TooDeep,
    /// No kind of message we know.
    UnknownType,
    /// A field is needed.
    MissingField,
    /// A field holds something of another type.
    WrongType,
    /// A field holds too much text.
    TooLong,
    /// A field is no date with a time.
    InvalidDate,
    /// The message is of a time that is yet to come.
    TooFarInFuture,
    /// The message is of a time long ago.
    TooOld,
}

impl Code {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::NotUtf8,
        Self::InvalidJson,
        Self::NotAnObject,
        Self::TooLarge,
        Self::TooManyEvents,
        Self::TooDeep,
        Self::UnknownType,
        Self::MissingField,
        Self::WrongType,
        Self::TooLong,
        Self::InvalidDate,
        Self::TooFarInFuture,
        Self::TooOld,
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotUtf8 => "not-utf8",
            Self::InvalidJson => "invalid-json",
            Self::NotAnObject => "not-an-object",
            Self::TooLarge => "too-large",
            Self::TooManyEvents => "too-many-events",
            Self::TooDeep => "too-deep",
            Self::UnknownType => "unknown-type",
            Self::MissingField => "missing-field",
            Self::WrongType => "wrong-type",
            Self::TooLong => "too-long",
            Self::InvalidDate => "invalid-date",
            Self::TooFarInFuture => "too-far-in-future",
            Self::TooOld => "too-old",
        }
    }

    /// Whether a message with this is kept apart for somebody to look at, since it was understood.
    pub(super) fn quarantines(self) -> bool {
        matches!(self, Self::TooFarInFuture | Self::TooOld)
    }
}

impl Reason {
    pub(super) fn new(code: Code, field: Option<&'static str>, words: impl Into<String>) -> Self {
        Self { code, field, words: words.into() }
    }

    pub(super) fn not_utf8(valid_up_to: usize) -> Self {
        Self::new(Code::NotUtf8, None, format!("The body is no UTF-8 after {valid_up_to} bytes."))
    }

    pub(super) fn invalid_json(error: &serde_json::Error) -> Self {
        Self::new(Code::InvalidJson, None, format!("This is no JSON: {error}."))
    }

    pub(super) fn not_an_object() -> Self {
        Self::new(Code::NotAnObject, None, "A message must be a JSON object.")
    }

    pub(super) fn too_large(what: &str, bytes: usize, most: usize) -> Self {
        Self::new(
            Code::TooLarge,
            None,
            format!("{bytes} bytes are too many for {what}: at most {} KB.", most / 1024),
        )
    }

    pub(super) fn event_too_large(bytes: usize) -> Self {
        Self::too_large("a message with what its batch adds", bytes, MOST_EVENT_BYTES)
    }

    pub(super) fn too_many(items: usize) -> Self {
        Self::new(
            Code::TooManyEvents,
            Some("batch"),
            format!("`batch` has {items} messages; at most {MOST_BATCH_EVENTS} fit into one."),
        )
    }

    pub(super) fn too_deep(field: Option<&'static str>) -> Self {
        let what: Cow<'static, str> = field.map_or("the message".into(), |field| format!("`{field}`").into());
        Self::new(
            Code::TooDeep,
            field,
            format!("Objects and lists in {what} are more than {MOST_DEPTH} within one another."),
        )
    }

    pub(super) fn missing(field: &'static str, words: &str) -> Self {
        Self::new(Code::MissingField, Some(field), format!("{words}."))
    }

    pub(super) fn wrong_type(field: &'static str, wanted: &str) -> Self {
        Self::new(Code::WrongType, Some(field), format!("`{field}` must be {wanted}."))
    }

    pub(super) fn too_long(field: &'static str, most: usize) -> Self {
        Self::new(Code::TooLong, Some(field), format!("`{field}` is too long: at most {most} characters."))
    }

    pub(super) fn invalid_date(field: &'static str) -> Self {
        Self::new(
            Code::InvalidDate,
            Some(field),
            format!("`{field}` must be a date and time such as 2027-01-11T09:30:00.000Z."),
        )
    }

    /// The verdict on a message with this reason.
    pub(super) fn verdict(self, item: &str) -> Verdict {
        if self.code.quarantines() {
            let body = kept(item, MOST_EVENT_BYTES);
            return Verdict::Quarantined(Refused { reason: self, body });
        }
        let body = kept(item, MOST_KEPT);
        Verdict::Rejected(Refused { reason: self, body })
    }
}

/// The beginning of a message, without U+0000, which PostgreSQL has no place for.
fn kept(item: &str, most: usize) -> String {
    let mut end = item.len().min(most);
    while !item.is_char_boundary(end) {
        end -= 1;
    }
    item.get(..end).unwrap_or_default().replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        let mut words = Code::ALL.map(Code::word).to_vec();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Code::ALL.len());
    }

    #[test]
    fn what_is_kept_ends_between_characters() {
        assert_eq!(kept("aé\0b", 2), "a");
        assert_eq!(kept("aé\0b", 9), "aé\u{fffd}b");
    }
}
