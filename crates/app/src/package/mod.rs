//! A package as the files a customer receives.
//!
//! [`render`] fills the methodology's templates with a [`Package`], turns the resulting documents into
//! every wanted format and adds spreadsheets, calendar files and e-mails; [`write_dir`] puts the files
//! into a folder that appears whole or not at all. The same package gives the same bytes: dates come
//! from [`Package::as_of`], identifiers from contents. `docs/package.md` is the reader's guide.

mod calendar;
mod catalogue;
mod charts;
mod error;
mod files;
mod folder;
mod format;
mod press;
mod sheets;
mod templates;
#[cfg(test)]
mod tests;
mod view;
mod words;

use gangway_domain::methodology::Methodology;
use gangway_domain::package::Package;

pub use catalogue::{Entry, Group, catalogue};
pub use error::PackageError;
pub use folder::write_dir;
pub use format::{Format, Formats};

/// What a page of ours ends with, so that a folder can be told from somebody else's.
const MARK: &str = "<!-- gangway.package/1 -->";

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// Path inside the package, with `/`.
    pub path: String,
    /// Media type for serving it.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Renders all files of the package in the wanted formats, in the order of the table in `files.rs`.
///
/// # Errors
/// [`PackageError::Template`] or [`PackageError::Document`] when a template of the methodology does
/// not fit, [`PackageError::Render`] when a document cannot be made.
pub fn render(
    package: &Package,
    methodology: &Methodology,
    formats: &Formats,
) -> Result<Vec<RenderedFile>, PackageError> {
    press::print(package, methodology, formats, None)
}

/// Renders one file of the package by its path, e.g. `handoff.pdf`.
///
/// # Errors
/// [`PackageError::UnknownFile`] when a package has no such file; otherwise as [`render`].
pub fn render_one(
    package: &Package,
    methodology: &Methodology,
    path: &str,
) -> Result<RenderedFile, PackageError> {
    let files = press::print(package, methodology, &Formats::all(), Some(path))?;
    files.into_iter().next().ok_or_else(|| PackageError::UnknownFile(path.to_owned()))
}

/// The names of all documents there are, each with the end of its page's address below an onboarding: the
/// document itself when every onboarding has it as a page, else the list of its documents.
pub(crate) fn document_names() -> impl Iterator<Item = (String, &'static str)> {
    files::DOCUMENTS.iter().map(|spec| {
        let page = spec.needs == files::Needs::Nothing && spec.formats.contains(&Format::Html);
        let end = if page { format!("package/{}.html", spec.name) } else { "documents".to_owned() };
        (end, spec.title)
    })
}

/// The paths of all files of the package in the wanted formats, with what people call them, without rendering.
#[must_use]
pub fn contents(package: &Package, formats: &Formats) -> Vec<(String, String)> {
    press::paths(package, formats)
}
