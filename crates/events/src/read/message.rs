//! One message of Segment's.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::Origin;
use super::field::{id, message_id, object, short, string};
use super::limit::MOST_EVENT_BYTES;
use super::merge::Shared;
use super::text::clean;
use super::time::{Times, whole_microseconds};
use super::verdict::{Code, Reason, Verdict};
use crate::event::{Event, Json, Kind};

/// The fields of a message, unread.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    message_id: Option<&'a RawValue>,
    #[serde(borrow)]
    user_id: Option<&'a RawValue>,
    #[serde(borrow)]
    anonymous_id: Option<&'a RawValue>,
    #[serde(borrow)]
    group_id: Option<&'a RawValue>,
    #[serde(borrow)]
    previous_id: Option<&'a RawValue>,
    #[serde(borrow)]
    event: Option<&'a RawValue>,
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    original_timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    sent_at: Option<&'a RawValue>,
    #[serde(borrow)]
    received_at: Option<&'a RawValue>,
    #[serde(borrow)]
    properties: Option<&'a RawValue>,
    #[serde(borrow)]
    traits: Option<&'a RawValue>,
    #[serde(borrow)]
    context: Option<&'a RawValue>,
    #[serde(borrow)]
    integrations: Option<&'a RawValue>,
}

/// What is read of a context.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContextFields<'a> {
    #[serde(borrow)]
    group_id: Option<&'a RawValue>,
}

/// Judges a message at its place among those of its body.
pub(super) fn read(
    item: &str,
    place: usize,
    kind: Option<Kind>,
    shared: &Shared<'_>,
    origin: &Origin,
) -> Verdict {
    match understand(item, place, kind, shared, origin) {
        Ok(event) => Verdict::Accepted(event),
        Err(reason) => reason.verdict(item),
    }
}

fn understand(
    item: &str,
    place: usize,
    kind: Option<Kind>,
    shared: &Shared<'_>,
    origin: &Origin,
) -> Result<Event, Reason> {
    let bytes = item.len() + shared.bytes();
    if bytes > MOST_EVENT_BYTES {
        return Err(Reason::event_too_large(bytes));
    }
    let cleaned = clean(item, None)?;
    if !cleaned.text.starts_with('{') {
        return Err(Reason::not_an_object());
    }
    if cleaned.doubtful_number {
        serde_json::from_str::<Value>(&cleaned.text).map_err(|error| Reason::invalid_json(&error))?;
    }
    let fields: Fields<'_> =
        serde_json::from_str(&cleaned.text).map_err(|error| Reason::invalid_json(&error))?;
    let mut event = fields.event(kind, shared, origin)?;
    event.repaired = cleaned.repaired || shared.repaired;
    let times = fields.times(shared);
    event.at = times.event_time(event.received_at)?;
    event.message_id = match message_id(fields.message_id)? {
        Some(id) => id,
        None => derived_id(&event, &cleaned.text, (!times.own()).then_some(place)),
    };
    Ok(event)
}

impl<'a> Fields<'a> {
    /// Everything but the id and the time of the event.
    fn event(&self, kind: Option<Kind>, shared: &Shared<'_>, origin: &Origin) -> Result<Event, Reason> {
        let kind = match kind {
            Some(kind) => kind,
            None => self.kind()?,
        };
        let user_id = id(self.user_id, "userId")?;
        let anonymous_id = id(self.anonymous_id, "anonymousId")?;
        let previous_id = id(self.previous_id, "previousId")?;
        let context = shared.context(self.context)?;
        let own_group = id(self.group_id, "groupId")?;
        let received_at = whole_microseconds(origin.received_at);
        let event = Event {
            workspace: origin.workspace,
            source: origin.source,
            kind,
            message_id: String::new(),
            user_id,
            anonymous_id,
            group_id: if kind == Kind::Group { own_group } else { group_of(context.as_ref())? },
            previous_id: previous_id.filter(|_| kind == Kind::Alias),
            name: self.name(kind)?,
            at: received_at,
            received_at,
            properties: object(self.properties, "properties")?,
            traits: object(self.traits, "traits")?,
            context,
            integrations: shared.integrations(self.integrations)?,
            repaired: false,
        };
        complete(&event)?;
        Ok(event)
    }

    fn kind(&self) -> Result<Kind, Reason> {
        let Some(word) = string(self.kind, "type")? else {
            return Err(Reason::missing("type", "`type` is needed, such as track or identify"));
        };
        word.parse::<Kind>().map_err(|unknown| {
            let begin: String = word.chars().take(40).collect();
            let words = format!("`type` is “{begin}”, but {unknown}.");
            Reason::new(Code::UnknownType, Some("type"), words)
        })
    }

    fn name(&self, kind: Kind) -> Result<Option<String>, Reason> {
        match kind {
            Kind::Track => short(self.event, "event"),
            Kind::Page | Kind::Screen => short(self.name, "name"),
            Kind::Identify | Kind::Group | Kind::Alias => Ok(None),
        }
    }

    fn times<'b>(&self, shared: &Shared<'b>) -> Times<'b>
    where
        'a: 'b,
    {
        Times {
            timestamp: self.timestamp,
            original: self.original_timestamp,
            sent: self.sent_at.or(shared.sent_at),
            received: self.received_at,
        }
    }
}

/// The customer a context names.
fn group_of(context: Option<&Json>) -> Result<Option<String>, Reason> {
    // Most contexts name none and need not be read.
    let Some(context) = context.filter(|context| context.text().contains("groupId")) else { return Ok(None) };
    let fields: ContextFields<'_> =
        serde_json::from_str(context.text()).map_err(|error| Reason::invalid_json(&error))?;
    id(fields.group_id, "context.groupId")
}

/// Whether everything is there that its kind needs.
fn complete(event: &Event) -> Result<(), Reason> {
    if event.kind == Kind::Alias {
        if event.previous_id.is_none() {
            return Err(Reason::missing("previousId", "`previousId` is needed: the id until now"));
        }
        if event.user_id.is_none() {
            return Err(Reason::missing("userId", "`userId` is needed: the id from now on"));
        }
    }
    if event.actor().is_none() {
        return Err(Reason::missing("userId", "`userId` or `anonymousId` is needed"));
    }
    if event.kind == Kind::Track && event.name.is_none() {
        return Err(Reason::missing("event", "`event` is needed: the name of what was done"));
    }
    if event.kind == Kind::Group && event.group_id.is_none() {
        return Err(Reason::missing("groupId", "`groupId` is needed: the customer's id in the product"));
    }
    Ok(())
}

/// An id for a message that has none, from its content: the same message again is the same event. A message that does
/// not say when it happened is another one whenever it comes, and at every place of its batch.
fn derived_id(event: &Event, text: &str, without_time: Option<usize>) -> String {
    let mut digest = Sha256::new().chain_update(event.kind.word()).chain_update([0_u8]).chain_update(text);
    if let Some(place) = without_time {
        digest.update(event.received_at.as_microsecond().to_be_bytes());
        digest.update(place.to_be_bytes());
    }
    let hex: String = digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("gangway-{hex}")
}
