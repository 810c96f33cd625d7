//! The live debugger: what came in lately, as it was understood.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use gangway_domain::ids::{SourceId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_events::Event;
use gangway_events::read;
use gangway_store::usage::refused as rows;
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::broadcast::{self, Receiver, Sender};

pub use gangway_store::usage::refused::Refused;

use super::ingest::Admitted;
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// Messages that are kept of a workspace, and shown of those that were not counted.
const MOST: usize = 200;

/// Messages that are looked at in a second of a workspace; nobody reads more.
const A_SECOND: usize = 200;

/// Characters of a message that are shown.
const SHOWN: usize = 4_096;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It counts.
    Accepted,
    /// It is malformed.
    Rejected,
    /// It was understood, and not believed.
    Quarantined,
}

impl Outcome {
    /// The word in the database and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Quarantined => "quarantined",
        }
    }
}

/// A message that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Rises by one from message to message of a workspace.
    pub number: u64,
    /// When it came in.
    pub at: Timestamp,
    /// From where.
    pub source: SourceId,
    /// `track`, `identify` …; empty where it could not be read.
    pub kind: String,
    /// The event or page; empty where there is none.
    pub name: String,
    /// The user's id in the product; may be empty.
    pub user: String,
    /// The customer's id in the product; may be empty.
    pub group: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Why it does not count.
    pub reason: Option<String>,
    /// The message, cut off where it is long.
    pub body: String,
}

/// What came in lately, by workspace.
#[derive(Default)]
pub(super) struct Debugger(Mutex<BTreeMap<WorkspaceId, Ring>>);

struct Ring {
    next: u64,
    seen: VecDeque<Arc<Seen>>,
    sender: Sender<Arc<Seen>>,
    /// The second that is counted, and how many were looked at in it.
    second: i64,
    looked_at: usize,
}

impl Default for Ring {
    fn default() -> Self {
        let (sender, _) = broadcast::channel(MOST);
        Self { next: 1, seen: VecDeque::new(), sender, second: i64::MIN, looked_at: 0 }
    }
}

impl Ring {
    /// Room for so many more in this second.
    fn room(&mut self, now: Timestamp) -> usize {
        if self.second != now.as_second() {
            (self.second, self.looked_at) = (now.as_second(), 0);
        }
        A_SECOND.saturating_sub(self.looked_at)
    }

    fn push(&mut self, mut seen: Seen) {
        seen.number = self.next;
        self.next += 1;
        self.looked_at += 1;
        let seen = Arc::new(seen);
        if self.seen.len() >= MOST {
            self.seen.pop_front();
        }
        self.seen.push_back(seen.clone());
        // Fails only when nobody watches.
        self.sender.send(seen).ok();
    }
}

impl Debugger {
    pub(super) fn note(
        &self,
        by: &Admitted,
        now: Timestamp,
        events: &[Event],
        others: &[(Outcome, read::Refused)],
    ) {
        let mut rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ring = rings.entry(by.workspace).or_default();
        let room = ring.room(now);
        // What went wrong is what people look for.
        for (outcome, refused) in others.iter().take(room) {
            ring.push(Seen::refused(by, now, *outcome, refused));
        }
        for event in events.iter().take(room.saturating_sub(others.len())) {
            ring.push(Seen::accepted(by, now, event));
        }
    }

    fn recent(&self, workspace: WorkspaceId, source: Option<SourceId>) -> Vec<Arc<Seen>> {
        let rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = rings.get(&workspace).into_iter().flat_map(|ring| ring.seen.iter().rev());
        seen.filter(|seen| source.is_none_or(|source| seen.source == source)).cloned().collect()
    }

    fn watch(&self, workspace: WorkspaceId) -> Receiver<Arc<Seen>> {
        let mut rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rings.entry(workspace).or_default().sender.subscribe()
    }
}

impl Seen {
    fn accepted(by: &Admitted, at: Timestamp, event: &Event) -> Self {
        Self {
            number: 0,
            at,
            source: by.source,
            kind: event.kind.word().to_owned(),
            name: event.name.clone().unwrap_or_default(),
            user: event.actor().unwrap_or_default().to_owned(),
            group: event.group_id.clone().unwrap_or_default(),
            outcome: Outcome::Accepted,
            reason: None,
            body: shown(&event.message()),
        }
    }

    fn refused(by: &Admitted, at: Timestamp, outcome: Outcome, refused: &read::Refused) -> Self {
        // Whatever can be read of it helps whoever looks for it.
        let message: Value = serde_json::from_str(&refused.body).unwrap_or_default();
        let text = |key: &str| message.get(key).and_then(Value::as_str).unwrap_or_default();
        let cut = |text: &str| text.chars().take(255).collect::<String>();
        Self {
            number: 0,
            at,
            source: by.source,
            kind: cut(text("type")),
            name: cut(if text("event").is_empty() { text("name") } else { text("event") }),
            user: cut(if text("userId").is_empty() { text("anonymousId") } else { text("userId") }),
            group: cut(text("groupId")),
            outcome,
            reason: Some(refused.reason.to_string()),
            body: if message.is_object() {
                shown(&message)
            } else {
                refused.body.chars().take(SHOWN).collect()
            },
        }
    }
}

fn shown(message: &Value) -> String {
    format!("{message:#}").chars().take(SHOWN).collect()
}

/// What came in lately, of a source or of all, newest first. Of thousands a second, some.
///
/// # Errors
/// [`AppError::Forbidden`].
pub fn recent(app: &App, actor: &Actor, source: Option<SourceId>) -> Result<Vec<Arc<Seen>>, AppError> {
    actor.require(Action::ManageIntegrations)?;
    Ok(app.usage.debugger.recent(actor.workspace, source))
}

/// What comes in from now on.
///
/// # Errors
/// [`AppError::Forbidden`].
pub fn watch(app: &App, actor: &Actor) -> Result<Receiver<Arc<Seen>>, AppError> {
    actor.require(Action::ManageIntegrations)?;
    Ok(app.usage.debugger.watch(actor.workspace))
}

/// Messages that were not counted, of a source or of all, newest first.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn refused(app: &App, actor: &Actor, source: Option<SourceId>) -> Result<Vec<Refused>, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.read().await?;
    let most = u32::try_from(MOST).unwrap_or(u32::MAX);
    Ok(rows::recent(&mut tx, actor.workspace, source, most).await?)
}
