//! The fields of a message: each of its type, each as long as it may be.

use serde_json::value::RawValue;

use super::limit::{MOST_ID, MOST_MESSAGE_ID};
use super::verdict::Reason;
use crate::event::Json;

/// Text, or nothing when it is absent, null or blank.
pub(super) fn string(value: Option<&RawValue>, field: &'static str) -> Result<Option<String>, Reason> {
    let Some(value) = value else { return Ok(None) };
    if !value.get().starts_with('"') {
        return Err(Reason::wrong_type(field, "text"));
    }
    let text: String = serde_json::from_str(value.get()).map_err(|error| Reason::invalid_json(&error))?;
    Ok(Some(text).filter(|text| !text.trim().is_empty()))
}

/// Text of at most [`MOST_ID`] characters.
pub(super) fn short(value: Option<&RawValue>, field: &'static str) -> Result<Option<String>, Reason> {
    within(string(value, field)?, field, MOST_ID)
}

/// A message id.
pub(super) fn message_id(value: Option<&RawValue>) -> Result<Option<String>, Reason> {
    within(string(value, "messageId")?, "messageId", MOST_MESSAGE_ID)
}

/// An id, which some send as a number.
pub(super) fn id(value: Option<&RawValue>, field: &'static str) -> Result<Option<String>, Reason> {
    match value.map(RawValue::get) {
        Some(number) if number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
            within(Some(number.to_owned()), field, MOST_ID)
        }
        _ => short(value, field),
    }
}

/// An object, or nothing when it is absent or null. An empty list is what PHP makes of an empty object.
pub(super) fn object(value: Option<&RawValue>, field: &'static str) -> Result<Option<Json>, Reason> {
    Ok(object_text(value, field)?.map(Json::new))
}

/// The text of an object.
pub(super) fn object_text<'a>(
    value: Option<&'a RawValue>,
    field: &'static str,
) -> Result<Option<&'a RawValue>, Reason> {
    let Some(value) = value else { return Ok(None) };
    let text = value.get();
    if text.starts_with('{') {
        return Ok(Some(value));
    }
    let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match inside.map(str::trim_ascii) {
        Some("") => Ok(None),
        _ => Err(Reason::wrong_type(field, "an object")),
    }
}

fn within(text: Option<String>, field: &'static str, most: usize) -> Result<Option<String>, Reason> {
    match text {
        // Bytes first: most texts are short and need not be counted.
        Some(text) if text.len() > most && text.chars().count() > most => Err(Reason::too_long(field, most)),
        text => Ok(text),
    }
}
