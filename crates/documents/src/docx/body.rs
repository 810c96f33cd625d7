//! Blocks as WordprocessingML.

use std::fmt::Write;

use super::cells::{Cell, cell_para, jc, pad, stays, text_para};
use crate::brand::{Brand, INK, SLATE};
use crate::columns::widths;
use crate::model::{Align, Block, Document, Inline, List, Table, announces, plain, spans};
use crate::text::{day, xml};

/// Text width in twentieths of a point: A4 less the margins.
const WIDTH: f64 = 9626.0;

/// The deepest heading listed in a table of contents.
const CONTENTS: u8 = 2;
/// The longest table without a header row, or chart, that is kept on one page, rows.
const KEPT: usize = 16;
/// The longest table that is kept on one page although its header row can be repeated, rows with the header.
const KEPT_WITH_HEADER: usize = 5;
/// The longest list that is kept on one page, items.
const KEPT_ITEMS: usize = 6;
/// The paragraph below a table, which keeps it apart from what follows.
const GAP: &str = "<w:p><w:pPr><w:spacing w:after=\"40\" w:line=\"160\" w:lineRule=\"exact\"/></w:pPr></w:p>";
/// The same where nothing follows: too low to need a page of its own.
const END: &str = "<w:p><w:pPr><w:spacing w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/></w:pPr></w:p>";
/// How a paragraph of a cell names its style.
const CELL_STYLE: &str = "<w:pStyle w:val=\"Cell\"/>";

/// A heading's bookmark: letters, digits and underscores, 40 at most.
fn bookmark(id: &str) -> String {
    let plain = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
    format!("_Toc_{}", plain.take(34).collect::<String>())
}

/// Writes one document's body.
pub(super) struct Writer<'a> {
    /// The look.
    pub(super) brand: &'a Brand,
    /// What was written.
    pub(super) out: String,
    links: Vec<String>,
    /// The start of each list's numbering; `None` for bullets.
    lists: Vec<Option<u64>>,
    /// Whether headings carry bookmarks for the table of contents.
    marked: bool,
    /// Bookmarks so far.
    marks: usize,
    /// Room for the text, twentieths of a point.
    pub(super) width: f64,
}

impl<'a> Writer<'a> {
    /// An empty body.
    pub(super) fn new(brand: &'a Brand) -> Self {
        Writer {
            brand,
            out: String::new(),
            links: Vec::new(),
            lists: vec![None],
            marked: false,
            marks: 0,
            width: WIDTH,
        }
    }

    /// The body, the link targets and the lists.
    pub(super) fn finish(self) -> (String, Vec<String>, Vec<Option<u64>>) {
        let body = match self.out.strip_suffix(GAP) {
            Some(body) => format!("{body}{END}"),
            None => self.out,
        };
        (body, self.links, self.lists)
    }

    /// The block at the top of the first page.
    pub(super) fn cover(&mut self, document: &Document) {
        let head = &document.head;
        for (style, text) in [
            ("Eyebrow", head.eyebrow.as_deref()),
            ("Title", Some(head.title.as_str()).filter(|title| !title.is_empty())),
            ("Subtitle", head.subtitle.as_deref()),
        ] {
            if let Some(text) = text {
                let xml = text_para(style, text);
                self.out.push_str(&xml);
            }
        }
        let pairs: Vec<(String, String)> = head.meta.clone();
        self.pairs(&pairs, 3);
    }

    /// The sections as a table of contents of linked headings, in two columns. Pages are known only to whoever
    /// lays the file out, so the field is written without them.
    pub(super) fn contents(&mut self, blocks: &[Block]) {
        let sections: Vec<(&str, String)> = blocks
            .iter()
            .filter_map(|block| match block {
                Block::Heading { level: ..=CONTENTS, id, text } => Some((id.as_str(), plain(text))),
                _ => None,
            })
            .collect();
        if sections.is_empty() {
            return;
        }
        self.caption(Some("Contents"));
        let link = |(id, text): &(&str, String)| {
            format!(
                "<w:hyperlink w:anchor=\"{}\"><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:hyperlink>",
                bookmark(id),
                xml(text)
            )
        };
        let begin = format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> TOC \\o \"1-{CONTENTS}\" \\n \\h </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>"
        );
        // Read down the left column first.
        let (left, right) = sections.split_at(sections.len().div_ceil(2));
        for (n, first) in left.iter().enumerate() {
            let second =
                right.get(n).map_or(String::new(), |section| format!("<w:r><w:tab/></w:r>{}", link(section)));
            let _ = write!(
                self.out,
                "<w:p><w:pPr><w:pStyle w:val=\"Contents\"/><w:tabs><w:tab w:val=\"left\" w:pos=\"{}\"/></w:tabs></w:pPr>{}{}{second}{}</w:p>",
                (self.width / 2.0).round(),
                if n == 0 { begin.as_str() } else { "" },
                link(first),
                if n + 1 == left.len() { "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>" } else { "" },
            );
        }
        self.marked = true;
    }

    /// Writes blocks in order.
    pub(super) fn blocks(&mut self, blocks: &[Block]) {
        let next = blocks.iter().skip(1).map(Some).chain([None]);
        for (block, next) in blocks.iter().zip(next) {
            self.block(block, next);
        }
    }

    fn block(&mut self, block: &Block, next: Option<&Block>) {
        match block {
            Block::Heading { level, id, text } => {
                let runs = self.runs(text, "");
                let (from, to) = if self.marked && *level <= CONTENTS { self.mark(id) } else { <_>::default() };
                let _ = write!(self.out, "<w:p><w:pPr><w:pStyle w:val=\"Heading{}\"/></w:pPr>{from}{runs}{to}</w:p>", (*level).clamp(1, 6));
            }
            Block::Paragraph(text) => {
                let runs = self.runs(text, "");
                // What announces a list or table stays with it.
                let keep = if announces(&plain(text), next) { "<w:pPr><w:keepNext/></w:pPr>" } else { "" };
                let _ = write!(self.out, "<w:p>{keep}{runs}</w:p>");
            }
            Block::List(list) => self.list(list, 0),
            Block::Table(table) => self.table(table),
            Block::Quote(body) => {
                let from = self.out.len();
                self.blocks(body);
                // Plain paragraphs of the quotation take its style.
                let inner = self.out.split_off(from).replace("<w:p><w:r>", "<w:p><w:pPr><w:pStyle w:val=\"Quote\"/></w:pPr><w:r>");
                self.out.push_str(&inner);
            }
            Block::Code(text) => text.split('\n').for_each(|line| self.out.push_str(&text_para("Code", line))),
            Block::Rule => self.out.push_str("<w:p><w:pPr><w:pBdr><w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"1\" w:color=\"D5DAE1\"/></w:pBdr></w:pPr></w:p>"),
            Block::PageBreak => self.out.push_str("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>"),
            Block::Layout(_) | Block::Notes(_) => {}
            Block::Callout { tone, title, body } => self.callout(*tone, title.as_deref(), body),
            Block::Columns(columns) => {
                let total: f64 = columns.iter().map(|column| f64::from(column.width)).sum();
                let cols: Vec<f64> = columns.iter().map(|column| self.width * f64::from(column.width) / total.max(1.0)).collect();
                let cells = columns.iter().zip(&cols).map(|(column, w)| Cell::new(self.nested(&column.body, *w))).collect();
                self.grid(&cols, vec![cells], false, false);
            }
            Block::Gantt(chart) => {
                self.caption(chart.title.as_deref());
                self.gantt(&chart.data);
            }
            Block::Phases(phases) => {
                self.caption(phases.title.as_deref());
                self.phases(&phases.data);
            }
            Block::Cards(cards) => {
                self.caption(cards.title.as_deref());
                self.cards(&cards.data);
            }
            Block::Facts(facts) => {
                let from = self.out.len();
                self.caption(facts.title.as_deref());
                let pairs: Vec<(String, String)> = facts.data.iter().map(|fact| (fact.label.clone(), fact.value.clone())).collect();
                self.pairs(&pairs, 2);
                // A form is filled in beside what it is about.
                if matches!(next, Some(Block::Form(_))) {
                    let told = self.out.split_off(from);
                    self.out.push_str(&stays(&told));
                }
            }
            Block::Agenda(agenda) => {
                self.caption(agenda.title.as_deref());
                self.agenda(&agenda.data);
            }
            Block::Timeline(points) => {
                self.caption(points.title.as_deref());
                let mut sorted: Vec<_> = points.data.iter().collect();
                sorted.sort_by_key(|point| point.date);
                let rows: Vec<Vec<String>> = sorted.iter().map(|point| vec![day(point.date), point.label.clone(), point.kind.label().to_owned()]).collect();
                self.simple(&["Date", "What", "Kind"], &rows);
            }
            Block::PowerGrid(people) => {
                self.caption(people.title.as_deref());
                self.power_grid(&people.data);
            }
            Block::Raci(matrix) => {
                self.caption(matrix.title.as_deref());
                self.raci(&matrix.data);
            }
            Block::Form(form) => {
                self.caption(form.title.as_deref());
                self.form(&form.data);
            }
        }
    }

    /// The beginning and the end of a bookmark.
    fn mark(&mut self, id: &str) -> (String, String) {
        self.marks += 1;
        let n = self.marks;
        (
            format!("<w:bookmarkStart w:id=\"{n}\" w:name=\"{}\"/>", bookmark(id)),
            format!("<w:bookmarkEnd w:id=\"{n}\"/>"),
        )
    }

    fn caption(&mut self, title: Option<&str>) {
        if let Some(title) = title {
            let xml = text_para("Caption", title);
            self.out.push_str(&xml);
        }
    }

    /// Blocks for a cell: same links and lists, narrower. A cell always ends with a paragraph.
    pub(super) fn nested(&mut self, blocks: &[Block], width: f64) -> String {
        let outer = std::mem::take(&mut self.out);
        let full = std::mem::replace(&mut self.width, (width - 180.0).max(600.0));
        self.blocks(blocks);
        self.width = full;
        let mut inner = std::mem::replace(&mut self.out, outer);
        if !inner.ends_with("</w:p>") {
            inner.push_str("<w:p/>");
        }
        inner
    }

    fn list(&mut self, list: &List, level: usize) {
        let number = match list.start {
            None => 1,
            Some(start) => {
                self.lists.push(Some(start));
                self.lists.len()
            }
        };
        let depth = level.min(8);
        let last = list.items.len().saturating_sub(1);
        // Within a cell, what stays with the next paragraph would keep whole rows together.
        let kept = level == 0 && last < KEPT_ITEMS && self.width > WIDTH - 1.0;
        for (at, item) in list.items.iter().enumerate() {
            let from = self.out.len();
            // What follows the list stands apart from it.
            let after = if level == 0 && at == last { 110 } else { 60 };
            for (n, block) in item.body.iter().enumerate() {
                match (n, block) {
                    (0, Block::Paragraph(text)) => {
                        let runs = self.runs(text, "");
                        let _ = match item.checked {
                            Some(done) => {
                                let indent = 360 + depth * 320;
                                write!(
                                    self.out,
                                    "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\" w:pos=\"{indent}\"/></w:tabs><w:spacing w:after=\"{after}\"/><w:ind w:left=\"{indent}\" w:hanging=\"320\"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii=\"Segoe UI Symbol\" w:hAnsi=\"Segoe UI Symbol\" w:eastAsia=\"Segoe UI Symbol\"/></w:rPr><w:t>{}</w:t></w:r><w:r><w:tab/></w:r>{runs}</w:p>",
                                    if done { "☑" } else { "☐" }
                                )
                            }
                            None => write!(
                                self.out,
                                "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{depth}\"/><w:numId w:val=\"{number}\"/></w:numPr><w:spacing w:after=\"{after}\"/></w:pPr>{runs}</w:p>"
                            ),
                        };
                    }
                    (_, Block::List(inner)) => self.list(inner, level + 1),
                    (_, other) => self.block(other, None),
                }
            }
            if kept && at < last {
                let written = self.out.split_off(from);
                self.out.push_str(&stays(&written));
            }
        }
    }

    fn table(&mut self, table: &Table) {
        let texts: Vec<Vec<String>> = std::iter::once(&table.head)
            .chain(&table.rows)
            .map(|row| row.iter().map(|cell| plain(cell)).collect())
            .collect();
        let cols = widths(self.width, 8.5 * 20.0, 200.0, table.columns.len(), &texts);
        let header = table.head.iter().any(|cell| !cell.is_empty());
        let mut rows = Vec::new();
        for (n, row) in std::iter::once(&table.head).chain(&table.rows).enumerate() {
            if n == 0 && !header {
                continue;
            }
            let style =
                if n == 0 { format!("<w:b/><w:color w:val=\"{}\"/>", SLATE.hex()) } else { String::new() };
            let cells = row
                .iter()
                .zip(&table.columns)
                .map(|(cell, align)| {
                    let runs = self.runs(cell, &style);
                    Cell::new(format!(
                        "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/><w:jc w:val=\"{}\"/></w:pPr>{runs}</w:p>",
                        jc(*align)
                    ))
                })
                .collect();
            rows.push(cells);
        }
        self.grid(&cols, rows, header, true);
    }

    fn simple(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let mut texts: Vec<Vec<String>> = vec![head.iter().map(|cell| (*cell).to_owned()).collect()];
        texts.extend(rows.iter().cloned());
        let cols = widths(self.width, 8.5 * 20.0, 200.0, head.len(), &texts);
        let cells = texts
            .iter()
            .enumerate()
            .map(|(n, row)| {
                row.iter()
                    .map(|cell| {
                        Cell::new(cell_para(cell, if n == 0 { SLATE } else { INK }, n == 0, Align::Left))
                    })
                    .collect()
            })
            .collect();
        self.grid(&cols, cells, true, true);
    }

    fn pairs(&mut self, pairs: &[(String, String)], per_row: usize) {
        if pairs.is_empty() {
            return;
        }
        let cols = vec![self.width / per_row as f64; per_row];
        let rows = pairs
            .chunks(per_row)
            .map(|chunk| {
                pad(
                    chunk
                        .iter()
                        .map(|(label, value)| {
                            Cell::new(
                                cell_para(label, SLATE, false, Align::Left)
                                    + &cell_para(value, INK, true, Align::Left),
                            )
                        })
                        .collect(),
                    per_row,
                )
            })
            .collect();
        self.grid(&cols, rows, false, true);
    }

    /// A table. `header`: the first row repeats on every page. `lines`: hairlines between rows.
    pub(super) fn grid(&mut self, cols: &[f64], rows: Vec<Vec<Cell>>, header: bool, lines: bool) {
        let style = if lines { "<w:tblStyle w:val=\"Brand\"/>" } else { "" };
        let first = u8::from(header);
        let total: f64 = cols.iter().sum();
        let _ = write!(
            self.out,
            "<w:tbl><w:tblPr>{style}<w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"06{}0\" w:firstRow=\"{first}\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/></w:tblPr><w:tblGrid>",
            total.round(),
            if header { 2 } else { 0 }
        );
        for w in cols {
            let _ = write!(self.out, "<w:gridCol w:w=\"{}\"/>", w.round());
        }
        self.out.push_str("</w:tblGrid>");
        let last = rows.len().saturating_sub(1);
        // A short table is not cut: each row asks to stay with the next one. Of a longer one with a header
        // no single row stands alone, neither below the header nor on top of a page.
        let drawn = rows.iter().flatten().any(|cell| cell.bar.is_some());
        let kept = rows.len() <= if header && !drawn { KEPT_WITH_HEADER } else { KEPT };
        let stays = |n: usize| n < last && (kept || (header && (n < 2 || n + 1 == last)));
        for (n, row) in rows.into_iter().enumerate() {
            let head = if header && n == 0 { "<w:tblHeader/>" } else { "" };
            let _ = write!(self.out, "<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>");
            let mut free = cols.iter();
            for cell in row {
                let Some(first) = free.next() else { break };
                let w = first + free.by_ref().take(cell.span.saturating_sub(1)).sum::<f64>();
                let span = if cell.span > 1 {
                    format!("<w:gridSpan w:val=\"{}\"/>", cell.span)
                } else {
                    String::new()
                };
                let fill = cell.bar.or(cell.fill).map_or(String::new(), |fill| {
                    format!("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{}\"/>", fill.hex())
                });
                let border = if header && n == 0 && lines {
                    format!(
                        "<w:tcBorders><w:bottom w:val=\"single\" w:sz=\"10\" w:color=\"{}\"/></w:tcBorders>",
                        self.brand.accent.hex()
                    )
                } else if cell.bar.is_some() {
                    // White lines above and below make a bar of the shaded cells.
                    "<w:tcBorders><w:top w:val=\"single\" w:sz=\"24\" w:color=\"FFFFFF\"/><w:bottom w:val=\"single\" w:sz=\"24\" w:color=\"FFFFFF\"/></w:tcBorders>".to_owned()
                } else {
                    String::new()
                };
                let body = if stays(n) {
                    cell.body.replace(CELL_STYLE, &format!("{CELL_STYLE}<w:keepNext/>"))
                } else {
                    cell.body
                };
                let _ = write!(
                    self.out,
                    "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>{span}{border}{fill}</w:tcPr>{body}</w:tc>",
                    w.round(),
                );
            }
            self.out.push_str("</w:tr>");
        }
        self.out.push_str("</w:tbl>");
        self.out.push_str(GAP);
    }

    fn runs(&mut self, inlines: &[Inline], style: &str) -> String {
        let mut out = String::new();
        for span in spans(inlines) {
            if span.text == "\n" {
                out.push_str("<w:r><w:br/></w:r>");
                continue;
            }
            let link = span.href.filter(|href| href.contains(':') && !href.starts_with('#'));
            let mut rpr = String::new();
            if link.is_some() {
                rpr.push_str("<w:rStyle w:val=\"Hyperlink\"/>");
            }
            if span.code {
                rpr.push_str(
                    "<w:rFonts w:ascii=\"Courier New\" w:hAnsi=\"Courier New\" w:cs=\"Courier New\"/>",
                );
            }
            if span.bold && !style.contains("<w:b/>") {
                rpr.push_str("<w:b/>");
            }
            if span.italic {
                rpr.push_str("<w:i/>");
            }
            if span.strike {
                rpr.push_str("<w:strike/>");
            }
            rpr.push_str(style);
            let run = format!(
                "<w:r>{}<w:t xml:space=\"preserve\">{}</w:t></w:r>",
                if rpr.is_empty() { String::new() } else { format!("<w:rPr>{rpr}</w:rPr>") },
                xml(span.text)
            );
            match link {
                None => out.push_str(&run),
                Some(href) => {
                    self.links.push(href.to_owned());
                    let _ =
                        write!(out, "<w:hyperlink r:id=\"rId{}\">{run}</w:hyperlink>", self.links.len() + 9);
                }
            }
        }
        out
    }
}
