//! What the plan of an onboarding says.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::register::Kind;
use gangway_domain::work::{RunningMilestone, RunningPlan, TaskState, run_facts};
use gangway_store::work::{self, Stored, baseline};
use gangway_store::{Tx, change_request as requests, register as entries};
use jiff::civil::Date;

use super::{Sheaf, Sheaves, count, days};
use crate::error::AppError;
use crate::{change_request, register};

/// Adds what is known of plans, with few statements for all onboardings; nothing of those that cannot be worked yet.
pub(super) async fn add(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
    today: Date,
    sheaves: &mut Sheaves,
) -> Result<(), AppError> {
    let plans = work::of_onboardings(tx, workspace, ids).await?;
    let agreed = baseline::first_go_lives(tx, workspace, ids).await?;
    let asked = requests::of_onboardings(tx, workspace, ids).await?;
    let decisions = entries::of_kind(tx, workspace, Kind::Decision, ids).await?;
    for (id, Stored { plan, .. }) in &plans {
        let Some(sheaf) = sheaves.get_mut(id) else { continue };
        sheaf.extend(run_facts(plan, today));
        milestones(plan, today, sheaf);
        tasks(plan, today, sheaf);
        if let Some(first) = agreed.get(id) {
            sheaf.number("plan", "go_live_slipped", days(*first, plan.promise().go_live).max(0));
        }
        let asked = asked.get(id).map_or(&[][..], Vec::as_slice);
        sheaf.maybe("plan", "scope_growth_percent", change_request::growth_percent(plan, asked));
        let decisions = decisions.get(id).map_or(&[][..], Vec::as_slice);
        let overdue = register::open_of(decisions, Kind::Decision).filter(|entry| entry.is_overdue(today));
        sheaf.number("plan", "overdue_decisions", count(overdue.count()));
    }
    Ok(())
}

fn milestones(plan: &RunningPlan, today: Date, sheaf: &mut Sheaf) {
    let waits = |one: &&RunningMilestone| one.reached_on.is_none() && one.waived.is_none();
    let late = plan.milestones.iter().filter(waits).filter(|one| one.due < today);
    let late: Vec<i64> = late.map(|one| days(one.due, today)).collect();
    sheaf.number("plan", "milestones_late", count(late.len()));
    sheaf.number("plan", "milestone_days_late", late.into_iter().max().unwrap_or(0));
}

fn tasks(plan: &RunningPlan, today: Date, sheaf: &mut Sheaf) {
    let overdue = plan.tasks.iter().filter(|task| !task.is_recurring() && task.is_overdue(today));
    sheaf.number("plan", "overdue_tasks", count(overdue.count()));
    let blocked = plan.tasks.iter().filter_map(|task| match &task.state {
        TaskState::Blocked { since, .. } => Some(days(*since, today).max(0)),
        _ => None,
    });
    let blocked: Vec<i64> = blocked.collect();
    sheaf.number("plan", "blocked_tasks", count(blocked.len()));
    sheaf.number("plan", "blocked_days", blocked.into_iter().max().unwrap_or(0));
    let live = plan.ground.go_live.as_deref().and_then(|code| plan.task(code));
    if let Some(TaskState::Done { finished_on, .. }) = live.map(|task| &task.state) {
        sheaf.number("onboarding", "days_since_live", days(*finished_on, today).max(0));
    }
}
