//! `gangway demo`: the pages with invented customers, to look around.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use gangway_app::demo;
use gangway_web::Web;

use super::serve::{serve, settings};
use crate::config::Options;

/// Arguments of `gangway demo`.
#[derive(Debug, Args)]
#[command(after_help = "EXAMPLES:
  gangway demo --port 0

EXIT CODES: as `gangway serve`")]
pub struct DemoArgs {
    /// Without --data, everything is gone when the demo stops. A --database must be empty.
    #[command(flatten)]
    options: Options,
}

/// Fills an empty database with the demo's onboardings and serves it.
pub fn run(args: &DemoArgs) -> Result<ExitCode> {
    let temporary = tempfile::TempDir::with_prefix("gangway-demo-")?;
    let mut options = args.options.clone();
    options.data.get_or_insert_with(|| temporary.path().to_owned());
    let settings = match settings(&options) {
        Ok(settings) => settings,
        Err(code) => return Ok(code),
    };
    serve(&settings, async |app| {
        let made = demo::seed(app).await?;
        tracing::info!(onboardings = made, "demo data");
        Ok(Web::new(app.clone()).for_demo())
    })
}
