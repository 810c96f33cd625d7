//! Work that comes up: tasks added to a plan by people, and by what they decide elsewhere.

use gangway_domain::ids::{CheckId, OnboardingId, TaskId};
use gangway_domain::programme::Side;
use gangway_domain::work::{Addition, Assignee, Because, Change, Origin};
use gangway_store::Tx;
use gangway_store::work::{self as rows, checklist};
use jiff::civil::Date;

use super::{Outcome, change_with};
use crate::error::AppError;
use crate::{Actor, App};

/// A task that comes up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// What is done.
    pub name: String,
    /// Whose calendar it runs on, and who answers for it.
    pub side: Side,
    /// Role as people see it.
    pub role: Option<String>,
    /// Who does it.
    pub assignee: Option<Assignee>,
    /// Working days.
    pub days: u32,
    /// Does not start before.
    pub not_before: Option<Date>,
    /// Must be finished by.
    pub finish_by: Option<Date>,
    /// What it waits for (codes).
    pub after: Vec<String>,
    /// Phase (its code); the one that runs when left out.
    pub phase: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

impl From<NewTask> for Change {
    fn from(task: NewTask) -> Self {
        let NewTask { name, side, role, assignee, days, not_before, finish_by, after, phase, origin } = task;
        let task = Addition {
            code: None,
            name,
            side,
            role,
            assignee,
            days,
            not_before,
            finish_by,
            after,
            before: Vec::new(),
            phase,
            origin,
            checklist: Vec::new(),
        };
        Self::Add { task }
    }
}

/// Adds tasks to a plan in a transaction of somebody else, who has asked for permission. Gives their ids in order.
pub(crate) async fn add_tasks(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    onboarding: OnboardingId,
    because: Because,
    tasks: Vec<NewTask>,
) -> Result<Vec<TaskId>, AppError> {
    let changes: Vec<Change> = tasks.into_iter().map(Change::from).collect();
    let outcome = change_with(app, tx, actor, onboarding, None, changes, Some(because)).await?;
    let stored = rows::get(tx, actor.workspace, onboarding).await?;
    let stored = stored.ok_or_else(|| AppError::missing("onboarding", onboarding))?;
    let added = outcome.entries.iter().filter(|entry| entry.kind == "add");
    let codes = added.filter_map(|entry| entry.subjects.first());
    Ok(codes.filter_map(|code| stored.tasks.get(code)).map(|facts| facts.id).collect())
}

/// The tasks that changes add, in order.
fn additions(changes: &[Change]) -> impl Iterator<Item = &Addition> {
    changes.iter().flat_map(|change| match change {
        Change::Add { task } => std::slice::from_ref(task),
        Change::Bundle { tasks, .. } => tasks.as_slice(),
        _ => &[],
    })
}

/// The checklists of the tasks that changes add, in order.
pub(super) fn checklists(changes: &[Change]) -> Vec<Vec<String>> {
    additions(changes).map(|task| task.checklist.clone()).collect()
}

/// Keeps the checklists of tasks that were just added.
pub(super) async fn keep_checklists(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    onboarding: OnboardingId,
    outcome: &Outcome,
    lists: Vec<Vec<String>>,
) -> Result<(), AppError> {
    if lists.iter().all(Vec::is_empty) {
        return Ok(());
    }
    let stored = rows::get(tx, actor.workspace, onboarding).await?;
    let stored = stored.ok_or_else(|| AppError::missing("onboarding", onboarding))?;
    let added = outcome.entries.iter().filter(|entry| matches!(entry.kind, "add" | "bundle"));
    for (code, list) in added.flat_map(|entry| &entry.subjects).zip(lists) {
        let Some(facts) = stored.tasks.get(code) else { continue };
        for said in list {
            let item = checklist::Item {
                id: CheckId::fresh(&*app.ids),
                onboarding,
                task: facts.id,
                said: said.split_whitespace().collect::<Vec<_>>().join(" "),
                done_by: None,
                done_at: None,
            };
            checklist::insert(tx, actor.workspace, &item).await?;
        }
    }
    Ok(())
}
