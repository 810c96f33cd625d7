//! Gantt chart: labels left, bars right, weeks and months on top.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Canvas;
use crate::brand::{Brand, INK, LINE, PAPER, Rgb, SLATE};
use crate::directive::{Gantt, GanttRow, PlanKind, Side, Tone};
use crate::model::Align;
use crate::scene::{LEADING, Outline, Para, Run, Scene, Shape, TextBox};
use crate::text;

/// Colours of a row: phases in ink, critical work in the bad tone, then by side.
pub(crate) fn color(row: &GanttRow, brand: &Brand) -> Rgb {
    if row.kind == PlanKind::Phase {
        return SLATE.mix(INK, 0.5);
    }
    if row.critical {
        return brand.strong(Tone::Bad);
    }
    match row.side {
        Some(Side::Customer) => Rgb(0x8a, 0x97, 0xa8),
        Some(Side::Joint) => brand.accent.mix(Rgb::WHITE, 0.35),
        Some(Side::Vendor) | None => brand.accent,
    }
}

struct Axis {
    start: Date,
    days: f64,
    x: f64,
    w: f64,
    /// Where the lines of marked days stand.
    lines: Vec<f64>,
}

impl Axis {
    fn at(&self, date: Date) -> f64 {
        let day = f64::from((date - self.start).get_days());
        self.x + self.w * (day / self.days).clamp(0.0, 1.0)
    }

    fn end_of(&self, date: Date) -> f64 {
        date.checked_add(1.day()).map_or(self.x + self.w, |next| self.at(next))
    }
}

/// Height of the axis (months and weeks), and of the line below it that names marked days, in text sizes.
const HEADER: f64 = 2.5;
const MARKS: f64 = 1.2;

/// How many rows fit a height.
pub(crate) fn capacity(height: f64, size: f64) -> usize {
    (((height - size * (HEADER + MARKS) - size * 2.4) / (size * 1.45)).floor().max(1.0)) as usize
}

/// Draws `rows` of the chart on the whole chart's axis.
pub(crate) fn draw(chart: &Gantt, rows: &[GanttRow], canvas: Canvas, brand: &Brand) -> Scene {
    let Some((start, end)) = chart.range() else {
        return Scene { w: canvas.w, h: 0.0, shapes: Vec::new() };
    };
    let size = canvas.size;
    let marked = marks(chart, brand);
    let axis_h = size * HEADER;
    let header = axis_h + if marked.is_empty() { 0.0 } else { size * MARKS };
    let legend = size * 2.4;
    let natural = size * 2.0;
    let row_h = match canvas.h {
        Some(h) => ((h - header - legend) / rows.len().max(1) as f64).clamp(size * 1.3, size * 2.6),
        None => natural,
    };
    let widest = rows
        .iter()
        .map(|row| text::width(&row.label, size, row.kind == PlanKind::Phase) + f64::from(row.indent) * size)
        .fold(0.0, f64::max);
    let label_w = (widest + size).clamp(canvas.w * 0.16, canvas.w * 0.42);
    let start = start.checked_sub(i64::from(start.weekday().to_monday_zero_offset()).days()).unwrap_or(start);
    let days = f64::from((end - start).get_days() + 1).max(7.0);
    let mut axis = Axis { start, days, x: label_w, w: canvas.w - label_w, lines: Vec::new() };
    axis.lines = marked.iter().map(|(date, ..)| axis.at(*date)).collect();
    let body_h = row_h * rows.len() as f64;
    let mut shapes = Vec::new();
    grid(&axis, end, (axis_h, header), body_h, size, &mut shapes);
    for (n, row) in rows.iter().enumerate() {
        draw_row(row, header + row_h * n as f64, row_h, label_w, canvas, &axis, brand, &mut shapes);
    }
    draw_marks(&axis, &marked, (axis_h, header, body_h), size, &mut shapes);
    let height = header + body_h + legend;
    draw_legend(rows, (label_w, canvas.w), height - size * 1.1, size, brand, &mut shapes);
    Scene { w: canvas.w, h: height, shapes }
}

fn grid(
    axis: &Axis,
    end: Date,
    (axis_h, header): (f64, f64),
    body_h: f64,
    size: f64,
    shapes: &mut Vec<Shape>,
) {
    let month_h = axis_h * 0.5;
    let mut day = axis.start;
    let step = week_step(axis, size);
    let mut week = 0;
    while day <= end {
        let x = axis.at(day);
        if week % step == 0 {
            shapes.push(Shape::line((x, axis_h * 0.62), (x, header + body_h), LINE, 0.4));
            let w = axis.w / axis.days * 7.0 * f64::from(step);
            if x + w <= axis.x + axis.w + 2.0 || x + size * 2.0 < axis.x + axis.w {
                shapes.push(Shape::label(
                    (x + 1.0, axis_h * 0.54, w, axis_h * 0.44),
                    &day.day().to_string(),
                    size * 0.82,
                    SLATE,
                    false,
                    Align::Left,
                ));
            }
        }
        week += 1;
        match day.checked_add(7.days()) {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    let mut month = axis.start;
    while month <= end {
        let next = month.last_of_month().checked_add(1.day()).unwrap_or(end);
        let (x1, x2) = (axis.at(month), axis.at(next));
        let long = format!("{} {}", text::month(month.month()), month.year());
        let label = if text::width(&long, size * 0.9, true) < x2 - x1 {
            long
        } else {
            text::month(month.month()).to_owned()
        };
        if x2 - x1 > text::width(&label, size * 0.9, true) {
            shapes.push(Shape::label(
                (x1 + 1.0, 0.0, x2 - x1, month_h),
                &label,
                size * 0.9,
                INK,
                true,
                Align::Left,
            ));
        }
        if month > axis.start {
            shapes.push(Shape::line((x1, axis_h * 0.1), (x1, header + body_h), LINE, 0.9));
        }
        if next <= month {
            break;
        }
        month = next;
    }
    shapes.push(Shape::line((0.0, header), (axis.x + axis.w, header), SLATE, 0.7));
}

fn week_step(axis: &Axis, size: f64) -> i32 {
    let week_w = axis.w / axis.days * 7.0;
    let mut step = 1;
    while week_w * f64::from(step) < size * 1.9 && step < 64 {
        step *= 2;
    }
    step
}

#[expect(
    clippy::too_many_arguments,
    reason = "one row needs its place, the axis and the look; bundling them would name nothing"
)]
fn draw_row(
    row: &GanttRow,
    y: f64,
    row_h: f64,
    label_w: f64,
    canvas: Canvas,
    axis: &Axis,
    brand: &Brand,
    shapes: &mut Vec<Shape>,
) {
    let size = canvas.size;
    let phase = row.kind == PlanKind::Phase;
    if phase {
        shapes.push(Shape::filled(Outline::Rect, (0.0, y, canvas.w, row_h), PAPER));
    }
    shapes.push(Shape::line((0.0, y + row_h), (canvas.w, y + row_h), LINE, 0.3));
    let indent = f64::from(row.indent) * size * 0.9;
    shapes.push(name(&row.label, (2.0 + indent, y, label_w - indent - size * 0.6, row_h), size, phase));
    let fill = color(row, brand);
    let (x1, x2) = (axis.at(row.start), axis.end_of(row.finish));
    let name = format!("{}: {}, {}", row.kind.label(), row.label, text::span(row.start, row.finish));
    if row.kind.is_point() {
        let d = (row_h * 0.62).min(size * 1.25);
        let cx = (x1 + x2) / 2.0;
        let outline = if row.kind == PlanKind::Meeting { Outline::Circle } else { Outline::Diamond };
        let mut point = Shape::filled(outline, (cx - d / 2.0, y + (row_h - d) / 2.0, d, d), fill).named(name);
        if row.kind == PlanKind::Milestone {
            point = Shape { fill: Some(Rgb::WHITE), ..point }.with_stroke(fill, 1.2);
        }
        shapes.push(point);
        let date = text::day_month(row.start);
        let w = text::width(&date, size * 0.85, false) + 2.0;
        let crossed = |from: f64| axis.lines.iter().any(|line| *line > from && *line < from + w);
        let (left, right) = (cx - d * 0.8 - w - 2.0, cx + d * 0.8);
        let right_fits = right + w < axis.x + axis.w;
        let left_fits = left > axis.x;
        if right_fits && !(crossed(right) && left_fits && !crossed(left)) {
            shapes.push(Shape::label(
                (right, y, w + 2.0, row_h),
                &date,
                size * 0.85,
                SLATE,
                false,
                Align::Left,
            ));
        } else {
            shapes.push(Shape::label(
                (left, y, w + 2.0, row_h),
                &date,
                size * 0.85,
                SLATE,
                false,
                Align::Right,
            ));
        }
    } else {
        let h = if phase { row_h * 0.32 } else { row_h * 0.56 };
        let outline = if phase { Outline::Rect } else { Outline::Round };
        shapes.push(
            Shape::filled(outline, (x1, y + (row_h - h) / 2.0, (x2 - x1).max(1.5), h), fill).named(name),
        );
    }
}

/// The marked days in order, each with its name and colour; today among them.
fn marks(chart: &Gantt, brand: &Brand) -> Vec<(Date, String, Rgb)> {
    let Some((start, end)) = chart.range() else { return Vec::new() };
    let named = |date: Date, label: &str, tone: Tone| {
        (date, format!("{label} {}", text::day_month(date)), brand.strong(tone))
    };
    let today = chart.today.map(|today| named(today, "Today", Tone::Warning));
    // The first mark is what the chart is about; the others are there to compare.
    let others = chart
        .marks
        .iter()
        .enumerate()
        .map(|(n, mark)| named(mark.date, &mark.label, if n == 0 { Tone::Good } else { Tone::Neutral }));
    let mut all: Vec<_> =
        today.into_iter().chain(others).filter(|(date, ..)| *date >= start && *date <= end).collect();
    all.sort_by_key(|(date, ..)| *date);
    all
}

/// Draws the marks: a dashed line through the rows, its name above it. Neighbours lean away from each other.
fn draw_marks(
    axis: &Axis,
    marked: &[(Date, String, Rgb)],
    (axis_h, header, body_h): (f64, f64, f64),
    size: f64,
    shapes: &mut Vec<Shape>,
) {
    let width = |label: &str| text::width(label, size * 0.85, true) + 2.0;
    let gap = size * 0.4;
    let within = |left: f64, w: f64| left.max(axis.x).min((axis.x + axis.w - w).max(axis.x));
    // Each stands above its line; from the right, one that would run into the next leans to the left.
    let mut lefts = Vec::with_capacity(marked.len());
    let mut bound = f64::MAX;
    for (date, label, _) in marked.iter().rev() {
        let (x, w) = (axis.at(*date), width(label));
        let above = within(x - w / 2.0, w);
        let left = if above + w + gap > bound { within((bound - gap - w).max(x - w), w) } else { above };
        bound = left;
        lefts.push(left);
    }
    let mut taken = f64::MIN;
    for ((date, label, color), wanted) in marked.iter().zip(lefts.into_iter().rev()) {
        let (x, w) = (axis.at(*date), width(label));
        let left = within(wanted.max(taken), w);
        let mut line = Shape::line((x, header), (x, header + body_h), *color, 1.1).named(label.clone());
        line.dash = true;
        shapes.push(line);
        // A name that would still hide another is left to the line, which carries it for those who point at it.
        if left + 0.1 > taken {
            taken = left + w + gap;
            // What a wider face takes more stands on the side that is free.
            let leans = left + w / 2.0 < x - 0.5;
            shapes.push(Shape::label(
                (left, axis_h, w + 2.0, header - axis_h),
                label,
                size * 0.85,
                *color,
                true,
                if leans { Align::Right } else { Align::Left },
            ));
        }
    }
}

/// The name of a row: a little smaller when that lets it stand whole, on two lines when not, cut as the last resort.
fn name(label: &str, rect: (f64, f64, f64, f64), size: f64, bold: bool) -> Shape {
    let (_, _, w, h) = rect;
    let fits = |size: f64| text::width(label, size, bold) <= w;
    let Some(smaller) = [1.0, 0.95, 0.9, 0.86].into_iter().map(|share| size * share).find(|size| fits(*size))
    else {
        let small = (h / (2.0 * LEADING)).min(size * 0.86);
        if small >= size * 0.74 && text::wrap(label, small, bold, w).len() <= 2 {
            let run = Run { bold, ..Run::new(label, INK) };
            return Shape::text(rect, TextBox::middle(Para::new(run, small), 0.0));
        }
        return Shape::label(rect, label, size, INK, bold, Align::Left);
    };
    Shape::label(rect, label, smaller, INK, bold, Align::Left)
}

/// What the signs mean, below the bars; further to the left where it would run past the right edge.
fn draw_legend(
    rows: &[GanttRow],
    (x, right): (f64, f64),
    y: f64,
    size: f64,
    brand: &Brand,
    shapes: &mut Vec<Shape>,
) {
    let sample = |side: Option<Side>, critical: bool, kind: PlanKind| GanttRow {
        label: String::new(),
        kind,
        start: Date::ZERO,
        finish: Date::ZERO,
        side,
        critical,
        indent: 0,
        note: None,
    };
    let mut entries: Vec<(String, Outline, Rgb, bool)> = Vec::new();
    let bar = |row: &&GanttRow| row.kind != PlanKind::Phase;
    for side in [Side::Vendor, Side::Customer, Side::Joint] {
        if rows.iter().filter(bar).any(|row| row.side == Some(side) && !row.critical && !row.kind.is_point())
        {
            entries.push((
                side.label().into(),
                Outline::Round,
                color(&sample(Some(side), false, PlanKind::Task), brand),
                true,
            ));
        }
    }
    if rows.iter().filter(bar).any(|row| row.critical) {
        entries.push(("Critical".into(), Outline::Round, brand.strong(Tone::Bad), true));
    }
    for (kind, outline) in [
        (PlanKind::Milestone, Outline::Diamond),
        (PlanKind::Gate, Outline::Diamond),
        (PlanKind::Meeting, Outline::Circle),
    ] {
        if rows.iter().any(|row| row.kind == kind) {
            entries.push((kind.label().into(), outline, SLATE, kind != PlanKind::Milestone));
        }
    }
    let swatch_w = |outline: Outline| if outline == Outline::Round { size * 1.6 } else { size * 0.9 };
    let label_w = |label: &str| text::width(label, size * 0.85, false) + 3.0;
    let gap = size * 1.4;
    let total: f64 =
        entries.iter().map(|(label, outline, ..)| swatch_w(*outline) + label_w(label) + gap).sum();
    let mut at = x.min(right + gap - size * 0.4 - total).max(0.0);
    for (label, outline, fill, solid) in entries {
        let w = swatch_w(outline);
        let mut swatch =
            Shape::filled(outline, (at, y, w, size * 0.9), if solid { fill } else { Rgb::WHITE });
        if !solid {
            swatch = swatch.with_stroke(fill, 1.0);
        }
        shapes.push(swatch);
        let text_w = label_w(&label);
        shapes.push(Shape::label(
            (at + w + size * 0.4, y - size * 0.1, text_w, size * 1.1),
            &label,
            size * 0.85,
            SLATE,
            false,
            Align::Left,
        ));
        at += w + text_w + gap;
    }
}

/// Whether a day is on a weekend as most calendars have it; used for shading only.
pub(crate) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::directive::Mark;

    fn chart(labels: &[&str], marks: &[(&str, Date)]) -> Gantt {
        let rows = labels
            .iter()
            .map(|label| GanttRow {
                label: (*label).to_owned(),
                kind: PlanKind::Task,
                start: date(2027, 1, 4),
                finish: date(2027, 3, 26),
                side: None,
                critical: false,
                indent: 0,
                note: None,
            })
            .collect();
        let marks =
            marks.iter().map(|(label, date)| Mark { date: *date, label: (*label).to_owned() }).collect();
        Gantt { rows, marks, start: None, end: None, today: None }
    }

    fn drawn(chart: &Gantt) -> Scene {
        let brand = Brand::new("Northwind Cloud", "");
        draw(chart, &chart.rows, Canvas { w: 480.0, h: None, size: 7.6 }, &brand)
    }

    fn label<'a>(scene: &'a Scene, text: &str) -> Option<&'a Shape> {
        scene.shapes.iter().find(|shape| {
            shape.text.as_ref().is_some_and(|found| found.paras.iter().any(|para| para.text() == text))
        })
    }

    #[test]
    fn neighbouring_marks_lean_away_from_each_other_and_stand_below_the_axis() {
        let scene = drawn(&chart(&["Work"], &[("Go-live", date(2027, 2, 9)), ("Target", date(2027, 2, 11))]));
        let (first, second) =
            (label(&scene, "Go-live 9 Feb").unwrap(), label(&scene, "Target 11 Feb").unwrap());
        assert!(first.x + first.w - 2.0 <= second.x, "{first:?} {second:?}");
        let month = label(&scene, "Feb 2027").unwrap();
        assert!(month.y + month.h <= first.y, "{month:?} {first:?}");
    }

    #[test]
    fn a_mark_near_the_end_keeps_its_name_beside_another() {
        let marks = [("Go-live", date(2027, 3, 15)), ("Target", date(2027, 3, 24))];
        let scene = drawn(&chart(&["Work"], &marks));
        let (first, second) =
            (label(&scene, "Go-live 15 Mar").unwrap(), label(&scene, "Target 24 Mar").unwrap());
        assert!(first.x + first.w - 2.0 <= second.x + 0.1, "{first:?} {second:?}");
        assert!(second.x + second.w - 2.0 <= 480.01, "{second:?}");
    }

    #[test]
    fn a_long_name_stands_whole_on_two_lines() {
        let long = "Introduce the executives and the team to Nordwind Maschinenbau GmbH";
        let scene = drawn(&chart(&[long], &[]));
        assert!(label(&scene, long).is_some());
        let endless = "word ".repeat(80);
        assert!(label(&drawn(&chart(&[&endless], &[])), endless.trim()).is_none());
    }

    #[test]
    fn the_legend_stays_within_the_chart() {
        let names = ["V", "C", "J", "K", "A milestone with a name that makes its column wide", "G", "M"];
        let mut chart = chart(&names, &[]);
        let kinds = [PlanKind::Milestone, PlanKind::Gate, PlanKind::Meeting];
        for (row, kind) in chart.rows.iter_mut().skip(4).zip(kinds) {
            row.kind = kind;
        }
        for (row, side) in chart.rows.iter_mut().zip([Side::Vendor, Side::Customer, Side::Joint]) {
            row.side = Some(side);
        }
        if let Some(row) = chart.rows.get_mut(3) {
            row.critical = true;
        }
        let brand = Brand::new("Northwind Cloud", "");
        let scene = draw(&chart, &chart.rows, Canvas { w: 360.0, h: None, size: 7.6 }, &brand);
        let (first, last) = (label(&scene, "Vendor").unwrap(), label(&scene, "Meeting").unwrap());
        assert!(last.x + last.w <= 360.01, "{last:?}");
        assert!(first.x >= 0.0 && first.x < last.x);
    }

    #[test]
    fn a_date_leaves_the_line_of_a_mark_free() {
        let mut chart = chart(&["Work", "Gate"], &[("Go-live", date(2027, 2, 14))]);
        if let Some(gate) = chart.rows.get_mut(1) {
            gate.kind = PlanKind::Gate;
            gate.start = date(2027, 2, 9);
            gate.finish = date(2027, 2, 9);
        }
        let scene = drawn(&chart);
        let diamond = scene.shapes.iter().find(|shape| shape.outline == Outline::Diamond).unwrap();
        assert!(label(&scene, "9 Feb").unwrap().x < diamond.x, "the date stands on the left");
    }
}
