//! The activation scorecard of onboardings: clocks against time-to-value targets, features, the pace, and the activation
//! targets of programmes beside what facts say of them.

use gangway_domain::ids::{AccountId, OnboardingId};
use gangway_domain::package::{Activation, ActivationLine};
use gangway_domain::permission::Action;
use gangway_domain::programme::Programme;
use gangway_domain::rule::{Schema, Sheet};
use gangway_store::onboarding::head;
use gangway_store::usage::milestone as rows;
use serde::Deserialize;

pub use gangway_domain::usage::{
    Clock, ClockKind, ClockState, CountedTarget, FeatureState, Pace, Scorecard, TargetState, ValueMilestone,
};

use super::milestone::sights;
use crate::boxed;
use crate::error::AppError;
use crate::programme::in_force_with;
use crate::{Actor, App, health};

/// The section of the package that holds the activation targets.
#[derive(Deserialize)]
struct Sections {
    activation: Activation,
}

/// An onboarding in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub onboarding: OnboardingId,
    /// Whose.
    pub account: AccountId,
    /// What the customer is called.
    pub customer: String,
    /// Name of its segment.
    pub segment: String,
    /// Its scorecard, without the value milestones of its plan.
    pub card: Scorecard,
}

/// The scorecard of an onboarding now.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Scorecard, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let subject = rows::subject(&mut tx, actor.workspace, id).await?;
    let subject = subject.ok_or_else(|| AppError::missing("onboarding", id))?;
    let mut sights = sights(app, &mut tx, actor.workspace, &[subject], true).await?;
    let none =
        || AppError::Refusal("no time-to-value targets hold for this onboarding's programme".to_owned());
    Ok(sights.remove(&id).ok_or_else(none)?.card)
}

/// The activation targets of an onboarding in order of their days, with what facts say of each now. Which rule counts one
/// says its programme as it is in force.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn targets(app: &App, actor: &Actor, id: OnboardingId) -> Result<Vec<CountedTarget>, AppError> {
    let facts = Box::pin(health::facts_now(app, actor, id)).await?;
    let mut tx = app.db.read().await?;
    let missing = || AppError::missing("onboarding", id);
    let subject = rows::subject(&mut tx, actor.workspace, id).await?.ok_or_else(missing)?;
    let sections: Option<Sections> = head::sections(&mut tx, actor.workspace, id).await?;
    let mut lines = sections.ok_or_else(missing)?.activation.targets;
    let force = in_force_with(app, &mut tx, actor.workspace).await?;
    drop(tx);
    let programme = force.methodology.programmes.get(&subject.programme);
    let sheet = Sheet::new(Schema::run(), &facts);
    let today = app.today();
    lines.sort_by(|a, b| (a.by, &a.id).cmp(&(b.by, &b.id)));
    let counted = |line: ActivationLine| {
        let counted_by = programme.and_then(|programme| counted_by(programme, &line.id));
        CountedTarget::new(line, counted_by, &sheet, today)
    };
    Ok(lines.into_iter().map(counted).collect())
}

/// The rule that counts an activation target.
fn counted_by(programme: &Programme, target: &str) -> Option<String> {
    programme.activation.targets.iter().find(|one| one.id == target)?.counted_by.clone()
}

/// The scorecards of onboardings that are not over, the most worrying first.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn all(app: &App, actor: &Actor) -> Result<Vec<Line>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let subjects = rows::running(&mut tx, actor.workspace, None).await?;
    let mut sights = sights(app, &mut tx, actor.workspace, &subjects, false).await?;
    let mut lines = Vec::new();
    for subject in subjects {
        let Some(sight) = sights.remove(&subject.id) else { continue };
        lines.push(Line {
            onboarding: subject.id,
            account: subject.account,
            customer: subject.customer,
            segment: subject.segment_name,
            card: sight.card,
        });
    }
    lines.sort_by(|a, b| {
        (a.card.pace, &a.customer, a.onboarding).cmp(&(b.card.pace, &b.customer, b.onboarding))
    });
    Ok(lines)
}
