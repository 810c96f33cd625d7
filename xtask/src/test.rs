//! `cargo xtask test`: everything.

use anyhow::Result;

use crate::cluster::Cluster;
use crate::run::{Beside, cargo, has, step};
use crate::{assets, browser, contract, documents, licences, prepare, sdk};

/// Every check and test, the quick ones first. What is started here is stopped when this returns
/// or dies: the cluster guards itself, the browser's server is a child that is killed on drop.
pub fn run() -> Result<()> {
    prepare::run()?;
    step("format", cargo().args(["fmt", "--all", "--check"]))?;
    licences::check()?;
    assets::run()?;
    step(
        "clippy",
        cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"]),
    )?;
    let cluster = Cluster::start()?;
    // Named as `gangway_testkit::SERVER_VARIABLE`.
    let server = ("GANGWAY_TEST_POSTGRES_URL", cluster.url());
    if has("cargo-nextest") {
        step(
            "tests",
            cargo()
                // Over a thousand lines of what passed would hide the one that did not.
                .args([
                    "nextest",
                    "run",
                    "--workspace",
                    "--locked",
                    "--no-fail-fast",
                    "--status-level",
                    "fail",
                ])
                .env(server.0, &server.1),
        )?;
    } else {
        let tests = ["test", "--workspace", "--locked", "--lib", "--bins", "--tests", "--no-fail-fast"];
        step("tests", cargo().args(tests).env(server.0, &server.1))?;
    }
    step("documentation tests", cargo().args(["test", "--workspace", "--locked", "--doc", "--quiet"]))?;
    browser::check(&cluster)?;
    sdk::check()?;
    documents::check(Beside::Tests)?;
    contract::check(Beside::Tests)?;
    println!("\nAll checks passed.");
    Ok(())
}
