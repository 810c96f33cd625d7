//! Reports as pages and as files.

use gangway_documents::{Brand, HtmlOptions};
use gangway_domain::ids::ReportId;
use gangway_domain::permission::Action;
use gangway_domain::register::Visibility;
use gangway_store::{report as rows, workspace};

use super::{find, readable};
use crate::boxed;
use crate::error::AppError;
use crate::identity::Secret;
use crate::package::{self, Format, RenderedFile};
use crate::{Actor, App, calculate};

/// The page whoever has a link reads.
///
/// # Errors
/// [`AppError::LinkEnded`] when it opens nothing any more; or when the database fails.
#[boxed]
pub async fn shared(app: &App, secret: &Secret) -> Result<String, AppError> {
    let mut tx = app.db.read().await?;
    let found = rows::by_link(&mut tx, &secret.digest()).await?;
    let (place, id) = found.ok_or(AppError::LinkEnded)?;
    let report = rows::get(&mut tx, place, id).await?.ok_or(AppError::LinkEnded)?;
    if report.audience == Visibility::Internal {
        return Err(AppError::LinkEnded);
    }
    let vendor = workspace::get(&mut tx, place).await?.map_or_else(String::new, |place| place.name);
    drop(tx);
    page_of(report.text, vendor).await
}

/// A text as a page to look at; `None` shows the report as it stands.
///
/// # Errors
/// [`AppError::Invalid`] with the line when the text cannot be read; otherwise as [`super::get`].
#[boxed]
pub async fn page(app: &App, actor: &Actor, id: ReportId, text: Option<String>) -> Result<String, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let report = find(&mut tx, actor, id).await?;
    let vendor = workspace::get(&mut tx, actor.workspace).await?.map_or_else(String::new, |place| place.name);
    drop(tx);
    page_of(text.unwrap_or(report.text), vendor).await
}

async fn page_of(text: String, vendor: String) -> Result<String, AppError> {
    let made = calculate(move || {
        let (_, document) = readable(&text)?;
        let options = HtmlOptions { brand: Brand::new(vendor, ""), navigation: Vec::new() };
        Ok::<_, AppError>(gangway_documents::html(&document, &options))
    });
    made.await?
}

/// A report as a file: `pdf` or `docx`, named after its kind and its day.
///
/// # Errors
/// [`AppError::NotFound`] also when a report is no such file; [`AppError::Render`] when it cannot be made; otherwise as
/// [`super::get`].
#[boxed]
pub async fn file(app: &App, actor: &Actor, id: ReportId, ending: &str) -> Result<RenderedFile, AppError> {
    actor.require(Action::Look)?;
    let format = ending.parse::<Format>().ok().filter(|one| matches!(one, Format::Pdf | Format::Docx));
    let unknown = || AppError::missing("file", ending.chars().take(20).collect::<String>());
    let format = format.ok_or_else(unknown)?;
    let mut tx = app.db.read().await?;
    let report = find(&mut tx, actor, id).await?;
    let vendor = workspace::get(&mut tx, actor.workspace).await?.map_or_else(String::new, |place| place.name);
    drop(tx);
    let name = format!("{}-{}.{}", report.kind.word(), report.as_of, format.name());
    let made = calculate(move || {
        let (_, document) = readable(&report.text)?;
        Ok::<_, AppError>(package::paper(name, &document, &Brand::new(vendor, ""), format)?)
    });
    made.await?
}
