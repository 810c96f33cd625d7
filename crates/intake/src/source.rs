//! The text being read, and passages of it that know where they stand.

use std::ops::Range;

use gangway_domain::fact::{Source, Span};

/// Longest excerpt kept with a fact, in characters.
const EXCERPT_CHARS: usize = 200;
/// A character count is kept for every so many bytes, so that columns of very long lines stay cheap.
const STRIDE: usize = 1024;

/// Decoded text with an index that turns byte offsets into lines and columns in constant time.
pub(crate) struct SourceText {
    text: String,
    /// Byte offset of the start of each line.
    lines: Vec<usize>,
    /// Number of characters before byte `i * STRIDE` (rounded down to a character boundary).
    chars_before: Vec<usize>,
}

impl SourceText {
    pub(crate) fn new(text: String) -> Self {
        let mut lines = vec![0];
        let mut chars_before = Vec::with_capacity(text.len() / STRIDE + 1);
        for (count, (offset, c)) in text.char_indices().enumerate() {
            while chars_before.len() * STRIDE <= offset {
                chars_before.push(count);
            }
            if c == '\n' {
                lines.push(offset + 1);
            }
        }
        Self { text, lines, chars_before }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Characters before a byte offset.
    fn chars_to(&self, offset: usize) -> usize {
        let slot = (offset / STRIDE).min(self.chars_before.len().saturating_sub(1));
        let Some(&known) = self.chars_before.get(slot) else {
            return 0;
        };
        // The counted character is the first one at or after the stride boundary.
        let mut start = slot * STRIDE;
        while start < self.text.len() && !self.text.is_char_boundary(start) {
            start += 1;
        }
        known + self.text.get(start..offset).map_or(0, |between| between.chars().count())
    }

    /// The span of a byte range.
    pub(crate) fn span(&self, range: &Range<usize>) -> Span {
        let line = self.lines.partition_point(|&start| start <= range.start).max(1);
        let line_start = self.lines.get(line - 1).copied().unwrap_or(0);
        let column = self.chars_to(range.start) - self.chars_to(line_start) + 1;
        Span {
            start: range.start,
            end: range.end,
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }

    /// The whole text as a passage.
    pub(crate) fn whole(&self) -> Passage<'_> {
        Passage { text: &self.text, place: At::Text { source: self, start: 0 } }
    }

    /// A byte range as a passage; empty when the range is not one.
    pub(crate) fn passage(&self, range: Range<usize>) -> Passage<'_> {
        self.whole().sub(range)
    }
}

/// Where a passage stands.
#[derive(Clone, Copy)]
enum At<'a> {
    Text { source: &'a SourceText, start: usize },
    Field { path: &'a str },
}

/// Words to be understood, with the place they come from: the same readers serve free text and
/// the fields of a CRM payload.
#[derive(Clone, Copy)]
pub(crate) struct Passage<'a> {
    pub(crate) text: &'a str,
    place: At<'a>,
}

impl<'a> Passage<'a> {
    /// The value of a field in a structured payload.
    pub(crate) fn field(text: &'a str, path: &'a str) -> Self {
        Self { text, place: At::Field { path } }
    }

    /// A part of the passage, by byte range within it; empty when the range is not one.
    pub(crate) fn sub(self, range: Range<usize>) -> Self {
        let text = self.text.get(range.clone()).unwrap_or("");
        let place = match self.place {
            At::Text { source, start } => {
                At::Text { source, start: start + range.start.min(self.text.len()) }
            }
            field @ At::Field { .. } => field,
        };
        Self { text, place }
    }

    /// The parts before and after a byte offset of the passage.
    pub(crate) fn split_at(self, at: usize) -> (Self, Self) {
        (self.sub(0..at), self.sub(at..self.text.len()))
    }

    /// Without white space at both ends.
    pub(crate) fn trim(self) -> Self {
        self.trim_matches(char::is_whitespace)
    }

    /// Without the given characters at both ends.
    pub(crate) fn trim_matches(self, unwanted: impl Fn(char) -> bool) -> Self {
        let left = self.text.len() - self.text.trim_start_matches(&unwanted).len();
        let right = self.text.trim_end_matches(&unwanted).len();
        if left >= right { self.sub(left..left) } else { self.sub(left..right) }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.text.is_empty()
    }

    /// The byte range in the source text; `None` for fields.
    pub(crate) fn range(self) -> Option<Range<usize>> {
        match self.place {
            At::Text { start, .. } => Some(start..start + self.text.len()),
            At::Field { .. } => None,
        }
    }

    pub(crate) fn span(self) -> Option<Span> {
        match self.place {
            At::Text { source, start } => Some(source.span(&(start..start + self.text.len()))),
            At::Field { .. } => None,
        }
    }

    pub(crate) fn path(self) -> Option<&'a str> {
        match self.place {
            At::Text { .. } => None,
            At::Field { path } => Some(path),
        }
    }

    /// The provenance of a fact read from this passage.
    pub(crate) fn source(self) -> Source {
        match self.place {
            At::Text { .. } => Source::Text {
                span: self.span().unwrap_or(Span { start: 0, end: 0, line: 1, column: 1 }),
                excerpt: self.text.chars().take(EXCERPT_CHARS).collect(),
            },
            At::Field { path } => Source::Field { path: path.to_owned() },
        }
    }

    /// `line 3, column 7` or the field's path, for messages.
    pub(crate) fn place(self) -> String {
        match self.place {
            At::Text { .. } => self
                .span()
                .map_or_else(String::new, |span| format!("line {}, column {}", span.line, span.column)),
            At::Field { path } => format!("`{path}`"),
        }
    }
}

/// Where a fact was found, for messages.
pub(crate) fn place_of(source: &Source) -> String {
    match source {
        Source::Text { span, .. } => format!("line {}, column {}", span.line, span.column),
        Source::Field { path } => format!("`{path}`"),
        Source::Person { who, .. } => who.clone(),
        Source::Derived { how } => how.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_also_far_into_a_line() {
        let long = "ü".repeat(5_000);
        let source = SourceText::new(format!("{long}\n{long}x"));
        let x = source.text().len() - 1;
        let span = source.span(&(x..x + 1));
        assert_eq!((span.line, span.column), (2, 5_001));
        let start = source.span(&(0..2));
        assert_eq!((start.line, start.column), (1, 1));
    }
}
