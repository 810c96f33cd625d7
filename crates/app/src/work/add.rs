//! Work that comes up: tasks added to a plan by people, and by what they decide elsewhere.

use gangway_domain::ids::{OnboardingId, TaskId};
use gangway_domain::programme::Side;
use gangway_domain::work::{Addition, Assignee, Because, Change, Origin};
use gangway_store::Tx;
use gangway_store::work as rows;
use jiff::civil::Date;

use super::change_with;
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
