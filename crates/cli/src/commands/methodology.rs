//! `gangway methodology`: check, export and compare the customer-success knowledge kept as files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use gangway_methodology::{Library, diff, render_diagnostics};

use super::{exit, library};

/// Arguments of `gangway methodology`.
#[derive(Debug, Args)]
#[command(after_help = "EXAMPLES:
  gangway methodology export my-methodology
  gangway methodology check my-methodology
  gangway methodology diff my-methodology

EXIT CODES: 0 fine · 1 the folders differ (diff) · 2 wrong usage · 3 errors were found · 4 a folder could not be read or written")]
pub struct MethodologyArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Look for mistakes: every one is named with file, line and what to do.
    Check {
        /// Folder laid over the built-in methodology; the built-in one alone when left out.
        folder: Option<PathBuf>,
    },
    /// Write the built-in files to a folder, to be changed there.
    Export {
        /// The folder.
        folder: PathBuf,
        /// Replace files that were changed.
        #[arg(long)]
        force: bool,
    },
    /// Show what a folder does differently from the built-in methodology, or from another folder.
    Diff {
        /// The folder.
        folder: PathBuf,
        /// Compare with this folder instead of the built-in methodology.
        #[arg(long, value_name = "DIR")]
        with: Option<PathBuf>,
    },
}

/// Runs the verb.
pub fn run(args: MethodologyArgs) -> Result<ExitCode> {
    match args.verb {
        Verb::Check { folder } => check(folder.as_deref()),
        Verb::Export { folder, force } => export(&folder, force),
        Verb::Diff { folder, with } => compare(&folder, with.as_deref()),
    }
}

fn check(folder: Option<&Path>) -> Result<ExitCode> {
    let Some(library) = library::open(folder)? else { return Ok(ExitCode::from(exit::NOT_FOUND)) };
    let diagnostics = library.check();
    if diagnostics.is_empty() {
        println!("{} files checked, no mistakes.", library.paths().count());
        return Ok(ExitCode::SUCCESS);
    }
    print!("{}", render_diagnostics(&diagnostics));
    let wrong = diagnostics.iter().any(|found| found.severity == gangway_methodology::Severity::Error);
    Ok(if wrong { ExitCode::from(exit::REFUSED) } else { ExitCode::SUCCESS })
}

fn export(folder: &Path, force: bool) -> Result<ExitCode> {
    match Library::builtin().export(folder, force) {
        Ok(done) => {
            println!(
                "{} files written to {}, {} there already.",
                done.written.len(),
                folder.display(),
                done.unchanged.len()
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("error: {error}");
            Ok(ExitCode::from(exit::NOT_FOUND))
        }
    }
}

fn compare(folder: &Path, with: Option<&Path>) -> Result<ExitCode> {
    let (Some(old), Some(new)) = (library::open(with)?, library::open(Some(folder))?) else {
        return Ok(ExitCode::from(exit::NOT_FOUND));
    };
    let changes = diff(&old, &new);
    if changes.is_empty() {
        println!("No differences.");
        return Ok(ExitCode::SUCCESS);
    }
    for change in &changes {
        println!("{change}");
    }
    Ok(ExitCode::from(exit::DIFFERENT))
}
