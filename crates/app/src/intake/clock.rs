//! Response clocks of a handoff: what is due when, and what a person has done.

use gangway_domain::deal::Deal;
use gangway_domain::handoff;
use gangway_domain::ids::HandoffId;
use gangway_domain::methodology::Methodology;
use gangway_domain::package::Clock;
use gangway_domain::permission::Action;
use gangway_store::review::{self, Stopped};
use jiff::civil::Date;

use super::{Loaded, load};
use crate::activity::{self, About};
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// A response clock of a handoff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseClock {
    /// What is due, when, and who answers for it.
    pub clock: Clock,
    /// Who did it and when.
    pub done: Option<Stopped>,
    /// It is past due and not done.
    pub overdue: bool,
}

pub(super) fn of(
    deal: &Deal,
    methodology: &Methodology,
    stopped: Vec<Stopped>,
    today: Date,
) -> Vec<ResponseClock> {
    let clocks = handoff::clocks(deal, &methodology.handoff, today);
    clocks
        .into_iter()
        .map(|clock| {
            let done = stopped.iter().find(|stopped| stopped.clock == clock.id).cloned();
            ResponseClock { overdue: clock.overdue && done.is_none(), done, clock }
        })
        .collect()
}

/// The clocks of a handoff that have been stopped.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn stopped(app: &App, actor: &Actor, id: HandoffId) -> Result<Vec<Stopped>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    Ok(review::clocks(&mut tx, actor.workspace, id).await?)
}

/// What a clock waits for is done. Doing it twice does it once.
///
/// # Errors
/// [`AppError::NotFound`] without such a handoff or clock; or when the database fails.
#[boxed]
pub async fn stop(app: &App, actor: &Actor, id: HandoffId, clock: &str) -> Result<(), AppError> {
    act(app, actor, id, clock, true).await
}

/// It is not done after all.
///
/// # Errors
/// As [`stop`].
#[boxed]
pub async fn restart(app: &App, actor: &Actor, id: HandoffId, clock: &str) -> Result<(), AppError> {
    act(app, actor, id, clock, false).await
}

async fn act(app: &App, actor: &Actor, id: HandoffId, clock: &str, done: bool) -> Result<(), AppError> {
    actor.require(Action::HandOver)?;
    let rules = &app.methodology.handoff.clocks;
    let rule = rules.iter().find(|rule| rule.id == clock).ok_or_else(|| AppError::missing("clock", clock))?;
    let mut tx = app.db.write().await?;
    let Loaded { handoff, .. } = load(&mut tx, actor, id).await?;
    let (changed, kind, summary) = if done {
        let changed = review::stop(&mut tx, actor.workspace, id, clock, &actor.name, app.now()).await?;
        (changed, "handoff.clock_stopped", format!("Done: {}", rule.name))
    } else {
        let changed = review::restart(&mut tx, actor.workspace, id, clock).await?;
        (changed, "handoff.clock_restarted", format!("Not done after all: {}", rule.name))
    };
    if changed {
        let about = About { account: Some(handoff.account_id), onboarding: None };
        activity::record(app, &mut tx, actor, kind, about, summary).await?;
    }
    tx.commit().await?;
    Ok(())
}
