//! Where mail goes: to a mail server, or into the log when none is configured.

use std::fmt;
use std::time::{Duration, SystemTime};

use gangway_jobs::{Claimed, Effects, Failure, Later, Policy, Report, Work};
use gangway_store::Tx;
use gangway_store::mail::{self as rows, Bounce, Suppression};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use thiserror::Error;

use super::{CalendarPart, JOB, Mail};
use crate::boxed;
use crate::error::AppError;
use crate::{App, tls};

/// How long a mail server may take for one mail.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The configuration of mail cannot be used.
#[derive(Debug, Error)]
pub enum MailSetupError {
    /// The sender is no mail address.
    #[error("the sender `{0}` is not a mail address such as Gangway <gangway@example.com>")]
    From(String),
    /// The server's address cannot be read; it may hold a password, so it is not repeated.
    #[error(
        "the address of the mail server cannot be read: write smtps://user:password@host or smtp://host:port ({0})"
    )]
    Url(String),
    /// A password would go over the wire for everybody to read.
    #[error(
        "the password for the mail server would be sent unencrypted: write smtps://… or add ?tls=required to smtp://…"
    )]
    Unencrypted,
}

/// A server's codes by which an address takes no mail at all (RFC 5321, 4.2.3): what is sent there again comes back.
const NOBODY: [u16; 3] = [550, 551, 553];

/// Takes mail where it goes.
#[derive(Clone)]
pub struct Post {
    from: Mailbox,
    way: Way,
    /// What says what time it is, and who wants no more mail.
    app: Option<App>,
}

/// Why a mail was not taken.
struct Refused {
    failure: Failure,
    /// The server's code.
    code: Option<u16>,
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self { failure, code: None }
    }
}

#[derive(Clone)]
enum Way {
    Server(AsyncSmtpTransport<Tokio1Executor>),
    Log,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = match self.way {
            Way::Server(_) => "a mail server",
            Way::Log => "the log",
        };
        f.debug_struct("Post").field("from", &self.from).field("way", &way).finish()
    }
}

impl Post {
    /// Writes mail into the log, links included: for trying Gangway out, and until a server is configured.
    ///
    /// # Errors
    /// [`MailSetupError::From`].
    pub fn to_log(from: &str) -> Result<Self, MailSetupError> {
        Ok(Self { from: sender(from)?, way: Way::Log, app: None })
    }

    /// Sends mail through a server: `smtps://user:password@host`, `smtp://user:password@host:587?tls=required`,
    /// or `smtp://localhost` for one on this machine that asks for nothing.
    ///
    /// # Errors
    /// When the sender or the address cannot be used.
    pub fn to_server(url: &str, from: &str) -> Result<Self, MailSetupError> {
        tls::prepare();
        let has_password = url.split('/').nth(2).is_some_and(|authority| authority.contains('@'));
        if url.starts_with("smtp://") && has_password && !url.contains("tls=required") {
            return Err(MailSetupError::Unencrypted);
        }
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| MailSetupError::Url(reason(&error)))?
            .timeout(Some(TIMEOUT))
            .build();
        Ok(Self { from: sender(from)?, way: Way::Server(server), app: None })
    }

    /// The same, asking before each mail nobody asked for whether its reader still wants it, and knowing what time it
    /// is when one comes back.
    #[must_use]
    pub fn with_app(self, app: &App) -> Self {
        Self { app: Some(app.clone()), ..self }
    }

    /// Mail goes to a server, not into the log.
    #[must_use]
    pub fn has_server(&self) -> bool {
        matches!(self.way, Way::Server(_))
    }

    /// Asks the server whether it is there and lets us in.
    ///
    /// # Errors
    /// Why not, in words without secrets.
    #[boxed]
    pub async fn check(&self) -> Result<(), String> {
        match &self.way {
            Way::Log => Ok(()),
            Way::Server(server) => match server.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err("the mail server hung up".to_owned()),
                Err(error) => Err(reason(&error)),
            },
        }
    }

    /// Whether the reader of a mail nobody asked for has had enough meanwhile.
    async fn is_unwanted(&self, job: &Claimed, mail: &Mail) -> Result<bool, AppError> {
        let (Some(app), Some(_)) = (&self.app, &mail.unsubscribe) else { return Ok(false) };
        let mut tx = app.db.read().await?;
        Ok(rows::suppressed(&mut tx, job.workspace, &mail.to.to_lowercase()).await?.is_some())
    }

    async fn deliver(&self, job: &Claimed, mail: Mail) -> Result<(), Refused> {
        let unwanted = self.is_unwanted(job, &mail).await;
        if unwanted.map_err(|_| Failure::Later("the database could not be asked".to_owned()))? {
            return Ok(());
        }
        match &self.way {
            Way::Log => {
                let Mail { to, subject, text, .. } = mail;
                tracing::info!(
                    "no mail server is configured; this mail was not sent\nTo: {to}\nSubject: {subject}\n\n{text}"
                );
                Ok(())
            }
            Way::Server(server) => {
                let message = self.message(job, mail)?;
                server.send(message).await.map(|_| ()).map_err(|error| {
                    let failure = if error.is_permanent() {
                        Failure::Never(reason(&error))
                    } else {
                        Failure::Later(reason(&error))
                    };
                    Refused { failure, code: error.status().map(u16::from) }
                })
            }
        }
    }

    fn message(&self, job: &Claimed, mail: Mail) -> Result<Message, Failure> {
        let Mail { to, subject, text, html, calendar, unsubscribe, reply_to, from_name } = mail;
        let to: Mailbox = to.parse().map_err(|_| Failure::Never("it goes to no mail address".to_owned()))?;
        let wanted = jiff::Timestamp::try_from(job.created_at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        // The same id at every attempt: a mailbox that got it twice can tell.
        let id = format!("<{}@{}>", job.id, self.from.email.domain());
        let name = from_name.or_else(|| self.from.name.clone());
        let builder = Message::builder()
            .from(Mailbox::new(name, self.from.email.clone()))
            .to(to)
            .subject(subject)
            .date(SystemTime::from(wanted))
            .message_id(Some(id))
            .header(AutoSubmitted);
        let builder = match unsubscribe {
            Some(address) => builder.header(ListUnsubscribe(address)).header(ListUnsubscribePost),
            None => builder,
        };
        // An address that cannot be read must not keep the mail from its reader.
        let builder = match reply_to.and_then(|address| address.parse::<Mailbox>().ok()) {
            Some(reader) => builder.reply_to(reader),
            None => builder,
        };
        builder
            .multipart(body(text, html, calendar)?)
            .map_err(|_| Failure::Never("it cannot be written as a mail".to_owned()))
    }
}

impl Work for Post {
    fn kind(&self) -> &'static str {
        JOB
    }

    /// Ten attempts over about seven hours: a mail server that is down for longer is somebody's concern,
    /// and most links in mail have ended by then.
    fn policy(&self) -> Policy {
        Policy::doubling(Duration::from_mins(1), Duration::from_hours(2), 10)
    }

    fn run<'a>(&'a self, job: &'a Claimed) -> Later<'a, Report> {
        Box::pin(async move {
            let Ok(mail) = serde_json::from_value::<Mail>(job.payload.clone()) else {
                return Report::failed(Failure::Never("the mail cannot be read".to_owned()));
            };
            let (to, subject) = (mail.to.clone(), mail.subject.clone());
            match self.deliver(job, mail).await {
                Ok(()) => Report::done(),
                Err(Refused { failure: Failure::Never(problem), code }) => {
                    let at = self.app.as_ref().map_or(job.created_at, App::now);
                    let bounce = Bounce {
                        job: job.id,
                        address: to.to_lowercase(),
                        subject,
                        code: code.map(i64::from),
                        problem: problem.clone(),
                        at,
                    };
                    Report::failed(Failure::Never(problem)).with(kept(job, bounce, code))
                }
                Err(Refused { failure, .. }) => Report::failed(failure),
            }
        })
    }
}

/// Keeps that a mail came back, and that its address takes none when the server says so.
fn kept(job: &Claimed, bounce: Bounce, code: Option<u16>) -> Effects {
    let workspace = job.workspace;
    Box::new(move |tx: &mut Tx, _| {
        Box::pin(async move {
            rows::bounced(tx, workspace, &bounce).await?;
            if code.is_some_and(|code| NOBODY.contains(&code)) {
                let Bounce { address, at, .. } = bounce;
                let (reason, made_by) = ("bounced".to_owned(), "Gangway".to_owned());
                rows::suppress(tx, workspace, &Suppression { address, reason, made_by, made_at: at }).await?;
            }
            Ok(())
        })
    })
}

/// Text and HTML as alternatives; a calendar entry is one more, so that mail programs show it as an invitation.
fn body(text: String, html: String, calendar: Option<CalendarPart>) -> Result<MultiPart, Failure> {
    let parts = MultiPart::alternative_plain_html(text, html);
    let Some(CalendarPart { method, text }) = calendar else { return Ok(parts) };
    let kind = format!("text/calendar; charset=utf-8; method={}", method.word());
    let kind =
        ContentType::parse(&kind).map_err(|_| Failure::Never("it cannot be written as a mail".to_owned()))?;
    Ok(parts.singlepart(SinglePart::builder().header(kind).body(text)))
}

fn sender(text: &str) -> Result<Mailbox, MailSetupError> {
    text.parse().map_err(|_| MailSetupError::From(text.to_owned()))
}

/// What went wrong with the server, without what it said: that repeats addresses.
fn reason(error: &smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the mail server refused it with code {code}"),
        None if error.is_timeout() => "the mail server took too long".to_owned(),
        None if error.is_tls() => "no encrypted connection to the mail server".to_owned(),
        None if error.is_client() => "the mail server does not offer what is needed".to_owned(),
        None => "the mail server cannot be reached".to_owned(),
    }
}

/// RFC 3834: keeps out-of-office replies away.
#[derive(Debug, Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// RFC 2369: where the reader gets off the list.
#[derive(Debug, Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.trim_matches(['<', '>']).to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), format!("<{}>", self.0))
    }
}

/// RFC 8058: mail programs may do it with one POST.
#[derive(Debug, Clone, Copy)]
struct ListUnsubscribePost;

impl Header for ListUnsubscribePost {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The mail client keeps a pool of connections, which needs a runtime.
    #[tokio::test]
    async fn a_password_never_goes_unencrypted_and_is_never_repeated() {
        let from = "Gangway <gangway@example.com>";
        for url in
            ["smtp://ines:hunter2@mail.example.com", "smtp://ines:hunter2@mail.example.com?tls=opportunistic"]
        {
            assert!(matches!(Post::to_server(url, from), Err(MailSetupError::Unencrypted)), "{url}");
        }
        for url in [
            "smtps://ines:hunter2@mail.example.com",
            "smtp://ines:hunter2@mail.example.com:587?tls=required",
            "smtp://localhost:25",
        ] {
            let post = Post::to_server(url, from);
            assert!(post.as_ref().is_ok_and(Post::has_server), "{url}: {post:?}");
        }
        let wrong = Post::to_server("imap://ines:hunter2@mail.example.com", from).unwrap_err().to_string();
        assert!(!wrong.contains("hunter2"), "{wrong}");
        assert!(matches!(Post::to_log("nobody"), Err(MailSetupError::From(_))));
    }
}
