//! `gangway plan`: a won deal becomes a complete onboarding package.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use gangway_app::package::{Format, Formats, render, write_dir};
use gangway_app::plan::{PlanError, plan};
use gangway_domain::deal::DealFormat;
use gangway_domain::fact::Level;
use gangway_domain::fit::counted;
use gangway_domain::package::{BuildOptions, Package};
use gangway_domain::segment::SegmentOverride;
use jiff::civil::Date;

use super::{complain, exit, library, read_input, today};

/// Largest input that is read, in bytes; what lies beyond is refused by the reader with a message.
const MOST_INPUT: u64 = 16 * 1024 * 1024;

/// Passages that were not understood and are shown at once; the package lists more.
const MOST_UNREAD: usize = 20;

/// Arguments of `gangway plan`.
#[derive(Debug, Args)]
#[command(after_help = "EXAMPLES:
  gangway plan deal.txt --out acme
  pbpaste | gangway plan - --out acme --start 2027-01-11 --without pdf
  gangway plan deal.json --out acme --segment enterprise --because \"strategic logo\"

EXIT CODES: 0 package written · 2 wrong usage · 3 the deal or methodology was refused · 4 the deal could not be read or the folder written · 5 unexpected failure")]
pub struct PlanArgs {
    /// The deal: a file, or `-` for standard input.
    file: PathBuf,
    /// Folder to write the package to; it appears whole or not at all.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Day of the kickoff; without it, the first day after preparation on which both sides work.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::date)]
    start: Option<Date>,
    /// Form of the deal; found out by looking at it when left out.
    #[arg(long, value_enum)]
    format: Option<InputFormat>,
    /// Write only these kinds of files (separated by commas).
    #[arg(long, value_parser = kind, value_name = "KIND", value_delimiter = ',', conflicts_with = "without")]
    only: Vec<Format>,
    /// Leave out these kinds of files (separated by commas).
    #[arg(long, value_parser = kind, value_name = "KIND", value_delimiter = ',')]
    without: Vec<Format>,
    /// Use this segment instead of the recommended one.
    #[arg(long, requires = "because")]
    segment: Option<String>,
    /// Why another segment is used.
    #[arg(long, requires = "segment")]
    because: Option<String>,
    /// Name of the vendor in all documents.
    #[arg(long, env = "GANGWAY_VENDOR", default_value = "Our team")]
    vendor: String,
    /// Country whose public holidays the vendor keeps (ISO 3166, e.g. US, DE-BY).
    #[arg(long, env = "GANGWAY_VENDOR_COUNTRY")]
    vendor_country: Option<String>,
    /// Folder with the workspace's own methodology files, laid over the built-in ones.
    #[arg(long, value_name = "DIR", env = "GANGWAY_METHODOLOGY")]
    methodology: Option<PathBuf>,
    /// Day taken as today, for repeatable results.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::date)]
    today: Option<Date>,
    /// Replace the package that is in the folder already, edits included. A folder with other files
    /// is never touched.
    #[arg(long)]
    overwrite: bool,
}

/// Forms a deal can come in.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum InputFormat {
    Summary,
    KeyValue,
    #[value(alias = "md")]
    Markdown,
    Json,
    Toml,
    #[value(alias = "yml")]
    Yaml,
    Hubspot,
    Salesforce,
}

impl From<InputFormat> for DealFormat {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Summary => Self::Summary,
            InputFormat::KeyValue => Self::KeyValue,
            InputFormat::Markdown => Self::Markdown,
            InputFormat::Json => Self::Json,
            InputFormat::Toml => Self::Toml,
            InputFormat::Yaml => Self::Yaml,
            InputFormat::Hubspot => Self::Hubspot,
            InputFormat::Salesforce => Self::Salesforce,
        }
    }
}

/// Makes and writes the package, and prints what it found.
pub fn run(args: PlanArgs) -> Result<ExitCode> {
    let input = match read_input(&args.file, MOST_INPUT) {
        Ok(input) => input,
        Err(error) => {
            complain(format_args!("error: {error:#}"));
            return Ok(ExitCode::from(exit::NOT_FOUND));
        }
    };
    let Some(library::Loaded { methodology, .. }) = library::load(args.methodology.as_deref())? else {
        return Ok(ExitCode::from(exit::REFUSED));
    };
    let options = BuildOptions {
        as_of: args.today.unwrap_or_else(today),
        kickoff_on: args.start,
        segment: args
            .segment
            .clone()
            .map(|segment| SegmentOverride { segment, reason: args.because.clone().unwrap_or_default() }),
        vendor: args.vendor.clone(),
        vendor_country: args.vendor_country.clone(),
    };
    let package = match plan(&methodology, &input, args.format.map(Into::into), &options) {
        Ok(package) => package,
        Err(error @ (PlanError::Intake(_) | PlanError::Build(_))) => {
            complain(format_args!("error: {}: {error}", args.file.display()));
            return Ok(ExitCode::from(exit::REFUSED));
        }
    };
    let files = match render(&package, &methodology, &formats(&args)) {
        Ok(files) => files,
        Err(error) => {
            complain(format_args!("error: the package could not be rendered: {error}"));
            return Ok(ExitCode::from(exit::REFUSED));
        }
    };
    if let Err(error) = write_dir(&files, &args.out, args.overwrite) {
        complain(format_args!("error: {error}"));
        return Ok(ExitCode::from(exit::NOT_FOUND));
    }
    report(&package, files.len(), &args)?;
    Ok(ExitCode::SUCCESS)
}

fn formats(args: &PlanArgs) -> Formats {
    let wanted = |format: &Format| {
        (args.only.is_empty() || args.only.contains(format)) && !args.without.contains(format)
    };
    let formats: Vec<Format> = Format::ALL.into_iter().filter(wanted).collect();
    Formats::only(&formats)
}

/// Reads the name of a kind of file, as in `--without pdf`.
fn kind(name: &str) -> Result<Format, String> {
    Format::ALL.into_iter().find(|format| format.name() == name.trim().to_lowercase()).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("the kinds are {}", known.join(", "))
    })
}

/// The beginning of a text on one line.
fn beginning(text: &str) -> String {
    const LONGEST: usize = 120;
    // What is kept of a large input may be a text of megabytes.
    let start: String = text.chars().take(4 * LONGEST).collect();
    let line = start.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = line.chars().take(LONGEST).collect();
    let is_whole = shown == line && text.chars().nth(4 * LONGEST).is_none();
    if is_whole { shown } else { format!("{shown}…") }
}

/// What a person wants to know at once: who, how, when, what to look at.
fn report(package: &Package, files: usize, args: &PlanArgs) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let dates = &package.dates;
    writeln!(out, "{}: {} onboarding", package.names.customer, package.segmentation.segment_name)?;
    let reasons = &package.segmentation.reasons;
    for reason in reasons.iter().filter(|reason| !reason.neutral) {
        writeln!(out, "  · {}", reason.text)?;
    }
    let neutral = reasons.iter().filter(|reason| reason.neutral);
    let neutral: Vec<String> = neutral.map(|reason| reason.facet.replace('-', " ")).collect();
    if !neutral.is_empty() {
        writeln!(out, "  · Looked at too, without a pull either way: {}", neutral.join(", "))?;
    }
    writeln!(out, "Kickoff   {}  ({})", dates.kickoff_on, dates.kickoff_because)?;
    writeln!(out, "Go-live   {}", dates.verdict)?;
    writeln!(out, "Finish    {}", dates.finish_on)?;
    for option in &dates.options {
        writeln!(out, "  to bring it forward: {option}")?;
    }
    for gate in package.plan.milestones.iter().filter(|milestone| milestone.gate) {
        let late =
            if gate.late_by > 0 { format!("  {} late", counted(gate.late_by, "day")) } else { String::new() };
        writeln!(out, "Gate      by day {:>3}  {}  {}{late}", gate.day, gate.planned, gate.name)?;
    }
    let quality = &package.handoff.quality;
    writeln!(out, "Handoff   {} % of what the document must say", quality.document_score)?;
    for question in package.questions.iter().take(5) {
        writeln!(out, "  ? {} (ask: {})", question.text, question.ask)?;
    }
    if package.questions.len() > 5 {
        writeln!(out, "  ? … and {} more in index.html", package.questions.len() - 5)?;
    }
    let unread = &package.reading.unread;
    for piece in unread.iter().take(MOST_UNREAD) {
        writeln!(out, "  not understood: {}", beginning(&piece.text))?;
    }
    if unread.len() > MOST_UNREAD {
        let more = unread.len() - MOST_UNREAD;
        writeln!(
            out,
            "  not understood: … and {more} more passages, listed in index.html; all text stays in the deal"
        )?;
    }
    let warnings =
        package.reading.notices.iter().chain(&package.notices).filter(|n| n.level == Level::Warning);
    for warning in warnings {
        writeln!(out, "  ! {}", warning.message)?;
    }
    let index = args.out.join("index.html");
    let open = if index.exists() { format!(" — open {}", index.display()) } else { String::new() };
    let count = counted(i64::try_from(files).unwrap_or(i64::MAX), "file");
    writeln!(out, "{count} in {}{open}", args.out.display())?;
    Ok(())
}
