//! What every change is held to: states that allow it, days that are over, gates, lengths.

use jiff::ToSpan;
use jiff::civil::Date;

use super::words::day;
use crate::rule::FactValue;
use crate::work::{Context, RunningPlan, RunningTask, StateError, TaskState, WorkError, check_gate, held};

/// Longest task, in working days: two working years.
pub(super) const LONGEST_TASK: u32 = 520;
/// Longest name, in characters.
pub(in crate::work) const LONGEST_NAME: usize = 200;
/// Longest reason, in characters.
pub(super) const LONGEST_REASON: usize = 500;
/// Years before a plan begins in which something of it may have happened.
const YEARS_BACK: i64 = 1;
/// Years ahead of a plan in which its days lie. Beyond, a digit of the year was mistyped, and every picture of the plan
/// would reach there.
const YEARS_AHEAD: i64 = 10;

pub(super) fn moved(
    task: &RunningTask,
    transition: impl FnOnce(TaskState) -> Result<TaskState, StateError>,
) -> Result<TaskState, WorkError> {
    transition(task.state.clone()).map_err(|error| WorkError::State { task: task.name.clone(), error })
}

pub(super) fn not_over(task: &RunningTask, to: &'static str) -> Result<(), WorkError> {
    if task.state.is_over() {
        let error = StateError::Refused { from: task.state.word(), to };
        return Err(WorkError::State { task: task.name.clone(), error });
    }
    Ok(())
}

pub(super) fn not_pinned(plan: &RunningPlan, code: &str) -> Result<(), WorkError> {
    if [&plan.ground.kickoff, &plan.ground.go_live].into_iter().flatten().any(|pinned| pinned == code) {
        return Err(WorkError::Pinned(plan.name(code).to_owned()));
    }
    Ok(())
}

pub(super) fn past(on: Date, context: &Context<'_>) -> Result<(), WorkError> {
    if on > context.today { Err(WorkError::Future { on, today: context.today }) } else { Ok(()) }
}

/// What happened did so about when the plan is.
pub(super) fn not_long_ago(plan: &RunningPlan, field: &'static str, on: Date) -> Result<(), WorkError> {
    let begins = plan.ground.starts_on;
    // What was planned to begin years from now may begin today all the same.
    if on >= begins.min(plan.ground.as_of).saturating_sub(YEARS_BACK.years()) {
        return Ok(());
    }
    let message = format!("lies more than a year before the plan, which begins on {}", day(begins));
    Err(WorkError::invalid(field, message))
}

/// What is planned is planned for days people live to see.
pub(super) fn not_far_ahead(plan: &RunningPlan, field: &'static str, on: Date) -> Result<(), WorkError> {
    if on <= horizon(plan) {
        return Ok(());
    }
    Err(WorkError::invalid(field, format!("lies more than {YEARS_AHEAD} years ahead: look at the year")))
}

/// The last day anything of a plan is planned for.
pub(super) fn horizon(plan: &RunningPlan) -> Date {
    plan.ground.starts_on.max(plan.ground.as_of).saturating_add(YEARS_AHEAD.years())
}

/// The go-live is finished once a decision to go live stands; who keeps no decisions is asked for none.
pub(super) fn not_undecided(plan: &RunningPlan, code: &str, context: &Context<'_>) -> Result<(), WorkError> {
    let launch = context.besides.and_then(|known| known.0.get("launch"));
    let is_undecided = match launch {
        Some(FactValue::Group(known)) => matches!(known.get("decided"), Some(FactValue::Bool(false))),
        _ => false,
    };
    if is_undecided && plan.ground.go_live.as_deref() == Some(code) {
        return Err(WorkError::Undecided(plan.name(code).to_owned()));
    }
    Ok(())
}

/// No closed gate lies before a task, through whatever is not over.
pub(super) fn not_held(plan: &RunningPlan, code: &str, context: &Context<'_>) -> Result<(), WorkError> {
    let Some(gate) = held(plan).get(code).copied() else { return Ok(()) };
    let missing = check_gate(plan, gate, &context.facts(plan)).missing();
    let missing = if missing.is_empty() { "nobody passed it".to_owned() } else { missing };
    Err(WorkError::Held { task: plan.name(code).to_owned(), gate: gate.name.clone(), missing })
}

pub(in crate::work) fn checked_days(days: u32) -> Result<u32, WorkError> {
    if (1..=LONGEST_TASK).contains(&days) {
        Ok(days)
    } else {
        Err(WorkError::invalid("days", format!("must lie between 1 and {LONGEST_TASK}")))
    }
}

/// A text people wrote, on one line.
pub(in crate::work) fn said(field: &'static str, text: &str, longest: usize) -> Result<String, WorkError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.chars().count() {
        0 => Err(WorkError::invalid(field, "is missing")),
        count if count > longest => {
            Err(WorkError::invalid(field, format!("is longer than {longest} characters")))
        }
        _ if text.chars().any(char::is_control) => {
            Err(WorkError::invalid(field, "has a character that cannot be shown"))
        }
        _ => Ok(text),
    }
}
