//! A drawing as inline SVG.

use std::fmt::Write;

use crate::model::Align;
use crate::scene::{LEADING, Outline, Para, Scene, Shape, TextBox, VAlign, corners};
use crate::text::{width, wrap, xml};

/// The drawing as an `<svg>` element that scales with its container. `alt` becomes its accessible name.
pub(crate) fn svg(scene: &Scene, alt: &str) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {} {}\" width=\"{}\" height=\"{}\">",
        xml(alt),
        n(scene.w),
        n(scene.h),
        n(scene.w),
        n(scene.h)
    );
    for shape in &scene.shapes {
        draw(shape, &mut out);
    }
    out.push_str("</svg>");
    out
}

/// A length with at most two decimals and no trailing zeros.
fn n(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn draw(shape: &Shape, out: &mut String) {
    let Shape { x, y, w, h, .. } = *shape;
    if shape.fill.is_some() || shape.stroke.is_some() {
        let mut style = format!(" fill=\"{}\"", shape.fill.map_or("none".into(), |fill| fill.css()));
        if let Some((color, wide)) = shape.stroke {
            let _ = write!(style, " stroke=\"{}\" stroke-width=\"{}\"", color.css(), n(wide));
            if shape.dash {
                style.push_str(" stroke-dasharray=\"3 2\"");
            }
        }
        let title = if shape.name.is_empty() {
            String::new()
        } else {
            format!("<title>{}</title>", xml(&shape.name))
        };
        let _ = match shape.outline {
            Outline::Rect => write!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{style}>{title}</rect>",
                n(x),
                n(y),
                n(w),
                n(h)
            ),
            Outline::Round => write!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2.5\"{style}>{title}</rect>",
                n(x),
                n(y),
                n(w),
                n(h)
            ),
            Outline::Circle => {
                write!(
                    out,
                    "<ellipse cx=\"{}\" cy=\"{}\" rx=\"{}\" ry=\"{}\"{style}>{title}</ellipse>",
                    n(x + w / 2.0),
                    n(y + h / 2.0),
                    n(w / 2.0),
                    n(h / 2.0)
                )
            }
            Outline::Line => write!(
                out,
                "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"{style}>{title}</line>",
                n(x),
                n(y),
                n(x + w),
                n(y + h)
            ),
            Outline::Diamond | Outline::Chevron | Outline::Pentagon => {
                let points: Vec<String> =
                    corners(shape).iter().map(|(px, py)| format!("{},{}", n(*px), n(*py))).collect();
                write!(out, "<polygon points=\"{}\"{style}>{title}</polygon>", points.join(" "))
            }
        };
    }
    if let Some(text) = &shape.text {
        text_box(shape, text, out);
    }
}

fn text_box(shape: &Shape, text: &TextBox, out: &mut String) {
    let (w, h) = if text.vertical { (shape.h, shape.w) } else { (shape.w, shape.h) };
    let inner = w - 2.0 * text.inset;
    let total: f64 = text.paras.iter().map(|para| para.height(inner)).sum();
    let mut y = match text.valign {
        VAlign::Top => shape.y + text.inset,
        VAlign::Middle => shape.y + (h - total) / 2.0,
        VAlign::Bottom => shape.y + h - text.inset - total,
    };
    if text.vertical {
        let (cx, cy) = (shape.x + shape.w / 2.0, shape.y + shape.h / 2.0);
        let _ = write!(
            out,
            "<g transform=\"rotate(-90 {} {}) translate({} {})\">",
            n(cx),
            n(cy),
            n((shape.w - w) / 2.0),
            n((shape.h - h) / 2.0)
        );
    }
    for para in &text.paras {
        y = paragraph(shape.x + text.inset, y, inner, para, out);
    }
    if text.vertical {
        out.push_str("</g>");
    }
}

fn paragraph(x: f64, y: f64, w: f64, para: &Para, out: &mut String) -> f64 {
    let bold = para.runs.iter().any(|run| run.bold);
    let color = para.runs.first().map_or(String::new(), |run| run.color.css());
    let lines = wrap(&para.text(), para.size, bold, (w - para.indent()).max(para.size));
    let (anchor, ax) = match para.align {
        Align::Left => ("start", x + para.indent()),
        Align::Center => ("middle", x + w / 2.0),
        Align::Right => ("end", x + w),
    };
    let weight = if bold { " font-weight=\"600\"" } else { "" };
    let count = lines.len();
    for (at, line) in lines.iter().enumerate() {
        let baseline = y + para.size * LEADING * at as f64 + para.size * 0.97;
        // Browsers' fallback faces may be wider than estimated: squeeze rather than overlap.
        let estimated = width(line, para.size, bold);
        let squeeze = if estimated > w * 0.985 && estimated <= w + 0.5 {
            format!(" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"", n(estimated.min(w)))
        } else {
            String::new()
        };
        let _ = write!(
            out,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{color}\" text-anchor=\"{anchor}\"{weight}{squeeze}>{}</text>",
            n(ax),
            n(baseline),
            n(para.size),
            xml(line)
        );
    }
    y + count as f64 * para.size * LEADING + para.after
}
