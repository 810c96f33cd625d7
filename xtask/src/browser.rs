//! The browser tests: a demo on a free port, Chromium driven over it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::run::{build_gangway, root, step};

/// Starts the demo and runs `e2e/check.mjs` against it.
pub fn check() -> Result<()> {
    let folder = root().join("e2e");
    step(
        "npm packages of the browser tests",
        Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder),
    )?;
    let server = Server::start(&build_gangway()?)?;
    step("browser", Command::new("node").arg("check.mjs").arg(&server.address).current_dir(&folder))
}

/// The demo; stops when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(gangway: &Path) -> Result<Self> {
        let mut child = Command::new(gangway)
            .args(["demo", "--port", "0"])
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .context("the demo cannot be started")?;
        let output = child.stdout.take().context("the demo has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().rsplit(' ').next().unwrap_or_default().to_owned();
        let server = Self { child, address };
        if !server.address.starts_with("http://") {
            bail!("the demo did not start: {line}");
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGTERM, so that the demo removes its folder. The shell's own `kill`: a bare Debian has no other.
        let id = self.child.id().to_string();
        let asked = Command::new("sh").args(["-c", "kill \"$1\"", "sh", &id]).status();
        if !asked.is_ok_and(|status| status.success()) {
            self.child.kill().ok();
        }
        self.child.wait().ok();
    }
}
