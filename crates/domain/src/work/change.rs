//! What can be changed of a running plan.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::network::bridged;
use super::run::Context;
use super::{
    Assignee, Origin, Patch, RunningMilestone, RunningPlan, RunningTask, Said, TaskRule, TaskState, Waiver,
    WorkError, check_gate,
};
use crate::calendar::WorkCalendar;
use crate::plan::{CalendarSpec, LinkKind, LinkSpec};
use crate::programme::Side;

/// Longest task, in working days: two working years.
const LONGEST_TASK: u32 = 520;
/// Longest name, in characters.
const LONGEST_NAME: usize = 200;
/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;
/// Most tasks a plan may have.
const MOST_TASKS: usize = 5_000;

/// A change of a running plan. Tasks and milestones are named by their codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// Work on a task has begun.
    Start {
        /// The task.
        task: String,
        /// First day of work.
        on: Date,
    },
    /// A task is done.
    Finish {
        /// The task.
        task: String,
        /// Last day of work.
        on: Date,
        /// First day of work, when nobody said that it began; the planned one when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        started_on: Option<Date>,
    },
    /// A task cannot go on.
    Block {
        /// The task.
        task: String,
        /// Since when.
        since: Date,
        /// Why.
        because: String,
        /// The task it waits for, when it is one of the plan.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// A task can go on.
    Unblock {
        /// The task.
        task: String,
    },
    /// A task is one step back: done is started, started or skipped is open.
    Reopen {
        /// The task.
        task: String,
    },
    /// A task will not be done. What waited for it waits for what it waited for.
    Skip {
        /// The task.
        task: String,
        /// Why.
        reason: String,
    },
    /// Somebody else does a task; nobody when left out.
    Assign {
        /// The task.
        task: String,
        /// Who.
        #[serde(default)]
        assignee: Option<Assignee>,
    },
    /// A task has another name.
    Rename {
        /// The task.
        task: String,
        /// The name.
        name: String,
    },
    /// A task takes so many working days.
    SetDays {
        /// The task.
        task: String,
        /// Working days, 1 to 520.
        days: u32,
    },
    /// A task does not start before a day; as soon as possible when left out.
    Move {
        /// The task.
        task: String,
        /// The first day allowed.
        #[serde(default)]
        not_before: Option<Date>,
    },
    /// A task must be finished by a day; by none when left out.
    FinishBy {
        /// The task.
        task: String,
        /// The last day allowed.
        #[serde(default)]
        by: Option<Date>,
    },
    /// A task that is new.
    Add {
        /// The task.
        task: Addition,
    },
    /// A task leaves the plan.
    Remove {
        /// The task.
        task: String,
        /// What waited for it waits for what it waited for; without, a task that others wait for stays.
        #[serde(default)]
        join: bool,
    },
    /// One waits for another.
    Link {
        /// The link.
        link: LinkSpec,
    },
    /// One does not wait for another any more.
    Unlink {
        /// The one before.
        from: String,
        /// The one after.
        to: String,
    },
    /// A party works on other days.
    Calendar {
        /// The calendar in place of that of the same id.
        calendar: CalendarSpec,
    },
    /// The customer wants another go-live; none when left out.
    Target {
        /// The day.
        #[serde(default)]
        on: Option<Date>,
    },
    /// A milestone is reached; a gate only when its criteria hold.
    Reach {
        /// The milestone.
        milestone: String,
        /// The day.
        on: Date,
    },
    /// A milestone is not reached after all.
    Unreach {
        /// The milestone.
        milestone: String,
    },
    /// A gate does not hold anything up any more.
    Waive {
        /// The gate.
        milestone: String,
        /// Why.
        reason: String,
    },
    /// A person says that a criterion no rule can tell is met, or that it is not.
    Confirm {
        /// The milestone.
        milestone: String,
        /// The criterion in words.
        criterion: String,
        /// Whether it is met.
        met: bool,
    },
}

/// A task to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Addition {
    /// Id inside the plan; made when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What is done.
    pub name: String,
    /// Whose calendar it runs on, and who answers for it.
    pub side: Side,
    /// Role as people see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Assignee>,
    /// Working days, 1 to 520.
    pub days: u32,
    /// Does not start before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Date>,
    /// Must be finished by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_by: Option<Date>,
    /// What it waits for (codes).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// What waits for it (codes).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<String>,
    /// Phase (its code); the one that runs when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// Where it comes from.
    #[serde(default = "by_a_person")]
    pub origin: Origin,
}

fn by_a_person() -> Origin {
    Origin::Person
}

/// A change that was made, before the plan is scheduled again.
pub(super) struct Made {
    pub side: Side,
    pub subjects: Vec<String>,
    pub summary: String,
    pub undo: Patch,
    /// Dates may follow from it.
    pub moves: bool,
}

impl Change {
    /// The word of its kind.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Start { .. } => "start",
            Self::Finish { .. } => "finish",
            Self::Block { .. } => "block",
            Self::Unblock { .. } => "unblock",
            Self::Reopen { .. } => "reopen",
            Self::Skip { .. } => "skip",
            Self::Assign { .. } => "assign",
            Self::Rename { .. } => "rename",
            Self::SetDays { .. } => "set-days",
            Self::Move { .. } => "move",
            Self::FinishBy { .. } => "finish-by",
            Self::Add { .. } => "add",
            Self::Remove { .. } => "remove",
            Self::Link { .. } => "link",
            Self::Unlink { .. } => "unlink",
            Self::Calendar { .. } => "calendar",
            Self::Target { .. } => "target",
            Self::Reach { .. } => "reach",
            Self::Unreach { .. } => "unreach",
            Self::Waive { .. } => "waive",
            Self::Confirm { .. } => "confirm",
        }
    }

    /// It says what happened to its subject, so that its subject is not late by itself any more.
    pub(super) fn tells_what_happened(&self) -> bool {
        matches!(
            self,
            Self::Start { .. }
                | Self::Finish { .. }
                | Self::Skip { .. }
                | Self::Reach { .. }
                | Self::Waive { .. }
        )
    }

    /// The task or milestone it is about.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Start { task, .. }
            | Self::Finish { task, .. }
            | Self::Block { task, .. }
            | Self::Unblock { task }
            | Self::Reopen { task }
            | Self::Skip { task, .. }
            | Self::Assign { task, .. }
            | Self::Rename { task, .. }
            | Self::SetDays { task, .. }
            | Self::Move { task, .. }
            | Self::FinishBy { task, .. }
            | Self::Remove { task, .. } => Some(task),
            Self::Reach { milestone, .. }
            | Self::Unreach { milestone }
            | Self::Waive { milestone, .. }
            | Self::Confirm { milestone, .. } => Some(milestone),
            Self::Add { .. }
            | Self::Link { .. }
            | Self::Unlink { .. }
            | Self::Calendar { .. }
            | Self::Target { .. } => None,
        }
    }

    /// Makes the change; dates stay as they are.
    pub(super) fn apply(&self, plan: &mut RunningPlan, context: &Context<'_>) -> Result<Made, WorkError> {
        match self {
            Self::Start { task, on } => start(plan, context, task, *on),
            Self::Finish { task, on, started_on } => finish(plan, context, task, *on, *started_on),
            Self::Block { task, since, because, by } => {
                block(plan, context, task, *since, because, by.as_deref())
            }
            Self::Unblock { task } => of_task(plan, task, |task| {
                task.state = moved(task, TaskState::unblock)?;
                Ok(format!("“{}” can go on", task.name))
            }),
            Self::Reopen { task } => of_task(plan, task, |task| {
                task.state = moved(task, TaskState::reopen)?;
                Ok(format!("Reopened “{}”: it is {}", task.name, task.state))
            }),
            Self::Skip { task, reason } => {
                let reason = said("reason", reason, LONGEST_REASON)?;
                not_pinned(plan, task)?;
                of_task(plan, task, |task| {
                    task.state = moved(task, |state| state.skip(reason.clone()))?;
                    Ok(format!("Skipped “{}”: {reason}", task.name))
                })
            }
            Self::Assign { task, assignee } => {
                let made = of_task(plan, task, |task| {
                    task.assignee.clone_from(assignee);
                    Ok(match assignee {
                        Some(who) => format!("“{}” is for {}", task.name, who.name()),
                        None => format!("“{}” is for nobody in particular", task.name),
                    })
                });
                Ok(Made { moves: false, ..made? })
            }
            Self::Rename { task, name } => {
                let name = said("name", name, LONGEST_NAME)?;
                let made = of_task(plan, task, |task| {
                    let before = std::mem::replace(&mut task.name, name.clone());
                    Ok(format!("“{before}” is called “{name}”"))
                });
                Ok(Made { moves: false, ..made? })
            }
            Self::SetDays { task, days } => {
                let days = checked_days(*days)?;
                of_task(plan, task, |task| {
                    not_over(task, "given other days")?;
                    let before = std::mem::replace(&mut task.days, days);
                    Ok(format!("“{}” takes {} instead of {before}", task.name, working_days(days)))
                })
            }
            Self::Move { task, not_before } => move_to(plan, task, *not_before),
            Self::FinishBy { task, by } => of_task(plan, task, |task| {
                not_over(task, "given a date")?;
                task.rule.finish_by = *by;
                Ok(match by {
                    Some(by) => format!("“{}” must be done by {}", task.name, day(*by)),
                    None => format!("“{}” must not be done by a certain day any more", task.name),
                })
            }),
            Self::Add { task } => add(plan, context, task),
            Self::Remove { task, join } => remove(plan, task, *join),
            Self::Link { link } => join(plan, link),
            Self::Unlink { from, to } => part(plan, from, to),
            Self::Calendar { calendar } => set_calendar(plan, calendar),
            Self::Target { on } => {
                let undo = Patch::default().and_ground(plan);
                plan.ground.target = *on;
                let summary = match on {
                    Some(on) => format!("Go-live is wanted on {}", day(*on)),
                    None => "No go-live is wanted by a certain day any more".to_owned(),
                };
                Ok(Made { side: Side::Customer, subjects: Vec::new(), summary, undo, moves: true })
            }
            Self::Reach { milestone, on } => reach(plan, context, milestone, *on),
            Self::Unreach { milestone } => of_milestone(plan, milestone, |milestone| {
                if milestone.reached_on.take().is_none() && milestone.waived.take().is_none() {
                    return Err(WorkError::invalid("milestone", "is neither reached nor waived"));
                }
                Ok(format!("“{}” is not reached after all", milestone.name))
            }),
            Self::Waive { milestone, reason } => {
                let reason = said("reason", reason, LONGEST_REASON)?;
                of_milestone(plan, milestone, |milestone| {
                    if !milestone.holds() {
                        return Err(WorkError::invalid("milestone", "is no gate that holds anything up"));
                    }
                    let summary = format!("Waived the gate “{}”: {reason}", milestone.name);
                    milestone.waived = Some(Waiver { by: context.who.to_owned(), on: context.today, reason });
                    Ok(summary)
                })
            }
            Self::Confirm { milestone, criterion, met } => {
                let made =
                    of_milestone(plan, milestone, |milestone| confirm(milestone, criterion, *met, context));
                Ok(Made { moves: false, ..made? })
            }
        }
    }
}

fn start(plan: &mut RunningPlan, context: &Context<'_>, code: &str, on: Date) -> Result<Made, WorkError> {
    past(on, context)?;
    not_held(plan, code, context)?;
    of_task(plan, code, |task| {
        task.state = moved(task, |state| state.start(on))?;
        Ok(format!("Started “{}” on {}", task.name, day(on)))
    })
}

fn finish(
    plan: &mut RunningPlan,
    context: &Context<'_>,
    code: &str,
    on: Date,
    started_on: Option<Date>,
) -> Result<Made, WorkError> {
    past(on, context)?;
    not_held(plan, code, context)?;
    of_task(plan, code, |task| {
        let planned = task.finish;
        let began = started_on.unwrap_or(task.start.min(on));
        task.state = match &task.state {
            // Whoever says when it began is believed.
            TaskState::Started { .. } if started_on.is_some() => {
                moved(task, |_| TaskState::Open.finish(began, on))?
            }
            _ => moved(task, |state| state.finish(began, on))?,
        };
        let when = match (on - planned).get_days() {
            0 => "as planned".to_owned(),
            days @ 1.. => format!("{} late", calendar_days(days)),
            days => format!("{} early", calendar_days(-days)),
        };
        Ok(format!("Finished “{}” on {}, {when}", task.name, day(on)))
    })
}

fn block(
    plan: &mut RunningPlan,
    context: &Context<'_>,
    code: &str,
    since: Date,
    because: &str,
    by: Option<&str>,
) -> Result<Made, WorkError> {
    past(since, context)?;
    let because = said("because", because, LONGEST_REASON)?;
    if let Some(by) = by {
        if by == code {
            return Err(WorkError::invalid("by", "is the task itself"));
        }
        plan.task(by).ok_or_else(|| WorkError::Unknown(by.to_owned()))?;
    }
    of_task(plan, code, |task| {
        task.state = moved(task, |state| state.block(since, because.clone(), by.map(str::to_owned)))?;
        Ok(format!("“{}” is blocked: {because}", task.name))
    })
}

fn move_to(plan: &mut RunningPlan, code: &str, not_before: Option<Date>) -> Result<Made, WorkError> {
    of_task(plan, code, |task| {
        if task.state.started_on().is_some() {
            return Err(WorkError::invalid("not_before", "comes too late: the task has begun"));
        }
        not_over(task, "moved")?;
        match (not_before, task.rule.fixed_on) {
            (Some(on), Some(_)) => task.rule.fixed_on = Some(on),
            (None, Some(_)) => {
                return Err(WorkError::invalid("not_before", "is needed: the task has a fixed day"));
            }
            (on, None) => {
                task.rule.not_before = on;
                // Who moves a task says when it is wanted: not as late as possible.
                task.rule.prefer = crate::plan::Preference::Asap;
            }
        }
        Ok(match not_before {
            Some(on) => format!("Moved “{}” to {}", task.name, day(on)),
            None => format!("“{}” starts as soon as it can", task.name),
        })
    })
}

fn add(plan: &mut RunningPlan, context: &Context<'_>, addition: &Addition) -> Result<Made, WorkError> {
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
    } = addition;
    if plan.tasks.len() >= MOST_TASKS {
        return Err(WorkError::invalid("task", format!("is one too many: a plan has {MOST_TASKS} at most")));
    }
    let name = said("name", name, LONGEST_NAME)?;
    let days = checked_days(*days)?;
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

fn remove(plan: &mut RunningPlan, code: &str, join: bool) -> Result<Made, WorkError> {
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

fn join(plan: &mut RunningPlan, link: &LinkSpec) -> Result<Made, WorkError> {
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

fn part(plan: &mut RunningPlan, from: &str, to: &str) -> Result<Made, WorkError> {
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

fn set_calendar(plan: &mut RunningPlan, calendar: &CalendarSpec) -> Result<Made, WorkError> {
    let refused = |error: crate::calendar::CalendarError| {
        WorkError::invalid("calendar", format!("cannot be used: {error}"))
    };
    WorkCalendar::from_spec(calendar).map_err(refused)?;
    let undo = Patch::default().and_ground(plan);
    let Some(known) = plan.ground.calendars.iter_mut().find(|known| known.id == calendar.id) else {
        return Err(WorkError::invalid("calendar", "is none of this plan: vendor or customer"));
    };
    *known = calendar.clone();
    let both: Result<Vec<WorkCalendar>, _> =
        plan.ground.calendars.iter().map(WorkCalendar::from_spec).collect();
    let both = both.map_err(refused)?;
    WorkCalendar::intersection(&both.iter().collect::<Vec<_>>()).map_err(refused)?;
    let side = match calendar.id.as_str() {
        "vendor" => Side::Vendor,
        "customer" => Side::Customer,
        _ => Side::Joint,
    };
    let summary = format!("Changed the days on which the {} works", calendar.id);
    Ok(Made { side, subjects: Vec::new(), summary, undo, moves: true })
}

fn reach(plan: &mut RunningPlan, context: &Context<'_>, code: &str, on: Date) -> Result<Made, WorkError> {
    past(on, context)?;
    let milestone = plan.milestone(code).ok_or_else(|| WorkError::Unknown(code.to_owned()))?;
    if milestone.reached_on.is_some() {
        return Err(WorkError::invalid("milestone", "is reached already"));
    }
    let check = check_gate(plan, milestone, context.facts);
    if milestone.holds() && !check.is_open() {
        return Err(WorkError::Closed { gate: milestone.name.clone(), missing: check.missing() });
    }
    of_milestone(plan, code, |milestone| {
        milestone.reached_on = Some(on);
        let what = if milestone.gate { "Passed the gate" } else { "Reached" };
        Ok(format!("{what} “{}” on {}", milestone.name, day(on)))
    })
}

fn confirm(
    milestone: &mut RunningMilestone,
    criterion: &str,
    met: bool,
    context: &Context<'_>,
) -> Result<String, WorkError> {
    if !milestone.criteria.iter().any(|known| known.text == criterion) {
        return Err(WorkError::invalid("criterion", "is none of this milestone"));
    }
    milestone.said.retain(|said| said.text != criterion);
    if met {
        let (by, on) = (context.who.to_owned(), context.today);
        milestone.said.push(Said { text: criterion.to_owned(), by, on });
    }
    let word = if met { "Confirmed" } else { "Took back" };
    Ok(format!("{word} for “{}”: {criterion}", milestone.name))
}

/// Changes one task; what it says is the summary.
fn of_task(
    plan: &mut RunningPlan,
    code: &str,
    change: impl FnOnce(&mut RunningTask) -> Result<String, WorkError>,
) -> Result<Made, WorkError> {
    let undo = Patch::of_task(plan, code);
    let task = plan.tasks.iter_mut().find(|task| task.code == code);
    let task = task.ok_or_else(|| WorkError::Unknown(code.to_owned()))?;
    let summary = change(task)?;
    Ok(Made { side: task.side, subjects: vec![code.to_owned()], summary, undo, moves: true })
}

fn of_milestone(
    plan: &mut RunningPlan,
    code: &str,
    change: impl FnOnce(&mut RunningMilestone) -> Result<String, WorkError>,
) -> Result<Made, WorkError> {
    let milestone = plan.milestones.iter_mut().find(|milestone| milestone.code == code);
    let milestone = milestone.ok_or_else(|| WorkError::Unknown(code.to_owned()))?;
    let undo = Patch::of_milestone(milestone);
    let summary = change(milestone)?;
    Ok(Made { side: Side::Joint, subjects: vec![code.to_owned()], summary, undo, moves: true })
}

fn moved(
    task: &RunningTask,
    transition: impl FnOnce(TaskState) -> Result<TaskState, super::StateError>,
) -> Result<TaskState, WorkError> {
    transition(task.state.clone()).map_err(|error| WorkError::State { task: task.name.clone(), error })
}

fn not_over(task: &RunningTask, to: &'static str) -> Result<(), WorkError> {
    if task.state.is_over() {
        let error = super::StateError::Refused { from: task.state.word(), to };
        return Err(WorkError::State { task: task.name.clone(), error });
    }
    Ok(())
}

fn not_pinned(plan: &RunningPlan, code: &str) -> Result<(), WorkError> {
    if [&plan.ground.kickoff, &plan.ground.go_live].into_iter().flatten().any(|pinned| pinned == code) {
        return Err(WorkError::Pinned(plan.name(code).to_owned()));
    }
    Ok(())
}

fn past(on: Date, context: &Context<'_>) -> Result<(), WorkError> {
    if on > context.today { Err(WorkError::Future { on, today: context.today }) } else { Ok(()) }
}

/// No closed gate lies before a task, through whatever is not over.
fn not_held(plan: &RunningPlan, code: &str, context: &Context<'_>) -> Result<(), WorkError> {
    let mut seen = std::collections::BTreeSet::new();
    let mut ahead = vec![code];
    while let Some(at) = ahead.pop() {
        for link in plan.links.iter().filter(|link| link.to == at) {
            let from = link.from.as_str();
            if !seen.insert(from)
                || plan.task(from).is_some_and(|task| matches!(task.state, TaskState::Done { .. }))
            {
                continue;
            }
            if let Some(gate) = plan.milestone(from) {
                if gate.reached_on.is_some() {
                    continue;
                }
                if gate.holds() {
                    let task = plan.name(code).to_owned();
                    let missing = check_gate(plan, gate, context.facts).missing();
                    let missing = if missing.is_empty() { "nobody passed it".to_owned() } else { missing };
                    return Err(WorkError::Held { task, gate: gate.name.clone(), missing });
                }
            }
            ahead.push(from);
        }
    }
    Ok(())
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

fn checked_days(days: u32) -> Result<u32, WorkError> {
    if (1..=LONGEST_TASK).contains(&days) {
        Ok(days)
    } else {
        Err(WorkError::invalid("days", format!("must lie between 1 and {LONGEST_TASK}")))
    }
}

/// A text people wrote, on one line.
fn said(field: &'static str, text: &str, longest: usize) -> Result<String, WorkError> {
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

pub(super) fn day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

fn working_days(days: u32) -> String {
    if days == 1 { "1 working day".to_owned() } else { format!("{days} working days") }
}

fn calendar_days(days: i32) -> String {
    if days == 1 { "1 calendar day".to_owned() } else { format!("{days} calendar days") }
}
