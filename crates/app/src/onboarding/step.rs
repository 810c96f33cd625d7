//! Moving an onboarding on.

use gangway_domain::ids::OnboardingId;
use gangway_domain::onboarding::{OnboardingState, TransitionError};
use gangway_domain::permission::Action;
use gangway_store::onboarding;
use jiff::civil::Date;

use super::find;
use crate::activity::{self, About};
use crate::error::{AppError, Problem};
use crate::{Actor, App, work};

/// A step an onboarding takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The kickoff was held.
    KickOff,
    /// Everything its definition of complete names is reached.
    Complete,
    /// It ends before that.
    Close {
        /// Why.
        reason: String,
    },
}

impl Step {
    fn kind(&self) -> &'static str {
        match self {
            Self::KickOff => work::KICKED_OFF,
            Self::Complete => "onboarding.completed",
            Self::Close { .. } => "onboarding.closed",
        }
    }

    fn summary(&self) -> String {
        match self {
            Self::KickOff => work::HELD.to_owned(),
            Self::Complete => {
                "Completed the onboarding: everything its definition of complete names is reached".to_owned()
            }
            Self::Close { reason } => format!("Closed the onboarding: {reason}"),
        }
    }

    fn apply(self, state: OnboardingState) -> Result<OnboardingState, TransitionError> {
        match self {
            Self::KickOff => state.kick_off(),
            Self::Complete => state.complete(),
            Self::Close { reason } => state.close(reason),
        }
    }
}

/// Takes a step, when the onboarding is still at the version it was looked at, if that is given. With the kickoff
/// its task is done in the plan. Returns the version it has now.
///
/// # Errors
/// [`AppError::Transition`] when its state does not allow it, [`AppError::Stale`], [`AppError::NotFound`],
/// [`AppError::Forbidden`], [`AppError::Invalid`] when it is closed without a reason, [`AppError::Refusal`] when
/// the plan does not allow the kickoff yet; or when the database fails.
pub async fn take(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    step: Step,
    version: Option<i64>,
) -> Result<i64, AppError> {
    taken(app, actor, id, step, version, None).await.map(|(version, _)| version)
}

/// The same, with the day of the kickoff; also gives the number by which what it changed in the plan is taken back.
pub(super) async fn taken(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    step: Step,
    version: Option<i64>,
    on: Option<Date>,
) -> Result<(i64, Option<i64>), AppError> {
    actor.require(Action::RunOnboarding)?;
    let step = checked(step)?;
    let mut tx = app.db.write().await?;
    let onboarding = find(&mut tx, actor, id).await?;
    let known = onboarding::version(&mut tx, actor.workspace, id).await?.unwrap_or_default();
    if version.is_some_and(|version| version != known) {
        return Err(AppError::Stale { what: "onboarding", version: known });
    }
    let (is_kickoff, kind, summary) = (step == Step::KickOff, step.kind(), step.summary());
    let state = step.apply(onboarding.state.clone())?;
    if is_kickoff {
        let batch = work::hold_kickoff(app, &mut tx, actor, id, on).await?;
        let now = onboarding::version(&mut tx, actor.workspace, id).await?.unwrap_or(known + 1);
        tx.commit().await?;
        return Ok((now, batch));
    }
    if !onboarding::set_state(&mut tx, actor.workspace, id, &onboarding.state, &state).await? {
        return Err(AppError::Overtaken);
    }
    let about = About { account: Some(onboarding.account_id), onboarding: Some(id) };
    activity::record(app, &mut tx, actor, kind, about, summary).await?;
    tx.commit().await?;
    Ok((known + 1, None))
}

/// A step that says what it must say.
fn checked(step: Step) -> Result<Step, AppError> {
    let Step::Close { reason } = step else { return Ok(step) };
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let problem = match reason.chars().count() {
        0 => "is missing",
        1..=500 if !reason.chars().any(char::is_control) => return Ok(Step::Close { reason }),
        1..=500 => "has a character that cannot be shown",
        _ => "is longer than 500 characters",
    };
    Err(AppError::Invalid(vec![Problem::new("reason", problem)]))
}
