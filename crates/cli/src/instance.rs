//! Opens what the commands work with: the installation's key, its lock, its database, the app over it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use gangway_app::identity::{Secret, SystemSecrets};
use gangway_app::outbound::Outbound;
use gangway_app::programme::Shelf;
use gangway_app::usage::Usage;
use gangway_app::vault::Vault;
use gangway_app::webhook::Reach;
use gangway_app::{App, Clock, Ids, SystemClock};
use gangway_domain::ids::IdSource;
use gangway_events::log;
use gangway_store::Db;
use jiff::tz::TimeZone;

use crate::commands::library::Loaded;
use crate::config::{Oidc, Settings};

/// The file with the installation's key.
pub const KEY_FILE: &str = "secret.key";

/// The file whoever uses the embedded database has a lock on.
const LOCK_FILE: &str = "gangway.lock";

/// Makes the data folder unless it is there.
pub fn make_data_folder(settings: &Settings) -> Result<()> {
    let folder = &settings.data;
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))
}

/// Says that the embedded database is in use, until the result is dropped.
pub fn use_data(settings: &Settings) -> Result<File> {
    let file = lock_file(settings)?;
    file.try_lock_shared().map_err(in_use(settings))?;
    Ok(file)
}

/// Makes sure that nobody uses the embedded database, until the result is dropped.
pub fn have_data_alone(settings: &Settings) -> Result<File> {
    let file = lock_file(settings)?;
    file.try_lock().map_err(in_use(settings))?;
    Ok(file)
}

fn lock_file(settings: &Settings) -> Result<File> {
    let path = settings.data.join(LOCK_FILE);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    file.with_context(|| format!("{} cannot be opened", path.display()))
}

fn in_use(settings: &Settings) -> impl Fn(TryLockError) -> anyhow::Error {
    let folder = settings.data.display().to_string();
    move |error| match error {
        TryLockError::WouldBlock => {
            anyhow::anyhow!("{folder} is in use by another gangway: stop it first")
        }
        TryLockError::Error(error) => anyhow::anyhow!("{folder} cannot be locked: {error}"),
    }
}

/// What seals secrets: with the key that was configured, or that of the data folder, made at the first start.
pub fn vault(settings: &Settings) -> Result<Vault> {
    if let Some(key) = &settings.secret_key {
        return Vault::new(key).context("secret_key cannot be used");
    }
    let path = settings.data.join(KEY_FILE);
    let key = match std::fs::read_to_string(&path) {
        Ok(key) => key,
        Err(error) if error.kind() == ErrorKind::NotFound => make_key(&path)?,
        Err(error) => bail!("{} cannot be read: {error}", path.display()),
    };
    Vault::new(&key).with_context(|| format!("{} cannot be used", path.display()))
}

/// A fresh key, readable to nobody else; of two who make one at once, the first wins.
fn make_key(path: &Path) -> Result<String> {
    let key = Secret::fresh(&SystemSecrets).reveal().to_owned();
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            writeln!(file, "{key}").and_then(|()| file.sync_all())?;
            Ok(key)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(std::fs::read_to_string(path)?),
        Err(error) => bail!("{} cannot be made: {error}", path.display()),
    }
}

/// The app over a database that is open.
pub fn app(settings: &Settings, db: Db, loaded: Loaded, vault: Vault, public_url: String) -> App {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids: Arc<dyn IdSource> = Arc::new(Ids::random(clock.clone()));
    let usage = Usage::at(settings.events_address(), ids.fresh(), log::Settings::default());
    App {
        db,
        ids,
        clock,
        methodology: Arc::new(loaded.methodology),
        shelf: Arc::new(Shelf::new(loaded.library)),
        time_zone: TimeZone::system(),
        secrets: Arc::new(SystemSecrets),
        attempts: Arc::default(),
        ways: Arc::new(settings.oidc.as_ref().map(Oidc::ways).unwrap_or_default()),
        outbound: Arc::new(Outbound::new(Reach::and(settings.webhook_allow.iter().copied()))),
        vault: Arc::new(vault),
        live: Arc::default(),
        pages: Arc::default(),
        usage: Arc::new(usage),
        health: Arc::default(),
        public_url: public_url.into(),
        digest_hour: settings.digest_hour,
    }
}
