//! Workbooks as .xlsx.

mod gantt;

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Worksheet,
    XlsxError,
};

use crate::brand::{Brand, INK, LINE, Rgb};
use crate::sheet::{AnySheet, CellValue, Sheet, SheetCell, Workbook};
use crate::text::{clean, wrap};

/// The longest text a cell holds, characters.
const MAX_TEXT: usize = 32_767;
/// Text that fits one unit of column width in the body face, points.
const POINTS_PER_UNIT: f64 = 5.25;
/// Size of the body face, points.
const FACE: f64 = 10.0;
/// Height of one line of it, points.
const LINE_HEIGHT: f64 = 12.75;
/// The tallest row the format allows, points.
const MAX_HEIGHT: f64 = 409.0;
/// Width the filter button takes in a header cell, points.
const BUTTON: f64 = 14.0;

/// The workbook as a spreadsheet file.
///
/// # Errors
/// When a sheet is larger than the format allows (1,048,576 rows, 16,384 columns).
pub fn xlsx(workbook: &Workbook, brand: &Brand) -> Result<Vec<u8>, XlsxError> {
    let mut file = rust_xlsxwriter::Workbook::new();
    let created = workbook.date.unwrap_or(Date::constant(2000, 1, 1));
    let properties = DocProperties::new()
        .set_title(clean(&workbook.title))
        .set_author(&brand.vendor_name)
        .set_creation_datetime(&date_time(created)?);
    file.set_properties(&properties);
    let mut names = BTreeSet::new();
    for sheet in &workbook.sheets {
        let target = file.add_worksheet();
        match sheet {
            AnySheet::Table(sheet) => {
                target.set_name(tab_name(&sheet.name, &mut names))?;
                table(sheet, target, brand)?;
                print(target, &workbook.title, &brand.vendor_name);
            }
            AnySheet::Gantt(sheet) => {
                target.set_name(tab_name(&sheet.name, &mut names))?;
                gantt::write(&sheet.chart, target, brand)?;
                print(target, &workbook.title, &brand.vendor_name);
            }
        }
    }
    if workbook.sheets.is_empty() {
        file.add_worksheet();
    }
    file.save_to_buffer()
}

/// What stands above and below every printed page: what it is and whose, which sheet, which page.
fn print(target: &mut Worksheet, title: &str, vendor: &str) {
    // `&` begins a code in headers; doubled it is itself.
    let plain = |text: &str| clean(text).replace('&', "&&").chars().take(100).collect::<String>();
    target.set_header(format!("&L&8{}&R&8{}", plain(title), plain(vendor)));
    target.set_footer("&L&8&A&R&8Page &P of &N");
    target.set_margins(0.5, 0.5, 0.7, 0.6, 0.3, 0.3);
}

/// A tab name without the characters Excel forbids, at most 31 long, unique without regard to case.
fn tab_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let base: String = clean(name)
        .chars()
        .map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\n' | '\t') { ' ' } else { c })
        .collect();
    let base = base.trim().trim_matches('\'').trim();
    let base = if base.is_empty() || base.eq_ignore_ascii_case("history") { "Sheet" } else { base };
    let mut n = 1;
    loop {
        let suffix = if n == 1 { String::new() } else { format!(" ({n})") };
        let mut room = 31 - suffix.len();
        let cut: String = base
            .chars()
            .take_while(|c| {
                let fits = c.len_utf16() <= room;
                if fits {
                    room -= c.len_utf16();
                }
                fits
            })
            .collect();
        let name = format!("{}{suffix}", cut.trim_end());
        if taken.insert(name.to_lowercase()) {
            return name;
        }
        n += 1;
    }
}

pub(super) fn rgb(color: Rgb) -> Color {
    Color::RGB(u32::from(color.0) << 16 | u32::from(color.1) << 8 | u32::from(color.2))
}

/// Excel's calendar starts in 1900; an earlier date is written as text by the caller.
fn date_time(date: Date) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(
        date.year().unsigned_abs(),
        date.month().unsigned_abs(),
        date.day().unsigned_abs(),
    )
}

pub(super) fn base() -> Format {
    Format::new()
        .set_font_name("Arial")
        .set_font_size(FACE)
        .set_font_color(rgb(INK))
        .set_align(FormatAlign::Top)
}

pub(super) fn header(brand: &Brand) -> Format {
    base()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(rgb(brand.accent))
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

fn body(cell: &SheetCell, brand: &Brand) -> Format {
    let mut format =
        base().set_text_wrap().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(rgb(LINE));
    if let Some(tone) = cell.tone {
        format = format.set_background_color(rgb(brand.soft(tone))).set_font_color(rgb(brand.strong(tone)));
    }
    match cell.value {
        CellValue::Date(_) => format.set_num_format("d mmm yyyy").set_align(FormatAlign::Left),
        // A number at the right edge would touch the text of the next column.
        CellValue::Number(_) => format.set_align(FormatAlign::Right).set_indent(1),
        _ => format,
    }
}

fn table(sheet: &Sheet, target: &mut Worksheet, brand: &Brand) -> Result<(), XlsxError> {
    let head = header(brand);
    let widths: Vec<f64> = (sheet.columns.iter().enumerate())
        .map(|(n, column)| column.width.unwrap_or_else(|| natural_width(sheet, n)).clamp(4.0, 120.0))
        .collect();
    for (n, (column, width)) in sheet.columns.iter().zip(&widths).enumerate() {
        let at = index(n)?;
        target.write_string_with_format(0, at, text(&column.title), &head)?;
        target.set_column_width(at, *width)?;
    }
    let button = if sheet.filter { BUTTON } else { 0.0 };
    let titles = sheet.columns.iter().zip(&widths);
    let title_lines = titles.map(|(column, width)| lines(&column.title, *width, true, button)).max();
    target.set_row_height(0, row_height(title_lines.unwrap_or(1)).max(22.0))?;
    for (n, row) in sheet.rows.iter().enumerate() {
        let line = line_index(n + 1)?;
        let texts = row.iter().zip(&widths).filter_map(|(cell, width)| match &cell.value {
            CellValue::Text(value) => Some(lines(value, *width, false, 0.0)),
            _ => None,
        });
        // Not every program grows a row to its wrapped text when it opens the file.
        target.set_row_height(line, row_height(texts.max().unwrap_or(1)))?;
        for (m, cell) in row.iter().enumerate() {
            write(cell, line, index(m)?, target, &body(cell, brand))?;
        }
    }
    target.set_freeze_panes(1, 0)?;
    let last_row = line_index(sheet.rows.len())?;
    if sheet.filter && !sheet.columns.is_empty() {
        target.autofilter(0, 0, last_row, index(sheet.columns.len() - 1)?)?;
    }
    for (n, column) in sheet.columns.iter().enumerate() {
        // Excel limits the list to 255 characters; a longer one would be refused by it.
        let total: usize = column.choices.iter().map(|choice| choice.chars().count() + 1).sum();
        let plain = column.choices.iter().all(|choice| !choice.contains(','));
        if !column.choices.is_empty() && total <= 255 && plain && !sheet.rows.is_empty() {
            let list: Vec<String> = column.choices.iter().map(|choice| text(choice)).collect();
            target.add_data_validation(
                1,
                index(n)?,
                last_row,
                index(n)?,
                &DataValidation::new().allow_list_strings(&list)?,
            )?;
        }
    }
    target.set_landscape();
    // A wide table is printed on A3, since on A4 it would shrink beyond reading.
    target.set_paper_size(if widths.iter().sum::<f64>() > 200.0 { 8 } else { 9 });
    target.set_print_fit_to_pages(1, 0);
    target.set_repeat_rows(0, 0)?;
    Ok(())
}

fn write(
    cell: &SheetCell,
    row: u32,
    column: u16,
    target: &mut Worksheet,
    format: &Format,
) -> Result<(), XlsxError> {
    match &cell.value {
        CellValue::Text(value) => target.write_string_with_format(row, column, text(value), format)?,
        CellValue::Number(number) if number.is_finite() => {
            target.write_number_with_format(row, column, *number, format)?
        }
        CellValue::Date(date) if date.year() >= 1900 => {
            target.write_datetime_with_format(row, column, &date_time(*date)?, format)?
        }
        CellValue::Date(date) => target.write_string_with_format(row, column, date.to_string(), format)?,
        CellValue::Bool(value) => target.write_boolean_with_format(row, column, *value, format)?,
        CellValue::Empty | CellValue::Number(_) => target.write_blank(row, column, format)?,
    };
    Ok(())
}

/// Clean text within Excel's limit. It is written as a string cell, so a leading `=` stays text.
pub(super) fn text(value: &str) -> String {
    clean(value).chars().take(MAX_TEXT).collect()
}

/// Lines a text takes in a column of the given width, with some of it taken by something else.
pub(super) fn lines(value: &str, width: f64, bold: bool, taken: f64) -> usize {
    wrap(value, FACE, bold, (width * POINTS_PER_UNIT - taken).max(FACE)).len()
}

pub(super) fn row_height(lines: usize) -> f64 {
    (lines as f64 * LINE_HEIGHT + 3.0).min(MAX_HEIGHT)
}

fn natural_width(sheet: &Sheet, column: usize) -> f64 {
    let cells = sheet.rows.iter().take(200).filter_map(|row| row.get(column)).map(|cell| match &cell.value {
        CellValue::Text(text) => text.chars().count(),
        CellValue::Date(_) => 12,
        CellValue::Number(number) => number.to_string().len(),
        CellValue::Bool(_) => 6,
        CellValue::Empty => 0,
    });
    let title = sheet.columns.get(column).map_or(0, |column| column.title.chars().count() + 3);
    let longest = cells.max().unwrap_or(0).max(title);
    (longest as f64 * 1.05 + 2.0).clamp(8.0, 52.0)
}

pub(super) fn index(column: usize) -> Result<u16, XlsxError> {
    u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)
}

pub(super) fn line_index(row: usize) -> Result<u32, XlsxError> {
    u32::try_from(row).map_err(|_| XlsxError::RowColumnLimitError)
}
