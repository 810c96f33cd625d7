//! Who reports to, works with and influences whom.

use gangway_domain::ids::{ContactId, OnboardingId};
use gangway_domain::people::{Relation, RelationError};
use gangway_domain::permission::Action;
use gangway_store::StoreError;
use gangway_store::onboarding::head::Head;
use gangway_store::people::{self as stakeholders, relation as rows};

use super::Stakeholder;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::register::{onboarding, record};
use crate::{Actor, App};

/// How the people of an onboarding stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relations {
    /// The onboarding.
    pub head: Head,
    /// Its stakeholders by name.
    pub people: Vec<Stakeholder>,
    /// The relations between them.
    pub lines: Vec<Relation>,
}

/// How the people of an onboarding stand to each other.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn relations(app: &App, actor: &Actor, id: OnboardingId) -> Result<Relations, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let people = stakeholders::of_onboarding(&mut tx, actor.workspace, id).await?;
    let lines = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    Ok(Relations { head, people, lines })
}

/// Says how two stakeholders stand to each other.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when one of them is no stakeholder, it is
/// known, or lines of reporting would lead round; or when the database fails.
#[boxed]
pub async fn relate(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    relation: Relation,
) -> Result<Relation, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let people = stakeholders::of_onboarding(&mut tx, actor.workspace, id).await?;
    let missing: Vec<Problem> = [("from", relation.from), ("to", relation.to)]
        .into_iter()
        .filter(|(_, who)| people.iter().all(|one| one.contact != *who))
        .map(|(field, _)| Problem::new(field, "is no stakeholder of this onboarding"))
        .collect();
    if !missing.is_empty() {
        return Err(AppError::Invalid(missing));
    }
    let known = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    relation.fits(&known).map_err(|error| refused(&error, &people))?;
    let made = relation.tidy();
    rows::insert(&mut tx, actor.workspace, id, made).await.map_err(|error| match error {
        StoreError::Conflict(_) => refused(&RelationError::Known, &people),
        other => AppError::Store(other),
    })?;
    record(app, &mut tx, actor, &head, "people.related", in_words(made, &people)).await?;
    tx.commit().await?;
    Ok(made)
}

/// A reason against a relation, with the names of a circle.
fn refused(error: &RelationError, people: &[Stakeholder]) -> AppError {
    let field = if matches!(error, RelationError::SecondLine) { "from" } else { "to" };
    let said = match error {
        RelationError::Circle(way) => {
            let names: Vec<&str> = way.iter().chain(way.first()).map(|who| name(*who, people)).collect();
            format!("cannot be: the lines of reporting would lead round ({})", names.join(" → "))
        }
        other => format!("cannot be: {other}"),
    };
    AppError::Invalid(vec![Problem::new(field, said)])
}

fn name(who: ContactId, people: &[Stakeholder]) -> &str {
    people.iter().find(|one| one.contact == who).map_or("somebody", |one| one.name.as_str())
}

fn in_words(relation: Relation, people: &[Stakeholder]) -> String {
    let Relation { from, kind, to } = relation;
    format!("{} {} {}", name(from, people), kind.label(), name(to, people))
}

/// Takes back how two stakeholders stand to each other.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when it was not known; or when the database fails.
#[boxed]
pub async fn unrelate(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    relation: Relation,
) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let people = stakeholders::of_onboarding(&mut tx, actor.workspace, id).await?;
    let gone = relation.tidy();
    if !rows::delete(&mut tx, actor.workspace, id, gone).await? {
        return Err(AppError::missing("relation", gone.from));
    }
    let summary = format!("No longer: {}", in_words(gone, &people));
    record(app, &mut tx, actor, &head, "people.unrelated", summary).await?;
    tx.commit().await?;
    Ok(())
}
