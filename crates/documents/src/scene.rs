//! Drawings as plain shapes in points, laid out once and rendered as SVG, into PDF, and as native slide shapes.

use serde::Serialize;

use crate::brand::Rgb;
use crate::model::Align;

/// A drawing with its origin at the top left.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Scene {
    /// Width in points.
    pub(crate) w: f64,
    /// Height in points.
    pub(crate) h: f64,
    /// What to draw, back to front.
    pub(crate) shapes: Vec<Shape>,
}

/// The outline of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outline {
    /// Rectangle.
    Rect,
    /// Rectangle with small round corners.
    Round,
    /// Chevron with a notch at its left.
    Chevron,
    /// Chevron with a straight left side.
    Pentagon,
    /// Diamond.
    Diamond,
    /// Ellipse in the box.
    Circle,
    /// Line from the top left to the bottom right of the box.
    Line,
}

/// One shape.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shape {
    /// Its outline.
    pub(crate) outline: Outline,
    /// Left, points.
    pub(crate) x: f64,
    /// Top, points.
    pub(crate) y: f64,
    /// Width, points.
    pub(crate) w: f64,
    /// Height, points.
    pub(crate) h: f64,
    /// Fill colour.
    pub(crate) fill: Option<Rgb>,
    /// Line colour and width in points.
    pub(crate) stroke: Option<(Rgb, f64)>,
    /// Whether the line is dashed.
    pub(crate) dash: bool,
    /// Text inside the box.
    pub(crate) text: Option<TextBox>,
    /// What the shape shows, for people who cannot see it.
    pub(crate) name: String,
}

/// Vertical alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "lowercase")]
pub(crate) enum VAlign {
    /// At the top.
    #[default]
    Top,
    /// In the middle.
    Middle,
    /// At the bottom.
    Bottom,
}

/// Paragraphs inside a box.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct TextBox {
    /// The paragraphs.
    pub(crate) paras: Vec<Para>,
    /// Vertical alignment.
    pub(crate) valign: VAlign,
    /// Distance to the box on every side, points.
    pub(crate) inset: f64,
    /// Whether the text reads from bottom to top.
    pub(crate) vertical: bool,
    /// Whether the text stays on one line, even where a face is wider than estimated.
    pub(crate) one_line: bool,
}

/// What stands before a paragraph.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Bullet {
    /// A dot.
    Dot,
    /// A number or checkbox, as text.
    Label(String),
}

/// One paragraph.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Para {
    /// Its runs.
    pub(crate) runs: Vec<Run>,
    /// Text size, points.
    pub(crate) size: f64,
    /// Horizontal alignment.
    pub(crate) align: Align,
    /// What stands before it.
    pub(crate) bullet: Option<Bullet>,
    /// Depth in nested lists.
    pub(crate) level: u8,
    /// Space below, points.
    pub(crate) after: f64,
}

/// Text of one style.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    /// The text; `"\n"` breaks the line.
    pub(crate) text: String,
    /// Bold.
    pub(crate) bold: bool,
    /// Italic.
    pub(crate) italic: bool,
    /// Struck through.
    pub(crate) strike: bool,
    /// Colour.
    pub(crate) color: Rgb,
    /// Link target.
    pub(crate) href: Option<String>,
}

/// Line height as a multiple of the text size.
pub(crate) const LEADING: f64 = 1.25;

impl Run {
    /// A plain run.
    pub(crate) fn new(text: impl Into<String>, color: Rgb) -> Self {
        Run { text: text.into(), bold: false, italic: false, strike: false, color, href: None }
    }

    /// The same run in bold.
    pub(crate) fn bold(mut self) -> Self {
        self.bold = true;
        self
    }
}

impl Para {
    /// A left-aligned paragraph of one run.
    pub(crate) fn new(run: Run, size: f64) -> Self {
        Para { runs: vec![run], size, align: Align::Left, bullet: None, level: 0, after: 0.0 }
    }

    /// The same paragraph, centred.
    pub(crate) fn centered(mut self) -> Self {
        self.align = Align::Center;
        self
    }

    /// The same paragraph with space below it.
    pub(crate) fn after(mut self, points: f64) -> Self {
        self.after = points;
        self
    }

    /// How far the text starts from the left of its box.
    pub(crate) fn indent(&self) -> f64 {
        let step = self.size * 1.1;
        f64::from(self.level) * step + if self.bullet.is_some() { step } else { 0.0 }
    }

    /// The whole text.
    pub(crate) fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    /// Lines the paragraph takes in a width.
    pub(crate) fn lines(&self, width: f64) -> usize {
        let bold = self.runs.iter().any(|run| run.bold);
        crate::text::wrap(&self.text(), self.size, bold, (width - self.indent()).max(self.size)).len()
    }

    /// Height in a width, with the space below.
    pub(crate) fn height(&self, width: f64) -> f64 {
        self.lines(width) as f64 * self.size * LEADING + self.after
    }
}

impl TextBox {
    /// One paragraph, in the middle.
    pub(crate) fn middle(para: Para, inset: f64) -> Self {
        TextBox { paras: vec![para], valign: VAlign::Middle, inset, ..TextBox::default() }
    }

    /// Height of the paragraphs in a box of a width, with insets.
    pub(crate) fn height(&self, width: f64) -> f64 {
        self.paras.iter().map(|para| para.height(width - 2.0 * self.inset)).sum::<f64>() + 2.0 * self.inset
    }

    /// Shrinks the text until it fits the box, down to a floor of 6 points.
    pub(crate) fn fit(mut self, width: f64, height: f64) -> Self {
        for _ in 0..24 {
            let longest_word = self.paras.iter().all(|para| {
                para.text().split_whitespace().all(|word| {
                    crate::text::width(word, para.size, true) <= width - 2.0 * self.inset - para.indent()
                })
            });
            if (self.height(width) <= height + 0.5 && longest_word)
                || self.paras.iter().all(|para| para.size <= 6.0)
            {
                break;
            }
            for para in &mut self.paras {
                para.size = (para.size * 0.95).max(6.0);
                para.after *= 0.95;
            }
        }
        self
    }
}

impl Shape {
    /// A filled shape.
    pub(crate) fn filled(outline: Outline, (x, y, w, h): (f64, f64, f64, f64), fill: Rgb) -> Self {
        Shape {
            outline,
            x,
            y,
            w,
            h,
            fill: Some(fill),
            stroke: None,
            dash: false,
            text: None,
            name: String::new(),
        }
    }

    /// A line.
    pub(crate) fn line((x1, y1): (f64, f64), (x2, y2): (f64, f64), color: Rgb, width: f64) -> Self {
        let (x, y, w, h) = (x1.min(x2), y1.min(y2), (x2 - x1).abs(), (y2 - y1).abs());
        Shape {
            outline: Outline::Line,
            x,
            y,
            w,
            h,
            fill: None,
            stroke: Some((color, width)),
            dash: false,
            text: None,
            name: String::new(),
        }
    }

    /// A box with text and nothing else.
    pub(crate) fn text((x, y, w, h): (f64, f64, f64, f64), text: TextBox) -> Self {
        Shape {
            outline: Outline::Rect,
            x,
            y,
            w,
            h,
            fill: None,
            stroke: None,
            dash: false,
            text: Some(text),
            name: String::new(),
        }
    }

    /// A single line of text, cut to fit the box's width.
    pub(crate) fn label(
        rect: (f64, f64, f64, f64),
        text: &str,
        size: f64,
        color: Rgb,
        bold: bool,
        align: Align,
    ) -> Self {
        let cut = crate::text::ellipsis(text, size, bold, rect.2);
        let run = Run { bold, ..Run::new(cut, color) };
        Shape::text(
            rect,
            TextBox { one_line: true, ..TextBox::middle(Para { align, ..Para::new(run, size) }, 0.0) },
        )
    }

    /// The same shape with text inside.
    pub(crate) fn with_text(mut self, text: TextBox) -> Self {
        self.text = Some(text);
        self
    }

    /// The same shape with an outline colour.
    pub(crate) fn with_stroke(mut self, color: Rgb, width: f64) -> Self {
        self.stroke = Some((color, width));
        self
    }

    /// The same shape, described.
    pub(crate) fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The same shape, moved.
    pub(crate) fn moved(mut self, dx: f64, dy: f64) -> Self {
        self.x += dx;
        self.y += dy;
        self
    }
}

/// Runs of a model text in one colour.
pub(crate) fn runs(inlines: &[crate::model::Inline], color: Rgb, link: Rgb) -> Vec<Run> {
    crate::model::spans(inlines)
        .into_iter()
        .map(|span| Run {
            text: span.text.to_owned(),
            bold: span.bold,
            italic: span.italic,
            strike: span.strike,
            color: if span.href.is_some() { link } else { color },
            href: span.href.map(str::to_owned),
        })
        .collect()
}

/// The corners of a polygonal outline.
pub(crate) fn corners(shape: &Shape) -> Vec<(f64, f64)> {
    let Shape { x, y, w, h, .. } = *shape;
    let point = (h * 0.28).min(w * 0.5);
    match shape.outline {
        Outline::Diamond => {
            vec![(x + w / 2.0, y), (x + w, y + h / 2.0), (x + w / 2.0, y + h), (x, y + h / 2.0)]
        }
        Outline::Chevron => vec![
            (x, y),
            (x + w - point, y),
            (x + w, y + h / 2.0),
            (x + w - point, y + h),
            (x, y + h),
            (x + point, y + h / 2.0),
        ],
        Outline::Pentagon => {
            vec![(x, y), (x + w - point, y), (x + w, y + h / 2.0), (x + w - point, y + h), (x, y + h)]
        }
        _ => vec![(x, y), (x + w, y), (x + w, y + h), (x, y + h)],
    }
}
