//! The API held to its description: a Gangway of its own is asked everything `openapi.json` tells.

use std::process::Command;

use anyhow::Result;

use crate::browser::{Server, address};
use crate::run::{Beside, build_gangway, root, step};
use crate::{prepare, python};

/// The same as [`check`], of what a user runs.
pub fn run() -> Result<()> {
    prepare::run()?;
    check(Beside::Nothing)
}

/// Lets schemathesis ask for every operation, as `e2e/contract/check.py` says. What it writes goes where the data is.
pub fn check(beside: Beside) -> Result<()> {
    let python = python::environment("contract")?;
    let gangway = build_gangway(beside)?;
    let folder = tempfile::TempDir::with_prefix("gangway-contract-")?;
    let data = folder.path().join("data");
    let data = data.to_string_lossy();
    let (server, mut output) = Server::start(&gangway, &["serve", "--data", &*data])?;
    let setup = address(&mut output)?;
    let mut asked = Command::new(python);
    asked.arg(root().join("e2e/contract/check.py")).args([&server.address, &setup]);
    step("contract of the API", asked.current_dir(folder.path()))
}
