//! The decision to go live, with what it stood on. A go the facts are against is refused, and the refusal is kept.

use gangway_domain::ids::{LaunchId, OnboardingId};
use gangway_domain::launch::{Condition, Decision, Met, Verdict, against};
use gangway_domain::permission::Action;
use gangway_store::launch::Record;
use jiff::civil::Date;

use super::{add, fresh, keep, seen};
use crate::error::{AppError, Problem};
use crate::identity::{checked_name, none_of};
use crate::register::{checked_prose, needed_prose, onboarding, record};
use crate::{Actor, App};

/// Most conditions of a decision.
const MOST: usize = 20;

/// A condition somebody writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConditionDraft {
    /// What must still happen.
    pub text: String,
    /// Who answers for it.
    pub owner: String,
    /// By which day.
    pub by: Option<Date>,
}

/// What somebody decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Go, go with conditions, or no go.
    pub verdict: Verdict,
    /// The day it is about; the planned go-live when left out.
    pub go_live_on: Option<Date>,
    /// Why.
    pub reason: String,
    /// What must still happen.
    pub conditions: Vec<ConditionDraft>,
    /// Why it is a day on which nothing goes live otherwise; may be empty.
    pub exception: String,
}

/// Records a decision. When the facts are against a go, the answer is a decision that was refused, with what spoke
/// against it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when it is live
/// already, [`AppError::Overtaken`] when somebody else decided in the same moment; or when the database fails.
pub async fn decide(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    choice: Choice,
) -> Result<Record<Decision>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let Choice { verdict, go_live_on, reason, conditions, exception } = choice;
    let mut tx = app.db.write().await?;
    let sight = seen::gather(app, &mut tx, actor.workspace, id).await?;
    if sight.live_on.is_some() {
        return Err(AppError::Refusal("it is live already".to_owned()));
    }
    let on = go_live_on.unwrap_or(sight.go_live_on);
    let mut problems = Vec::new();
    if verdict == Verdict::Refused {
        problems.push(Problem::new("verdict", "must be go, conditional or no-go"));
    }
    if on < sight.today {
        problems.push(Problem::new("go_live_on", "is over"));
    }
    let reason = needed_prose("reason", &reason, &mut problems);
    let exception = checked_prose("exception", &exception, &mut problems);
    let conditions = checked_conditions(conditions, sight.today, &mut problems);
    if verdict == Verdict::Go && !conditions.is_empty() {
        problems.push(Problem::new("verdict", "must be conditional when there are conditions"));
    }
    none_of(problems)?;
    let grounds = sight.grounds(app, on, !exception.is_empty());
    let against = against(verdict, &grounds, conditions.len());
    let refused = !against.is_empty();
    let decision = Decision {
        verdict: if refused { Verdict::Refused } else { verdict },
        asked: verdict,
        go_live_on: on,
        reason,
        conditions,
        exception: Some(exception).filter(|text| !text.is_empty() && grounds.barred.is_some()),
        against,
        ready: sight.ready(),
        approved: sight
            .approvals
            .iter()
            .filter_map(|one| Some((one.role.clone(), one.mark.as_ref().filter(|mark| mark.yes)?.by.clone())))
            .collect(),
        by: actor.name.clone(),
        at: app.clock.now(),
    };
    let (kind, summary) = said(&decision);
    let made = add(app, &mut tx, actor, id, decision).await?;
    record(app, &mut tx, actor, &sight.head, kind, summary).await?;
    tx.commit().await?;
    Ok(made)
}

fn said(decision: &Decision) -> (&'static str, String) {
    let day = decision.go_live_on.strftime("%-d %b %Y");
    match decision.verdict {
        Verdict::Go => ("launch.decided", format!("Decided to go live on {day}: {}", decision.reason)),
        Verdict::Conditional => {
            let number = decision.conditions.len();
            let noun = if number == 1 { "condition" } else { "conditions" };
            (
                "launch.decided",
                format!("Decided to go live on {day} with {number} {noun}: {}", decision.reason),
            )
        }
        Verdict::NoGo => ("launch.decided", format!("Decided not to go live on {day}: {}", decision.reason)),
        Verdict::Refused => {
            let first = decision.against.first().cloned().unwrap_or_default();
            let more = decision.against.len().saturating_sub(1);
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            ("launch.refused", format!("Going live on {day} was refused: {first}{more}"))
        }
    }
}

fn checked_conditions(
    drafts: Vec<ConditionDraft>,
    today: Date,
    problems: &mut Vec<Problem>,
) -> Vec<Condition> {
    if drafts.len() > MOST {
        problems.push(Problem::new("conditions", format!("must be {MOST} at most")));
    }
    let mut all = Vec::with_capacity(drafts.len().min(MOST));
    for draft in drafts.into_iter().take(MOST) {
        let ConditionDraft { text, owner, by } = draft;
        if text.trim().is_empty() && owner.trim().is_empty() && by.is_none() {
            continue;
        }
        let text = needed_prose("conditions", &text, problems);
        let owner = checked_name("conditions", &owner, problems);
        match by {
            Some(by) if by >= today => all.push(Condition { text, owner, by, met: None }),
            Some(_) => problems.push(Problem::new("conditions", "name a day that is over")),
            None => problems.push(Problem::new("conditions", "need a day each")),
        }
    }
    all
}

/// A condition of a decision was met; its place counts from 0.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Refusal`] when it was met before;
/// or when the database fails.
pub async fn meet_condition(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    version: i64,
    place: usize,
) -> Result<Record<Decision>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let mut known: Record<Decision> = fresh(&mut tx, actor, id, version).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let condition =
        known.body.conditions.get_mut(place).ok_or_else(|| AppError::missing("condition", place))?;
    if condition.met.is_some() {
        return Err(AppError::Refusal("this condition was met before".to_owned()));
    }
    condition.met = Some(Met { by: actor.name.clone(), at: app.clock.now() });
    let summary = format!("A condition of the go-live was met: {}", condition.text);
    let kept = keep(&mut tx, actor, known).await?;
    record(app, &mut tx, actor, &head, "launch.condition_met", summary).await?;
    tx.commit().await?;
    Ok(kept)
}
