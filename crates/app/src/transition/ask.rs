//! Asking somebody to take a customer over, and what they answer.

use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Action;
use gangway_domain::portal::Language;
use gangway_domain::transition::is_done;
use gangway_store::onboarding::{self as onboardings, head::Head};
use gangway_store::{Tx, membership, workspace};

use super::{Transition, facts, fresh, keep};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::mail::{self, Letter, verbatim};
use crate::register::{needed_prose, onboarding, record};
use crate::{Actor, App, work};

/// Asks whoever was chosen to take over, by mail. Without the definition of done it needs a reason.
///
/// # Errors
/// [`AppError::Invalid`] when nobody is chosen, the summary or the first 90 days are missing, or `despite` is empty
/// though the definition of done is not met; [`AppError::Refusal`] when somebody was asked; otherwise as [`super::change`].
#[boxed]
pub async fn propose(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    despite: &str,
) -> Result<Transition, AppError> {
    actor.require(Action::RunOnboarding)?;
    let plan = work::sight(app, actor, id).await?.stored.plan;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    let done = facts::done(&mut tx, actor, id, &plan, &known.promises).await?;
    let mut problems = Vec::new();
    let is_done = is_done(&done);
    let despite = (!is_done).then(|| needed_prose("despite", despite, &mut problems));
    let csm = match known.csm {
        Some(person) => membership::get(&mut tx, actor.workspace, person).await?,
        None => None,
    };
    if csm.is_none() {
        problems.push(Problem::new("csm", "is missing"));
    }
    if known.summary.is_none() {
        problems.push(Problem::new("summary", "is missing"));
    }
    if known.steps.is_empty() {
        problems.push(Problem::new("steps", "are missing"));
    }
    none_of(problems)?;
    let state = known.state.clone().propose(actor.name.clone(), app.clock.now(), despite.clone());
    let wanted = Transition { state: state.map_err(AppError::refused)?, ..known };
    let kept = keep(&mut tx, actor, wanted).await?;
    if let Some(csm) = csm
        && actor.person != Some(csm.person)
    {
        let mut text = format!(
            "{} asks you to take over {}. The summary, the promises and the first 90 days are ready to read.",
            verbatim(&actor.name),
            verbatim(&head.customer)
        );
        if let Some(why) = &despite {
            text.push_str(&format!("\n\nNot everything is done yet: {}", verbatim(why)));
        }
        let subject = format!("Take over {}", head.customer);
        tell(app, &mut tx, actor, &head, &csm.email, subject, text).await?;
    }
    let summary = match (&kept.csm_name, despite) {
        (Some(name), Some(why)) => format!("Asked {name} to take over, though not everything is done: {why}"),
        (Some(name), None) => format!("Asked {name} to take over"),
        (None, _) => "Asked somebody to take over".to_owned(),
    };
    record(app, &mut tx, actor, &head, "transition.proposed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Whoever was asked takes over: the onboarding is theirs.
///
/// # Errors
/// [`AppError::Refusal`] for everybody else, or when nobody was asked; otherwise as [`super::change`].
#[boxed]
pub async fn accept(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
) -> Result<Transition, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    asked(actor, &known)?;
    let by = known.csm_name.clone().unwrap_or_else(|| actor.name.clone());
    let state = known.state.clone().accept(by, app.clock.now()).map_err(AppError::refused)?;
    let kept = keep(&mut tx, actor, Transition { state, ..known }).await?;
    onboardings::assign(&mut tx, actor.workspace, id, kept.csm).await?;
    let summary = "Took over the customer from onboarding".to_owned();
    record(app, &mut tx, actor, &head, "transition.accepted", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Whoever was asked says what is missing; whoever runs the onboarding is told by mail.
///
/// # Errors
/// [`AppError::Invalid`] without a reason, [`AppError::Refusal`] for everybody who was not asked; otherwise as
/// [`super::change`].
#[boxed]
pub async fn hand_back(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    reason: &str,
) -> Result<Transition, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let reason = needed_prose("reason", reason, &mut problems);
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    asked(actor, &known)?;
    let by = known.csm_name.clone().unwrap_or_else(|| actor.name.clone());
    let state =
        known.state.clone().hand_back(by, app.clock.now(), reason.clone()).map_err(AppError::refused)?;
    let kept = keep(&mut tx, actor, Transition { state, ..known }).await?;
    if let Some((owner, _)) = onboardings::owner(&mut tx, actor.workspace, id).await?
        && actor.person != Some(owner)
        && let Some(member) = membership::get(&mut tx, actor.workspace, owner).await?
    {
        let text = format!(
            "{} cannot take over {} yet:\n\n{}",
            verbatim(&actor.name),
            verbatim(&head.customer),
            verbatim(&reason)
        );
        let subject = format!("Something is missing in the handover of {}", head.customer);
        tell(app, &mut tx, actor, &head, &member.email, subject, text).await?;
    }
    let summary = format!("Handed the handover back: {reason}");
    record(app, &mut tx, actor, &head, "transition.handed_back", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// A mail to a colleague with the way to the handover.
async fn tell(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    to: &str,
    subject: String,
    text: String,
) -> Result<(), AppError> {
    let vendor = workspace::get(tx, actor.workspace).await?.map_or_else(String::new, |place| place.name);
    let address = app.link(&format!("/onboardings/{}/transition", head.id));
    let action = Some(("Open the handover".to_owned(), address));
    let letter = Letter { to: to.to_owned(), subject, text, action, vendor, language: Language::En };
    mail::send(app, tx, actor.workspace, &letter).await
}

/// Lets pass whoever was asked to take over, and whoever runs Gangway from a shell.
fn asked(actor: &Actor, known: &Transition) -> Result<(), AppError> {
    if actor.person.is_none_or(|person| known.csm == Some(person)) {
        return Ok(());
    }
    let who = known.csm_name.as_deref().unwrap_or("whoever is asked to take over");
    Err(AppError::Refusal(format!("only {who} can say that")))
}
