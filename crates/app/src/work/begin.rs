//! How a plan comes to be worked: from the package it was made with, whenever that was.

use std::collections::BTreeSet;

use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::package::{Package, running};
use gangway_domain::work::{Assignee, Origin, RunningPlan, TaskState, reschedule};
use gangway_store::contact::{self, Contact, name_key};
use gangway_store::onboarding::Onboarding;
use gangway_store::work::{self as rows, Stored, baseline};
use gangway_store::{Timestamp, Tx, onboarding, programme as programmes, workspace as workspaces};
use jiff::civil::Date;

use crate::error::AppError;
use crate::programme::in_force_with;
use crate::upkeep::{self, Batch, Lack};
use crate::{Actor, App, calculate, forecast, people, training};

/// Who made what nobody made.
const NOBODY: &str = "Gangway";

/// Lets the plan of an onboarding that was just made be worked: number 0 of its baselines are the dates it has now.
pub(crate) async fn begin(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    package: &Package,
) -> Result<(), AppError> {
    let plan = from_package(app, tx, actor.workspace, id, package).await?;
    rows::begin(tx, actor.workspace, id, &plan).await?;
    let made = (app.now(), actor.name.as_str(), "As it was planned");
    baseline::keep(tx, actor.workspace, id, &plan, made).await?;
    forecast::want(app, tx, actor.workspace, id).await
}

/// The plan of an onboarding; begun, when it came before plans could be worked.
pub(super) async fn existing_or_begun(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
) -> Result<Stored, AppError> {
    if let Some(stored) = rows::get(tx, actor.workspace, id).await? {
        return Ok(stored);
    }
    // Whoever brings rows up to date beside this begins plans, too: one after the other.
    workspaces::lock(tx, actor.workspace).await?;
    if let Some(stored) = rows::get(tx, actor.workspace, id).await? {
        return Ok(stored);
    }
    late(app, tx, actor.workspace, &[id]).await?;
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("onboarding", id))
}

/// Begins the plans of onboardings that came before plans could be worked. Nobody kept what was done: what is over by its
/// dates counts as done as planned while it runs, everything once it is complete.
async fn late(app: &App, tx: &mut Tx, workspace: WorkspaceId, ids: &[OnboardingId]) -> Result<(), AppError> {
    let mut known = onboarding::get_many(tx, workspace, ids).await?;
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        all.push(known.remove(id).ok_or_else(|| AppError::missing("onboarding", *id))?);
    }
    let all = Box::pin(from_packages(app, tx, workspace, all)).await?;
    let begun: Vec<(OnboardingId, &RunningPlan)> = all.iter().map(|late| (late.id, &late.now)).collect();
    rows::begin_all(tx, workspace, &begun).await?;
    let mut made = Vec::with_capacity(all.len());
    for late in &all {
        made.push((late.id, &late.first, (late.made_at, NOBODY, "As it was planned")));
    }
    baseline::keep_all(tx, workspace, &made).await?;
    Ok(())
}

/// The plan of an onboarding that came before plans could be worked.
struct Late {
    id: OnboardingId,
    made_at: Timestamp,
    /// As it was planned.
    first: RunningPlan,
    /// With what counts as done.
    now: RunningPlan,
}

/// Takes everything that is over by the plan before a day as done as planned.
fn assume(plan: &mut RunningPlan, until: Date, today: Date) {
    for task in &mut plan.tasks {
        if task.finish < until && !task.state.is_over() {
            let finished_on = task.finish.min(today);
            let started_on = task.state.started_on().unwrap_or(task.start).min(finished_on);
            task.state = TaskState::Done { started_on, finished_on };
        } else if task.start < until && task.state == TaskState::Open {
            task.state = TaskState::Started { on: task.start.min(today) };
        }
    }
    for milestone in &mut plan.milestones {
        if milestone.planned < until && milestone.reached_on.is_none() {
            milestone.reached_on = Some(milestone.planned.min(today));
        }
    }
    plan.ground.as_of = plan.ground.as_of.max(until.min(today));
}

/// Takes everything that is over by the plan by today as done as planned, for data that is told in hindsight.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn as_planned(app: &App, actor: &Actor, id: OnboardingId) -> Result<(), AppError> {
    actor.require(gangway_domain::permission::Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let stored = existing_or_begun(app, &mut tx, actor, id).await?;
    let mut plan = stored.plan.clone();
    let today = app.today();
    assume(&mut plan, today, today);
    let plan = calculate(move || reschedule(&mut plan, today).map(|()| plan));
    let plan = plan.await?.map_err(super::refused)?;
    rows::save(&mut tx, actor.workspace, id, &stored, &plan, &*app.ids).await?;
    tx.commit().await?;
    Ok(())
}

/// Begins the plans of every onboarding that came before plans could be worked.
pub(crate) async fn backfill(app: &App, actor: &Actor) -> Result<(), AppError> {
    let mut after = None;
    while let Some(batch) = upkeep::next(app, actor.workspace, Lack::Plan, &mut after).await? {
        let Batch { mut tx, of } = batch;
        late(app, &mut tx, actor.workspace, &upkeep::ids(&of)).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The plan a package is worked by. People it names are tied to the contacts they are.
async fn from_package(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    package: &Package,
) -> Result<RunningPlan, AppError> {
    let country = programmes::of_onboarding(tx, workspace, id).await?.and_then(|made| made.vendor_country);
    let methodology = in_force_with(app, tx, workspace).await?.methodology.clone();
    let package = package.clone();
    let mut plan = calculate(move || running(&package, &methodology, country.as_deref())).await?;
    let account = onboarding::head::get(tx, workspace, id).await?.map(|head| head.account_id);
    let contacts = match account {
        Some(account) => contact::of_account(tx, workspace, account).await?,
        None => Vec::new(),
    };
    tie_to_contacts(&mut plan, &contacts);
    Ok(plan)
}

/// The same for onboardings that came before plans could be worked, all calculated together.
async fn from_packages(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    all: Vec<Onboarding>,
) -> Result<Vec<Late>, AppError> {
    let ids: Vec<OnboardingId> = all.iter().map(|known| known.id).collect();
    let accounts: BTreeSet<AccountId> = all.iter().map(|known| known.account_id).collect();
    let accounts: Vec<AccountId> = accounts.into_iter().collect();
    let made = programmes::of_onboardings(tx, workspace, &ids).await?;
    let contacts = contact::of_accounts(tx, workspace, &accounts).await?;
    let methodology = in_force_with(app, tx, workspace).await?.methodology.clone();
    let today = app.today();
    let calculation = move || {
        let mut plans = Vec::with_capacity(all.len());
        for Onboarding { id, account_id: account, state, package, created_at: made_at, .. } in all {
            let country = made.get(&id).and_then(|made| made.vendor_country.as_deref());
            let mut first = running(&package, &methodology, country);
            tie_to_contacts(&mut first, contacts.get(&account).map_or(&[][..], Vec::as_slice));
            let mut now = first.clone();
            if let Some(until) = over_until(&state, today) {
                assume(&mut now, until, today);
            }
            plans.push(Late { id, made_at, first, now });
        }
        plans
    };
    calculate(calculation).await
}

/// The day before which the plan of an onboarding in this state counts as done; none while it has not begun, or was closed.
fn over_until(state: &OnboardingState, today: Date) -> Option<Date> {
    match state.to_string().as_str() {
        "running" => Some(today),
        "completed" => Some(Date::MAX),
        _ => None,
    }
}

/// People the plan names become the contacts they are.
fn tie_to_contacts(plan: &mut RunningPlan, contacts: &[Contact]) {
    for task in &mut plan.tasks {
        let known = task.assignee.as_ref().and_then(|who| {
            let key = name_key(who.name());
            contacts.iter().find(|contact| contact.name_key == key)
        });
        if let Some(known) = known {
            task.assignee = Some(Assignee::Contact { id: known.id, name: known.name.clone() });
        }
    }
}

/// A package with the plan and the outcomes as they stand: what documents are made of.
pub(crate) async fn live(
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    package: Package,
) -> Result<Package, AppError> {
    // A plan nobody changed is the package's.
    let stored = rows::get(tx, actor.workspace, id).await?.filter(|stored| stored.revision > 1);
    let package = crate::outcome::live(tx, actor.workspace, id, package, stored.as_ref()).await?;
    let Some(Stored { mut plan, .. }) = stored else { return Ok(package) };
    let as_of = plan.stands_on();
    let made = calculate(move || reschedule(&mut plan, as_of).map(|()| package.with_live(&plan)));
    made.await?.map_err(super::refused)
}

/// The codes of tasks people added, which a plan made anew does not know.
fn added(plan: &RunningPlan) -> Vec<String> {
    let added = plan.tasks.iter().filter(|task| task.origin != Origin::Programme);
    added.map(|task| task.code.clone()).collect()
}

/// Puts a package in place of the one before: what was done stays done, who does what stays, tasks people added
/// stay with those of their links whose other end is still there. False when somebody changed the onboarding.
pub(crate) async fn replanned(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (id, version): (OnboardingId, i64),
    package: &Package,
) -> Result<bool, AppError> {
    let workspace = actor.workspace;
    let before = existing_or_begun(app, tx, actor, id).await?;
    let kept = added(&before.plan);
    if !gangway_store::replan::replace(tx, workspace, id, version, package, &kept, &*app.ids).await? {
        return Ok(false);
    }
    let mut plan = from_package(app, tx, workspace, id, package).await?;
    let is_worked = carry_over(&before.plan, &mut plan);
    let today = app.today();
    if is_worked {
        let plan_then = plan.clone();
        let scheduled = calculate(move || {
            let mut plan = plan_then;
            reschedule(&mut plan, today).map(|()| plan)
        });
        plan = scheduled.await?.map_err(super::refused)?;
    }
    if !rows::restart(tx, workspace, id, &before, &plan, is_worked).await? {
        return Ok(false);
    }
    let moved = (&before.plan, &plan);
    training::follow(app, tx, actor, id, moved, "another version of its programme").await?;
    Box::pin(people::follow(app, tx, actor, id, moved)).await?;
    // A plan nobody has worked yet was agreed on as it is now; another is still compared with what was agreed.
    if is_worked {
        let first = baseline::list(tx, workspace, id).await?.last().map(|known| known.number);
        if let Some(dates) = baseline::dates(tx, workspace, id, first.unwrap_or_default()).await? {
            baseline::compare_with(tx, workspace, id, &dates).await?;
        }
    } else {
        let made = (app.now(), actor.name.as_str(), "Planned again with another version of the programme");
        baseline::keep(tx, workspace, id, &plan, made).await?;
    }
    Ok(true)
}

/// Takes over what happened; whether anything had.
fn carry_over(before: &RunningPlan, plan: &mut RunningPlan) -> bool {
    let mut is_worked = false;
    for task in &mut plan.tasks {
        let Some(known) = before.task(&task.code) else { continue };
        is_worked |= known.state != TaskState::Open;
        task.state.clone_from(&known.state);
        if known.assignee.as_ref().is_some_and(|who| who.person().is_some() || who.contact().is_some()) {
            task.assignee.clone_from(&known.assignee);
        }
    }
    for milestone in &mut plan.milestones {
        let Some(known) = before.milestone(&milestone.code) else { continue };
        is_worked |= known.reached_on.is_some() || known.waived.is_some();
        milestone.reached_on = known.reached_on;
        milestone.waived.clone_from(&known.waived);
        milestone.said.clone_from(&known.said);
    }
    let first_phase = plan.phases.first().map(|phase| phase.code.clone()).unwrap_or_default();
    for task in before.tasks.iter().filter(|task| task.origin != Origin::Programme) {
        let mut task = task.clone();
        if !plan.phases.iter().any(|phase| phase.code == task.phase) {
            task.phase.clone_from(&first_phase);
        }
        is_worked = true;
        plan.tasks.push(task);
    }
    let is_there = |code: &str| plan.task(code).is_some() || plan.milestone(code).is_some();
    let is_added = |code: &str| before.task(code).is_some_and(|task| task.origin != Origin::Programme);
    let more = before.links.iter().filter(|link| is_added(&link.from) || is_added(&link.to));
    let more: Vec<_> = more.filter(|link| is_there(&link.from) && is_there(&link.to)).cloned().collect();
    plan.links.extend(more);
    is_worked
}
