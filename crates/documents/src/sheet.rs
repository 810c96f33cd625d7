//! Neutral sheets: what .xlsx and .csv are made from.

use jiff::civil::Date;

use crate::directive::{Gantt, Tone};

/// A workbook.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workbook {
    /// Title in the file's properties.
    pub title: String,
    /// Creation date in the file's properties; a fixed date when absent, never the clock.
    pub date: Option<Date>,
    /// Its sheets in order; a workbook without any gets an empty one.
    pub sheets: Vec<AnySheet>,
}

/// One sheet of either kind.
#[derive(Debug, Clone, PartialEq)]
pub enum AnySheet {
    /// Rows and columns.
    Table(Sheet),
    /// Tasks with a calendar grid.
    Gantt(GanttSheet),
}

/// A table with typed cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Tab name; made valid and unique when written.
    pub name: String,
    /// Columns from left to right.
    pub columns: Vec<SheetColumn>,
    /// Rows below the header.
    pub rows: Vec<Vec<SheetCell>>,
    /// Whether the header row offers filters.
    pub filter: bool,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SheetColumn {
    /// The header.
    pub title: String,
    /// Width in characters; from the content when absent.
    pub width: Option<f64>,
    /// Allowed values, offered as a list when not empty.
    pub choices: Vec<String>,
}

/// A cell with an optional tone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SheetCell {
    /// What it holds.
    pub value: CellValue,
    /// Its background and text colour.
    pub tone: Option<Tone>,
}

/// What a cell holds. There are no formulas.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum CellValue {
    /// Nothing.
    #[default]
    Empty,
    /// Text, always written as text.
    Text(String),
    /// A finite number; others are left empty.
    Number(f64),
    /// A date.
    Date(Date),
    /// True or false.
    Bool(bool),
}

impl From<&str> for SheetCell {
    fn from(text: &str) -> Self {
        SheetCell { value: CellValue::Text(text.to_owned()), tone: None }
    }
}

impl From<String> for SheetCell {
    fn from(text: String) -> Self {
        SheetCell { value: CellValue::Text(text), tone: None }
    }
}

impl From<f64> for SheetCell {
    fn from(number: f64) -> Self {
        SheetCell { value: CellValue::Number(number), tone: None }
    }
}

impl From<Date> for SheetCell {
    fn from(date: Date) -> Self {
        SheetCell { value: CellValue::Date(date), tone: None }
    }
}

impl From<bool> for SheetCell {
    fn from(value: bool) -> Self {
        SheetCell { value: CellValue::Bool(value), tone: None }
    }
}

impl SheetCell {
    /// The same cell with a tone.
    pub fn tone(self, tone: Tone) -> Self {
        SheetCell { tone: Some(tone), ..self }
    }
}

/// A Gantt chart as a sheet: tasks left, days or weeks right.
#[derive(Debug, Clone, PartialEq)]
pub struct GanttSheet {
    /// Tab name.
    pub name: String,
    /// The plan. Rows below a phase are grouped under it.
    pub chart: Gantt,
}

/// The sheet as CSV (RFC 4180, UTF-8, CRLF). A text a spreadsheet would read as a formula gets a leading apostrophe.
pub fn csv(sheet: &Sheet) -> String {
    let mut out = String::new();
    let mut line = |cells: Vec<String>| {
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    };
    line(sheet.columns.iter().map(|column| quoted(&column.title)).collect());
    for row in &sheet.rows {
        line(
            row.iter()
                .map(|cell| match &cell.value {
                    CellValue::Empty => String::new(),
                    CellValue::Text(text) => quoted(text),
                    CellValue::Number(number) if number.is_finite() => number.to_string(),
                    CellValue::Number(_) => String::new(),
                    CellValue::Date(date) => date.to_string(),
                    CellValue::Bool(value) => value.to_string(),
                })
                .collect(),
        );
    }
    out
}

fn quoted(text: &str) -> String {
    let text = crate::text::clean(text);
    let guarded = if crate::text::is_formula(&text) { format!("'{text}") } else { text.into_owned() };
    if guarded.contains(['"', ',', '\n', '\r', ';', '\t'])
        || guarded.starts_with(' ')
        || guarded.ends_with(' ')
    {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}
