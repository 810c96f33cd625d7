//! Loads, lints, diffs and exports the customer-success methodology kept as files; embeds the built-in one.
//!
//! [`Library`] is a set of files: the built-in ones, with a workspace's own laid over them.
//! [`Library::check`] reads and judges them, [`Library::load`] gives the typed [`Methodology`],
//! [`diff`] tells what two libraries do differently, and [`Library::export`] writes files to a folder.
//! How an expert works with the files is told in `docs/methodology.md`.

mod diagnostic;
mod diff;
mod export;
mod library;
mod lint;
mod load;
mod nearest;
mod programme;
mod source;

pub use diagnostic::{Diagnostic, Severity, render_diagnostics};
pub use diff::{Change, ChangeKind, diff, render_changes};
pub use export::{ExportError, Exported};
pub use gangway_domain::methodology::Methodology;
pub use library::{Library, LibraryError};
pub use programme::{
    Change as PartChange, Comparison, Delta, Field, Finding, Group, Input, Item, Judged, Kind, Mistake,
    NotToml, Part, ProgrammeText, Values, path_of, questionnaire_values, read_programme,
};
