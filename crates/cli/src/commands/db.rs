//! `gangway db`: moving to another database.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use gangway_store::Db;
use gangway_store::copy::{self, CopyError};

use super::backup::{Refused, answer, runtime};
use super::say;

/// Arguments of `gangway db`.
#[derive(Debug, Args)]
pub struct DbArgs {
    #[command(subcommand)]
    command: DbCommand,
}

#[derive(Debug, Subcommand)]
enum DbCommand {
    /// Copy everything into an empty database, also of the other kind.
    #[command(
        after_help = "All or nothing: the target is written in one transaction, and the rows are counted afterwards. Stop Gangway
first, so that nothing is written to the old database meanwhile. Take the data folder's secret.key along.

EXAMPLES:
  gangway db copy --from sqlite:data/gangway.db --to postgres://gangway@db/gangway

EXIT CODES: 0 copied · 2 wrong usage · 3 the target is not empty or of another version · \
4 a database could not be opened · 5 unexpected failure"
    )]
    Copy {
        /// The old database: sqlite:PATH or postgres://…
        #[arg(long, value_name = "URL")]
        from: String,
        /// The new one; its tables are made.
        #[arg(long, value_name = "URL")]
        to: String,
    },
}

/// Does it.
pub fn run(args: &DbArgs) -> Result<ExitCode> {
    let DbCommand::Copy { from, to } = &args.command;
    answer(runtime()?.block_on(copy(from, to)))
}

async fn copy(from: &str, to: &str) -> Result<()> {
    if let Some(file) = from.strip_prefix("sqlite:")
        && !std::path::Path::new(file).is_file()
    {
        anyhow::bail!("there is no database at {file}");
    }
    let source = Db::open(from).await.context("the old database cannot be opened")?;
    let target = Db::open(to).await.context("the new database cannot be opened")?;
    let copied = copy::everything(&source, &target).await;
    source.close().await;
    target.close().await;
    let copied = copied.map_err(|error| match error {
        CopyError::Refused(why) => anyhow::Error::from(Refused(why)),
        CopyError::Store(error) => anyhow::Error::from(error),
    })?;
    let rows: i64 = copied.iter().map(|table| table.rows).sum();
    for table in copied.iter().filter(|table| table.rows > 0) {
        say(format_args!("{:>9}  {}", table.rows, table.table))?;
    }
    say(format_args!("{rows:>9}  rows in {} tables copied and counted", copied.len()))?;
    Ok(())
}
