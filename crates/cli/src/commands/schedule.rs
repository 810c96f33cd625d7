//! `gangway schedule`: the plan engine on a plan file.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use gangway_domain::plan;

use super::{complain, exit, read_input, say};

/// Bytes that are read: one more than the reader takes, so that it says when there are too many.
const MOST_INPUT: u64 = gangway_planfile::MOST_BYTES as u64 + 1;

/// Arguments of `gangway schedule`.
#[derive(Debug, Args)]
#[command(after_help = "EXAMPLES:
  gangway schedule plan.json
  gangway schedule project.xml --format mspdi | jq .finish
  gangway schedule j301_1.sm

EXIT CODES: 0 scheduled · 2 wrong usage · 3 the plan was refused · 4 the file could not be read · 5 unexpected failure")]
pub struct ScheduleArgs {
    /// The plan: our JSON schema, Microsoft Project XML, or PSPLIB `.sm`; `-` for standard input.
    file: PathBuf,
    /// Form of the file; found out by looking at it when left out.
    #[arg(long, value_enum)]
    format: Option<PlanFormat>,
}

/// Forms a plan can come in.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum PlanFormat {
    Json,
    #[value(alias = "xml")]
    Mspdi,
    #[value(alias = "sm")]
    Psplib,
}

/// Schedules the plan and prints the result as JSON.
pub fn run(args: ScheduleArgs) -> Result<ExitCode> {
    let input = match read_input(&args.file, MOST_INPUT) {
        Ok(input) => input,
        Err(error) => {
            complain(format_args!("error: {error:#}"));
            return Ok(ExitCode::from(exit::NOT_FOUND));
        }
    };
    let format = args.format.map(|format| match format {
        PlanFormat::Json => gangway_planfile::Format::Json,
        PlanFormat::Mspdi => gangway_planfile::Format::MicrosoftProjectXml,
        PlanFormat::Psplib => gangway_planfile::Format::Psplib,
    });
    let read = match gangway_planfile::read(&input, format) {
        Ok(read) => read,
        Err(error) => {
            complain(format_args!("error: {}: {error}", args.file.display()));
            return Ok(ExitCode::from(exit::REFUSED));
        }
    };
    for notice in &read.notices {
        complain(format_args!("warning: {}", notice.message));
    }
    match plan::schedule(&read.plan) {
        Ok(schedule) => {
            let json =
                serde_json::to_string_pretty(&schedule).context("the schedule cannot be written as JSON")?;
            say(format_args!("{json}"))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            complain(format_args!("error: {}: {error}", args.file.display()));
            Ok(ExitCode::from(exit::REFUSED))
        }
    }
}
