//! What happens in a workspace, told to whoever watches, as soon as it is committed.
//!
//! One task per watched workspace reads the activity log: at once when this process has committed
//! something, and every [`LOOK`] for what other processes did.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gangway_domain::ids::{AccountId, ActivityId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_store::Timestamp;
use gangway_store::activity::{self, Activity};
use jiff::SignedDuration;
use tokio::sync::broadcast::{self, Receiver, Sender};
use tokio::time::Instant;

use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// How long what another process did may go unseen.
const LOOK: Duration = Duration::from_secs(1);

/// A transaction that began earlier may be committed later, and so may one of a process whose clock is
/// behind: entries this much older than the newest are looked for again.
const OVERLAP: SignedDuration = SignedDuration::from_secs(10);

/// The same where this process itself has just committed something: all of it is looked for within [`LOOK`] again.
const RECENT: SignedDuration = SignedDuration::from_secs(1);

/// Entries told at once; who has missed more should read everything again.
const MOST: u32 = 500;

/// Entries a slow watcher may lag behind before it is told that it missed some.
const BACKLOG: usize = 256;

/// News of the usage of one account are told this often at most.
const USED: SignedDuration = SignedDuration::from_secs(1);

/// The workspaces somebody watches.
#[derive(Debug, Default)]
pub struct Live {
    feeds: Mutex<BTreeMap<WorkspaceId, Sender<Arc<Activity>>>>,
    usage: Mutex<BTreeMap<WorkspaceId, Usage>>,
    used: Mutex<Used>,
}

/// When accounts were used, counted since this process began: a page says up to where it knows.
#[derive(Debug, Default)]
struct Used {
    /// How often any account was.
    count: u64,
    /// The last time each was, as it was counted.
    last: BTreeMap<WorkspaceId, BTreeMap<AccountId, u64>>,
}

/// Accounts whose usage somebody watches.
#[derive(Debug)]
struct Usage {
    sender: Sender<AccountId>,
    /// When each was told of last, within [`USED`].
    told: BTreeMap<AccountId, jiff::Timestamp>,
    /// Those that changed again since.
    waiting: BTreeSet<AccountId>,
}

/// Accounts of the actor's workspace whose usage changes from now on; each once a second at most.
///
/// # Errors
/// [`AppError::Forbidden`].
pub fn usage(app: &App, actor: &Actor) -> Result<Receiver<AccountId>, AppError> {
    actor.require(Action::Look)?;
    let mut all = app.live.usage.lock().unwrap_or_else(PoisonError::into_inner);
    let usage = all.entry(actor.workspace).or_insert_with(|| Usage {
        sender: broadcast::channel(BACKLOG).0,
        told: BTreeMap::new(),
        waiting: BTreeSet::new(),
    });
    Ok(usage.sender.subscribe())
}

/// Which of these accounts were used since a page was made, by the count it was made at
/// ([`Session::used`](crate::identity::Session::used)); any account where none is named.
///
/// # Errors
/// [`AppError::Forbidden`].
pub fn used_since(
    app: &App,
    actor: &Actor,
    count: u64,
    accounts: Option<&[AccountId]>,
) -> Result<bool, AppError> {
    actor.require(Action::Look)?;
    let used = app.live.used.lock().unwrap_or_else(PoisonError::into_inner);
    // A count this process has not reached is of another one, before a restart: what came since is not known.
    if count > used.count {
        return Ok(true);
    }
    let Some(last) = used.last.get(&actor.workspace) else { return Ok(false) };
    Ok(match accounts {
        Some(accounts) => accounts.iter().any(|account| last.get(account).is_some_and(|used| *used > count)),
        None => last.values().any(|used| *used > count),
    })
}

/// Deeds of the actor's workspace from now on. Only those about an account or an onboarding: whoever may look
/// at these sees the same on their pages.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn watch(app: &App, actor: &Actor) -> Result<Receiver<Arc<Activity>>, AppError> {
    actor.require(Action::Look)?;
    if let Some(receiver) = app.live.join(actor.workspace) {
        return Ok(receiver);
    }
    let mut feed = Feed::new(app, actor.workspace);
    // What is there already is no news. Looked at before anybody joins, so that nothing is missed after.
    feed.fresh().await?;
    Ok(app.live.open(actor.workspace, feed))
}

/// Deeds of the actor's workspace that came after this one, oldest first; none when there are too many to tell,
/// or when the workspace does not know it.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn missed(app: &App, actor: &Actor, after: ActivityId) -> Result<Option<Vec<Activity>>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let missed = activity::after(&mut tx, actor.workspace, after, MOST).await?;
    let few = missed.len() < MOST as usize;
    Ok(few.then(|| missed.into_iter().filter(is_for_all).collect()))
}

fn is_for_all(entry: &Activity) -> bool {
    entry.account.is_some() || entry.onboarding.is_some()
}

impl Live {
    /// Tells that the usage of an account changed; what comes too soon is told by [`Live::flush_usage`].
    pub(crate) fn tell_usage(&self, workspace: WorkspaceId, account: AccountId, now: jiff::Timestamp) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.count += 1;
        let count = used.count;
        used.last.entry(workspace).or_default().insert(account, count);
        drop(used);
        let mut all = self.usage.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody watches.
        let Some(usage) = all.get_mut(&workspace) else { return };
        match usage.told.get(&account) {
            Some(at) if now.duration_since(*at) < USED => {
                usage.waiting.insert(account);
            }
            _ => usage.tell(account, now),
        }
    }

    /// Tells what was held back, and forgets workspaces nobody watches any more.
    pub(crate) fn flush_usage(&self, now: jiff::Timestamp) {
        let mut all = self.usage.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, usage| usage.sender.receiver_count() > 0);
        for usage in all.values_mut() {
            usage.told.retain(|_, at| now.duration_since(*at) < USED);
            let told = &usage.told;
            let due: Vec<AccountId> =
                usage.waiting.iter().copied().filter(|account| !told.contains_key(account)).collect();
            for account in due {
                usage.waiting.remove(&account);
                usage.tell(account, now);
            }
        }
    }

    /// How often any account was used.
    pub(crate) fn used(&self) -> u64 {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).count
    }

    fn join(&self, workspace: WorkspaceId) -> Option<Receiver<Arc<Activity>>> {
        let feeds = self.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        feeds.get(&workspace).map(Sender::subscribe)
    }

    /// Joins the feed somebody else has opened meanwhile, or runs this one.
    fn open(&self, workspace: WorkspaceId, feed: Feed) -> Receiver<Arc<Activity>> {
        let mut feeds = self.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        match feeds.entry(workspace) {
            Entry::Occupied(open) => open.get().subscribe(),
            Entry::Vacant(place) => {
                let (sender, receiver) = broadcast::channel(BACKLOG);
                place.insert(sender.clone());
                tokio::spawn(feed.run(sender));
                receiver
            }
        }
    }

    /// Forgets a feed nobody watches; under the lock, so that nobody joins it meanwhile.
    fn close_unwatched(&self, workspace: WorkspaceId, sender: &Sender<Arc<Activity>>) -> bool {
        let mut feeds = self.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        let unwatched = sender.receiver_count() == 0;
        if unwatched {
            feeds.remove(&workspace);
        }
        unwatched
    }
}

impl Usage {
    fn tell(&mut self, account: AccountId, now: jiff::Timestamp) {
        self.told.insert(account, now);
        // Fails only when nobody watches any more.
        self.sender.send(account).ok();
    }
}

/// Reads the log of one workspace.
struct Feed {
    app: App,
    workspace: WorkspaceId,
    /// Entries told, and when they happened: those not older than [`OVERLAP`].
    told: BTreeMap<ActivityId, Timestamp>,
    /// The newest of them, or when the feed began.
    newest: Timestamp,
    /// When the whole of [`OVERLAP`] was looked at last.
    looked: Option<Instant>,
}

impl Feed {
    fn new(app: &App, workspace: WorkspaceId) -> Self {
        Self { app: app.clone(), workspace, told: BTreeMap::new(), newest: app.now(), looked: None }
    }

    async fn run(mut self, sender: Sender<Arc<Activity>>) {
        let mut news = self.app.db.news();
        // What was committed between the first look and now counts as news.
        news.mark_changed();
        loop {
            // Fails only when the database's own end is gone, which this holds.
            tokio::time::timeout(LOOK, news.changed()).await.ok();
            if self.app.live.close_unwatched(self.workspace, &sender) {
                return;
            }
            match self.fresh().await {
                Ok(entries) => {
                    for entry in entries.into_iter().filter(is_for_all) {
                        // Fails only when nobody watches any more.
                        sender.send(Arc::new(entry)).ok();
                    }
                }
                Err(error) => tracing::warn!(%error, "the activity log cannot be watched"),
            }
        }
    }

    /// Entries not told yet.
    async fn fresh(&mut self) -> Result<Vec<Activity>, AppError> {
        // What this process has committed since is hardly older than the newest; the rest is looked for once in a while.
        let overlap = if self.looked.is_some_and(|at| at.elapsed() < LOOK) { RECENT } else { OVERLAP };
        if overlap == OVERLAP {
            self.looked = Some(Instant::now());
        }
        let mut tx = self.app.db.read().await?;
        let mut entries =
            activity::since(&mut tx, self.workspace, before(self.newest, overlap), MOST).await?;
        let mut last = entries.len();
        // With many at once, those that were told already may be all that was read.
        while last == MOST as usize
            && let Some(end) = entries.last()
        {
            let more = activity::after(&mut tx, self.workspace, end.id, MOST).await?;
            last = more.len();
            entries.extend(more);
        }
        drop(tx);
        entries.retain(|entry| !self.told.contains_key(&entry.id));
        for entry in &entries {
            self.told.insert(entry.id, entry.at);
            self.newest = self.newest.max(entry.at);
        }
        let from = before(self.newest, OVERLAP);
        self.told.retain(|_, at| *at >= from);
        Ok(entries)
    }
}

fn before(at: Timestamp, by: SignedDuration) -> Timestamp {
    jiff::Timestamp::try_from(at).ok().and_then(|at| at.checked_sub(by).ok()).map_or(at, Timestamp::from)
}
