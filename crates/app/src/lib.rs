//! Use cases every door calls: authorise, validate, one transaction, activity and outbox.
//!
//! A door (the command line, a page, later REST and webhooks) makes an [`Actor`] and calls a
//! function of a capability's module, such as [`handoff::accept`] and [`onboarding::generate`].

pub mod account;
pub mod activity;
mod actor;
pub mod change_request;
mod clock;
pub mod contact;
pub mod crm;
pub mod crm_hook;
pub mod demo;
pub mod digest;
pub mod document;
mod error;
pub mod escalation;
pub mod export;
pub mod first_run;
pub mod forecast;
pub mod form;
pub mod handoff;
pub mod health;
pub mod idempotency;
pub mod identity;
mod ids;
pub mod input;
pub mod intake;
pub mod intervention;
pub mod job;
pub mod launch;
pub mod live;
pub mod mail;
mod mark;
pub mod meeting;
pub mod merging;
pub mod onboarding;
pub mod outbound;
pub mod outcome;
pub mod package;
mod page;
pub mod people;
pub mod plan;
pub mod portal;
pub mod portfolio;
pub mod preview;
pub mod programme;
pub mod register;
pub mod report;
pub mod search;
pub mod signal;
pub mod standing;
pub mod survey;
pub mod tls;
pub mod training;
pub mod transition;
pub mod upkeep;
pub mod usage;
pub mod vault;
mod version;
pub mod webhook;
pub mod work;
pub mod workload;
pub mod workspace;

use std::any::Any;
use std::sync::Arc;

use gangway_domain::ids::IdSource;
use gangway_domain::methodology::Methodology;
use gangway_store::{Db, Timestamp};
use identity::{Attempts, SecretSource};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// On every use case another crate calls: its future is a box. The state machines of plain `async fn`s are compiled again
/// in every crate that awaits them, and with them everything they await; a box is compiled here, once.
use async_recursion::async_recursion as boxed;

pub use actor::{Actor, Door, Guest};
pub use clock::{Clock, FixedClock, SystemClock};
pub use error::{AppError, Overlap, Problem};
pub use ids::Ids;

/// Runs a calculation beside the threads that answer requests. What crashes in it stays in it.
///
/// # Errors
/// [`AppError::Crashed`] when it panics.
async fn calculate<T: Send + 'static>(
    calculation: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(calculation).await.map_err(|_| AppError::Crashed)
}

/// What a panic said, for the log.
#[must_use]
pub fn panic_message(reason: &(dyn Any + Send)) -> &str {
    let text = reason.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| reason.downcast_ref::<&str>().copied()).unwrap_or("no message")
}

/// Everything a use case works with. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where new ids come from.
    pub ids: Arc<dyn IdSource>,
    /// The customer-success knowledge the installation runs with; what is in force in a workspace says
    /// [`programme::in_force`].
    pub methodology: Arc<Methodology>,
    /// The files of it, and what workspaces laid over them.
    pub shelf: Arc<programme::Shelf>,
    /// Where "today" is decided.
    pub time_zone: TimeZone,
    /// Where secrets come from.
    pub secrets: Arc<dyn SecretSource>,
    /// Counts tries to sign in.
    pub attempts: Arc<Attempts>,
    /// How people get in.
    pub ways: Arc<identity::Ways>,
    /// Asks other people's servers.
    pub outbound: Arc<outbound::Outbound>,
    /// Models of health and kinds of signals, compiled.
    pub health: Arc<health::Engine>,
    /// Keeps secrets that must be read again.
    pub vault: Arc<vault::Vault>,
    /// Tells pages that are open what happens.
    pub live: Arc<live::Live>,
    /// Pages of documents as they were made last.
    pub pages: Arc<document::Pages>,
    /// Events of the customer's product: their log, and what is known of those who send them.
    pub usage: Arc<usage::Usage>,
    /// The address people reach Gangway at, without `/` at its end: links in mail begin with it.
    pub public_url: Arc<str>,
    /// The hour of the daily mail, 0 to 23, where a workspace chose none.
    pub digest_hour: i8,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

impl App {
    /// A link for mail: `path` begins with `/`.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// Now, as rows hold it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now().into()
    }

    /// Today in the workspace's time zone.
    #[must_use]
    pub fn today(&self) -> Date {
        self.clock.now().to_zoned(self.time_zone.clone()).date()
    }
}

#[cfg(test)]
mod tests {
    use super::{AppError, calculate};

    #[tokio::test]
    async fn a_crash_stays_in_its_calculation() {
        assert_eq!(calculate(|| 6 * 7).await.ok(), Some(42));
        let crashed: Result<(), AppError> = calculate(|| panic!("a deal nobody thought of")).await;
        let error = crashed.err().map(|error| (error.code(), error.is_input(), error.to_string()));
        let told = "a calculation failed unexpectedly; the log says more".to_owned();
        assert_eq!(error, Some(("internal", false, told)), "and what it says stays in the log");
    }
}
