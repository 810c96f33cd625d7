//! The Gantt sheet: tasks left, one column for each day, or week in long plans.

use jiff::ToSpan;
use jiff::civil::Date;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::{
    FACE, POINTS_PER_UNIT, base, date_time, header, index, line_index, lines, rgb, row_height, text,
};
use crate::brand::{Brand, LINE, PAPER, Rgb};
use crate::directive::{Gantt, GanttRow, PlanKind, Side, Tone};
use crate::draw::gantt::{color, is_weekend};
use crate::text::{day, month, width};

/// Columns left of the calendar and the least and greatest width of each, characters.
const LEFT: [(&str, f64, f64); 6] = [
    ("Task", 30.0, 64.0),
    ("Owner", 11.0, 11.0),
    ("Start", 12.0, 12.0),
    ("Finish", 12.0, 12.0),
    ("Critical", 9.0, 9.0),
    ("Note", 7.0, 40.0),
];
/// Plans longer than this are shown by week, days: more columns cannot be read on a printed page.
const MAX_DAYS: i32 = 70;

/// Writes the chart.
pub(super) fn write(chart: &Gantt, target: &mut Worksheet, brand: &Brand) -> Result<(), XlsxError> {
    let head = header(brand);
    let mut task_width = 0.0;
    for (n, (title, least, greatest)) in LEFT.iter().enumerate() {
        target.merge_range(0, index(n)?, 1, index(n)?, title, &head)?;
        let texts = chart.rows.iter().map(|row| match n {
            0 => width(&name(row), FACE, true) / POINTS_PER_UNIT + 2.0 * f64::from(row.indent),
            5 => row.note.as_deref().map_or(0.0, |note| width(note, FACE, false) / POINTS_PER_UNIT),
            _ => 0.0,
        });
        let wide = (texts.fold(0.0, f64::max) + 1.0).clamp(*least, *greatest);
        target.set_column_width(index(n)?, wide)?;
        if n == 0 {
            task_width = wide;
        }
    }
    let Some((start, end)) = chart.range() else {
        return Ok(());
    };
    let start = start.checked_sub(i64::from(start.weekday().to_monday_zero_offset()).days()).unwrap_or(start);
    let days = (end - start).get_days() + 1;
    let step = if days > MAX_DAYS { 7 } else { 1 };
    let count = usize::try_from((days + step - 1) / step).unwrap_or(0);
    let columns: Vec<Date> = (0..count)
        .filter_map(|n| start.checked_add((i64::try_from(n).ok()? * i64::from(step)).days()).ok())
        .collect();
    calendar_head(&columns, step, target, brand)?;
    for (n, row) in chart.rows.iter().enumerate() {
        let line = line_index(n + 2)?;
        let phase = row.kind == PlanKind::Phase;
        let mut plain = base().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(rgb(LINE));
        if phase {
            plain = plain.set_bold().set_background_color(rgb(PAPER));
        }
        let critical = if row.critical {
            plain.clone().set_font_color(rgb(brand.strong(Tone::Bad)))
        } else {
            plain.clone()
        };
        let dated = plain.clone().set_num_format("d mmm yyyy").set_align(FormatAlign::Left);
        let indented = plain.clone().set_indent(row.indent).set_text_wrap();
        target.write_string_with_format(line, 0, text(&name(row)), &indented)?;
        let taken = 2.0 * f64::from(row.indent) * POINTS_PER_UNIT;
        target.set_row_height(line, row_height(lines(&name(row), task_width, phase, taken)))?;
        target.write_string_with_format(line, 1, row.side.map_or("", |side| side.label()), &plain)?;
        for (column, date) in [(2, row.start), (3, row.finish)] {
            if date.year() >= 1900 {
                target.write_datetime_with_format(line, column, &date_time(date)?, &dated)?;
            } else {
                target.write_string_with_format(line, column, date.to_string(), &dated)?;
            }
        }
        target.write_string_with_format(line, 4, if row.critical { "critical" } else { "" }, &critical)?;
        target.write_string_with_format(line, 5, text(row.note.as_deref().unwrap_or("")), &plain)?;
        for (m, first) in columns.iter().enumerate() {
            let last = first.checked_add(i64::from(step - 1).days()).unwrap_or(*first);
            let inside = row.start <= last && row.finish >= *first;
            let off = step == 1 && is_weekend(*first);
            let mut cell =
                Format::new().set_border_bottom(FormatBorder::Hair).set_border_bottom_color(rgb(LINE));
            let marked = chart.marks.iter().any(|mark| mark.date >= *first && mark.date <= last);
            let today = chart.today.is_some_and(|today| today >= *first && today <= last);
            if marked {
                cell = cell
                    .set_border_right(FormatBorder::Medium)
                    .set_border_right_color(rgb(brand.strong(Tone::Good)));
            }
            if today {
                cell = cell
                    .set_border_left(FormatBorder::Medium)
                    .set_border_left_color(rgb(brand.strong(Tone::Warning)));
            }
            let tint = color(row, brand);
            let sign = if inside && row.kind.is_point() {
                if row.kind == PlanKind::Meeting { "●" } else { "◆" }
            } else {
                ""
            };
            if inside && !row.kind.is_point() {
                cell = cell.set_background_color(rgb(if off { tint.mix(Rgb::WHITE, 0.55) } else { tint }));
            } else if off || phase {
                cell = cell.set_background_color(rgb(PAPER));
            }
            if sign.is_empty() {
                target.write_blank(line, index(LEFT.len() + m)?, &cell)?;
            } else {
                target.write_string_with_format(
                    line,
                    index(LEFT.len() + m)?,
                    sign,
                    &cell.set_font_color(rgb(tint)).set_align(FormatAlign::Center),
                )?;
            }
        }
    }
    group(chart, target)?;
    target.set_freeze_panes(2, 1)?;
    target.set_landscape();
    target.set_paper_size(8);
    target.set_print_fit_to_pages(1, 0);
    target.set_repeat_rows(0, 1)?;
    legend(chart, target, brand)
}

/// The label, and for a point in time what kind it is.
fn name(row: &GanttRow) -> String {
    if row.kind.is_point() {
        format!("{} ({})", row.label, row.kind.label().to_lowercase())
    } else {
        row.label.clone()
    }
}

fn calendar_head(
    columns: &[Date],
    step: i32,
    target: &mut Worksheet,
    brand: &Brand,
) -> Result<(), XlsxError> {
    let head = header(brand).set_align(FormatAlign::Center).set_font_size(8);
    let mut from = 0;
    while let Some(first) = columns.get(from) {
        let to = columns
            .iter()
            .skip(from)
            .take_while(|date| (date.year(), date.month()) == (first.year(), first.month()))
            .count()
            + from
            - 1;
        let label = format!("{} {}", month(first.month()), first.year());
        let (a, b) = (index(LEFT.len() + from)?, index(LEFT.len() + to)?);
        if a == b {
            target.write_string_with_format(0, a, label, &head)?;
        } else {
            target.merge_range(0, a, 0, b, &label, &head)?;
        }
        from = to + 1;
    }
    for (n, date) in columns.iter().enumerate() {
        let off = step == 1 && is_weekend(*date);
        let format = head
            .clone()
            .set_background_color(rgb(if off {
                brand.accent.mix(Rgb::WHITE, 0.45)
            } else {
                brand.accent.mix(Rgb::WHITE, 0.12)
            }))
            .set_font_color(Color::White);
        target.write_string_with_format(1, index(LEFT.len() + n)?, date.day().to_string(), &format)?;
        target.set_column_width(index(LEFT.len() + n)?, if step == 1 { 2.8 } else { 3.6 })?;
    }
    Ok(())
}

/// Rows below a phase fold under it.
fn group(chart: &Gantt, target: &mut Worksheet) -> Result<(), XlsxError> {
    target.group_symbols_above(true);
    let mut from: Option<usize> = None;
    for n in 0..=chart.rows.len() {
        let phase = chart.rows.get(n).is_none_or(|row| row.kind == PlanKind::Phase);
        if phase {
            if let Some(first) = from.take()
                && n > first
            {
                target.group_rows(line_index(first + 2)?, line_index(n + 1)?)?;
            }
            from = chart.rows.get(n).map(|_| n + 1);
        }
    }
    Ok(())
}

/// What the upright lines mean: `Lines: Go-live 3 Dec 2026, Target 15 Dec 2026.`
fn lines_in_words(chart: &Gantt) -> String {
    let range = chart.range();
    let today = chart.today.filter(|today| range.is_some_and(|(from, to)| from <= *today && *today <= to));
    let marks = chart.marks.iter().map(|mark| format!("{} {}", mark.label, day(mark.date)));
    let named: Vec<String> =
        today.map(|today| format!("today {}", day(today))).into_iter().chain(marks).collect();
    if named.is_empty() { String::new() } else { format!("Lines: {}.", named.join(", ")) }
}

/// What the colours and lines mean, below the chart.
fn legend(chart: &Gantt, target: &mut Worksheet, brand: &Brand) -> Result<(), XlsxError> {
    let line = line_index(chart.rows.len() + 3)?;
    let small = base().set_font_size(8).set_italic();
    // In a line of its own: a text runs on over empty cells only, and the colours stand beside the first.
    target.write_string_with_format(line + 1, 0, text(&lines_in_words(chart)), &small)?;
    let bars = || chart.rows.iter().filter(|row| !row.kind.is_point() && row.kind != PlanKind::Phase);
    let sides = [Side::Vendor, Side::Customer, Side::Joint];
    let owned = sides.into_iter().filter_map(|side| {
        let row = bars().find(|row| !row.critical && row.side == Some(side))?;
        Some((side.label(), row))
    });
    let critical = bars().find(|row| row.critical).map(|row| ("Critical", row));
    for (n, (label, row)) in owned.chain(critical).enumerate() {
        let chip = Format::new()
            .set_font_name("Arial")
            .set_font_size(8)
            .set_font_color(Color::White)
            .set_background_color(rgb(color(row, brand)))
            .set_align(FormatAlign::Center);
        target.write_string_with_format(line, index(n + 1)?, label, &chip)?;
    }
    Ok(())
}
