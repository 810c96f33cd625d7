//! Blocks as pieces of a slide: text that merges, tables that split, drawings that stretch.

use super::{CELL_X, CELL_Y, Cell, Grid, Item};
use crate::brand::{Brand, INK, PAPER, Rgb, SLATE};
use crate::columns::widths;
use crate::directive::{Agenda, Card, Fact, Form, Gantt, Raci, Tone};
use crate::draw::{self, Canvas};
use crate::html::{RACI_LEGEND, raci_tone};
use crate::model::{Align, Block, Inline, List, Table, plain};
use crate::scene::{Bullet, LEADING, Outline, Para, Run, Scene, Shape, TextBox, VAlign, runs};
use crate::text::{width, wrap};

/// A part of a slide's content.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// One paragraph; neighbours become one text box.
    Text(Para, bool),
    /// A table that splits between rows.
    Grid(Grid),
    /// Shapes of a fixed height.
    Fixed(Vec<Item>, f64),
    /// A drawing that takes the height that is left, at least the second value.
    Stretch(Box<dyn StretchTo>, f64),
}

/// A drawing for any height.
pub(super) trait StretchTo: std::fmt::Debug {
    /// Draws for a width and height.
    fn draw(&self, w: f64, h: f64) -> Vec<Shape>;
    /// The same drawing, boxed again.
    fn again(&self) -> Box<dyn StretchTo>;
}

impl Clone for Box<dyn StretchTo> {
    fn clone(&self) -> Self {
        self.again()
    }
}

#[derive(Debug, Clone)]
struct Chart {
    chart: Gantt,
    from: usize,
    to: usize,
    size: f64,
    brand: Brand,
}

impl StretchTo for Chart {
    fn draw(&self, w: f64, h: f64) -> Vec<Shape> {
        let rows = self.chart.rows.get(self.from..self.to).unwrap_or_default();
        draw::gantt::draw(&self.chart, rows, Canvas { w, h: Some(h), size: self.size }, &self.brand).shapes
    }

    fn again(&self) -> Box<dyn StretchTo> {
        Box::new(self.clone())
    }
}

#[derive(Debug, Clone)]
struct People {
    people: crate::directive::PowerGrid,
    size: f64,
    brand: Brand,
}

impl StretchTo for People {
    fn draw(&self, w: f64, h: f64) -> Vec<Shape> {
        draw::people::draw(&self.people, Canvas { w, h: Some(h), size: self.size }, &self.brand).shapes
    }

    fn again(&self) -> Box<dyn StretchTo> {
        Box::new(self.clone())
    }
}

impl Piece {
    /// Whether it is a subhead.
    pub(super) fn is_heading(&self) -> bool {
        matches!(self, Piece::Text(_, true))
    }

    fn height(&self, w: f64) -> f64 {
        match self {
            Piece::Text(para, _) => para.height(w),
            Piece::Grid(grid) => grid.heights.iter().sum(),
            Piece::Fixed(_, h) | Piece::Stretch(_, h) => *h,
        }
    }

    /// Splits a table at a height; gives the piece back when it cannot be split.
    pub(super) fn split(self, h: f64) -> Result<(Piece, Piece), Box<Piece>> {
        let Piece::Grid(grid) = self else {
            return Err(Box::new(self));
        };
        let mut used = 0.0;
        let fit = grid.heights.iter().take_while(|height| {
            used += **height;
            used <= h
        });
        let count = fit.count();
        let keep = usize::from(grid.header);
        if count < keep + 1 || count >= grid.rows.len() {
            return Err(Box::new(Piece::Grid(grid)));
        }
        let mut rest = grid.clone();
        let mut first = grid;
        rest.rows = first.rows.split_off(count);
        rest.heights = first.heights.split_off(count);
        if first.header
            && let (Some(head), Some(height)) = (first.rows.first(), first.heights.first())
        {
            rest.rows.insert(0, head.clone());
            rest.heights.insert(0, *height);
        }
        Ok((Piece::Grid(first), Piece::Grid(rest)))
    }
}

fn gap(scale: f64) -> f64 {
    14.0 * scale
}

/// Height of pieces stacked.
pub(super) fn height(pieces: &[Piece], w: f64, scale: f64) -> f64 {
    let mut total = 0.0;
    for (n, piece) in pieces.iter().enumerate() {
        total += piece.height(w);
        if n > 0 && !(matches!(piece, Piece::Text(..)) && matches!(pieces.get(n - 1), Some(Piece::Text(..))))
        {
            total += gap(scale);
        }
    }
    total
}

/// Places pieces from the top; what can stretch shares the height that is left.
pub(super) fn place(pieces: Vec<Piece>, w: f64, h: f64, scale: f64) -> Vec<Item> {
    let stretchable = pieces.iter().filter(|piece| matches!(piece, Piece::Stretch(..))).count();
    let extra =
        if stretchable == 0 { 0.0 } else { ((h - height(&pieces, w, scale)) / stretchable as f64).max(0.0) };
    let mut out = Vec::new();
    let mut y = 0.0;
    let mut text: Vec<Para> = Vec::new();
    for piece in pieces {
        if let Piece::Text(para, _) = piece {
            text.push(para);
            continue;
        }
        y = flush(&mut text, w, y, scale, &mut out);
        match piece {
            Piece::Text(..) => {}
            Piece::Grid(grid) => {
                let high: f64 = grid.heights.iter().sum();
                out.push(Item::Grid(Grid { y, ..grid }));
                y += high + gap(scale);
            }
            Piece::Fixed(items, high) => {
                out.extend(items.into_iter().map(|item| item.moved(0.0, y)));
                y += high + gap(scale);
            }
            Piece::Stretch(drawing, least) => {
                out.extend(
                    drawing.draw(w, least + extra).into_iter().map(|shape| Item::Shape(shape.moved(0.0, y))),
                );
                y += least + extra + gap(scale);
            }
        }
    }
    flush(&mut text, w, y, scale, &mut out);
    out
}

fn flush(text: &mut Vec<Para>, w: f64, y: f64, scale: f64, out: &mut Vec<Item>) -> f64 {
    if text.is_empty() {
        return y;
    }
    let paras = std::mem::take(text);
    let high: f64 = paras.iter().map(|para| para.height(w)).sum();
    out.push(Item::Shape(Shape::text((0.0, y, w, high), TextBox { paras, ..TextBox::default() })));
    y + high + gap(scale)
}

/// Turns blocks into pieces at one scale.
pub(super) struct Builder<'a> {
    /// The look.
    pub(super) brand: &'a Brand,
    /// Size factor, 1 is normal.
    pub(super) scale: f64,
    /// Height of a whole slide's content, points.
    pub(super) room: f64,
}

impl Builder<'_> {
    /// The pieces of blocks in a width.
    pub(super) fn build(&self, blocks: &[&Block], w: f64) -> Vec<Piece> {
        let mut out = Vec::new();
        for block in blocks {
            self.block(block, w, &mut out);
        }
        out
    }

    fn body(&self) -> f64 {
        16.0 * self.scale
    }

    fn block(&self, block: &Block, w: f64, out: &mut Vec<Piece>) {
        match block {
            Block::Heading { .. }
            | Block::Paragraph(_)
            | Block::List(_)
            | Block::Quote(_)
            | Block::Code(_) => {
                let heading = matches!(block, Block::Heading { .. });
                out.extend(self.paras(block, 0).into_iter().map(|para| Piece::Text(para, heading)));
            }
            Block::Table(table) => out.push(Piece::Grid(self.table(table, w))),
            Block::Callout { tone, title, body } => out.push(self.callout(*tone, title.as_deref(), body, w)),
            Block::Columns(columns) => self.columns(columns, w, out),
            Block::Gantt(chart) => {
                self.caption(chart.title.as_deref(), out);
                let size = 10.5 * self.scale.max(0.86);
                let per_slide = draw::gantt::capacity(self.room - 30.0, size);
                let count = chart.data.rows.len();
                let chunks = count.div_ceil(per_slide.max(1)).max(1);
                let each = count.div_ceil(chunks).max(1);
                for from in (0..count).step_by(each) {
                    let to = (from + each).min(count);
                    let least = size * 5.6 + (to - from) as f64 * size * 1.42;
                    let drawing =
                        Chart { chart: chart.data.clone(), from, to, size, brand: self.brand.clone() };
                    out.push(Piece::Stretch(Box::new(drawing), least));
                }
            }
            Block::PowerGrid(people) => {
                self.caption(people.title.as_deref(), out);
                let drawing = People {
                    people: people.data.clone(),
                    size: 13.5 * self.scale,
                    brand: self.brand.clone(),
                };
                let natural = draw::people::draw(
                    &people.data,
                    Canvas { w, h: None, size: 13.5 * self.scale },
                    self.brand,
                )
                .h;
                out.push(Piece::Stretch(Box::new(drawing), natural.max(220.0 * self.scale)));
            }
            Block::Phases(phases) => {
                self.caption(phases.title.as_deref(), out);
                let size = if phases.data.len() > 5 { 13.0 } else { 14.5 };
                self.scene(
                    draw::phases::draw(
                        &phases.data,
                        Canvas { w, h: None, size: size * self.scale.min(1.1) },
                        self.brand,
                    ),
                    out,
                );
            }
            Block::Timeline(points) => {
                self.caption(points.title.as_deref(), out);
                self.scene(
                    draw::timeline::draw(
                        &points.data,
                        Canvas { w, h: None, size: 13.5 * self.scale },
                        self.brand,
                    ),
                    out,
                );
            }
            Block::Cards(cards) => {
                self.caption(cards.title.as_deref(), out);
                self.cards(&cards.data, w, out);
            }
            Block::Facts(facts) => {
                self.caption(facts.title.as_deref(), out);
                self.facts(&facts.data, w, out);
            }
            Block::Agenda(agenda) => {
                self.caption(agenda.title.as_deref(), out);
                out.push(Piece::Grid(self.agenda(&agenda.data, w)));
            }
            Block::Raci(matrix) => {
                self.caption(matrix.title.as_deref(), out);
                out.push(Piece::Grid(self.raci(&matrix.data, w)));
                out.push(Piece::Text(Para::new(Run::new(RACI_LEGEND, SLATE), 11.0 * self.scale), false));
            }
            Block::Form(form) => {
                self.caption(form.title.as_deref(), out);
                out.extend(
                    form_paras(&form.data, self.body()).into_iter().map(|para| Piece::Text(para, false)),
                );
            }
            Block::Rule | Block::PageBreak | Block::Layout(_) | Block::Notes(_) => {}
        }
    }

    fn caption(&self, title: Option<&str>, out: &mut Vec<Piece>) {
        if let Some(title) = title {
            out.push(Piece::Text(Para::new(Run::new(title, SLATE).bold(), 13.0 * self.scale), true));
        }
    }

    fn scene(&self, scene: Scene, out: &mut Vec<Piece>) {
        out.push(Piece::Fixed(scene.shapes.into_iter().map(Item::Shape).collect(), scene.h));
    }

    fn paras(&self, block: &Block, level: u8) -> Vec<Para> {
        let size = self.body();
        let styled = |text: &[Inline], color: Rgb| runs(text, color, self.brand.accent);
        match block {
            Block::Heading { text, .. } => vec![
                Para {
                    runs: vec![Run::new(plain(text), self.brand.accent).bold()],
                    ..Para::new(Run::new("", INK), size * 1.04)
                }
                .after(size * 0.3),
            ],
            Block::Paragraph(text) => vec![
                Para { runs: styled(text, INK), level, ..Para::new(Run::new("", INK), size) }
                    .after(size * 0.45),
            ],
            Block::Quote(body) => body
                .iter()
                .flat_map(|inner| self.paras(inner, level + 1))
                .map(|mut para| {
                    para.runs.iter_mut().for_each(|run| run.italic = true);
                    para
                })
                .collect(),
            Block::Code(text) => {
                text.lines().map(|line| Para::new(Run::new(line, SLATE), size * 0.85)).collect()
            }
            Block::List(list) => self.list(list, level),
            other => lines(std::slice::from_ref(other))
                .into_iter()
                .map(|line| Para { level, ..Para::new(Run::new(line, INK), size) }.after(size * 0.3))
                .collect(),
        }
    }

    fn list(&self, list: &List, level: u8) -> Vec<Para> {
        let size = self.body() * if level > 0 { 0.92 } else { 1.0 };
        let mut out = Vec::new();
        let mut number = list.start.unwrap_or(1);
        for item in &list.items {
            let bullet = match (item.checked, list.start) {
                (Some(true), _) => Bullet::Label("☑".into()),
                (Some(false), _) => Bullet::Label("☐".into()),
                (None, Some(_)) => Bullet::Label(format!("{number}.")),
                (None, None) => Bullet::Dot,
            };
            number = number.saturating_add(1);
            for (n, block) in item.body.iter().enumerate() {
                match (n, block) {
                    (0, Block::Paragraph(text)) => out.push(
                        Para {
                            runs: runs(text, INK, self.brand.accent),
                            bullet: Some(bullet.clone()),
                            level,
                            ..Para::new(Run::new("", INK), size)
                        }
                        .after(size * 0.4),
                    ),
                    (_, inner) => out.extend(self.paras(inner, (level + 1).min(4))),
                }
            }
        }
        out
    }

    fn callout(&self, tone: Tone, title: Option<&str>, body: &[Block], w: f64) -> Piece {
        let strong = self.brand.strong(tone);
        let mut paras: Vec<Para> = title
            .map(|title| Para::new(Run::new(title, strong).bold(), self.body()).after(4.0))
            .into_iter()
            .collect();
        paras.extend(body.iter().flat_map(|block| self.paras(block, 0)));
        if let Some(last) = paras.last_mut() {
            last.after = 0.0;
        }
        let text = TextBox { paras, valign: VAlign::Middle, inset: 12.0 * self.scale, ..TextBox::default() };
        let high = text.height(w - 6.0) + 2.0;
        let fill = self.brand.soft(tone);
        let name = title.unwrap_or("Callout").to_owned();
        let shapes = vec![
            Item::Shape(
                Shape::filled(Outline::Rect, (5.0, 0.0, w - 5.0, high), fill).with_text(text).named(name),
            ),
            Item::Shape(Shape::filled(Outline::Rect, (0.0, 0.0, 5.0, high), strong)),
        ];
        Piece::Fixed(shapes, high)
    }

    fn columns(&self, columns: &[crate::model::Column], w: f64, out: &mut Vec<Piece>) {
        let space = 32.0;
        let total: f64 = columns.iter().map(|column| f64::from(column.width)).sum();
        let room = w - space * columns.len().saturating_sub(1) as f64;
        let mut x = 0.0;
        let mut tallest: f64 = 0.0;
        let mut laid = Vec::new();
        for column in columns {
            let cw = room * f64::from(column.width) / total.max(1.0);
            let pieces = self.build(&column.body.iter().collect::<Vec<_>>(), cw);
            tallest = tallest.max(height(&pieces, cw, self.scale));
            laid.push((x, cw, pieces));
            x += cw + space;
        }
        if tallest > self.room && self.scale <= 0.86 {
            // Too tall side by side for any slide: one below the other can be continued.
            columns.iter().for_each(|column| column.body.iter().for_each(|block| self.block(block, w, out)));
            return;
        }
        let items = laid
            .into_iter()
            .flat_map(|(x, cw, pieces)| {
                place(pieces, cw, tallest, self.scale).into_iter().map(move |item| item.moved(x, 0.0))
            })
            .collect();
        out.push(Piece::Fixed(items, tallest));
    }

    fn cards(&self, cards: &[Card], w: f64, out: &mut Vec<Piece>) {
        let per_row = match cards.len() {
            0 => return,
            n @ 1..=4 => n,
            n if n % 3 == 0 => 3,
            _ => 4,
        };
        let space = 16.0;
        let cw = (w - space * (per_row - 1) as f64) / per_row as f64;
        let high = 104.0 * self.scale;
        for row in cards.chunks(per_row) {
            let mut items = Vec::new();
            for (n, card) in row.iter().enumerate() {
                let x = n as f64 * (cw + space);
                let (strong, ink) = if card.tone == Tone::Neutral {
                    (SLATE, INK)
                } else {
                    (self.brand.strong(card.tone), self.brand.strong(card.tone))
                };
                let mut paras = vec![
                    Para::new(Run::new(&card.label, SLATE), 12.5 * self.scale).after(3.0),
                    Para::new(Run::new(&card.value, ink).bold(), 28.0 * self.scale).after(3.0),
                ];
                paras.extend(
                    card.note.as_ref().map(|note| Para::new(Run::new(note, SLATE), 12.0 * self.scale)),
                );
                let text =
                    TextBox { paras, valign: VAlign::Middle, inset: 14.0 * self.scale, ..TextBox::default() }
                        .fit(cw, high);
                items.push(Item::Shape(
                    Shape::filled(Outline::Rect, (x, 0.0, cw, high), PAPER)
                        .with_text(text)
                        .named(format!("{}: {}", card.label, card.value)),
                ));
                items.push(Item::Shape(Shape::filled(Outline::Rect, (x, 0.0, cw, 3.5), strong)));
            }
            out.push(Piece::Fixed(items, high));
        }
    }

    fn facts(&self, facts: &[Fact], w: f64, out: &mut Vec<Piece>) {
        let per_row = if w < 420.0 { 1 } else { 2 };
        let space = 32.0;
        let cw = (w - space * (per_row - 1) as f64) / per_row as f64;
        for row in facts.chunks(per_row) {
            let boxes: Vec<TextBox> = row
                .iter()
                .map(|fact| TextBox {
                    paras: vec![
                        Para::new(Run::new(&fact.label, SLATE), 11.5 * self.scale).after(1.5),
                        Para::new(Run::new(&fact.value, INK).bold(), 14.5 * self.scale),
                    ],
                    ..TextBox::default()
                })
                .collect();
            let high = boxes.iter().map(|text| text.height(cw)).fold(0.0, f64::max) + 6.0;
            let mut items = Vec::new();
            for (n, text) in boxes.into_iter().enumerate() {
                let x = n as f64 * (cw + space);
                items.push(Item::Shape(Shape::text((x, 0.0, cw, high - 4.0), text)));
                items.push(Item::Shape(Shape::line((x, high), (x + cw, high), crate::brand::LINE, 0.75)));
            }
            out.push(Piece::Fixed(items, high));
        }
    }

    fn table(&self, table: &Table, w: f64) -> Grid {
        let size = if table.columns.len() > 5 { 12.0 } else { 13.5 } * self.scale;
        let texts: Vec<Vec<String>> = std::iter::once(&table.head)
            .chain(&table.rows)
            .map(|row| row.iter().map(|cell| plain(cell)).collect())
            .collect();
        let columns = widths(w, size, 2.0 * CELL_X + 2.0, table.columns.len(), &texts);
        let has_head = table.head.iter().any(|cell| !cell.is_empty());
        let mut rows = Vec::new();
        if has_head {
            rows.push(
                table
                    .head
                    .iter()
                    .zip(&table.columns)
                    .map(|(cell, align)| Cell {
                        runs: vec![Run::new(plain(cell), SLATE).bold()],
                        align: *align,
                        fill: None,
                    })
                    .collect(),
            );
        }
        for row in &table.rows {
            rows.push(
                row.iter()
                    .zip(&table.columns)
                    .map(|(cell, align)| Cell {
                        runs: runs(cell, INK, self.brand.accent),
                        align: *align,
                        fill: None,
                    })
                    .collect(),
            );
        }
        grid(columns, rows, has_head, size, "Table")
    }

    fn agenda(&self, agenda: &Agenda, w: f64) -> Grid {
        let size = 14.5 * self.scale;
        let rows = agenda
            .timed()
            .into_iter()
            .map(|(at, item)| {
                let minutes = format!("{} min", item.minutes);
                let mut detail = vec![Run::new(&item.title, INK).bold()];
                let mut rest: Vec<String> = item.purpose.clone().into_iter().collect();
                if !item.points.is_empty() {
                    rest.push(item.points.join(" · "));
                }
                for line in rest {
                    detail.push(Run::new("\n", INK));
                    detail.push(Run::new(line, SLATE));
                }
                vec![
                    Cell {
                        runs: vec![
                            Run::new(at.clone().unwrap_or_else(|| minutes.clone()), self.brand.accent).bold(),
                        ],
                        align: Align::Left,
                        fill: None,
                    },
                    Cell { runs: detail, align: Align::Left, fill: None },
                    Cell {
                        runs: vec![Run::new(if at.is_some() { minutes } else { String::new() }, SLATE)],
                        align: Align::Right,
                        fill: None,
                    },
                ]
            })
            .collect();
        let (first, last) = (84.0 * self.scale, 84.0 * self.scale);
        grid(vec![first, (w - first - last).max(100.0), last], rows, false, size, "Agenda")
    }

    fn raci(&self, matrix: &Raci, w: f64) -> Grid {
        let room = w * 0.74;
        let common = (room / matrix.columns.len().max(1) as f64).min(130.0);
        // A role's longest word must fit its column: columns widen for it before the text shrinks.
        let needs = |size: f64| -> Vec<f64> {
            let longest = |title: &String| {
                title.split_whitespace().map(|word| width(word, size, true)).fold(0.0, f64::max)
            };
            matrix.columns.iter().map(|title| longest(title) + 2.0 * CELL_X + 2.0).collect()
        };
        let mut size = 13.0 * self.scale;
        while size > 7.0 && needs(size).iter().sum::<f64>() > room {
            size -= 0.5;
        }
        let needs = needs(size);
        let roles: Vec<f64> = if needs.iter().all(|need| *need <= common) {
            vec![common; needs.len()]
        } else {
            let spare = (room - needs.iter().sum::<f64>()) / needs.len().max(1) as f64;
            needs.iter().map(|need| need + spare).collect()
        };
        let mut columns = vec![w - roles.iter().sum::<f64>()];
        columns.extend(roles);
        let text = |text: &str, color: Rgb, bold: bool, align: Align, fill: Option<Rgb>| Cell {
            runs: vec![Run { bold, ..Run::new(text, color) }],
            align,
            fill,
        };
        let mut rows = vec![
            std::iter::once(text("Activity", SLATE, true, Align::Left, None))
                .chain(matrix.columns.iter().map(|column| text(column, SLATE, true, Align::Center, None)))
                .collect::<Vec<_>>(),
        ];
        for row in &matrix.rows {
            let letters = row.cells.iter().map(|cell| match raci_tone(cell) {
                Some(Tone::Accent) => text(cell, Rgb::WHITE, true, Align::Center, Some(self.brand.accent)),
                Some(Tone::Good) => {
                    text(cell, INK, true, Align::Center, Some(self.brand.accent.mix(Rgb::WHITE, 0.78)))
                }
                _ => text(cell, SLATE, false, Align::Center, None),
            });
            rows.push(
                std::iter::once(text(&row.activity, INK, false, Align::Left, None)).chain(letters).collect(),
            );
        }
        grid(columns, rows, true, size, "Responsibility matrix")
    }
}

fn grid(columns: Vec<f64>, rows: Vec<Vec<Cell>>, header: bool, size: f64, name: &str) -> Grid {
    let heights = rows
        .iter()
        .map(|row| {
            let tallest = row.iter().zip(&columns).map(|(cell, w)| {
                let text: String = cell.runs.iter().map(|run| run.text.as_str()).collect();
                let bold = cell.runs.iter().any(|run| run.bold);
                wrap(&text, size, bold, (w - 2.0 * CELL_X).max(size)).len()
            });
            tallest.max().unwrap_or(1) as f64 * size * LEADING + 2.0 * CELL_Y + 1.5
        })
        .collect();
    Grid { x: 0.0, y: 0.0, columns, heights, header, size, rows, name: name.to_owned() }
}

fn form_paras(form: &Form, size: f64) -> Vec<Para> {
    form.iter()
        .map(|field| {
            let answer = if !field.options.is_empty() {
                field
                    .options
                    .iter()
                    .map(|option| format!("{} {option}", if option == &field.value { "☑" } else { "☐" }))
                    .collect::<Vec<_>>()
                    .join("   ")
            } else if field.value.is_empty() {
                "________________".to_owned()
            } else {
                field.value.clone()
            };
            Para {
                runs: vec![Run::new(format!("{}: ", field.label), INK).bold(), Run::new(answer, SLATE)],
                ..Para::new(Run::new("", INK), size)
            }
            .after(size * 0.5)
        })
        .collect()
}

/// Blocks as lines of plain text, for notes and places that hold nothing else.
pub(super) fn lines(blocks: &[Block]) -> Vec<String> {
    let mut out = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) => out.push(plain(text)),
            Block::List(list) => {
                for (n, item) in list.items.iter().enumerate() {
                    let marker = list
                        .start
                        .map_or("• ".to_owned(), |start| format!("{}. ", start.saturating_add(n as u64)));
                    for (at, line) in lines(&item.body).into_iter().enumerate() {
                        out.push(if at == 0 { format!("{marker}{line}") } else { line });
                    }
                }
            }
            Block::Quote(body) | Block::Callout { body, .. } | Block::Notes(body) => out.extend(lines(body)),
            Block::Columns(columns) => columns.iter().for_each(|column| out.extend(lines(&column.body))),
            Block::Code(text) => out.extend(text.lines().map(str::to_owned)),
            Block::Table(table) => {
                out.extend(
                    std::iter::once(&table.head)
                        .chain(&table.rows)
                        .map(|row| row.iter().map(|cell| plain(cell)).collect::<Vec<_>>().join(" – ")),
                );
            }
            Block::Cards(cards) => {
                out.extend(cards.data.iter().map(|card| format!("{}: {}", card.label, card.value)))
            }
            Block::Facts(facts) => {
                out.extend(facts.data.iter().map(|fact| format!("{}: {}", fact.label, fact.value)))
            }
            Block::Phases(phases) => out.extend(phases.data.iter().map(|phase| {
                [Some(phase.label.clone()), phase.window.clone(), phase.dates.clone()]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(", ")
            })),
            Block::Timeline(points) => out.extend(
                points.data.iter().map(|point| format!("{}: {}", crate::text::day(point.date), point.label)),
            ),
            Block::Agenda(agenda) => out
                .extend(agenda.data.items.iter().map(|item| format!("{} min: {}", item.minutes, item.title))),
            Block::PowerGrid(people) => out.extend(
                people.data.iter().map(|person| format!("{}: {}", person.quadrant().label(), person.label)),
            ),
            Block::Gantt(chart) => out.extend(
                chart
                    .data
                    .rows
                    .iter()
                    .map(|row| format!("{}: {}", row.label, crate::text::span(row.start, row.finish))),
            ),
            Block::Raci(matrix) => out.extend(
                matrix.data.rows.iter().map(|row| format!("{}: {}", row.activity, row.cells.join(", "))),
            ),
            Block::Form(form) => out.extend(form.data.iter().map(|field| field.label.clone())),
            Block::Rule | Block::PageBreak | Block::Layout(_) => {}
        }
    }
    out
}
