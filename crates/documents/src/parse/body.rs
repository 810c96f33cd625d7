//! CommonMark events to blocks.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{
    Alignment, CodeBlockKind, Event, HeadingLevel, OffsetIter, Options, Parser, Tag, TagEnd,
};

use super::ParseError;
use super::fence::{self, Fence};
use crate::model::{Align, Block, Inline, Item, Layout, List, Table, plain};
use crate::text::safe_href;

/// How deep quotes, lists and directives may nest.
const MAX_DEPTH: usize = 16;

/// Reads bodies; shared by a document and the directives nested in it, so that anchors stay unique.
pub(super) struct Reader {
    anchors: BTreeSet<String>,
    /// Where counting equal headings goes on.
    numbered: BTreeMap<String, usize>,
    line: usize,
    depth: usize,
}

type Events<'a> = Peekable<OffsetIter<'a>>;

impl Reader {
    /// A reader whose text starts at `line` of the source.
    pub(super) fn new(line: usize) -> Self {
        Reader { anchors: BTreeSet::new(), numbered: BTreeMap::new(), line, depth: 0 }
    }

    /// Reads the Markdown inside a directive.
    pub(super) fn nested(&mut self, text: &str, line: usize) -> Result<Vec<Block>, ParseError> {
        let outer = std::mem::replace(&mut self.line, line);
        self.enter(line)?;
        let blocks = self.read(text)?;
        self.depth -= 1;
        self.line = outer;
        Ok(blocks)
    }

    fn enter(&mut self, line: usize) -> Result<(), ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ParseError::new(line, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(())
    }

    /// Reads Markdown to blocks.
    pub(super) fn read(&mut self, text: &str) -> Result<Vec<Block>, ParseError> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
        let mut events = Parser::new_ext(text, options).into_offset_iter().peekable();
        self.blocks(&mut events, text, None)
    }

    fn line_at(&self, text: &str, at: usize) -> usize {
        self.line + text.bytes().take(at).filter(|b| *b == b'\n').count()
    }

    /// Reads blocks up to the end tag. Loose inline content (tight list items) becomes a paragraph.
    fn blocks(
        &mut self,
        events: &mut Events<'_>,
        text: &str,
        until: Option<TagEnd>,
    ) -> Result<Vec<Block>, ParseError> {
        let mut out = Vec::new();
        loop {
            match events.peek() {
                None => break,
                Some((Event::End(end), _)) if Some(*end) == until => {
                    events.next();
                    break;
                }
                Some((Event::End(_), _)) => {
                    events.next();
                }
                Some((event, _)) if is_inline(event) => {
                    let inlines = inlines(events);
                    if !inlines.is_empty() {
                        out.push(Block::Paragraph(inlines));
                    }
                }
                Some(_) => {
                    if let Some((event, range)) = events.next() {
                        self.block(events, text, event, range, &mut out)?;
                    }
                }
            }
        }
        Ok(out)
    }

    fn block(
        &mut self,
        events: &mut Events<'_>,
        text: &str,
        event: Event<'_>,
        range: Range<usize>,
        out: &mut Vec<Block>,
    ) -> Result<(), ParseError> {
        match event {
            Event::Rule => out.push(Block::Rule),
            Event::Start(Tag::Paragraph) => {
                let inlines = inlines(events);
                if !inlines.is_empty() {
                    out.push(Block::Paragraph(inlines));
                }
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let text = inlines(events);
                out.push(Block::Heading {
                    level: heading_level(level),
                    id: self.anchor(&plain(&text)),
                    text,
                });
            }
            Event::Start(Tag::BlockQuote(kind)) => {
                self.enter(self.line_at(text, range.start))?;
                out.push(Block::Quote(self.blocks(events, text, Some(TagEnd::BlockQuote(kind)))?));
                self.depth -= 1;
            }
            Event::Start(Tag::List(start)) => {
                self.enter(self.line_at(text, range.start))?;
                out.push(Block::List(self.list(events, text, start)?));
                self.depth -= 1;
            }
            Event::Start(Tag::Table(alignments)) => out.push(Block::Table(table(events, &alignments))),
            Event::Start(Tag::CodeBlock(kind)) => {
                let body = raw_text(events);
                let line = self.line_at(text, range.start);
                out.push(match kind {
                    CodeBlockKind::Indented => Block::Code(body.trim_end_matches('\n').to_owned()),
                    CodeBlockKind::Fenced(_) => {
                        fence::read(self, &Fence { info: raw_info(text, range.start), body: &body, line })?
                    }
                });
            }
            Event::Start(Tag::HtmlBlock) => {
                let html = raw_text(events);
                out.extend(html_block(&html));
            }
            Event::Html(html) => out.extend(html_block(&html)),
            _ => {}
        }
        Ok(())
    }

    fn list(&mut self, events: &mut Events<'_>, text: &str, start: Option<u64>) -> Result<List, ParseError> {
        let mut items = Vec::new();
        while let Some((event, _)) = events.next() {
            match event {
                Event::Start(Tag::Item) => {
                    let mut checked = marker(events);
                    // A loose task item carries its marker inside the paragraph.
                    if checked.is_none() && matches!(events.peek(), Some((Event::Start(Tag::Paragraph), _))) {
                        events.next();
                        checked = marker(events);
                        let first = inlines(events);
                        let mut body =
                            if first.is_empty() { Vec::new() } else { vec![Block::Paragraph(first)] };
                        body.extend(self.blocks(events, text, Some(TagEnd::Item))?);
                        items.push(Item { checked, body });
                        continue;
                    }
                    let body = self.blocks(events, text, Some(TagEnd::Item))?;
                    items.push(Item { checked, body });
                }
                Event::End(TagEnd::List(_)) => break,
                _ => {}
            }
        }
        Ok(List { start, items })
    }

    fn anchor(&mut self, title: &str) -> String {
        let mut slug = String::new();
        for c in title.to_lowercase().chars() {
            if c.is_alphanumeric() {
                slug.push(c);
            } else if !slug.ends_with('-') && !slug.is_empty() {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        let slug = if slug.is_empty() { "section" } else { slug };
        let mut id = slug.to_owned();
        // Counting goes on where it stopped: a thousand equal headings must not cost a million steps.
        let mut number = self.numbered.get(slug).copied().unwrap_or(2);
        while !self.anchors.insert(id.clone()) {
            id = format!("{slug}-{number}");
            number += 1;
        }
        self.numbered.insert(slug.to_owned(), number);
        id
    }
}

fn marker(events: &mut Events<'_>) -> Option<bool> {
    match events.peek() {
        Some((Event::TaskListMarker(checked), _)) => {
            let checked = *checked;
            events.next();
            Some(checked)
        }
        _ => None,
    }
}

fn heading_level(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// A layout comment, or raw HTML shown as the text it is.
fn html_block(html: &str) -> Option<Block> {
    let trimmed = html.trim();
    let comment = trimmed.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")).map(str::trim);
    if let Some(name) = comment.and_then(|comment| comment.strip_prefix("layout:")) {
        let layout = match name.trim() {
            "title" => Layout::Title,
            "section" => Layout::Section,
            "closing" => Layout::Closing,
            _ => Layout::Content,
        };
        return Some(Block::Layout(layout));
    }
    (!trimmed.is_empty()).then(|| Block::Paragraph(vec![Inline::Text(trimmed.replace('\n', " "))]))
}

/// The info string as written: CommonMark's own reading of it would drop the backslashes of a quoted value.
fn raw_info(text: &str, at: usize) -> &str {
    let line = text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or("");
    line.trim_start().trim_start_matches(['`', '~']).trim()
}

fn raw_text(events: &mut Events<'_>) -> String {
    let mut out = String::new();
    for (event, _) in events.by_ref() {
        match event {
            Event::End(_) => break,
            Event::Text(text) | Event::Html(text) => out.push_str(&text),
            _ => {}
        }
    }
    out
}

fn table(events: &mut Events<'_>, alignments: &[Alignment]) -> Table {
    let columns: Vec<Align> = alignments
        .iter()
        .map(|alignment| match alignment {
            Alignment::Center => Align::Center,
            Alignment::Right => Align::Right,
            Alignment::None | Alignment::Left => Align::Left,
        })
        .collect();
    let mut rows: Vec<Vec<Vec<Inline>>> = Vec::new();
    let mut row = Vec::new();
    while let Some((event, _)) = events.next() {
        match event {
            Event::Start(Tag::TableCell) => row.push(inlines(events)),
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                let mut cells = std::mem::take(&mut row);
                cells.resize(columns.len(), Vec::new());
                rows.push(cells);
            }
            Event::End(TagEnd::Table) => break,
            _ => {}
        }
    }
    let head = if rows.is_empty() { vec![Vec::new(); columns.len()] } else { rows.remove(0) };
    Table { columns, head, rows }
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Text(_)
        | Event::Code(_)
        | Event::InlineHtml(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::TaskListMarker(_) => true,
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        ),
        _ => false,
    }
}

/// Reads inline events up to the end of their container (consumed), or to the next block (left in place).
fn inlines(events: &mut Events<'_>) -> Vec<Inline> {
    let mut stack: Vec<(Wrap, Vec<Inline>)> = vec![(Wrap::Root, Vec::new())];
    while let Some((event, _)) = events.peek() {
        let inner_end = matches!(
            event,
            Event::End(
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
            )
        );
        if let Event::End(end) = event
            && !inner_end
        {
            if matches!(end, TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableCell) {
                events.next();
            }
            break;
        }
        if !inner_end && !is_inline(event) {
            break;
        }
        let Some((event, _)) = events.next() else {
            break;
        };
        match event {
            // Deeper styling says nothing more, and would recurse deeper than a stack allows.
            Event::Start(_) if stack.len() > MAX_DEPTH => stack.push((Wrap::Root, Vec::new())),
            Event::Start(Tag::Emphasis) => stack.push((Wrap::Emphasis, Vec::new())),
            Event::Start(Tag::Strong) => stack.push((Wrap::Strong, Vec::new())),
            Event::Start(Tag::Strikethrough) => stack.push((Wrap::Strike, Vec::new())),
            Event::Start(Tag::Link { dest_url, .. }) => {
                stack.push((Wrap::Link(dest_url.into_string()), Vec::new()))
            }
            Event::Start(Tag::Image { .. }) => stack.push((Wrap::Root, Vec::new())),
            Event::End(_) => close(&mut stack),
            Event::Text(text) | Event::InlineHtml(text) => push_text(&mut stack, &text),
            Event::SoftBreak => push_text(&mut stack, " "),
            Event::HardBreak => push(&mut stack, Inline::Break),
            Event::Code(text) => push(&mut stack, Inline::Code(text.into_string())),
            _ => {}
        }
    }
    while stack.len() > 1 {
        close(&mut stack);
    }
    stack.pop().map(|(_, inlines)| inlines).unwrap_or_default()
}

enum Wrap {
    Root,
    Emphasis,
    Strong,
    Strike,
    Link(String),
}

fn push(stack: &mut [(Wrap, Vec<Inline>)], inline: Inline) {
    if let Some((_, list)) = stack.last_mut() {
        list.push(inline);
    }
}

fn push_text(stack: &mut [(Wrap, Vec<Inline>)], text: &str) {
    let text = crate::text::clean(text);
    if let Some((_, list)) = stack.last_mut() {
        if let Some(Inline::Text(last)) = list.last_mut() {
            last.push_str(&text);
        } else {
            list.push(Inline::Text(text.into_owned()));
        }
    }
}

fn close(stack: &mut Vec<(Wrap, Vec<Inline>)>) {
    if stack.len() < 2 {
        return;
    }
    let Some((wrap, inner)) = stack.pop() else {
        return;
    };
    let inline = match wrap {
        Wrap::Emphasis => Inline::Emphasis(inner),
        Wrap::Strong => Inline::Strong(inner),
        Wrap::Strike => Inline::Strike(inner),
        Wrap::Link(href) => match safe_href(&href) {
            Some(href) => Inline::Link { href, text: inner },
            None => return inner.into_iter().for_each(|inline| push(stack, inline)),
        },
        Wrap::Root => return inner.into_iter().for_each(|inline| push(stack, inline)),
    };
    push(stack, inline);
}
