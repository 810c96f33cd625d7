//! `cargo xtask assets`: bundle the scripts of the pages.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::Result;

use crate::run::{has, root, step};

/// What the bundle is made of, seen from the folder of the assets.
const SOURCES: [&str; 4] = ["js", "js/controllers", "build.mjs", "package-lock.json"];

/// Bundles them, unless the bundle is newer than all it is made of.
pub fn run() -> Result<()> {
    let folder = root().join("crates/web/assets");
    if is_fresh(&folder) {
        return Ok(());
    }
    step(
        "npm packages of the pages' scripts",
        Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder),
    )?;
    step("scripts of the pages", Command::new("node").arg("build.mjs").current_dir(&folder))
}

/// The same where it can be done; without npm the pages come without their scripts, and say so.
pub fn run_if_possible() -> Result<()> {
    if has("npm") && has("node") {
        return run();
    }
    println!(
        "npm is not here, so the pages come without their scripts: everything works, but nothing updates by \
         itself. With npm (Debian: apt-get install npm) they come with them."
    );
    Ok(())
}

fn is_fresh(folder: &Path) -> bool {
    let Some(made) = changed(&folder.join("dist/app.js")) else { return false };
    SOURCES.iter().all(|source| newest(&folder.join(source)).is_some_and(|changed| changed <= made))
}

fn changed(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|data| data.modified()).ok()
}

/// When a file, or the newest file of a folder, changed last.
fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return changed(path);
    }
    let files = path.read_dir().ok()?.flatten().map(|entry| entry.path()).filter(|path| path.is_file());
    files.filter_map(|path| changed(&path)).chain(changed(path)).max()
}
