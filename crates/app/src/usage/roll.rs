//! The log is counted: read behind the cursor, added to the roll-ups, and the cursor moved, see `piece`. Whatever a process
//! loses in the middle is counted by the next one, and nothing twice.

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use gangway_events::log::{Log, Position};
use gangway_store::usage::roll as rows;
use gangway_store::workspace as workspaces;
use jiff::SignedDuration;
use tokio::sync::watch;
use tokio::time::Instant;

use super::follow::{Changed, Touched, Waiting, follow};
use super::piece::{Piece, ago, count_ahead, step_back};
use super::scout::Scout;
use super::{elsewhere, group, mark, milestone};
use crate::App;
use crate::boxed;
use crate::error::AppError;

/// How long pieces are counted before what follows from them is worked out: an account that is in all of them is looked at
/// once.
const GATHERED: Duration = Duration::from_millis(200);

/// How long messages are remembered, so that one that comes again counts nothing: at least the 24 hours that are promised.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(48);

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

/// Counts everything there is in the log now.
///
/// # Errors
/// When the log or the database fails; what was counted until then stays counted.
#[boxed]
pub async fn roll_once(app: &App) -> Result<Rolled, AppError> {
    let mut rolled = Rolled::default();
    let mut scout = Scout::default();
    loop {
        let begun = Instant::now();
        let mut touched = Touched::new();
        let mut is_all = false;
        while !is_all && begun.elapsed() < GATHERED {
            let Some(mut piece) = Piece::next(app, &mut scout).await? else {
                is_all = true;
                continue;
            };
            while let Some((more, accounts)) = piece.count_slice(app, &mut scout).await? {
                rolled.events += more.events;
                rolled.duplicates += more.duplicates;
                for (workspace, changed) in accounts {
                    touched.entry(workspace).or_default().extend(changed);
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
async fn roll_on(app: &App, waiting: &Waiting, scout: &mut Scout) -> Result<bool, AppError> {
    let begun = Instant::now();
    while begun.elapsed() < LOOK {
        let Some(mut piece) = Piece::next(app, scout).await? else {
            waiting.behind(false);
            return Ok(true);
        };
        waiting.behind(piece.is_full());
        while let Some((_, touched)) = piece.count_slice(app, scout).await? {
            waiting.add_all(&touched);
            if piece.is_full() {
                waiting.add_all(&count_ahead(app, scout, &piece).await?);
            }
            app.live.flush_usage(app.clock.now());
        }
        if let Some((from, to)) = piece.counted() {
            waiting.counted(from, to);
        }
    }
    Ok(false)
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

/// Counts the log as it grows, one for each process.
pub struct Roller {
    app: App,
    kept: SignedDuration,
    tidied: Option<Instant>,
    scout: Scout,
}

impl Roller {
    /// A roller over the app's log.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app, kept: days(KEPT_DAYS), tidied: None, scout: Scout::default() }
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
            match self.open().await {
                Ok(news) => break news,
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
            let wait = match roll_on(&self.app, waiting, &mut self.scout).await {
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

    /// Looks at what was counted last, and gives what tells that there is more.
    async fn open(&mut self) -> Result<watch::Receiver<u64>, AppError> {
        let log = self.app.usage.log().await.map_err(elsewhere)?;
        let mut tx = self.app.db.read().await?;
        let cursor = rows::cursor(&mut tx, &log.id().to_string()).await?;
        drop(tx);
        self.scout = Scout::recalling(log, cursor).await?;
        Ok(log.news())
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
