//! Why dates moved: one entry for each change, each with the go-live and the end before and after it.
//!
//! An entry begins with the dates the one before ended with, so that their movements always sum to the movement
//! of the whole, whatever the calendars: nothing is apportioned, everything is the difference of two schedules.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Because, Patch, Promise, RunningPlan};
use crate::programme::Side;

/// A change, and what it did to the dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What kind of change, such as `finish` or `slip`.
    pub kind: &'static str,
    /// Who answers for it.
    pub side: Side,
    /// What was changed (codes).
    pub subjects: Vec<String>,
    /// In words.
    pub summary: String,
    /// The dates before.
    pub before: Promise,
    /// And after.
    pub after: Promise,
    /// Every task and milestone whose last day moved.
    pub moves: Vec<Movement>,
    /// What takes it back; empty where nothing can.
    pub undo: Patch,
}

impl Entry {
    /// Calendar days by which it moved the go-live; negative when it came forward.
    #[must_use]
    pub fn go_live_days(&self) -> i64 {
        i64::from((self.after.go_live - self.before.go_live).get_days())
    }

    /// Calendar days by which it moved the end.
    #[must_use]
    pub fn finish_days(&self) -> i64 {
        i64::from((self.after.finish - self.before.finish).get_days())
    }

    /// In words somebody gave, and answered for by whom they said.
    pub(super) fn because(self, because: Option<&Because>) -> Self {
        match because {
            None => self,
            Some(Because { summary, side }) if summary.is_empty() => Self { side: *side, ..self },
            Some(Because { summary, side }) => {
                Self { summary: format!("{}: {summary}", self.summary), side: *side, ..self }
            }
        }
    }
}

/// A task or milestone whose last day moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// Which (code).
    pub code: String,
    /// Its last day before.
    pub from: Date,
    /// And after.
    pub to: Date,
}

/// Last days of everything.
pub(super) struct Snapshot {
    promise: Promise,
    days: BTreeMap<String, Date>,
}

impl Snapshot {
    pub fn of(plan: &RunningPlan) -> Self {
        let tasks = plan.tasks.iter().map(|task| (task.code.clone(), task.finish));
        let milestones = plan.milestones.iter().map(|milestone| (milestone.code.clone(), milestone.planned));
        Self { promise: plan.promise(), days: tasks.chain(milestones).collect() }
    }

    /// The dates that matter.
    pub fn promise(&self) -> Promise {
        self.promise
    }

    /// What has moved since, in the order of the plan.
    pub fn moves(&self, plan: &RunningPlan) -> Vec<Movement> {
        let tasks = plan.tasks.iter().map(|task| (&task.code, task.finish));
        let milestones = plan.milestones.iter().map(|milestone| (&milestone.code, milestone.planned));
        tasks
            .chain(milestones)
            .filter_map(|(code, to)| {
                let from = *self.days.get(code)?;
                (from != to).then(|| Movement { code: code.clone(), from, to })
            })
            .collect()
    }
}

/// Calendar days by which the go-live and the end moved, by who answers for them.
#[must_use]
pub fn totals(entries: impl IntoIterator<Item = (Side, Promise, Promise)>) -> BTreeMap<Side, [i64; 2]> {
    let mut sums: BTreeMap<Side, [i64; 2]> =
        [Side::Vendor, Side::Customer, Side::Joint].into_iter().map(|side| (side, [0, 0])).collect();
    for (side, before, after) in entries {
        let [go_live, finish] = sums.entry(side).or_default();
        *go_live += i64::from((after.go_live - before.go_live).get_days());
        *finish += i64::from((after.finish - before.finish).get_days());
    }
    sums
}
