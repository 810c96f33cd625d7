//! Usage: events of the customer's product accepted, kept in a log, rolled up by account, user, event and day, and what
//! follows from them: facts, clocks, pace.
//!
//! An event is durable in the log before it is acknowledged; [`roll`] counts the log exactly once, however often a process
//! ends in the middle of it.

mod adoption;
pub mod debugger;
pub mod expected;
pub mod export;
pub mod facts;
pub mod feature;
mod follow;
pub mod group;
pub mod import;
pub mod ingest;
mod mark;
pub(crate) mod milestone;
mod people;
mod piece;
pub mod roll;
pub mod scorecard;
mod scout;
pub mod source;
mod tally;
pub mod view;

use std::any::Any;
use std::sync::Mutex;

use gangway_events::log::{Log, LogError, Settings};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::boxed;
use crate::error::AppError;
use debugger::Debugger;
use ingest::Keys;

pub use roll::{Rolled, Roller, roll_once};

/// What usage keeps in this process: the log of events, write keys known lately, what the debugger shows.
pub struct Usage {
    log: OnceCell<Log>,
    /// Where the log is that is opened when it is asked for first.
    place: Option<(String, Uuid, Settings)>,
    keys: Mutex<Keys>,
    debugger: Debugger,
    /// What must not go before the log does.
    _held: Option<Box<dyn Any + Send + Sync>>,
}

impl Usage {
    /// Over a log that is open.
    #[must_use]
    pub fn new(log: Log) -> Self {
        Self { log: OnceCell::new_with(Some(log)), ..Self::closed() }
    }

    /// Over the log at an address, opened when it is asked for first; `fresh` is the id it has for ever when it is made.
    #[must_use]
    pub fn at(address: String, fresh: Uuid, settings: Settings) -> Self {
        Self { place: Some((address, fresh, settings)), ..Self::closed() }
    }

    fn closed() -> Self {
        let (keys, debugger) = (Mutex::default(), Debugger::default());
        Self { log: OnceCell::new(), place: None, keys, debugger, _held: None }
    }

    /// Keeps something as long as itself, such as the folder of a log that is there for a test only.
    #[must_use]
    pub fn holding(self, held: impl Any + Send + Sync) -> Self {
        Self { _held: Some(Box::new(held)), ..self }
    }

    /// The log.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn log(&self) -> Result<&Log, LogError> {
        let open = || async {
            let Some((address, fresh, settings)) = &self.place else {
                return Err(LogError::Unavailable("no log is configured".to_owned()));
            };
            Log::open(address, *fresh, *settings).await
        };
        self.log.get_or_try_init(open).await
    }

    /// Writes what is queued and closes the log, when it is open.
    #[boxed]
    pub async fn close(&self) {
        if let Some(log) = self.log.get() {
            log.close().await;
        }
    }
}

/// What people are told when the log fails.
pub(crate) fn elsewhere(error: LogError) -> AppError {
    AppError::Elsewhere { who: "the log of usage events", why: error.to_string() }
}
