//! Dated points on a horizontal line, labels above and below in turn.

use super::Canvas;
use crate::brand::{Brand, INK, LINE, Rgb, SLATE};
use crate::directive::{PlanKind, TimelinePoint, Tone};
use crate::model::Align;
use crate::scene::{Outline, Para, Run, Scene, Shape, TextBox, VAlign};
use crate::text;

/// The most points on one line; more take further lines.
const PER_ROW: usize = 7;

/// Draws the points in date order, evenly spaced so that labels never collide; the dates carry the distance.
pub(crate) fn draw(points: &[TimelinePoint], canvas: Canvas, brand: &Brand) -> Scene {
    let mut sorted: Vec<&TimelinePoint> = points.iter().collect();
    sorted.sort_by_key(|point| point.date);
    if sorted.is_empty() {
        return Scene { w: canvas.w, h: 0.0, shapes: Vec::new() };
    }
    let size = canvas.size;
    let rows = sorted.len().div_ceil(PER_ROW);
    let per_row = sorted.len().div_ceil(rows);
    let step = canvas.w / per_row as f64;
    let mut shapes = Vec::new();
    let mut y = 0.0;
    for chunk in sorted.chunks(per_row) {
        let axis = y + size * 2.6;
        let d = size * 1.15;
        shapes.push(Shape::line((0.0, axis), (canvas.w, axis), LINE, 2.0));
        let mut deepest: f64 = 0.0;
        for (n, point) in chunk.iter().enumerate() {
            let cx = step * (n as f64 + 0.5);
            let tone = if point.tone == Tone::Neutral { Tone::Accent } else { point.tone };
            let fill = brand.strong(tone);
            let outline = if point.kind == PlanKind::Gate { Outline::Diamond } else { Outline::Circle };
            let name = format!("{}: {}, {}", point.kind.label(), point.label, text::day(point.date));
            let solid = matches!(point.kind, PlanKind::Gate | PlanKind::Milestone);
            let dot = Shape::filled(
                outline,
                (cx - d / 2.0, axis - d / 2.0, d, d),
                if solid { fill } else { Rgb::WHITE },
            );
            shapes.push(dot.with_stroke(fill, 1.6).named(name));
            shapes.push(Shape::label(
                (cx - step / 2.0, y, step, size * 1.5),
                &text::day(point.date),
                size * 0.9,
                fill,
                true,
                Align::Center,
            ));
            let w = step - size * 0.7;
            let mut paras = vec![Para::new(Run::new(&point.label, INK), size).centered()];
            if !matches!(point.kind, PlanKind::Milestone) {
                paras.push(Para::new(Run::new(point.kind.label(), SLATE), size * 0.82).centered());
            }
            let label = TextBox { paras, valign: VAlign::Top, ..TextBox::default() }.fit(w, size * 7.0);
            let h = label.height(w);
            deepest = deepest.max(h);
            shapes.push(Shape::text((cx - w / 2.0, axis + size * 0.95, w, h), label));
        }
        y = axis + size * 0.95 + deepest + size * 0.9;
    }
    Scene { w: canvas.w, h: y, shapes }
}
