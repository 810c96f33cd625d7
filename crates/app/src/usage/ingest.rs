//! Events come in: their write key says whose they are, and they are durable before anybody is told so.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use gangway_domain::ids::{RefusedId, SourceId, WorkspaceId};
use gangway_events::Event;
use gangway_events::log::LogError;
use gangway_events::read::Verdict;
use gangway_store::usage::refused::{self, Refused};
use gangway_store::usage::source;
use jiff::{SignedDuration, Timestamp};

use super::Usage;
use super::debugger::Outcome;
use crate::App;
use crate::boxed;
use crate::error::AppError;
use crate::identity::Secret;

/// How long what is known of a write key holds: one that ended in another process ends here after that time.
const KNOWN_FOR: SignedDuration = SignedDuration::from_secs(10);

/// Write keys that are remembered, wrong ones included; beyond, all are forgotten.
const MOST_KEYS: usize = 10_000;

/// Messages that were not counted, kept of a workspace.
const KEPT: u32 = 1_000;

/// Of one request, so that a sender of nonsense does not keep the database busy.
const KEPT_AT_ONCE: usize = 50;

/// Characters kept of a message.
const KEPT_CHARS: usize = 8_000;

/// Write keys by their digest: what was known of them, and when it was asked.
#[derive(Default)]
pub(super) struct Keys(HashMap<String, (Timestamp, Option<Admitted>)>);

/// A sender who was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// The workspace events count in.
    pub workspace: WorkspaceId,
    /// The source they come from.
    pub source: SourceId,
    /// What it is called.
    pub name: Arc<str>,
    /// Origins of pages that may send; none: all.
    pub origins: Arc<[String]>,
}

impl Admitted {
    /// Whether a page of this origin may send. Servers say no origin, and always may: they hold the key.
    #[must_use]
    pub fn lets_in(&self, origin: Option<&str>) -> bool {
        let listed = |origin: &str| self.origins.iter().any(|listed| listed.eq_ignore_ascii_case(origin));
        self.origins.is_empty() || origin.is_none_or(listed)
    }
}

/// How many events were taken, and how many were not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Durable in the log.
    pub accepted: usize,
    /// Malformed.
    pub rejected: usize,
    /// Understood, and not believed.
    pub quarantined: usize,
}

impl Usage {
    /// Asks the database again about every write key.
    pub(super) fn forget_keys(&self) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).0.clear();
    }

    fn known(&self, digest: &str, now: Timestamp) -> Option<Option<Admitted>> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, known) = keys.0.get(digest)?;
        (now.duration_since(*at) < KNOWN_FOR).then(|| known.clone())
    }

    fn remember(&self, digest: String, now: Timestamp, known: Option<Admitted>) {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.0.len() >= MOST_KEYS {
            keys.0.clear();
        }
        keys.0.insert(digest, (now, known));
    }
}

/// Whose events a write key lets in; nothing when no source has it, or its source has ended.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn admit(app: &App, key: &str) -> Result<Option<Admitted>, AppError> {
    let digest = Secret::from_holder(key).digest();
    let now = app.clock.now();
    if let Some(known) = app.usage.known(&digest, now) {
        return Ok(known);
    }
    let mut tx = app.db.read().await?;
    let holder = source::by_digest(&mut tx, &digest).await?;
    drop(tx);
    let admitted = holder.map(|source::Holder { workspace, source, name, origins }| Admitted {
        workspace,
        source,
        name: name.into(),
        origins: origins.into(),
    });
    app.usage.remember(digest, now, admitted.clone());
    Ok(admitted)
}

/// Takes what was accepted of a request into the log, and returns when it is durable. What was not is kept for somebody to
/// look at, as far as there is room.
///
/// # Errors
/// When the log does not take it: nothing of it may be told to be accepted then.
#[boxed]
pub async fn accept(app: &App, by: &Admitted, verdicts: Vec<Verdict>) -> Result<Accepted, LogError> {
    let mut told = Accepted::default();
    let mut events: Vec<Event> = Vec::with_capacity(verdicts.len());
    let mut others = Vec::new();
    for verdict in verdicts {
        match verdict {
            Verdict::Accepted(event) => {
                told.accepted += 1;
                events.push(event);
            }
            Verdict::Rejected(refused) => {
                told.rejected += 1;
                others.push((Outcome::Rejected, refused));
            }
            Verdict::Quarantined(refused) => {
                told.quarantined += 1;
                others.push((Outcome::Quarantined, refused));
            }
        }
    }
    if !events.is_empty() {
        app.usage.log().await?.append(&events).await?;
    }
    app.usage.debugger.note(by, app.clock.now(), &events, &others);
    if !others.is_empty()
        && let Err(error) = keep(app, by, others).await
    {
        // They were refused all the same, and the sender is told why.
        tracing::warn!(%error, "usage events that were refused could not be kept");
    }
    Ok(told)
}

async fn keep(
    app: &App,
    by: &Admitted,
    others: Vec<(Outcome, gangway_events::read::Refused)>,
) -> Result<(), AppError> {
    let at = app.now();
    let row = |(outcome, other): (Outcome, gangway_events::read::Refused)| Refused {
        id: RefusedId::fresh(&*app.ids),
        source: by.source,
        at,
        verdict: outcome.word().to_owned(),
        reason: other.reason.to_string(),
        body: other.body.chars().take(KEPT_CHARS).collect(),
    };
    let messages: Vec<Refused> = others.into_iter().take(KEPT_AT_ONCE).map(row).collect();
    let mut tx = app.db.write().await?;
    refused::keep(&mut tx, by.workspace, &messages, KEPT).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_and_listed_pages_are_let_in() {
        let uuid = uuid::Uuid::from_u128;
        let mut by = Admitted {
            workspace: WorkspaceId::from_uuid(uuid(1)),
            source: SourceId::from_uuid(uuid(2)),
            name: "Web".into(),
            origins: vec!["https://app.example.com".to_owned()].into(),
        };
        assert!(by.lets_in(None) && by.lets_in(Some("https://APP.example.com")));
        assert!(!by.lets_in(Some("https://evil.example")) && !by.lets_in(Some("null")));
        by.origins = Vec::new().into();
        assert!(by.lets_in(Some("https://evil.example")));
    }
}
