//! From dialect text to [`Document`]. The dialect is described in `docs/document-dialect.md`.

mod body;
mod fence;
mod front;

use crate::model::{Block, Document, Kind, plain};

/// The longest source accepted, bytes.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Why a document could not be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ParseError {
    /// 1-based line in the source.
    pub line: usize,
    /// What is wrong, in words for the author of the template.
    pub message: String,
}

impl ParseError {
    fn new(line: usize, message: impl Into<String>) -> Self {
        ParseError { line, message: message.into() }
    }
}

/// Reads a document.
///
/// # Errors
/// The line and reason of the first thing that cannot be read: front matter, a directive's JSON or options,
/// nesting deeper than 16, or more than 4 MiB of text.
pub fn parse(markdown: &str) -> Result<Document, ParseError> {
    if markdown.len() > MAX_BYTES {
        return Err(ParseError::new(
            1,
            format!("the document is longer than {} MiB", MAX_BYTES / 1024 / 1024),
        ));
    }
    let source = crate::text::clean(&markdown.replace("\r\n", "\n")).into_owned();
    let (mut head, rest, first_line) = front::split(&source)?;
    let mut blocks = body::Reader::new(first_line).read(rest)?;
    if head.title.is_empty() {
        head.title = take_title(&mut blocks, head.kind);
    }
    Ok(Document { head, blocks })
}

/// The first heading of a document without a title becomes the title; a page does not show it twice.
fn take_title(blocks: &mut Vec<Block>, kind: Kind) -> String {
    let Some(at) = blocks.iter().position(|block| matches!(block, Block::Heading { level: 1, .. })) else {
        return String::new();
    };
    let title = match blocks.get(at) {
        Some(Block::Heading { text, .. }) => plain(text),
        _ => String::new(),
    };
    if kind == Kind::Document && at == 0 {
        blocks.remove(at);
    }
    title
}
