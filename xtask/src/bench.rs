//! `cargo xtask bench`: every benchmark there is, and a table of what they measured.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::run::{cargo, root, step};

/// Runs the benchmarks and prints the mean time of each.
pub fn run() -> Result<()> {
    step("benchmarks", cargo().args(["bench", "--workspace", "--locked", "--benches"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let mut measured = Vec::new();
    collect(&target.join("criterion"), &mut measured)?;
    measured.sort();
    println!("\n{:<60} {:>14}", "benchmark", "mean");
    for (name, nanoseconds) in measured {
        println!("{name:<60} {:>14}", words(nanoseconds));
    }
    Ok(())
}

/// Every `new/estimates.json` below a folder, with the name of its benchmark; time in whole nanoseconds.
fn collect(folder: &Path, measured: &mut Vec<(String, u64)>) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.ends_with("new") {
            let read = |file: &str| -> Result<Value> {
                let path = path.join(file);
                let text = fs::read(&path).with_context(|| path.display().to_string())?;
                Ok(serde_json::from_slice(&text)?)
            };
            let name = read("benchmark.json")?["full_id"].as_str().unwrap_or_default().to_owned();
            let mean = read("estimates.json")?["mean"]["point_estimate"].as_f64().unwrap_or_default();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a time in nanoseconds"
            )]
            measured.push((name, mean as u64));
        } else if path.is_dir() {
            collect(&path, measured)?;
        }
    }
    Ok(())
}

fn words(nanoseconds: u64) -> String {
    match nanoseconds {
        0..10_000 => format!("{nanoseconds} ns"),
        10_000..10_000_000 => format!("{} µs", nanoseconds / 1_000),
        _ => format!("{} ms", nanoseconds / 1_000_000),
    }
}
