//! `cargo xtask fuzz`: every reader of foreign input, on inputs grown from the fixtures.

use std::path::Path;

use anyhow::{Result, bail};
use clap::Args;

use crate::run::{cargo, has, root, step};

/// Arguments of `cargo xtask fuzz`.
#[derive(Args)]
pub struct FuzzArgs {
    /// Targets to run; all when none is named.
    names: Vec<String>,
    /// Seconds for each target.
    #[arg(long, default_value_t = 120)]
    seconds: u32,
}

/// Memory of a target, in MB: more is a finding.
const MOST_MEMORY: u32 = 4096;
/// Seconds for one input: more is a finding.
const MOST_TIME: u32 = 10;
/// Seconds after which an input is reported as slow.
const SLOW: u32 = 2;

/// Runs the targets one after the other and stops at the first finding.
pub fn run(args: &FuzzArgs) -> Result<()> {
    let all = targets(&root());
    if let Some(unknown) = args.names.iter().find(|name| !all.contains(name)) {
        bail!("there is no fuzz target `{unknown}`; there are {}", all.join(", "));
    }
    if !has("cargo-fuzz") {
        bail!("cargo-fuzz is missing: cargo install cargo-fuzz --locked");
    }
    for name in all.iter().filter(|name| args.names.is_empty() || args.names.contains(name)) {
        let corpus = root().join("fuzz/corpus").join(name);
        std::fs::create_dir_all(&corpus)?;
        let mut command = cargo();
        // The sanitizers are an unstable option of the compiler; this lets the stable one take it.
        command
            .env("RUSTC_BOOTSTRAP", "1")
            .args(["fuzz", "run", name.as_str()])
            .arg(corpus)
            .args(seeds(name))
            .args([
                "--".to_owned(),
                format!("-max_total_time={}", args.seconds),
                format!("-rss_limit_mb={MOST_MEMORY}"),
                format!("-timeout={MOST_TIME}"),
                format!("-report_slow_units={SLOW}"),
            ]);
        step(&format!("fuzz {name}"), &mut command)?;
    }
    Ok(())
}

/// The targets there are, in order.
fn targets(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(root.join("fuzz/fuzz_targets")).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".rs")?.to_owned()))
        .collect();
    names.sort();
    names
}

/// Folders of inputs to begin with: such as the target's reader takes.
fn seeds(target: &str) -> &'static [&'static str] {
    match target {
        "document" => &["crates/documents/tests/samples", "methodology/documents"],
        "methodology_file" => &["methodology"],
        "plan_json" => &["fuzz/seeds/plan_json"],
        "upload" => &["fuzz/seeds/upload"],
        "usage_import" => &["fuzz/seeds/usage_import"],
        "usage_message" => &["crates/events/tests/messages"],
        deal if deal.starts_with("deal_") => &["crates/intake/tests/fixtures", "crates/app/src/demo/deals"],
        _ => &["crates/planfile/tests/files"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_can_be_built_and_has_something_to_begin_with() {
        let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("fuzz/Cargo.toml");
        let targets = targets(&root());
        assert_eq!(manifest.matches("[[bin]]").count(), targets.len());
        for name in targets {
            assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
            assert!(seeds(&name).iter().all(|folder| root().join(folder).is_dir()), "{name}");
        }
    }
}
