//! `gangway backup` and `gangway restore`: one file with everything, whichever database is in use.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use gangway_events::log;
use gangway_store::Db;
use gangway_store::copy::{self, CopyError};

use super::serve::{refuse, settings};
use super::{complain, exit, say};
use crate::config::{Options, Settings};
use crate::instance;

/// Arguments of `gangway backup`.
#[derive(Debug, Args)]
#[command(
    after_help = "A backup is one SQLite file, also of a PostgreSQL database. It can be made while Gangway runs. The
installation's key (secret.key in the data folder) is not in it: keep that apart. What usage events add up to is
in it; the events as they came are not: --events writes them too.

EXAMPLES:
  gangway backup gangway-2027-01-11.db
  gangway backup gangway-2027-01-11.db --events events-2027-01-11.db
  gangway backup --database postgres://gangway@db/gangway gangway.db

EXIT CODES: 0 the file is written · 2 wrong usage · 3 the configuration was refused · \
4 the database or the file could not be read or written · 5 unexpected failure"
)]
pub struct BackupArgs {
    /// The file to write; it must not exist.
    file: PathBuf,
    /// Write the log of usage events (events.db of the data folder) too, into this file; it must not exist.
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

/// Arguments of `gangway restore`.
#[derive(Debug, Args)]
#[command(
    after_help = "Gangway must not be running. The file is read whole and checked first; then the database is replaced at once
or, when anything goes wrong, stays as it was. A PostgreSQL database must be empty. Usage events that came in
since the backup are counted again at the next start, each once, from the log in the data folder.

EXAMPLES:
  gangway restore gangway-2027-01-11.db
  gangway restore gangway-2027-01-11.db --events events-2027-01-11.db
  gangway restore --force --data /var/lib/gangway gangway-2027-01-11.db

EXIT CODES: 0 restored · 2 wrong usage · 3 the file or the configuration was refused · \
4 the database is in use or could not be written, or there is one already · 5 unexpected failure"
)]
pub struct RestoreArgs {
    /// The backup.
    file: PathBuf,
    /// Bring the log of usage events back from this file as well.
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// Replace a database, and a log, that is there.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    options: Options,
}

/// Writes a backup.
pub fn backup(args: &BackupArgs) -> Result<ExitCode> {
    let settings = match settings(&args.options) {
        Ok(settings) => settings,
        Err(code) => return Ok(code),
    };
    answer(runtime()?.block_on(async {
        let events = args.events.as_deref();
        if let Some(events) = events {
            can_be_written(events)?;
            log_file(&settings)?;
        }
        write(&settings, &args.file).await?;
        // After the database: then the log does not end before what was counted of it.
        match events {
            Some(events) => write_events(&settings, events).await,
            None => Ok(()),
        }
    }))
}

/// Restores a backup.
pub fn restore(args: &RestoreArgs) -> Result<ExitCode> {
    let settings = match settings(&args.options) {
        Ok(settings) => settings,
        Err(code) => return Ok(code),
    };
    answer(runtime()?.block_on(read(&settings, args)))
}

/// A runtime for a command that runs once.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Runtime::new().context("the runtime could not be started")
}

/// Refused input and what cannot be opened have codes of their own.
pub fn answer(outcome: Result<()>) -> Result<ExitCode> {
    match outcome {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) if error.is::<Refused>() => {
            complain(format_args!("error: {error:#}"));
            Ok(ExitCode::from(exit::REFUSED))
        }
        Err(error) => Ok(refuse(&error)),
    }
}

/// The input was refused.
#[derive(Debug)]
pub struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

async fn write(settings: &Settings, file: &Path) -> Result<()> {
    can_be_written(file)?;
    let draft = beside(file, ".partial");
    remove(&draft)?;
    let written = match &settings.database {
        None => {
            let source = settings.sqlite_file();
            if !source.exists() {
                bail!("there is no database at {}", source.display());
            }
            copy::sqlite_file(&source, &draft).await.context("the database cannot be copied")
        }
        Some(url) => from_server(url, &draft).await,
    };
    if let Err(error) = written.and_then(|()| put(&draft, file)) {
        remove(&draft).ok();
        return Err(error);
    }
    let size = std::fs::metadata(file)?.len();
    say(format_args!("{} holds the database ({size} bytes).", file.display()))?;
    if settings.secret_key.is_none() {
        let key = settings.data.join(instance::KEY_FILE);
        say(format_args!("The key is not in it: keep a copy of {} in another place.", key.display()))?;
    }
    Ok(())
}

/// Writes the log of usage events as it is at this moment.
async fn write_events(settings: &Settings, file: &Path) -> Result<()> {
    let source = log_file(settings)?;
    let draft = beside(file, ".partial");
    remove(&draft)?;
    let written =
        copy::sqlite_file(&source, &draft).await.context("the log of usage events cannot be copied");
    if let Err(error) = written.and_then(|()| put(&draft, file)) {
        remove(&draft).ok();
        return Err(error);
    }
    let size = std::fs::metadata(file)?.len();
    say(format_args!("{} holds the usage events as they came ({size} bytes).", file.display()))?;
    Ok(())
}

/// The file of the log, which must be there.
fn log_file(settings: &Settings) -> Result<PathBuf> {
    has_log_of_its_own(settings)?;
    let file = settings.events_file();
    if !file.exists() {
        bail!("there is no log of usage events at {}", file.display());
    }
    Ok(file)
}

fn has_log_of_its_own(settings: &Settings) -> Result<()> {
    if settings.events_nats_url.is_some() {
        bail!("NATS keeps the usage events: back its stream up and bring it back with `nats stream backup`");
    }
    Ok(())
}

fn can_be_written(file: &Path) -> Result<()> {
    if file.exists() {
        bail!("{} exists already; take another name", file.display());
    }
    Ok(())
}

async fn from_server(url: &str, draft: &Path) -> Result<()> {
    let from = Db::connect(url).await.context("the database cannot be opened")?;
    let to = Db::open(&format!("sqlite:{}", draft.display())).await?;
    let copied = copy::everything(&from, &to).await;
    // Closing folds the write-ahead log into the file.
    to.close().await;
    from.close().await;
    copied?;
    Ok(())
}

async fn read(settings: &Settings, args: &RestoreArgs) -> Result<()> {
    let (file, force) = (args.file.as_path(), args.force);
    if !file.is_file() {
        bail!("there is no file {}", file.display());
    }
    instance::make_data_folder(settings)?;
    let _alone = instance::have_data_alone(settings)?;
    copy::check_sqlite_file(file).await.map_err(|error| match error {
        CopyError::Refused(why) => {
            anyhow::Error::from(Refused(format!("{} cannot be restored: {why}", file.display())))
        }
        CopyError::Store(error) => anyhow::Error::from(error),
    })?;
    if let Some(events) = &args.events {
        check_events(settings, events, force).await?;
    }
    match &settings.database {
        Some(url) => to_server(file, url).await?,
        None => replace(settings, file, force).await?,
    }
    // Killed in between, the database is older than the log: what it lacks is counted again.
    if let Some(events) = &args.events {
        replace_events(settings, events).await?;
    }
    say(format_args!("Restored from {}. `gangway doctor` checks the rest.", file.display()))?;
    Ok(())
}

/// Whether the log may be replaced by this file.
async fn check_events(settings: &Settings, events: &Path, force: bool) -> Result<()> {
    has_log_of_its_own(settings)?;
    let target = settings.events_file();
    if target.exists() && !force {
        bail!("there is a log of usage events at {}; --force replaces it", target.display());
    }
    match log::inspect(events).await {
        Ok(_) => Ok(()),
        Err(error) => Err(Refused(format!("{} cannot be restored: {error}", events.display())).into()),
    }
}

/// Puts a copy of the file in the log's place.
async fn replace_events(settings: &Settings, events: &Path) -> Result<()> {
    let target = settings.events_file();
    let draft = beside(&target, ".partial");
    remove(&draft)?;
    copy::sqlite_file(events, &draft).await.context("the log of usage events cannot be copied")?;
    // What the old file had not taken in yet must not be played into the new one.
    for end in ["-wal", "-shm"] {
        remove(&beside(&target, end))?;
    }
    put(&draft, &target)
}

/// Puts a checked copy of the backup in the database's place.
async fn replace(settings: &Settings, file: &Path, force: bool) -> Result<()> {
    let target = settings.sqlite_file();
    if target.exists() && !force {
        bail!("there is a database at {}; --force replaces it", target.display());
    }
    let draft = beside(&target, ".partial");
    remove(&draft)?;
    // Copied by the database itself: the backup may have a write-ahead log of its own.
    copy::sqlite_file(file, &draft).await.context("the backup cannot be copied")?;
    // The old file's log would be played into the new one. It is folded into the old file first, so that
    // this is whole if we are killed before the exchange; a file too damaged for that has nothing to lose.
    if let Ok(old) = Db::connect(&settings.database_url()).await {
        old.close().await;
    }
    for end in ["-wal", "-shm"] {
        remove(&beside(&target, end))?;
    }
    put(&draft, &target)
}

async fn to_server(file: &Path, url: &str) -> Result<()> {
    let place = tempfile::tempdir()?;
    let draft = place.path().join("backup.db");
    copy::sqlite_file(file, &draft).await.context("the backup cannot be copied")?;
    // Opening brings an older backup up to date.
    let from = Db::open(&format!("sqlite:{}", draft.display())).await?;
    let to = Db::open(url).await.context("the database cannot be opened")?;
    let copied = copy::everything(&from, &to).await;
    from.close().await;
    to.close().await;
    copied.map(|_| ()).map_err(|error| anyhow::anyhow!("{error}"))
}

/// Gives a finished file its name, so that it is there whole or not at all, also after a power cut.
fn put(draft: &Path, file: &Path) -> Result<()> {
    File::open(draft)?.sync_all()?;
    std::fs::rename(draft, file).with_context(|| format!("{} cannot be written", file.display()))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()?;
    Ok(())
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name: OsString = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn remove(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", file.display()))
        }
        _ => Ok(()),
    }
}
