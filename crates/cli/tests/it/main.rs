//! The binary as a person or a script meets it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod exit_codes;
mod ingest;
mod killed;
mod killed_plan;
mod operations;
mod served;

use std::path::Path;
use std::process::{Command, Output};

/// A deal in one line.
const DEAL: &str =
    "Customer: Acme Manufacturing. Product: Enterprise platform. ACV: $95K. Go-live target: 60 days.\n";

/// The binary with a folder to stand in, and nothing of the environment that it listens to.
fn gangway(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gangway"));
    command.current_dir(folder);
    for name in [
        "GANGWAY_METHODOLOGY",
        "GANGWAY_VENDOR",
        "GANGWAY_VENDOR_COUNTRY",
        "GANGWAY_DATA",
        "GANGWAY_DATABASE_URL",
        "GANGWAY_EVENTS_NATS_URL",
    ] {
        command.env_remove(name);
    }
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    gangway(folder).args(arguments).output().unwrap()
}

/// Names of what is in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
