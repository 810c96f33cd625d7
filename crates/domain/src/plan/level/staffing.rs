//! Who there is, and what each task needs of them.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{LiveError, PlanSpec};

/// Resources, and what tasks need of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Staffing {
    /// People, roles, rooms: whatever there is only so much of.
    pub resources: Vec<Resource>,
    /// What tasks need.
    pub demands: Vec<Demand>,
}

/// Something there is only so much of on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Id.
    pub id: String,
    /// Units on a day: 1 for a person who does one thing at a time, 100 to count per cent.
    pub capacity: u32,
    /// Calendar of the plan on whose days off nobody is there. Tasks that need the resource rest on these
    /// days and go on after them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// Periods with another capacity; where they overlap, the least counts. Tasks do not rest then:
    /// they wait until they can be done in one go.
    #[serde(default)]
    pub limits: Vec<Limit>,
}

/// A period in which there is more or less of a resource than usual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Units on each of them.
    pub capacity: u32,
}

/// What a task needs on every day it is worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// The task.
    pub task: String,
    /// The resource.
    pub resource: String,
    /// Units.
    pub units: u32,
}

/// Why a plan cannot be levelled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LevelError {
    /// The plan cannot be scheduled.
    #[error(transparent)]
    Live(#[from] LiveError),
    /// Two resources have the same id.
    #[error("the resource id `{0}` is used more than once")]
    DuplicateResource(String),
    /// A demand names what is not there.
    #[error("the demand of `{task}` for `{resource}` names a {what} that is not there")]
    Unknown {
        /// The task.
        task: String,
        /// The resource.
        resource: String,
        /// `task` or `resource`.
        what: &'static str,
    },
    /// A task needs more than there ever is.
    #[error("`{task}` needs {needed} of `{resource}`, of which there are {capacity}")]
    TooMuch {
        /// The task.
        task: String,
        /// The resource.
        resource: String,
        /// Units needed, all demands together.
        needed: u64,
        /// Units there are.
        capacity: u32,
    },
    /// Levelling would take the plan beyond all use.
    #[error("with these people the plan would take more than {0} days")]
    TooLong(i64),
}

impl Staffing {
    /// The plan with each task on the calendars of all it needs, too.
    pub(super) fn on_calendars(&self, spec: &PlanSpec) -> Result<PlanSpec, LevelError> {
        let mut spec = spec.clone();
        let first = spec.calendars.first().map(|calendar| calendar.id.clone());
        for demand in self.demands.iter().filter(|demand| demand.units > 0) {
            let unknown = |what| {
                let (task, resource) = (demand.task.clone(), demand.resource.clone());
                LevelError::Unknown { task, resource, what }
            };
            let resource = self.resources.iter().find(|resource| resource.id == demand.resource);
            let resource = resource.ok_or_else(|| unknown("resource"))?;
            let Some(calendar) = &resource.calendar else { continue };
            let task = spec.tasks.iter_mut().find(|task| task.id == demand.task);
            let task = task.ok_or_else(|| unknown("task"))?;
            if task.calendars.is_empty() {
                task.calendars.extend(first.clone());
            }
            if !task.calendars.contains(calendar) {
                task.calendars.push(calendar.clone());
            }
        }
        Ok(spec)
    }
}
