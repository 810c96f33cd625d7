//! An event as it stands in the log.

use std::str::FromStr;

use gangway_domain::ids::WorkspaceId;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use thiserror::Error;
use uuid::Uuid;

/// What a message of Segment's is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Who a user is.
    Identify,
    /// What a user did.
    Track,
    /// Which group (customer) a user belongs to.
    Group,
    /// A page was looked at.
    Page,
    /// A screen of an app was looked at.
    Screen,
    /// Two ids are the same user.
    Alias,
}

/// The word is no kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a message is one of identify, track, group, page, screen, alias")]
pub struct UnknownKind;

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Identify, Self::Track, Self::Group, Self::Page, Self::Screen, Self::Alias];

    /// The word messages use for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Track => "track",
            Self::Group => "group",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Alias => "alias",
        }
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(UnknownKind)
    }
}

/// A message that was accepted, as it stands in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Whose it is.
    #[serde(rename = "w")]
    pub workspace: WorkspaceId,
    /// The source it came in through.
    #[serde(rename = "s")]
    pub source: Uuid,
    /// What it is about.
    #[serde(rename = "k")]
    pub kind: Kind,
    /// Tells a repetition from a second event; at most 100 characters. Derived from the content when the sender gave
    /// none.
    #[serde(rename = "m")]
    pub message_id: String,
    /// The user's id in the product, at most 255 characters, never empty.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The id of somebody not yet known, at most 255 characters, never empty.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub anonymous_id: Option<String>,
    /// The customer's id in the product: of a group message, else `context.groupId`; at most 255 characters.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
    /// The user's id until now, of an alias.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub previous_id: Option<String>,
    /// The event of a track message, the name of a page or screen; at most 255 characters.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When it happened, with the clock of the sender corrected; in whole microseconds.
    #[serde(rename = "t", with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub at: Timestamp,
    /// When it came in; in whole microseconds.
    #[serde(rename = "r", with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub received_at: Timestamp,
    /// Properties of a track, page or screen message.
    #[serde(rename = "props", default, skip_serializing_if = "Option::is_none")]
    pub properties: Option<Json>,
    /// Traits of an identify or group message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traits: Option<Json>,
    /// Where and with what it happened, with the batch's own laid under it.
    #[serde(rename = "ctx", default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Json>,
    /// Which tools the sender meant it for, with the batch's own laid under it.
    #[serde(rename = "int", default, skip_serializing_if = "Option::is_none")]
    pub integrations: Option<Json>,
    /// Characters no database can hold (U+0000, halves of pairs) were replaced by U+FFFD.
    #[serde(rename = "fix", default, skip_serializing_if = "std::ops::Not::not")]
    pub repaired: bool,
}

/// A line of the log that is no event.
#[derive(Debug, Error)]
#[error("a line of the event log cannot be read: {0}")]
pub struct UnreadableLine(#[from] serde_json::Error);

impl Event {
    /// What a repetition of the message shares with it: a digest of its source and message id.
    #[must_use]
    pub fn key(&self) -> [u8; 16] {
        let digest = Sha256::new().chain_update(self.source.as_bytes()).chain_update(&self.message_id);
        let mut key = [0; 16];
        for (to, from) in key.iter_mut().zip(digest.finalize()) {
            *to = from;
        }
        key
    }

    /// Who did it: the user's id, else the one of somebody not yet known.
    #[must_use]
    pub fn actor(&self) -> Option<&str> {
        self.user_id.as_deref().or(self.anonymous_id.as_deref())
    }

    /// The name under which it counts as usage; messages that only say who somebody is do not count.
    #[must_use]
    pub fn usage(&self) -> Option<&str> {
        match self.kind {
            Kind::Track => self.name.as_deref(),
            Kind::Page => Some("Page viewed"),
            Kind::Screen => Some("Screen viewed"),
            Kind::Identify | Kind::Group | Kind::Alias => None,
        }
    }

    /// The day it happened on, UTC.
    #[must_use]
    pub fn day(&self) -> Date {
        self.at.to_zoned(TimeZone::UTC).date()
    }

    /// The event as a message of Segment's, for exports and for people to look at.
    #[must_use]
    pub fn message(&self) -> Value {
        let mut message = Map::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                message.insert(key.to_owned(), value);
            }
        };
        let text = |text: &Option<String>| text.clone().map(Value::String);
        let json = |json: &Option<Json>| json.as_ref().map(|json| Value::Object(json.object()));
        put("type", Some(self.kind.word().into()));
        put("messageId", Some(self.message_id.clone().into()));
        put("userId", text(&self.user_id));
        put("anonymousId", text(&self.anonymous_id));
        put("groupId", text(&self.group_id));
        put("previousId", text(&self.previous_id));
        put(if self.kind == Kind::Track { "event" } else { "name" }, text(&self.name));
        put("timestamp", Some(self.at.to_string().into()));
        put("receivedAt", Some(self.received_at.to_string().into()));
        put("properties", json(&self.properties));
        put("traits", json(&self.traits));
        put("context", json(&self.context));
        put("integrations", json(&self.integrations));
        Value::Object(message)
    }

    /// Appends the event to a text of the log, as a line of its own.
    ///
    /// # Errors
    /// Never for an event that was read; JSON has no place for a few values others could hold.
    pub fn write_line(&self, log: &mut Vec<u8>) -> Result<(), UnreadableLine> {
        let begin = log.len();
        if let Err(error) = serde_json::to_writer(&mut *log, self) {
            log.truncate(begin);
            return Err(error.into());
        }
        log.push(b'\n');
        Ok(())
    }

    /// Reads a line of the log.
    ///
    /// # Errors
    /// When it is no event.
    pub fn read_line(line: &[u8]) -> Result<Self, UnreadableLine> {
        Ok(serde_json::from_slice(line)?)
    }
}

/// The text of a JSON object on one line, kept as it came; read when somebody asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(Box<RawValue>);

impl Json {
    /// From text that is known to be an object.
    pub(crate) fn new(text: &RawValue) -> Self {
        Self(text.to_owned())
    }

    /// From text that was put together here.
    pub(crate) fn from_text(text: String) -> Result<Self, serde_json::Error> {
        RawValue::from_string(text).map(Self)
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// The object; empty when it is none.
    #[must_use]
    pub fn object(&self) -> Map<String, Value> {
        serde_json::from_str(self.text()).unwrap_or_default()
    }

    /// One of its values.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Value> {
        self.object().shift_remove(key)
    }

    /// One of its values, when that is text with something in it.
    #[must_use]
    pub fn string(&self, key: &str) -> Option<String> {
        match self.get(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        Event {
            workspace: WorkspaceId::from_uuid(Uuid::from_u128(1)),
            source: Uuid::from_u128(2),
            kind: Kind::Track,
            message_id: "m-1".to_owned(),
            user_id: Some("u-1".to_owned()),
            anonymous_id: None,
            group_id: Some("acme".to_owned()),
            previous_id: None,
            name: Some("Report created".to_owned()),
            at: "2027-01-11T23:59:59.999999Z".parse().unwrap(),
            received_at: "2027-01-12T00:00:01Z".parse().unwrap(),
            properties: Some(Json::from_text(r#"{"rows":12,"of":[1,2]}"#.to_owned()).unwrap()),
            traits: None,
            context: None,
            integrations: None,
            repaired: false,
        }
    }

    #[test]
    fn a_line_gives_back_the_event() {
        let mut log = Vec::new();
        event().write_line(&mut log).unwrap();
        assert_eq!(log.iter().filter(|byte| **byte == b'\n').count(), 1);
        assert_eq!(Event::read_line(log.trim_ascii_end()).unwrap(), event());
        assert!(Event::read_line(b"{}").is_err());
    }

    #[test]
    fn a_message_id_counts_once_for_each_source() {
        let other = Event { source: Uuid::from_u128(3), ..event() };
        let again = Event { received_at: Timestamp::UNIX_EPOCH, ..event() };
        assert_ne!(event().key(), other.key());
        assert_eq!(event().key(), again.key());
    }

    #[test]
    fn only_what_was_done_is_usage() {
        let named = |kind| Event { kind, ..event() };
        let usage = Kind::ALL.map(|kind| named(kind).usage().map(str::to_owned));
        let done = |name: &str| Some(name.to_owned());
        assert_eq!(
            usage,
            [None, done("Report created"), None, done("Page viewed"), done("Screen viewed"), None]
        );
    }

    #[test]
    fn it_can_be_shown_as_a_message() {
        assert_eq!(
            event().message().to_string(),
            r#"{"type":"track","messageId":"m-1","userId":"u-1","groupId":"acme","event":"Report created","timestamp":"2027-01-11T23:59:59.999999Z","receivedAt":"2027-01-12T00:00:01Z","properties":{"rows":12,"of":[1,2]}}"#
        );
        assert_eq!(event().day(), jiff::civil::date(2027, 1, 11));
    }

    #[test]
    fn kinds_have_words() {
        for kind in Kind::ALL {
            assert_eq!(kind.word().parse(), Ok(kind));
        }
        assert_eq!("batch".parse::<Kind>(), Err(UnknownKind));
    }
}
