//! What happens in a workspace, told to whoever watches, as soon as it is committed.
//!
//! One task per watched workspace reads the activity log: at once when this process has committed
//! something, and every [`LOOK`] for what other processes did.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gangway_domain::ids::{ActivityId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_store::Timestamp;
use gangway_store::activity::{self, Activity};
use jiff::SignedDuration;
use tokio::sync::broadcast::{self, Receiver, Sender};

use crate::error::AppError;
use crate::{Actor, App};

/// How long what another process did may go unseen.
const LOOK: Duration = Duration::from_secs(1);

/// A transaction that began earlier may be committed later, and so may one of a process whose clock is
/// behind: entries this much older than the newest are looked for again.
const OVERLAP: SignedDuration = SignedDuration::from_secs(10);

/// Entries told at once; who has missed more should read everything again.
const MOST: u32 = 500;

/// Entries a slow watcher may lag behind before it is told that it missed some.
const BACKLOG: usize = 256;

/// The workspaces somebody watches.
#[derive(Debug, Default)]
pub struct Live(Mutex<BTreeMap<WorkspaceId, Sender<Arc<Activity>>>>);

/// Deeds of the actor's workspace from now on. Only those about an account or an onboarding: whoever may look
/// at these sees the same on their pages.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
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
    fn join(&self, workspace: WorkspaceId) -> Option<Receiver<Arc<Activity>>> {
        let feeds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        feeds.get(&workspace).map(Sender::subscribe)
    }

    /// Joins the feed somebody else has opened meanwhile, or runs this one.
    fn open(&self, workspace: WorkspaceId, feed: Feed) -> Receiver<Arc<Activity>> {
        let mut feeds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
        let mut feeds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let unwatched = sender.receiver_count() == 0;
        if unwatched {
            feeds.remove(&workspace);
        }
        unwatched
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
}

impl Feed {
    fn new(app: &App, workspace: WorkspaceId) -> Self {
        Self { app: app.clone(), workspace, told: BTreeMap::new(), newest: app.now() }
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
        let from = before(self.newest);
        let mut tx = self.app.db.read().await?;
        let mut entries = activity::since(&mut tx, self.workspace, from, MOST).await?;
        drop(tx);
        entries.retain(|entry| !self.told.contains_key(&entry.id));
        for entry in &entries {
            self.told.insert(entry.id, entry.at);
            self.newest = self.newest.max(entry.at);
        }
        let from = before(self.newest);
        self.told.retain(|_, at| *at >= from);
        Ok(entries)
    }
}

fn before(at: Timestamp) -> Timestamp {
    jiff::Timestamp::try_from(at).ok().and_then(|at| at.checked_sub(OVERLAP).ok()).map_or(at, Timestamp::from)
}
