//! A plan being worked: what has happened, what remains, and the day it is looked at.
//!
//! Facts win over the network. What is done lies where it was done, whatever links, calendars and
//! constraints say, and only what follows from its finish still matters. What has begun keeps its
//! start and works what remains of it from the present day on: links that would only have delayed
//! its start are moot, those that hold its finish are not ("progress override" in the words of
//! scheduling practice). What has not begun cannot happen before the present day, even if it was
//! fixed to a day that has passed. What it should have preceded may have begun without it: it is due
//! at once then, also where it was to be done as late as possible.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::network::{Fact, Network, Tie};
use super::{LinkKind, PlanError, PlanSpec, Schedule, TaskSpec, TimeModel};
use crate::calendar::{DayNumber, day_number};
use crate::programme::Side;

/// A plan being worked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LivePlan {
    /// What is planned; always a business plan. Its durations are the planned ones, whatever happened.
    pub plan: PlanSpec,
    /// The day from whose morning on everything is still open.
    pub today: Date,
    /// What is known of the tasks, by id. A task left out is joint and has not begun.
    #[serde(default)]
    pub tasks: BTreeMap<String, LiveTask>,
    /// The task that is the go-live; what is promised is measured there, otherwise at the end of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go_live: Option<String>,
}

/// What is known of a task besides its plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LiveTask {
    /// Who does it, and answers for what it moves.
    pub owner: Side,
    /// Kind of work, such as `data-migration`: what slips alike has the same kind.
    #[serde(default)]
    pub kind: String,
    /// How far it is.
    #[serde(default)]
    pub progress: Progress,
}

impl Default for LiveTask {
    fn default() -> Self {
        Self { owner: Side::Joint, kind: String::new(), progress: Progress::Open }
    }
}

/// How far a task is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Progress {
    /// It has not begun.
    #[default]
    Open,
    /// It has begun.
    Started {
        /// First day of work.
        on: Date,
        /// What somebody said is left of it; otherwise the planned days, from `on`. Less the working
        /// days of its calendar that have passed since, and at least one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remaining: Option<Estimate>,
    },
    /// It is done.
    Done {
        /// First day of work; the day it was reached, for a milestone.
        started: Date,
        /// Last day of work.
        finished: Date,
    },
}

/// What is left of a task, as somebody saw it on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// Working days still to do, from that day's morning on.
    pub days: u32,
    /// The day.
    pub as_of: Date,
}

/// Why a plan being worked cannot be scheduled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LiveError {
    /// The plan itself is wrong.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Continuous plans have no days on which anything could happen.
    #[error("a continuous plan has no dates to be worked by: use a business plan")]
    NotBusiness,
    /// Something is known of a task that is not in the plan.
    #[error("the task `{0}` is not in the plan")]
    UnknownTask(String),
    /// A milestone is reached or it is not.
    #[error("`{0}` is a milestone: it can be reached, but not begun")]
    MilestoneStarted(String),
    /// A task that has begun needs at least one day more, otherwise it is done.
    #[error("`{0}` has begun and nothing remains of it: mark it as done, with the day")]
    NothingRemains(String),
    /// A task was done before it began.
    #[error("`{task}` cannot be done on {finished}, before it began on {started}")]
    FinishedBeforeStarted {
        /// The task.
        task: String,
        /// First day.
        started: Date,
        /// Last day.
        finished: Date,
    },
    /// What has happened cannot lie in the future.
    #[error("`{task}` cannot have happened on {on}: the plan is looked at on {today}")]
    InTheFuture {
        /// The task.
        task: String,
        /// The day given.
        on: Date,
        /// The present day.
        today: Date,
    },
}

impl LivePlan {
    /// A plan of which nothing has happened yet, looked at on its first day.
    ///
    /// # Errors
    /// When the plan is not a business plan with a start.
    pub fn unworked(plan: PlanSpec) -> Result<Self, LiveError> {
        let today = match (plan.time, plan.start) {
            (TimeModel::Continuous, _) => return Err(LiveError::NotBusiness),
            (TimeModel::Business, None) => return Err(PlanError::MissingStart.into()),
            (TimeModel::Business, Some(start)) => start,
        };
        Ok(Self { plan, today, tasks: BTreeMap::new(), go_live: None })
    }

    /// What is known of a task.
    #[must_use]
    pub fn task(&self, id: &str) -> LiveTask {
        self.tasks.get(id).cloned().unwrap_or_default()
    }

    /// Who does a task; both, when nothing is known of it.
    #[must_use]
    pub fn owner(&self, id: &str) -> Side {
        self.tasks.get(id).map_or(Side::Joint, |task| task.owner)
    }

    /// Finds the dates of every task from what has happened and what remains. The critical path leads
    /// to the target task, or else to the go-live.
    ///
    /// # Errors
    /// When the plan is not well-formed, or what is said to have happened cannot have.
    pub fn schedule(&self) -> Result<Schedule, LiveError> {
        let end = self.go_live.as_deref().and_then(|id| self.position(id));
        Ok(super::solve(&self.compile()?, end)?)
    }

    /// The network with its facts.
    pub(super) fn compile(&self) -> Result<Network<'_>, LiveError> {
        if self.plan.time == TimeModel::Continuous {
            return Err(LiveError::NotBusiness);
        }
        let mut net = Network::compile(&self.plan)?;
        let today = day_number(self.today);
        net.floor = Some(today);
        let mut known = 0;
        for (task, spec) in self.plan.tasks.iter().enumerate() {
            let progress = match self.tasks.get(&spec.id) {
                Some(live) => {
                    known += 1;
                    live.progress
                }
                None => Progress::Open,
            };
            self.mark(&mut net, task, spec, progress, today)?;
        }
        if known < self.tasks.len() {
            return Err(self.find_unknown());
        }
        if let Some(id) = &self.go_live {
            self.position(id).ok_or_else(|| LiveError::UnknownTask(id.clone()))?;
        }
        net.retain_edges(|edge, nodes| match nodes.get(edge.to).and_then(|node| node.fact) {
            None => true,
            Some(Fact::Started(_)) => matches!(edge.kind, LinkKind::FinishFinish | LinkKind::StartFinish),
            Some(Fact::Done { .. }) => false,
        });
        Ok(net)
    }

    /// Position of a task in the plan.
    pub(super) fn position(&self, id: &str) -> Option<usize> {
        self.plan.tasks.iter().position(|task| task.id == id)
    }

    fn find_unknown(&self) -> LiveError {
        let ids: std::collections::BTreeSet<&str> =
            self.plan.tasks.iter().map(|task| task.id.as_str()).collect();
        let unknown = self.tasks.keys().find(|id| !ids.contains(id.as_str()));
        LiveError::UnknownTask(unknown.cloned().unwrap_or_default())
    }

    fn mark(
        &self,
        net: &mut Network<'_>,
        task: usize,
        spec: &TaskSpec,
        progress: Progress,
        today: DayNumber,
    ) -> Result<(), LiveError> {
        self.check(spec, progress)?;
        let calendar = net.nodes.get(task).map(|node| node.calendar);
        let passed = |from: DayNumber| {
            let calendar = calendar.and_then(|calendar| net.calendars.get(calendar));
            calendar.map_or(0, |calendar| calendar.worked_before(today) - calendar.worked_before(from))
        };
        let remains = match progress {
            Progress::Started { on, remaining } => {
                let Estimate { days, as_of } = estimate(spec, on, remaining);
                (i64::from(days) - passed(day_number(as_of)).max(0)).max(1)
            }
            _ => i64::from(spec.duration),
        };
        let Some(node) = net.nodes.get_mut(task) else { return Ok(()) };
        match progress {
            Progress::Open => {
                if let Some((Tie::FixedStart, at)) = node.constraint
                    && at < today
                {
                    node.constraint = None;
                }
            }
            Progress::Started { on, .. } => {
                node.fact = Some(Fact::Started(day_number(on)));
                node.duration = remains;
                node.avoid = None;
                node.constraint = node.constraint.filter(|(tie, _)| *tie == Tie::FinishBy);
            }
            Progress::Done { started, finished } => {
                let finish = day_number(finished) + 1;
                let start = if spec.duration == 0 { finish } else { day_number(started) };
                node.fact = Some(Fact::Done { start, finish });
                node.avoid = None;
                node.constraint = None;
            }
        }
        Ok(())
    }

    /// Whether something can have happened so.
    fn check(&self, spec: &TaskSpec, progress: Progress) -> Result<(), LiveError> {
        let past = |on: Date| match on > self.today {
            true => Err(LiveError::InTheFuture { task: spec.id.clone(), on, today: self.today }),
            false => Ok(()),
        };
        match progress {
            Progress::Open => Ok(()),
            Progress::Started { .. } if spec.duration == 0 => {
                Err(LiveError::MilestoneStarted(spec.id.clone()))
            }
            Progress::Started { remaining: Some(Estimate { days: 0, .. }), .. } => {
                Err(LiveError::NothingRemains(spec.id.clone()))
            }
            Progress::Started { on, remaining } => {
                past(on)?;
                remaining.map_or(Ok(()), |estimate| past(estimate.as_of))
            }
            Progress::Done { started, finished } if finished < started => {
                Err(LiveError::FinishedBeforeStarted { task: spec.id.clone(), started, finished })
            }
            Progress::Done { finished, .. } => past(finished),
        }
    }
}

/// What there is to do of a task that has begun, and from when on: what somebody said, or all of it.
pub(super) fn estimate(spec: &TaskSpec, on: Date, remaining: Option<Estimate>) -> Estimate {
    remaining.unwrap_or(Estimate { days: spec.duration, as_of: on })
}
