//! `cargo xtask demo`: build, start, print the address.

use anyhow::Result;
use clap::Args;

use crate::run::{cargo, step};

/// Arguments of `cargo xtask demo`.
#[derive(Args)]
pub struct DemoArgs {
    /// Port to listen on; a free one when left out.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

/// Serves the demo until Ctrl-C.
pub fn run(args: &DemoArgs) -> Result<()> {
    println!("Building Gangway; the first time takes a few minutes.");
    step("build", cargo().args(["build", "--package", "gangway"]))?;
    let port = args.port.to_string();
    step(
        "demo (stop with Ctrl-C)",
        cargo().args(["run", "--quiet", "--package", "gangway", "--", "demo", "--port", &port]),
    )
}
