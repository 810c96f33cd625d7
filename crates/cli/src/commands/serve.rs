//! `gangway serve`: the pages over one database, the work done later, and what is measured.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use gangway_api::Api;
use gangway_app::crm::Fetcher;
use gangway_app::digest::{self, Digests};
use gangway_app::forecast::Forecaster;
use gangway_app::health::Keeper;
use gangway_app::identity::{self, Secret};
use gangway_app::launch::{self, Messages};
use gangway_app::mail::Post;
use gangway_app::survey::{self, Rounds};
use gangway_app::usage::{Roller, roll};
use gangway_app::webhook::{Reach, Sender};
use gangway_app::work::Repeater;
use gangway_app::{App, job, tls, upkeep};
use gangway_jobs::Runner;
use gangway_store::Db;
use gangway_web::{Web, serve_metrics};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use super::{exit, library};
use crate::config::{ConfigError, LogFormat, Options, Settings};
use crate::instance;
use crate::measure::Measurements;

/// Stack of a thread that answers requests, bytes. Use cases call each other deeply, and nothing is laid together where
/// builds are not optimised; what is not touched takes no memory.
const STACK: usize = 8 << 20;

/// Arguments of `gangway serve`.
#[derive(Debug, Args)]
#[command(after_help = "EXAMPLES:
  gangway serve
  gangway serve --config /etc/gangway/gangway.toml
  gangway serve --listen 0.0.0.0:8080 --public-url https://onboarding.example.com --database postgres://gangway@db/gangway

Every option can also be given in gangway.toml (docs/operations.md) or in the environment.

EXIT CODES: 0 stopped as asked · 2 wrong usage · 3 the configuration or the methodology was refused · \
4 the database or the address could not be opened · 5 unexpected failure")]
pub struct ServeArgs {
    #[command(flatten)]
    options: Options,
}

/// Serves until asked to stop.
pub fn run(args: &ServeArgs) -> Result<ExitCode> {
    let settings = match settings(&args.options) {
        Ok(settings) => settings,
        Err(code) => return Ok(code),
    };
    serve(&settings, async |app| {
        let pages = Web::new(app.clone());
        if !identity::is_fresh(app).await? {
            return Ok(pages);
        }
        let code = Secret::fresh(&*app.secrets);
        println!(
            "Nobody can sign in yet. Make the first admin at {}",
            app.link(&format!("/setup?code={}", code.reveal()))
        );
        Ok(pages.with_setup_code(code))
    })
}

/// What is configured; when it cannot be used, says why and gives the exit code.
pub fn settings(options: &Options) -> Result<Settings, ExitCode> {
    Settings::resolve(options).map_err(|error| {
        let (text, code) = match error {
            ConfigError::Unreadable(text) => (text, exit::NOT_FOUND),
            ConfigError::Wrong(text) => (text, exit::REFUSED),
        };
        super::complain(format_args!("error: {text}"));
        ExitCode::from(code)
    })
}

/// Says in words what could not be opened.
pub fn refuse(error: &anyhow::Error) -> ExitCode {
    super::complain(format_args!("error: {error:#}"));
    ExitCode::from(exit::NOT_FOUND)
}

/// Opens everything, and serves until asked to stop.
pub fn serve(settings: &Settings, prepare: impl AsyncFnOnce(&App) -> Result<Web>) -> Result<ExitCode> {
    log(settings);
    tls::prepare();
    let Some(methodology) = library::load(settings.methodology.as_deref())? else {
        return Ok(ExitCode::from(exit::REFUSED));
    };
    let post = match post(settings) {
        Ok(post) => post,
        Err(error) => {
            super::complain(format_args!("error: {error:#}"));
            return Ok(ExitCode::from(exit::REFUSED));
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .context("the runtime could not be started")?;
    runtime.block_on(async {
        let opened = match Opened::open(settings, methodology).await {
            Ok(opened) => opened,
            Err(error) => return Ok(refuse(&error)),
        };
        let app = opened.app.clone();
        if let Err(error) = app.usage.log().await {
            return Ok(refuse(
                &anyhow::Error::new(error).context("the log of usage events cannot be opened"),
            ));
        }
        if let Err(error) = roll::settle(&app).await {
            tracing::error!(%error, "the log of usage events cannot be compared with what was counted of it");
        }
        let asked = Asked::listen()?;
        // The first line on standard output: scripts wait for it.
        println!("Gangway is at {}", app.public_url);
        let pages = prepare(&app).await?;
        if !settings.listen.ip().is_loopback()
            && settings.host_names.is_empty()
            && settings.public_url.is_none()
        {
            tracing::warn!(
                "only browsers on this machine get pages: give the address people use with --public-url"
            );
        }
        if !post.has_server() {
            tracing::info!("no mail server is configured: mail is written here instead of being sent");
        }
        let sender = Sender::new(app.clone(), Reach::and(settings.webhook_allow.iter().copied()))?;
        digest::schedule(&app).await.context("the daily mails cannot be planned")?;
        let digests = Digests::new(app.clone());
        survey::schedule(&app).await.context("the surveys cannot be planned")?;
        launch::schedule(&app).await.context("the messages of go-lives cannot be planned")?;
        let runner = job::runner(
            &app,
            vec![
                Arc::new(post.with_app(&app)),
                Arc::new(sender),
                Arc::new(Forecaster::after_changes(app.clone())),
                Arc::new(Forecaster::every_day(app.clone())),
                Arc::new(Keeper::after_changes(app.clone())),
                Arc::new(Keeper::every_day(app.clone())),
                Arc::new(Repeater::new(app.clone())),
                Arc::new(digests),
                Arc::new(Rounds::new(app.clone())),
                Arc::new(Messages::new(app.clone())),
                Arc::new(Fetcher::new(app.clone())),
            ],
        );
        let pages = pages
            .with_host_names(settings.host_names.clone())
            .with_trusted_proxies(settings.trusted_proxies.iter().copied())
            .beside(Api::new(app.clone()).router());
        let roller = Roller::new(app.clone()).keeping(settings.events_keep_days);
        opened.attend(pages, (runner, roller), settings.grace, asked).await;
        app.usage.close().await;
        app.db.close().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// Where mail goes.
pub fn post(settings: &Settings) -> Result<Post> {
    let post = match &settings.smtp_url {
        Some(url) => Post::to_server(url, &settings.mail_from),
        None => Post::to_log(&settings.mail_from),
    };
    post.context("mail cannot be sent")
}

fn log(settings: &Settings) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(&settings.log_filter));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => {
            log.json().flatten_event(true).with_current_span(true).with_span_list(false).init()
        }
    }
}

/// Everything that was opened.
struct Opened {
    app: App,
    listener: TcpListener,
    measured: Option<(TcpListener, Measurements)>,
    /// Nobody restores a backup over a database that is in use.
    _lock: std::fs::File,
}

impl Opened {
    async fn open(settings: &Settings, methodology: library::Loaded) -> Result<Self> {
        let listener = TcpListener::bind(settings.listen).await.with_context(|| {
            format!("nothing can listen on {}; --port 0 takes a free port", settings.listen)
        })?;
        let public_url = match &settings.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", listener.local_addr()?),
        };
        instance::make_data_folder(settings)?;
        let lock = instance::use_data(settings)?;
        let vault = instance::vault(settings)?;
        let db = Db::open(&settings.database_url()).await.context("the database cannot be opened")?;
        let measured = match settings.metrics {
            Some(address) => {
                let listener = TcpListener::bind(address)
                    .await
                    .with_context(|| format!("the measurements cannot listen on {address}"))?;
                tracing::info!("measurements are at http://{}/metrics", listener.local_addr()?);
                Some((listener, Measurements::begin(db.clone())?))
            }
            None => None,
        };
        Ok(Self {
            app: instance::app(settings, db, methodology, vault, public_url),
            listener,
            measured,
            _lock: lock,
        })
    }

    /// Answers and works until asked to stop; then what is under way has `grace` to finish.
    async fn attend(self, pages: Web, (runner, roller): (Runner, Roller), grace: Duration, mut asked: Asked) {
        let (stop, stopped) = watch::channel(false);
        let stopping = || {
            let mut stopped = stopped.clone();
            async move {
                stopped.wait_for(|stop| *stop).await.ok();
            }
        };
        let app = self.app.clone();
        tokio::spawn(async move {
            if let Err(error) = upkeep::run(&app).await {
                tracing::error!(%error, "rows of an earlier version were not brought up to date; the next start tries again");
            }
        });
        let working = tokio::spawn(runner.run(stopping(), grace));
        let rolling = tokio::spawn(roller.run(stopping()));
        let measuring = self.measured.map(|(listener, measurements)| {
            tokio::spawn(serve_metrics(listener, move || measurements.clone().text(), stopping()))
        });
        let serving = pages.serve(self.listener, stopping());
        let told = async {
            asked.wait().await;
            stop.send_replace(true);
            // Not a wait for something to happen: the time requests have to finish, by configuration.
            tokio::time::sleep(grace).await;
        };
        tokio::select! {
            () = serving => {}
            () = told => tracing::warn!("some requests were not finished in time"),
        }
        working.await.ok();
        rolling.await.ok();
        if let Some(measuring) = measuring {
            measuring.await.ok();
        }
    }
}

/// Ctrl-C, and what a service manager sends.
struct Asked {
    interrupt: Signal,
    terminate: Signal,
}

impl Asked {
    /// Listens from now on: a signal before that would end the process at once. What is heard when a file would grow
    /// beyond the limit of the process ends it as well unless somebody listens; then, the write fails as on a full disk.
    fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).context("signals cannot be received");
        let _beyond_limit = listen(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()))?;
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    /// Waits until somebody asks to stop. Requests under way are finished.
    async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        tracing::info!("stopping");
    }
}
