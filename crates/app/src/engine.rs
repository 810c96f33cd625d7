//! The calculations use cases run: reading a deal, building its package, listing and rendering its files.
//!
//! They are values of the [`crate::App`], so that tests of the use cases can run on a small
//! package made by hand, and one door cannot use others than the next.

use gangway_domain::deal::{DealFormat, Reading};
use gangway_domain::methodology::Methodology;
use gangway_domain::money::Currency;
use gangway_domain::package::{BuildError, BuildOptions, Package};
use jiff::civil::Date;
use thiserror::Error;

/// What reading a deal needs to know beside its text.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions {
    /// Today: dates without a year are near it.
    pub today: Date,
    /// Currency of amounts without one.
    pub currency: Currency,
}

/// Reads a deal; pure.
pub type Read = fn(&[u8], Option<DealFormat>, ReadOptions) -> Result<Reading, Refused>;

/// Builds a package; pure.
pub type Build = fn(&Methodology, Reading, &BuildOptions) -> Result<Package, BuildError>;

/// Renders the files of a package; pure.
pub type Render = fn(&Package, &Methodology) -> Result<Vec<RenderedFile>, RenderError>;

/// Says which files [`Render`] would make, without making them; pure and quick.
pub type List = fn(&Package) -> Vec<FileEntry>;

/// The text is not a deal that can be read. Says what is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Refused {
    /// For people.
    pub message: String,
}

/// A file of the package could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct RenderError {
    /// Which file and why.
    pub message: String,
}

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// Path inside the package, with `/` between names.
    pub path: String,
    /// Media type, e.g. `application/pdf`.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file a package has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Path inside the package, with `/` between names.
    pub path: String,
    /// What it is, for people: `Kickoff deck`.
    pub title: String,
    /// Media type.
    pub media_type: &'static str,
}

/// Reading, building, listing, rendering.
#[derive(Clone, Copy)]
pub struct Engine {
    /// Reads a deal.
    pub read: Read,
    /// Builds its package.
    pub build: Build,
    /// Lists the package's files.
    pub list: List,
    /// Renders the package's files.
    pub render: Render,
}
