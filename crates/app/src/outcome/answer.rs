//! What the customer says to an outcome, as the team writes it down: agreed, confirmed, not there yet.

use gangway_domain::ids::OutcomeId;
use gangway_domain::outcome::{Answer, Status};
use gangway_domain::permission::Action;
use gangway_domain::refusal::Barrier;
use gangway_store::Tx;
use gangway_store::onboarding::head::Head;
use jiff::civil::Date;

use super::{Outcome, keep, open};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_name, none_of};
use crate::register::{checked_prose, needed_prose, record};
use crate::{Actor, App};

/// What somebody of the customer said elsewhere than in the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Who said it.
    pub by: String,
    /// In their words; a yes needs none.
    pub words: String,
}

/// Somebody of the customer agreed to an outcome as it stands.
///
/// # Errors
/// [`AppError::Refusal`] when it says not what is measured, or was agreed already; [`AppError::Forbidden`],
/// [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn agree(
    app: &App,
    actor: &Actor,
    id: OutcomeId,
    version: i64,
    by: &str,
) -> Result<Outcome, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let by = checked_name("by", by, &mut problems);
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let kept = agreed(app, &mut tx, actor, &head, known, by).await?;
    tx.commit().await?;
    Ok(kept)
}

/// The same for every door.
pub(super) async fn agreed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    known: Outcome,
    by: String,
) -> Result<Outcome, AppError> {
    if known.agreed.is_some() {
        return Err(AppError::Barred(Barrier::OutcomeAgreed));
    }
    if known.metric.is_empty() {
        return Err(AppError::Barred(Barrier::OutcomeVague));
    }
    let summary = format!("{by} agreed to outcome {}: {}", known.code(), known.goal);
    // Whoever said that they do not want it like this wants it now.
    let answer = known.answer.clone().filter(Answer::is_yes);
    let kept = keep(tx, actor, Outcome { agreed: Some((by, app.now())), answer, ..known }).await?;
    record(app, tx, actor, head, "outcome.agreed", summary).await?;
    Ok(kept)
}

/// Somebody of the customer does not want an outcome as it stands, and says why. They are asked again once its goal or
/// figures have changed, or it was opened again.
pub(super) async fn objected(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    known: Outcome,
    (answer, why): (Answer, &str),
) -> Result<Outcome, AppError> {
    if known.agreed.is_some() {
        return Err(AppError::Barred(Barrier::OutcomeAgreed));
    }
    if known.answer.as_ref().is_some_and(Answer::is_yes) {
        return Err(AppError::Barred(Barrier::OutcomeConfirmed));
    }
    let summary = format!("{} does not agree to outcome {} as it stands: {why}", actor.name, known.code());
    let kept = keep(tx, actor, Outcome { answer: Some(answer), ..known }).await?;
    record(app, tx, actor, head, "outcome.declined", summary).await?;
    Ok(kept)
}

/// Somebody of the customer said that an outcome is there, and the team writes it down.
///
/// # Errors
/// [`AppError::Refusal`] when it is not reached, nothing shows it, or it was confirmed already; otherwise as
/// [`agree`].
#[boxed]
pub async fn confirm(
    app: &App,
    actor: &Actor,
    id: OutcomeId,
    version: i64,
    said: Said,
) -> Result<Outcome, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let by = checked_name("by", &said.by, &mut problems);
    let words = checked_prose("words", &said.words, &mut problems);
    none_of(problems)?;
    let recorded_by = Some(actor.name.clone());
    let answer = Answer::Confirmed { by, contact: None, at: app.clock.now(), words, recorded_by };
    by_team(app, actor, id, version, answer).await
}

/// Somebody of the customer said that an outcome is not there yet.
///
/// # Errors
/// [`AppError::Refusal`] when nothing was measured; otherwise as [`confirm`].
#[boxed]
pub async fn decline(
    app: &App,
    actor: &Actor,
    id: OutcomeId,
    version: i64,
    said: Said,
) -> Result<Outcome, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let by = checked_name("by", &said.by, &mut problems);
    let words = needed_prose("words", &said.words, &mut problems);
    none_of(problems)?;
    let answer = Answer::Declined { by, contact: None, at: app.clock.now(), words };
    by_team(app, actor, id, version, answer).await
}

async fn by_team(
    app: &App,
    actor: &Actor,
    id: OutcomeId,
    version: i64,
    answer: Answer,
) -> Result<Outcome, AppError> {
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    let kept = answered(app, &mut tx, actor, &head, known, answer).await?;
    tx.commit().await?;
    Ok(kept)
}

/// The same for every door.
pub(super) async fn answered(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    known: Outcome,
    answer: Answer,
) -> Result<Outcome, AppError> {
    if known.answer.as_ref().is_some_and(Answer::is_yes) {
        return Err(AppError::Barred(Barrier::OutcomeConfirmed));
    }
    if known.latest.is_none() {
        return Err(AppError::Barred(Barrier::OutcomeUnmeasured));
    }
    let (code, goal) = (known.code(), known.goal.clone());
    let (kind, summary) = match &answer {
        Answer::Confirmed { by, .. } => {
            // Its day does not matter: what comes late has come.
            if known.status(Date::MIN) != Status::Reached {
                return Err(AppError::Barred(Barrier::OutcomeNotReached));
            }
            if !known.evidenced {
                return Err(AppError::Barred(Barrier::OutcomeUnproven));
            }
            ("outcome.confirmed", format!("{by} confirmed outcome {code}: {goal}"))
        }
        Answer::Declined { by, words, .. } => {
            ("outcome.declined", format!("{by} says that outcome {code} is not there yet: {words}"))
        }
    };
    let kept = keep(tx, actor, Outcome { answer: Some(answer), ..known }).await?;
    record(app, tx, actor, head, kind, summary).await?;
    Ok(kept)
}

/// A confirmed outcome is opened again, or a no is settled: the customer is asked anew.
///
/// # Errors
/// [`AppError::Refusal`] when the customer has said nothing; otherwise as [`agree`].
#[boxed]
pub async fn reopen(
    app: &App,
    actor: &Actor,
    id: OutcomeId,
    version: i64,
    reason: &str,
) -> Result<Outcome, AppError> {
    actor.require(Action::RunOnboarding)?;
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() || reason.chars().count() > 500 {
        let wrong = if reason.is_empty() { "is missing" } else { "is longer than 500 characters" };
        return Err(AppError::Invalid(vec![Problem::new("reason", wrong)]));
    }
    let mut tx = app.db.write().await?;
    let (head, known) = open(&mut tx, actor, id, version).await?;
    if known.answer.is_none() {
        return Err(AppError::Refusal("the customer has not said anything to this outcome".to_owned()));
    }
    let summary = format!("Opened outcome {} again: {reason}", known.code());
    let kept = keep(&mut tx, actor, Outcome { answer: None, ..known }).await?;
    record(app, &mut tx, actor, &head, "outcome.reopened", summary).await?;
    tx.commit().await?;
    Ok(kept)
}
