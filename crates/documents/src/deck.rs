//! Slides laid out once, on a 960 × 540 point canvas; PDF and .pptx draw the same result.

mod boxes;
mod build;
mod forms;
mod grids;
mod lines;
mod pieces;

use crate::brand::{Brand, INK, PAPER, Rgb, SLATE};
use crate::model::{Align, Block, Document, Layout, plain};
use crate::scene::{Outline, Para, Run, Shape, TextBox, VAlign};
use build::Builder;
use pieces::Piece;

/// Slide width, points.
pub(crate) const WIDTH: f64 = 960.0;
/// Slide height, points.
pub(crate) const HEIGHT: f64 = 540.0;
const LEFT: f64 = 52.0;
const TOP: f64 = 118.0;
const BOTTOM: f64 = 492.0;

/// One finished slide.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slide {
    /// Its layout.
    pub(crate) layout: Layout,
    /// The title and where it stands.
    pub(crate) title: Shape,
    /// Everything else, back to front.
    pub(crate) items: Vec<Item>,
    /// Speaker notes, one paragraph each.
    pub(crate) notes: Vec<String>,
    /// Background colour.
    pub(crate) background: Rgb,
}

/// Something on a slide.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    /// A shape.
    Shape(Shape),
    /// A table.
    Grid(Grid),
}

/// A table with computed column widths and row heights.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grid {
    /// Left, points.
    pub(crate) x: f64,
    /// Top, points.
    pub(crate) y: f64,
    /// Column widths, points.
    pub(crate) columns: Vec<f64>,
    /// Row heights, points.
    pub(crate) heights: Vec<f64>,
    /// Whether the first row is a header.
    pub(crate) header: bool,
    /// Text size, points.
    pub(crate) size: f64,
    /// The cells.
    pub(crate) rows: Vec<Vec<Cell>>,
    /// What the table shows.
    pub(crate) name: String,
}

/// Distance of cell text to the cell's left and right edge, points.
pub(crate) const CELL_X: f64 = 6.0;
/// Distance of cell text to the cell's top and bottom edge, points.
pub(crate) const CELL_Y: f64 = 3.5;

/// One table cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    /// Its text.
    pub(crate) runs: Vec<Run>,
    /// Horizontal alignment.
    pub(crate) align: Align,
    /// Background.
    pub(crate) fill: Option<Rgb>,
}

impl Item {
    fn moved(self, dx: f64, dy: f64) -> Item {
        match self {
            Item::Shape(shape) => Item::Shape(shape.moved(dx, dy)),
            Item::Grid(grid) => Item::Grid(Grid { x: grid.x + dx, y: grid.y + dy, ..grid }),
        }
    }
}

/// Lays out a deck: a cover from the front matter, then every slide, continued where its text does not fit.
pub(crate) fn slides(document: &Document, brand: &Brand) -> Vec<Slide> {
    let mut out = Vec::new();
    if !document.head.title.is_empty() {
        out.push(cover(document, brand));
    }
    for blocks in document
        .blocks
        .split(|block| matches!(block, Block::Rule | Block::PageBreak))
        .filter(|blocks| !blocks.is_empty())
    {
        let source = Source::new(blocks);
        match source.layout {
            Layout::Section | Layout::Title => out.push(section(&source, brand)),
            Layout::Closing => out.extend(closing(&source, brand)),
            Layout::Content => out.extend(content(&source, brand)),
        }
    }
    if out.is_empty() {
        let empty = Source {
            layout: Layout::Section,
            title: brand.vendor_name.clone(),
            body: Vec::new(),
            notes: Vec::new(),
        };
        out.push(section(&empty, brand));
    }
    out
}

struct Source<'a> {
    layout: Layout,
    title: String,
    body: Vec<&'a Block>,
    notes: Vec<String>,
}

impl<'a> Source<'a> {
    fn new(blocks: &'a [Block]) -> Self {
        let mut source =
            Source { layout: Layout::Content, title: String::new(), body: Vec::new(), notes: Vec::new() };
        for block in blocks {
            match block {
                Block::Layout(layout) => source.layout = *layout,
                Block::Notes(body) => source.notes.extend(lines::lines(body)),
                Block::Heading { text, .. } if source.title.is_empty() => source.title = plain(text),
                other => source.body.push(other),
            }
        }
        source
    }
}

fn title_box(text: &str, rect: (f64, f64, f64, f64), size: f64, color: Rgb, valign: VAlign) -> Shape {
    let para = Para::new(Run::new(text, color).bold(), size);
    let fitted = TextBox { paras: vec![para], valign, ..TextBox::default() }.fit(rect.2, rect.3);
    Shape::text(rect, fitted).named("Title")
}

/// The title of the cover, sized as if its lines were a seventh shorter: a program that has another font than ours may
/// set it wider, and one line more would run over what stands above.
fn cover_title(text: &str) -> Shape {
    let rect = (LEFT + 12.0, 146.0, 620.0, 118.0);
    let para = Para::new(Run::new(text, Rgb::WHITE).bold(), 44.0);
    let fitted = TextBox { paras: vec![para], valign: VAlign::Bottom, ..TextBox::default() }
        .fit(rect.2 * 6.0 / 7.0, rect.3);
    Shape::text(rect, fitted).named("Title")
}

fn cover(document: &Document, brand: &Brand) -> Slide {
    let head = &document.head;
    let soft = brand.accent.mix(Rgb::WHITE, 0.80);
    let mut items = Vec::new();
    // Two quiet chevrons at the right edge give the cover its shape.
    let shade = brand.accent.mix(Rgb::BLACK, 0.14);
    items.push(Item::Shape(Shape::filled(Outline::Chevron, (700.0, 0.0, 330.0, HEIGHT), shade)));
    items.push(Item::Shape(Shape::filled(
        Outline::Chevron,
        (812.0, 0.0, 330.0, HEIGHT),
        brand.accent.mix(Rgb::BLACK, 0.24),
    )));
    if let Some(eyebrow) = &head.eyebrow {
        items.push(Item::Shape(Shape::label(
            (LEFT + 12.0, 118.0, 600.0, 22.0),
            &eyebrow.to_uppercase(),
            13.0,
            soft,
            true,
            Align::Left,
        )));
    }
    let title = cover_title(&head.title);
    if let Some(subtitle) = &head.subtitle {
        let para = Para::new(Run::new(subtitle, soft), 20.0);
        items.push(Item::Shape(Shape::text(
            (LEFT + 12.0, 278.0, 620.0, 56.0),
            TextBox { paras: vec![para], ..TextBox::default() }.fit(620.0, 56.0),
        )));
    }
    items.push(Item::Shape(Shape::filled(Outline::Rect, (LEFT + 12.0, 350.0, 48.0, 4.0), soft)));
    for (n, (label, value)) in head.meta.iter().take(6).enumerate() {
        let (col, row) = ((n % 3) as f64, (n / 3) as f64);
        let rect = (LEFT + 12.0 + col * 212.0, 384.0 + row * 58.0, 200.0, 48.0);
        let paras = vec![
            Para::new(Run::new(label, soft), 11.0).after(2.0),
            Para::new(Run::new(value, Rgb::WHITE).bold(), 14.0),
        ];
        items.push(Item::Shape(Shape::text(
            rect,
            TextBox { paras, ..TextBox::default() }.fit(rect.2, rect.3),
        )));
    }
    Slide { layout: Layout::Title, title, items, notes: Vec::new(), background: brand.accent }
}

fn section(source: &Source<'_>, brand: &Brand) -> Slide {
    let mut items = vec![Item::Shape(Shape::filled(Outline::Rect, (0.0, 0.0, 18.0, HEIGHT), brand.accent))];
    let title =
        title_box(&source.title, (LEFT + 24.0, 150.0, 760.0, 110.0), 38.0, brand.accent, VAlign::Bottom);
    let text: Vec<String> =
        source.body.iter().flat_map(|block| lines::lines(std::slice::from_ref(*block))).collect();
    if !text.is_empty() {
        let paras = text.into_iter().map(|line| Para::new(Run::new(line, SLATE), 18.0).after(6.0)).collect();
        items.push(Item::Shape(Shape::text(
            (LEFT + 24.0, 276.0, 760.0, 180.0),
            TextBox { paras, ..TextBox::default() }.fit(760.0, 180.0),
        )));
    }
    Slide { layout: Layout::Section, title, items, notes: source.notes.clone(), background: PAPER }
}

fn content(source: &Source<'_>, brand: &Brand) -> Vec<Slide> {
    let room = (WIDTH - 2.0 * LEFT, BOTTOM - TOP);
    let pages = flow(&source.body, room, brand);
    numbered(pages, |items, n, count| {
        let title = if n == 0 || source.title.is_empty() {
            source.title.clone()
        } else {
            format!("{} ({}/{count})", source.title, n + 1)
        };
        let mut all = vec![Item::Shape(Shape::filled(Outline::Rect, (LEFT, 36.0, 34.0, 4.0), brand.accent))];
        all.extend(items.into_iter().map(|item| item.moved(LEFT, TOP)));
        Slide {
            layout: Layout::Content,
            title: title_box(&title, (LEFT, 44.0, WIDTH - 2.0 * LEFT, 60.0), 27.0, INK, VAlign::Middle),
            items: all,
            notes: if n == 0 { source.notes.clone() } else { Vec::new() },
            background: Rgb::WHITE,
        }
    })
}

fn closing(source: &Source<'_>, brand: &Brand) -> Vec<Slide> {
    let panel = 300.0;
    let room = (WIDTH - panel - 44.0 - LEFT, BOTTOM - 56.0);
    let pages = flow(&source.body, room, brand);
    numbered(pages, |items, n, _| {
        let mut all =
            vec![Item::Shape(Shape::filled(Outline::Rect, (0.0, 0.0, panel, HEIGHT), brand.accent))];
        let used = items.iter().map(bottom).fold(0.0, f64::max);
        let top = 56.0 + ((room.1 - used) / 2.0).clamp(0.0, 60.0);
        all.extend(items.into_iter().map(|item| item.moved(panel + 44.0, top)));
        Slide {
            layout: Layout::Closing,
            title: title_box(
                &source.title,
                (36.0, 120.0, panel - 72.0, 300.0),
                34.0,
                Rgb::WHITE,
                VAlign::Middle,
            ),
            items: all,
            notes: if n == 0 { source.notes.clone() } else { Vec::new() },
            background: Rgb::WHITE,
        }
    })
}

fn bottom(item: &Item) -> f64 {
    match item {
        Item::Shape(shape) => shape.y + shape.h,
        Item::Grid(grid) => grid.y + grid.heights.iter().sum::<f64>(),
    }
}

fn numbered(pages: Vec<Vec<Item>>, build: impl Fn(Vec<Item>, usize, usize) -> Slide) -> Vec<Slide> {
    let count = pages.len();
    pages.into_iter().enumerate().map(|(n, items)| build(items, n, count)).collect()
}

/// Flows blocks into a room: as large as fits up to a third above normal size, smaller down to three quarters, then over several slides.
fn flow(blocks: &[&Block], (w, h): (f64, f64), brand: &Brand) -> Vec<Vec<Item>> {
    for scale in [1.35, 1.22, 1.1, 1.0, 0.93, 0.86, 0.8, 0.75] {
        let pieces = Builder { brand, scale, room: h }.build(blocks, w);
        if pieces::height(&pieces, w, scale) <= h {
            return vec![pieces::spread(pieces, w, h, scale)];
        }
    }
    let scale = 0.86;
    let pieces = Builder { brand, scale, room: h }.build(blocks, w);
    paginate(pieces, w, h, scale).into_iter().map(|page| pieces::place(page, w, h, scale)).collect()
}

fn paginate(pieces: Vec<Piece>, w: f64, h: f64, scale: f64) -> Vec<Vec<Piece>> {
    let mut pages = vec![Vec::new()];
    let mut queue: std::collections::VecDeque<Piece> = pieces.into();
    while let Some(piece) = queue.pop_front() {
        let Some(page) = pages.last_mut() else { break };
        let before = pieces::height(page, w, scale);
        page.push(piece);
        if pieces::height(page, w, scale) <= h {
            continue;
        }
        let Some(piece) = page.pop() else { break };
        let gap = if page.is_empty() { 0.0 } else { 14.0 * scale };
        match piece.split(h - before - gap) {
            Ok((first, rest)) => {
                page.push(first);
                queue.push_front(rest);
                pages.push(Vec::new());
            }
            Err(whole) if page.is_empty() => {
                page.push(*whole);
                if !queue.is_empty() {
                    pages.push(Vec::new());
                }
            }
            Err(whole) => {
                // A subhead never stays behind alone.
                let mut next = Vec::new();
                if page.len() > 1 && page.last().is_some_and(Piece::is_heading) {
                    next.extend(page.pop());
                }
                pages.push(next);
                queue.push_front(*whole);
            }
        }
    }
    pages.retain(|page| !page.is_empty());
    if pages.is_empty() {
        pages.push(Vec::new());
    }
    pages
}
