//! What can change in a plan being worked.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{
    CalendarSpec, Constraint, Estimate, LinkKind, LinkSpec, LiveError, LivePlan, LiveTask, Progress, TaskSpec,
};
use crate::programme::Side;

/// A change of a plan being worked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// A task is expected to take another time.
    Duration {
        /// The task.
        task: String,
        /// Working days, of the whole task.
        days: u32,
    },
    /// A task has begun, or what remains of it is estimated anew.
    Started {
        /// The task.
        task: String,
        /// First day of work.
        on: Date,
        /// Working days still to do from the present day on, when somebody said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remaining: Option<u32>,
    },
    /// A task is done, a milestone reached.
    Finished {
        /// The task.
        task: String,
        /// First day of work; when left out, the day it is known to have begun, or `on`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        started: Option<Date>,
        /// Last day of work.
        on: Date,
    },
    /// A task was not done, or not begun, after all.
    Reopened {
        /// The task.
        task: String,
    },
    /// A task is tied to a date (a bar was dragged), or let go.
    Moved {
        /// The task.
        task: String,
        /// To what; `None` lets it follow from its links.
        constraint: Option<Constraint>,
    },
    /// Somebody else does a task.
    Assigned {
        /// The task.
        task: String,
        /// Who.
        owner: Side,
        /// Calendars it runs on.
        calendars: Vec<String>,
    },
    /// A task was added.
    Added {
        /// The task.
        task: TaskSpec,
        /// What is known of it.
        known: LiveTask,
        /// Its links.
        #[serde(default)]
        links: Vec<LinkSpec>,
    },
    /// A task was removed, with its links.
    Removed {
        /// The task.
        task: String,
        /// What becomes of those that waited for it.
        orphans: Orphans,
    },
    /// Two tasks were linked; another lag for a link there already is.
    Linked {
        /// The link.
        link: LinkSpec,
    },
    /// A link was removed.
    Unlinked {
        /// Predecessor.
        from: String,
        /// Successor.
        to: String,
        /// Kind of the link.
        link: LinkKind,
    },
    /// A calendar was added or replaced.
    Calendar {
        /// The calendar.
        calendar: CalendarSpec,
    },
    /// Time has passed: what is not done did not happen before then.
    Passed {
        /// The present day now.
        today: Date,
    },
}

/// What becomes of tasks that waited for one that is removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Orphans {
    /// The task is not removed while others wait for it.
    #[default]
    Refuse,
    /// They wait for what it waited for, finish to start, without lag.
    Bridge,
    /// They no longer wait.
    Release,
}

/// Why a change cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The plan cannot be scheduled with it.
    #[error(transparent)]
    Live(#[from] LiveError),
    /// It names a task that is not there.
    #[error("the task `{0}` is not in the plan")]
    UnknownTask(String),
    /// It adds a task that is there already.
    #[error("the task id `{0}` is used already")]
    DuplicateTask(String),
    /// It removes a link that is not there.
    #[error("there is no such link from `{from}` to `{to}`")]
    UnknownLink {
        /// Predecessor.
        from: String,
        /// Successor.
        to: String,
    },
    /// It removes a task others wait for.
    #[error("`{task}` cannot be removed: {} for it; say what they shall wait for instead", waiting(.successors))]
    Awaited {
        /// The task.
        task: String,
        /// Who waits for it.
        successors: Vec<String>,
    },
    /// It removes the go-live or the target.
    #[error("`{0}` cannot be removed: it is the go-live or the target the plan is measured by")]
    Measured(String),
    /// Time cannot go back.
    #[error("the plan is looked at on {today} already: {to} is over")]
    TimeGoesBack {
        /// The present day.
        today: Date,
        /// The day asked for.
        to: Date,
    },
}

fn waiting(successors: &[String]) -> String {
    match successors {
        [only] => format!("`{only}` waits"),
        [first, second] => format!("`{first}` and `{second}` wait"),
        [first, rest @ ..] => format!("`{first}` and {} more wait", rest.len()),
        [] => "nothing waits".to_owned(),
    }
}

impl Change {
    /// The plan with the change; whether it can be scheduled is not looked at.
    ///
    /// # Errors
    /// When the change names what is not there, or must not be made.
    pub fn apply(&self, live: &LivePlan) -> Result<LivePlan, ChangeError> {
        let mut changed = live.clone();
        self.make(&mut changed)?;
        Ok(changed)
    }

    /// Who is responsible, when nobody said: whose task it is, or whose tasks a calendar is for; `None` for
    /// time that passes, where it depends on what was waited for.
    #[must_use]
    pub fn usual_party(&self, live: &LivePlan) -> Option<Side> {
        match self {
            Self::Duration { task, .. }
            | Self::Started { task, .. }
            | Self::Finished { task, .. }
            | Self::Reopened { task }
            | Self::Moved { task, .. }
            | Self::Assigned { task, .. }
            | Self::Removed { task, .. } => Some(live.owner(task)),
            Self::Added { known, .. } => Some(known.owner),
            Self::Linked { link } => Some(live.owner(&link.to)),
            Self::Unlinked { to, .. } => Some(live.owner(to)),
            Self::Calendar { calendar } => Some(user_of(live, &calendar.id)),
            Self::Passed { .. } => None,
        }
    }

    fn make(&self, live: &mut LivePlan) -> Result<(), ChangeError> {
        match self {
            Self::Duration { task, days } => spec(live, task)?.duration = *days,
            Self::Moved { task, constraint } => spec(live, task)?.constraint = *constraint,
            Self::Started { task, on, remaining } => {
                let remaining = remaining.map(|days| Estimate { days, as_of: live.today });
                known(live, task)?.progress = Progress::Started { on: *on, remaining };
            }
            Self::Finished { task, started, on } => {
                let known = known(live, task)?;
                let begun = match known.progress {
                    Progress::Started { on, .. } => Some(on),
                    _ => None,
                };
                let started = started.or(begun).unwrap_or(*on);
                known.progress = Progress::Done { started, finished: *on };
            }
            Self::Reopened { task } => known(live, task)?.progress = Progress::Open,
            Self::Assigned { task, owner, calendars } => {
                spec(live, task)?.calendars.clone_from(calendars);
                known(live, task)?.owner = *owner;
            }
            Self::Added { task, known, links } => {
                if live.position(&task.id).is_some() {
                    return Err(ChangeError::DuplicateTask(task.id.clone()));
                }
                live.plan.tasks.push(task.clone());
                live.tasks.insert(task.id.clone(), known.clone());
                live.plan.links.extend(links.iter().cloned());
            }
            Self::Removed { task, orphans } => remove(live, task, *orphans)?,
            Self::Linked { link } => {
                let same = |other: &&mut LinkSpec| same_link(other, &link.from, &link.to, link.kind);
                match live.plan.links.iter_mut().find(same) {
                    Some(other) => other.lag = link.lag,
                    None => live.plan.links.push(link.clone()),
                }
            }
            Self::Unlinked { from, to, link } => {
                let before = live.plan.links.len();
                live.plan.links.retain(|other| !same_link(other, from, to, *link));
                if live.plan.links.len() == before {
                    return Err(ChangeError::UnknownLink { from: from.clone(), to: to.clone() });
                }
            }
            Self::Calendar { calendar } => {
                match live.plan.calendars.iter_mut().find(|other| other.id == calendar.id) {
                    Some(other) => other.clone_from(calendar),
                    None => live.plan.calendars.push(calendar.clone()),
                }
            }
            Self::Passed { today } if *today < live.today => {
                return Err(ChangeError::TimeGoesBack { today: live.today, to: *today });
            }
            Self::Passed { today } => live.today = *today,
        }
        Ok(())
    }
}

fn same_link(link: &LinkSpec, from: &str, to: &str, kind: LinkKind) -> bool {
    link.from == from && link.to == to && link.kind == kind
}

fn spec<'l>(live: &'l mut LivePlan, id: &str) -> Result<&'l mut TaskSpec, ChangeError> {
    let task = live.plan.tasks.iter_mut().find(|task| task.id == id);
    task.ok_or_else(|| ChangeError::UnknownTask(id.to_owned()))
}

fn known<'l>(live: &'l mut LivePlan, id: &str) -> Result<&'l mut LiveTask, ChangeError> {
    spec(live, id)?;
    Ok(live.tasks.entry(id.to_owned()).or_default())
}

fn remove(live: &mut LivePlan, id: &str, orphans: Orphans) -> Result<(), ChangeError> {
    spec(live, id)?;
    let target = live.plan.target.as_ref().and_then(|target| target.task.as_deref());
    if live.go_live.as_deref() == Some(id) || target == Some(id) {
        return Err(ChangeError::Measured(id.to_owned()));
    }
    let links = &live.plan.links;
    let successors: Vec<String> =
        links.iter().filter(|link| link.from == id).map(|link| link.to.clone()).collect();
    let predecessors: Vec<String> =
        links.iter().filter(|link| link.to == id).map(|link| link.from.clone()).collect();
    if orphans == Orphans::Refuse && !successors.is_empty() {
        return Err(ChangeError::Awaited { task: id.to_owned(), successors });
    }
    live.plan.links.retain(|link| link.from != id && link.to != id);
    if orphans == Orphans::Bridge {
        for from in &predecessors {
            for to in &successors {
                let there =
                    live.plan.links.iter().any(|link| same_link(link, from, to, LinkKind::FinishStart));
                if !there {
                    let (from, to) = (from.clone(), to.clone());
                    live.plan.links.push(LinkSpec { from, to, kind: LinkKind::FinishStart, lag: 0 });
                }
            }
        }
    }
    live.plan.tasks.retain(|task| task.id != id);
    live.tasks.remove(id);
    Ok(())
}

/// Whose calendar it is: the side all tasks on it belong to, joint tasks aside; both, when there are several.
fn user_of(live: &LivePlan, calendar: &str) -> Side {
    let first = live.plan.calendars.first().is_some_and(|first| first.id == calendar);
    let uses = |task: &&TaskSpec| {
        task.calendars.iter().any(|id| id == calendar) || (first && task.calendars.is_empty())
    };
    let mut sides = live.plan.tasks.iter().filter(uses).map(|task| live.owner(&task.id));
    let mut own = None;
    for side in sides.by_ref().filter(|side| *side != Side::Joint) {
        if own.is_some_and(|own| own != side) {
            return Side::Joint;
        }
        own = Some(side);
    }
    own.unwrap_or(Side::Joint)
}
