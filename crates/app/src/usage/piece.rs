//! A piece of the log: the events behind the cursor, counted slice by slice, each in a transaction of its own. The last one
//! moves the cursor. Until then whoever reads them again finds their messages known, so that nothing counts twice.

use std::collections::{BTreeMap, HashSet, VecDeque};

use gangway_domain::ids::WorkspaceId;
use gangway_events::Event;
use gangway_events::log::{Log, Position};
use gangway_store::Tx;
use gangway_store::usage::roll as rows;
use gangway_store::workspace as workspaces;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::elsewhere;
use super::follow::Touched;
use super::roll::Rolled;
use super::scout::Scout;
use super::tally::Tally;
use crate::App;
use crate::error::AppError;

/// Events of one piece: while counting is behind, so many of a customer are together that they share their rows.
const PIECE: usize = 20_000;

/// How much is read again when the log ends before its cursor: less than messages are remembered, so that nothing of it
/// counts twice.
const READ_AGAIN: SignedDuration = SignedDuration::from_hours(24);

/// A piece of the log under way.
pub(super) struct Piece {
    log: String,
    /// Behind which position it begins, and with which it ends.
    from: i64,
    to: i64,
    slices: VecDeque<Vec<Event>>,
    /// There was more than is counted in one go.
    is_full: bool,
    is_counted: bool,
}

impl Piece {
    /// The next piece; nothing when all was counted.
    ///
    /// # Errors
    /// When the log or the database fails.
    pub(super) async fn next(app: &App, scout: &mut Scout) -> Result<Option<Self>, AppError> {
        let log = app.usage.log().await.map_err(elsewhere)?;
        let name = log.id().to_string();
        loop {
            let mut tx = app.db.read().await?;
            let from = rows::cursor(&mut tx, &name).await?;
            drop(tx);
            let chunk = log.read(Position(from), PIECE).await.map_err(elsewhere)?;
            if chunk.damaged > 0 {
                tracing::error!(
                    events = chunk.damaged,
                    "usage events in the log cannot be read and were left out"
                );
            }
            let to = chunk.position.0;
            if to > from {
                let slices = VecDeque::from(scout.slices(chunk.events, (from, to)));
                let is_full = slices.len() > 1;
                return Ok(Some(Self { log: name, from, to, slices, is_full, is_counted: false }));
            }
            if !step_back(app, log, from).await? {
                return Ok(None);
            }
        }
    }

    /// Whether more waited than is counted in one go.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Behind which position it begins and with which it ends, once all of it was counted and the cursor moved.
    pub(super) fn counted(&self) -> Option<(i64, i64)> {
        self.is_counted.then_some((self.from, self.to))
    }

    /// Counts the next slice; nothing when there is none, or when another process was faster with the whole piece.
    ///
    /// # Errors
    /// When the database fails; what was counted until then stays counted.
    pub(super) async fn count_slice(
        &mut self,
        app: &App,
        scout: &mut Scout,
    ) -> Result<Option<(Rolled, Touched)>, AppError> {
        let Some(events) = self.slices.pop_front() else { return Ok(None) };
        let pairs = Scout::pairs(&events);
        let mut tx = app.db.write().await?;
        if rows::locked_cursor(&mut tx, &self.log).await? != self.from {
            self.slices.clear();
            return Ok(None);
        }
        let added = add_all(app, &mut tx, events).await?;
        let is_last = self.slices.is_empty();
        if is_last {
            rows::move_cursor(&mut tx, &self.log, self.to, app.now()).await?;
        }
        tx.commit().await?;
        self.is_counted = is_last;
        scout.learn(pairs);
        Ok(Some(added))
    }
}

/// Counts what of the events beyond a piece under way is news, and leaves the cursor where it is.
///
/// # Errors
/// When the log or the database fails.
pub(super) async fn count_ahead(app: &App, scout: &mut Scout, piece: &Piece) -> Result<Touched, AppError> {
    let log = app.usage.log().await.map_err(elsewhere)?;
    let counted = if piece.is_counted { piece.to } else { piece.from };
    let news = scout.ahead(log, counted, piece.to).await?;
    if news.is_empty() {
        return Ok(Touched::new());
    }
    let mut tx = app.db.write().await?;
    // Whoever counts in another process waits: no two write the same rows in another order.
    rows::locked_cursor(&mut tx, &log.id().to_string()).await?;
    let (_, touched) = add_all(app, &mut tx, news).await?;
    tx.commit().await?;
    Ok(touched)
}

/// Moves the cursor back when the log ends before it, and says whether there is more to look at now. A log falls behind what
/// was counted of it when an older copy of it was brought back, or when a NATS server lost what it had not flushed to its
/// disk; what is appended then stands where counting has been already.
pub(super) async fn step_back(app: &App, log: &Log, cursor: i64) -> Result<bool, AppError> {
    let last = log.standing().await.map_err(elsewhere)?.last.0;
    if cursor <= last {
        return Ok(false);
    }
    let known = log.received_before(ago(app, READ_AGAIN)).await.map_err(elsewhere)?;
    let name = log.id().to_string();
    let mut tx = app.db.write().await?;
    if rows::locked_cursor(&mut tx, &name).await? == cursor {
        rows::move_cursor(&mut tx, &name, known.0.min(last), app.now()).await?;
        tx.commit().await?;
        tracing::warn!(cursor, last, "the log of usage events is older than what was counted of it");
    }
    Ok(true)
}

/// Adds events to the roll-ups of their workspaces, each message once.
async fn add_all(app: &App, tx: &mut Tx, events: Vec<Event>) -> Result<(Rolled, Touched), AppError> {
    let mut by_workspace: BTreeMap<WorkspaceId, Vec<Event>> = BTreeMap::new();
    for event in events {
        by_workspace.entry(event.workspace).or_default().push(event);
    }
    let mut rolled = Rolled::default();
    let mut touched = Touched::new();
    for (workspace, mut events) in by_workspace {
        // What was sent to a workspace that is gone counts nowhere.
        if workspaces::get(tx, workspace).await?.is_none() {
            continue;
        }
        let all = events.len();
        only_new(app, tx, workspace, &mut events).await?;
        rolled.events += events.len() as u64;
        rolled.duplicates += (all - events.len()) as u64;
        let mut tally = Tally::new(app, workspace);
        tally.count(tx, &events).await?;
        touched.insert(workspace, tally.changed());
    }
    Ok((rolled, touched))
}

/// Leaves the messages that were not counted yet, each once.
async fn only_new(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    events: &mut Vec<Event>,
) -> Result<(), AppError> {
    let mut once = HashSet::with_capacity(events.len());
    let mut keys = Vec::with_capacity(events.len());
    events.retain(|event| {
        let key = Uuid::from_bytes(event.key());
        let is_first = once.insert(key);
        if is_first {
            keys.push(key);
        }
        is_first
    });
    let fresh = rows::fresh(tx, workspace, &keys, app.now()).await?;
    if fresh.len() < keys.len() {
        let mut keys = keys.iter();
        events.retain(|_| keys.next().is_some_and(|key| fresh.contains(key)));
    }
    Ok(())
}

/// So long ago; the beginning of time where that would be before it.
pub(super) fn ago(app: &App, duration: SignedDuration) -> Timestamp {
    app.clock.now().saturating_sub(duration).unwrap_or(Timestamp::MIN)
}
