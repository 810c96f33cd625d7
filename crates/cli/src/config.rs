//! The configuration: one file, the environment, the command line; what comes later in that list wins.

mod oidc;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use gangway_app::digest::HOUR;
use gangway_app::usage::roll::KEPT_DAYS;
use gangway_app::webhook::Network;
use schemars::JsonSchema;
use serde::Deserialize;

pub use oidc::{Oidc, OidcFile, OidcOptions};

/// The file that is read when none is named and it is there.
pub const FILE: &str = "gangway.toml";

/// How long requests and jobs under way may take after somebody asked to stop.
const GRACE: Duration = Duration::from_secs(30);

/// `gangway.toml`: every key may be left out. The environment (`GANGWAY_LISTEN`, …) and the command line win over it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "gangway.toml")]
pub struct File {
    /// Address to listen on, `127.0.0.1:8080` by default.
    #[schemars(with = "Option<String>")]
    listen: Option<SocketAddr>,
    /// The address people use, such as `https://onboarding.example.com`: links in mail begin with it.
    public_url: Option<String>,
    /// Further names under which browsers reach this server, without ports.
    host_names: Option<Vec<String>>,
    /// Networks of the proxies in front, such as `10.0.0.0/8`: from them, the address in `X-Forwarded-For` is taken for
    /// that of the client. None by default.
    trusted_proxies: Option<Vec<String>>,
    /// Folder of the embedded database and of the installation's key; `data` by default.
    data: Option<PathBuf>,
    /// A PostgreSQL server instead of the embedded database: `postgres://user@host/database`.
    database_url: Option<String>,
    /// Folder with the workspace's own methodology files, laid over the built-in ones.
    methodology: Option<PathBuf>,
    /// Key that seals secrets in the database, 64 hex digits; by default the file `secret.key` in the data folder.
    secret_key: Option<String>,
    /// Seconds that requests and jobs under way may take after somebody asked to stop; 30 by default.
    shutdown_seconds: Option<u64>,
    /// The log on standard error.
    log: LogFile,
    /// Mail to people.
    mail: MailFile,
    /// Measurements for Prometheus.
    metrics: MetricsFile,
    /// Webhooks to other systems.
    webhooks: WebhooksFile,
    /// Usage events.
    events: EventsFile,
    /// Signing in through a company's identity provider.
    oidc: OidcFile,
}

/// The log.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct LogFile {
    /// For people or for programs.
    format: Option<LogFormat>,
    /// What is logged, such as `info` or `gangway_web=debug,info`.
    filter: Option<String>,
}

/// Mail.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct MailFile {
    /// The mail server: `smtps://user:password@host`, or `smtp://user:password@host:587?tls=required`. Without one,
    /// mail is written to the log.
    smtp_url: Option<String>,
    /// The sender, such as `Gangway <gangway@example.com>`.
    from: Option<String>,
    /// The hour of the daily mail, 0 to 23, where a workspace chose none; 7 by default.
    digest_hour: Option<i8>,
}

/// Measurements.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct MetricsFile {
    /// Address on which `/metrics` answers, such as `127.0.0.1:9464`; nowhere by default.
    #[schemars(with = "Option<String>")]
    listen: Option<SocketAddr>,
}

/// Webhooks.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct WebhooksFile {
    /// Private networks that webhooks may reach, such as `10.20.0.0/16`; none by default.
    allow: Option<Vec<String>>,
}

/// Usage events.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct EventsFile {
    /// NATS JetStream that keeps them instead of a file in the data folder: `nats://host`, several with commas between,
    /// and `/STREAM` where it is not `gangway-events`.
    nats_url: Option<String>,
    /// Days for which events are kept as they came; 90 by default. What they add up to is kept for ever.
    keep_days: Option<u32>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What the command line and the environment say.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// Everything but the database.
    #[command(flatten)]
    pub serving: Serving,
    /// Folder of the embedded database and of the installation's key, `data` by default; made when absent.
    #[arg(long, value_name = "DIR", env = "GANGWAY_DATA")]
    pub data: Option<PathBuf>,
    /// A PostgreSQL server instead of the embedded database: postgres://user@host/database.
    #[arg(long, value_name = "URL", env = "GANGWAY_DATABASE_URL", hide_env_values = true)]
    pub database: Option<String>,
}

/// What the command line and the environment say about everything but the database.
#[derive(Debug, Clone, Default, Args)]
pub struct Serving {
    /// Configuration file; gangway.toml of this folder when there is one.
    #[arg(long, value_name = "FILE", env = "GANGWAY_CONFIG")]
    pub config: Option<PathBuf>,
    /// Address to listen on, 127.0.0.1:8080 by default. Beyond this machine, put a proxy with TLS in front
    /// and say its address with --public-url.
    #[arg(long, value_name = "IP:PORT", env = "GANGWAY_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Port, when only that differs; 0 takes a free one.
    #[arg(long)]
    pub port: Option<u16>,
    /// Name under which browsers reach this server, without a port, beside localhost; can be repeated.
    /// Requests for any other name are refused, so that no foreign site can reach in through a browser.
    #[arg(long = "host-name", value_name = "NAME", env = "GANGWAY_HOST_NAMES", value_delimiter = ',')]
    pub host_names: Vec<String>,
    /// Network of a proxy in front that is believed when it says for whom it asks (X-Forwarded-For), such as
    /// 127.0.0.1 or 10.0.0.0/8; can be repeated.
    #[arg(
        long = "trusted-proxy",
        value_name = "NETWORK",
        env = "GANGWAY_TRUSTED_PROXIES",
        value_delimiter = ','
    )]
    pub trusted_proxies: Vec<String>,
    /// The address people use, when it is not this one: links in mail begin with it.
    #[arg(long, value_name = "URL", env = "GANGWAY_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Folder with the workspace's own methodology files, laid over the built-in ones.
    #[arg(long, value_name = "DIR", env = "GANGWAY_METHODOLOGY")]
    pub methodology: Option<PathBuf>,
    /// Key that seals secrets in the database, 64 hex digits; by default the file secret.key in the data folder.
    #[arg(long, value_name = "HEX", env = "GANGWAY_SECRET_KEY", hide_env_values = true, hide = true)]
    pub secret_key: Option<String>,
    /// Mail server, smtps://user:password@host; without one, mail is written to the log.
    #[arg(long, value_name = "URL", env = "GANGWAY_MAIL_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Sender of mail, such as "Gangway <gangway@example.com>".
    #[arg(long, value_name = "ADDRESS", env = "GANGWAY_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Hour of the daily mail, 0 to 23, where a workspace chose none; 7 by default.
    #[arg(long, value_name = "HOUR", env = "GANGWAY_MAIL_DIGEST_HOUR")]
    pub digest_hour: Option<i8>,
    /// Address on which /metrics answers; nowhere by default.
    #[arg(long, value_name = "IP:PORT", env = "GANGWAY_METRICS_LISTEN")]
    pub metrics: Option<SocketAddr>,
    /// Private network that webhooks may reach, such as 10.20.0.0/16; can be repeated.
    #[arg(
        long = "webhook-allow",
        value_name = "NETWORK",
        env = "GANGWAY_WEBHOOKS_ALLOW",
        value_delimiter = ','
    )]
    pub webhook_allow: Vec<String>,
    /// NATS JetStream that keeps usage events, nats://host; by default the file events.db in the data folder.
    #[arg(long, value_name = "URL", env = "GANGWAY_EVENTS_NATS_URL", hide_env_values = true)]
    pub events_nats_url: Option<String>,
    /// Days for which usage events are kept as they came, 90 by default.
    #[arg(long, value_name = "DAYS", env = "GANGWAY_EVENTS_KEEP_DAYS")]
    pub events_keep_days: Option<u32>,
    /// How the log is written.
    #[arg(long, value_name = "FORMAT", env = "GANGWAY_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
    /// What is logged, such as info or gangway_web=debug,info.
    #[arg(long, value_name = "FILTER", env = "GANGWAY_LOG_FILTER")]
    pub log_filter: Option<String>,
    /// Seconds that requests and jobs under way may take after somebody asked to stop, 30 by default.
    #[arg(long, value_name = "SECONDS", env = "GANGWAY_SHUTDOWN_SECONDS")]
    pub shutdown_seconds: Option<u64>,
    /// Signing in through a company's identity provider.
    #[command(flatten)]
    pub oidc: OidcOptions,
}

/// What holds in the end.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The file that was read.
    pub file: Option<PathBuf>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address people use.
    pub public_url: Option<String>,
    /// Further names.
    pub host_names: Vec<String>,
    /// Proxies that are believed when they say for whom they ask.
    pub trusted_proxies: Vec<Network>,
    /// Folder of the embedded database and the key.
    pub data: PathBuf,
    /// A PostgreSQL server instead.
    pub database: Option<String>,
    /// The workspace's own methodology.
    pub methodology: Option<PathBuf>,
    /// The key, when it is not in the data folder.
    pub secret_key: Option<String>,
    /// The mail server.
    pub smtp_url: Option<String>,
    /// The sender of mail.
    pub mail_from: String,
    /// The hour of the daily mail where a workspace chose none.
    pub digest_hour: i8,
    /// Where measurements are.
    pub metrics: Option<SocketAddr>,
    /// Private networks webhooks may reach.
    pub webhook_allow: Vec<Network>,
    /// NATS JetStream that keeps usage events.
    pub events_nats_url: Option<String>,
    /// Days for which usage events are kept as they came.
    pub events_keep_days: u32,
    /// Signing in through a company's identity provider.
    pub oidc: Option<Oidc>,
    /// How the log is written.
    pub log_format: LogFormat,
    /// What is logged.
    pub log_filter: String,
    /// How long to wait when asked to stop.
    pub grace: Duration,
}

/// Why there is no configuration: the text names the file and the line.
#[derive(Debug)]
pub enum ConfigError {
    /// The file cannot be read.
    Unreadable(String),
    /// Something in it, or in the environment, cannot be used.
    Wrong(String),
}

impl Settings {
    /// What holds in the end: the command line, then the environment, then the file, then the defaults.
    pub fn resolve(options: &Options) -> Result<Self, ConfigError> {
        let (path, file) = read(options.serving.config.as_deref())?;
        let home = path.as_deref().and_then(Path::parent).unwrap_or(Path::new("")).to_owned();
        Self::merge(options.clone(), file, path, &home)
    }

    /// Paths in the file are seen from the folder it is in.
    fn merge(options: Options, file: File, path: Option<PathBuf>, home: &Path) -> Result<Self, ConfigError> {
        let Options { serving: options, data, database } = options;
        let mut listen = options.listen.or(file.listen).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
        if let Some(port) = options.port {
            listen.set_port(port);
        }
        let or_file = |said: Vec<String>, file: Option<Vec<String>>| {
            if said.is_empty() { file.unwrap_or_default() } else { said }
        };
        let webhook_allow = or_file(options.webhook_allow, file.webhooks.allow);
        let trusted_proxies = or_file(options.trusted_proxies, file.trusted_proxies);
        let public_url = options.public_url.or(file.public_url);
        Ok(Self {
            listen,
            mail_from: options
                .mail_from
                .or(file.mail.from)
                .unwrap_or_else(|| default_sender(public_url.as_deref())),
            digest_hour: hour(options.digest_hour.or(file.mail.digest_hour))?,
            public_url,
            host_names: or_file(options.host_names, file.host_names),
            trusted_proxies: networks("trusted_proxies", &trusted_proxies)?,
            data: data.or(file.data.map(|data| home.join(data))).unwrap_or_else(|| "data".into()),
            database: database.or(file.database_url),
            methodology: options.methodology.or(file.methodology.map(|folder| home.join(folder))),
            secret_key: options.secret_key.or(file.secret_key),
            smtp_url: options.smtp_url.or(file.mail.smtp_url),
            metrics: options.metrics.or(file.metrics.listen),
            webhook_allow: networks("webhooks.allow", &webhook_allow)?,
            events_nats_url: options.events_nats_url.or(file.events.nats_url),
            events_keep_days: days(options.events_keep_days.or(file.events.keep_days))?,
            oidc: Oidc::merge(options.oidc, file.oidc, home)?,
            log_format: options.log_format.or(file.log.format).unwrap_or_default(),
            log_filter: options.log_filter.or(file.log.filter).unwrap_or_else(|| "info,sqlx=warn".to_owned()),
            grace: options.shutdown_seconds.or(file.shutdown_seconds).map_or(GRACE, Duration::from_secs),
            file: path,
        })
    }

    /// The file of the embedded database.
    #[must_use]
    pub fn sqlite_file(&self) -> PathBuf {
        self.data.join("gangway.db")
    }

    /// The file of the log of usage events, unless NATS keeps it.
    #[must_use]
    pub fn events_file(&self) -> PathBuf {
        self.data.join("events.db")
    }

    /// The address of the log of usage events.
    #[must_use]
    pub fn events_address(&self) -> String {
        let file = || format!("sqlite:{}", self.events_file().display());
        self.events_nats_url.clone().unwrap_or_else(file)
    }

    /// The address of the database.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.database.clone().unwrap_or_else(|| format!("sqlite:{}", self.sqlite_file().display()))
    }
}

/// The hour of the daily mail.
fn hour(said: Option<i8>) -> Result<i8, ConfigError> {
    let hour = said.unwrap_or(HOUR);
    if (0..24).contains(&hour) {
        Ok(hour)
    } else {
        Err(ConfigError::Wrong(format!("mail.digest_hour: {hour} is not an hour from 0 to 23")))
    }
}

/// For how many days usage events are kept as they came.
fn days(said: Option<u32>) -> Result<u32, ConfigError> {
    match said.unwrap_or(KEPT_DAYS) {
        // What is counted again must be known to have been.
        0..3 => Err(ConfigError::Wrong("events.keep_days: must be 3 days at least".to_owned())),
        days => Ok(days),
    }
}

/// The networks a key lists.
fn networks(key: &str, texts: &[String]) -> Result<Vec<Network>, ConfigError> {
    let read = |text: &String| {
        text.parse::<Network>().map_err(|error| ConfigError::Wrong(format!("{key}: {error}")))
    };
    texts.iter().map(read).collect()
}

fn default_sender(public_url: Option<&str>) -> String {
    let host = public_url
        .and_then(|url| url.split("://").nth(1))
        .and_then(|rest| rest.split(['/', ':']).next())
        .filter(|host| !host.is_empty());
    format!("Gangway <gangway@{}>", host.unwrap_or("localhost"))
}

/// The file that was named, or the usual one when it is there.
fn read(named: Option<&Path>) -> Result<(Option<PathBuf>, File), ConfigError> {
    let path = named.unwrap_or(Path::new(FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => parse(path, &text).map(|file| (Some(path.to_owned()), file)),
        Err(error) if named.is_none() && error.kind() == ErrorKind::NotFound => Ok((None, File::default())),
        Err(error) => Err(ConfigError::Unreadable(format!("{} cannot be read: {error}", path.display()))),
    }
}

fn parse(path: &Path, text: &str) -> Result<File, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().map_or("", |span| text.get(..span.start).unwrap_or(text));
        let line = before.matches('\n').count() + 1;
        ConfigError::Wrong(format!("{}, line {line}: {}", path.display(), error.message()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(options: Options, text: &str) -> Result<Settings, String> {
        let path = Path::new("/etc/gangway/gangway.toml");
        let file = parse(path, text).map_err(|error| format!("{error:?}"))?;
        Settings::merge(options, file, Some(path.to_owned()), Path::new("/etc/gangway"))
            .map_err(|error| format!("{error:?}"))
    }

    #[test]
    fn nothing_said_is_a_machine_of_ones_own() {
        let settings = settings(Options::default(), "").unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(settings.database_url(), "sqlite:data/gangway.db");
        assert_eq!(settings.mail_from, "Gangway <gangway@localhost>");
        assert_eq!(settings.digest_hour, 7);
        assert_eq!(settings.grace, Duration::from_secs(30));
        assert!(
            settings.metrics.is_none() && settings.smtp_url.is_none() && settings.webhook_allow.is_empty()
        );
        assert!(settings.trusted_proxies.is_empty(), "nobody is believed unasked");
    }

    #[test]
    fn what_is_said_later_wins() {
        let file = "
            listen = '10.0.0.5:80'
            public_url = 'https://onboarding.example.com/'
            trusted_proxies = ['127.0.0.1', '10.0.0.0/8']
            data = 'store'
            database_url = 'postgres://gangway@db/gangway'
            [log]
            format = 'json'
            [metrics]
            listen = '127.0.0.1:9464'
            [webhooks]
            allow = ['10.20.0.0/16']
        ";
        let from_file = settings(Options::default(), file).unwrap();
        assert_eq!(from_file.listen.to_string(), "10.0.0.5:80");
        assert_eq!(from_file.database_url(), "postgres://gangway@db/gangway");
        assert_eq!(from_file.data, Path::new("/etc/gangway/store"), "seen from the file");
        assert_eq!(from_file.mail_from, "Gangway <gangway@onboarding.example.com>");
        assert_eq!(from_file.log_format, LogFormat::Json);
        assert_eq!(from_file.webhook_allow[0].to_string(), "10.20.0.0/16");
        assert_eq!(from_file.trusted_proxies.len(), 2);
        assert_eq!(from_file.trusted_proxies[1].to_string(), "10.0.0.0/8");
        let serving = Serving {
            port: Some(8081),
            log_format: Some(LogFormat::Text),
            trusted_proxies: vec!["192.0.2.7".to_owned()],
            ..Serving::default()
        };
        let database = Some("postgres://other".to_owned());
        let said = settings(Options { serving, data: Some("here".into()), database }, file).unwrap();
        assert_eq!(said.listen.to_string(), "10.0.0.5:8081");
        assert_eq!(said.data, Path::new("here"));
        assert_eq!(said.trusted_proxies.len(), 1);
        assert_eq!(said.trusted_proxies[0].to_string(), "192.0.2.7/32");
        assert_eq!(said.database_url(), "postgres://other");
        assert_eq!(said.log_format, LogFormat::Text);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        for (text, told) in [
            ("listen = '127.0.0.1:80'\npublic-url = 'x'", "line 2: unknown field `public-url`"),
            ("[mail]\nsmtp = 'x'", "line 2: unknown field `smtp`"),
            ("[mail]\ndigest_hour = 24", "mail.digest_hour: 24 is not an hour"),
            ("[log]\nformat = 'xml'", "line 2: unknown variant `xml`"),
            ("\n\nlisten = 'here'", "line 3: invalid socket address"),
            ("listen = ", "line 1: "),
            ("[webhooks]\nallow = ['home']", "webhooks.allow: `home` is not a network"),
            ("trusted_proxies = ['10.0.0.0/64']", "trusted_proxies: `10.0.0.0/64` is not a network"),
        ] {
            let error = settings(Options::default(), text).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}
