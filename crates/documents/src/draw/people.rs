//! The 2×2 power/interest grid.

use super::Canvas;
use crate::brand::{Brand, INK, LINE, PAPER, Rgb, SLATE};
use crate::directive::{Person, Quadrant, Tone};
use crate::model::Align;
use crate::scene::{Outline, Para, Run, Scene, Shape, TextBox, VAlign};

/// Draws the grid: power upwards, interest to the right, people listed in their quadrant.
pub(crate) fn draw(people: &[Person], canvas: Canvas, brand: &Brand) -> Scene {
    let size = canvas.size;
    let axis = size * 1.8;
    let gap = size * 0.5;
    let w = (canvas.w - axis - gap) / 2.0;
    let inset = size * 0.8;
    let needed = |pair: [Quadrant; 2]| -> f64 {
        pair.iter().map(|q| content(people, *q, size, brand, inset).height(w)).fold(size * 5.0, f64::max)
    };
    let (top, bottom) = match canvas.h {
        Some(h) => {
            let each = (h - axis - gap) / 2.0;
            (each, each)
        }
        None => (
            needed([Quadrant::KeepSatisfied, Quadrant::ManageClosely]),
            needed([Quadrant::Monitor, Quadrant::KeepInformed]),
        ),
    };
    let mut shapes = Vec::new();
    for (n, quadrant) in Quadrant::ALL.into_iter().enumerate() {
        let right = n % 2 == 1;
        let below = n >= 2;
        let h = if below { bottom } else { top };
        let x = axis + if right { w + gap } else { 0.0 };
        let y = if below { top + gap } else { 0.0 };
        let closely = quadrant == Quadrant::ManageClosely;
        let fill = if closely { brand.soft(Tone::Accent) } else { PAPER };
        let edge: Rgb = if closely { brand.accent } else { LINE };
        let text = content(people, quadrant, size, brand, inset).fit(w, h);
        shapes.push(
            Shape::filled(Outline::Round, (x, y, w, h), fill)
                .with_stroke(edge, if closely { 1.2 } else { 0.6 })
                .with_text(text)
                .named(quadrant.label()),
        );
    }
    let total = top + gap + bottom;
    let left = Shape::text((0.0, 0.0, axis - 2.0, top), axis_label("High power", size));
    let low = Shape::text((0.0, top + gap, axis - 2.0, bottom), axis_label("Low power", size));
    shapes.push(left);
    shapes.push(low);
    shapes.push(Shape::label(
        (axis, total + 2.0, w, axis - 2.0),
        "Low interest",
        size * 0.9,
        SLATE,
        false,
        Align::Center,
    ));
    shapes.push(Shape::label(
        (axis + w + gap, total + 2.0, w, axis - 2.0),
        "High interest",
        size * 0.9,
        SLATE,
        false,
        Align::Center,
    ));
    Scene { w: canvas.w, h: total + axis, shapes }
}

fn axis_label(text: &str, size: f64) -> TextBox {
    TextBox {
        vertical: true,
        ..TextBox::middle(Para::new(Run::new(text, SLATE), size * 0.9).centered(), 0.0)
    }
}

fn content(people: &[Person], quadrant: Quadrant, size: f64, brand: &Brand, inset: f64) -> TextBox {
    let color = if quadrant == Quadrant::ManageClosely { brand.accent } else { SLATE };
    let mut paras = vec![Para::new(Run::new(quadrant.label(), color).bold(), size * 1.05).after(size * 0.35)];
    for person in people.iter().filter(|person| person.quadrant() == quadrant) {
        paras.push(Para::new(Run::new(&person.label, INK), size).after(size * 0.15));
    }
    TextBox { paras, valign: VAlign::Top, inset, ..TextBox::default() }
}
