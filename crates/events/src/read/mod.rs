//! Reading Segment's messages: one, or a batch of them, with a verdict for each.
//!
//! [`open`] understands the body as a whole and finds the write key; [`Request::read`] then judges its items one by one,
//! so that one bad item costs no good one. Sizes and nesting are looked at before anything is read that
//! could grow with them. Whatever the bytes are, the answer is a verdict.

mod field;
mod limit;
mod merge;
mod message;
mod text;
mod time;
mod verdict;

use gangway_domain::ids::WorkspaceId;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::event::Kind;
use merge::Shared;

pub use limit::{
    MOST_BATCH_BYTES, MOST_BATCH_EVENTS, MOST_DEPTH, MOST_EVENT_BYTES, MOST_ID, MOST_MESSAGE_ID,
};
pub use time::{MOST_AHEAD, MOST_BEHIND};
pub use verdict::{Code, Reason, Refused, Verdict};

/// The source messages came in through, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Whose source it is.
    pub workspace: WorkspaceId,
    /// The source.
    pub source: Uuid,
    /// When the body came in.
    pub received_at: Timestamp,
}

/// What a body holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One message of this kind, whatever it calls itself.
    One(Kind),
    /// A batch, whose messages say their kinds.
    Batch,
    /// One message that says its kind.
    Any,
}

impl Shape {
    /// What is sent to an address of Segment's API, by its last segment: `track`, or `t` as browsers send it.
    #[must_use]
    pub fn of(segment: &str) -> Option<Self> {
        Some(match segment {
            "identify" | "i" => Self::One(Kind::Identify),
            "track" | "t" => Self::One(Kind::Track),
            "group" | "g" => Self::One(Kind::Group),
            "page" | "p" => Self::One(Kind::Page),
            "screen" | "s" => Self::One(Kind::Screen),
            "alias" | "a" => Self::One(Kind::Alias),
            "batch" | "b" => Self::Batch,
            _ => return None,
        })
    }
}

/// A body that was understood as a whole; nothing of its items was judged yet.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    items: Vec<&'a str>,
    kind: Option<Kind>,
    shared: Shared<'a>,
    write_key: Option<String>,
}

/// What a body says beside its items.
#[derive(Debug, Default, Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    batch: Option<&'a RawValue>,
    #[serde(borrow, rename = "writeKey")]
    write_key: Option<&'a RawValue>,
    #[serde(borrow, rename = "sentAt")]
    sent_at: Option<&'a RawValue>,
    #[serde(borrow)]
    context: Option<&'a RawValue>,
    #[serde(borrow)]
    integrations: Option<&'a RawValue>,
}

/// Opens a body.
///
/// # Errors
/// When it is too large, no UTF-8, no JSON, no object, or no batch where one is expected: then nothing of it counts.
pub fn open(body: &[u8], shape: Shape) -> Result<Request<'_>, Reason> {
    let most = if shape == Shape::Batch { MOST_BATCH_BYTES } else { MOST_EVENT_BYTES };
    if body.len() > most {
        return Err(Reason::too_large("the body", body.len(), most));
    }
    let text = std::str::from_utf8(body).map_err(|error| Reason::not_utf8(error.valid_up_to()))?;
    // Some tools begin files with a byte order mark.
    let text = text.trim_start_matches('\u{feff}').trim_ascii();
    if !text.starts_with('{') {
        return Err(Reason::not_an_object());
    }
    // Values are skipped over here, without recursion.
    let envelope: Envelope<'_> = serde_json::from_str(text).map_err(|error| Reason::invalid_json(&error))?;
    let write_key = field::short(envelope.write_key, "writeKey")?;
    let kind = match shape {
        Shape::One(kind) => Some(kind),
        Shape::Any | Shape::Batch => None,
    };
    if shape != Shape::Batch {
        return Ok(Request { items: vec![text], kind, shared: Shared::default(), write_key });
    }
    let items = items(envelope.batch)?;
    let shared = Shared::new(envelope.sent_at, envelope.context, envelope.integrations)?;
    Ok(Request { items, kind, shared, write_key })
}

/// The items of a batch.
fn items(batch: Option<&RawValue>) -> Result<Vec<&str>, Reason> {
    let Some(batch) = batch else {
        return Err(Reason::missing("batch", "`batch` is needed: a list of messages"));
    };
    if !batch.get().starts_with('[') {
        return Err(Reason::wrong_type("batch", "a list of messages"));
    }
    let items: Vec<&RawValue> =
        serde_json::from_str(batch.get()).map_err(|error| Reason::invalid_json(&error))?;
    if items.len() > MOST_BATCH_EVENTS {
        return Err(Reason::too_many(items.len()));
    }
    Ok(items.into_iter().map(RawValue::get).collect())
}

impl Request<'_> {
    /// The write key in the body, when there is one; others send it in the header `Authorization`.
    #[must_use]
    pub fn write_key(&self) -> Option<&str> {
        self.write_key.as_deref()
    }

    /// How many messages there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Judges every message, in order.
    #[must_use]
    pub fn read(&self, origin: &Origin) -> Vec<Verdict> {
        let one = |(place, item): (usize, &&str)| message::read(item, place, self.kind, &self.shared, origin);
        self.items.iter().enumerate().map(one).collect()
    }
}
