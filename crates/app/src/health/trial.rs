//! Trying things out: what the score would be if facts were others, and what another model would have said.

use gangway_domain::health::{self as domain, Assessment, Model, Moment, WhatIf};
use gangway_domain::ids::OnboardingId;
use gangway_domain::methodology::HealthModel;
use gangway_domain::permission::Action;
use gangway_domain::rule::{Facts, Schema, Sheet};
use gangway_store::Tx;
use gangway_store::health::{self as rows, Judged, known, overridden};
use gangway_store::onboarding::head::Head;
use gangway_store::signal as signals;
use jiff::civil::Date;

use super::{compiled, facts, kept, otherwise};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::register::onboarding;
use crate::{Actor, App};

/// Changes of health that are looked back on.
const REPLAYED: u32 = 400;

/// Longest text of a model, in bytes.
const LONGEST: usize = 100_000;

/// What is known of an onboarding now, as rules see it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn facts_now(app: &App, actor: &Actor, id: OnboardingId) -> Result<Facts, AppError> {
    actor.require(Action::Look)?;
    Ok(now(app, actor, id).await?.1.facts)
}

/// An onboarding as it is at this moment.
pub(super) async fn now(app: &App, actor: &Actor, id: OnboardingId) -> Result<(Head, Moment), AppError> {
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let today = app.today();
    let Some(ground) = known::ground(&mut tx, actor.workspace, id).await? else {
        return Err(AppError::missing("onboarding", id));
    };
    let facts = Box::pin(facts::of_one(app, &mut tx, actor.workspace, id, ground)).await?;
    let said = overridden::current(&mut tx, actor.workspace, id, today).await?;
    let open = signals::open_of(&mut tx, actor.workspace, id).await?;
    let before = rows::get(&mut tx, actor.workspace, id).await?;
    let moment = Moment {
        day: today,
        facts: with_score(facts, before.as_ref()),
        signals: kept::open(&open),
        by_hand: kept::said(said.as_ref(), today),
    };
    Ok((head, moment))
}

/// The facts with those of the score as it was found last.
fn with_score(mut facts: Facts, before: Option<&Judged>) -> Facts {
    let last = before.map(|before| kept::facts_of(&before.facts)).unwrap_or_default();
    if let Some(of_health) = last.0.get("health") {
        facts.0.insert("health", of_health.clone());
    }
    facts
}

/// What the score would be if facts were others: each named, with what it would say, and taken away with nothing. Signals
/// that would be raised count as open.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] for a fact there is none of or a value it
/// cannot have, [`AppError::Refusal`] when the onboarding was closed or no model is for such a one; or when the database
/// fails.
#[boxed]
pub async fn what_if(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    changes: &[(String, String)],
) -> Result<WhatIf, AppError> {
    Ok(otherwise::try_out(app, actor, id, changes).await?.found)
}

pub(super) fn no_model() -> AppError {
    AppError::Refusal("no model of health is for such an onboarding".to_owned())
}

/// A day as it was judged, and as models judge it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub on: Date,
    /// What was found then.
    pub was: Option<u32>,
    /// The status then.
    pub status: String,
    /// What the model in force says of it.
    pub in_force: Assessment,
    /// What the other model says of it, where there is one.
    pub other: Option<Assessment>,
}

/// Models over the history of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// The model in force: name and version.
    pub in_force: String,
    /// The other one.
    pub other: Option<String>,
    /// Days on which something changed, the oldest first.
    pub days: Vec<Day>,
}

/// What the model in force, and another one given as TOML, say of every day on which the health of an onboarding
/// changed. Nothing is kept.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when the other model cannot be read,
/// [`AppError::Refusal`] when no model is for such an onboarding; or when the database fails.
#[boxed]
pub async fn replay(app: &App, actor: &Actor, id: OnboardingId, other: &str) -> Result<Replay, AppError> {
    actor.require(Action::Look)?;
    let other = if other.trim().is_empty() { None } else { Some(model(other)?) };
    let mut tx = app.db.read().await?;
    let changes = history(&mut tx, actor, id).await?;
    drop(tx);
    let schema = Schema::run();
    let moments: Vec<Moment> = changes.iter().map(kept::moment).collect();
    let engine = compiled(app)?;
    let last = moments.last().map(|moment| Sheet::new(schema, &moment.facts));
    let in_force = match &last {
        Some(sheet) => engine.models.select(sheet),
        None => engine.models.iter().next(),
    };
    let in_force = in_force.ok_or_else(no_model)?;
    let models: Vec<&Model> = std::iter::once(in_force).chain(other.as_ref()).collect();
    let replayed = domain::replay(&models, &moments, schema);
    let day = |(judged, replayed): (&Judged, domain::Replayed)| {
        let mut said = replayed.assessments.into_iter();
        Some(Day {
            on: judged.on,
            was: judged.score.and_then(|score| u32::try_from(score).ok()),
            status: judged.status.clone(),
            in_force: said.next()?,
            other: said.next(),
        })
    };
    let name = |model: &Model| format!("{} {}", model.name(), model.version());
    Ok(Replay {
        in_force: name(in_force),
        other: other.as_ref().map(name),
        days: changes.iter().zip(replayed).filter_map(day).collect(),
    })
}

/// Changes of health, the oldest first.
async fn history(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<Vec<Judged>, AppError> {
    onboarding(tx, actor, id).await?;
    let mut changes = rows::changes(tx, actor.workspace, id, None, REPLAYED).await?;
    changes.reverse();
    Ok(changes)
}

/// A model somebody wrote.
pub(super) fn model(text: &str) -> Result<Model, AppError> {
    let invalid = |message: String| AppError::Invalid(vec![Problem::new("model", message)]);
    if text.len() > LONGEST {
        return Err(invalid(format!("is longer than {LONGEST} bytes")));
    }
    let read: HealthModel =
        toml::from_str(text).map_err(|error| invalid(format!("cannot be read: {error}")))?;
    Model::compile(&read, Schema::run()).map_err(|errors| {
        let told: Vec<String> = errors.iter().map(|one| format!("{}: {}", one.at, one.message)).collect();
        invalid(format!("cannot be used: {}", told.join("; ")))
    })
}
