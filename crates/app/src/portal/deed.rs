//! Links in mail that do one thing: whoever holds one says that a task is done, without opening the portal.

use gangway_domain::ids::TaskId;
use gangway_store::portal::link::{Does, Link};
use gangway_store::{Tx, portal};
use jiff::SignedDuration;

use super::enter::{guest_of, later, looks};
use super::task::{self, TaskPage};
use super::{Access, Setting};
use crate::boxed;
use crate::error::AppError;
use crate::identity::Secret;
use crate::{Actor, App};

/// How long such a link works.
const VALID: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What stands behind a link that does one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Whose it is.
    pub name: String,
    /// Who runs the onboarding, as customers know them.
    pub vendor: String,
    /// How the portal looks.
    pub setting: Setting,
    /// The guest as an actor.
    pub actor: Actor,
    /// The task.
    pub task: TaskPage,
}

/// Makes such a link; its row is written in the transaction that mails it.
pub(super) fn draft(app: &App, access: &Access, task: TaskId) -> (Secret, Link) {
    let secret = Secret::fresh(&*app.secrets);
    let row = Link {
        workspace: access.workspace,
        digest: secret.digest(),
        does: Does::Task(access.id, task),
        onboarding: access.onboarding,
        made_by: access.made_by.clone(),
        made_at: app.now(),
        expires_at: later(app, VALID),
        ended_at: None,
    };
    (secret, row)
}

/// What stands behind a link. Looking does nothing: mail scanners look too.
///
/// # Errors
/// [`AppError::LinkEnded`] when it is too old, the task was opened again since, or access ran out, was given anew or
/// taken away; [`AppError::NotFound`] when the task is theirs no more; or when the database fails.
#[boxed]
pub async fn deed(app: &App, secret: &Secret) -> Result<Deed, AppError> {
    let mut tx = app.db.read().await?;
    let (access, id) = held(app, &mut tx, secret).await?;
    let guest = guest_of(&access, false);
    let (vendor, setting) = looks(&mut tx, &access).await?;
    let page = task::page(app, &mut tx, &guest, id).await?;
    Ok(Deed { actor: Actor::guest(&access.name, guest), name: access.name, vendor, setting, task: page })
}

async fn held(app: &App, tx: &mut Tx, secret: &Secret) -> Result<(Access, TaskId), AppError> {
    let row = super::share::working(app, tx, secret).await?;
    let Does::Task(access, task) = row.does else { return Err(AppError::LinkEnded) };
    let access = portal::get(tx, row.workspace, access).await?;
    // What was mailed before they were invited anew ended with the invitation before.
    let holds = |access: &Access| {
        access.revoked_at.is_none() && access.expires_at > app.now() && row.made_at >= access.made_at
    };
    Ok((access.filter(holds).ok_or(AppError::LinkEnded)?, task))
}

/// Says that the task is done; the answer is no when it was done already.
///
/// # Errors
/// As [`deed`] and [`task::finish`](super::finish).
#[boxed]
pub async fn do_deed(app: &App, secret: &Secret) -> Result<bool, AppError> {
    let mut tx = app.db.read().await?;
    let (access, id) = held(app, &mut tx, secret).await?;
    drop(tx);
    let actor = Actor::guest(&access.name, guest_of(&access, false));
    task::finish(app, &actor, id).await
}
