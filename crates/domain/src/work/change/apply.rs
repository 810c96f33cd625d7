//! Makes a change: what it does to a task, a milestone or the day that is wanted, and what takes it back.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Change;
use super::check::{
    LONGEST_NAME, LONGEST_REASON, checked_days, moved, not_far_ahead, not_held, not_long_ago, not_over,
    not_pinned, not_undecided, past, said,
};
use super::shape::{add, add_all, join, part, remove, set_calendar};
use super::words::{calendar_days, day, working_days};
use crate::programme::Side;
use crate::work::network::calendars_of;
use crate::work::{
    Context, Patch, RunningMilestone, RunningPlan, RunningTask, Said, TaskState, Waiver, WorkError,
    check_gate,
};

/// A change that was made, before the plan is scheduled again.
pub(in crate::work) struct Made {
    pub side: Side,
    pub subjects: Vec<String>,
    pub summary: String,
    pub undo: Patch,
    /// Dates may follow from it.
    pub moves: bool,
}

impl Change {
    /// Makes the change; dates stay as they are.
    pub(in crate::work) fn apply(
        &self,
        plan: &mut RunningPlan,
        context: &Context<'_>,
    ) -> Result<Made, WorkError> {
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
            Self::EndOn { task, on, despite } => end_on(plan, task, *on, despite.as_deref()),
            Self::FinishBy { task, by } => finish_by(plan, task, *by),
            Self::Add { task } => add(plan, context, task),
            Self::Bundle { name, tasks } => add_all(plan, context, name, tasks),
            Self::Remove { task, join } => remove(plan, task, *join),
            Self::Link { link } => join(plan, link),
            Self::Unlink { from, to } => part(plan, from, to),
            Self::Calendar { calendar } => set_calendar(plan, calendar),
            Self::Target { on } => {
                if let Some(on) = on {
                    not_long_ago(plan, "on", *on)?;
                    not_far_ahead(plan, "on", *on)?;
                }
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
            Self::RenameMilestone { milestone, name } => {
                let name = said("name", name, LONGEST_NAME)?;
                let made = of_milestone(plan, milestone, |milestone| {
                    let before = std::mem::replace(&mut milestone.name, name.clone());
                    Ok(format!("“{before}” is called “{name}”"))
                });
                Ok(Made { moves: false, ..made? })
            }
            Self::SetDue { milestone, on } => set_due(plan, milestone, *on),
            Self::Waive { milestone, reason, on } => waive(plan, context, milestone, reason, *on),
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
    not_long_ago(plan, "on", on)?;
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
    not_long_ago(plan, "on", on)?;
    if let Some(began) = started_on {
        not_long_ago(plan, "started_on", began)?;
    }
    not_undecided(plan, code, context)?;
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
    not_long_ago(plan, "since", since)?;
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

fn finish_by(plan: &mut RunningPlan, code: &str, by: Option<Date>) -> Result<Made, WorkError> {
    if let Some(by) = by {
        not_far_ahead(plan, "by", by)?;
    }
    of_task(plan, code, |task| {
        not_over(task, "given a date")?;
        task.rule.finish_by = by;
        Ok(match by {
            Some(by) => format!("“{}” must be done by {}", task.name, day(by)),
            None => format!("“{}” must not be done by a certain day any more", task.name),
        })
    })
}

fn move_to(plan: &mut RunningPlan, code: &str, not_before: Option<Date>) -> Result<Made, WorkError> {
    if let Some(on) = not_before {
        not_far_ahead(plan, "not_before", on)?;
    }
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

fn end_on(plan: &mut RunningPlan, code: &str, on: Date, despite: Option<&str>) -> Result<Made, WorkError> {
    not_far_ahead(plan, "on", on)?;
    let despite = despite.map(|reason| said("despite", reason, LONGEST_REASON)).transpose()?;
    let task = plan.task(code).ok_or_else(|| WorkError::Unknown(code.to_owned()))?;
    let from = first_day(plan, task, on);
    of_task(plan, code, |task| {
        if task.state.started_on().is_some() {
            return Err(WorkError::invalid("on", "comes too late: the task has begun"));
        }
        not_over(task, "moved")?;
        if task.rule.fixed_on.is_some() {
            task.rule.fixed_on = Some(from);
        } else {
            task.rule.not_before = Some(from);
            task.rule.prefer = crate::plan::Preference::Asap;
        }
        let exception = despite.as_ref().zip(task.rule.avoid.as_mut());
        if let Some((_, avoid)) = exception.filter(|(_, avoid)| !avoid.allowed.contains(&on)) {
            avoid.allowed.push(on);
        }
        let because = despite.map(|reason| format!(", although nothing does otherwise: {reason}"));
        Ok(format!("“{}” is on {}{}", task.name, day(on), because.unwrap_or_default()))
    })
}

/// The day on which a task begins that ends on a day on which people work.
fn first_day(plan: &RunningPlan, task: &RunningTask, last: Date) -> Date {
    /// Days looked back over at most: some years, whatever is closed.
    const BACK: usize = 2_000;
    let ids = calendars_of(task.side);
    let calendars = || plan.ground.calendars.iter().filter(|calendar| ids.contains(&calendar.id));
    let is_worked = |day: Date| {
        calendars().all(|calendar| {
            !calendar.weekend.contains(&day.weekday())
                && !calendar.holidays.iter().any(|holiday| holiday.date == day)
                && !calendar.closed.iter().any(|closed| closed.from <= day && day <= closed.to)
        })
    };
    let (mut first, mut left) = (last, task.days.saturating_sub(1));
    for _ in 0..BACK {
        if left == 0 {
            break;
        }
        first = first.saturating_sub(1.day());
        left -= u32::from(is_worked(first));
    }
    first
}

fn reach(plan: &mut RunningPlan, context: &Context<'_>, code: &str, on: Date) -> Result<Made, WorkError> {
    past(on, context)?;
    not_long_ago(plan, "on", on)?;
    let milestone = plan.milestone(code).ok_or_else(|| WorkError::Unknown(code.to_owned()))?;
    if milestone.reached_on.is_some() {
        return Err(WorkError::invalid("milestone", "is reached already"));
    }
    let check = check_gate(plan, milestone, &context.facts(plan));
    if milestone.holds() && !check.is_open() {
        return Err(WorkError::Closed { gate: milestone.name.clone(), missing: check.missing() });
    }
    of_milestone(plan, code, |milestone| {
        milestone.reached_on = Some(on);
        let what = if milestone.gate { "Passed the gate" } else { "Reached" };
        Ok(format!("{what} “{}” on {}", milestone.name, day(on)))
    })
}

fn set_due(plan: &mut RunningPlan, code: &str, on: Date) -> Result<Made, WorkError> {
    let first = plan.ground.starts_on;
    if on < first {
        return Err(WorkError::invalid(
            "on",
            format!("lies before the plan, which begins on {}", day(first)),
        ));
    }
    not_far_ahead(plan, "on", on)?;
    let made = of_milestone(plan, code, |milestone| {
        if milestone.reached_on.is_some() {
            return Err(WorkError::invalid("milestone", "is reached already"));
        }
        let before = std::mem::replace(&mut milestone.due, on);
        Ok(format!("“{}” is due on {} instead of {}", milestone.name, day(on), day(before)))
    });
    Ok(Made { moves: false, ..made? })
}

fn waive(
    plan: &mut RunningPlan,
    context: &Context<'_>,
    code: &str,
    reason: &str,
    on: Option<Date>,
) -> Result<Made, WorkError> {
    let reason = said("reason", reason, LONGEST_REASON)?;
    let on = on.unwrap_or(context.today);
    past(on, context)?;
    let first = plan.ground.starts_on;
    // Today is always a day on which a gate can be waived, also before the plan begins.
    if on < first.min(context.today) {
        return Err(WorkError::invalid(
            "on",
            format!("lies before the plan, which begins on {}", day(first)),
        ));
    }
    of_milestone(plan, code, |milestone| {
        if !milestone.holds() {
            return Err(WorkError::invalid("milestone", "is no gate that holds anything up"));
        }
        let since = if on == context.today { String::new() } else { format!(" from {} on", day(on)) };
        let summary = format!("Waived the gate “{}”{since}: {reason}", milestone.name);
        milestone.waived = Some(Waiver { by: context.who.to_owned(), on, reason });
        Ok(summary)
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
