//! A running plan as the engine sees it, and the dates that follow.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::{RunningPlan, RunningTask, TaskState, WorkError};
use crate::plan::{
    Constraint, LinkKind, LinkSpec, LivePlan, LiveTask, PlanSpec, Point, Progress, Schedule, Scheduled,
    TargetSpec, TaskSpec, TimeModel,
};
use crate::programme::Side;

/// Id of the vendor's calendar.
const VENDOR: &str = "vendor";
/// Id of the customer's calendar.
const CUSTOMER: &str = "customer";
/// Years after which no target is missed: a missed one makes the engine look for remedies nobody asked for.
const FAR: i64 = 20;

/// Puts dates on everything that is not over, as seen from a day: what happened stays where it happened, what is
/// open does not start before that day, and a gate that is not passed holds what comes after it.
///
/// # Errors
/// [`WorkError::Cycle`], or what the engine refuses; the plan is as it was then.
pub fn reschedule(plan: &mut RunningPlan, today: Date) -> Result<(), WorkError> {
    let nothing = BTreeMap::new();
    let schedule = schedule(plan, today, &nothing)?;
    take(plan, &schedule);
    plan.ground.as_of = today;
    Ok(())
}

/// Dates as if some tasks and milestones had gone as they were planned.
pub(super) fn reschedule_as_if(
    plan: &mut RunningPlan,
    today: Date,
    as_planned: &BTreeMap<String, Progress>,
) -> Result<(), WorkError> {
    let schedule = schedule(plan, today, as_planned)?;
    take(plan, &schedule);
    Ok(())
}

/// The schedule, with slack measured against the wanted go-live, or against the planned one where that is later.
fn schedule(
    plan: &RunningPlan,
    today: Date,
    as_planned: &BTreeMap<String, Progress>,
) -> Result<Schedule, WorkError> {
    let mut live = live(plan, today, as_planned);
    let go_live = plan.ground.go_live.clone().filter(|code| plan.task(code).is_some());
    let Some(code) = go_live else { return named(plan, live.schedule().map_err(WorkError::from)) };
    let expected = plan.promise().go_live.max(today);
    let target = |by: Date| Some(TargetSpec { task: Some(code.clone()), by: Point::Day(by) });
    live.plan.target = target(expected.saturating_add(FAR.years()));
    let first = named(plan, live.schedule().map_err(WorkError::from))?;
    let Some(Point::Day(found)) =
        first.tasks.iter().find(|task| task.id == code).map(|task| task.early_finish)
    else {
        return Ok(first);
    };
    live.plan.target = target(plan.ground.target.map_or(found, |wanted| wanted.max(found)));
    named(plan, live.schedule().map_err(WorkError::from))
}

/// Cycles name tasks as people know them.
fn named(plan: &RunningPlan, outcome: Result<Schedule, WorkError>) -> Result<Schedule, WorkError> {
    outcome.map_err(|error| match error {
        WorkError::Cycle(codes) => {
            WorkError::Cycle(codes.iter().map(|code| plan.name(code).to_owned()).collect())
        }
        other => other,
    })
}

/// The plan as the engine sees it on a day: what forecasts and levelling begin with.
#[must_use]
pub fn live_plan(plan: &RunningPlan, today: Date) -> LivePlan {
    live(plan, today, &BTreeMap::new())
}

fn live(plan: &RunningPlan, today: Date, as_planned: &BTreeMap<String, Progress>) -> LivePlan {
    let skipped: Vec<&str> = plan
        .tasks
        .iter()
        .filter(|task| matches!(task.state, TaskState::Skipped { .. }))
        .map(|task| task.code.as_str())
        .collect();
    let mut links = plan.links.clone();
    for code in &skipped {
        links = bridged(&links, code);
    }
    let mut specs = Vec::with_capacity(plan.tasks.len() + plan.milestones.len());
    let mut known = BTreeMap::new();
    for task in plan.tasks.iter().filter(|task| !matches!(task.state, TaskState::Skipped { .. })) {
        specs.push(task_spec(task));
        if let TaskState::Blocked { by: Some(by), started, .. } = &task.state {
            let kind = if started.is_some() { LinkKind::FinishFinish } else { LinkKind::FinishStart };
            let is_open = plan.task(by).is_some_and(|by| !by.state.is_over());
            let is_there = links.iter().any(|link| link.from == *by && link.to == task.code);
            if is_open && !is_there {
                links.push(LinkSpec { from: by.clone(), to: task.code.clone(), kind, lag: 0 });
            }
        }
        let progress = as_planned.get(&task.code).copied().unwrap_or_else(|| progress(&task.state));
        known.insert(task.code.clone(), LiveTask { owner: task.side, kind: task.phase.clone(), progress });
    }
    for milestone in &plan.milestones {
        specs.push(TaskSpec {
            id: milestone.code.clone(),
            name: milestone.name.clone(),
            duration: 0,
            calendars: calendars_of(Side::Joint),
            ..TaskSpec::default()
        });
    }
    for (code, day) in passed(plan, &links, today, as_planned) {
        let progress = Progress::Done { started: day, finished: day };
        known.insert(code, LiveTask { owner: Side::Joint, kind: String::new(), progress });
    }
    LivePlan {
        plan: PlanSpec {
            time: TimeModel::Business,
            start: Some(plan.ground.starts_on),
            calendars: plan.ground.calendars.clone(),
            tasks: specs,
            links,
            ..PlanSpec::default()
        },
        today,
        tasks: known,
        go_live: plan.ground.go_live.clone(),
    }
}

/// Milestones that are behind, with the day they were reached: those people said so of, and those that hold
/// nothing back and wait for nothing any more; a gate that was waived not before its waiver.
fn passed(
    plan: &RunningPlan,
    links: &[LinkSpec],
    today: Date,
    as_planned: &BTreeMap<String, Progress>,
) -> BTreeMap<String, Date> {
    let mut over: BTreeMap<String, Date> = BTreeMap::new();
    for task in &plan.tasks {
        let progress = as_planned.get(&task.code).copied().unwrap_or_else(|| progress(&task.state));
        if let Progress::Done { finished, .. } = progress {
            over.insert(task.code.clone(), finished);
        }
    }
    let mut reached: BTreeMap<String, Date> = BTreeMap::new();
    for milestone in &plan.milestones {
        let day = match as_planned.get(&milestone.code) {
            Some(Progress::Done { finished, .. }) => Some(*finished),
            _ => milestone.reached_on,
        };
        if let Some(day) = day {
            over.insert(milestone.code.clone(), day);
            reached.insert(milestone.code.clone(), day);
        }
    }
    loop {
        let mut more = Vec::new();
        for milestone in plan.milestones.iter().filter(|one| !one.holds() && !over.contains_key(&one.code)) {
            let before: Vec<&LinkSpec> = links.iter().filter(|link| link.to == milestone.code).collect();
            let days: Option<Vec<Date>> = before.iter().map(|link| over.get(&link.from).copied()).collect();
            let last = days.map(|days| days.into_iter().max());
            // The gate is open from the morning of its waiver on, as one that was reached on the day before is.
            let waived = milestone.waived.as_ref().map(|waived| waived.on.saturating_sub(1.day()));
            let day = match (last, waived) {
                (None, _) => continue,
                (Some(last), Some(waived)) => last.map_or(waived, |last| last.max(waived)),
                // With days in between, or with nothing before it, it was reached when it was planned.
                (Some(None), None) => milestone.planned,
                (Some(Some(_)), None) if before.iter().any(|link| link.lag != 0) => milestone.planned,
                (Some(Some(day)), None) => day,
            };
            if day < today || (day == today && !before.is_empty()) {
                more.push((milestone.code.clone(), day));
            }
        }
        if more.is_empty() {
            return reached;
        }
        for (code, day) in more {
            over.insert(code.clone(), day);
            reached.insert(code, day);
        }
    }
}

fn task_spec(task: &RunningTask) -> TaskSpec {
    let rule = &task.rule;
    let constraint = match (rule.fixed_on, rule.finish_by, rule.not_before) {
        (Some(at), ..) => Some(Constraint::FixedStart { at: Point::Day(at) }),
        // What may not start before a day is planned by that day; what must be done by one is told when it is not.
        (None, _, Some(at)) => Some(Constraint::NotBefore { at: Point::Day(at) }),
        (None, Some(at), None) => Some(Constraint::FinishBy { at: Point::Day(at) }),
        (None, None, None) => None,
    };
    TaskSpec {
        id: task.code.clone(),
        name: task.name.clone(),
        duration: task.days.max(1),
        calendars: calendars_of(task.side),
        constraint,
        prefer: rule.prefer,
        avoid: rule.avoid.clone(),
    }
}

pub(super) fn calendars_of(side: Side) -> Vec<String> {
    match side {
        Side::Vendor => vec![VENDOR.into()],
        Side::Customer => vec![CUSTOMER.into()],
        Side::Joint => vec![VENDOR.into(), CUSTOMER.into()],
    }
}

pub(super) fn progress(state: &TaskState) -> Progress {
    match state {
        TaskState::Open | TaskState::Blocked { started: None, .. } | TaskState::Skipped { .. } => {
            Progress::Open
        }
        TaskState::Started { on } | TaskState::Blocked { started: Some(on), .. } => {
            Progress::Started { on: *on, remaining: None }
        }
        TaskState::Done { started_on, finished_on } => {
            Progress::Done { started: *started_on, finished: *finished_on }
        }
    }
}

/// Links without a task: what waited for it waits for what it waited for.
pub(super) fn bridged(links: &[LinkSpec], code: &str) -> Vec<LinkSpec> {
    let mut kept: Vec<LinkSpec> =
        links.iter().filter(|link| link.from != code && link.to != code).cloned().collect();
    let mut pairs: BTreeSet<(String, String)> =
        kept.iter().map(|link| (link.from.clone(), link.to.clone())).collect();
    for before in links.iter().filter(|link| link.to == code) {
        for after in links.iter().filter(|link| link.from == code) {
            if before.from == after.to || !pairs.insert((before.from.clone(), after.to.clone())) {
                continue;
            }
            let from_start = matches!(before.kind, LinkKind::StartStart | LinkKind::StartFinish);
            let to_finish = matches!(after.kind, LinkKind::FinishFinish | LinkKind::StartFinish);
            let kind = match (from_start, to_finish) {
                (false, false) => LinkKind::FinishStart,
                (true, false) => LinkKind::StartStart,
                (false, true) => LinkKind::FinishFinish,
                (true, true) => LinkKind::StartFinish,
            };
            let lag = before.lag.saturating_add(after.lag);
            kept.push(LinkSpec { from: before.from.clone(), to: after.to.clone(), kind, lag });
        }
    }
    kept
}

/// Takes the dates over.
fn take(plan: &mut RunningPlan, schedule: &Schedule) {
    let by_id: BTreeMap<&str, &Scheduled> =
        schedule.tasks.iter().map(|task| (task.id.as_str(), task)).collect();
    let critical: BTreeSet<&str> = schedule.critical_path.iter().map(String::as_str).collect();
    for task in &mut plan.tasks {
        let Some(found) = by_id.get(task.code.as_str()) else {
            task.critical = false;
            continue;
        };
        task.start = task.state.started_on().unwrap_or_else(|| day(found.start));
        task.finish = task.state.finished_on().unwrap_or_else(|| day(found.finish)).max(task.start);
        task.late_start = day(found.late_start);
        task.late_finish = day(found.late_finish);
        task.slack = if task.state.is_over() { 0 } else { found.total_slack };
        task.free_slack = if task.state.is_over() { 0 } else { found.free_slack };
        task.critical = critical.contains(task.code.as_str());
    }
    for milestone in &mut plan.milestones {
        if let Some(found) = by_id.get(milestone.code.as_str()) {
            let open = milestone.waived.as_ref().map_or(Date::MIN, |waived| waived.on);
            milestone.planned = milestone.reached_on.unwrap_or_else(|| day(found.finish).max(open));
        }
    }
    for phase in &mut plan.phases {
        // What repeats beside a phase does not make it longer.
        let mine = || plan.tasks.iter().filter(|task| task.phase == phase.code && !task.is_recurring());
        if let (Some(start), Some(finish)) =
            (mine().map(|task| task.start).min(), mine().map(|task| task.finish).max())
        {
            (phase.start, phase.finish) = (start, finish);
        }
    }
}

/// The date of a point; running plans are always business plans.
fn day(point: Point) -> Date {
    match point {
        Point::Day(date) => date,
        Point::Unit(_) => Date::MIN,
    }
}
