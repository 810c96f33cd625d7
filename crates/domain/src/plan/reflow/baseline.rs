//! What was agreed, kept beside what is expected now.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{date, go_live};
use crate::calendar::day_number;
use crate::plan::{LiveError, LivePlan, Schedule};

/// The dates of a plan when they were agreed. It never changes; another agreement is another baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The day it was agreed.
    pub agreed: Date,
    /// Go-live (finish, in a plan without one).
    pub go_live: Date,
    /// Planned dates by task.
    pub tasks: BTreeMap<String, BaselineDates>,
}

/// Agreed dates of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BaselineDates {
    /// First day.
    pub start: Date,
    /// Last day.
    pub finish: Date,
}

/// How far a task is from what was agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Variance {
    /// The task.
    pub task: String,
    /// What was agreed; `None` for a task added since.
    pub agreed: Option<BaselineDates>,
    /// What is expected now; `None` for a task removed since.
    pub now: Option<BaselineDates>,
    /// Calendar days its finish is later than agreed; negative when earlier, 0 when one of them is missing.
    pub days: i64,
}

impl Baseline {
    /// Agrees on the planned dates as they are now.
    ///
    /// # Errors
    /// When the plan cannot be scheduled.
    pub fn agree(live: &LivePlan) -> Result<Self, LiveError> {
        let schedule = live.schedule()?;
        Ok(Self { agreed: live.today, go_live: go_live(live, &schedule)?, tasks: dates(&schedule)? })
    }

    /// Every task of then and now with how far it is from what was agreed, by id.
    ///
    /// # Errors
    /// When the schedule is that of a continuous plan.
    pub fn variances(&self, schedule: &Schedule) -> Result<Vec<Variance>, LiveError> {
        let now = dates(schedule)?;
        let all: std::collections::BTreeSet<&String> = self.tasks.keys().chain(now.keys()).collect();
        let variance = |task: &String| {
            let (agreed, now) = (self.tasks.get(task).copied(), now.get(task).copied());
            let days = match (agreed, now) {
                (Some(agreed), Some(now)) => day_number(now.finish) - day_number(agreed.finish),
                _ => 0,
            };
            Variance { task: task.clone(), agreed, now, days }
        };
        Ok(all.into_iter().map(variance).collect())
    }
}

fn dates(schedule: &Schedule) -> Result<BTreeMap<String, BaselineDates>, LiveError> {
    let row = |task: &crate::plan::Scheduled| {
        Ok((task.id.clone(), BaselineDates { start: date(task.start)?, finish: date(task.finish)? }))
    };
    schedule.tasks.iter().map(row).collect()
}
