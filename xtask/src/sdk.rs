//! The SDKs people send usage events with, sending to a Gangway of their own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::browser::{self, Server, address};
use crate::run::{Beside, build_gangway, root, step};

/// Lets each of them send every kind of message, and counts what arrived, as `e2e/sdk/check.mjs` says.
pub fn check() -> Result<()> {
    let node = packages()?;
    let python = python()?;
    let gangway = build_gangway(Beside::Tests)?;
    let folder = tempfile::TempDir::with_prefix("gangway-sdk-")?;
    let data = folder.path().to_string_lossy();
    let (server, mut output) = Server::start(&gangway, &["serve", "--data", &*data])?;
    let setup = address(&mut output)?;
    step("SDKs", node("check.mjs").args([&server.address, &setup]).arg(&python))
}

/// The SDKs of JavaScript. Without a lock file: some of what they take optionally is made for other systems only, which
/// `npm ci` misses there; the versions of the SDKs themselves are exact.
fn packages() -> Result<impl Fn(&str) -> Command> {
    let folder = root().join("e2e/sdk");
    let kinds = ["--no-package-lock", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
    step("npm packages of the SDKs", Command::new("npm").arg("install").args(kinds).current_dir(&folder))?;
    Ok(browser::node(folder))
}

/// A Python of its own with the SDKs of Python in it; what the machine has stays as it is.
fn python() -> Result<PathBuf> {
    let place = root().join("target/sdk-python");
    let python = place.join("bin/python");
    if !python.is_file() {
        step("a Python for the SDKs", Command::new("python3").args(["-m", "venv"]).arg(&place))?;
    }
    install(&python)?;
    Ok(python)
}

fn install(python: &Path) -> Result<()> {
    let wanted = root().join("e2e/sdk/requirements.txt");
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(wanted);
    step("packages of Python for the SDKs", &mut pip)
}
