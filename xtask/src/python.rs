//! Pythons with packages of their own, for what other people wrote in it; what the machine has stays as it is.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::run::{root, step};

/// The Python of a folder of `e2e`, with the packages in its `requirements.txt`; made where it is not there yet.
pub fn environment(folder: &str) -> Result<PathBuf> {
    let place = root().join("target").join(format!("{folder}-python"));
    let python = place.join("bin/python");
    if !python.is_file() {
        let mut make = Command::new("python3");
        step(&format!("a Python for e2e/{folder}"), make.args(["-m", "venv"]).arg(&place))?;
    }
    let wanted = root().join("e2e").join(folder).join("requirements.txt");
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(wanted);
    step(&format!("packages of Python for e2e/{folder}"), &mut pip)?;
    Ok(python)
}
