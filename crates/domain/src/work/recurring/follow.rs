//! How the occurrences of a series come into a plan, and leave it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::{HORIZON, Series, SeriesState};
use crate::calendar::CalendarError;
use crate::ids::SeriesId;
use crate::work::{Origin, RunningPlan, RunningTask, TaskRule, TaskState, WorkError, reschedule};

/// Most tasks of a plan that occurrences are added to.
const MOST_TASKS: usize = 5_000;

/// A series as it is followed.
#[derive(Debug, Clone, Copy)]
pub struct Follow<'a> {
    /// Id: where its tasks say they come from.
    pub id: SeriesId,
    /// Its number in the onboarding, from 1: codes of its tasks begin with it.
    pub number: i64,
    /// What it says.
    pub series: &'a Series,
    /// Whether it goes on.
    pub state: SeriesState,
    /// What was made of it: codes of tasks by the day they were due. Tasks that people removed count.
    pub made: &'a BTreeMap<Date, String>,
    /// It says something else than before: what has not begun follows.
    pub is_changed: bool,
}

/// A plan with the occurrences of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The plan.
    pub plan: RunningPlan,
    /// Occurrences that are new: the day they are due, and the code of the task.
    pub added: Vec<(Date, String)>,
    /// Occurrences that are not due any more.
    pub dropped: Vec<Date>,
}

/// Follows a series up to the horizon: what is due becomes tasks, what is not due any more and nobody touched
/// leaves. Done, skipped and removed occurrences stay what they are, and no other task moves.
///
/// # Errors
/// [`WorkError::Plan`] when the plan cannot be scheduled; the plan is as it was then.
pub fn follow(plan: &RunningPlan, follow: Follow<'_>, today: Date) -> Result<Followed, WorkError> {
    let Follow { series, state, made, is_changed, .. } = follow;
    let runs = state == SeriesState::Running;
    let last = series.last_day(plan).unwrap_or(Date::MAX);
    // What has not begun: it may leave, or say what the series says now.
    let loose: BTreeMap<Date, &str> = made
        .iter()
        .filter(|(due, code)| **due >= today && is_loose(plan, code))
        .map(|(due, code)| (*due, code.as_str()))
        .collect();
    let is_in_question = |due: Date| loose.contains_key(&due) && (is_changed || !runs || due > last);
    let fixed: BTreeSet<Date> = made.keys().copied().filter(|due| !is_in_question(*due)).collect();
    let until = today.saturating_add(HORIZON.days());
    let due = if runs { series.due(plan, &fixed, today, until).map_err(unusable)? } else { Vec::new() };

    let mut followed = Followed { plan: plan.clone(), added: Vec::new(), dropped: Vec::new() };
    let mut placed = Vec::new();
    for (day, code) in loose.iter().filter(|(day, _)| is_in_question(**day)) {
        if !due.iter().any(|one| one.due == *day) {
            followed.plan.tasks.retain(|task| task.code != *code);
            followed.dropped.push(*day);
        }
    }
    for one in due {
        let phase = phase_on(plan, series, one.on);
        match loose.get(&one.due) {
            Some(code) => {
                if let Some(task) = followed.plan.tasks.iter_mut().find(|task| task.code == *code) {
                    say(task, series, phase, one.on);
                    placed.push((*code).to_owned());
                }
            }
            None if followed.plan.tasks.len() < MOST_TASKS => {
                let code = free_code(plan, follow.number, one.due);
                followed.plan.tasks.push(fresh(code.clone(), follow.id, series, phase, one.on));
                placed.push(code.clone());
                followed.added.push((one.due, code));
            }
            None => {}
        }
    }
    place(&mut followed.plan, &placed)?;
    Ok(followed)
}

/// Nobody touched it: it is open, and nothing is tied to it.
fn is_loose(plan: &RunningPlan, code: &str) -> bool {
    let is_open = plan.task(code).is_some_and(|task| task.state == TaskState::Open);
    let blocks = |task: &RunningTask| match &task.state {
        TaskState::Blocked { by, .. } => by.as_deref() == Some(code),
        _ => false,
    };
    is_open && !is_tied(plan, code) && !plan.tasks.iter().any(blocks)
}

/// Some link begins or ends at it.
pub(in crate::work) fn is_tied(plan: &RunningPlan, code: &str) -> bool {
    plan.links.iter().any(|link| link.from == code || link.to == code)
}

/// What the series says of each of its tasks.
fn say(task: &mut RunningTask, series: &Series, phase: String, on: Date) {
    let Series { name, side, role, assignee, days, .. } = series;
    task.name.clone_from(name);
    task.side = *side;
    task.role.clone_from(role);
    task.assignee.clone_from(assignee);
    task.days = *days;
    task.phase = phase;
    task.rule = TaskRule { not_before: Some(on), ..TaskRule::default() };
}

fn fresh(code: String, id: SeriesId, series: &Series, phase: String, on: Date) -> RunningTask {
    let mut task = RunningTask {
        code,
        phase: String::new(),
        name: String::new(),
        side: series.side,
        role: String::new(),
        assignee: None,
        days: series.days,
        rule: TaskRule::default(),
        state: TaskState::Open,
        origin: Origin::Recurring(id.to_string()),
        start: on,
        finish: on,
        late_start: on,
        late_finish: on,
        slack: 0,
        free_slack: 0,
        critical: false,
    };
    say(&mut task, series, phase, on);
    task
}

/// Puts dates on some tasks, as the engine does on the day the plan stands on; all others keep theirs.
fn place(plan: &mut RunningPlan, codes: &[String]) -> Result<(), WorkError> {
    if codes.is_empty() {
        return Ok(());
    }
    let mut whole = plan.clone();
    reschedule(&mut whole, plan.stands_on())?;
    for task in plan.tasks.iter_mut().filter(|task| codes.contains(&task.code)) {
        if let Some(found) = whole.tasks.iter().find(|found| found.code == task.code) {
            task.clone_from(found);
        }
    }
    Ok(())
}

/// The phase a series names; the last that has begun on the day, or the first.
fn phase_on(plan: &RunningPlan, series: &Series, on: Date) -> String {
    let named = series.phase.as_ref().filter(|phase| plan.phases.iter().any(|known| known.code == **phase));
    let begun = || plan.phases.iter().rev().find(|phase| phase.start <= on).or(plan.phases.first());
    named.cloned().or_else(|| begun().map(|phase| phase.code.clone())).unwrap_or_default()
}

/// `repeat-2-2027-01-15`, with a number behind it where somebody gave that code to another task.
fn free_code(plan: &RunningPlan, number: i64, due: Date) -> String {
    let code = format!("repeat-{number}-{due}");
    let is_free = |code: &String| plan.task(code).is_none() && plan.milestone(code).is_none();
    let more = (2..).map(|count: u32| format!("{code}-{count}"));
    std::iter::once(code.clone()).chain(more).find(is_free).unwrap_or_default()
}

fn unusable(error: CalendarError) -> WorkError {
    WorkError::invalid("side", format!("has no days to work on: {error}"))
}
