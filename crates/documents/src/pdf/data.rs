//! A document as the JSON `pages.typ` reads. Keys are short because pages carry thousands of them.

use serde_json::{Map, Value, json};

use super::shapes::scene;
use crate::brand::{Brand, INK, LINE, PAPER, Rgb, SLATE};
use crate::columns::widths;
use crate::directive::{Agenda, Card, Field, FieldKind, Form, Gantt, Raci, Tone};
use crate::draw::{self, Canvas};
use crate::html::{RACI_LEGEND, raci_tone};
use crate::model::{Align, Block, Document, Inline, Table, Titled, announces, plain, spans};
use crate::text::width;

/// Text width of the page, points: A4 less the margins.
const WIDTH: f64 = 481.0;
/// Rows of a Gantt chart on one page.
const GANTT_ROWS: usize = 38;

/// Everything `pages.typ` needs. `snug` sets it a little closer.
pub(super) fn pages(document: &Document, brand: &Brand, snug: bool) -> Value {
    let mut data = common(document, brand);
    let head = &document.head;
    data.insert("snug".into(), json!(snug));
    data.insert("cover".into(), json!(!head.title.is_empty()));
    data.insert("eyebrow".into(), json!(head.eyebrow));
    data.insert("subtitle".into(), json!(head.subtitle));
    data.insert("meta".into(), json!(head.meta));
    data.insert("contents".into(), json!(head.contents));
    let blocks: Vec<Value> = Pages { brand, width: WIDTH }.blocks(&document.blocks);
    data.insert("blocks".into(), Value::Array(blocks));
    Value::Object(data)
}

/// What both programs need: look, title, author, date, footer.
pub(super) fn common(document: &Document, brand: &Brand) -> Map<String, Value> {
    let head = &document.head;
    let tones = [Tone::Neutral, Tone::Good, Tone::Warning, Tone::Bad, Tone::Accent];
    let strong: Map<String, Value> =
        tones.iter().map(|tone| (tone.name().to_owned(), json!(brand.strong(*tone).css()))).collect();
    let soft: Map<String, Value> =
        tones.iter().map(|tone| (tone.name().to_owned(), json!(brand.soft(*tone).css()))).collect();
    let mut footer = vec![head.footer.clone().unwrap_or_else(|| brand.vendor_name.clone())];
    footer.extend(head.confidential.clone());
    let mut data = Map::new();
    data.insert(
        "c".into(),
        json!({"ink": INK.css(), "slate": SLATE.css(), "line": LINE.css(), "paper": PAPER.css(), "accent": brand.accent.css(), "strong": strong, "soft": soft, "font": FONT}),
    );
    data.insert("title".into(), json!(head.title));
    data.insert("author".into(), json!(brand.vendor_name));
    data.insert(
        "date".into(),
        head.date.map_or(Value::Null, |date| json!([date.year(), date.month(), date.day()])),
    );
    data.insert(
        "lang".into(),
        json!(
            head.lang
                .split('-')
                .next()
                .filter(|lang| (2..=3).contains(&lang.len()) && lang.chars().all(|c| c.is_ascii_alphabetic()))
                .unwrap_or("en")
                .to_ascii_lowercase()
        ),
    );
    data.insert("footer".into(), json!(footer.join(" · ")));
    data
}

/// The name the embedded font gives itself.
const FONT: &str = "Inter V";

struct Pages<'a> {
    brand: &'a Brand,
    width: f64,
}

impl Pages<'_> {
    fn narrower(&self, width: f64) -> Pages<'_> {
        Pages { brand: self.brand, width: width.max(60.0) }
    }

    fn blocks(&self, blocks: &[Block]) -> Vec<Value> {
        let next = blocks.iter().skip(1).map(Some).chain([None]);
        blocks.iter().zip(next).flat_map(|(block, next)| self.block(block, next)).collect()
    }

    fn block(&self, block: &Block, next: Option<&Block>) -> Vec<Value> {
        let one = match block {
            Block::Heading { level, text, .. } => {
                json!({"k": "h", "l": (*level).min(6), "r": runs(text)})
            }
            // What announces a list or table stays with it.
            Block::Paragraph(text) => {
                json!({"k": if announces(&plain(text), next) { "lead" } else { "p" }, "r": runs(text)})
            }
            Block::List(list) => {
                let inner = self.narrower(self.width - 18.0);
                let items: Vec<Value> = list
                    .items
                    .iter()
                    .map(|item| json!({"check": item.checked, "body": inner.blocks(&item.body)}))
                    .collect();
                let start = list.start.map(|start| start.min(1_000_000));
                json!({"k": "list", "start": start, "tasks": list.items.iter().any(|item| item.checked.is_some()), "items": items})
            }
            Block::Table(table) => self.table(table),
            Block::Quote(body) => {
                json!({"k": "quote", "body": self.narrower(self.width - 12.0).blocks(body)})
            }
            Block::Code(text) => {
                json!({"k": "code", "lines": text.split('\n').map(|line| line.replace(' ', "\u{a0}")).collect::<Vec<_>>()})
            }
            Block::Rule => json!({"k": "rule"}),
            Block::PageBreak => json!({"k": "break"}),
            Block::Layout(_) | Block::Notes(_) => return Vec::new(),
            Block::Callout { tone, title, body } => {
                json!({"k": "callout", "tone": tone.name(), "title": title, "body": self.narrower(self.width - 25.0).blocks(body)})
            }
            Block::Columns(columns) => {
                let total: f64 = columns.iter().map(|column| f64::from(column.width)).sum();
                let room = self.width - 18.0 * (columns.len().saturating_sub(1)) as f64;
                let bodies: Vec<Value> = columns
                    .iter()
                    .map(|column| {
                        Value::Array(
                            self.narrower(room * f64::from(column.width) / total).blocks(&column.body),
                        )
                    })
                    .collect();
                json!({"k": "columns", "widths": columns.iter().map(|column| column.width).collect::<Vec<_>>(), "cols": bodies})
            }
            Block::Gantt(chart) => return self.gantt(chart),
            Block::Phases(phases) => {
                let drawn = draw::phases::draw(
                    &phases.data,
                    Canvas { w: self.width, h: None, size: 8.5 },
                    self.brand,
                );
                figure(phases.title.as_deref(), "Phases", &drawn)
            }
            Block::Timeline(points) => {
                let drawn = draw::timeline::draw(
                    &points.data,
                    Canvas { w: self.width, h: None, size: 8.2 },
                    self.brand,
                );
                figure(points.title.as_deref(), "Timeline", &drawn)
            }
            Block::PowerGrid(people) => {
                let drawn = draw::people::draw(
                    &people.data,
                    Canvas { w: self.width, h: None, size: 8.8 },
                    self.brand,
                );
                figure(people.title.as_deref(), "Power and interest grid", &drawn)
            }
            Block::Cards(cards) if cards.data.is_empty() => return Vec::new(),
            Block::Cards(cards) => cards_data(cards, self.width),
            Block::Facts(facts) => {
                let list: Vec<Value> =
                    facts.data.iter().map(|fact| json!({"label": fact.label, "value": fact.value, "keep": fact.value.len() < SHORT})).collect();
                let letters: usize = facts.data.iter().map(|fact| fact.value.len()).sum();
                let keep = facts.data.len() <= FACTS_TOGETHER && letters < SHORT * FACTS_TOGETHER / 2;
                json!({"k": "facts", "title": facts.title, "facts": list, "keep": keep})
            }
            Block::Agenda(agenda) => agenda_data(agenda),
            Block::Raci(matrix) => self.raci(matrix),
            Block::Form(form) => form_data(form),
        };
        vec![one]
    }

    fn table(&self, table: &Table) -> Value {
        let texts: Vec<Vec<String>> = std::iter::once(&table.head)
            .chain(&table.rows)
            .map(|row| row.iter().map(|cell| plain(cell)).collect())
            .collect();
        let size = if table.columns.len() > 6 { 7.5 } else { 8.5 };
        let cells = |row: &Vec<Vec<Inline>>| -> Vec<Value> {
            row.iter()
                .zip(&table.columns)
                .map(|(cell, align)| json!({"al": align_name(*align), "r": runs(cell)}))
                .collect()
        };
        let cols = widths(self.width, size, 11.0, table.columns.len(), &texts);
        let heights = row_heights(texts.get(1..).unwrap_or_default(), &cols, size);
        let has_head = table.head.iter().any(|cell| !cell.is_empty());
        json!({
            "k": "table", "title": null, "note": null, "size": size,
            "cols": cols, "keep": kept_whole(&heights), "edges": bound_edges(&heights),
            "head": if has_head { cells(&table.head) } else { Vec::new() },
            "rows": table.rows.iter().map(cells).collect::<Vec<_>>(),
        })
    }

    fn raci(&self, matrix: &Titled<Raci>) -> Value {
        let data = &matrix.data;
        let count = data.columns.len() + 1;
        let rest = (self.width * 0.70 / data.columns.len().max(1) as f64).min(84.0);
        let mut cols = vec![rest; count];
        if let Some(first) = cols.first_mut() {
            *first = self.width - rest * data.columns.len() as f64;
        }
        let head: Vec<Value> = std::iter::once(json!({"al": "left", "r": [{"t": "Activity"}]}))
            .chain(data.columns.iter().map(|column| json!({"al": "center", "r": [{"t": column}]})))
            .collect();
        let rows: Vec<Vec<Value>> = data
            .rows
            .iter()
            .map(|row| {
                std::iter::once(json!({"al": "left", "r": [{"t": row.activity}]}))
                    .chain(row.cells.iter().map(|cell| self.letter(cell)))
                    .collect()
            })
            .collect();
        json!({"k": "table", "title": matrix.title, "note": RACI_LEGEND, "size": if count > 6 { 7.8 } else { 8.5 }, "cols": cols, "keep": data.rows.len() <= 18, "edges": data.rows.len() > 18, "head": head, "rows": rows})
    }

    fn letter(&self, cell: &str) -> Value {
        let (fill, ink) = match raci_tone(cell) {
            None => return json!({"al": "center", "r": []}),
            Some(Tone::Accent) => (self.brand.accent, Rgb::WHITE),
            Some(Tone::Good) => (self.brand.accent.mix(Rgb::WHITE, 0.78), INK),
            Some(_) => return json!({"al": "center", "r": [{"t": cell, "c": SLATE.css()}]}),
        };
        json!({"al": "center", "f": fill.css(), "r": [{"t": cell, "b": 1, "c": ink.css()}]})
    }

    fn gantt(&self, chart: &Titled<Gantt>) -> Vec<Value> {
        // As many rows on the last page as on the others: two alone look forgotten.
        let count = chart.data.rows.len();
        let pages = count.div_ceil(GANTT_ROWS).max(1);
        chart
            .data
            .rows
            .chunks(count.div_ceil(pages).max(1))
            .enumerate()
            .map(|(n, rows)| {
                let size = 7.6;
                let drawn =
                    draw::gantt::draw(&chart.data, rows, Canvas { w: self.width, h: None, size }, self.brand);
                let title = match (&chart.title, n) {
                    (Some(title), 0) => Some(title.clone()),
                    (Some(title), _) => Some(format!("{title} (continued)")),
                    (None, _) => None,
                };
                figure(title.as_deref(), "Gantt chart", &drawn)
            })
            .collect()
    }
}

fn figure(title: Option<&str>, fallback: &str, drawn: &crate::scene::Scene) -> Value {
    json!({"k": "scene", "title": title, "alt": title.unwrap_or(fallback), "scene": scene(drawn)})
}

/// Inline text as runs.
fn runs(inlines: &[Inline]) -> Vec<Value> {
    spans(inlines)
        .into_iter()
        .map(|span| {
            let mut run = Map::new();
            run.insert("t".into(), json!(span.text));
            for (key, on) in [("b", span.bold), ("i", span.italic), ("s", span.strike), ("m", span.code)] {
                if on {
                    run.insert(key.into(), json!(1));
                }
            }
            // Anchors of other renderings and relative files mean nothing inside a PDF.
            if let Some(href) = span.href.filter(|href| href.contains(':') && !href.starts_with('#')) {
                run.insert("h".into(), json!(href));
            }
            Value::Object(run)
        })
        .collect()
}

/// The alignment's name in the programs.
pub(super) fn align_name(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}

fn cards_data(cards: &Titled<Vec<Card>>, total: f64) -> Value {
    let per_row = match cards.data.len() {
        n @ 1..=4 => n,
        n if n % 3 == 0 => 3,
        _ => 4,
    };
    let inner = (total - 9.0 * (per_row - 1) as f64) / per_row as f64 - 18.0;
    let mut tallest: f64 = 0.0;
    let mut list: Vec<Value> = Vec::new();
    for card in &cards.data {
        let mut size = 17.0;
        while size > 9.0 && width(&card.value, size, true) > inner * 1.9 {
            size -= 1.0;
        }
        let lines = |text: &str, size: f64, bold: bool| {
            crate::text::wrap(text, size, bold, inner).len() as f64 * size * 1.32
        };
        let note = card.note.as_deref().map_or(0.0, |note| lines(note, 8.0, false) + 5.0);
        tallest = tallest.max(lines(&card.label, 8.0, false) + lines(&card.value, size, true) + note + 28.0);
        list.push(json!({"label": card.label, "value": card.value, "note": card.note, "tone": card.tone.name(), "size": size}));
    }
    let rows: Vec<Vec<Value>> = list
        .chunks(per_row)
        .map(|row| row.iter().cloned().chain(std::iter::repeat(Value::Null)).take(per_row).collect())
        .collect();
    json!({"k": "cards", "title": cards.title, "h": tallest, "cards": rows})
}

fn agenda_data(agenda: &Titled<Agenda>) -> Value {
    let items: Vec<Value> = agenda
        .data
        .timed()
        .into_iter()
        .map(|(at, item)| {
            let minutes = format!("{} min", item.minutes);
            let (when, length) = match at {
                Some(at) => (at, Some(minutes)),
                None => (minutes, None),
            };
            json!({"when": when, "length": length, "title": item.title, "purpose": item.purpose, "points": item.points})
        })
        .collect();
    json!({"k": "agenda", "title": agenda.title, "items": items, "total": format!("Total {} minutes", agenda.data.total())})
}

fn form_data(form: &Titled<Form>) -> Value {
    let fields: Vec<Value> = form
        .data
        .iter()
        .map(|field| {
            let kind = match field.kind {
                FieldKind::Line => "line",
                FieldKind::Lines => "lines",
                FieldKind::Box => "box",
                FieldKind::Choice => "choice",
                FieldKind::Date => "date",
                FieldKind::Signature => "signature",
            };
            let options: Vec<Value> = field.options.iter().map(|option| json!({"label": option, "on": !option.is_empty() && option == &field.value})).collect();
            json!({"kind": kind, "label": field.label, "value": field.value, "hint": field.hint, "rows": field.rows, "options": options})
        })
        .collect();
    let height: f64 = form.data.iter().map(field_height).sum();
    json!({"k": "form", "title": form.title, "fields": fields, "keep": height < FORM_KEPT})
}

/// The estimated height of a field, points.
fn field_height(field: &Field) -> f64 {
    let blank = match field.kind {
        FieldKind::Line | FieldKind::Date | FieldKind::Choice => 17.0,
        FieldKind::Lines | FieldKind::Box => 15.0 + f64::from(field.rows) * 21.0,
        FieldKind::Signature => 45.0,
    };
    18.0 + blank
}

/// Height in points up to which a table is never cut: a quarter of a page.
const KEPT: f64 = 180.0;
/// The same for a form: signatures stand with what is signed, even if that leaves more room empty.
const FORM_KEPT: f64 = 320.0;
/// Rows at either end of a longer table that stay together; `pages.typ` has the same number.
const EDGE: usize = 3;
/// A text of at most so many bytes takes a few lines.
const SHORT: usize = 400;
/// Facts up to this many stay on one page.
const FACTS_TOGETHER: usize = 16;

/// The estimated heights of the rows of a table, points.
fn row_heights(rows: &[Vec<String>], cols: &[f64], size: f64) -> Vec<f64> {
    rows.iter()
        .map(|row| {
            let lines = row
                .iter()
                .zip(cols)
                .map(|(cell, col)| crate::text::wrap(cell, size, false, (col - 10.0).max(size)).len())
                .max();
            lines.unwrap_or(1) as f64 * size * 1.3 + 9.5
        })
        .collect()
}

fn kept_whole(heights: &[f64]) -> bool {
    heights.iter().sum::<f64>() <= KEPT
}

/// Whether the first and the last rows of a longer table can be kept together.
fn bound_edges(heights: &[f64]) -> bool {
    let edge = |rows: &[f64]| rows.iter().sum::<f64>() <= KEPT;
    !kept_whole(heights)
        && heights.len() > 2 * EDGE
        && heights.first_chunk::<EDGE>().is_some_and(|rows| edge(rows))
        && heights.last_chunk::<EDGE>().is_some_and(|rows| edge(rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_tables_stay_whole_and_longer_ones_keep_their_ends() {
        let rows = |count: usize| vec![20.0; count];
        assert!(kept_whole(&rows(9)) && !bound_edges(&rows(9)));
        assert!(!kept_whole(&rows(10)) && bound_edges(&rows(10)));
        // Rows as tall as a page can be cut: keeping three together would push text off the paper.
        assert!(!kept_whole(&[700.0; 9]) && !bound_edges(&[700.0; 9]));
        assert!(!bound_edges(&[100.0; 6]));
    }
}
