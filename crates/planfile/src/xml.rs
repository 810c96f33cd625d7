//! A small tree of XML elements, with limits.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::PlanFileError;

/// Deeper than any Microsoft Project file.
const DEEPEST: usize = 64;

/// An element with its text and children; attributes and namespaces are not kept.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub name: String,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// Text of the first child of that name, trimmed; `None` when absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }
}

/// Parses a document to its root element. Entities other than the predefined ones and characters are refused.
pub(crate) fn parse(text: &str) -> Result<Element, PlanFileError> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event();
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let fail = |message: String| PlanFileError::Xml { line: line_of(text, at), message };
        match event.map_err(|error| fail(error.to_string()))? {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err(fail(format!("elements are nested more than {DEEPEST} deep")));
                }
                open.push(Element { name: start.local_name().into_inner().to_owned(), ..Element::default() });
            }
            Event::Empty(start) => {
                let element =
                    Element { name: start.local_name().into_inner().to_owned(), ..Element::default() };
                if let Some(parent) = open.last_mut() {
                    parent.children.push(element);
                }
            }
            Event::End(_) => {
                let done = open.pop().unwrap_or_default();
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => return Err(fail("an element is closed that was not open".to_owned())),
                }
            }
            Event::Text(words) => append(&mut open, &words.xml10_content()),
            Event::CData(words) => append(&mut open, &words.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character),
                    _ => match &*reference.xml10_content() {
                        "amp" => Some('&'),
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => None,
                    },
                };
                let character =
                    character.ok_or_else(|| fail("an entity that XML does not define".to_owned()))?;
                append(&mut open, character.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err(fail("document types are not accepted".to_owned())),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    let fail =
        |message: &str| PlanFileError::Xml { line: line_of(text, text.len()), message: message.to_owned() };
    if open.len() > 1 {
        return Err(fail("the file ends inside an element"));
    }
    let mut roots = open.pop().unwrap_or_default().children.into_iter();
    roots.next().ok_or_else(|| fail("the file has no element"))
}

fn append(open: &mut [Element], words: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(words);
    }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|&byte| byte == b'\n').count()
}
