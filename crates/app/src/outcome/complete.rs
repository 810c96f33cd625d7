//! The definition of complete of one onboarding: what is there, and what lacks.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::outcome::{Completeness, Status};
use gangway_domain::permission::Action;
use gangway_domain::rule::FactValue;
use gangway_store::onboarding::head::Head;
use gangway_store::outcome::{self as rows, Outcome, plan as plans};
use gangway_store::{Tx, work};
use jiff::civil::Date;

use crate::error::AppError;
use crate::register::onboarding;
use crate::{Actor, App};

/// What of the definition of complete of an onboarding is there, and what lacks.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn completeness(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
) -> Result<(Head, Completeness), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    Ok((head, completeness_in(&mut tx, actor.workspace, id).await?))
}

/// The same in a transaction of whoever has asked for permission.
pub(crate) async fn completeness_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Completeness, AppError> {
    let outcomes = rows::of_onboarding(tx, workspace, id).await?;
    let by = plans::get(tx, workspace, id).await?.and_then(|plan| plan.complete_by);
    let verified = outcomes.iter().filter(|one| one.status(Date::MIN) == Status::Verified).count();
    let stored = work::get(tx, workspace, id).await?;
    Ok(Completeness::of(stored.as_ref().map(|stored| &stored.plan), by, outcomes.len(), verified))
}

/// What the joint impact plan tells the rules of gates: the fact `outcomes`. None before anything was agreed or
/// measured in the product: a person says then whether such a criterion is met.
pub(crate) async fn facts_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<FactValue>, AppError> {
    let outcomes = rows::of_onboarding(tx, workspace, id).await?;
    let is_worked = |one: &Outcome| one.agreed.is_some() || one.latest.is_some();
    if !outcomes.iter().any(is_worked) {
        return Ok(None);
    }
    let count = |keep: &dyn Fn(&&Outcome) -> bool| {
        FactValue::Int(i64::try_from(outcomes.iter().filter(keep).count()).unwrap_or(i64::MAX))
    };
    let verified = |one: &&Outcome| one.status(Date::MIN) == Status::Verified;
    Ok(Some(FactValue::Group(BTreeMap::from([
        ("defined", count(&|one| !one.metric.is_empty())),
        ("without_baseline", count(&|one| one.baseline.is_none())),
        ("verified", count(&verified)),
        ("sponsor_confirmed", FactValue::Bool(outcomes.iter().any(|one| verified(&one)))),
    ]))))
}
