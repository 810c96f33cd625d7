//! The definition of complete of one onboarding: what is there, and what lacks.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::outcome::{Answer, Completeness, Ground, Shown, Status, judged};
use gangway_domain::permission::Action;
use gangway_domain::rule::FactValue;
use gangway_store::onboarding::head::{self, Head};
use gangway_store::outcome::{self as rows, Outcome, measurement as measurements, plan as plans};
use gangway_store::{Tx, work};
use jiff::civil::Date;

use super::Promised;
use crate::boxed;
use crate::error::AppError;
use crate::register::onboarding;
use crate::{Actor, App};

/// What of the definition of complete of an onboarding is there, and what lacks.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
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
    let shown = shown_in(tx, workspace, id).await?;
    let plan = work::get(tx, workspace, id).await?.map(|stored| judged(&stored.plan, &shown));
    Ok(Completeness::of(plan.as_ref(), by, outcomes.len(), verified))
}

/// What the outcomes of an onboarding show of value.
pub(crate) async fn shown_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Vec<Shown>, AppError> {
    let outcomes = rows::of_onboarding(tx, workspace, id).await?;
    let measured = measurements::of_onboarding(tx, workspace, id).await?;
    let told = head::sections::<Promised>(tx, workspace, id).await?;
    let promises = told.map(|told| told.handoff.promises).unwrap_or_default();
    let shown = |outcome: &Outcome| {
        let verified = outcome.answer.as_ref().is_some_and(Answer::is_yes);
        let shows = |reading| Ground { latest: Some(reading), ..outcome.ground() }.is_reached();
        // The first measurement that shows it counts, so that measuring again moves nothing.
        let first = measured.iter().find(|one| one.outcome == outcome.id && shows(one.reading));
        let on = first.map(|one| one.on).or(outcome.latest.map(|(on, _)| on));
        let on = on.filter(|_| verified || outcome.ground().is_reached());
        let ties = promises.iter().filter(|promise| outcome.promises.contains(&promise.id));
        let milestones = ties.filter_map(|promise| promise.milestone.clone()).collect();
        Shown { on, verified, first: outcome.first_value, full: outcome.full_value, milestones }
    };
    Ok(outcomes.iter().map(shown).collect())
}

/// What the joint impact plan tells the rules of gates: the fact `outcomes`. None before anything was agreed or
/// measured in the product: a person says then whether such a criterion is met.
pub(crate) async fn facts_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<FactValue>, AppError> {
    Ok(told(&rows::of_onboarding(tx, workspace, id).await?))
}

/// The same of many onboardings, with one statement.
pub(crate) async fn facts_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, FactValue>, AppError> {
    let outcomes = rows::of_onboardings(tx, workspace, ids).await?;
    Ok(outcomes.into_iter().filter_map(|(id, outcomes)| Some((id, told(&outcomes)?))).collect())
}

fn told(outcomes: &[Outcome]) -> Option<FactValue> {
    let is_worked = |one: &Outcome| one.agreed.is_some() || one.latest.is_some();
    if !outcomes.iter().any(is_worked) {
        return None;
    }
    let count = |keep: &dyn Fn(&&Outcome) -> bool| {
        FactValue::Int(i64::try_from(outcomes.iter().filter(keep).count()).unwrap_or(i64::MAX))
    };
    let verified = |one: &&Outcome| one.status(Date::MIN) == Status::Verified;
    Some(FactValue::Group(BTreeMap::from([
        ("defined", count(&|one| !one.metric.is_empty())),
        ("without_baseline", count(&|one| one.baseline.is_none())),
        ("verified", count(&verified)),
        ("sponsor_confirmed", FactValue::Bool(outcomes.iter().any(|one| verified(&one)))),
    ])))
}
