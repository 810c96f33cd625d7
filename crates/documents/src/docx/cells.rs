//! Cells of tables, and the paragraphs in them.

use std::fmt::Write;

use crate::brand::{Rgb, SLATE};
use crate::model::Align;
use crate::text::xml;

/// A cell of a table.
pub(super) struct Cell {
    /// Its paragraphs.
    pub(super) body: String,
    /// Its background.
    pub(super) fill: Option<Rgb>,
    /// The bar of a Gantt chart that runs through it.
    pub(super) bar: Option<Rgb>,
    /// How many columns it reaches over.
    pub(super) span: usize,
}

impl Cell {
    /// A cell of one column, without background.
    pub(super) fn new(body: String) -> Self {
        Cell { body, fill: None, bar: None, span: 1 }
    }
}

/// The row with empty cells at its end, up to a count.
pub(super) fn pad(mut cells: Vec<Cell>, count: usize) -> Vec<Cell> {
    while cells.len() < count {
        cells.push(Cell::new("<w:p/>".to_owned()));
    }
    cells
}

/// The alignment in the words of WordprocessingML.
pub(super) fn jc(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}

/// A paragraph in a style.
pub(super) fn text_para(style: &str, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        xml(text)
    )
}

/// A paragraph of a cell.
pub(super) fn cell_para(text: &str, color: Rgb, bold: bool, align: Align) -> String {
    let bold = if bold { "<w:b/>" } else { "" };
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/><w:jc w:val=\"{}\"/></w:pPr><w:r><w:rPr>{bold}<w:color w:val=\"{}\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        jc(align),
        color.hex(),
        xml(text)
    )
}

/// A small paragraph of a dense table.
pub(super) fn tiny(text: &str, color: Rgb, bold: bool) -> String {
    let bold = if bold { "<w:b/>" } else { "" };
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/><w:spacing w:before=\"10\" w:after=\"10\"/></w:pPr><w:r><w:rPr>{bold}<w:color w:val=\"{}\"/><w:sz w:val=\"14\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        color.hex(),
        xml(text)
    )
}

/// A small label that may run over its empty neighbours.
pub(super) fn tiny_nowrap(text: &str) -> String {
    // A negative right indent lets a week's label run over its empty neighbours.
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/><w:spacing w:before=\"10\" w:after=\"10\"/><w:ind w:left=\"-80\" w:right=\"-700\"/></w:pPr><w:r><w:rPr><w:color w:val=\"{}\"/><w:sz w:val=\"11\"/></w:rPr><w:t>{}</w:t></w:r></w:p>",
        SLATE.hex(),
        xml(&text.replace(' ', "\u{a0}"))
    )
}

/// A small sign in the middle of its cell.
pub(super) fn tiny_mark(text: &str, color: Rgb) -> String {
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/><w:spacing w:before=\"10\" w:after=\"10\"/><w:ind w:left=\"-90\" w:right=\"-90\"/><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr><w:color w:val=\"{}\"/><w:sz w:val=\"16\"/></w:rPr><w:t>{text}</w:t></w:r></w:p>",
        color.hex()
    )
}

/// Paragraphs each of which stays on one page with the next.
pub(super) fn stays(xml: &str) -> String {
    let mut parts = xml.split("<w:pPr>");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // The style of a paragraph comes before everything else.
        let style = if part.starts_with("<w:pStyle ") { part.find("/>").map_or(0, |at| at + 2) } else { 0 };
        let (style, rest) = part.split_at(style);
        let keep = if rest.starts_with("<w:keepNext/>") { "" } else { "<w:keepNext/>" };
        let _ = write!(out, "<w:pPr>{style}{keep}{rest}");
    }
    out
}
