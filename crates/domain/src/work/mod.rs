//! A plan that is being worked: states of its tasks, changes, and a ledger that explains every day.
//!
//! [`RunningPlan`] is what rows hold: tasks, milestones, links and calendars with what happened. A [`Change`] is
//! applied to it and the whole is scheduled again from scratch by the engine ([`crate::plan::LivePlan`]);
//! [`run`] does both and writes an [`Entry`] of the ledger for each. Days that passed without the work that was
//! planned for them are entries too ([`catch_up`]), so that the entries always sum to the total movement.

mod change;
mod gate;
mod late;
mod ledger;
mod model;
mod network;
mod outlook;
mod patch;
mod recurring;
mod run;
mod state;
mod template;

#[cfg(test)]
mod tests;

pub use change::{Addition, Change};
pub use gate::{Checked, GateCheck, Verdict, check_gate, held, run_facts};
pub use late::{Lateness, lateness, live_on};
pub use ledger::{Entry, Movement, totals};
pub use model::*;
pub use network::{live_plan, reschedule};
pub use outlook::{Took, look_ahead, promised, seed, took};
pub use patch::Patch;
pub use recurring::*;
pub use run::{Context, Outcome, catch_up, note, run, undo};
pub use state::{StateError, TaskState};
pub use template::{Beginning, bundle};

use jiff::civil::Date;
use thiserror::Error;

use crate::plan::{LiveError, PlanError, explain_cycle};

/// Why a change of a plan is refused. Nothing has changed then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WorkError {
    /// The state of the task does not allow it.
    #[error("“{task}”: {error}")]
    State {
        /// Name of the task.
        task: String,
        /// Why.
        error: StateError,
    },
    /// There is no such task or milestone in the plan.
    #[error("there is no task or milestone `{0}` in this plan")]
    Unknown(String),
    /// What happened cannot have happened later than today.
    #[error("{on} is in the future: say what happened, up to {today}")]
    Future {
        /// The day given.
        on: Date,
        /// Today.
        today: Date,
    },
    /// Links would go round in a circle.
    #[error("these would wait for each other: {}", explain_cycle(.0))]
    Cycle(Vec<String>),
    /// Others wait for a task that is to be removed.
    #[error(
        "“{task}” cannot be removed: {} for it. Remove it with `join`, so that they wait for what it waits for",
        waits(.successors)
    )]
    DependedOn {
        /// Name of the task.
        task: String,
        /// Names of those that wait for it.
        successors: Vec<String>,
    },
    /// The kickoff and the go-live stay in the plan.
    #[error("“{0}” cannot be removed or skipped: the dates of the onboarding are measured by it")]
    Pinned(String),
    /// Nobody has decided to go live.
    #[error(
        "“{0}” cannot be done yet: no decision to go live stands. Decide on the page Go-live of the onboarding; \
         without a decision a leader lets it go on there, with a reason"
    )]
    Undecided(String),
    /// A gate before the task is closed.
    #[error("“{task}” waits behind the gate “{gate}”: {missing}. Pass the gate, or waive it with a reason")]
    Held {
        /// Name of the task.
        task: String,
        /// Name of the gate.
        gate: String,
        /// What is missing, in words.
        missing: String,
    },
    /// The criteria of a gate do not hold.
    #[error("the gate “{gate}” cannot be passed yet: {missing}")]
    Closed {
        /// Name of the gate.
        gate: String,
        /// What is missing, in words.
        missing: String,
    },
    /// A value that cannot be used; the field is as the API calls it.
    #[error("{field} {message}")]
    Invalid {
        /// Name of the field.
        field: &'static str,
        /// The rest of the sentence that begins with the field.
        message: String,
    },
    /// The engine cannot schedule the plan then.
    #[error("the plan cannot be scheduled then: {0}")]
    Plan(PlanError),
    /// What is said to have happened cannot have.
    #[error("the plan cannot be scheduled then: {0}")]
    Live(LiveError),
}

impl WorkError {
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }
}

impl From<LiveError> for WorkError {
    fn from(error: LiveError) -> Self {
        match error {
            LiveError::Plan(error) => error.into(),
            error => Self::Live(error),
        }
    }
}

impl From<PlanError> for WorkError {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Cycle(tasks) => Self::Cycle(tasks),
            error => Self::Plan(error),
        }
    }
}

/// `“a” and “b” wait`, `“a” waits`.
fn waits(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let quoted: Vec<String> = names.iter().take(SHOWN).map(|name| format!("“{name}”")).collect();
    match (quoted.as_slice(), names.len()) {
        ([only], 1) => format!("{only} waits"),
        (shown, count) if count > SHOWN => format!("{} and {} more wait", shown.join(", "), count - SHOWN),
        ([first @ .., last], _) => format!("{} and {last} wait", first.join(", ")),
        ([], _) => "others wait".to_owned(),
    }
}
