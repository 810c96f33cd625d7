//! The first joint impact plan of an onboarding: the draft its package was generated with.

use gangway_domain::ids::{OnboardingId, OutcomeId};
use gangway_domain::outcome::Amount;
use gangway_domain::package::{ImpactPlan, Package};
use gangway_store::Tx;
use gangway_store::onboarding::head;
use gangway_store::outcome::{self as rows, Outcome, plan as plans};
use jiff::civil::Date;
use serde::Deserialize;

use super::check::direction;
use crate::error::AppError;
use crate::register::shortened;
use crate::upkeep::{self, Batch, Lack};
use crate::{Actor, App};

/// Longest goal, metric and unit, in characters.
const GOAL: usize = 300;
const METRIC: usize = 200;

/// What of a package becomes the joint impact plan.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Start {
    impact_plan: ImpactPlan,
    plan: Complete,
}

#[derive(Debug, Clone, Deserialize)]
struct Complete {
    complete: By,
}

#[derive(Debug, Clone, Deserialize)]
struct By {
    by: Date,
}

impl Start {
    /// Of a whole package.
    pub(crate) fn of(package: &Package) -> Self {
        Self {
            impact_plan: package.impact_plan.clone(),
            plan: Complete { complete: By { by: package.plan.complete.by } },
        }
    }
}

/// Makes joint impact plans and their outcomes, to be agreed with the customers.
pub(crate) async fn seed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    all: &[(OnboardingId, &Start)],
) -> Result<(), AppError> {
    let ids: Vec<OnboardingId> = all.iter().map(|(id, _)| *id).collect();
    let last = rows::last_numbers(tx, actor.workspace, &ids).await?;
    let (mut impact, mut outcomes) = (Vec::with_capacity(all.len()), Vec::new());
    for (id, start) in all {
        impact.push((*id, drafted(start)));
        let last = last.get(id).copied().unwrap_or(0);
        outcomes.extend(outcomes_of(app, actor, *id, last, &start.impact_plan));
    }
    plans::insert_all(tx, actor.workspace, &impact).await?;
    rows::insert_all(tx, actor.workspace, &outcomes).await?;
    Ok(())
}

/// What stands above the outcomes.
fn drafted(start: &Start) -> plans::ImpactPlan {
    plans::ImpactPlan {
        north_star: start.impact_plan.north_star.clone(),
        first_impact: start.impact_plan.first_impact.clone(),
        challenges: String::new(),
        opportunities: String::new(),
        complete_by: Some(start.plan.complete.by),
        version: 1,
    }
}

/// The outcomes of a package, numbered behind `last`.
fn outcomes_of(app: &App, actor: &Actor, id: OnboardingId, last: i64, known: &ImpactPlan) -> Vec<Outcome> {
    (1..)
        .zip(&known.outcomes)
        .map(|(number, one)| {
            let baseline = one.baseline.as_deref().and_then(Amount::find);
            let target = one.target.as_deref().and_then(Amount::find);
            let unit =
                target.as_ref().or(baseline.as_ref()).map(|(_, unit)| unit.clone()).unwrap_or_default();
            // Figures of two units cannot be compared: a person says what was meant.
            let baseline = baseline.filter(|(_, other)| *other == unit).map(|(amount, _)| amount);
            let target = target.map(|(amount, _)| amount);
            Outcome {
                id: OutcomeId::fresh(&*app.ids),
                onboarding: id,
                number: last + number,
                goal: shortened(&one.goal, GOAL),
                metric: one.metric.as_deref().map(|metric| shortened(metric, METRIC)).unwrap_or_default(),
                unit,
                direction: direction(baseline, target),
                proof: proof(one, baseline, target),
                baseline,
                target,
                by: one.by,
                confirms: shortened(&one.confirmed_by, 120),
                rung: None,
                first_value: number == 1,
                full_value: false,
                promises: one.promises.clone(),
                agreed: None,
                answer: None,
                latest: None,
                evidenced: false,
                seed: Some(one.id.clone()),
                made_by: actor.name.clone(),
                made_at: app.now(),
                version: 1,
            }
        })
        .collect()
}

/// What will prove an outcome, with what sales heard where no figure could be read from it.
fn proof(one: &gangway_domain::package::Outcome, baseline: Option<Amount>, target: Option<Amount>) -> String {
    let heard =
        [("Today, as first said", &one.baseline, baseline), ("Wanted, as first said", &one.target, target)];
    let heard = heard.into_iter().filter(|(_, _, figure)| figure.is_none());
    let heard = heard.filter_map(|(what, text, _)| text.as_ref().map(|text| format!("{what}: {text}")));
    std::iter::once(one.evidence.clone()).chain(heard).collect::<Vec<_>>().join("\n")
}

/// The onboarding was moved to another version of its programme: what was agreed stays, the day by which it should be
/// complete is the new one, and so are the sentences above the outcomes that nobody changed.
pub(crate) async fn replanned(
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    before: &Package,
    after: &Package,
) -> Result<(), AppError> {
    if let Some(known) = plans::get(tx, actor.workspace, id).await? {
        let (drafted, now) = (&before.impact_plan, &after.impact_plan);
        let moved = |kept: String, drafted: &String, now: &String| {
            if kept == *drafted { now.clone() } else { kept }
        };
        let plan = plans::ImpactPlan {
            north_star: moved(known.north_star, &drafted.north_star, &now.north_star),
            first_impact: moved(known.first_impact, &drafted.first_impact, &now.first_impact),
            ..known
        };
        plans::reword(tx, actor.workspace, id, &plan).await?;
    }
    plans::set_complete_by(tx, actor.workspace, id, after.plan.complete.by).await?;
    Ok(())
}

/// Gives onboardings of earlier versions their joint impact plan; one that has it is left alone.
pub(crate) async fn backfill(app: &App, actor: &Actor) -> Result<(), AppError> {
    let mut after = None;
    while let Some(batch) = upkeep::next(app, actor.workspace, Lack::ImpactPlan, &mut after).await? {
        let Batch { mut tx, of } = batch;
        let starts = head::sections_of::<Start>(&mut tx, actor.workspace, &upkeep::ids(&of)).await?;
        let all: Vec<(OnboardingId, &Start)> = starts.iter().map(|(id, start)| (*id, start)).collect();
        seed(app, &mut tx, actor, &all).await?;
        tx.commit().await?;
    }
    Ok(())
}
