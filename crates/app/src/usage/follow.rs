//! What follows from changed roll-ups: clocks, pace, health. Accounts wait for it in memory, each once however often it
//! changes meanwhile; what a process that is killed leaves undone is found by the next one that starts, see `mark`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gangway_domain::ids::{AccountId, WorkspaceId};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::mark::{self, EVERY, Pieces};
use crate::App;
use crate::error::AppError;
use crate::health::{USED_TOGETHER, refresh_used};

/// Of so many batches one takes those who did more of the same first, so that news of others never keep them waiting for
/// good.
const TURNS: u32 = 4;

/// While counting is behind, those who did more of the same are looked at this often only: whoever writes keeps it waiting,
/// and what moves a score may stand in what was not counted yet.
const SPARED: Duration = Duration::from_secs(1);

/// Accounts of a workspace whose roll-ups changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Changed {
    /// Those where somebody did something for the first time that day, or of whom something was told: what is most likely
    /// to move a score or a clock.
    pub(super) news: BTreeSet<AccountId>,
    /// Those where people did more of what they had done that day already.
    pub(super) more: BTreeSet<AccountId>,
}

impl Changed {
    pub(super) fn extend(&mut self, other: Self) {
        self.news.extend(other.news);
        self.more.extend(other.more);
    }

    /// All of them, each once.
    pub(super) fn accounts(&self) -> BTreeSet<AccountId> {
        self.news.union(&self.more).copied().collect()
    }
}

/// Accounts whose roll-ups changed, by workspace.
pub(super) type Touched = BTreeMap<WorkspaceId, Changed>;

/// Looks at the clocks of accounts and judges their onboardings.
pub(super) async fn follow(
    app: &App,
    workspace: WorkspaceId,
    accounts: &BTreeSet<AccountId>,
) -> Result<(), AppError> {
    let all: Vec<AccountId> = accounts.iter().copied().collect();
    for some in all.chunks(USED_TOGETHER) {
        follow_some(app, workspace, some, all.len()).await?;
    }
    Ok(())
}

async fn follow_some(
    app: &App,
    workspace: WorkspaceId,
    accounts: &[AccountId],
    of: usize,
) -> Result<(), AppError> {
    let result = Box::pin(refresh_used(app, workspace, accounts, of)).await;
    // What was counted has changed, whatever follows from it.
    for account in accounts {
        app.live.tell_usage(workspace, *account, app.clock.now());
    }
    result
}

/// Accounts that wait to be looked at.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    place: Mutex<Place>,
    wake: Notify,
}

/// An account of a workspace.
type Who = (WorkspaceId, AccountId);

#[derive(Debug, Default)]
struct Place {
    /// Those with news, who came first first; somebody who is not in `all` any more has been looked at.
    news: VecDeque<Who>,
    /// The others, likewise; somebody who has news meanwhile stands there, too.
    more: VecDeque<Who>,
    /// Everybody who waits, and whether there is news of them.
    all: BTreeMap<Who, bool>,
    turn: u32,
    /// There is more to count than was counted.
    is_behind: bool,
    /// When those who did more of the same were looked at last.
    spared: Option<Instant>,
    /// Pieces of the log whose accounts wait, or did.
    counted: Pieces,
    is_closed: bool,
}

/// Some that are looked at together, and of how many that waited.
#[derive(Debug, PartialEq, Eq)]
struct Batch {
    workspace: WorkspaceId,
    accounts: Vec<AccountId>,
    of: usize,
}

impl Waiting {
    /// Has accounts looked at.
    pub(super) fn add(&self, workspace: WorkspaceId, changed: &Changed) {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        for account in &changed.news {
            place.add((workspace, *account), true);
        }
        for account in &changed.more {
            place.add((workspace, *account), false);
        }
        drop(place);
        self.wake.notify_one();
    }

    /// The same for several workspaces.
    pub(super) fn add_all(&self, touched: &Touched) {
        for (workspace, changed) in touched {
            self.add(*workspace, changed);
        }
    }

    /// All accounts of a piece of the log have been added.
    pub(super) fn counted(&self, from: i64, to: i64) {
        self.place.lock().unwrap_or_else(PoisonError::into_inner).counted.add(from, to);
        self.wake.notify_one();
    }

    /// Counting is behind what comes in, or has caught up with it.
    pub(super) fn behind(&self, is_behind: bool) {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        let has_caught_up = place.is_behind && !is_behind;
        place.is_behind = is_behind;
        drop(place);
        if has_caught_up {
            self.wake.notify_one();
        }
    }

    /// Nobody comes any more: whoever looks at accounts ends with the last.
    pub(super) fn close(&self) {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        (place.is_closed, place.is_behind) = (true, false);
        drop(place);
        self.wake.notify_one();
    }

    /// Looks at those who wait until nobody comes any more.
    pub(super) async fn attend(&self, app: &App) {
        let (mut done, mut written) = (Pieces::default(), Instant::now());
        // After a failure the mark stays where it is, so that the next start looks at everybody again.
        let mut is_whole = true;
        loop {
            let (batch, is_closed, waits) = {
                let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
                let batch = place.take(USED_TOGETHER, Instant::now());
                if batch.is_none() && place.all.is_empty() {
                    // Nobody waits: whoever these pieces touched has been looked at.
                    let counted = std::mem::take(&mut place.counted);
                    if is_whole {
                        done.extend(counted);
                    }
                }
                (batch, place.is_closed, !place.all.is_empty())
            };
            match batch {
                Some(Batch { workspace, accounts, of }) => {
                    if let Err(error) = Box::pin(follow_some(app, workspace, &accounts, of)).await {
                        is_whole = false;
                        tracing::error!(%error, "what follows from usage could not be worked out for all");
                    }
                }
                None if is_closed => {
                    write_mark(app, &mut done).await;
                    return;
                }
                None if !done.is_empty() && written.elapsed() >= EVERY => {
                    written = Instant::now();
                    write_mark(app, &mut done).await;
                }
                // Whoever came since is remembered by it; those who are spared wait no longer than that.
                None => tokio::select! {
                    () = self.wake.notified() => {}
                    () = tokio::time::sleep(SPARED), if waits => {}
                    () = tokio::time::sleep_until(written + EVERY), if !done.is_empty() => {}
                },
            }
        }
    }
}

async fn write_mark(app: &App, done: &mut Pieces) {
    if !done.is_empty()
        && let Err(error) = mark::write(app, done).await
    {
        tracing::warn!(%error, "how far usage was worked out could not be kept; the next start looks again");
    }
}

impl Place {
    fn add(&mut self, who: Who, is_news: bool) {
        match self.all.insert(who, is_news) {
            None if is_news => self.news.push_back(who),
            None => self.more.push_back(who),
            Some(false) if is_news => self.news.push_back(who),
            Some(before) => {
                self.all.insert(who, before);
            }
        }
    }

    /// The next who are looked at together, of one workspace.
    fn take(&mut self, most: usize, now: Instant) -> Option<Batch> {
        let of = self.all.len();
        self.turn = self.turn.wrapping_add(1);
        let are_spared = self.is_behind && self.spared.is_some_and(|at| now.duration_since(at) < SPARED);
        let order: &[bool] = match self.turn.is_multiple_of(TURNS) {
            _ if are_spared => &[true],
            true => &[false, true],
            false => &[true, false],
        };
        for is_news in order {
            let is_news = *is_news;
            let line = if is_news { &mut self.news } else { &mut self.more };
            let mut batch: Option<Batch> = None;
            while let Some((workspace, account)) = line.front().copied() {
                // Looked at already, or, of those with more of the same, in the other line meanwhile.
                if self.all.get(&(workspace, account)) != Some(&is_news) {
                    line.pop_front();
                    continue;
                }
                let batch = batch.get_or_insert_with(|| Batch { workspace, accounts: Vec::new(), of });
                if batch.workspace != workspace || batch.accounts.len() >= most {
                    break;
                }
                line.pop_front();
                self.all.remove(&(workspace, account));
                batch.accounts.push(account);
            }
            if batch.is_some() {
                if !is_news {
                    self.spared = Some(now);
                }
                return batch;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn workspace(number: u128) -> WorkspaceId {
        WorkspaceId::from_uuid(Uuid::from_u128(number))
    }

    fn accounts(numbers: &[u128]) -> BTreeSet<AccountId> {
        numbers.iter().map(|number| AccountId::from_uuid(Uuid::from_u128(*number))).collect()
    }

    fn taken(waiting: &Waiting, most: usize) -> Option<BTreeSet<AccountId>> {
        let batch = waiting.place.lock().unwrap().take(most, Instant::now())?;
        Some(batch.accounts.into_iter().collect())
    }

    #[test]
    fn each_waits_once_and_news_come_first() {
        let waiting = Waiting::default();
        let changed = |news: &[u128], more: &[u128]| Changed { news: accounts(news), more: accounts(more) };
        waiting.add(workspace(1), &changed(&[], &[1, 2, 3]));
        waiting.add(workspace(1), &changed(&[2, 4], &[1]));
        waiting.add(workspace(1), &changed(&[], &[4]));
        assert_eq!(taken(&waiting, 10), Some(accounts(&[2, 4])));
        assert_eq!(taken(&waiting, 1), Some(accounts(&[1])), "who came first");
        waiting.add(workspace(1), &changed(&[5, 6], &[]));
        assert_eq!(taken(&waiting, 1), Some(accounts(&[5])));
        assert_eq!(taken(&waiting, 10), Some(accounts(&[3])), "every fourth turn");
        assert_eq!(taken(&waiting, 10), Some(accounts(&[6])));
        assert_eq!(taken(&waiting, 10), None);
    }

    #[test]
    fn while_counting_is_behind_only_news_are_looked_at() {
        let waiting = Waiting::default();
        let changed = Changed { news: BTreeSet::new(), more: accounts(&[1, 2, 3]) };
        waiting.add(workspace(1), &changed);
        waiting.behind(true);
        assert_eq!(taken(&waiting, 1), Some(accounts(&[1])), "now and then");
        assert_eq!(taken(&waiting, 1), None);
        waiting.add(workspace(1), &Changed { news: accounts(&[3]), more: BTreeSet::new() });
        assert_eq!(taken(&waiting, 1), Some(accounts(&[3])));
        let later = Instant::now() + SPARED;
        let batch = waiting.place.lock().unwrap().take(1, later).unwrap();
        assert_eq!(batch.accounts.len(), 1, "after a while, however far it is behind");
        waiting.add(workspace(1), &changed);
        waiting.behind(false);
        assert_eq!(taken(&waiting, 10), Some(accounts(&[1, 2, 3])), "it has caught up");
    }

    #[test]
    fn workspaces_are_looked_at_apart() {
        let waiting = Waiting::default();
        for number in [1, 2] {
            let changed = Changed { news: accounts(&[number]), more: BTreeSet::new() };
            waiting.add(workspace(number), &changed);
        }
        let first = waiting.place.lock().unwrap().take(10, Instant::now());
        let expected =
            Batch { workspace: workspace(1), accounts: accounts(&[1]).into_iter().collect(), of: 2 };
        assert_eq!(first, Some(expected));
        assert_eq!(taken(&waiting, 10), Some(accounts(&[2])));
    }
}
