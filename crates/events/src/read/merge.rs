//! What a batch says for all of its messages.

use indexmap::IndexMap;
use serde_json::value::RawValue;

use super::field::object_text;
use super::text::clean;
use super::verdict::Reason;
use crate::event::Json;

/// What a batch says for all of its messages.
#[derive(Debug, Clone, Default)]
pub(super) struct Shared<'a> {
    /// When the batch was sent, for messages that do not say it.
    pub sent_at: Option<&'a RawValue>,
    context: Option<Json>,
    integrations: Option<Json>,
    /// Characters no database can hold were replaced.
    pub repaired: bool,
}

impl<'a> Shared<'a> {
    /// Reads what stands beside the messages.
    ///
    /// # Errors
    /// When a part is of another type or nested too deeply.
    pub(super) fn new(
        sent_at: Option<&'a RawValue>,
        context: Option<&'a RawValue>,
        integrations: Option<&'a RawValue>,
    ) -> Result<Self, Reason> {
        let (context, mended) = part(context, "context")?;
        let (integrations, also_mended) = part(integrations, "integrations")?;
        Ok(Self { sent_at, context, integrations, repaired: mended || also_mended })
    }

    /// The bytes it adds to every message.
    pub(super) fn bytes(&self) -> usize {
        [&self.context, &self.integrations].into_iter().flatten().map(|json| json.text().len()).sum()
    }

    /// A message's own context over the batch's.
    pub(super) fn context(&self, own: Option<&RawValue>) -> Result<Option<Json>, Reason> {
        over(object_text(own, "context")?, self.context.as_ref(), "context")
    }

    /// A message's own integrations over the batch's.
    pub(super) fn integrations(&self, own: Option<&RawValue>) -> Result<Option<Json>, Reason> {
        over(object_text(own, "integrations")?, self.integrations.as_ref(), "integrations")
    }
}

/// A part of the batch, fit to be stored, and whether it was mended; nothing when it is empty.
fn part(value: Option<&RawValue>, field: &'static str) -> Result<(Option<Json>, bool), Reason> {
    let Some(value) = object_text(value, field)? else { return Ok((None, false)) };
    let cleaned = clean(value.get(), Some(field))?;
    if cleaned.doubtful_number {
        serde_json::from_str::<serde_json::Value>(&cleaned.text)
            .map_err(|error| Reason::invalid_json(&error))?;
    }
    let json = Json::from_text(cleaned.text.into_owned()).map_err(|error| Reason::invalid_json(&error))?;
    if keys(json.text())?.is_empty() {
        return Ok((None, false));
    }
    Ok((Some(json), cleaned.repaired))
}

/// One object laid over another, value by value.
fn over(own: Option<&RawValue>, shared: Option<&Json>, field: &'static str) -> Result<Option<Json>, Reason> {
    let (own, shared) = match (own, shared) {
        (None, shared) => return Ok(shared.cloned()),
        (Some(own), None) => return Ok(Some(Json::new(own))),
        (Some(own), Some(shared)) => (own, shared),
    };
    let mut values = keys(shared.text())?;
    values.extend(keys(own.get())?);
    let text = serde_json::to_string(&values).map_err(|error| Reason::invalid_json(&error))?;
    Json::from_text(text).map(Some).map_err(|_| Reason::wrong_type(field, "an object"))
}

/// The values of an object, unread.
fn keys(object: &str) -> Result<IndexMap<String, &RawValue>, Reason> {
    serde_json::from_str(object).map_err(|error| Reason::invalid_json(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> &RawValue {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_messages_own_values_win() {
        let batch = r#"{"library":{"name":"x"},"ip":"8.8.8.8"}"#;
        let shared = Shared::new(None, Some(raw(batch)), Some(raw("{}"))).unwrap();
        let own = r#"{"ip":"1.1.1.1","locale":"de"}"#;
        let merged = shared.context(Some(raw(own))).unwrap().unwrap();
        assert_eq!(merged.text(), r#"{"library":{"name":"x"},"ip":"1.1.1.1","locale":"de"}"#);
        assert_eq!(shared.context(None).unwrap().unwrap().text(), batch);
        assert_eq!(shared.integrations(None).unwrap(), None);
        assert_eq!(shared.bytes(), batch.len());
    }

    #[test]
    fn what_is_no_object_is_named() {
        let wrong = Shared::new(None, Some(raw("7")), None).unwrap_err();
        assert_eq!(wrong.field, Some("context"));
        assert!(Shared::new(None, None, Some(raw("[ ]"))).unwrap().bytes() == 0);
    }
}
