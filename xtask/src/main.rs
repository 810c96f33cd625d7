//! Developer commands. The only place that knows npm, apt, Chromium and PostgreSQL.

mod assets;
mod bench;
mod browser;
#[path = "../../crates/testkit/src/cluster.rs"]
mod cluster;
mod contract;
mod demo;
mod documents;
mod fuzz;
mod licences;
#[cfg(test)]
mod papers;
mod prepare;
mod python;
mod run;
mod sdk;
mod test;

use anyhow::Result;
use clap::Parser;

/// Developer commands of Gangway.
#[derive(Parser)]
#[command(name = "cargo xtask")]
enum Command {
    /// Build Gangway and start it with demo data; prints the address.
    Demo(demo::DemoArgs),
    /// Run every check and test, PostgreSQL and a real browser included; installs what is missing
    /// (and says so first), and cleans up.
    Test,
    /// Take the pictures of the README from the demo; `test` takes the same ones into `target/screenshots`.
    Pictures,
    /// The same as `test`: what the continuous integration runs.
    Ci,
    /// Bundle the scripts of the pages, as `demo` and `test` do by themselves; needs npm.
    Assets,
    /// Run the benchmarks and print a table.
    Bench,
    /// Let Lighthouse judge the main pages of the demo, and weigh them; fails below 95 points.
    Lighthouse,
    /// Open the documents of the example deals with other people's readers, as `test` does, too.
    Documents,
    /// Hold the API to its description with schemathesis, as `test` does, too.
    Contract,
    /// Run the fuzz targets, one after the other.
    Fuzz(fuzz::FuzzArgs),
}

fn main() -> Result<()> {
    match Command::parse() {
        Command::Demo(args) => demo::run(&args),
        Command::Test | Command::Ci => test::run(),
        Command::Assets => assets::run(),
        Command::Pictures => browser::take_pictures(),
        Command::Bench => bench::run(),
        Command::Lighthouse => browser::judge(),
        Command::Documents => documents::run(),
        Command::Contract => contract::run(),
        Command::Fuzz(args) => fuzz::run(&args),
    }
}
