//! Moving an onboarding on.

use gangway_domain::ids::OnboardingId;
use gangway_domain::onboarding::{OnboardingState, TransitionError};
use gangway_domain::permission::Action;
use gangway_domain::transition::Ending;
use gangway_store::{Tx, onboarding};
use jiff::civil::Date;

use super::find;
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App, outcome, transition, version, work};

/// How much of what lacks is named.
const SHOWN: usize = 4;

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
    /// It ends with this outcome.
    End {
        /// How.
        ending: Ending,
        /// Why, or what is missing; may be empty where it is successful.
        said: String,
    },
}

impl Step {
    fn kind(&self) -> &'static str {
        match self {
            Self::KickOff => work::KICKED_OFF,
            Self::Close { .. } | Self::End { ending: Ending::Stopped, .. } => "onboarding.closed",
            Self::Complete | Self::End { .. } => "onboarding.completed",
        }
    }

    fn summary(&self) -> String {
        match self {
            Self::KickOff => work::HELD.to_owned(),
            Self::Complete => {
                "Completed the onboarding: everything its definition of complete names is reached".to_owned()
            }
            Self::Close { reason } | Self::End { ending: Ending::Stopped, said: reason } => {
                format!("Closed the onboarding: {reason}")
            }
            Self::End { ending, said } if said.is_empty() => format!("Ended the onboarding: {ending}"),
            Self::End { ending, said } => format!("Ended the onboarding: {ending} ({said})"),
        }
    }

    /// How it ends by this step, and what is said of it; nothing when it goes on.
    fn ending(&self) -> Option<(Ending, String)> {
        match self {
            Self::KickOff => None,
            Self::Complete => Some((Ending::Successful, String::new())),
            Self::Close { reason } => Some((Ending::Stopped, reason.clone())),
            Self::End { ending, said } => Some((*ending, said.clone())),
        }
    }

    fn apply(self, state: OnboardingState) -> Result<OnboardingState, TransitionError> {
        match self {
            Self::KickOff => state.kick_off(),
            Self::Close { reason } | Self::End { ending: Ending::Stopped, said: reason } => {
                state.close(reason)
            }
            Self::Complete | Self::End { .. } => state.complete(),
        }
    }
}

/// Takes a step, when the onboarding is still at the version it was looked at, if that is given. With the kickoff
/// its task is done in the plan. Returns the version it has now.
///
/// # Errors
/// [`AppError::Transition`] when its state does not allow it, [`AppError::Refusal`] when it is to be complete and is
/// not, or the plan does not allow the kickoff yet, [`AppError::Stale`], [`AppError::NotFound`],
/// [`AppError::Forbidden`], [`AppError::Invalid`] when it is closed without a reason; or when the
/// database fails.
#[boxed]
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
    if let Some(seen) = version {
        version::fresh("onboarding", known, seen)?;
    }
    let (kind, summary, ending) = (step.kind(), step.summary(), step.ending());
    let is_kickoff = step == Step::KickOff;
    let completes = matches!(step, Step::Complete | Step::End { ending: Ending::Successful, .. });
    let state = step.apply(onboarding.state.clone())?;
    if completes {
        complete(&mut tx, actor, id).await?;
    }
    if is_kickoff {
        let batch = work::hold_kickoff(app, &mut tx, actor, id, on).await?;
        let now = onboarding::version(&mut tx, actor.workspace, id).await?.unwrap_or(known + 1);
        tx.commit().await?;
        return Ok((now, batch));
    }
    if !onboarding::set_state(&mut tx, actor.workspace, id, &onboarding.state, &state).await? {
        return Err(AppError::Overtaken);
    }
    if let Some((ending, said)) = ending {
        transition::keep_closing(app, &mut tx, actor, id, ending, said).await?;
    }
    let about = About { account: Some(onboarding.account_id), onboarding: Some(id) };
    activity::record(app, &mut tx, actor, kind, about, summary).await?;
    tx.commit().await?;
    Ok((known + 1, None))
}

/// Lets pass an onboarding of which nothing lacks that its definition of complete names.
async fn complete(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<(), AppError> {
    let lacking = outcome::completeness_in(tx, actor.workspace, id).await?.lacking();
    if lacking.is_empty() {
        return Ok(());
    }
    let shown = lacking.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
    let more = lacking.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    Err(AppError::Refusal(format!("it is not complete: {shown}{more}")))
}

/// A step that says what it must say.
fn checked(step: Step) -> Result<Step, AppError> {
    match step {
        Step::KickOff | Step::Complete => Ok(step),
        Step::Close { reason } => Ok(Step::Close { reason: reason_of(&reason, false)? }),
        Step::End { ending, said } => {
            let said = reason_of(&said, ending == Ending::Successful)?;
            Ok(Step::End { ending, said })
        }
    }
}

/// A reason in one line, of 500 characters at most; there, unless it may be left out.
fn reason_of(text: &str, may_be_empty: bool) -> Result<String, AppError> {
    let reason = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let problem = match reason.chars().count() {
        0 if may_be_empty => return Ok(reason),
        0 => "is missing",
        1..=500 if !reason.chars().any(char::is_control) => return Ok(reason),
        1..=500 => "has a character that cannot be shown",
        _ => "is longer than 500 characters",
    };
    Err(AppError::Invalid(vec![Problem::new("reason", problem)]))
}
