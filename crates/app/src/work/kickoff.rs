//! The kickoff was held: it is done in the plan, and the onboarding runs. Taken back, both are as they were.

use gangway_domain::ids::OnboardingId;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::work::{self, Change, Context, RunningPlan, TaskState};
use gangway_store::Tx;
use gangway_store::onboarding::{self, head::Head};
use jiff::civil::Date;

use super::{head, keep, open, refused};
use crate::activity::{self, About};
use crate::error::AppError;
use crate::{Actor, App, calculate};

/// What the activity log calls it.
pub(crate) const KICKED_OFF: &str = "onboarding.kicked_off";
/// What it says of it.
pub(crate) const HELD: &str = "Held the kickoff";

/// Says that the kickoff was held on a day, by the plan when none is given and today at the latest, in a transaction of somebody else, who has asked for permission. What
/// was said before is not said again. Gives the number by which the change of the plan is taken back; none when the
/// kickoff was done in the plan already.
pub(crate) async fn hold_kickoff(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    on: Option<Date>,
) -> Result<Option<i64>, AppError> {
    let head = head(tx, actor, id).await?;
    let stored = open(app, tx, actor, &head, None).await?;
    let is_planned = head.state == OnboardingState::Planned;
    let mut batch = None;
    if let Some(task) = stored.plan.ground.kickoff.clone().filter(|code| is_open(&stored.plan, code)) {
        let (plan, today, who) = (stored.plan.clone(), app.today(), actor.name.clone());
        let on = on.unwrap_or_else(|| plan.kickoff_on().min(today));
        let held = Change::Finish { task, on, started_on: None };
        // What else should have happened by today is nobody's question here.
        let noted = calculate(move || work::note(&plan, &held, &Context { today, who: &who, besides: None }));
        let outcome = noted.await?.map_err(refused)?;
        let kind = if is_planned { KICKED_OFF } else { "plan.changed" };
        batch = keep(app, tx, actor, &head, &stored, outcome, kind).await?.batch;
    }
    if is_planned {
        run(tx, actor, &head).await?;
        if batch.is_none() {
            tell(app, tx, actor, &head).await?;
        }
    }
    Ok(batch)
}

/// The onboarding runs from now on.
pub(super) async fn run(tx: &mut Tx, actor: &Actor, head: &Head) -> Result<(), AppError> {
    turn(tx, actor, head, head.state.clone().kick_off()?).await
}

/// The activity log says that the kickoff was held.
pub(super) async fn tell(app: &App, tx: &mut Tx, actor: &Actor, head: &Head) -> Result<(), AppError> {
    activity::record(app, tx, actor, KICKED_OFF, About::of(head), HELD.to_owned()).await
}

/// Where a change that was taken back had said that the kickoff was held, the onboarding is planned again.
pub(super) async fn taken_back(
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    before: &RunningPlan,
    after: &RunningPlan,
) -> Result<(), AppError> {
    if head.state != OnboardingState::Running || !is_held(before) || is_held(after) {
        return Ok(());
    }
    turn(tx, actor, head, head.state.clone().plan_again()?).await
}

async fn turn(tx: &mut Tx, actor: &Actor, head: &Head, state: OnboardingState) -> Result<(), AppError> {
    if onboarding::set_state(tx, actor.workspace, head.id, &head.state, &state).await? {
        Ok(())
    } else {
        Err(AppError::Overtaken)
    }
}

fn is_open(plan: &RunningPlan, code: &str) -> bool {
    plan.task(code).is_some_and(|task| !task.state.is_over())
}

fn is_held(plan: &RunningPlan) -> bool {
    let kickoff = plan.ground.kickoff.as_deref().and_then(|code| plan.task(code));
    kickoff.is_some_and(|task| matches!(task.state, TaskState::Done { .. }))
}
