//! What can be changed of a running plan.

mod apply;
mod check;
mod shape;
mod words;

pub(super) use apply::Made;
pub(super) use check::{LONGEST_NAME, checked_days, said};
pub(super) use words::day;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Assignee, Origin, RunningPlan, TaskState};
use crate::plan::{CalendarSpec, LinkSpec};
use crate::programme::Side;

/// A change of a running plan. Tasks and milestones are named by their codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// Work on a task has begun.
    Start {
        /// The task.
        task: String,
        /// First day of work.
        on: Date,
    },
    /// A task is done.
    Finish {
        /// The task.
        task: String,
        /// Last day of work.
        on: Date,
        /// First day of work, when nobody said that it began; the planned one when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        started_on: Option<Date>,
    },
    /// A task cannot go on.
    Block {
        /// The task.
        task: String,
        /// Since when.
        since: Date,
        /// Why.
        because: String,
        /// The task it waits for, when it is one of the plan.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// A task can go on.
    Unblock {
        /// The task.
        task: String,
    },
    /// A task is one step back: done is started, started or skipped is open.
    Reopen {
        /// The task.
        task: String,
    },
    /// A task will not be done. What waited for it waits for what it waited for.
    Skip {
        /// The task.
        task: String,
        /// Why.
        reason: String,
    },
    /// Somebody else does a task; nobody when left out.
    Assign {
        /// The task.
        task: String,
        /// Who.
        #[serde(default)]
        assignee: Option<Assignee>,
    },
    /// A task has another name.
    Rename {
        /// The task.
        task: String,
        /// The name.
        name: String,
    },
    /// A task takes so many working days.
    SetDays {
        /// The task.
        task: String,
        /// Working days, 1 to 520.
        days: u32,
    },
    /// A task does not start before a day; as soon as possible when left out.
    Move {
        /// The task.
        task: String,
        /// The first day allowed.
        #[serde(default)]
        not_before: Option<Date>,
    },
    /// A task ends on a day somebody decided on, as soon as what it waits for lets it.
    EndOn {
        /// The task.
        task: String,
        /// Its last day.
        on: Date,
        /// Why that day, when it is one on which the task does not happen otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        despite: Option<String>,
    },
    /// A task must be finished by a day; by none when left out.
    FinishBy {
        /// The task.
        task: String,
        /// The last day allowed.
        #[serde(default)]
        by: Option<Date>,
    },
    /// A task that is new.
    Add {
        /// The task.
        task: Addition,
    },
    /// Several tasks that are new, such as those of a template: one entry of the ledger.
    Bundle {
        /// What they are called together.
        name: String,
        /// The tasks, 1 to 100; each after those it waits for.
        tasks: Vec<Addition>,
    },
    /// A task leaves the plan.
    Remove {
        /// The task.
        task: String,
        /// What waited for it waits for what it waited for; without, a task that others wait for stays.
        #[serde(default)]
        join: bool,
    },
    /// One waits for another.
    Link {
        /// The link.
        link: LinkSpec,
    },
    /// One does not wait for another any more.
    Unlink {
        /// The one before.
        from: String,
        /// The one after.
        to: String,
    },
    /// A party works on other days.
    Calendar {
        /// The calendar in place of that of the same id.
        calendar: CalendarSpec,
    },
    /// The customer wants another go-live; none when left out.
    Target {
        /// The day.
        #[serde(default)]
        on: Option<Date>,
    },
    /// A milestone is reached; a gate only when its criteria hold.
    Reach {
        /// The milestone.
        milestone: String,
        /// The day.
        on: Date,
    },
    /// A milestone is not reached after all.
    Unreach {
        /// The milestone.
        milestone: String,
    },
    /// A milestone has another name.
    RenameMilestone {
        /// The milestone.
        milestone: String,
        /// The name.
        name: String,
    },
    /// A milestone that is not reached is due on another day. The plan reaches it when it does: only whether that is late
    /// follows from it.
    SetDue {
        /// The milestone.
        milestone: String,
        /// The day.
        on: Date,
    },
    /// A gate does not hold anything up any more.
    Waive {
        /// The gate.
        milestone: String,
        /// Why.
        reason: String,
        /// Since when, no later than today; today when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<Date>,
    },
    /// A person says that a criterion no rule can tell is met, or that it is not.
    Confirm {
        /// The milestone.
        milestone: String,
        /// The criterion in words.
        criterion: String,
        /// Whether it is met.
        met: bool,
    },
}

/// A task to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Addition {
    /// Id inside the plan; made when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What is done.
    pub name: String,
    /// Whose calendar it runs on, and who answers for it.
    pub side: Side,
    /// Role as people see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Assignee>,
    /// Working days, 1 to 520.
    pub days: u32,
    /// Does not start before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Date>,
    /// Must be finished by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_by: Option<Date>,
    /// What it waits for (codes).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// What waits for it (codes).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<String>,
    /// Phase (its code); the one that runs when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// Where it comes from.
    #[serde(default = "by_a_person")]
    pub origin: Origin,
    /// Lines of its checklist, at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<String>,
}

fn by_a_person() -> Origin {
    Origin::Person
}

impl Change {
    /// The task (its code) that is already what this change would make of it; none where it still changes something.
    #[must_use]
    pub fn repeats(&self, plan: &RunningPlan) -> Option<&str> {
        let state = |task: &str| plan.task(task).map(|known| &known.state);
        let (task, is_so) = match self {
            Self::Start { task, .. } => {
                (task, state(task).is_some_and(|state| state.is_over() || state.started_on().is_some()))
            }
            Self::Finish { task, .. } => (task, state(task).is_some_and(TaskState::is_over)),
            _ => return None,
        };
        is_so.then_some(task.as_str())
    }

    /// The word of its kind.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Start { .. } => "start",
            Self::Finish { .. } => "finish",
            Self::Block { .. } => "block",
            Self::Unblock { .. } => "unblock",
            Self::Reopen { .. } => "reopen",
            Self::Skip { .. } => "skip",
            Self::Assign { .. } => "assign",
            Self::Rename { .. } => "rename",
            Self::SetDays { .. } => "set-days",
            Self::Move { .. } => "move",
            Self::EndOn { .. } => "end-on",
            Self::FinishBy { .. } => "finish-by",
            Self::Add { .. } => "add",
            Self::Bundle { .. } => "bundle",
            Self::Remove { .. } => "remove",
            Self::Link { .. } => "link",
            Self::Unlink { .. } => "unlink",
            Self::Calendar { .. } => "calendar",
            Self::Target { .. } => "target",
            Self::Reach { .. } => "reach",
            Self::Unreach { .. } => "unreach",
            Self::RenameMilestone { .. } => "rename-milestone",
            Self::SetDue { .. } => "set-due",
            Self::Waive { .. } => "waive",
            Self::Confirm { .. } => "confirm",
        }
    }

    /// It says what happened to its subject, so that its subject is not late by itself any more.
    pub(super) fn tells_what_happened(&self) -> bool {
        matches!(
            self,
            Self::Start { .. }
                | Self::Finish { .. }
                | Self::Skip { .. }
                | Self::Reach { .. }
                | Self::Waive { .. }
        )
    }

    /// The task or milestone it is about.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Start { task, .. }
            | Self::Finish { task, .. }
            | Self::Block { task, .. }
            | Self::Unblock { task }
            | Self::Reopen { task }
            | Self::Skip { task, .. }
            | Self::Assign { task, .. }
            | Self::Rename { task, .. }
            | Self::SetDays { task, .. }
            | Self::Move { task, .. }
            | Self::EndOn { task, .. }
            | Self::FinishBy { task, .. }
            | Self::Remove { task, .. } => Some(task),
            Self::Reach { milestone, .. }
            | Self::Unreach { milestone }
            | Self::RenameMilestone { milestone, .. }
            | Self::SetDue { milestone, .. }
            | Self::Waive { milestone, .. }
            | Self::Confirm { milestone, .. } => Some(milestone),
            Self::Add { .. }
            | Self::Bundle { .. }
            | Self::Link { .. }
            | Self::Unlink { .. }
            | Self::Calendar { .. }
            | Self::Target { .. } => None,
        }
    }
}
