//! How an onboarding ends: with what outcome, and what the clocks showed then.

use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Action;
use gangway_domain::transition::{Ending, is_done};
use gangway_store::transition::closing as rows;
use gangway_store::{Tx, transition, work as plans};

use super::{Closing, facts, lesson};
use crate::boxed;
use crate::error::AppError;
use crate::onboarding::{self, Step};
use crate::register::onboarding as head;
use crate::{Actor, App, work};

/// Ends an onboarding, when it is still at the version it was looked at, if that is given. Successful needs the
/// definition of done; what is missing of it, or why it stops, must be said otherwise. Lessons that suggest something
/// go into the improvement log of the programme. Returns the version it has now.
///
/// # Errors
/// [`AppError::Refusal`] when it is to be successful and something is missing, [`AppError::Transition`] when its state
/// does not allow it, [`AppError::Invalid`] without a reason where there must be one, [`AppError::Stale`],
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn close(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    ending: Ending,
    said: &str,
    version: Option<i64>,
) -> Result<i64, AppError> {
    actor.require(Action::RunOnboarding)?;
    if ending == Ending::Successful {
        let plan = work::sight(app, actor, id).await?.stored.plan;
        let mut tx = app.db.read().await?;
        let promises = match transition::get(&mut tx, actor.workspace, id).await? {
            Some(known) => known.promises,
            None => facts::promises(&mut tx, actor, id).await?,
        };
        let done = facts::done(&mut tx, actor, id, &plan, &promises).await?;
        if !is_done(&done) {
            let missing: Vec<&str> =
                done.iter().filter(|line| !line.met).map(|line| line.text.as_str()).collect();
            return Err(AppError::Refusal(format!(
                "the definition of done is not met: {}",
                missing.join("; ")
            )));
        }
    }
    onboarding::take(app, actor, id, Step::End { ending, said: said.to_owned() }, version).await
}

/// Keeps how an onboarding ends, in the transaction in which it does.
pub(crate) async fn keep_closing(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    ending: Ending,
    said: String,
) -> Result<(), AppError> {
    let head = head(tx, actor, id).await?;
    let plan = plans::get(tx, actor.workspace, id).await?.map(|stored| stored.plan);
    let moments = facts::moments(app, tx, actor, &head, plan.as_ref()).await?;
    let closing = Closing { ending, said, moments, closed_by: actor.name.clone(), closed_at: app.now() };
    rows::insert(tx, actor.workspace, id, &closing).await?;
    lesson::feed(app, tx, actor, &head).await
}
