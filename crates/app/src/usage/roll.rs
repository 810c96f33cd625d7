//! The log is counted: read behind the cursor, added to the roll-ups, and the cursor moved, in one transaction for each
//! piece. Whatever a process loses in the middle is counted by the next one, and nothing twice.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use gangway_domain::ids::WorkspaceId;
use gangway_events::Event;
use gangway_events::log::{Log, Position};
use gangway_store::usage::roll as rows;
use gangway_store::workspace as workspaces;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::follow::{Changed, Waiting, follow};
use super::tally::Tally;
use super::{elsewhere, group, mark, milestone};
use crate::App;
use crate::boxed;
use crate::error::AppError;

/// Events of one transaction.
const CHUNK: usize = 5_000;

/// How long pieces are counted before what follows from them is worked out: an account that is in all of them is looked at
/// once.
const GATHERED: Duration = Duration::from_millis(200);

/// How long messages are remembered, so that one that comes again counts nothing: at least the 24 hours that are promised.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(48);

/// How much is read again when the log ends before its cursor: less than messages are remembered, so that nothing of it
/// counts twice.
const READ_AGAIN: SignedDuration = SignedDuration::from_hours(24);

/// Longest time between two looks at the log.
const LOOK: Duration = Duration::from_secs(1);

/// After a failure, how long before the next try.
const BREATH: Duration = Duration::from_secs(5);

/// What time alone changes is looked at this often, and what is too old is cleared away.
const TIDY: Duration = Duration::from_hours(1);

/// How long raw events are kept when nothing else is configured.
pub const KEPT_DAYS: u32 = 90;

/// What was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rolled {
    /// Messages counted.
    pub events: u64,
    /// Messages that had been counted before.
    pub duplicates: u64,
    /// Accounts whose roll-ups changed.
    pub touched: usize,
}

/// Accounts whose roll-ups changed, by workspace.
type Touched = BTreeMap<WorkspaceId, Changed>;

/// A piece of the log that was counted.
struct Piece {
    rolled: Rolled,
    touched: Touched,
    /// Behind which position it begins, and with which it ends.
    from: i64,
    to: i64,
    /// More may stand behind it than fitted into it.
    is_full: bool,
}

/// Counts everything there is in the log now.
///
/// # Errors
/// When the log or the database fails; what was counted until then stays counted.
#[boxed]
pub async fn roll_once(app: &App) -> Result<Rolled, AppError> {
    let mut rolled = Rolled::default();
    loop {
        let begun = Instant::now();
        let mut touched = Touched::new();
        let mut is_all = false;
        while !is_all && begun.elapsed() < GATHERED {
            match piece(app).await? {
                None => is_all = true,
                Some(Piece { rolled: more, touched: accounts, .. }) => {
                    rolled.events += more.events;
                    rolled.duplicates += more.duplicates;
                    for (workspace, changed) in accounts {
                        touched.entry(workspace).or_default().extend(changed);
                    }
                }
            }
        }
        for (workspace, changed) in &touched {
            let accounts = changed.accounts();
            rolled.touched += accounts.len();
            Box::pin(follow(app, *workspace, &accounts)).await?;
        }
        if is_all {
            return Ok(rolled);
        }
    }
}

/// Counts what there is in the log now, for a while, and leaves what follows to whoever attends those who wait. Says
/// whether that was all.
async fn roll_on(app: &App, waiting: &Waiting) -> Result<bool, AppError> {
    let begun = Instant::now();
    while begun.elapsed() < LOOK {
        let Some(Piece { touched, from, to, is_full, .. }) = piece(app).await? else {
            waiting.behind(false);
            return Ok(true);
        };
        for (workspace, changed) in &touched {
            waiting.add(*workspace, changed);
        }
        waiting.counted(from, to);
        waiting.behind(is_full);
        app.live.flush_usage(app.clock.now());
    }
    Ok(false)
}

/// Counts one piece; nothing when there is none.
async fn piece(app: &App) -> Result<Option<Piece>, AppError> {
    let log = app.usage.log().await.map_err(elsewhere)?;
    let name = log.id().to_string();
    loop {
        let mut tx = app.db.read().await?;
        let cursor = rows::cursor(&mut tx, &name).await?;
        drop(tx);
        let chunk = log.read(Position(cursor), CHUNK).await.map_err(elsewhere)?;
        if chunk.damaged > 0 {
            tracing::error!(
                events = chunk.damaged,
                "usage events in the log cannot be read and were left out"
            );
        }
        if chunk.position.0 <= cursor {
            if step_back(app, log, cursor).await? {
                continue;
            }
            return Ok(None);
        }
        let is_full = chunk.events.len() >= CHUNK;
        if let Some(counted) = count(app, &name, cursor, chunk.position, chunk.events).await? {
            let counted = Piece { is_full, ..counted };
            return Ok(Some(counted));
        }
        // Another process was faster: what comes after its piece is next.
    }
}

/// Makes sure that the log does not end before what was counted of it, and says whether it did. To be done before events are
/// taken in: an older copy of the log may have been brought back.
///
/// # Errors
/// When the log or the database fails.
#[boxed]
pub async fn settle(app: &App) -> Result<bool, AppError> {
    let log = app.usage.log().await.map_err(elsewhere)?;
    let mut tx = app.db.read().await?;
    let cursor = rows::cursor(&mut tx, &log.id().to_string()).await?;
    drop(tx);
    step_back(app, log, cursor).await
}

/// Moves the cursor back when the log ends before it, and says whether there is more to look at now. A log falls behind what
/// was counted of it when an older copy of it was brought back, or when a NATS server lost what it had not flushed to its
/// disk; what is appended then stands where counting has been already.
async fn step_back(app: &App, log: &Log, cursor: i64) -> Result<bool, AppError> {
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

/// Counts events and moves the cursor, together; nothing when the cursor is not where it was any more.
async fn count(
    app: &App,
    log: &str,
    cursor: i64,
    position: Position,
    events: Vec<Event>,
) -> Result<Option<Piece>, AppError> {
    let mut by_workspace: BTreeMap<WorkspaceId, Vec<Event>> = BTreeMap::new();
    for event in events {
        by_workspace.entry(event.workspace).or_default().push(event);
    }
    let mut rolled = Rolled::default();
    let mut touched = Touched::new();
    let mut tx = app.db.write().await?;
    if rows::locked_cursor(&mut tx, log).await? != cursor {
        return Ok(None);
    }
    for (workspace, mut events) in by_workspace {
        // What was sent to a workspace that is gone counts nowhere.
        if workspaces::get(&mut tx, workspace).await?.is_none() {
            continue;
        }
        let all = events.len();
        only_new(app, &mut tx, workspace, &mut events).await?;
        rolled.events += events.len() as u64;
        rolled.duplicates += (all - events.len()) as u64;
        let mut tally = Tally::new(app, workspace);
        tally.count(&mut tx, &events).await?;
        touched.insert(workspace, tally.changed());
    }
    rows::move_cursor(&mut tx, log, position.0, app.now()).await?;
    tx.commit().await?;
    Ok(Some(Piece { rolled, touched, from: cursor, to: position.0, is_full: false }))
}

/// Leaves the messages that were not counted yet, each once.
async fn only_new(
    app: &App,
    tx: &mut gangway_store::Tx,
    workspace: WorkspaceId,
    events: &mut Vec<Event>,
) -> Result<(), AppError> {
    let mut once = HashSet::with_capacity(events.len());
    events.retain(|event| once.insert(event.key()));
    let keys: Vec<uuid::Uuid> = events.iter().map(|event| uuid::Uuid::from_bytes(event.key())).collect();
    let fresh = rows::fresh(tx, workspace, &keys, app.now()).await?;
    if fresh.len() < keys.len() {
        let mut keys = keys.iter();
        events.retain(|_| keys.next().is_some_and(|key| fresh.contains(key)));
    }
    Ok(())
}

/// Counts the log as it grows, one for each process.
pub struct Roller {
    app: App,
    kept: SignedDuration,
    tidied: Option<Instant>,
}

impl Roller {
    /// A roller over the app's log.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app, kept: days(KEPT_DAYS), tidied: None }
    }

    /// Keeps raw events for so many days.
    #[must_use]
    pub fn keeping(self, kept: u32) -> Self {
        Self { kept: days(kept), ..self }
    }

    /// Counts until `stop` is done. What follows is worked out beside it, so that neither waits for the other.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let waiting = Arc::new(Waiting::default());
        let (app, of_others) = (self.app.clone(), waiting.clone());
        let follower = tokio::spawn(async move { of_others.attend(&app).await });
        self.count(&waiting, stop).await;
        waiting.close();
        if let Err(error) = follower.await {
            tracing::error!(%error, "what follows from usage was not worked out to the end");
        }
    }

    async fn count(mut self, waiting: &Waiting, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut news = loop {
            match self.app.usage.log().await {
                Ok(log) => break log.news(),
                Err(error) => {
                    tracing::error!(%error, "the log of usage events cannot be opened; it is tried again");
                    tokio::select! {
                        () = &mut stop => return,
                        () = tokio::time::sleep(BREATH) => {}
                    }
                }
            }
        };
        while let Err(error) = mark::begin(&self.app, waiting).await {
            tracing::error!(%error, "whom a process before this one left undone could not be found; it is tried again");
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(BREATH) => {}
            }
        }
        loop {
            // What was appended before this look is counted by it.
            let _seen = *news.borrow_and_update();
            let wait = match roll_on(&self.app, waiting).await {
                Ok(true) => LOOK,
                // More waits: only whether to stop, and what is due each hour, is looked at between.
                Ok(false) => Duration::ZERO,
                Err(error) => {
                    tracing::error!(%error, "usage events could not be counted; they are counted later");
                    BREATH
                }
            };
            self.app.live.flush_usage(self.app.clock.now());
            if self.tidied.is_none_or(|at| at.elapsed() >= TIDY) {
                self.tidied = Some(Instant::now());
                if let Err(error) = self.tidy(waiting, wait == LOOK).await {
                    tracing::warn!(%error, "usage could not be tidied up; the next hour tries again");
                }
            }
            tokio::select! {
                () = &mut stop => return,
                _ = news.changed(), if wait == LOOK => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Finds accounts of groups, looks at clocks that only time moves, and forgets what is too old. Messages are forgotten
    /// only when everything was counted: one that waits in the log, as after a restored backup, may repeat another.
    async fn tidy(&self, waiting: &Waiting, all_counted: bool) -> Result<(), AppError> {
        let app = &self.app;
        let mut tx = app.db.read().await?;
        let all = workspaces::all(&mut tx).await?;
        drop(tx);
        for workspace in all {
            let mut tx = app.db.write().await?;
            if all_counted {
                rows::prune(&mut tx, workspace.id, ago(app, REMEMBERED).into()).await?;
            }
            let matched = group::match_all(&mut tx, workspace.id).await?;
            tx.commit().await?;
            waiting.add(workspace.id, &Changed { news: matched, more: BTreeSet::new() });
            let app = app.clone();
            // Beside the counting, which it would keep waiting.
            tokio::spawn(async move {
                if let Err(error) = milestone::refresh_all(&app, workspace.id).await {
                    tracing::warn!(%error, "clocks could not be looked at; the next hour tries again");
                }
            });
        }
        self.trim(app.usage.log().await.map_err(elsewhere)?).await
    }

    async fn trim(&self, log: &Log) -> Result<(), AppError> {
        let mut tx = self.app.db.read().await?;
        let cursor = rows::cursor(&mut tx, &log.id().to_string()).await?;
        drop(tx);
        log.forget(ago(&self.app, self.kept), Position(cursor)).await.map_err(elsewhere)?;
        Ok(())
    }
}

fn days(days: u32) -> SignedDuration {
    SignedDuration::from_hours(i64::from(days) * 24)
}

fn ago(app: &App, duration: SignedDuration) -> Timestamp {
    app.clock.now().saturating_sub(duration).unwrap_or(Timestamp::MIN)
}
