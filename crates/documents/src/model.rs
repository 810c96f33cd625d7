//! The document model every renderer reads: a head, blocks, and inline text.
//!
//! All strings in a parsed document are already clean (see [`crate::text::clean`]): no control
//! characters, no bidirectional overrides. They are data, never markup of any output.

use jiff::civil::Date;

use crate::directive::{Agenda, Cards, Facts, Form, Gantt, Phases, PowerGrid, Raci, Timeline, Tone};

/// A whole document: what it is, and its blocks in reading order.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Title, kind, cover facts and everything else from the front matter.
    pub head: Head,
    /// The content in reading order.
    pub blocks: Vec<Block>,
}

/// Whether the document is read as pages or shown as slides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A4 portrait pages.
    #[default]
    Document,
    /// 16:9 slides.
    Deck,
}

/// The front matter of a document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Head {
    /// Pages or slides.
    pub kind: Kind,
    /// The title; empty only when the document has neither front matter nor a heading.
    pub title: String,
    /// A line below the title.
    pub subtitle: Option<String>,
    /// A small line above the title.
    pub eyebrow: Option<String>,
    /// The running footer; the vendor's name when absent.
    pub footer: Option<String>,
    /// The confidentiality marking shown in the footer.
    pub confidential: Option<String>,
    /// BCP 47 language tag, `en` unless stated.
    pub lang: String,
    /// The date written into files that carry one; no date when absent.
    pub date: Option<Date>,
    /// E-mail subject, when it differs from the title.
    pub subject: Option<String>,
    /// E-mail preview line.
    pub preheader: Option<String>,
    /// Whether pages begin with a list of their sections.
    pub contents: bool,
    /// Label and value pairs of the cover block.
    pub meta: Vec<(String, String)>,
}

/// One block of content.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading of level 1–6 with an anchor unique in the document.
    Heading {
        /// 1–6.
        level: u8,
        /// Anchor, unique in the document.
        id: String,
        /// The text.
        text: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A bullet, numbered or task list.
    List(List),
    /// A table.
    Table(Table),
    /// A quotation.
    Quote(Vec<Block>),
    /// Preformatted text.
    Code(String),
    /// A thematic break; in decks the end of a slide.
    Rule,
    /// A forced page break.
    PageBreak,
    /// The layout of the slide it stands on.
    Layout(Layout),
    /// A highlighted box.
    Callout {
        /// Its meaning, shown as colour and word.
        tone: Tone,
        /// Its heading.
        title: Option<String>,
        /// Its content.
        body: Vec<Block>,
    },
    /// Columns side by side with relative widths.
    Columns(Vec<Column>),
    /// Speaker notes.
    Notes(Vec<Block>),
    /// Gantt chart.
    Gantt(Titled<Gantt>),
    /// Chevron strip.
    Phases(Titled<Phases>),
    /// Big-number cards.
    Cards(Titled<Cards>),
    /// Definition grid.
    Facts(Titled<Facts>),
    /// Meeting agenda.
    Agenda(Titled<Agenda>),
    /// Dated points on a line.
    Timeline(Titled<Timeline>),
    /// Power/interest grid.
    PowerGrid(Titled<PowerGrid>),
    /// Responsibility matrix.
    Raci(Titled<Raci>),
    /// Fields to fill in.
    Form(Titled<Form>),
}

/// A directive's data with the caption given in its info string.
#[derive(Debug, Clone, PartialEq)]
pub struct Titled<T> {
    /// Caption and alternative text.
    pub title: Option<String>,
    /// The data.
    pub data: T,
}

/// One column of a `columns` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Relative width, at least 1.
    pub width: u16,
    /// Its content.
    pub body: Vec<Block>,
}

/// How a slide is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// Cover.
    Title,
    /// Divider.
    Section,
    /// Title and content.
    #[default]
    Content,
    /// Last slide.
    Closing,
}

/// A list.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// The first number of a numbered list; `None` for bullets.
    pub start: Option<u64>,
    /// Its items.
    pub items: Vec<Item>,
}

/// A list item.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The state of its checkbox, when it has one.
    pub checked: Option<bool>,
    /// Its content.
    pub body: Vec<Block>,
}

/// Horizontal alignment of a table column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Left, the default.
    #[default]
    Left,
    /// Centred.
    Center,
    /// Right, for numbers.
    Right,
}

/// A table with one header row. Every row has as many cells as `columns`.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Alignment of each column.
    pub columns: Vec<Align>,
    /// The header cells.
    pub head: Vec<Vec<Inline>>,
    /// The body rows.
    pub rows: Vec<Vec<Vec<Inline>>>,
}

/// Inline text.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Strong importance.
    Strong(Vec<Inline>),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Struck through.
    Strike(Vec<Inline>),
    /// Code.
    Code(String),
    /// A link whose scheme was checked.
    Link {
        /// Target: http, https, mailto, tel, an anchor or a relative path.
        href: String,
        /// What is shown.
        text: Vec<Inline>,
    },
    /// A line break.
    Break,
}

/// A run of text with one style, for renderers that have no nesting.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Span<'a> {
    /// The text; a line break is `"\n"`.
    pub text: &'a str,
    /// Strong.
    pub bold: bool,
    /// Emphasised.
    pub italic: bool,
    /// Struck through.
    pub strike: bool,
    /// Code.
    pub code: bool,
    /// Link target.
    pub href: Option<&'a str>,
}

/// Flattens nested inlines to runs in reading order.
pub fn spans(inlines: &[Inline]) -> Vec<Span<'_>> {
    let mut out = Vec::new();
    flatten(inlines, &Span::default(), &mut out);
    out
}

fn flatten<'a>(inlines: &'a [Inline], style: &Span<'a>, out: &mut Vec<Span<'a>>) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => out.push(Span { text, ..style.clone() }),
            Inline::Code(text) => out.push(Span { text, code: true, ..style.clone() }),
            Inline::Break => out.push(Span { text: "\n", ..style.clone() }),
            Inline::Strong(inner) => flatten(inner, &Span { bold: true, ..style.clone() }, out),
            Inline::Emphasis(inner) => flatten(inner, &Span { italic: true, ..style.clone() }, out),
            Inline::Strike(inner) => flatten(inner, &Span { strike: true, ..style.clone() }, out),
            Inline::Link { href, text } => {
                flatten(text, &Span { href: Some(href), ..style.clone() }, out);
            }
        }
    }
}

/// The text of inlines without any style; line breaks become spaces.
pub fn plain(inlines: &[Inline]) -> String {
    spans(inlines).iter().map(|span| if span.text == "\n" { " " } else { span.text }).collect()
}

impl Document {
    /// The subject of the document as an e-mail.
    pub fn subject(&self) -> &str {
        self.head.subject.as_deref().unwrap_or(&self.head.title)
    }
}

/// A text of at most so many bytes takes a few lines.
const FEW_LINES: usize = 400;

/// Whether a paragraph announces what follows it: by its colon, as the question a list answers, or as a few lines
/// before something drawn or ruled.
pub(crate) fn announces(text: &str, next: Option<&Block>) -> bool {
    let figure = matches!(
        next,
        Some(
            Block::Table(_)
                | Block::Gantt(_)
                | Block::Phases(_)
                | Block::Timeline(_)
                | Block::PowerGrid(_)
                | Block::Cards(_)
                | Block::Facts(_)
                | Block::Agenda(_)
                | Block::Raci(_)
        )
    );
    let question = text.ends_with('?') && matches!(next, Some(Block::List(_)));
    text.ends_with(':') || question || (figure && text.len() <= FEW_LINES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_announces_a_table_stays_with_it() {
        let table = Block::Table(Table { columns: Vec::new(), head: Vec::new(), rows: Vec::new() });
        assert!(announces("Goals, roles and rhythm are agreed.", Some(&table)));
        assert!(announces("You receive:", None));
        assert!(!announces("Goals, roles and rhythm are agreed.", None));
        assert!(!announces(&"long ".repeat(200), Some(&table)));
        let answers = Block::List(List { start: None, items: Vec::new() });
        assert!(announces("What hurts, and for whom?", Some(&answers)));
        assert!(!announces("What hurts, and for whom?", None));
    }
}
