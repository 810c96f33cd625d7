//! Cards and facts: boxes side by side, of one height in a row.

use super::Item;
use super::build::Builder;
use super::pieces::Piece;
use crate::brand::{INK, LINE, PAPER, SLATE};
use crate::directive::{Card, Fact, Tone};
use crate::scene::{Outline, Para, Run, Shape, TextBox, VAlign};

impl Builder<'_> {
    pub(super) fn cards(&self, cards: &[Card], w: f64, out: &mut Vec<Piece>) {
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

    pub(super) fn facts(&self, facts: &[Fact], w: f64, out: &mut Vec<Piece>) {
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
                items.push(Item::Shape(Shape::line((x, high), (x + cw, high), LINE, 0.75)));
            }
            out.push(Piece::Fixed(items, high));
        }
    }
}
