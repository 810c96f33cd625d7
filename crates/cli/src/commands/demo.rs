//! `gangway demo`: the pages with invented customers, to look around.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use gangway_app::demo;
use gangway_web::Web;

use super::serve::{Place, embedded, refuse, serve};

/// Arguments of `gangway demo`.
#[derive(Debug, Args)]
#[command(after_help = "EXAMPLES:
  gangway demo --port 0

EXIT CODES: as `gangway serve`")]
pub struct DemoArgs {
    #[command(flatten)]
    place: Place,
    /// Folder to keep the demo's database in; without it, everything is gone when the demo stops.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Fills an empty database with the demo's onboardings and serves it.
pub fn run(args: &DemoArgs) -> Result<ExitCode> {
    let DemoArgs { place, data } = args;
    let temporary = tempfile::TempDir::with_prefix("gangway-demo-")?;
    let url = match embedded(data.as_deref().unwrap_or(temporary.path())) {
        Ok(url) => url,
        Err(error) => return Ok(refuse(&error)),
    };
    serve(place, &url, async |app| {
        let made = demo::seed(app).await?;
        tracing::info!(onboardings = made, "demo data");
        Ok(Web::new(app.clone()).for_demo())
    })
}
