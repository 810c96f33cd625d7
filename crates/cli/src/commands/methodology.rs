//! `gangway methodology`: check, export and compare the customer-success knowledge kept as files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use gangway_app::package::{Format, Formats, render};
use gangway_app::plan::plan;
use gangway_app::programme::SAMPLE;
use gangway_app::workspace::default_id;
use gangway_domain::ids::WorkspaceId;
use gangway_domain::package::BuildOptions;
use gangway_domain::segment::SegmentOverride;
use gangway_methodology::{Library, Methodology, diff, path_of, render_diagnostics};
use gangway_store::{Db, programme};
use jiff::civil::{Date, date};

use super::backup::runtime;
use super::serve::{refuse, settings};
use super::{complain, exit, library, say};
use crate::config::{Options, Settings};

/// The day the sample deal is planned on.
const SAMPLE_DAY: Date = date(2027, 1, 4);

/// Arguments of `gangway methodology`.
#[derive(Debug, Args)]
#[command(after_help = "EXAMPLES:
  gangway methodology export my-methodology
  gangway methodology export ours --data /var/lib/gangway
  gangway methodology check my-methodology
  gangway methodology diff my-methodology

EXIT CODES: 0 fine · 1 the folders are different (diff) · 2 wrong usage · 3 mistakes were found · 4 a folder could not be read or written · 5 unexpected failure")]
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
    /// Write the built-in files to a folder, to be changed there; or those of a workspace, with the programmes
    /// it published.
    Export {
        /// The folder.
        folder: PathBuf,
        /// Replace files that were changed.
        #[arg(long)]
        force: bool,
        /// Of the workspace in this data folder.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// Of the workspace in this PostgreSQL database.
        #[arg(long, value_name = "URL")]
        database: Option<String>,
        /// Which workspace, when there are several.
        #[arg(long, value_name = "ID")]
        workspace: Option<WorkspaceId>,
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
        Verb::Export { folder, force, data: None, database: None, workspace: None } => {
            export(&Library::builtin(), &folder, force)
        }
        Verb::Export { folder, force, data, database, workspace } => {
            let options = Options { data, database, ..Options::default() };
            let settings = match settings(&options) {
                Ok(settings) => settings,
                Err(code) => return Ok(code),
            };
            match of_workspace(&settings, workspace.unwrap_or_else(default_id)) {
                Ok(library) => export(&library, &folder, force),
                Err(error) => Ok(refuse(&error)),
            }
        }
        Verb::Diff { folder, with } => compare(&folder, with.as_deref()),
    }
}

fn check(folder: Option<&Path>) -> Result<ExitCode> {
    let Some(library) = library::open(folder)? else { return Ok(ExitCode::from(exit::NOT_FOUND)) };
    let diagnostics = library.check();
    if diagnostics.is_empty() {
        if let Some(problem) = library.load().ok().and_then(|methodology| rehearse(&methodology)) {
            complain(format_args!("error: {problem}"));
            return Ok(ExitCode::from(exit::REFUSED));
        }
        say(format_args!("{} files checked, no mistakes.", library.paths().count()))?;
        return Ok(ExitCode::SUCCESS);
    }
    say(format_args!("{}", render_diagnostics(&diagnostics).trim_end()))?;
    let wrong = diagnostics.iter().any(|found| found.severity == gangway_methodology::Severity::Error);
    Ok(if wrong { ExitCode::from(exit::REFUSED) } else { ExitCode::SUCCESS })
}

/// Makes a package of a sample deal for every segment: what is only wrong when a template meets a
/// package shows here, before a real deal does. Says what went wrong.
fn rehearse(methodology: &Methodology) -> Option<String> {
    let documents = Formats::only(&[Format::Md, Format::Email]);
    methodology.segments.segments.iter().find_map(|segment| {
        let options = BuildOptions {
            as_of: SAMPLE_DAY,
            kickoff_on: None,
            segment: Some(SegmentOverride { segment: segment.id.clone(), reason: "rehearsal".into() }),
            vendor: "Our team".into(),
            vendor_country: None,
        };
        let package = match plan(methodology, SAMPLE.as_bytes(), None, &options) {
            Ok(package) => package,
            Err(error) => return Some(error.to_string()),
        };
        render(&package, methodology, &documents).err().map(|error| error.to_string())
    })
}

/// The files a workspace works with: what the installation runs with, and its published programmes over it.
fn of_workspace(settings: &Settings, workspace: WorkspaceId) -> Result<Library> {
    if settings.database.is_none() && !settings.sqlite_file().exists() {
        bail!("there is no database at {}", settings.sqlite_file().display());
    }
    let mut library = match settings.methodology.as_deref() {
        Some(folder) => Library::from_dir(folder)?,
        None => Library::builtin(),
    };
    runtime()?.block_on(async {
        let db = Db::open(&settings.database_url()).await.context("the database cannot be opened")?;
        let mut tx = db.read().await?;
        for version in programme::in_force(&mut tx, workspace).await? {
            let kept = programme::source(&mut tx, workspace, &version.programme, &version.digest).await?;
            library = library.clone().with(&path_of(&version.programme), kept.unwrap_or_default());
        }
        drop(tx);
        db.close().await;
        Ok(library)
    })
}

fn export(library: &Library, folder: &Path, force: bool) -> Result<ExitCode> {
    match library.export(folder, force) {
        Ok(done) => {
            say(format_args!(
                "{} files written to {}, {} there already.",
                done.written.len(),
                folder.display(),
                done.unchanged.len()
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            complain(format_args!("error: {error}"));
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
        say(format_args!("No differences."))?;
        return Ok(ExitCode::SUCCESS);
    }
    for change in &changes {
        say(format_args!("{change}"))?;
    }
    Ok(ExitCode::from(exit::DIFFERENT))
}
