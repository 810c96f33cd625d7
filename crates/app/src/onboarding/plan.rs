//! The plan of an onboarding as rows: what is done, reached and waited for.

use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Action;
use gangway_store::link::{self, Link};
use gangway_store::milestone::{self, Milestone};
use gangway_store::onboarding;
use gangway_store::phase::{self, Phase};
use gangway_store::task::{self, Task};

use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// The plan of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// Phases in order.
    pub phases: Vec<Phase>,
    /// Tasks in order of the plan.
    pub tasks: Vec<Task>,
    /// Milestones in order of the plan.
    pub milestones: Vec<Milestone>,
    /// Dependencies between tasks and milestones, by their codes.
    pub links: Vec<Link>,
}

/// The plan of an onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn rows(app: &App, actor: &Actor, id: OnboardingId) -> Result<Rows, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let tx = &mut tx;
    onboarding::version(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("onboarding", id))?;
    Ok(Rows {
        phases: phase::of_onboarding(tx, actor.workspace, id).await?,
        tasks: task::of_onboarding(tx, actor.workspace, id).await?,
        milestones: milestone::of_onboarding(tx, actor.workspace, id).await?,
        links: link::of_onboarding(tx, actor.workspace, id).await?,
    })
}
