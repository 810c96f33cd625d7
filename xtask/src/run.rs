//! Running other programs, and saying so.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The root of the workspace. Asked of the cargo that runs this, not of the one that built it: a
/// target folder may be shared by several checkouts.
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// The cargo that runs this.
///
/// Without what it told this program about itself: build scripts ask for some of these variables,
/// and half of the dependencies would be compiled again whenever cargo is called with and without us.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command.current_dir(root());
    command
}

/// What the binary is built beside: cargo unites the features of everything one command builds, so
/// a binary built differently compiles the heavy dependencies once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Nothing: what a user runs.
    Nothing,
    /// The tests, whose dependencies are compiled already.
    Tests,
}

/// Builds the binary and says where it is.
pub fn build_gangway(beside: Beside) -> Result<PathBuf> {
    let with = match beside {
        Beside::Nothing => ["--bin", "gangway"].as_slice(),
        Beside::Tests => ["--bins", "--tests"].as_slice(),
    };
    step("build", cargo().args(["build", "--workspace", "--locked"]).args(with))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target.join("debug").join("gangway"))
}

/// Runs a step; its output goes to the terminal.
pub fn step(name: &str, command: &mut Command) -> Result<()> {
    println!("\n== {name}");
    let status = command.status().with_context(|| format!("{name}: {} cannot be run", program(command)))?;
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    Ok(())
}

/// Runs a step that has others beside it; its output goes to the terminal in one piece, when it ended.
pub fn whole(name: &str, command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("{name}: {} cannot be run", program(command)))?;
    let (told, failed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("\n== {name}\n{told}{failed}");
    if !output.status.success() {
        bail!("{name} failed ({})", output.status);
    }
    Ok(())
}

/// Whether a program answers on the PATH.
pub fn has(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn program(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
