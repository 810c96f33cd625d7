//! `gangway serve`: the pages over one database.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use gangway_api::Api;
use gangway_app::identity::{self, Secret, SystemSecrets};
use gangway_app::{App, Clock, Ids, SystemClock};
use gangway_domain::methodology::Methodology;
use gangway_store::Db;
use gangway_web::Web;
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::{exit, library};

/// Where to listen and where the data is.
#[derive(Debug, Args)]
pub struct Place {
    /// Address to listen on. Beyond this machine, put a proxy with TLS in front and say its address
    /// with --public-url.
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:8080", env = "GANGWAY_LISTEN")]
    pub listen: SocketAddr,
    /// Port, when only that differs; 0 takes a free one.
    #[arg(long)]
    pub port: Option<u16>,
    /// Name under which browsers reach this server, without a port, beside localhost; can be repeated.
    /// Requests for any other name are refused, so that no foreign site can reach in through a browser.
    #[arg(long = "host-name", value_name = "NAME", env = "GANGWAY_HOST_NAMES", value_delimiter = ',')]
    pub host_names: Vec<String>,
    /// The address people use, when it is not this one: links in mail begin with it.
    #[arg(long, value_name = "URL", env = "GANGWAY_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Folder with the workspace's own methodology files, laid over the built-in ones.
    #[arg(long, value_name = "DIR", env = "GANGWAY_METHODOLOGY")]
    pub methodology: Option<PathBuf>,
}

/// Arguments of `gangway serve`.
#[derive(Debug, Args)]
#[command(after_help = "EXAMPLES:
  gangway serve
  gangway serve --listen 0.0.0.0:8080 --public-url https://onboarding.example.com --database postgres://gangway@db/gangway

EXIT CODES: 0 stopped as asked · 2 wrong usage · 3 the methodology was refused · \
4 the database or the address could not be opened · 5 unexpected failure")]
pub struct ServeArgs {
    #[command(flatten)]
    place: Place,
    /// Folder of the embedded database; made when absent.
    #[arg(
        long,
        value_name = "DIR",
        default_value = "data",
        env = "GANGWAY_DATA",
        conflicts_with = "database"
    )]
    data: PathBuf,
    /// A PostgreSQL server instead: postgres://user@host/database.
    #[arg(long, value_name = "URL", env = "GANGWAY_DATABASE_URL", hide_env_values = true)]
    database: Option<String>,
}

/// Serves until asked to stop.
pub fn run(args: &ServeArgs) -> Result<ExitCode> {
    let ServeArgs { place, data, database } = args;
    let url = match database {
        Some(url) => url.clone(),
        None => match embedded(data) {
            Ok(url) => url,
            Err(error) => return Ok(refuse(&error)),
        },
    };
    serve(place, &url, async |app| {
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

/// The address of the embedded database in a folder, which is made when absent.
pub fn embedded(folder: &Path) -> Result<String> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    Ok(format!("sqlite:{}", folder.join("gangway.db").display()))
}

/// Says in words what could not be opened.
pub fn refuse(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::from(exit::NOT_FOUND)
}

/// Opens the database, prepares it, and serves the pages until asked to stop.
pub fn serve(place: &Place, url: &str, prepare: impl AsyncFnOnce(&App) -> Result<Web>) -> Result<ExitCode> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let Some(methodology) = library::load(place.methodology.as_deref())? else {
        return Ok(ExitCode::from(exit::REFUSED));
    };
    let runtime = tokio::runtime::Runtime::new().context("the runtime could not be started")?;
    runtime.block_on(async {
        let (app, listener) = match open(place, url, methodology).await {
            Ok(opened) => opened,
            Err(error) => return Ok(refuse(&error)),
        };
        let db = app.db.clone();
        // The first line on standard output: scripts wait for it.
        println!("Gangway is at {}", app.public_url);
        let pages = prepare(&app).await?;
        if !place.listen.ip().is_loopback() && place.host_names.is_empty() && place.public_url.is_none() {
            tracing::warn!(
                "only browsers on this machine get pages: give the address people use with --public-url"
            );
        }
        let pages = pages.with_host_names(place.host_names.clone()).beside(Api::new(app.clone()).router());
        pages.serve(listener, asked_to_stop()).await;
        db.close().await;
        Ok(ExitCode::SUCCESS)
    })
}

async fn open(place: &Place, url: &str, methodology: Methodology) -> Result<(App, TcpListener)> {
    let address = SocketAddr::new(place.listen.ip(), place.port.unwrap_or(place.listen.port()));
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("nothing can listen on {address}; --port 0 takes a free port"))?;
    let public_url = match &place.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", listener.local_addr()?),
    };
    let db = Db::open(url).await.context("the database cannot be opened")?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let app = App {
        db,
        ids: Arc::new(Ids::random(clock.clone())),
        clock,
        methodology: Arc::new(methodology),
        time_zone: TimeZone::system(),
        secrets: Arc::new(SystemSecrets),
        attempts: Arc::default(),
        public_url: public_url.into(),
    };
    Ok((app, listener))
}

/// Ctrl-C, or what a service manager sends. Requests under way are finished.
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut term = signal(SignalKind::terminate()).ok();
    let terminated = async {
        match &mut term {
            Some(term) => term.recv().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
    tracing::info!("stopping");
}
