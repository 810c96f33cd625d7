//! Rollback triggers: set off by what was seen or by somebody, decided, told, reviewed.

use gangway_domain::ids::{LaunchId, OnboardingId};
use gangway_domain::launch::{Seen, Signal, SignalKind, SignalState, alarms};
use gangway_domain::permission::Action;
use gangway_domain::portal::Language;
use gangway_store::launch::{self as rows, Record};
use gangway_store::onboarding::head::Head;
use gangway_store::{Tx, onboarding as onboardings, workspace};

use super::{add, fresh, keep};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::mail::{self, Letter, verbatim};
use crate::register::{needed_prose, onboarding, record};
use crate::{Actor, App};

/// Somebody raises a trigger of the methodology, by its words.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when there is no such trigger or nothing was
/// seen; or when the database fails.
#[boxed]
pub async fn raise(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    trigger: &str,
    observed: &str,
) -> Result<Record<Signal>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let rules = &app.methodology.golive;
    let mut problems = Vec::new();
    let observed = needed_prose("observed", observed, &mut problems);
    let known = |list: &[String]| list.iter().any(|known| known == trigger);
    let kind = if known(&rules.rollback_automatic) {
        SignalKind::Automatic
    } else {
        if !known(&rules.rollback_evaluate) {
            problems.push(Problem::new("trigger", "is none of those there are"));
        }
        SignalKind::Evaluate
    };
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let made = raise_with(app, &mut tx, actor, id, kind, trigger.to_owned(), observed).await?;
    tx.commit().await?;
    Ok(made)
}

async fn raise_with(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    kind: SignalKind,
    trigger: String,
    observed: String,
) -> Result<Record<Signal>, AppError> {
    let head = onboarding(tx, actor, id).await?;
    let (by, at) = (actor.name.clone(), app.clock.now());
    let summary = format!("Rollback trigger ({}): {trigger}. Seen: {observed}", kind.label().to_lowercase());
    let body = Signal { kind, trigger, observed, by, at, state: SignalState::Raised };
    let made = add(app, tx, actor, id, body).await?;
    record(app, tx, actor, &head, "rollback.triggered", summary).await?;
    tell(app, tx, actor, &head, &made.body).await?;
    Ok(made)
}

/// Tells whoever runs the onboarding by mail (the address for help where nobody does), unless it is they who set it off
/// themselves: monitoring may speak with a token of theirs.
async fn tell(app: &App, tx: &mut Tx, actor: &Actor, head: &Head, signal: &Signal) -> Result<(), AppError> {
    let owner = onboardings::owner(tx, actor.workspace, head.id).await?.map(|(owner, _)| owner);
    if owner.is_some() && owner == actor.person && actor.until().is_none() {
        return Ok(());
    }
    let Some(to) = mail::answered_by(tx, actor.workspace, head.id).await? else { return Ok(()) };
    let vendor = workspace::get(tx, actor.workspace).await?.map(|known| known.name).unwrap_or_default();
    let follows = match signal.kind {
        SignalKind::Automatic => {
            "This rolls the go-live back at once. Waves and messages wait until somebody decides."
        }
        SignalKind::Evaluate => "Decide whether to roll the go-live back.",
    };
    let text = format!(
        "A rollback trigger of {} was set off by {}: {}\n\nSeen: {}\n\n{follows}",
        verbatim(&head.customer),
        verbatim(&signal.by),
        verbatim(&signal.trigger),
        verbatim(&signal.observed)
    );
    let link = app.link(&format!("/onboardings/{}/go-live/rollback", head.id));
    let letter = Letter {
        to,
        subject: format!("{}: {} ({})", head.customer, signal.kind.label(), signal.trigger),
        text,
        action: Some(("Decide".to_owned(), link)),
        vendor,
        language: Language::En,
    };
    mail::send(app, tx, actor.workspace, &letter).await
}

/// Monitoring or somebody tells what was seen: every trigger whose rule holds and that nobody decides on already is
/// set off.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn observe(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    seen: Seen,
) -> Result<Vec<Record<Signal>>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    for (field, value) in
        [("availability_percent", seen.availability_percent), ("failing_percent", seen.failing_percent)]
    {
        if value.is_some_and(|value| !(0..=100).contains(&value)) {
            problems.push(Problem::new(field, "is between 0 and 100"));
        }
    }
    if seen.minutes.is_some_and(|minutes| minutes < 0) {
        problems.push(Problem::new("minutes", "is below 0"));
    }
    if seen == Seen::default() {
        problems.push(Problem::new("availability_percent", "is missing: say what was seen"));
    }
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    onboarding(&mut tx, actor, id).await?;
    let known: Vec<Record<Signal>> = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    let mut made = Vec::new();
    for (kind, trigger) in alarms(&app.methodology.golive, seen) {
        let raised =
            |one: &Record<Signal>| one.body.trigger == trigger && one.body.state == SignalState::Raised;
        if known.iter().any(raised) {
            continue;
        }
        made.push(raise_with(app, &mut tx, actor, id, kind, trigger, words(seen)).await?);
    }
    tx.commit().await?;
    Ok(made)
}

/// What was seen, in words.
fn words(seen: Seen) -> String {
    let Seen { availability_percent, minutes, failing_percent } = seen;
    let mut parts = Vec::new();
    if let Some(percent) = availability_percent {
        parts.push(format!("availability {percent} %"));
    }
    if let Some(minutes) = minutes {
        parts.push(format!("for {minutes} minutes"));
    }
    if let Some(percent) = failing_percent {
        parts.push(format!("{percent} % of users cannot complete the core workflow"));
    }
    parts.join(", ")
}

/// A step with a trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignalStep {
    /// It stays live, for this reason.
    Keep(String),
    /// It is rolled back, for this reason.
    RollBack(String),
    /// People were told.
    Told,
    /// The review, held without blame, found this.
    Review(String),
}

/// Takes a step with a trigger that is still what it was when it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] without a reason, [`AppError::Stale`],
/// [`AppError::Refusal`] when its state does not allow it; or when the database fails.
#[boxed]
pub async fn take(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    version: i64,
    step: SignalStep,
) -> Result<Record<Signal>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let step = match step {
        SignalStep::Keep(text) => SignalStep::Keep(needed_prose("text", &text, &mut problems)),
        SignalStep::RollBack(text) => SignalStep::RollBack(needed_prose("text", &text, &mut problems)),
        SignalStep::Review(text) => SignalStep::Review(needed_prose("text", &text, &mut problems)),
        SignalStep::Told => SignalStep::Told,
    };
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let known: Record<Signal> = fresh(&mut tx, actor, id, version).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let (by, now, signal) = (actor.name.clone(), app.clock.now(), known.body.clone());
    let (taken, kind, summary) = match step {
        SignalStep::Keep(reason) => {
            let summary = format!("Stayed live: {reason}");
            (signal.keep(reason, by, now), "rollback.decided", summary)
        }
        SignalStep::RollBack(reason) => {
            let summary = format!("Rolled back: {reason}");
            (signal.roll_back(reason, by, now, &app.methodology.golive), "rollback.decided", summary)
        }
        SignalStep::Told => (signal.tell(now), "rollback.told", "Told people of the rollback".to_owned()),
        SignalStep::Review(found) => {
            let summary = format!("Reviewed the rollback: {found}");
            (signal.review(found), "rollback.reviewed", summary)
        }
    };
    let body = taken.map_err(AppError::refused)?;
    let kept = keep(&mut tx, actor, Record { body, ..known }).await?;
    record(app, &mut tx, actor, &head, kind, summary).await?;
    tx.commit().await?;
    Ok(kept)
}
