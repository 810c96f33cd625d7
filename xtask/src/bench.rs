//! `cargo xtask bench`: every benchmark there is, and a table of what they measured.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::run::{cargo, has, root, step};

/// Runs the benchmarks and prints the mean time of each.
pub fn run() -> Result<()> {
    step("benchmarks", cargo().args(["bench", "--workspace", "--locked", "--benches"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let mut measured = Vec::new();
    collect(&target.join("criterion"), &mut measured)?;
    measured.sort();
    measured.extend(packages(&target)?);
    println!("\n{:<60} {:>14}", "benchmark", "mean or median");
    for (name, nanoseconds) in measured {
        println!("{name:<60} {:>14}", words(nanoseconds));
    }
    if has("tj3") {
        let compare = ["run", "--release", "--locked", "-p", "gangway-planfile", "--example", "compare_tj3"];
        step("the same plan given to TaskJuggler", cargo().args(compare).args(["--", "500", "5"]))?;
    }
    Ok(())
}

/// Whole packages of the sample deal, each from a cold process: the median of ten runs.
fn packages(target: &Path) -> Result<Vec<(String, u64)>> {
    step(
        "release build",
        cargo().args(["build", "--release", "--workspace", "--bin", "gangway", "--locked"]),
    )?;
    let gangway = target.join("release").join("gangway");
    let deal = root().join("crates/intake/tests/fixtures/deals/acme.txt");
    let out = std::env::temp_dir().join(format!("gangway-bench-{}", std::process::id()));
    let mut measured = Vec::new();
    for (name, more) in [("everything", None), ("without PDF", Some(["--without", "pdf"]))] {
        let mut times = Vec::new();
        for _ in 0..10 {
            let mut command = Command::new(&gangway);
            command.arg("plan").arg(&deal).arg("--out").arg(&out);
            command.args(["--start", "2027-01-11", "--today", "2027-01-04", "--overwrite"]);
            command.args(more.iter().flatten()).stdout(Stdio::null());
            let start = Instant::now();
            let status = command.status().context("gangway cannot be run")?;
            times.push(start.elapsed());
            anyhow::ensure!(status.success(), "gangway plan failed ({status})");
        }
        times.sort_unstable();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        let nanoseconds = u64::try_from(median.as_nanos()).unwrap_or(u64::MAX);
        measured.push((format!("gangway plan, cold process, {name}"), nanoseconds));
    }
    // Ours, made above; nothing else has this name.
    fs::remove_dir_all(&out).with_context(|| out.display().to_string())?;
    Ok(measured)
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
