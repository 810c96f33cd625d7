//! `cargo xtask demo`: build, start, print the address.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::assets;
use crate::run::{Beside, build_gangway, step};

/// Arguments of `cargo xtask demo`.
#[derive(Args)]
pub struct DemoArgs {
    /// Port to listen on; a free one when left out.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

/// Serves the demo until Ctrl-C.
pub fn run(args: &DemoArgs) -> Result<()> {
    assets::run_if_possible()?;
    println!("Building Gangway; the first time takes a few minutes.");
    let gangway = build_gangway(Beside::Nothing)?;
    step("demo (stop with Ctrl-C)", Command::new(gangway).args(["demo", "--port", &args.port.to_string()]))
}
