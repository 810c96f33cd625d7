//! The package with the joint impact plan as it is worked: what documents are made of.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::outcome::Amount;
use gangway_domain::package::{self, KeyDates, Package, PlanMilestone};
use gangway_store::onboarding::head;
use gangway_store::outcome::{self as rows, Outcome, plan as plans};
use gangway_store::{Tx, work};
use serde::Deserialize;

use crate::error::AppError;

/// Puts the outcomes as they are worked in place of those the package drafted. A plan nobody changed is the package's.
pub(crate) async fn live(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    mut package: Package,
) -> Result<Package, AppError> {
    let Some(plan) = plans::get(tx, workspace, id).await? else { return Ok(package) };
    let known = rows::of_onboarding(tx, workspace, id).await?;
    let drafted = std::mem::take(&mut package.impact_plan.outcomes);
    let is_changed = |one: &Outcome| one.version > 1 || one.seed.is_none();
    if known.len() == drafted.len() && !known.iter().any(is_changed) {
        package.impact_plan.outcomes = drafted;
    } else {
        package.impact_plan.outcomes = known.iter().map(|one| written(one, &drafted)).collect();
    }
    if plan.version > 1 {
        package.impact_plan.north_star = plan.north_star;
        package.impact_plan.first_impact = plan.first_impact;
    } else if let Some(stored) = changed(tx, workspace, id).await? {
        package.impact_plan.follow(&package.dates, &package.plan.milestones, &stored.plan);
    }
    Ok(package)
}

/// The plan of an onboarding, once it is another than the package's.
pub(super) async fn changed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<work::Stored>, AppError> {
    Ok(work::get(tx, workspace, id).await?.filter(|stored| stored.revision > 1))
}

/// What of a package the sentences above the outcomes are made of.
#[derive(Deserialize)]
struct Told {
    impact_plan: package::ImpactPlan,
    dates: KeyDates,
    plan: Made,
}

#[derive(Deserialize)]
struct Made {
    milestones: Vec<PlanMilestone>,
}

/// What stands above the outcomes; as long as nobody has changed it, with the days of the plan as it stands.
pub(super) async fn above(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<plans::ImpactPlan>, AppError> {
    let Some(plan) = plans::get(tx, workspace, id).await? else { return Ok(None) };
    if plan.version > 1 {
        return Ok(Some(plan));
    }
    let told = head::sections::<Told>(tx, workspace, id).await?;
    let stored = changed(tx, workspace, id).await?;
    let (Some(mut told), Some(stored)) = (told, stored) else { return Ok(Some(plan)) };
    told.impact_plan.follow(&told.dates, &told.plan.milestones, &stored.plan);
    let package::ImpactPlan { north_star, first_impact, .. } = told.impact_plan;
    Ok(Some(plans::ImpactPlan { north_star, first_impact, ..plan }))
}

/// An outcome as packages say it; where it has no figure yet, what sales heard stands in its place.
pub(crate) fn written(one: &Outcome, drafted: &[package::Outcome]) -> package::Outcome {
    let first = drafted.iter().find(|draft| one.seed.as_deref() == Some(draft.id.as_str()));
    let figure = |amount: Option<Amount>, heard: Option<&String>| {
        amount.map(|amount| amount.with_unit(&one.unit)).or_else(|| heard.cloned())
    };
    let named =
        |text: &str, else_say: &str| if text.is_empty() { else_say.to_owned() } else { text.to_owned() };
    package::Outcome {
        id: one.code(),
        baseline: figure(one.baseline, first.and_then(|draft| draft.baseline.as_ref())),
        target: figure(one.target, first.and_then(|draft| draft.target.as_ref())),
        by: one.by,
        evidence: named(&one.proof, "to be agreed"),
        confirmed_by: named(&one.confirms, "executive sponsor, to be named"),
        metric: (!one.metric.is_empty()).then(|| one.metric.clone()),
        goal: one.goal.clone(),
        promises: one.promises.clone(),
    }
}
