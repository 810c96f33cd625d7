//! `gangway demo`: the pages with invented customers, to look around.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use gangway_app::demo;
use gangway_web::Web;

use super::serve::{serve, settings};
use crate::config::{Options, Serving, Settings};

/// Arguments of `gangway demo`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "EXAMPLES:
  gangway demo --port 0

EXIT CODES: as `gangway serve`")]
pub struct DemoArgs {
    #[command(flatten)]
    serving: Serving,
    /// Folder to keep the demo's database in; without it, everything is gone when the demo stops.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Fills an empty database with the demo's onboardings and serves it.
pub fn run(args: &DemoArgs) -> Result<ExitCode> {
    let temporary = tempfile::TempDir::with_prefix("gangway-demo-")?;
    let DemoArgs { serving, data } = args.clone();
    let data = data.unwrap_or_else(|| temporary.path().to_owned());
    let options = Options { serving, data: Some(data), database: None };
    let settings = match settings(&options) {
        // Invented people never get into the database of the configuration.
        Ok(settings) => Settings { database: None, ..settings },
        Err(code) => return Ok(code),
    };
    serve(&settings, async |app| {
        let made = demo::seed(app).await?;
        tracing::info!(onboardings = made, "demo data");
        Ok(Web::new(app.clone()).for_demo())
    })
}
