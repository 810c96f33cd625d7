//! The package with the joint impact plan as it is worked: what documents are made of.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::outcome::Amount;
use gangway_domain::package::{self, KeyDates, Package, PlanMilestone};
use gangway_store::onboarding::head;
use gangway_store::outcome::{self as rows, Outcome, plan as plans};
use gangway_store::{Tx, work};
use serde::Deserialize;

use crate::error::AppError;

/// Puts the outcomes as they are worked in place of those the package drafted, beside the plan of the onboarding where
/// that is another than the package's (`moved`). A plan nobody changed is the package's.
pub(crate) async fn live(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    mut package: Package,
    moved: Option<&work::Stored>,
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
    let drafted = above_of(&package.impact_plan);
    if let Some(stored) = moved {
        package.impact_plan.follow(&package.dates, &package.plan.milestones, &stored.plan);
    }
    let shown = Sentences::of(drafted, &package.impact_plan).shown(plan);
    package.impact_plan.north_star = shown.north_star;
    package.impact_plan.first_impact = shown.first_impact;
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

/// A sentence as the package drafted it, and the same with the days of the plan as it stands.
struct Sentence {
    drafted: String,
    now: String,
}

impl Sentence {
    /// What is read where this is kept: what nobody changed names the days of now.
    fn shown(&self, kept: String) -> String {
        if kept == self.drafted { self.now.clone() } else { kept }
    }

    /// What is kept of what somebody says: what is written from the plan goes on following it.
    fn kept(&self, said: String) -> String {
        if said == self.now { self.drafted.clone() } else { said }
    }
}

/// The sentences above the outcomes.
pub(super) struct Sentences {
    north_star: Sentence,
    first_impact: Sentence,
}

impl Sentences {
    fn of([north_star, first_impact]: [String; 2], now: &package::ImpactPlan) -> Self {
        let [star, impact] = above_of(now);
        Self {
            north_star: Sentence { drafted: north_star, now: star },
            first_impact: Sentence { drafted: first_impact, now: impact },
        }
    }

    /// Those of a package, with the days of the plan as it stands; none for an onboarding there is not.
    pub(super) async fn read(
        tx: &mut Tx,
        workspace: WorkspaceId,
        id: OnboardingId,
    ) -> Result<Option<Self>, AppError> {
        let Some(mut told) = head::sections::<Told>(tx, workspace, id).await? else { return Ok(None) };
        let drafted = above_of(&told.impact_plan);
        if let Some(stored) = changed(tx, workspace, id).await? {
            told.impact_plan.follow(&told.dates, &told.plan.milestones, &stored.plan);
        }
        Ok(Some(Self::of(drafted, &told.impact_plan)))
    }

    /// A plan as it is read.
    fn shown(&self, plan: plans::ImpactPlan) -> plans::ImpactPlan {
        // Nobody has said anything yet, whatever programme it was made from first.
        if plan.version <= 1 {
            let (north_star, first_impact) = (self.north_star.now.clone(), self.first_impact.now.clone());
            return plans::ImpactPlan { north_star, first_impact, ..plan };
        }
        plans::ImpactPlan {
            north_star: self.north_star.shown(plan.north_star),
            first_impact: self.first_impact.shown(plan.first_impact),
            ..plan
        }
    }

    /// A plan as it is kept.
    pub(super) fn kept(&self, plan: plans::ImpactPlan) -> plans::ImpactPlan {
        plans::ImpactPlan {
            north_star: self.north_star.kept(plan.north_star),
            first_impact: self.first_impact.kept(plan.first_impact),
            ..plan
        }
    }
}

/// The sentences a package has above its outcomes.
fn above_of(plan: &package::ImpactPlan) -> [String; 2] {
    [plan.north_star.clone(), plan.first_impact.clone()]
}

/// What stands above the outcomes; what nobody has changed of it names the days of the plan as it stands.
pub(super) async fn above(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<plans::ImpactPlan>, AppError> {
    let Some(plan) = plans::get(tx, workspace, id).await? else { return Ok(None) };
    Ok(Some(match Sentences::read(tx, workspace, id).await? {
        Some(sentences) => sentences.shown(plan),
        None => plan,
    }))
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
