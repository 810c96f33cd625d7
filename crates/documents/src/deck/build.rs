//! Blocks as pieces of a slide, at one scale.

use super::lines::lines;
use super::pieces::{Piece, StretchTo, height, place};
use super::{Item, forms};
use crate::brand::{Brand, INK, Rgb, SLATE};
use crate::directive::{Gantt, PowerGrid, Tone};
use crate::draw::{self, Canvas};
use crate::html::RACI_LEGEND;
use crate::model::{Block, Inline, List, plain};
use crate::scene::{Bullet, Outline, Para, Run, Scene, Shape, TextBox, VAlign, runs};

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
                    forms::paras(&form.data, self.body()).into_iter().map(|para| Piece::Text(para, false)),
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
    people: PowerGrid,
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
