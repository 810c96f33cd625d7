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
            let mut boxes: Vec<TextBox> = row.iter().map(|card| self.card_text(card).fit(cw, high)).collect();
            same_sizes(&mut boxes);
            let mut items = Vec::new();
            for (n, (card, text)) in row.iter().zip(boxes).enumerate() {
                let x = n as f64 * (cw + space);
                let strong = if card.tone == Tone::Neutral { SLATE } else { self.brand.strong(card.tone) };
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

    fn card_text(&self, card: &Card) -> TextBox {
        let ink = if card.tone == Tone::Neutral { INK } else { self.brand.strong(card.tone) };
        let mut paras = vec![
            Para::new(Run::new(&card.label, SLATE), 12.5 * self.scale).after(3.0),
            Para::new(Run::new(&card.value, ink).bold(), 28.0 * self.scale).after(3.0),
        ];
        paras.extend(card.note.as_ref().map(|note| Para::new(Run::new(note, SLATE), 12.0 * self.scale)));
        TextBox { paras, valign: VAlign::Middle, inset: 14.0 * self.scale, ..TextBox::default() }
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

/// Gives each line of the boxes the smallest size that it has in any of them, so that neighbours look alike.
fn same_sizes(boxes: &mut [TextBox]) {
    let lines = boxes.iter().map(|text| text.paras.len()).max().unwrap_or(0);
    for line in 0..lines {
        let sizes = boxes.iter().filter_map(|text| text.paras.get(line)).map(|para| para.size);
        let least = sizes.fold(f64::INFINITY, f64::min);
        for para in boxes.iter_mut().filter_map(|text| text.paras.get_mut(line)) {
            para.size = least;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Brand;

    #[test]
    fn cards_of_a_row_have_one_size_of_text() {
        let card = |note: &str| Card {
            label: "First value".into(),
            value: "22 Jan".into(),
            note: Some(note.into()),
            tone: Tone::Neutral,
        };
        let cards = [card("planned"), card(&"the first people work with it on real data ".repeat(4))];
        let brand = Brand::new("Northwind Cloud", "");
        let builder = Builder { brand: &brand, scale: 1.0, room: 400.0 };
        let mut pieces = Vec::new();
        builder.cards(&cards, 500.0, &mut pieces);
        let [Piece::Fixed(items, _)] = pieces.as_slice() else { panic!("one row of cards") };
        let sizes: Vec<Vec<f64>> = items
            .iter()
            .filter_map(|item| if let Item::Shape(shape) = item { shape.text.as_ref() } else { None })
            .map(|text| text.paras.iter().map(|para| para.size).collect())
            .collect();
        assert_eq!(sizes.len(), 2);
        assert_eq!(sizes[0], sizes[1]);
        assert!(sizes[0][2] < 12.0, "the long note needed a smaller size: {sizes:?}");
    }
}
