//! Salesforce outbound messages: the SOAP envelope as plain objects, one for each notification.

use gangway_domain::deal::DealFormat;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

use crate::error::{IntakeError, Place};
use crate::source::SourceText;

/// Deeper than any outbound message.
const MAX_DEPTH: usize = 32;

/// An element being read.
struct Open {
    name: String,
    children: Map<String, Value>,
    text: String,
}

/// The `sObject` of every notification. Places in errors are where the offending element begins.
pub(crate) fn read(source: &SourceText) -> Result<Vec<Map<String, Value>>, IntakeError> {
    let mut reader = Reader::from_str(source.text());
    let mut stack: Vec<Open> = Vec::new();
    let mut objects = Vec::new();
    loop {
        let begins = reader.buffer_position();
        let here = || place(source, begins);
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                return Err(syntax(error.to_string(), place(source, reader.error_position())));
            }
        };
        match event {
            Event::Start(start) => {
                if stack.len() >= MAX_DEPTH {
                    return Err(IntakeError::TooDeep { place: here(), limit: MAX_DEPTH });
                }
                stack.push(open(&start));
            }
            Event::Empty(start) => {
                let element = open(&start);
                close(element, &mut stack, &mut objects);
            }
            Event::End(_) => {
                if let Some(element) = stack.pop() {
                    close(element, &mut stack, &mut objects);
                }
            }
            Event::Text(text) => {
                if let Some(element) = stack.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Event::CData(text) => {
                if let Some(element) = stack.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Event::GeneralRef(entity) => {
                let name = entity.to_string();
                let Some(c) = character(&name) else {
                    return Err(syntax(format!("the entity `&{name};` is not defined"), here()));
                };
                if let Some(element) = stack.last_mut() {
                    element.text.push(c);
                }
            }
            Event::DocType(_) => return Err(IntakeError::Doctype { place: here() }),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if let Some(open) = stack.last() {
        return Err(syntax(
            format!("the element `{}` is not closed", open.name),
            place(source, source.text().len() as u64),
        ));
    }
    if objects.is_empty() {
        return Err(IntakeError::NotADeal {
            format: DealFormat::Salesforce,
            message: "the XML holds no `sObject`; send the outbound message of an Opportunity as it is"
                .to_owned(),
            place: Place::default(),
        });
    }
    Ok(objects)
}

fn syntax(message: String, place: Place) -> IntakeError {
    IntakeError::Syntax { format: DealFormat::Salesforce, place, message }
}

fn place(source: &SourceText, offset: u64) -> Place {
    let mut at = usize::try_from(offset).unwrap_or(usize::MAX).min(source.text().len());
    while !source.text().is_char_boundary(at) {
        at -= 1;
    }
    let span = source.span(&(at..at));
    Place::at(span.line, span.column)
}

fn open(start: &BytesStart<'_>) -> Open {
    let name = start.local_name().as_ref().to_owned();
    let mut children = Map::new();
    for attribute in start.attributes().with_checks(false).flatten() {
        // `xsi:type="sf:Opportunity"` says what the object is.
        if attribute.key.local_name().as_ref() == "type" {
            children.insert("type".to_owned(), Value::String(attribute.value.to_string()));
        }
    }
    Open { name, children, text: String::new() }
}

fn close(element: Open, stack: &mut [Open], objects: &mut Vec<Map<String, Value>>) {
    let Open { name, children, text } = element;
    let nested_object = name == "sObject" && !stack.iter().any(|open| open.name == "sObject");
    if nested_object {
        objects.push(children);
        return;
    }
    let only_type = children.keys().all(|key| key == "type");
    let value = if only_type { Value::String(text.trim().to_owned()) } else { Value::Object(children) };
    if let Some(parent) = stack.last_mut() {
        match parent.children.get_mut(&name) {
            None => {
                parent.children.insert(name, value);
            }
            // The same element again makes a list: `records`.
            Some(Value::Array(list)) => list.push(value),
            Some(first) => {
                let list = vec![first.take(), value];
                *first = Value::Array(list);
            }
        }
    }
}

/// The character of a predefined or numeric reference.
fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        }
    }
}
