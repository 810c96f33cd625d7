//! Chevron strip of phases.

use super::Canvas;
use crate::brand::{Brand, INK, PAPER, Rgb, SLATE};
use crate::directive::{Phase, Tone};
use crate::scene::{LEADING, Outline, Para, Run, Scene, Shape, TextBox, VAlign};
use crate::text::width;

/// The most chevrons in one row; more wrap to further rows.
const PER_ROW: usize = 7;
/// How far names may shrink before the strip takes another row, as a share of the normal size.
const SMALLEST: f64 = 0.8;

/// How the chevrons of a strip are laid out; all of them share one text size.
struct Layout {
    per_row: usize,
    /// Width of one chevron and distance from one to the next, points.
    width: f64,
    step: f64,
    /// Width of the text inside.
    inner: f64,
    height: f64,
    text: f64,
}

/// Draws the strip: names on at most two lines, whole words, and as many rows as that takes.
pub(crate) fn draw(phases: &[Phase], canvas: Canvas, brand: &Brand) -> Scene {
    if phases.is_empty() {
        return Scene { w: canvas.w, h: 0.0, shapes: Vec::new() };
    }
    let size = canvas.size;
    let layout = layout(phases, canvas);
    let point = layout.height * POINT;
    let mut shapes = Vec::new();
    let mut y = 0.0;
    for (row, chunk) in phases.chunks(layout.per_row).enumerate() {
        let mut below: f64 = 0.0;
        for (n, phase) in chunk.iter().enumerate() {
            let x = n as f64 * layout.step;
            let (fill, ink) = colors(phase.tone, brand);
            let outline = if row == 0 && n == 0 { Outline::Pentagon } else { Outline::Chevron };
            let name = [Some(phase.label.as_str()), phase.window.as_deref(), phase.dates.as_deref()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", ");
            shapes.push(
                Shape::filled(outline, (x, y, layout.width, layout.height), fill)
                    .named(format!("Phase: {name}")),
            );
            let text = TextBox {
                paras: inside(phase, layout.text, ink),
                valign: VAlign::Middle,
                ..TextBox::default()
            }
            .fit(layout.inner, layout.height);
            shapes.push(Shape::text((x + point, y, layout.inner, layout.height), text));
            let paras = under(phase, size);
            if !paras.is_empty() {
                let text = TextBox { paras, ..TextBox::default() };
                let w = layout.step - size * 0.8;
                let h = text.height(w);
                below = below.max(h + size * 0.5);
                let left = if row == 0 && n == 0 { size * 0.2 } else { point };
                shapes.push(Shape::text((x + left, y + layout.height + size * 0.5, w, h), text));
            }
        }
        y += layout.height + below + size * 0.6;
    }
    Scene { w: canvas.w, h: y - size * 0.2, shapes }
}

/// Depth of a chevron's point as a share of its height.
const POINT: f64 = 0.28;

fn layout(phases: &[Phase], canvas: Canvas) -> Layout {
    let size = canvas.size;
    let least = phases.len().div_ceil(PER_ROW);
    for rows in least..=phases.len().min(least + 3) {
        let per_row = phases.len().div_ceil(rows);
        let mut text = size;
        while text >= size * SMALLEST {
            let tried = with(phases, canvas, per_row, text);
            if phases.iter().all(|phase| fits(phase, &tried)) {
                return tried;
            }
            text -= size * 0.04;
        }
    }
    with(phases, canvas, phases.len().div_ceil(least), size * SMALLEST)
}

fn with(phases: &[Phase], canvas: Canvas, per_row: usize, text: f64) -> Layout {
    let size = canvas.size;
    let window = if phases.iter().any(|phase| phase.window.is_some()) { text * 0.85 * LEADING } else { 0.0 };
    let height = (2.0 * text * LEADING + window + size * 0.6).max(size * 3.0);
    let point = height * POINT;
    let overlap = point * 0.72 - size * 0.1;
    let count = per_row as f64;
    let width = (canvas.w + (count - 1.0) * overlap) / count;
    let inner = (width - 1.6 * point).max(size * 2.0);
    Layout { per_row, width, step: width - overlap, inner, height, text }
}

fn fits(phase: &Phase, layout: &Layout) -> bool {
    let label = Para::new(Run::new(&phase.label, INK).bold(), layout.text);
    let words = phase.label.split_whitespace().all(|word| width(word, layout.text, true) <= layout.inner);
    let window =
        phase.window.as_deref().is_none_or(|window| width(window, layout.text * 0.85, false) <= layout.inner);
    words && window && label.lines(layout.inner) <= 2
}

fn inside(phase: &Phase, size: f64, ink: Rgb) -> Vec<Para> {
    let mut paras = vec![Para::new(Run::new(&phase.label, ink).bold(), size).centered()];
    paras
        .extend(phase.window.as_ref().map(|window| Para::new(Run::new(window, ink), size * 0.85).centered()));
    paras
}

fn under(phase: &Phase, size: f64) -> Vec<Para> {
    let dates = phase.dates.as_ref().map(|dates| Para::new(Run::new(dates, INK), size * 0.85));
    let detail = phase.detail.as_ref().map(|detail| Para::new(Run::new(detail, SLATE), size * 0.9));
    dates.into_iter().chain(detail).collect()
}

fn colors(tone: Tone, brand: &Brand) -> (Rgb, Rgb) {
    match tone {
        Tone::Neutral => (PAPER.mix(brand.accent, 0.10), INK),
        other => (brand.strong(other), Rgb::WHITE),
    }
}
