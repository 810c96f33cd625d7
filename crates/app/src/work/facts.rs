//! What the rules of gates know of a running onboarding: of its plan, and of what other parts of the product keep.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::rule::Facts;
use gangway_domain::work::{RunningPlan, run_facts};
use gangway_store::Tx;
use jiff::civil::Date;

use crate::error::AppError;
use crate::{App, health, launch, outcome, people, survey, training, usage};

/// What other parts know, besides the plan. One that knows nothing yet says nothing: a person then says whether a
/// criterion is met.
pub(crate) async fn besides(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Facts, AppError> {
    let mut facts = Facts::default();
    if let Some(outcomes) = outcome::facts_in(tx, workspace, id).await? {
        facts.0.insert("outcomes", outcomes);
    }
    if let Some(learned) = training::facts_in(tx, workspace, id).await? {
        facts.0.insert("training", learned);
    }
    if let Some(surveys) = survey::facts_in(tx, workspace, id).await? {
        facts.0.insert("surveys", surveys);
    }
    if let Some(used) = usage::facts::facts_in(app, tx, workspace, id).await? {
        facts.0.insert("usage", used);
    }
    if let Some(known) = people::facts_in(tx, workspace, id, app.today()).await? {
        facts.0.insert("people", known);
    }
    facts.0.extend(launch::facts_in(tx, workspace, id).await?.0);
    facts.0.extend(health::of_inputs(app, tx, workspace, id).await?.0);
    Ok(facts)
}

/// The facts of an onboarding on a day.
pub(crate) async fn facts(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    plan: &RunningPlan,
    today: Date,
) -> Result<Facts, AppError> {
    let mut facts = run_facts(plan, today);
    facts.0.extend(besides(app, tx, workspace, id).await?.0);
    Ok(facts)
}
