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
mod spoken;
mod templates;
#[cfg(test)]
mod tests;
mod view;
pub mod wording;
mod words;

use gangway_documents::HtmlOptions;
use gangway_domain::methodology::Methodology;
use gangway_domain::package::{Meeting, Package};
use gangway_domain::portal::Language;

pub(crate) use calendar::{floating, zone_name};
pub use catalogue::{Entry, Group, catalogue};
pub use error::PackageError;
pub use folder::write_dir;
pub use format::{Format, Formats};
pub use wording::{Laid, Standing, Wording, Wordings};

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
    render_worded(package, methodology, formats, &Wordings::new(), Language::En)
}

/// As [`render`], with the words people changed in its documents, and its e-mails in a language.
///
/// # Errors
/// As [`render`].
pub fn render_worded(
    package: &Package,
    methodology: &Methodology,
    formats: &Formats,
    wordings: &Wordings,
    language: Language,
) -> Result<Vec<RenderedFile>, PackageError> {
    press::print(package, methodology, formats, (wordings, language), None)
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
    render_one_worded(package, methodology, path, &Wordings::new(), Language::En)
}

/// As [`render_one`], with the words people changed in its documents, and its e-mails in a language.
///
/// # Errors
/// As [`render_one`].
pub fn render_one_worded(
    package: &Package,
    methodology: &Methodology,
    path: &str,
    wordings: &Wordings,
    language: Language,
) -> Result<RenderedFile, PackageError> {
    let files = press::print(package, methodology, &Formats::all(), (wordings, language), Some(path))?;
    files.into_iter().next().ok_or_else(|| PackageError::UnknownFile(path.to_owned()))
}

/// A document whose words people can change: what it is called, and what the customer sees of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wordable {
    /// Name of its template.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// It is an e-mail: a subject and a body.
    pub email: bool,
    /// It goes to the customer.
    pub for_customer: bool,
}

/// The documents and e-mails of a package with these meetings whose words people can change.
#[must_use]
pub fn wordable(meetings: &[Meeting]) -> Vec<Wordable> {
    let documents = files::DOCUMENTS.iter().filter(|spec| spec.needs.met_by(meetings)).map(|spec| Wordable {
        name: spec.name,
        title: spec.title,
        email: false,
        for_customer: spec.audience == files::Audience::Customer,
    });
    let emails = files::EMAILS.iter().filter(|spec| spec.needs.met_by(meetings)).map(|spec| Wordable {
        name: spec.name,
        title: spec.title,
        email: true,
        for_customer: true,
    });
    documents.chain(emails).collect()
}

/// What is written from the plan in a document, in the dialect of `docs/document-dialect.md`: an e-mail in the language,
/// everything else in English.
///
/// # Errors
/// As [`render`].
pub fn written(
    package: &Package,
    methodology: &Methodology,
    document: Wordable,
    language: Language,
) -> Result<String, PackageError> {
    press::written(package, methodology, document, language)
}

/// A text in the dialect as a page to look at: an e-mail as it arrives, a document or deck as a web page.
///
/// # Errors
/// [`PackageError::Document`] when it cannot be read, with the line.
pub fn page(package: &Package, document: Wordable, text: &str) -> Result<String, PackageError> {
    let parsed = press::parse(document.name, text)?;
    let brand = press::brand(package);
    Ok(if document.email {
        gangway_documents::email(&parsed, &brand).html
    } else {
        gangway_documents::html(&parsed, &HtmlOptions { brand, navigation: Vec::new() })
    })
}

/// A report's text from its facts, in the dialect of `docs/document-dialect.md`.
///
/// # Errors
/// [`PackageError::MissingTemplate`], or [`PackageError::Template`] with the line.
pub(crate) fn report(
    methodology: &Methodology,
    template: &str,
    facts: &gangway_domain::report::Facts,
) -> Result<String, PackageError> {
    let env = templates::environment(methodology)?;
    let seen = serde_json::json!({ "report": facts });
    templates::fill(&env, &format!("{template}.md"), &minijinja::Value::from(minijinja::value::Serde(&seen)))
}

/// A document as a PDF or for Word, by the ending of its name.
///
/// # Errors
/// [`PackageError::Render`] when it cannot be made, [`PackageError::UnknownFile`] in another format.
pub(crate) fn paper(
    name: String,
    document: &gangway_documents::Document,
    brand: &gangway_documents::Brand,
    format: Format,
) -> Result<RenderedFile, PackageError> {
    let bytes = match format {
        Format::Pdf => gangway_documents::pdf(document, brand).map_err(|e| press::failed(&name, &e))?,
        Format::Docx => gangway_documents::docx(document, brand).map_err(|e| press::failed(&name, &e))?,
        _ => return Err(PackageError::UnknownFile(name)),
    };
    Ok(RenderedFile { media_type: files::media_type(&name), path: name, bytes })
}

/// Subject and text of a mail from its template and facts, in the language of whoever reads it: ready to go, or for
/// somebody to change before it does.
///
/// # Errors
/// [`PackageError::MissingTemplate`], or [`PackageError::Template`] with the line.
pub(crate) fn letter_text(
    methodology: &Methodology,
    template: &str,
    language: Language,
    facts: &serde_json::Value,
) -> Result<(String, String), PackageError> {
    Stationery::one(methodology, template, language)?.write(facts)
}

/// The template of an e-mail in one language, read once for as many mails as are written.
pub(crate) struct Stationery<'a> {
    env: minijinja::Environment<'a>,
    name: String,
}

impl<'a> Stationery<'a> {
    /// The template in a language; the English one where there is none.
    ///
    /// # Errors
    /// [`PackageError::Template`] with the line of a template that cannot be read.
    pub(crate) fn one(
        methodology: &'a Methodology,
        template: &str,
        language: Language,
    ) -> Result<Self, PackageError> {
        let name = methodology.email_in(language, template);
        let env = templates::of_email(methodology, &name, language)?;
        Ok(Self { env, name })
    }

    /// Subject and text with these facts.
    ///
    /// # Errors
    /// [`PackageError::MissingTemplate`], or [`PackageError::Template`] with the line.
    pub(crate) fn write(&self, facts: &serde_json::Value) -> Result<(String, String), PackageError> {
        let Self { env, name } = self;
        let seen = minijinja::Value::from(minijinja::value::Serde(facts));
        let subject = templates::fill(env, &format!("emails/{name}/subject.txt"), &seen)?;
        let body = templates::fill(env, &format!("emails/{name}/body.md"), &seen)?;
        let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok((subject, gangway_documents::relax(body.trim())))
    }
}

/// A mail of ours from its template and facts, in a workspace's name.
///
/// # Errors
/// [`PackageError::MissingTemplate`], or [`PackageError::Template`] with the line.
pub(crate) fn letter(
    methodology: &Methodology,
    template: &str,
    vendor: &str,
    facts: &serde_json::Value,
) -> Result<gangway_documents::Email, PackageError> {
    let env = templates::environment(methodology)?;
    let seen = minijinja::Value::from(minijinja::value::Serde(facts));
    let subject = templates::fill(&env, &format!("emails/{template}/subject.txt"), &seen)?;
    let body = templates::fill(&env, &format!("emails/{template}/body.md"), &seen)?;
    let document = press::parse(template, &wording::email(&subject, &body))?;
    Ok(gangway_documents::email(&document, &gangway_documents::Brand::new(vendor, "")))
}

/// The subject of an e-mail's text; nothing when the text is no e-mail.
#[must_use]
pub fn subject(text: &str) -> Option<String> {
    gangway_documents::parse(text).ok()?.head.subject
}

/// A page that only says something, in the place of a document.
#[must_use]
pub fn notice(title: &str, text: &str) -> String {
    let text = wording::email(title, &gangway_documents::escape_markdown(text));
    let options =
        HtmlOptions { brand: gangway_documents::Brand::new(String::new(), ""), navigation: Vec::new() };
    gangway_documents::parse(&text).map(|page| gangway_documents::html(&page, &options)).unwrap_or_default()
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
