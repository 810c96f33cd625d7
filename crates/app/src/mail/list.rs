//! Who wants no more mail, what came back, what waits: for the team, and for readers through the link in each mail.

use gangway_domain::form::is_address;
use gangway_domain::ids::WorkspaceId;
use gangway_domain::permission::Action;
use gangway_store::{Tx, mail as rows, workspace};

use super::link;
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App, Door};

pub use gangway_store::mail::{Bounce, Suppression};

/// What links off the list are sealed for.
pub(super) const PLACE: &str = "unsubscribe";

/// Entries of the lists.
const LISTED: u32 = 500;

/// How mail goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Addresses that get no mail nobody asked for, the latest first.
    pub suppressions: Vec<Suppression>,
    /// Mails that were refused for good, the latest first.
    pub bounces: Vec<Bounce>,
    /// Mails that wait to be sent.
    pub waiting: i64,
}

/// How mail of the actor's workspace goes.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn standing(app: &App, actor: &Actor) -> Result<Standing, AppError> {
    actor.require(Action::ManageWorkspace)?;
    let mut tx = app.db.read().await?;
    Ok(Standing {
        suppressions: rows::suppressions(&mut tx, actor.workspace, LISTED).await?,
        bounces: rows::bounces(&mut tx, actor.workspace, LISTED).await?,
        waiting: rows::waiting(&mut tx, actor.workspace).await?,
    })
}

/// Sends an address no more mail nobody asked for.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn suppress(app: &App, actor: &Actor, address: &str) -> Result<(), AppError> {
    actor.require(Action::ManageWorkspace)?;
    let address = address.trim().to_lowercase();
    if !is_address(&address) {
        return Err(AppError::Invalid(vec![Problem::new("address", "must be a mail address")]));
    }
    let mut tx = app.db.write().await?;
    put(app, &mut tx, actor, address, "asked").await?;
    tx.commit().await?;
    Ok(())
}

/// Sends an address everything again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn release(app: &App, actor: &Actor, address: &str) -> Result<(), AppError> {
    actor.require(Action::ManageWorkspace)?;
    let address = address.trim().to_lowercase();
    let mut tx = app.db.write().await?;
    if !rows::release(&mut tx, actor.workspace, &address).await? {
        return Err(AppError::missing("suppressed address", address));
    }
    released(app, &mut tx, actor, &address).await?;
    tx.commit().await?;
    Ok(())
}

async fn put(app: &App, tx: &mut Tx, actor: &Actor, address: String, why: &str) -> Result<(), AppError> {
    let one =
        Suppression { address, reason: why.to_owned(), made_by: actor.name.clone(), made_at: app.now() };
    if rows::suppress(tx, actor.workspace, &one).await? {
        let summary = format!("{} gets no more surveys and reminders by mail", one.address);
        activity::record(app, tx, actor, "mail.suppressed", About::default(), summary).await?;
    }
    Ok(())
}

async fn released(app: &App, tx: &mut Tx, actor: &Actor, address: &str) -> Result<(), AppError> {
    let summary = format!("{address} gets surveys and reminders by mail again");
    activity::record(app, tx, actor, "mail.released", About::default(), summary).await
}

/// Whoever holds a link off the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribing {
    /// Whose mail it is.
    pub workspace: WorkspaceId,
    /// The name they send under.
    pub vendor: String,
    /// The address.
    pub address: String,
    /// It gets none already.
    pub off: bool,
    /// It was its reader who said so, and may take it back.
    pub own: bool,
}

/// What a link off the list is for. Looking changes nothing: mail scanners open links too.
///
/// # Errors
/// [`AppError::LinkEnded`] when it is none; or when the database fails.
#[boxed]
pub async fn unsubscribing(app: &App, token: &str) -> Result<Unsubscribing, AppError> {
    let (workspace, address) = holder(app, token)?;
    let mut tx = app.db.read().await?;
    let vendor = workspace::get(&mut tx, workspace).await?.ok_or(AppError::LinkEnded)?.name;
    let why = rows::suppressed(&mut tx, workspace, &address).await?;
    let own = why.as_deref() == Some("unsubscribed");
    Ok(Unsubscribing { workspace, vendor, address, off: why.is_some(), own })
}

/// Takes the holder of a link off the list; once is enough.
///
/// # Errors
/// [`AppError::LinkEnded`]; or when the database fails.
#[boxed]
pub async fn unsubscribe(app: &App, token: &str) -> Result<(), AppError> {
    let holder = unsubscribing(app, token).await?;
    let actor = Actor::system(holder.address.clone(), holder.workspace, Door::Portal);
    let mut tx = app.db.write().await?;
    put(app, &mut tx, &actor, holder.address, "unsubscribed").await?;
    tx.commit().await?;
    Ok(())
}

/// Puts the holder of a link back onto the list, when it was they who left it: an old link does not undo that the address
/// takes no mail, or what the team wrote down.
///
/// # Errors
/// [`AppError::LinkEnded`]; or when the database fails.
#[boxed]
pub async fn subscribe(app: &App, token: &str) -> Result<(), AppError> {
    let holder = unsubscribing(app, token).await?;
    let actor = Actor::system(holder.address.clone(), holder.workspace, Door::Portal);
    let mut tx = app.db.write().await?;
    if rows::rejoin(&mut tx, holder.workspace, &holder.address).await? {
        released(app, &mut tx, &actor, &holder.address).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn holder(app: &App, token: &str) -> Result<(WorkspaceId, String), AppError> {
    let text = link::open(app, PLACE, token).ok_or(AppError::LinkEnded)?;
    let (workspace, address) = text.split_once(' ').ok_or(AppError::LinkEnded)?;
    Ok((workspace.parse().map_err(|_| AppError::LinkEnded)?, address.to_owned()))
}
