//! Agreeing on the dates anew.

use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Action;
use gangway_store::work::baseline::{self as rows, Baseline};

use super::{head, open};
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App, forecast};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// The baselines of a plan, oldest first; number 0 is the plan as it was made.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn baselines(app: &App, actor: &Actor, id: OnboardingId) -> Result<Vec<Baseline>, AppError> {
    actor.require(Action::Look)?;
    super::view::stored(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    Ok(rows::list(&mut tx, actor.workspace, id).await?)
}

/// Agrees on the dates as they stand; what was agreed before is kept beside. Gives the number.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] without a reason, [`AppError::Stale`]
/// when the plan changed since it was looked at; or when the database fails.
#[boxed]
pub async fn keep_baseline(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    revision: Option<i64>,
    reason: &str,
) -> Result<i64, AppError> {
    actor.require(Action::PlanOnboarding)?;
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let problem = match reason.chars().count() {
        0 => Some("is missing".to_owned()),
        count if count > LONGEST_REASON => Some(format!("is longer than {LONGEST_REASON} characters")),
        _ => None,
    };
    if let Some(problem) = problem {
        return Err(AppError::Invalid(vec![Problem::new("reason", problem)]));
    }
    let mut tx = app.db.write().await?;
    let head = head(&mut tx, actor, id).await?;
    let stored = open(app, &mut tx, actor, &head, revision).await?;
    let made = (app.now(), actor.name.as_str(), reason.as_str());
    let number = rows::keep(&mut tx, actor.workspace, id, &stored.plan, made).await?;
    let go_live = stored.plan.promise().go_live.strftime("%-d %b %Y");
    let summary = format!("Agreed on the dates as they stand, go-live {go_live}: {reason}");
    activity::record(app, &mut tx, actor, "plan.baseline_kept", About::of(&head), summary).await?;
    forecast::want(app, &mut tx, actor.workspace, id).await?;
    tx.commit().await?;
    Ok(number)
}
