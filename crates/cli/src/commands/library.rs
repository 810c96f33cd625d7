//! Opening the methodology a command works with.

use std::path::Path;

use anyhow::Result;
use gangway_methodology::{Library, Methodology, render_diagnostics};

use super::complain;

/// The built-in files, with a folder's laid over them; `None` (after saying why) when it cannot be read.
pub fn open(folder: Option<&Path>) -> Result<Option<Library>> {
    let Some(folder) = folder else { return Ok(Some(Library::builtin())) };
    match Library::from_dir(folder) {
        Ok(library) => Ok(Some(library)),
        Err(error) => {
            complain(format_args!("error: {error}"));
            Ok(None)
        }
    }
}

/// Files with what they say.
pub struct Loaded {
    /// The files.
    pub library: Library,
    /// What they say.
    pub methodology: Methodology,
}

/// The checked methodology; `None` (after listing the mistakes) when it has any.
pub fn load(folder: Option<&Path>) -> Result<Option<Loaded>> {
    let Some(library) = open(folder)? else { return Ok(None) };
    match library.load() {
        Ok(methodology) => Ok(Some(Loaded { library, methodology })),
        Err(diagnostics) => {
            complain(format_args!("{}", render_diagnostics(&diagnostics).trim_end()));
            Ok(None)
        }
    }
}
