//! Chevron strip of phases.

use super::Canvas;
use crate::brand::{Brand, INK, PAPER, Rgb, SLATE};
use crate::directive::{Phase, Tone};
use crate::scene::{Outline, Para, Run, Scene, Shape, TextBox, VAlign};

/// The most chevrons in one row; more wrap to further rows.
const PER_ROW: usize = 7;

/// Draws the strip; more than seven phases take several rows of even length.
pub(crate) fn draw(phases: &[Phase], canvas: Canvas, brand: &Brand) -> Scene {
    let size = canvas.size;
    if phases.is_empty() {
        return Scene { w: canvas.w, h: 0.0, shapes: Vec::new() };
    }
    let rows = phases.len().div_ceil(PER_ROW);
    let per_row = phases.len().div_ceil(rows);
    let step = canvas.w / per_row as f64;
    let gap = size * 0.35;
    let chevron_h = size * 4.0;
    let point = chevron_h * 0.28;
    let mut shapes = Vec::new();
    let mut y = 0.0;
    for (row, chunk) in phases.chunks(per_row).enumerate() {
        let mut detail_h: f64 = 0.0;
        for (n, phase) in chunk.iter().enumerate() {
            let x = n as f64 * step;
            let first = row == 0 && n == 0;
            let w = step + point * 0.72 - gap;
            let w = if n + 1 == per_row { step } else { w };
            let (fill, ink) = colors(phase.tone, brand);
            let outline = if first { Outline::Pentagon } else { Outline::Chevron };
            let name = [Some(phase.label.as_str()), phase.window.as_deref()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", ");
            shapes.push(Shape::filled(outline, (x, y, w, chevron_h), fill).named(format!("Phase: {name}")));
            let inner_x = x + if first { size * 0.5 } else { point * 1.15 };
            let inner_w = (x + w - point * 0.9 - inner_x).max(size * 2.0);
            let mut paras = vec![Para::new(Run::new(&phase.label, ink).bold(), size).centered()];
            if let Some(window) = &phase.window {
                paras.push(Para::new(Run::new(window, ink), size * 0.85).centered());
            }
            let text = TextBox { paras, valign: VAlign::Middle, ..TextBox::default() }
                .fit(inner_w, chevron_h - size * 0.4);
            shapes.push(Shape::text((inner_x, y, inner_w, chevron_h), text));
            if let Some(detail) = &phase.detail {
                let para = Para::new(Run::new(detail, SLATE), size * 0.9);
                let detail_w = step - size * 0.8;
                let h = para.height(detail_w);
                detail_h = detail_h.max(h + size * 0.5);
                let text = TextBox { paras: vec![para], valign: VAlign::Top, ..TextBox::default() };
                shapes.push(Shape::text((x + size * 0.2, y + chevron_h + size * 0.5, detail_w, h), text));
            }
        }
        y += chevron_h + detail_h + size * 0.6;
    }
    Scene { w: canvas.w, h: y - size * 0.2, shapes }
}

fn colors(tone: Tone, brand: &Brand) -> (Rgb, Rgb) {
    match tone {
        Tone::Neutral => (PAPER.mix(brand.accent, 0.10), INK),
        other => (brand.strong(other), Rgb::WHITE),
    }
}
