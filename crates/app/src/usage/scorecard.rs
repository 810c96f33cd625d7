//! The activation scorecard of onboardings: clocks against time-to-value targets, features, and the pace.

use gangway_domain::ids::{AccountId, OnboardingId};
use gangway_domain::permission::Action;
use gangway_store::usage::milestone as rows;

pub use gangway_domain::usage::{
    Clock, ClockKind, ClockState, FeatureState, Pace, Scorecard, ValueMilestone,
};

use super::milestone::sights;
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

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
