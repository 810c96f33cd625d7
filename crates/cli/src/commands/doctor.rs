//! `gangway doctor`: looks at everything Gangway needs, and says what to do about what is wrong.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use gangway_app::{Clock, Ids, SystemClock, tls};
use gangway_domain::ids::IdSource;
use gangway_events::log::{self, Log, LogError, Standing};
use gangway_methodology::Library;
use gangway_store::usage::roll;
use gangway_store::{Db, job};

use super::backup::runtime;
use super::serve::{post, settings};
use super::{exit, say};
use crate::config::{Options, Settings};
use crate::instance;

/// Less room than this on the disk is worth a warning, bytes.
const LITTLE_ROOM: u64 = 1 << 30;

/// Less than this and the database soon cannot be written, bytes.
const NO_ROOM: u64 = 100 << 20;

/// No clock shows an earlier time than the day this was written.
const WRITTEN: &str = "2026-01-01T00:00:00Z";

/// Arguments of `gangway doctor`.
#[derive(Debug, Args)]
#[command(after_help = "EXAMPLES:
  gangway doctor
  gangway doctor --config /etc/gangway/gangway.toml

EXIT CODES: 0 nothing fails (there may be warnings) · 2 wrong usage · 3 something fails · 5 unexpected failure")]
pub struct DoctorArgs {
    #[command(flatten)]
    options: Options,
}

/// What came of one check.
enum Finding {
    Ok(String),
    /// What is not as it should be, and what to do.
    Warn(String, &'static str),
    /// What does not work, and what to do.
    Fail(String, &'static str),
}

use Finding::{Fail, Ok as Fine, Warn};

/// Checks everything and prints a line for each.
pub fn run(args: &DoctorArgs) -> Result<ExitCode> {
    let settings = match settings(&args.options) {
        Ok(settings) => settings,
        Err(_) => return Ok(ExitCode::from(exit::REFUSED)),
    };
    let findings = runtime()?.block_on(look(&settings));
    let mut fails = 0;
    for (what, finding) in findings {
        let (word, text, todo) = match finding {
            Fine(text) => ("ok", text, ""),
            Warn(text, todo) => ("warn", text, todo),
            Fail(text, todo) => {
                fails += 1;
                ("FAIL", text, todo)
            }
        };
        say(format_args!("{word:<5} {what:<12} {text}"))?;
        if !todo.is_empty() {
            say(format_args!("      {:<12} → {todo}", ""))?;
        }
    }
    Ok(if fails == 0 { ExitCode::SUCCESS } else { ExitCode::from(exit::REFUSED) })
}

async fn look(settings: &Settings) -> Vec<(&'static str, Finding)> {
    let (database, jobs) = database(settings).await;
    let mut findings = vec![
        ("config", config(settings)),
        ("database", database),
        ("events", events(settings).await),
        ("key", key(settings)),
        ("methodology", methodology(settings)),
        ("public URL", public_url(settings)),
        ("proxies", proxies(settings)),
        ("mail", mail(settings).await),
        ("sign-in", sign_in(settings).await),
        ("disk", disk(settings)),
        ("clock", clock()),
    ];
    findings.extend(jobs.map(|finding| ("jobs", finding)));
    findings
}

fn config(settings: &Settings) -> Finding {
    match &settings.file {
        Some(file) => Fine(format!("read from {}", file.display())),
        None => Fine("no file; environment, command line and defaults".to_owned()),
    }
}

/// The database, and the jobs in it when it can be read.
async fn database(settings: &Settings) -> (Finding, Option<Finding>) {
    if settings.database.is_none() && !settings.sqlite_file().exists() {
        let text = format!("none yet; {} is made at the first start", settings.sqlite_file().display());
        return (Fine(text), None);
    }
    let db = match Db::connect(&settings.database_url()).await {
        Ok(db) => db,
        Err(error) => {
            return (
                Fail(error.to_string(), "start the server, or correct its address or the file's owner"),
                None,
            );
        }
    };
    let finding = match db.unfit_migrations().await {
        Ok(unfit) if unfit.is_empty() => Fine(format!("{}, schema up to date", db.kind())),
        Ok(unfit) if unfit.unknown.is_empty() => Warn(
            format!("{}, {} migrations to run", db.kind(), unfit.missing.len()),
            "make a backup, then start Gangway: it runs them",
        ),
        Ok(_) => Fail(
            "written by a newer version of Gangway".to_owned(),
            "install that version, or restore a backup of this one",
        ),
        Err(error) => Fail(error.to_string(), "is this the database of Gangway?"),
    };
    // What is wrong with the database was said above already.
    let jobs = jobs(&db).await.ok();
    db.close().await;
    (finding, jobs)
}

/// The log of usage events, and how far it was counted.
async fn events(settings: &Settings) -> Finding {
    let looked = match &settings.events_nats_url {
        None if !settings.events_file().exists() => {
            let text = format!("none yet; {} is made at the first start", settings.events_file().display());
            return Fine(text);
        }
        None => log::inspect(&settings.events_file()).await.map(|(id, standing)| (id.to_string(), standing)),
        Some(url) => nats(url).await,
    };
    match looked {
        Ok((id, standing)) => {
            let kind = if settings.events_nats_url.is_some() { "NATS JetStream" } else { "a file" };
            counted(kind, &standing, cursor(settings, &id).await)
        }
        Err(error) => Fail(
            error.to_string(),
            "start the NATS server or correct events.nats_url; a file must belong to Gangway's user",
        ),
    }
}

/// The stream, which is made when it is not there, as at a start.
async fn nats(url: &str) -> Result<(String, Standing), LogError> {
    let fresh = Ids::random(Arc::new(SystemClock)).fresh();
    let log = Log::open(url, fresh, log::Settings::default()).await?;
    let standing = log.standing().await;
    log.close().await;
    Ok((log.id().to_string(), standing?))
}

/// How far the database has counted this log; nothing when there is no database to ask.
async fn cursor(settings: &Settings, log: &str) -> Option<i64> {
    if settings.database.is_none() && !settings.sqlite_file().exists() {
        return None;
    }
    let db = Db::connect(&settings.database_url()).await.ok()?;
    let cursor = match db.read().await {
        Ok(mut tx) => roll::cursor(&mut tx, log).await.ok(),
        Err(_) => None,
    };
    db.close().await;
    cursor
}

/// How the log fits to what was counted of it.
fn counted(kind: &str, standing: &Standing, cursor: Option<i64>) -> Finding {
    let size = format!("{kind}, {} MB", standing.bytes >> 20);
    match cursor {
        Some(cursor) if cursor > standing.last.0 => Warn(
            format!("{size}; it ends before what was counted of it"),
            "an older copy was brought back: the next start counts on from its end",
        ),
        Some(cursor) if cursor.saturating_add(1) < standing.first.0 => Warn(
            format!("{size}; events were forgotten that this database has not counted"),
            "restore a newer backup of the database, or import what is missing",
        ),
        _ => Fine(size),
    }
}

async fn jobs(db: &Db) -> Result<Finding, gangway_store::StoreError> {
    let mut tx = db.read().await?;
    let waiting: i64 =
        job::depth(&mut tx, SystemClock.now().into()).await?.iter().map(|depth| depth.waiting).sum();
    Ok(match job::given_up(&mut tx).await? {
        0 => Fine(format!("{waiting} waiting, none given up")),
        given_up => Warn(
            format!("{waiting} waiting, {given_up} given up in the last 30 days"),
            "the log and Settings, Webhooks say why",
        ),
    })
}

fn key(settings: &Settings) -> Finding {
    if settings.secret_key.is_some() {
        return match instance::vault(settings) {
            Ok(_) => Fine("configured".to_owned()),
            Err(error) => Fail(format!("{error:#}"), "make one with: openssl rand -hex 32"),
        };
    }
    let path = settings.data.join(instance::KEY_FILE);
    if !path.exists() {
        return Fine(format!("none yet; {} is made at the first start", path.display()));
    }
    match (instance::vault(settings), others_can_read(&path)) {
        (Ok(_), false) => Fine(format!("{}; keep a copy apart from the backups", path.display())),
        (Ok(_), true) => Warn(format!("{} is readable for others", path.display()), "chmod 600 on it"),
        (Err(error), _) => Fail(format!("{error:#}"), "bring the file back from its copy"),
    }
}

fn others_can_read(path: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

fn methodology(settings: &Settings) -> Finding {
    let library = match settings.methodology.as_deref() {
        None => Library::builtin(),
        Some(folder) => match Library::from_dir(folder) {
            Ok(library) => library,
            Err(error) => return Fail(error.to_string(), "correct the folder's name or its owner"),
        },
    };
    match (library.load(), &settings.methodology) {
        (Ok(_), None) => Fine("built-in".to_owned()),
        (Ok(_), Some(folder)) => Fine(format!("{} over the built-in one", folder.display())),
        (Err(mistakes), _) => {
            Fail(format!("{} mistakes", mistakes.len()), "gangway methodology check says where")
        }
    }
}

fn public_url(settings: &Settings) -> Finding {
    match &settings.public_url {
        Some(url) if url.starts_with("https://") => Fine(url.clone()),
        Some(url) if url.starts_with("http://") => Warn(
            format!("{url} is not encrypted: passwords can be read on the way"),
            "put a proxy with TLS in front and give its https:// address",
        ),
        Some(url) => Fail(format!("{url} is not an address"), "begin it with https://"),
        None if settings.listen.ip().is_loopback() => Warn(
            "none: links in mail lead to this machine".to_owned(),
            "set public_url for colleagues to follow them",
        ),
        None => Fail(
            format!("none, but listening on {}", settings.listen),
            "set public_url: browsers elsewhere get no pages without it",
        ),
    }
}

/// Whether the addresses of clients are known: tries to sign in are counted by them.
fn proxies(settings: &Settings) -> Finding {
    let trusted: Vec<String> = settings.trusted_proxies.iter().map(ToString::to_string).collect();
    let is_behind_one = settings.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
    if trusted.iter().any(|network| network.ends_with("/0")) {
        return Fail(
            format!("{}: everybody can make an address up", trusted.join(", ")),
            "name the addresses of your proxies only",
        );
    }
    match (trusted.is_empty(), is_behind_one) {
        (false, _) => Fine(format!("trusted: {}", trusted.join(", "))),
        (true, false) => Fine("none: whoever connects is the client".to_owned()),
        (true, true) => Warn(
            "none are trusted: everybody seems to come from the proxy, and has to wait when one of them tries too often"
                .to_owned(),
            "set trusted_proxies to the proxy's address, such as 127.0.0.1",
        ),
    }
}

async fn mail(settings: &Settings) -> Finding {
    tls::prepare();
    match post(settings) {
        Err(error) => Fail(format!("{error:#}"), "docs/operations.md shows how to write it"),
        Ok(post) if !post.has_server() => {
            Warn("no server: mail is written to the log".to_owned(), "set mail.smtp_url")
        }
        Ok(post) => match post.check().await {
            Ok(()) => Fine(format!("the server answers; sender {}", settings.mail_from)),
            Err(why) => Fail(why, "check host, port, user and password of mail.smtp_url"),
        },
    }
}

/// The identity provider, asked for its description and keys.
async fn sign_in(settings: &Settings) -> Finding {
    let Some(oidc) = &settings.oidc else { return Fine("with passwords".to_owned()) };
    let ways = oidc.ways();
    let Some(provider) = &ways.provider else { return Fine("with passwords".to_owned()) };
    let passwords = if ways.passwords { ", and with passwords" } else { "; passwords are switched off" };
    let name = &provider.settings.name;
    match provider.check(SystemClock.now()).await {
        Ok(()) if settings.public_url.is_none() => Warn(
            format!("{name} answers{passwords}"),
            "set public_url: the provider must know the address it sends people back to",
        ),
        Ok(()) => Fine(format!("through {name}, which answers{passwords}")),
        Err(error) => {
            Fail(format!("{name}: {error}"), "check oidc.issuer, and that this machine may reach it")
        }
    }
}

fn disk(settings: &Settings) -> Finding {
    let mut folder = settings.data.as_path();
    while !folder.exists() {
        folder = match folder.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => std::path::Path::new("."),
        };
    }
    match rustix::fs::statvfs(folder) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let text = format!("{} MB free at {}", free >> 20, folder.display());
            match free {
                ..NO_ROOM => Fail(text, "make room: the database cannot be written soon"),
                NO_ROOM..LITTLE_ROOM => Warn(text, "make room"),
                _ => Fine(text),
            }
        }
        Err(error) => Warn(format!("{} cannot be measured: {error}", folder.display()), "check its owner"),
    }
}

fn clock() -> Finding {
    let now = SystemClock.now();
    match WRITTEN.parse::<jiff::Timestamp>() {
        Ok(written) if now < written => {
            Fail(format!("it shows {now}"), "set the clock: sessions and links depend on it")
        }
        _ => Fine(now.strftime("%Y-%m-%d %H:%M UTC").to_string()),
    }
}
