//! The durable log: accepted events, kept until they are rolled up and for as long after that as was chosen.
//!
//! An append is durable when it returns, and many of them at once share one write. What reads the log keeps its own
//! [`Position`] where its results are, so that both move together. There are two logs behind one face: a file of its own
//! beside the database, and a stream of NATS JetStream for several processes. They pass the same tests.

mod embedded;
mod lines;
mod nats;
mod writer;

use std::fmt;
use std::path::Path;

use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::watch;
use uuid::Uuid;

use crate::event::Event;

pub use embedded::{Embedded, inspect};
pub use nats::Nats;

/// A place in the log: grows from append to append and is never used twice. Zero is before everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub i64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How much there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Bytes that wait to be written; beyond, an append is refused as [`LogError::Busy`].
    pub queue_bytes: usize,
    /// Bytes of the file or the stream; beyond, an append is refused as [`LogError::Full`]. `None`: the disk is the
    /// limit. A stream takes it when it is made.
    pub most_bytes: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        // What waits is in memory several times over: as it came, as events, as lines of the log.
        Self { queue_bytes: 16 * 1024 * 1024, most_bytes: None }
    }
}

/// Why the log did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LogError {
    /// More is waiting to be written than may wait; try again in a moment.
    #[error("too many events are waiting to be written")]
    Busy,
    /// There is no room: nothing was kept.
    #[error("there is no room left for events")]
    Full,
    /// Anything else. It is not known whether something was kept.
    #[error("the event log is not available: {0}")]
    Unavailable(String),
    /// The address is of no known kind.
    #[error("`{0}` is not an event log Gangway knows: use sqlite:PATH or nats://…")]
    UnknownAddress(String),
}

impl LogError {
    pub(super) fn unavailable(why: impl fmt::Display) -> Self {
        Self::Unavailable(why.to_string())
    }
}

/// Events one after the other, and where they end.
#[derive(Debug, Clone, PartialEq)]
pub struct Chunk {
    /// The events.
    pub events: Vec<Event>,
    /// Behind the last of them; where reading began when there are none.
    pub position: Position,
    /// Events that cannot be read, and were left out.
    pub damaged: usize,
}

/// How the log stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// The first place that is still there; zero in an empty log.
    pub first: Position,
    /// The last one; zero in an empty log.
    pub last: Position,
    /// Bytes on disk.
    pub bytes: u64,
    /// When the first events that are still there came in.
    pub oldest: Option<Timestamp>,
}

/// The log. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Log {
    /// A file of its own.
    Embedded(Embedded),
    /// A stream of NATS JetStream.
    Nats(Nats),
}

impl Log {
    /// Opens `sqlite:PATH` (made when absent) or `nats://HOST[,nats://HOST…][/STREAM]` (the stream is called
    /// `gangway-events` when the address does not say). A log that is made now is known by the id `fresh` for ever.
    ///
    /// # Errors
    /// When the address is of no known kind, or the log cannot be reached or read.
    pub async fn open(address: &str, fresh: Uuid, settings: Settings) -> Result<Self, LogError> {
        if let Some(path) = address.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return Embedded::open(Path::new(path), fresh, settings).await.map(Self::Embedded);
        }
        if address.starts_with("nats:") || address.starts_with("tls:") {
            return Nats::open(address, fresh, settings).await.map(Self::Nats);
        }
        // Only the scheme: an address may carry a password.
        Err(LogError::UnknownAddress(address.split(':').next().unwrap_or_default().to_owned()))
    }

    /// What it is, for people.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Embedded(_) => "embedded",
            Self::Nats(_) => "NATS JetStream",
        }
    }

    /// Which log it is: positions of another one mean nothing here.
    #[must_use]
    pub fn id(&self) -> Uuid {
        match self {
            Self::Embedded(log) => log.id(),
            Self::Nats(log) => log.id(),
        }
    }

    /// Appends events. They are durable when this returns, and stand at the position or before it; nothing is done for
    /// none, and the answer is then zero.
    ///
    /// # Errors
    /// [`LogError::Busy`] and [`LogError::Full`] when there is no room, in memory or on disk; else
    /// [`LogError::Unavailable`]: then some may have been kept, so send the same ones again.
    pub async fn append(&self, events: &[Event]) -> Result<Position, LogError> {
        if events.is_empty() {
            return Ok(Position::default());
        }
        match self {
            Self::Embedded(log) => log.append(events).await,
            Self::Nats(log) => log.append(events).await,
        }
    }

    /// Reads what stands after a position: whole groups as they were written, until there are `most` events, or some
    /// megabytes of them. At least one group is read when there is one, so there may be more events than `most`; only a
    /// position that did not move says that there are no more.
    ///
    /// # Errors
    /// When the log cannot be reached.
    pub async fn read(&self, after: Position, most: usize) -> Result<Chunk, LogError> {
        match self {
            Self::Embedded(log) => log.read(after, most).await,
            Self::Nats(log) => log.read(after, most).await,
        }
    }

    /// The newest events, latest first.
    ///
    /// # Errors
    /// When the log cannot be reached.
    pub async fn newest(&self, most: usize) -> Result<Vec<Event>, LogError> {
        match self {
            Self::Embedded(log) => log.newest(most).await,
            Self::Nats(log) => log.newest(most).await,
        }
    }

    /// The last position whose events all came in before a time; zero when there is none.
    ///
    /// # Errors
    /// When the log cannot be reached.
    pub async fn received_before(&self, time: Timestamp) -> Result<Position, LogError> {
        match self {
            Self::Embedded(log) => log.received_before(time).await,
            Self::Nats(log) => log.received_before(time).await,
        }
    }

    /// Forgets what came in before a time, but nothing after the position `behind` (the cursor of whoever reads), and
    /// never the newest group. Says how many groups were forgotten.
    ///
    /// # Errors
    /// When the log cannot be reached; what was forgotten until then is.
    pub async fn forget(&self, received_before: Timestamp, behind: Position) -> Result<u64, LogError> {
        match self {
            Self::Embedded(log) => log.forget(received_before, behind).await,
            Self::Nats(log) => log.forget(received_before, behind).await,
        }
    }

    /// How it stands.
    ///
    /// # Errors
    /// When the log cannot be reached.
    pub async fn standing(&self) -> Result<Standing, LogError> {
        match self {
            Self::Embedded(log) => log.standing().await,
            Self::Nats(log) => log.standing().await,
        }
    }

    /// Changes whenever something was appended: by this process, and with NATS by any.
    #[must_use]
    pub fn news(&self) -> watch::Receiver<u64> {
        match self {
            Self::Embedded(log) => log.news(),
            Self::Nats(log) => log.news(),
        }
    }

    /// Writes what waits to be written, and ends. Appends that come later are refused.
    pub async fn close(&self) {
        match self {
            Self::Embedded(log) => log.close().await,
            Self::Nats(log) => log.close().await,
        }
    }
}
