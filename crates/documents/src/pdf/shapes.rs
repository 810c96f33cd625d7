//! Drawings and slides as the JSON the typst programs read.

use serde_json::{Map, Value, json};

use super::data::{align_name, common};
use crate::brand::{Brand, SLATE};
use crate::deck::{CELL_X, CELL_Y, Item, Slide, WIDTH, slides};
use crate::model::{Align, Document, Layout};
use crate::scene::{Bullet, Outline, Para, Run, Scene, Shape, TextBox, corners};

/// A drawing.
pub(super) fn scene(scene: &Scene) -> Value {
    json!({"w": round(scene.w), "h": round(scene.h), "s": scene.shapes.iter().map(shape).collect::<Vec<_>>()})
}

/// Everything `slides.typ` needs.
pub(super) fn deck(document: &Document, brand: &Brand) -> Value {
    let mut data = common(document, brand);
    let footer = data.get("footer").and_then(Value::as_str).unwrap_or("").to_owned();
    let slides: Vec<Value> = slides(document, brand)
        .iter()
        .enumerate()
        .map(|(n, slide)| {
            let mut items: Vec<Value> = slide.items.iter().map(item).collect();
            items.push(shape(&slide.title));
            if !matches!(slide.layout, Layout::Title) {
                items.extend(chrome(slide, n + 1, &footer).iter().map(shape));
            }
            let title: String =
                slide.title.text.iter().flat_map(|text| &text.paras).map(Para::text).collect();
            json!({"bg": slide.background.css(), "title": title, "items": items})
        })
        .collect();
    data.insert("slides".into(), Value::Array(slides));
    Value::Object(data)
}

/// Footer and slide number.
fn chrome(slide: &Slide, number: usize, footer: &str) -> Vec<Shape> {
    let left = if slide.layout == Layout::Closing { 344.0 } else { 52.0 };
    vec![
        Shape::label((left, 508.0, 500.0, 16.0), footer, 9.5, SLATE, false, Align::Left),
        Shape::label(
            (WIDTH - 112.0, 508.0, 60.0, 16.0),
            &number.to_string(),
            9.5,
            SLATE,
            false,
            Align::Right,
        ),
    ]
}

fn item(item: &Item) -> Value {
    match item {
        Item::Shape(one) => shape(one),
        Item::Grid(grid) => {
            let cell = |cell: &crate::deck::Cell| {
                let mut out = Map::new();
                out.insert("al".into(), json!(align_name(cell.align)));
                if let Some(fill) = cell.fill {
                    out.insert("f".into(), json!(fill.css()));
                }
                out.insert("r".into(), runs(&cell.runs));
                Value::Object(out)
            };
            let rows: Vec<Vec<Value>> = grid.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
            json!({
                "x": round(grid.x), "y": round(grid.y), "w": round(grid.columns.iter().sum::<f64>()), "cols": grid.columns, "hs": grid.heights,
                "size": grid.size, "pad": CELL_X, "padv": CELL_Y, "header": grid.header, "rows": rows,
            })
        }
    }
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// One shape.
fn shape(shape: &Shape) -> Value {
    let mut out = Map::new();
    out.insert("o".into(), json!(shape.outline));
    for (key, value) in [("x", shape.x), ("y", shape.y), ("w", shape.w), ("h", shape.h)] {
        out.insert(key.into(), json!(round(value)));
    }
    if let Some(fill) = shape.fill {
        out.insert("f".into(), json!(fill.css()));
    }
    if let Some((color, width)) = shape.stroke {
        out.insert("k".into(), json!(color.css()));
        out.insert("kw".into(), json!(width));
    }
    if shape.dash {
        out.insert("d".into(), json!(1));
    }
    if matches!(shape.outline, Outline::Chevron | Outline::Pentagon | Outline::Diamond) {
        let points: Vec<[f64; 2]> =
            corners(shape).into_iter().map(|(x, y)| [round(x - shape.x), round(y - shape.y)]).collect();
        out.insert("pts".into(), json!(points));
    }
    if let Some(text) = &shape.text {
        out.insert("t".into(), textbox(text));
    }
    Value::Object(out)
}

fn textbox(text: &TextBox) -> Value {
    let mut out = Map::new();
    out.insert("v".into(), json!(text.valign));
    out.insert("i".into(), json!(text.inset));
    if text.vertical {
        out.insert("vert".into(), json!(1));
    }
    if text.one_line {
        out.insert("one".into(), json!(1));
    }
    out.insert("p".into(), Value::Array(text.paras.iter().map(para).collect()));
    Value::Object(out)
}

fn para(para: &Para) -> Value {
    let mut out = Map::new();
    out.insert("s".into(), json!(round(para.size)));
    out.insert("al".into(), json!(align_name(para.align)));
    out.insert("l".into(), json!(para.level));
    out.insert("a".into(), json!(round(para.after)));
    match &para.bullet {
        Some(Bullet::Dot) => drop(out.insert("b".into(), json!("•"))),
        Some(Bullet::Label(label)) => drop(out.insert("b".into(), json!(label))),
        None => {}
    }
    out.insert("r".into(), runs(&para.runs));
    Value::Object(out)
}

/// Runs with their colours.
pub(super) fn runs(list: &[Run]) -> Value {
    let one = |run: &Run| {
        let mut out = Map::new();
        out.insert("t".into(), json!(run.text));
        for (key, on) in [("b", run.bold), ("i", run.italic), ("s", run.strike)] {
            if on {
                out.insert(key.into(), json!(1));
            }
        }
        out.insert("c".into(), json!(run.color.css()));
        if let Some(href) = run.href.as_ref().filter(|href| href.contains(':') && !href.starts_with('#')) {
            out.insert("h".into(), json!(href));
        }
        Value::Object(out)
    };
    Value::Array(list.iter().map(one).collect())
}
