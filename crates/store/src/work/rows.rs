//! A plan that was read already, as the rows lists and pictures show.

use gangway_domain::work::TaskState;

use super::Stored;
use crate::error::StoreError;
use crate::link::Link;
use crate::milestone::Milestone;
use crate::phase::Phase;
use crate::task::Task;
use crate::value::word;

impl Stored {
    /// Its phases in order.
    ///
    /// # Errors
    /// When a stage has no word.
    pub fn phase_rows(&self) -> Result<Vec<Phase>, StoreError> {
        let rows = self.plan.phases.iter().map(|phase| -> Result<Phase, StoreError> {
            Ok(Phase {
                code: phase.code.clone(),
                name: phase.name.clone(),
                stage: word("stage", &phase.stage)?,
                starts_on: phase.start,
                finishes_on: phase.finish,
            })
        });
        rows.collect()
    }

    /// Its tasks in order of the plan.
    ///
    /// # Errors
    /// When a side has no word.
    pub fn task_rows(&self) -> Result<Vec<Task>, StoreError> {
        let mut rows = Vec::with_capacity(self.plan.tasks.len());
        for task in &self.plan.tasks {
            let Some(facts) = self.tasks.get(&task.code) else { continue };
            let because = match &task.state {
                TaskState::Blocked { because, .. } => Some(because.clone()),
                TaskState::Skipped { reason } => Some(reason.clone()),
                TaskState::Open | TaskState::Started { .. } | TaskState::Done { .. } => None,
            };
            rows.push(Task {
                id: facts.id,
                code: task.code.clone(),
                phase: task.phase.clone(),
                name: task.name.clone(),
                side: word("side", &task.side)?,
                role: task.role.clone(),
                assignee: task.assignee.as_ref().map(|who| who.name().to_owned()),
                days: i64::from(task.days),
                starts_on: task.start,
                finishes_on: task.finish,
                slack: task.slack,
                critical: task.critical,
                status: task.state.word().to_owned(),
                because,
                baseline_starts_on: facts.baseline.map(|(start, ..)| start.into()),
                baseline_finishes_on: facts.baseline.map(|(_, finish, _)| finish.into()),
            });
        }
        Ok(rows)
    }

    /// Its milestones in order of the plan.
    ///
    /// # Errors
    /// When a kind has no word.
    pub fn milestone_rows(&self) -> Result<Vec<Milestone>, StoreError> {
        let mut rows = Vec::with_capacity(self.plan.milestones.len());
        for milestone in &self.plan.milestones {
            let Some(facts) = self.milestones.get(&milestone.code) else { continue };
            rows.push(Milestone {
                id: facts.id,
                code: milestone.code.clone(),
                phase: milestone.phase.clone(),
                name: milestone.name.clone(),
                kind: word("milestone kind", &milestone.kind)?,
                gate: milestone.gate,
                due_on: milestone.due,
                planned_on: milestone.planned,
            });
        }
        Ok(rows)
    }

    /// Its dependencies in order of the plan.
    ///
    /// # Errors
    /// When a kind has no word.
    pub fn link_rows(&self) -> Result<Vec<Link>, StoreError> {
        let rows = self.plan.links.iter().map(|link| -> Result<Link, StoreError> {
            Ok(Link {
                from_code: link.from.clone(),
                to_code: link.to.clone(),
                kind: word("link kind", &link.kind)?,
                lag: i64::from(link.lag),
            })
        });
        rows.collect()
    }
}
