//! The formats a package's files come in.

use std::collections::BTreeSet;
use std::str::FromStr;

use super::PackageError;

/// A format of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Markdown.
    Md,
    /// Web pages that work offline.
    Html,
    /// PDF.
    Pdf,
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// PowerPoint.
    Pptx,
    /// Calendar entries.
    Ics,
    /// E-mails: subject, text and HTML.
    Email,
    /// The machine-readable package.
    Json,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 9] = [
        Format::Md,
        Format::Html,
        Format::Pdf,
        Format::Docx,
        Format::Xlsx,
        Format::Pptx,
        Format::Ics,
        Format::Email,
        Format::Json,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Md => "md",
            Format::Html => "html",
            Format::Pdf => "pdf",
            Format::Docx => "docx",
            Format::Xlsx => "xlsx",
            Format::Pptx => "pptx",
            Format::Ics => "ics",
            Format::Email => "email",
            Format::Json => "json",
        }
    }
}

impl FromStr for Format {
    type Err = PackageError;

    fn from_str(text: &str) -> Result<Self, PackageError> {
        Format::ALL
            .into_iter()
            .find(|format| format.name().eq_ignore_ascii_case(text.trim()))
            .ok_or_else(|| PackageError::UnknownFormat(text.trim().to_owned()))
    }
}

/// The formats wanted; all by default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formats(BTreeSet<Format>);

impl Default for Formats {
    fn default() -> Self {
        Self::all()
    }
}

impl Formats {
    /// Every format.
    #[must_use]
    pub fn all() -> Self {
        Self(Format::ALL.into_iter().collect())
    }

    /// Only these.
    #[must_use]
    pub fn only(formats: &[Format]) -> Self {
        Self(formats.iter().copied().collect())
    }

    /// Whether the format is wanted.
    #[must_use]
    pub fn has(&self, format: Format) -> bool {
        self.0.contains(&format)
    }
}

impl FromStr for Formats {
    type Err = PackageError;

    /// Reads a list such as `md,html,pdf`, or `all`.
    ///
    /// # Errors
    /// [`PackageError::UnknownFormat`] with the word that names none.
    fn from_str(text: &str) -> Result<Self, PackageError> {
        if text.trim().eq_ignore_ascii_case("all") {
            return Ok(Self::all());
        }
        text.split(',').map(str::parse).collect::<Result<BTreeSet<Format>, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lists() {
        assert_eq!("md, PDF".parse::<Formats>().unwrap(), Formats::only(&[Format::Md, Format::Pdf]));
        assert_eq!("all".parse::<Formats>().unwrap(), Formats::default());
        let error = "md,doc".parse::<Formats>().unwrap_err();
        assert!(error.to_string().contains("`doc`"), "{error}");
        assert!("".parse::<Formats>().is_err());
    }
}
