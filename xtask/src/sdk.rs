//! The SDKs people send usage events with, sending to a Gangway of their own.

use std::process::Command;

use anyhow::Result;

use crate::browser::{self, Server, address};
use crate::python;
use crate::run::{Beside, build_gangway, root, step};

/// Lets each of them send every kind of message, and counts what arrived, as `e2e/sdk/check.mjs` says; then one of them
/// sends to the demo, whose open pages change, as `e2e/sdk/live.mjs` says.
pub fn check() -> Result<()> {
    let node = packages()?;
    let python = python::environment("sdk")?;
    let gangway = build_gangway(Beside::Tests)?;
    let folder = tempfile::TempDir::with_prefix("gangway-sdk-")?;
    let data = folder.path().to_string_lossy();
    let (server, mut output) = Server::start(&gangway, &["serve", "--data", &*data])?;
    let setup = address(&mut output)?;
    step("SDKs", node("check.mjs").args([&server.address, &setup]).arg(&python))?;
    drop(server);
    let (demo, _) = Server::start(&gangway, &["demo"])?;
    step("SDK and open pages of the demo", node("live.mjs").arg(&demo.address))
}

/// The SDKs of JavaScript. Without a lock file: some of what they take optionally is made for other systems only, which
/// `npm ci` misses there; the versions of the SDKs themselves are exact.
fn packages() -> Result<impl Fn(&str) -> Command> {
    let folder = root().join("e2e/sdk");
    let kinds = ["--no-package-lock", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
    step("npm packages of the SDKs", Command::new("npm").arg("install").args(kinds).current_dir(&folder))?;
    Ok(browser::node(folder))
}
