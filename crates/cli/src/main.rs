//! The `gangway` binary.

mod commands;
mod config;
mod instance;
mod measure;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Self-hosted customer onboarding and customer success.
#[derive(Debug, Parser)]
#[command(
    name = "gangway",
    version,
    propagate_version = true,
    after_help = "EXIT CODES, the same for every command:
  0  done
  1  the folders compared are different (methodology diff); no failure
  2  wrong usage
  3  the input or the methodology was refused; standard error says why and where
  4  a file, folder, database or address could not be found, read, written or opened
  5  unexpected failure"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the pages.
    Serve(Box<commands::serve::ServeArgs>),
    /// Start the pages with demo data.
    Demo(Box<commands::demo::DemoArgs>),
    /// Make the onboarding package of a won deal.
    Plan(Box<commands::plan::PlanArgs>),
    /// Schedule a plan file and print its dates as JSON.
    Schedule(commands::schedule::ScheduleArgs),
    /// Check, export or compare the methodology.
    Methodology(commands::methodology::MethodologyArgs),
    /// Write everything into one file, while Gangway runs.
    Backup(Box<commands::backup::BackupArgs>),
    /// Put a backup in the database's place.
    Restore(Box<commands::backup::RestoreArgs>),
    /// Move to another database.
    Db(commands::db::DbArgs),
    /// Get somebody back in: list people, make a password link, make an admin.
    Admin(Box<commands::admin::AdminArgs>),
    /// Check the configuration and everything Gangway needs.
    Doctor(Box<commands::doctor::DoctorArgs>),
    /// Print a published JSON Schema.
    Schema(commands::schema::SchemaArgs),
}

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        if let Some(output) = error.downcast_ref::<std::io::Error>() {
            // `gangway schedule plan.json | head` is not a failure of anybody's.
            if output.kind() == std::io::ErrorKind::BrokenPipe {
                return ExitCode::SUCCESS;
            }
            commands::complain(format_args!("error: the result could not be written: {output}"));
            return ExitCode::from(commands::exit::NOT_FOUND);
        }
        // A chain of causes in words; never a stack trace at a person.
        commands::complain(format_args!("error: {error:#}"));
        ExitCode::from(commands::exit::FAILED)
    })
}

fn run() -> Result<ExitCode> {
    match Cli::parse().command {
        Command::Serve(args) => commands::serve::run(&args),
        Command::Demo(args) => commands::demo::run(&args),
        Command::Plan(args) => commands::plan::run(*args),
        Command::Schedule(args) => commands::schedule::run(args),
        Command::Methodology(args) => commands::methodology::run(args),
        Command::Backup(args) => commands::backup::backup(&args),
        Command::Restore(args) => commands::backup::restore(&args),
        Command::Db(args) => commands::db::run(&args),
        Command::Admin(args) => commands::admin::run(&args),
        Command::Doctor(args) => commands::doctor::run(&args),
        Command::Schema(args) => commands::schema::run(&args),
    }
}
