//! Pieces of a slide: text that merges, tables that split, drawings that stretch; and how they are placed.

use super::{Grid, Item};
use crate::scene::{Para, Shape, TextBox};

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

/// Places the pieces of a slide that has room to spare: table rows and paragraphs stand looser, and what is still left
/// moves the content a little down, so that little text does not cling to the title.
pub(super) fn spread(mut pieces: Vec<Piece>, w: f64, h: f64, scale: f64) -> Vec<Item> {
    let spare = h - height(&pieces, w, scale);
    if spare <= 0.0 || pieces.iter().any(|piece| matches!(piece, Piece::Stretch(..))) {
        return place(pieces, w, h, scale);
    }
    let tables: f64 =
        pieces.iter().filter(|piece| matches!(piece, Piece::Grid(_))).map(|piece| piece.height(w)).sum();
    let grow = if tables > 0.0 { (spare * 0.6 / tables).min(0.4) } else { 0.0 };
    let spare = spare - tables * grow;
    let count = pieces.iter().filter(|piece| matches!(piece, Piece::Text(..))).count();
    let looser = (spare * 0.4 / count.max(1) as f64).min(10.0);
    for piece in &mut pieces {
        match piece {
            Piece::Grid(grid) => grid.heights.iter_mut().for_each(|height| *height *= 1.0 + grow),
            Piece::Text(para, false) => para.after += looser,
            Piece::Text(..) | Piece::Fixed(..) | Piece::Stretch(..) => {}
        }
    }
    let spare = (h - height(&pieces, w, scale)).max(0.0);
    let top = (spare * 0.3).min(32.0);
    place(pieces, w, h, scale).into_iter().map(|item| item.moved(0.0, top)).collect()
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
