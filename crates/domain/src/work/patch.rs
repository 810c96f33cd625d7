//! What takes a change back: the objects it touched, as they were.

use serde::{Deserialize, Serialize};

use super::{Ground, RunningMilestone, RunningPlan, RunningTask};
use crate::plan::LinkSpec;

/// Objects of a plan as they were before a change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Patch {
    /// Tasks, with their place in the plan.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<(usize, RunningTask)>,
    /// Milestones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<RunningMilestone>,
    /// Tasks that were not there (codes).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
    /// All links, when some changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<Vec<LinkSpec>>,
    /// What the plan stands on, when it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
}

impl Patch {
    /// A task as it is now.
    pub(super) fn of_task(plan: &RunningPlan, code: &str) -> Self {
        let placed = plan.tasks.iter().enumerate().find(|(_, task)| task.code == code);
        Self { tasks: placed.map(|(at, task)| (at, task.clone())).into_iter().collect(), ..Self::default() }
    }

    /// A milestone as it is now.
    pub(super) fn of_milestone(milestone: &RunningMilestone) -> Self {
        Self { milestones: vec![milestone.clone()], ..Self::default() }
    }

    /// The links as they are now, beside what it holds already.
    pub(super) fn and_links(self, plan: &RunningPlan) -> Self {
        Self { links: Some(plan.links.clone()), ..self }
    }

    /// The ground as it is now, beside what it holds already.
    pub(super) fn and_ground(self, plan: &RunningPlan) -> Self {
        Self { ground: Some(plan.ground.clone()), ..self }
    }

    /// Puts everything back, and returns what would take that back.
    #[must_use]
    pub fn apply(self, plan: &mut RunningPlan) -> Self {
        let Self { tasks, milestones, remove, links, ground } = self;
        let mut inverse = Self::default();
        for code in remove {
            if let Some(at) = plan.tasks.iter().position(|task| task.code == code) {
                inverse.tasks.push((at, plan.tasks.remove(at)));
            }
        }
        for (at, task) in tasks {
            let known = plan.tasks.iter().position(|known| known.code == task.code);
            if let Some(place) = known
                && let Some(known) = plan.tasks.get_mut(place)
            {
                inverse.tasks.push((place, std::mem::replace(known, task)));
            } else {
                inverse.remove.push(task.code.clone());
                plan.tasks.insert(at.min(plan.tasks.len()), task);
            }
        }
        for milestone in milestones {
            if let Some(known) = plan.milestones.iter_mut().find(|known| known.code == milestone.code) {
                inverse.milestones.push(std::mem::replace(known, milestone));
            }
        }
        if let Some(links) = links {
            inverse.links = Some(std::mem::replace(&mut plan.links, links));
        }
        if let Some(ground) = ground {
            let as_of = plan.ground.as_of;
            inverse.ground = Some(std::mem::replace(&mut plan.ground, Ground { as_of, ..ground }));
        }
        inverse
    }

    /// Codes of everything it puts back.
    #[must_use]
    pub fn subjects(&self) -> Vec<String> {
        let tasks = self.tasks.iter().map(|(_, task)| task.code.clone());
        let milestones = self.milestones.iter().map(|milestone| milestone.code.clone());
        tasks.chain(milestones).chain(self.remove.iter().cloned()).collect()
    }
}
