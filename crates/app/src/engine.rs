//! The calculations use cases run: reading a deal, building its package, listing and rendering its files.
//!
//! They are values of the [`crate::App`], so that tests of the use cases can run on a small
//! package made by hand, and one door cannot use others than the next.

use gangway_domain::deal::{DealFormat, Reading};
use gangway_domain::methodology::Methodology;
use gangway_domain::package::{self, BuildError, BuildOptions, Package};
use gangway_intake::{IntakeError, ReadContext};

use crate::package::{Formats, PackageError, RenderedFile, contents, render_one};

/// Reads a deal; pure.
pub type Read = fn(&[u8], Option<DealFormat>, &ReadContext) -> Result<Reading, IntakeError>;

/// Builds a package; pure.
pub type Build = fn(&Methodology, Reading, &BuildOptions) -> Result<Package, BuildError>;

/// Says which files a package has, without making them; pure and quick.
pub type List = fn(&Package) -> Vec<FileEntry>;

/// Renders one file of a package by its path; pure.
pub type Render = fn(&Package, &Methodology, &str) -> Result<RenderedFile, PackageError>;

/// A file a package has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Path inside the package, with `/` between names.
    pub path: String,
    /// What it is, for people: `Kickoff deck`.
    pub title: String,
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
    /// Renders one of them.
    pub render: Render,
}

impl Default for Engine {
    /// What the product runs with.
    fn default() -> Self {
        Self {
            read: gangway_intake::read,
            build: package::build,
            list: |package| {
                let entry = |(path, title)| FileEntry { path, title };
                contents(package, &Formats::all()).into_iter().map(entry).collect()
            },
            render: render_one,
        }
    }
}
