//! `cargo xtask bench`: every benchmark there is, and a table of what they measured.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::run::{cargo, has, root, step};

/// What has been asked for: name of the benchmark (or how it begins) and the most its median may be, in milliseconds.
const ASKED: [(&str, u64); 10] = [
    ("schedule/business 10k tasks 20k links", 20),
    ("psplib/", 1_000),
    ("forecast/10,000 runs over 200 tasks", 150),
    ("reflow/one change in 2,000 tasks", 10),
    ("health/one customer", 1),
    ("health/100,000 customers", 5_000),
    ("level/j30", 50),
    ("level/j60", 50),
    ("gangway plan, cold process, everything", 500),
    ("gangway plan, cold process, without PDF", 100),
];

/// What has been asked of levelled plans: set of PSPLIB, and the average deviation from the best known finishes, per cent.
const ASKED_DEVIATION: [(&str, f64); 2] = [("j30", 1.0), ("j60", 2.5)];

/// Sizes of the plan given to TaskJuggler, whose time grows faster than the plan.
const COMPARED_TASKS: [&str; 3] = ["300", "500", "1000"];

/// A row of the table; times in nanoseconds.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    name: String,
    fastest: u64,
    median: u64,
    /// What the median is compared with: its name and time.
    against: Option<(&'static str, u64)>,
}

/// Runs the benchmarks and prints one table: fastest and median time, and how many times the
/// median fits into what was asked for, or into what another program takes.
pub fn run() -> Result<()> {
    // `--benches` would also compile every library once more to run no benchmark of it.
    step("benchmarks", cargo().args(["bench", "--workspace", "--locked", "--bench", "*"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let mut rows = Vec::new();
    collect(&target.join("criterion"), &mut rows)?;
    let (levelled, deviations) = levelled(&target.join("tmp/levelling.tsv"))?;
    rows.extend(levelled);
    rows.sort();
    let build =
        ["build", "--release", "--workspace", "--locked", "--bin", "gangway", "--example", "compare_tj3"];
    step("release build", cargo().args(build))?;
    let release = target.join("release");
    let gangway = release.join("gangway");
    rows.extend(packages(&gangway)?);
    if has("tj3") {
        for tasks in COMPARED_TASKS {
            rows.extend(compared(&gangway, &release.join("examples"), tasks)?);
        }
    } else {
        println!("tj3 is not installed (Debian: apt-get install tj3): nothing is compared with it");
    }
    print(&rows);
    for line in deviations {
        println!("{line}");
    }
    Ok(())
}

fn print(rows: &[Row]) {
    println!("\n{:<56} {:>10} {:>10}   compared with", "benchmark", "fastest", "median");
    for Row { name, fastest, median, against } in rows {
        let (fastest, shown) = (words(*fastest), words(*median));
        print!("{name:<56} {fastest:>10} {shown:>10}");
        match against {
            Some((what, time)) => println!("   {what} {}: {}", words(*time), times(*time, *median)),
            None => println!(),
        }
    }
}

/// How many times one time fits into another.
fn times(whole: u64, part: u64) -> String {
    let tenths = whole.saturating_mul(10) / part.max(1);
    match tenths {
        0..100 => format!("{}.{} ×", tenths / 10, tenths % 10),
        _ => format!("{} ×", tenths / 10),
    }
}

/// Whole packages of the sample deal, ten of each kind, each from a cold process.
fn packages(gangway: &Path) -> Result<Vec<Row>> {
    let deal = root().join("crates/intake/tests/fixtures/deals/acme.txt");
    let out = std::env::temp_dir().join(format!("gangway-bench-{}", std::process::id()));
    let mut rows = Vec::new();
    for (name, more) in [("everything", None), ("without PDF", Some(["--without", "pdf"]))] {
        let mut taken = Vec::new();
        for _ in 0..10 {
            let mut command = Command::new(gangway);
            command.arg("plan").arg(&deal).arg("--out").arg(&out);
            command.args(["--start", "2027-01-11", "--today", "2027-01-04", "--overwrite"]);
            command.args(more.iter().flatten()).stdout(Stdio::null());
            let start = Instant::now();
            let status = command.status().context("gangway cannot be run")?;
            taken.push(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX));
            anyhow::ensure!(status.success(), "gangway plan failed ({status})");
        }
        rows.push(row(format!("gangway plan, cold process, {name}"), taken));
    }
    // Ours, made above; nothing else has this name.
    fs::remove_dir_all(&out).with_context(|| out.display().to_string())?;
    Ok(rows)
}

/// The same plan given to Gangway and TaskJuggler: read and scheduled within the program, against
/// `tj3` with and without its start-up; and one process against the other.
fn compared(gangway: &Path, examples: &Path, tasks: &str) -> Result<[Row; 3]> {
    println!("\n== a plan of {tasks} tasks given to TaskJuggler");
    let output = Command::new(examples.join("compare_tj3"))
        .args([tasks, "50"])
        .arg(gangway)
        .arg("--json")
        .stderr(Stdio::inherit())
        .output()
        .context("compare_tj3 cannot be run")?;
    anyhow::ensure!(output.status.success(), "compare_tj3 failed ({})", output.status);
    let found: Value = serde_json::from_slice(&output.stdout).context("compare_tj3 printed no JSON")?;
    let time = |key: &str| found[key].as_u64().with_context(|| format!("compare_tj3 reports no {key}"));
    let (fastest, median, process) = (time("fastest_ns")?, time("median_ns")?, time("process_ns")?);
    let (tj3, working) = (time("tj3_ns")?, time("tj3_ns")?.saturating_sub(time("tj3_startup_ns")?));
    let named = |what: &str| format!("{tasks} tasks, {} links: {what}", found["links"]);
    Ok([
        Row { name: named("read and schedule"), fastest, median, against: Some(("tj3", tj3)) },
        Row {
            name: named("the same"),
            fastest,
            median,
            against: Some(("tj3 without its start-up", working)),
        },
        Row {
            name: named("gangway schedule"),
            fastest: process,
            median: process,
            against: Some(("tj3", tj3)),
        },
    ])
}

/// A row with what was asked for, if anything was.
fn row(name: String, mut taken: Vec<u64>) -> Row {
    taken.sort_unstable();
    let fastest = taken.first().copied().unwrap_or_default();
    let median = taken.get(taken.len() / 2).copied().unwrap_or_default();
    let asked = ASKED.iter().find(|(begin, _)| name.starts_with(begin));
    Row { against: asked.map(|(_, most)| ("asked", most * 1_000_000)), name, fastest, median }
}

/// Every `new/sample.json` below a folder, with the name of its benchmark.
fn collect(folder: &Path, rows: &mut Vec<Row>) -> Result<()> {
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
            let sample = read("sample.json")?;
            let numbers = |key: &str| {
                sample[key].as_array().into_iter().flatten().filter_map(Value::as_f64).collect::<Vec<_>>()
            };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a time in nanoseconds"
            )]
            let taken =
                numbers("times").into_iter().zip(numbers("iters")).map(|(time, runs)| (time / runs) as u64);
            rows.push(row(name, taken.collect()));
        } else if path.is_dir() {
            collect(&path, rows)?;
        }
    }
    Ok(())
}

/// What the benchmark of levelling wrote down: for each set a row with the mean and the longest time of an instance, and
/// how far its finishes are from the best known ones. Nothing where PSPLIB is not there.
fn levelled(file: &Path) -> Result<(Vec<Row>, Vec<String>)> {
    let Ok(text) = fs::read_to_string(file) else { return Ok((Vec::new(), Vec::new())) };
    let (mut rows, mut deviations) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let wrong = || format!("{}: {line}", file.display());
        let parts: Vec<&str> = line.split('\t').collect();
        let [set, numbers @ ..] = parts.as_slice() else { continue };
        let numbers = numbers.iter().map(|number| number.parse::<f64>());
        let numbers = numbers.collect::<Result<Vec<f64>, _>>().with_context(wrong)?;
        let [percent, mean, longest] = numbers[..] else { anyhow::bail!(wrong()) };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time in nanoseconds")]
        let nanoseconds = |milliseconds: f64| (milliseconds * 1e6) as u64;
        // The longest stands for the median: what is asked holds for every instance.
        rows.push(Row {
            median: nanoseconds(longest),
            fastest: nanoseconds(mean),
            ..row(format!("level/{set}: mean and longest instance"), Vec::new())
        });
        let asked = ASKED_DEVIATION.iter().find(|(name, _)| name == set);
        let asked = asked.map_or_else(String::new, |(_, most)| format!(" (asked: under {most} %)"));
        deviations
            .push(format!("level/{set}: {percent:.2} % above the best known finishes on average{asked}"));
    }
    Ok((rows, deviations))
}

fn words(nanoseconds: u64) -> String {
    match nanoseconds {
        0..10_000 => format!("{nanoseconds} ns"),
        10_000..10_000_000 => format!("{} µs", nanoseconds / 1_000),
        _ => format!("{} ms", nanoseconds / 1_000_000),
    }
}
