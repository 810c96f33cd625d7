//! Blocks as WordprocessingML.

use std::fmt::Write;

use crate::brand::{Brand, INK, PAPER, Rgb, SLATE};
use crate::columns::widths;
use crate::directive::{FieldKind, Form, Gantt, PlanKind, Quadrant, Raci, Tone};
use crate::draw::gantt::color;
use crate::html::{RACI_LEGEND, raci_tone};
use crate::model::{Align, Block, Document, Inline, List, Table, plain, spans};
use crate::text::{day, day_month, span, xml};

/// Text width in twentieths of a point: A4 less the margins.
const WIDTH: f64 = 9626.0;
/// Weeks in one Gantt table before weeks are merged.
const WEEKS: i32 = 26;

/// Writes one document's body.
pub(super) struct Writer<'a> {
    brand: &'a Brand,
    out: String,
    links: Vec<String>,
    /// The start of each list's numbering; `None` for bullets.
    lists: Vec<Option<u64>>,
    width: f64,
}

struct Cell {
    body: String,
    fill: Option<Rgb>,
    bar: Option<Rgb>,
}

impl Cell {
    fn new(body: String) -> Self {
        Cell { body, fill: None, bar: None }
    }
}

impl<'a> Writer<'a> {
    /// An empty body.
    pub(super) fn new(brand: &'a Brand) -> Self {
        Writer { brand, out: String::new(), links: Vec::new(), lists: vec![None], width: WIDTH }
    }

    /// The body, the link targets and the lists.
    pub(super) fn finish(self) -> (String, Vec<String>, Vec<Option<u64>>) {
        (self.out, self.links, self.lists)
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

    /// Writes blocks in order.
    pub(super) fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text, .. } => {
                let runs = self.runs(text, "");
                let _ = write!(self.out, "<w:p><w:pPr><w:pStyle w:val=\"Heading{}\"/></w:pPr>{runs}</w:p>", (*level).clamp(1, 6));
            }
            Block::Paragraph(text) => {
                let runs = self.runs(text, "");
                // What announces a list or table stays with it.
                let keep = if plain(text).ends_with(':') { "<w:pPr><w:keepNext/></w:pPr>" } else { "" };
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
                let brand = self.brand;
                let per_row = phases.data.len().clamp(1, 6);
                let cols = vec![self.width / per_row as f64; per_row];
                for chunk in phases.data.chunks(per_row) {
                    let cells = chunk.iter().map(|phase| {
                        let (fill, ink) = if phase.tone == Tone::Neutral { (PAPER.mix(brand.accent, 0.10), INK) } else { (brand.strong(phase.tone), Rgb::WHITE) };
                        let mut body = cell_para(&phase.label, ink, true, Align::Center);
                        body.push_str(&phase.window.as_deref().map_or(String::new(), |window| cell_para(window, ink, false, Align::Center)));
                        Cell { fill: Some(fill), ..Cell::new(body) }
                    });
                    let details = chunk.iter().map(|phase| {
                        let mut body = phase.dates.as_deref().map_or(String::new(), |dates| cell_para(dates, INK, false, Align::Center));
                        if phase.detail.is_some() || phase.dates.is_none() {
                            body.push_str(&cell_para(phase.detail.as_deref().unwrap_or(""), SLATE, false, Align::Left));
                        }
                        Cell::new(body)
                    });
                    let rows = vec![pad(cells.collect(), per_row), pad(details.collect(), per_row)];
                    self.grid(&cols, rows, false, false);
                }
            }
            Block::Cards(cards) => {
                self.caption(cards.title.as_deref());
                let brand = self.brand;
                let per_row = cards.data.len().clamp(1, 4);
                let cols = vec![self.width / per_row as f64; per_row];
                for chunk in cards.data.chunks(per_row) {
                    let cells = chunk.iter().map(|card| {
                        let color = if card.tone == Tone::Neutral { INK } else { brand.strong(card.tone) };
                        let mut body = cell_para(&card.label, SLATE, false, Align::Left);
                        let _ = write!(body, "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/></w:pPr><w:r><w:rPr><w:b/><w:color w:val=\"{}\"/><w:sz w:val=\"32\"/></w:rPr><w:t>{}</w:t></w:r></w:p>", color.hex(), xml(&card.value));
                        body.push_str(&card.note.as_deref().map_or(String::new(), |note| cell_para(note, SLATE, false, Align::Left)));
                        Cell { fill: Some(PAPER), ..Cell::new(body) }
                    });
                    let row = pad(cells.collect(), per_row);
                    self.grid(&cols, vec![row], false, false);
                }
            }
            Block::Facts(facts) => {
                self.caption(facts.title.as_deref());
                let pairs: Vec<(String, String)> = facts.data.iter().map(|fact| (fact.label.clone(), fact.value.clone())).collect();
                self.pairs(&pairs, 2);
            }
            Block::Agenda(agenda) => {
                self.caption(agenda.title.as_deref());
                let rows = agenda
                    .data
                    .timed()
                    .into_iter()
                    .map(|(at, item)| {
                        let mut body = cell_para(&item.title, INK, true, Align::Left);
                        body.push_str(&item.purpose.as_deref().map_or(String::new(), |purpose| cell_para(purpose, SLATE, false, Align::Left)));
                        item.points.iter().for_each(|point| body.push_str(&cell_para(&format!("• {point}"), INK, false, Align::Left)));
                        vec![
                            Cell::new(cell_para(&at.unwrap_or_default(), self.brand.accent, true, Align::Left)),
                            Cell::new(body),
                            Cell::new(cell_para(&format!("{} min", item.minutes), SLATE, false, Align::Right)),
                        ]
                    })
                    .collect();
                self.grid(&[self.width * 0.12, self.width * 0.74, self.width * 0.14], rows, false, true);
                let total = text_para("Small", &format!("Total {} minutes", agenda.data.total()));
                self.out.push_str(&total);
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
                let brand = self.brand;
                let cells: Vec<Cell> = Quadrant::ALL
                    .into_iter()
                    .map(|quadrant| {
                        let closely = quadrant == Quadrant::ManageClosely;
                        let mut body = cell_para(quadrant.label(), if closely { brand.accent } else { SLATE }, true, Align::Left);
                        people.data.iter().filter(|p| p.quadrant() == quadrant).for_each(|p| body.push_str(&cell_para(&p.label, INK, false, Align::Left)));
                        Cell { fill: Some(if closely { brand.soft(Tone::Accent) } else { PAPER }), ..Cell::new(body) }
                    })
                    .collect();
                let mut rows = Vec::new();
                let mut cells = cells.into_iter();
                while let (Some(left), Some(right)) = (cells.next(), cells.next()) {
                    rows.push(vec![left, right]);
                }
                self.grid(&[self.width / 2.0, self.width / 2.0], rows, false, true);
                let note = text_para("Small", "Rows: high power above low power. Columns: low interest left, high interest right.");
                self.out.push_str(&note);
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

    fn caption(&mut self, title: Option<&str>) {
        if let Some(title) = title {
            let xml = text_para("Caption", title);
            self.out.push_str(&xml);
        }
    }

    /// Blocks for a cell: same links and lists, narrower. A cell always ends with a paragraph.
    fn nested(&mut self, blocks: &[Block], width: f64) -> String {
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
        for item in &list.items {
            for (n, block) in item.body.iter().enumerate() {
                match (n, block) {
                    (0, Block::Paragraph(text)) => {
                        let runs = self.runs(text, "");
                        let _ = match item.checked {
                            Some(done) => {
                                let indent = 360 + depth * 320;
                                write!(
                                    self.out,
                                    "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\" w:pos=\"{indent}\"/></w:tabs><w:spacing w:after=\"60\"/><w:ind w:left=\"{indent}\" w:hanging=\"320\"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii=\"Segoe UI Symbol\" w:hAnsi=\"Segoe UI Symbol\" w:eastAsia=\"Segoe UI Symbol\"/></w:rPr><w:t>{}</w:t></w:r><w:r><w:tab/></w:r>{runs}</w:p>",
                                    if done { "☑" } else { "☐" }
                                )
                            }
                            None => write!(
                                self.out,
                                "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{depth}\"/><w:numId w:val=\"{number}\"/></w:numPr><w:spacing w:after=\"60\"/></w:pPr>{runs}</w:p>"
                            ),
                        };
                    }
                    (_, Block::List(inner)) => self.list(inner, level + 1),
                    (_, other) => self.block(other),
                }
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

    fn raci(&mut self, matrix: &Raci) {
        let brand = self.brand;
        let each = (self.width * 0.72 / matrix.columns.len().max(1) as f64).min(1500.0);
        // A role's longest word must fit its column, 180 being the cell's margins.
        let fits = |column: &String| {
            column.split_whitespace().all(|word| crate::text::width(word, 8.5 * 20.0, true) < each - 180.0)
        };
        let small = !matrix.columns.iter().all(fits);
        let role = |column: &String| {
            if small {
                tiny(column, SLATE, true).replace("</w:pPr>", "<w:jc w:val=\"center\"/></w:pPr>")
            } else {
                cell_para(column, SLATE, true, Align::Center)
            }
        };
        let mut cols = vec![self.width - each * matrix.columns.len() as f64];
        cols.extend(std::iter::repeat_n(each, matrix.columns.len()));
        let mut rows = vec![
            std::iter::once(Cell::new(cell_para("Activity", SLATE, true, Align::Left)))
                .chain(matrix.columns.iter().map(|column| Cell::new(role(column))))
                .collect::<Vec<_>>(),
        ];
        for row in &matrix.rows {
            let letters = row.cells.iter().map(|cell| {
                let (fill, ink, bold) = match raci_tone(cell) {
                    Some(Tone::Accent) => (Some(brand.accent), Rgb::WHITE, true),
                    Some(Tone::Good) => (Some(brand.accent.mix(Rgb::WHITE, 0.78)), INK, true),
                    _ => (None, SLATE, false),
                };
                Cell { fill, ..Cell::new(cell_para(cell, ink, bold, Align::Center)) }
            });
            rows.push(
                std::iter::once(Cell::new(cell_para(&row.activity, INK, false, Align::Left)))
                    .chain(letters)
                    .collect(),
            );
        }
        self.grid(&cols, rows, true, true);
        let legend = text_para("Small", RACI_LEGEND);
        self.out.push_str(&legend);
    }

    /// A Gantt chart as a table with one shaded cell for each week (or several, in long plans).
    fn gantt(&mut self, chart: &Gantt) {
        let Some((start, end)) = chart.range() else {
            return;
        };
        let start = start
            .checked_sub(jiff::Span::new().days(i64::from(start.weekday().to_monday_zero_offset())))
            .unwrap_or(start);
        let weeks = (end - start).get_days() / 7 + 1;
        let step = (weeks + WEEKS - 1) / WEEKS;
        let count = (weeks + step - 1) / step;
        let label_w = self.width * 0.34;
        let dates_w = self.width * 0.18;
        let each = (self.width - label_w - dates_w) / f64::from(count.max(1));
        let mut cols = vec![label_w, dates_w];
        cols.extend(std::iter::repeat_n(each, usize::try_from(count).unwrap_or(0)));
        let week = |date: jiff::civil::Date| ((date - start).get_days() / 7 / step).clamp(0, count - 1);
        let mut head = vec![Cell::new(tiny("", SLATE, true)), Cell::new(tiny("Dates", SLATE, true))];
        let every = if each < 330.0 { 4 } else { 2 };
        for n in 0..count {
            let label = if n % every == 0 {
                start
                    .checked_add(jiff::Span::new().days(i64::from(n * step) * 7))
                    .map(day_month)
                    .unwrap_or_default()
            } else {
                String::new()
            };
            head.push(Cell::new(tiny_nowrap(&label)));
        }
        let mut rows = vec![head];
        for row in &chart.rows {
            let phase = row.kind == PlanKind::Phase;
            let fill = phase.then_some(PAPER);
            let name = format!("{}{}", "\u{a0}\u{a0}".repeat(usize::from(row.indent)), row.label);
            let dates = if row.kind.is_point() {
                day_month(row.start)
            } else {
                format!("{} – {}", day_month(row.start), day_month(row.finish))
            };
            let mut cells = vec![
                Cell { fill, ..Cell::new(tiny(&name, INK, phase)) },
                Cell { fill, ..Cell::new(tiny(&dates, SLATE, false)) },
            ];
            for n in 0..count {
                let inside = n >= week(row.start) && n <= week(row.finish);
                let tint = color(row, self.brand);
                cells.push(match (inside, row.kind.is_point()) {
                    (true, true) => Cell {
                        fill,
                        ..Cell::new(tiny_mark(if row.kind == PlanKind::Meeting { "●" } else { "◆" }, tint))
                    },
                    (true, false) => Cell { bar: Some(tint), ..Cell::new(tiny("", INK, false)) },
                    (false, _) => Cell { fill, ..Cell::new(tiny("", INK, false)) },
                });
            }
            rows.push(cells);
        }
        self.grid(&cols, rows, true, true);
        let mut notes: Vec<String> =
            chart.marks.iter().map(|mark| format!("{}: {}", mark.label, day(mark.date))).collect();
        notes.insert(
            0,
            format!(
                "{}. Red: critical. Each column is {}.",
                span(start, end),
                if step == 1 { "one week".to_owned() } else { format!("{step} weeks") }
            ),
        );
        let note = text_para("Small", &notes.join(" · "));
        self.out.push_str(&note);
    }

    fn callout(&mut self, tone: Tone, title: Option<&str>, body: &[Block]) {
        let strong = self.brand.strong(tone);
        let mut inner = title.map_or(String::new(), |title| {
            format!("<w:p><w:pPr><w:keepNext/><w:spacing w:before=\"60\" w:after=\"50\"/></w:pPr><w:r><w:rPr><w:b/><w:color w:val=\"{}\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>", strong.hex(), xml(title))
        });
        inner.push_str(&self.nested(body, self.width));
        let _ = write!(
            self.out,
            "<w:tbl><w:tblPr><w:tblW w:w=\"{w}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:top w:w=\"70\" w:type=\"dxa\"/><w:left w:w=\"200\" w:type=\"dxa\"/><w:bottom w:w=\"40\" w:type=\"dxa\"/><w:right w:w=\"160\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w=\"{w}\"/></w:tblGrid><w:tr><w:tc><w:tcPr><w:tcW w:w=\"{w}\" w:type=\"dxa\"/><w:tcBorders><w:left w:val=\"single\" w:sz=\"28\" w:color=\"{}\"/></w:tcBorders><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{}\"/></w:tcPr>{inner}</w:tc></w:tr></w:tbl><w:p><w:pPr><w:spacing w:after=\"60\"/></w:pPr></w:p>",
            strong.hex(),
            self.brand.soft(tone).hex(),
            w = self.width.round()
        );
    }

    fn form(&mut self, form: &Form) {
        let underline = "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"566170\"/><w:between w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"566170\"/></w:pBdr>";
        for field in form {
            let label = format!(
                "<w:p><w:pPr><w:keepNext/><w:spacing w:before=\"160\" w:after=\"40\"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
                xml(&field.label)
            );
            self.out.push_str(&label);
            let ruled = |text: &str| {
                format!(
                    "<w:p><w:pPr>{underline}<w:spacing w:before=\"120\" w:after=\"60\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
                    xml(text)
                )
            };
            match field.kind {
                FieldKind::Line | FieldKind::Date => self.out.push_str(&ruled(&field.value)),
                FieldKind::Lines => (0..field.rows)
                    .for_each(|n| self.out.push_str(&ruled(if n == 0 { &field.value } else { "" }))),
                FieldKind::Box => {
                    let _ = write!(
                        self.out,
                        "<w:tbl><w:tblPr><w:tblW w:w=\"{w}\" w:type=\"dxa\"/><w:tblBorders><w:top w:val=\"single\" w:sz=\"6\" w:color=\"566170\"/><w:left w:val=\"single\" w:sz=\"6\" w:color=\"566170\"/><w:bottom w:val=\"single\" w:sz=\"6\" w:color=\"566170\"/><w:right w:val=\"single\" w:sz=\"6\" w:color=\"566170\"/></w:tblBorders></w:tblPr><w:tblGrid><w:gridCol w:w=\"{w}\"/></w:tblGrid><w:tr><w:trPr><w:trHeight w:val=\"{}\" w:hRule=\"atLeast\"/></w:trPr><w:tc><w:tcPr><w:tcW w:w=\"{w}\" w:type=\"dxa\"/></w:tcPr>{}</w:tc></w:tr></w:tbl>",
                        u32::from(field.rows) * 300,
                        text_para("Cell", &field.value),
                        w = self.width.round()
                    );
                }
                FieldKind::Choice => {
                    let options: Vec<String> = field
                        .options
                        .iter()
                        .map(|option| format!("{} {option}", if option == &field.value { "☑" } else { "☐" }))
                        .collect();
                    let xml = text_para("Normal", &options.join("      "));
                    self.out.push_str(&xml);
                }
                FieldKind::Signature => {
                    let cell = |text: &str| {
                        Cell::new(format!(
                            "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/>{underline}<w:spacing w:before=\"240\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
                            xml(text)
                        ))
                    };
                    let names = ["Name", "Signature", "Date"]
                        .iter()
                        .map(|name| Cell::new(tiny(name, SLATE, false)))
                        .collect();
                    let cols = [self.width * 0.4, self.width * 0.4, self.width * 0.2];
                    self.grid(&cols, vec![vec![cell(&field.value), cell(""), cell("")], names], false, false);
                }
            }
            if !field.hint.is_empty() {
                let hint = text_para("Small", &field.hint);
                self.out.push_str(&hint);
            }
        }
    }

    /// A table. `header`: the first row repeats on every page. `lines`: hairlines between rows.
    fn grid(&mut self, cols: &[f64], rows: Vec<Vec<Cell>>, header: bool, lines: bool) {
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
        for (n, row) in rows.into_iter().enumerate() {
            let head = if header && n == 0 { "<w:tblHeader/>" } else { "" };
            let _ = write!(self.out, "<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>");
            for (cell, w) in row.into_iter().zip(cols) {
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
                let _ = write!(
                    self.out,
                    "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>{border}{fill}</w:tcPr>{}</w:tc>",
                    w.round(),
                    cell.body
                );
            }
            self.out.push_str("</w:tr>");
        }
        let _ = write!(
            self.out,
            "</w:tbl><w:p><w:pPr><w:spacing w:after=\"40\" w:line=\"160\" w:lineRule=\"exact\"/></w:pPr></w:p>"
        );
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

fn pad(mut cells: Vec<Cell>, count: usize) -> Vec<Cell> {
    while cells.len() < count {
        cells.push(Cell::new("<w:p/>".to_owned()));
    }
    cells
}

fn jc(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}

fn text_para(style: &str, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        xml(text)
    )
}

fn cell_para(text: &str, color: Rgb, bold: bool, align: Align) -> String {
    let bold = if bold { "<w:b/>" } else { "" };
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/><w:jc w:val=\"{}\"/></w:pPr><w:r><w:rPr>{bold}<w:color w:val=\"{}\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        jc(align),
        color.hex(),
        xml(text)
    )
}

fn tiny(text: &str, color: Rgb, bold: bool) -> String {
    let bold = if bold { "<w:b/>" } else { "" };
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/><w:spacing w:before=\"10\" w:after=\"10\"/></w:pPr><w:r><w:rPr>{bold}<w:color w:val=\"{}\"/><w:sz w:val=\"14\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        color.hex(),
        xml(text)
    )
}

fn tiny_nowrap(text: &str) -> String {
    // A negative right indent lets a week's label run over its empty neighbours.
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/><w:spacing w:before=\"10\" w:after=\"10\"/><w:ind w:left=\"-80\" w:right=\"-700\"/></w:pPr><w:r><w:rPr><w:color w:val=\"{}\"/><w:sz w:val=\"11\"/></w:rPr><w:t>{}</w:t></w:r></w:p>",
        SLATE.hex(),
        xml(&text.replace(' ', "\u{a0}"))
    )
}

fn tiny_mark(text: &str, color: Rgb) -> String {
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/><w:spacing w:before=\"10\" w:after=\"10\"/><w:ind w:left=\"-90\" w:right=\"-90\"/><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr><w:color w:val=\"{}\"/><w:sz w:val=\"16\"/></w:rPr><w:t>{text}</w:t></w:r></w:p>",
        color.hex()
    )
}
