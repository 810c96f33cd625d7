//! Lists as files: exactly what a filter shows, every page of it.

use gangway_documents::{AnySheet, Brand, CellValue, Sheet, SheetCell, SheetColumn, Workbook, csv, xlsx};
use gangway_jobs::Later;
use gangway_store::onboarding::list::ListError;
use gangway_store::{Timestamp, Tx};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::calculate;
use crate::error::AppError;
use crate::package::PackageError;

/// Lines read at once.
pub(crate) const BATCH: u32 = 500;

/// Lines of one file. A spreadsheet beyond it helps nobody, and building it would take the memory of the server.
const MOST: usize = 50_000;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, UTF-8.
    Csv,
    /// A workbook.
    Xlsx,
}

/// A file to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// What to call it.
    pub name: String,
    /// MIME type.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The lines of a list as far as a file takes them: `page` reads [`BATCH`] of them from a place on, and says where the
/// next ones begin.
///
/// # Errors
/// When the database fails.
pub(crate) async fn every<L, P>(
    tx: &mut Tx,
    mut page: impl for<'a> FnMut(&'a mut Tx, Option<P>) -> Later<'a, Result<(Vec<L>, Option<P>), ListError>>,
) -> Result<Vec<L>, AppError> {
    let mut lines = Vec::new();
    let mut after = None;
    loop {
        let (found, next) = page(tx, after).await?;
        lines.extend(found);
        if next.is_none() || lines.len() >= MOST {
            return Ok(lines);
        }
        after = next;
    }
}

/// A table as a file, called so and after the day; cells that a spreadsheet would take for a formula are text in it.
///
/// # Errors
/// [`AppError::Render`].
pub(crate) async fn file(
    called: &'static str,
    today: Date,
    format: Format,
    sheet: impl FnOnce() -> Sheet + Send + 'static,
) -> Result<Export, AppError> {
    calculate(move || {
        let sheet = sheet();
        let (ending, media_type, bytes) = match format {
            // Spreadsheets take a file without this mark for one in the code page of the machine.
            Format::Csv => {
                ("csv", "text/csv; charset=utf-8", format!("\u{feff}{}", csv(&sheet)).into_bytes())
            }
            Format::Xlsx => {
                let workbook = Workbook {
                    title: sheet.name.clone(),
                    date: Some(today),
                    sheets: vec![AnySheet::Table(sheet)],
                };
                let made = xlsx(&workbook, &Brand::default()).map_err(|error| PackageError::Render {
                    path: format!("{called}.xlsx"),
                    message: error.to_string(),
                })?;
                ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", made)
            }
        };
        Ok(Export { name: format!("{called}-{today}.{ending}"), media_type, bytes })
    })
    .await?
}

/// A sheet with these columns, each with its title and width in characters.
pub(crate) fn sheet(name: &str, columns: &[(&str, f64)], rows: Vec<Vec<SheetCell>>) -> Sheet {
    let columns = columns.iter().map(|(title, width)| SheetColumn {
        title: (*title).to_owned(),
        width: Some(*width),
        choices: Vec::new(),
    });
    Sheet { name: name.to_owned(), columns: columns.collect(), rows, filter: true }
}

/// A text, or nothing.
pub(crate) fn optional(text: Option<&str>) -> SheetCell {
    text.map_or_else(SheetCell::default, SheetCell::from)
}

/// A whole number.
#[expect(clippy::cast_precision_loss, reason = "counts and amounts far below 2^53")]
pub(crate) fn number(number: i64) -> SheetCell {
    SheetCell { value: CellValue::Number(number as f64), tone: None }
}

/// The day of an instant.
pub(crate) fn day(at: Timestamp, zone: &TimeZone) -> SheetCell {
    let at = jiff::Timestamp::try_from(at);
    at.map_or_else(|_| SheetCell::default(), |at| at.to_zoned(zone.clone()).date().into())
}
