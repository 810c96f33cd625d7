//! Running other programs, and saying so.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// The cargo that runs this.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Builds the binary and says where it is.
///
/// With the features of the whole workspace, as the tests are built: cargo would otherwise compile
/// the heavy dependencies once more for the binary alone.
pub fn build_gangway() -> Result<PathBuf> {
    step("build", cargo().args(["build", "--workspace", "--bin", "gangway", "--locked"]))?;
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

/// Whether a program answers on the PATH.
pub fn has(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn program(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
