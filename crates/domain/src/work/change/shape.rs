//! Changes of the shape of a plan: tasks that come and go, who waits for whom, the days people work.

use jiff::civil::Date;

use super::Addition;
use super::apply::Made;
use super::check::{LONGEST_NAME, LONGEST_TASK, checked_days, horizon, not_far_ahead, not_pinned, said};
use super::words::working_days;
use crate::calendar::WorkCalendar;
use crate::plan::{CalendarSpec, LinkKind, LinkSpec};
use crate::programme::Side;
use crate::work::network::bridged;
use crate::work::{Context, Patch, RunningPlan, RunningTask, TaskRule, TaskState, WorkError};

/// Most tasks a plan may have.
const MOST_TASKS: usize = 5_000;
/// Most tasks added at once, and most lines of a checklist.
const MOST_AT_ONCE: usize = 100;
/// Longest line of a checklist, in characters.
const LONGEST_LINE: usize = 300;

pub(super) fn add(
    plan: &mut RunningPlan,
    context: &Context<'_>,
    addition: &Addition,
) -> Result<Made, WorkError> {
    let Addition {
        code,
        name,
        side,
        role,
        assignee,
        days,
        not_before,
        finish_by,
        after,
        before,
        phase,
        origin,
        checklist,
    } = addition;
    if checklist.len() > MOST_AT_ONCE {
        return Err(WorkError::invalid("checklist", format!("has {MOST_AT_ONCE} lines at most")));
    }
    for line in checklist {
        said("checklist", line, LONGEST_LINE)?;
    }
    if plan.tasks.len() >= MOST_TASKS {
        return Err(WorkError::invalid("task", format!("is one too many: a plan has {MOST_TASKS} at most")));
    }
    let name = said("name", name, LONGEST_NAME)?;
    let days = checked_days(*days)?;
    for (field, on) in [("not_before", not_before), ("finish_by", finish_by)] {
        if let Some(on) = on {
            not_far_ahead(plan, field, *on)?;
        }
    }
    let code = match code {
        Some(code) if code.is_empty() || code.len() > 80 => {
            return Err(WorkError::invalid("code", "must have 1 to 80 characters"));
        }
        Some(code) if plan.task(code).is_some() || plan.milestone(code).is_some() => {
            return Err(WorkError::invalid("code", "belongs to another task or milestone"));
        }
        Some(code) => code.clone(),
        None => free_code(plan),
    };
    for other in after.iter().chain(before) {
        if plan.task(other).is_none() && plan.milestone(other).is_none() {
            return Err(WorkError::Unknown(other.clone()));
        }
    }
    let phase = match phase {
        Some(phase) if plan.phases.iter().any(|known| known.code == *phase) => phase.clone(),
        Some(_) => return Err(WorkError::invalid("phase", "is none of this plan")),
        None => phase_now(plan, context.today),
    };
    let start = not_before.unwrap_or(context.today).max(plan.ground.starts_on);
    let task = RunningTask {
        code: code.clone(),
        phase,
        name: name.clone(),
        side: *side,
        role: role.clone().unwrap_or_default(),
        assignee: assignee.clone(),
        days,
        rule: TaskRule { not_before: *not_before, finish_by: *finish_by, ..TaskRule::default() },
        state: TaskState::Open,
        origin: origin.clone(),
        start,
        finish: start,
        late_start: start,
        late_finish: start,
        slack: 0,
        free_slack: 0,
        critical: false,
    };
    let undo = Patch { remove: vec![code.clone()], ..Patch::default() }.and_links(plan);
    plan.tasks.push(task);
    for other in after {
        plan.links.push(finish_start(other, &code));
    }
    for other in before {
        plan.links.push(finish_start(&code, other));
    }
    let summary = format!("Added “{name}”, {}", working_days(days));
    Ok(Made { side: *side, subjects: vec![code], summary, undo, moves: true })
}

/// Several tasks with one entry in the ledger.
pub(super) fn add_all(
    plan: &mut RunningPlan,
    context: &Context<'_>,
    name: &str,
    tasks: &[Addition],
) -> Result<Made, WorkError> {
    let name = said("name", name, LONGEST_NAME)?;
    let Some(first) = tasks.first().filter(|_| tasks.len() <= MOST_AT_ONCE) else {
        return Err(WorkError::invalid("tasks", format!("must be 1 to {MOST_AT_ONCE}")));
    };
    let mut undo = Patch::default().and_links(plan);
    let mut subjects = Vec::with_capacity(tasks.len());
    for task in tasks {
        let made = add(plan, context, task)?;
        undo.remove.extend(made.undo.remove);
        subjects.extend(made.subjects);
    }
    let side = if tasks.iter().all(|task| task.side == first.side) { first.side } else { Side::Joint };
    let many = match tasks.len() {
        1 => "1 task".to_owned(),
        count => format!("{count} tasks"),
    };
    Ok(Made { side, subjects, summary: format!("Added “{name}”, {many}"), undo, moves: true })
}

pub(super) fn remove(plan: &mut RunningPlan, code: &str, join: bool) -> Result<Made, WorkError> {
    let task = plan.task(code).ok_or_else(|| WorkError::Unknown(code.to_owned()))?.clone();
    not_pinned(plan, code)?;
    if matches!(task.state, TaskState::Done { .. }) {
        return Err(WorkError::invalid("task", "is done: what was done stays in the plan"));
    }
    let waiting = plan.links.iter().filter(|link| link.from == code);
    let successors: Vec<String> = waiting.map(|link| plan.name(&link.to).to_owned()).collect();
    if !join && !successors.is_empty() {
        return Err(WorkError::DependedOn { task: task.name, successors });
    }
    let mut undo = Patch::of_task(plan, code).and_links(plan);
    plan.links = bridged(&plan.links, code);
    plan.tasks.retain(|known| known.code != code);
    // Whoever waited for it by a block waits for nobody in particular now.
    for (at, other) in plan.tasks.iter_mut().enumerate() {
        let before = other.clone();
        if let TaskState::Blocked { by, .. } = &mut other.state
            && by.as_deref() == Some(code)
        {
            *by = None;
            undo.tasks.push((at, before));
        }
    }
    let summary = format!("Removed “{}”", task.name);
    Ok(Made { side: task.side, subjects: vec![code.to_owned()], summary, undo, moves: true })
}

pub(super) fn join(plan: &mut RunningPlan, link: &LinkSpec) -> Result<Made, WorkError> {
    for code in [&link.from, &link.to] {
        if plan.task(code).is_none() && plan.milestone(code).is_none() {
            return Err(WorkError::Unknown(code.clone()));
        }
    }
    if link.from == link.to {
        return Err(WorkError::Cycle(vec![plan.name(&link.from).to_owned()]));
    }
    if i64::from(link.lag).abs() > i64::from(LONGEST_TASK) {
        return Err(WorkError::invalid(
            "lag",
            format!("must lie between -{LONGEST_TASK} and {LONGEST_TASK}"),
        ));
    }
    let undo = Patch::default().and_links(plan);
    plan.links.retain(|known| !(known.from == link.from && known.to == link.to));
    plan.links.push(link.clone());
    let (before, after) = (plan.name(&link.from), plan.name(&link.to));
    let summary = format!("“{after}” waits for “{before}”");
    let side = plan.task(&link.to).map_or(Side::Joint, |task| task.side);
    Ok(Made { side, subjects: vec![link.from.clone(), link.to.clone()], summary, undo, moves: true })
}

pub(super) fn part(plan: &mut RunningPlan, from: &str, to: &str) -> Result<Made, WorkError> {
    let undo = Patch::default().and_links(plan);
    let count = plan.links.len();
    plan.links.retain(|link| !(link.from == from && link.to == to));
    if plan.links.len() == count {
        return Err(WorkError::invalid("from", "is nothing the other waits for"));
    }
    let summary = format!("“{}” does not wait for “{}” any more", plan.name(to), plan.name(from));
    let side = plan.task(to).map_or(Side::Joint, |task| task.side);
    Ok(Made { side, subjects: vec![from.to_owned(), to.to_owned()], summary, undo, moves: true })
}

pub(super) fn set_calendar(plan: &mut RunningPlan, calendar: &CalendarSpec) -> Result<Made, WorkError> {
    let refused = |error: crate::calendar::CalendarError| {
        WorkError::invalid("calendar", format!("cannot be used: {error}"))
    };
    WorkCalendar::from_spec(calendar).map_err(refused)?;
    let last = horizon(plan);
    if calendar.closed.iter().any(|closed| closed.to > last) {
        let message = "has a period off that ends too far ahead: look at the year";
        return Err(WorkError::invalid("calendar", message));
    }
    let undo = Patch::default().and_ground(plan);
    let Some(known) = plan.ground.calendars.iter_mut().find(|known| known.id == calendar.id) else {
        return Err(WorkError::invalid("calendar", "is none of this plan: vendor or customer"));
    };
    *known = calendar.clone();
    let both: Result<Vec<WorkCalendar>, _> =
        plan.ground.calendars.iter().map(WorkCalendar::from_spec).collect();
    let both = both.map_err(refused)?;
    WorkCalendar::intersection(&both.iter().collect::<Vec<_>>()).map_err(refused)?;
    let side = Side::read(&calendar.id).unwrap_or(Side::Joint);
    let summary = format!("Changed the days on which the {} works", calendar.id);
    Ok(Made { side, subjects: Vec::new(), summary, undo, moves: true })
}

fn finish_start(from: &str, to: &str) -> LinkSpec {
    LinkSpec { from: from.to_owned(), to: to.to_owned(), kind: LinkKind::FinishStart, lag: 0 }
}

/// The first of `added-1`, `added-2`, … that is free.
fn free_code(plan: &RunningPlan) -> String {
    let is_free = |code: &String| plan.task(code).is_none() && plan.milestone(code).is_none();
    (1..).map(|number| format!("added-{number}")).find(is_free).unwrap_or_default()
}

/// The phase that runs on a day; the last that began, or the first.
fn phase_now(plan: &RunningPlan, today: Date) -> String {
    let begun = plan.phases.iter().rev().find(|phase| phase.start <= today);
    begun.or(plan.phases.first()).map(|phase| phase.code.clone()).unwrap_or_default()
}
