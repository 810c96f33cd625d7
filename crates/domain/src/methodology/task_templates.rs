//! Templates for work that comes up in a running onboarding.

use serde::Deserialize;

use crate::programme::Side;

/// A file of `task-templates/`: tasks that are added to a plan together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskTemplate {
    /// Id; the name of the file.
    pub id: String,
    /// What it is called where somebody chooses it.
    pub name: String,
    /// When it is needed, one or two sentences.
    pub when: String,
    /// Its tasks, each after those it waits for.
    #[serde(rename = "task")]
    pub tasks: Vec<TemplateTask>,
}

/// A task of a template.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateTask {
    /// Id inside the template.
    pub id: String,
    /// What is done.
    pub name: String,
    /// Whose calendar it runs on, and who answers for it.
    pub side: Side,
    /// Role as people see it; empty for none.
    #[serde(default)]
    pub role: String,
    /// Working days.
    pub days: u32,
    /// Tasks above that it waits for (ids).
    #[serde(default)]
    pub after: Vec<String>,
    /// Working days of its side that it begins at least after the day the template starts on.
    #[serde(default)]
    pub offset: u32,
    /// Lines of its checklist.
    #[serde(default)]
    pub checklist: Vec<String>,
}

impl TaskTemplate {
    /// Working days of all its tasks.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.tasks.iter().map(|task| task.days).sum()
    }

    /// Sides that have something to do, each once, in the order of its tasks.
    #[must_use]
    pub fn sides(&self) -> Vec<Side> {
        let mut sides = Vec::new();
        for task in &self.tasks {
            if !sides.contains(&task.side) {
                sides.push(task.side);
            }
        }
        sides
    }
}
