//! What a change request changes of the plan, a sentence for each change.
//!
//! What is now stands beside what is to be, as long as they differ: once a request is approved, the plan says so itself.

use gangway_domain::plan::LinkKind;
use gangway_domain::work::{Addition, Change, RunningPlan, RunningTask};
use jiff::civil::Date;

use crate::format::{Day, capital, count};

/// A change of the plan in words.
pub(super) fn words(change: &Change, plan: &RunningPlan) -> String {
    let name = |code: &str| plan.name(code).to_owned();
    match change {
        Change::Start { task, on } => format!("“{}” began on {}", name(task), day(*on)),
        Change::Finish { task, on, .. } => format!("“{}” is done on {}", name(task), day(*on)),
        Change::Block { task, since, because, by } => {
            let by = by.as_ref().map(|by| format!(", it waits for “{}”", name(by))).unwrap_or_default();
            format!("“{}” is blocked since {}: {because}{by}", name(task), day(*since))
        }
        Change::Unblock { task } => format!("“{}” can go on", name(task)),
        Change::Reopen { task } => format!("“{}” is opened again", name(task)),
        Change::Skip { task, reason } => format!("Skip “{}”: {reason}", name(task)),
        Change::Assign { task, assignee } => {
            let who = assignee.as_ref().map_or("nobody in particular", |who| who.name());
            let now = of_task(plan, task, |task| task.assignee.as_ref().map(|now| now.name().to_owned()));
            format!("“{}”: done by {}", name(task), from_to(now, who.to_owned()))
        }
        Change::Rename { task, name: new } => renamed("Task", plan.task(task).map(|task| &task.name), new),
        Change::SetDays { task, days } => {
            let now = plan.task(task).map(|task| task.days).filter(|now| now != days);
            let now = now.map(|now| format!(" instead of {now}")).unwrap_or_default();
            format!("“{}” takes {}{now}", name(task), working_days(*days))
        }
        Change::Move { task, not_before: Some(on) } => {
            let now = of_task(plan, task, |task| task.rule.not_before.map(day));
            format!("“{}” does not start before {}", name(task), from_to(now, day(*on)))
        }
        Change::Move { task, not_before: None } => format!("“{}” starts as soon as possible", name(task)),
        Change::EndOn { task, on, despite } => {
            let despite = despite.as_ref().map(|why| format!(", although nothing does otherwise: {why}"));
            let now = of_task(plan, task, |task| Some(day(task.finish)));
            format!("“{}” ends on {}{}", name(task), from_to(now, day(*on)), despite.unwrap_or_default())
        }
        Change::FinishBy { task, by: Some(by) } => {
            let now = of_task(plan, task, |task| task.rule.finish_by.map(day));
            format!("“{}” must be done by {}", name(task), from_to(now, day(*by)))
        }
        Change::FinishBy { task, by: None } => {
            format!("“{}” must not be done by a certain day any more", name(task))
        }
        Change::Add { task } => added(task, plan),
        Change::Bundle { name, tasks } => {
            let names: Vec<String> = tasks.iter().map(|task| format!("“{}”", task.name)).collect();
            format!("Add “{name}”, {}: {}", count(tasks.len(), "task"), names.join(", "))
        }
        Change::Remove { task, join: true } => {
            format!("Take “{}” out: what waited for it waits for what it waited for", name(task))
        }
        Change::Remove { task, join: false } => format!("Take “{}” out", name(task)),
        Change::Link { link } => {
            let tie = match link.kind {
                LinkKind::FinishStart => "begins when that is done",
                LinkKind::StartStart => "begins when that has begun",
                LinkKind::FinishFinish => "is done when that is done",
                LinkKind::StartFinish => "is done when that has begun",
            };
            format!("“{}” waits for “{}”: it {tie}{}", name(&link.to), name(&link.from), lag(link.lag))
        }
        Change::Unlink { from, to } => format!("“{}” does not wait for “{}” any more", name(to), name(from)),
        Change::Calendar { calendar } => format!(
            "{}: other working days, with {} and {}",
            capital(&calendar.id),
            count(calendar.holidays.len(), "public holiday"),
            count(calendar.closed.len(), "closed period")
        ),
        Change::Target { on: Some(on) } => {
            format!("Wanted go-live: {}", from_to(plan.ground.target.map(day), day(*on)))
        }
        Change::Target { on: None } => "No go-live is wanted by a day".to_owned(),
        Change::Reach { milestone, on } => {
            format!("Milestone “{}” is reached on {}", name(milestone), day(*on))
        }
        Change::Unreach { milestone } => format!("Milestone “{}” is not reached after all", name(milestone)),
        Change::RenameMilestone { milestone, name: new } => {
            renamed("Milestone", plan.milestone(milestone).map(|milestone| &milestone.name), new)
        }
        Change::SetDue { milestone, on } => {
            let now = plan.milestone(milestone).map(|milestone| day(milestone.due));
            format!("Milestone “{}”: due {}", name(milestone), from_to(now, day(*on)))
        }
        Change::Waive { milestone, reason, on } => {
            let since = on.map(|on| format!(" from {} on", day(on))).unwrap_or_default();
            format!("Waive the gate “{}”{since}: {reason}", name(milestone))
        }
        Change::Confirm { milestone, criterion, met } => {
            let met = if *met { "is met" } else { "is not met" };
            format!("Milestone “{}”: “{criterion}” {met}", name(milestone))
        }
    }
}

fn day(day: Date) -> String {
    Day::from(day).words
}

/// What is known of a task as it stands.
fn of_task(plan: &RunningPlan, code: &str, known: impl Fn(&RunningTask) -> Option<String>) -> Option<String> {
    plan.task(code).and_then(known)
}

/// `4 Feb 2027 → 11 Feb 2027`; what is to be alone where nothing else is now.
fn from_to(now: Option<String>, then: String) -> String {
    match now.filter(|now| *now != then) {
        Some(now) => format!("{now} → {then}"),
        None => then,
    }
}

fn renamed(what: &str, now: Option<&String>, new: &str) -> String {
    match now.filter(|now| *now != new) {
        Some(now) => format!("{what} renamed: “{now}” → “{new}”"),
        None => format!("{what} renamed “{new}”"),
    }
}

fn added(task: &Addition, plan: &RunningPlan) -> String {
    let after = task.after.first().map(|code| format!(", after {}", plan.name(code))).unwrap_or_default();
    format!("Add “{}” ({}, {}{after})", task.name, task.side.word(), working_days(task.days))
}

fn working_days(days: u32) -> String {
    count(usize::try_from(days).unwrap_or(0), "working day")
}

/// ` + 2 working days`; nothing where there is none.
fn lag(days: i32) -> String {
    match days {
        0 => String::new(),
        1.. => format!(" + {}", working_days(days.unsigned_abs())),
        _ => format!(" − {}", working_days(days.unsigned_abs())),
    }
}

#[cfg(test)]
mod tests {
    use gangway_domain::programme::{MilestoneKind, Side};
    use gangway_domain::work::{Ground, Origin, RunningMilestone, TaskRule, TaskState};
    use jiff::civil::date;

    use super::*;

    fn plan() -> RunningPlan {
        let (start, finish) = (date(2027, 1, 11), date(2027, 1, 15));
        let task = RunningTask {
            code: "build".to_owned(),
            phase: "build".to_owned(),
            name: "Build it".to_owned(),
            side: Side::Vendor,
            role: String::new(),
            assignee: None,
            days: 5,
            rule: TaskRule::default(),
            state: TaskState::Open,
            origin: Origin::Programme,
            start,
            finish,
            late_start: start,
            late_finish: finish,
            slack: 0,
            free_slack: 0,
            critical: true,
        };
        let milestone = RunningMilestone {
            code: "live".to_owned(),
            phase: "build".to_owned(),
            name: "Live".to_owned(),
            kind: MilestoneKind::Technical,
            gate: false,
            criteria: Vec::new(),
            said: Vec::new(),
            due: date(2027, 2, 4),
            planned: finish,
            reached_on: None,
            waived: None,
        };
        RunningPlan {
            ground: Ground {
                starts_on: start,
                target: Some(date(2027, 2, 1)),
                kickoff: None,
                go_live: None,
                first_value: None,
                complete: Vec::new(),
                calendars: Vec::new(),
                as_of: start,
            },
            phases: Vec::new(),
            tasks: vec![task],
            milestones: vec![milestone],
            links: Vec::new(),
        }
    }

    #[test]
    fn each_change_is_a_sentence_with_what_is_now() {
        let (task, milestone) = ("build".to_owned(), "live".to_owned());
        let name = "Go live".to_owned();
        for (change, said) in [
            (
                Change::SetDue { milestone: milestone.clone(), on: date(2027, 2, 11) },
                "Milestone “Live”: due 4 Feb 2027 → 11 Feb 2027",
            ),
            (
                Change::SetDue { milestone: milestone.clone(), on: date(2027, 2, 4) },
                "Milestone “Live”: due 4 Feb 2027",
            ),
            (Change::RenameMilestone { milestone, name }, "Milestone renamed: “Live” → “Go live”"),
            (Change::Rename { task: task.clone(), name: "Build it".to_owned() }, "Task renamed “Build it”"),
            (Change::SetDays { task: task.clone(), days: 8 }, "“Build it” takes 8 working days instead of 5"),
            (Change::SetDays { task: task.clone(), days: 5 }, "“Build it” takes 5 working days"),
            (Change::Remove { task, join: false }, "Take “Build it” out"),
            (Change::Target { on: Some(date(2027, 3, 1)) }, "Wanted go-live: 1 Feb 2027 → 1 Mar 2027"),
        ] {
            assert_eq!(words(&change, &plan()), said);
        }
    }
}
