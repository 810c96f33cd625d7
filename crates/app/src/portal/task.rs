//! A task as a guest sees it, and what they do with it: say that it is done, give it to a colleague.

use std::collections::BTreeSet;

use gangway_domain::ids::{ContactId, OnboardingId, TaskId};
use gangway_domain::portal::{PortalRole, Resource, Right, may};
use gangway_domain::refusal::{Barrier, Fault};
use gangway_domain::work::{Assignee, Change, RunningTask, TaskState};
use gangway_store::work::ledger;
use gangway_store::{Tx, people, portal};
use jiff::civil::Date;
use serde::Serialize;

use super::talk::{CommentLine, FileLine, files, said};
use super::work::{TaskLine, Theirs, is_mine};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::work::change_with;
use crate::{Actor, App, Guest, register};

/// A task as a guest sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskPage {
    /// Id.
    pub id: String,
    /// What is done.
    pub title: String,
    /// The phase it is in.
    pub phase: String,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub due_on: Date,
    /// `open`, `started`, `blocked`, `done` or `skipped`.
    pub state: &'static str,
    /// `customer` or `joint`.
    pub side: &'static str,
    /// It is this guest's to do.
    pub mine: bool,
    /// Who does it, when it is known.
    pub assignee: Option<String>,
    /// Its last day has passed.
    pub overdue: bool,
    /// The day it was done.
    pub done_on: Option<Date>,
    /// Who said so, when it is known.
    pub done_by: Option<String>,
    /// The guest may say that it is done.
    pub may_do: bool,
    /// What must be reached before it can be done; nameless when the customer does not know of it.
    pub held_by: Option<String>,
    /// The guest may give it to a colleague.
    pub may_delegate: bool,
    /// Whom it can be given to.
    pub colleagues: Vec<Colleague>,
    /// What was said between both sides, oldest first.
    pub comments: Vec<CommentLine>,
    /// The files both sides share, oldest first.
    pub files: Vec<FileLine>,
}

/// Somebody of the customer who can do a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Colleague {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A task.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`] when there is none they see; or when the database fails.
#[boxed]
pub async fn task(app: &App, actor: &Actor, id: TaskId) -> Result<TaskPage, AppError> {
    let guest = actor.require_guest(Resource::Plan, Right::See)?;
    let mut tx = app.db.read().await?;
    page(app, &mut tx, guest, id).await
}

pub(super) async fn page(app: &App, tx: &mut Tx, guest: &Guest, id: TaskId) -> Result<TaskPage, AppError> {
    let theirs = Theirs::find(tx, guest).await?.in_words_of(app, guest);
    let task = theirs.task(guest, id).ok_or_else(|| AppError::missing("task", id))?;
    let TaskLine { id: word, title, starts_on, due_on, state, side, mine, assignee, overdue } =
        theirs.line(guest, task, app.today());
    let may_do = theirs.may_do(guest, task);
    let may_delegate = may_do && !task.state.is_over() && guest.may(Resource::Delegate, Right::Do);
    let phase = theirs.stored.plan.phases.iter().find(|phase| phase.code == task.phase);
    let done_on = task.state.finished_on();
    let done_by = match done_on {
        Some(_) => ledger::finished(tx, guest.workspace, guest.onboarding, &task.code).await?,
        None => None,
    };
    Ok(TaskPage {
        id: word,
        title,
        phase: phase.map(|phase| phase.name.clone()).unwrap_or_default(),
        starts_on,
        due_on,
        state,
        side,
        mine,
        assignee,
        overdue,
        done_on,
        done_by: done_by.map(|(by, _)| by),
        may_do,
        held_by: theirs.held_by(task),
        may_delegate,
        colleagues: if may_delegate { colleagues(tx, guest).await? } else { Vec::new() },
        comments: said(app, tx, guest, id).await?,
        files: files(app, tx, guest, id).await?,
    })
}

/// Whoever else of the customer works on tasks of theirs: those with access, and stakeholders who would get it.
async fn colleagues(tx: &mut Tx, guest: &Guest) -> Result<Vec<Colleague>, AppError> {
    let mut all: Vec<(ContactId, String)> = Vec::new();
    let works = |role: PortalRole| may(role, Resource::OwnTask, Right::Do);
    let mut invited: BTreeSet<ContactId> = BTreeSet::new();
    for access in portal::of_onboarding(tx, guest.workspace, guest.onboarding).await? {
        // Who only had the portal looked at for them was never invited.
        if access.made_by.is_empty() {
            continue;
        }
        invited.insert(access.contact);
        if access.revoked_at.is_none() && works(access.role) {
            all.push((access.contact, access.name));
        }
    }
    for one in people::of_onboarding(tx, guest.workspace, guest.onboarding).await? {
        if one.left_on.is_none() && !invited.contains(&one.contact) && works(PortalRole::of(&[one.role])) {
            all.push((one.contact, one.name));
        }
    }
    all.retain(|(known, _)| *known != guest.contact);
    all.sort_by_key(|(_, name)| name.to_lowercase());
    Ok(all.into_iter().map(|(id, name)| Colleague { id: id.to_string(), name }).collect())
}

/// Says that a task is done. One that is done already stays so; then the answer is no.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Barred`] when the plan does not allow it; or when
/// the database fails.
#[boxed]
pub async fn finish(app: &App, actor: &Actor, id: TaskId) -> Result<bool, AppError> {
    match Box::pin(finish_once(app, actor, id)).await {
        // Somebody was faster in the same moment, perhaps with the same.
        Err(AppError::Stale { .. } | AppError::Overtaken) => Box::pin(finish_once(app, actor, id)).await,
        done => done,
    }
}

async fn finish_once(app: &App, actor: &Actor, id: TaskId) -> Result<bool, AppError> {
    let mut tx = app.db.write().await?;
    let (guest, task) = mine(&mut tx, actor, id).await?;
    if matches!(task.state, TaskState::Done { .. }) {
        return Ok(false);
    }
    let today = app.today();
    let mut changes = Vec::new();
    if matches!(task.state, TaskState::Blocked { .. }) {
        changes.push(Change::Unblock { task: task.code.clone() });
    }
    // Whoever finishes early began early.
    let started_on = task.state.started_on().is_none().then(|| task.start.min(today));
    changes.push(Change::Finish { task: task.code, on: today, started_on });
    worked(app, &mut tx, actor, guest.onboarding, changes).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes back today that a task is done. One that nobody has done stays so.
///
/// # Errors
/// As [`finish`].
#[boxed]
pub async fn reopen(app: &App, actor: &Actor, id: TaskId) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    let (guest, task) = mine(&mut tx, actor, id).await?;
    if !task.state.is_over() {
        return Ok(());
    }
    if task.state.finished_on() != Some(app.today()) {
        return Err(AppError::Barred(Barrier::DoneBefore));
    }
    let changes = vec![Change::Reopen { task: task.code }];
    worked(app, &mut tx, actor, guest.onboarding, changes).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives a task to a colleague, who finds it among what waits for them.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Invalid`] when they are nobody who works on tasks,
/// [`AppError::Barred`] when the task is over; or when the database fails.
#[boxed]
pub async fn delegate(app: &App, actor: &Actor, id: TaskId, to: ContactId) -> Result<String, AppError> {
    actor.require_guest(Resource::Delegate, Right::Do)?;
    let mut tx = app.db.write().await?;
    let (guest, task) = mine(&mut tx, actor, id).await?;
    if task.state.is_over() {
        return Err(AppError::Barred(Barrier::TaskOver));
    }
    let known = colleagues(&mut tx, &guest).await?;
    let word = to.to_string();
    let Some(colleague) = known.into_iter().find(|one| one.id == word) else {
        return Err(AppError::Invalid(vec![Problem::of("colleague", Fault::Nobody)]));
    };
    if matches!(&task.assignee, Some(Assignee::Contact { id, .. }) if *id == to) {
        return Ok(colleague.name);
    }
    let title = task.name.clone();
    let assignee = Some(Assignee::Contact { id: to, name: colleague.name.clone() });
    let changes = vec![Change::Assign { task: task.code, assignee }];
    worked(app, &mut tx, actor, guest.onboarding, changes).await?;
    let head = register::onboarding(&mut tx, actor, guest.onboarding).await?;
    let summary = format!("{} gave “{title}” to {}", actor.name, colleague.name);
    register::record(app, &mut tx, actor, &head, "portal.delegated", summary).await?;
    tx.commit().await?;
    Ok(colleague.name)
}

/// Changes the plan for a guest. Why it does not allow something is the team's to know: gates and what is missing at
/// them are named nowhere in a portal.
async fn worked(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    changes: Vec<Change>,
) -> Result<(), AppError> {
    match change_with(app, tx, actor, id, None, changes, None).await {
        Ok(_) => Ok(()),
        Err(AppError::Refusal(_) | AppError::Invalid(_)) => Err(AppError::Barred(Barrier::PlanRefuses)),
        Err(error) => Err(error),
    }
}

/// A task the guest may act on.
async fn mine(tx: &mut Tx, actor: &Actor, id: TaskId) -> Result<(Guest, RunningTask), AppError> {
    let guest = *actor.require_guest(Resource::Plan, Right::See)?;
    let theirs = Theirs::find(tx, &guest).await?;
    let task = theirs.task(&guest, id).ok_or_else(|| AppError::missing("task", id))?;
    let needs = if is_mine(&guest, &theirs.name, task) { Resource::OwnTask } else { Resource::AnyTask };
    actor.require_guest(needs, Right::Do)?;
    Ok((guest, task.clone()))
}
