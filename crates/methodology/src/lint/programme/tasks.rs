//! The tasks of a programme.

use gangway_domain::programme::{Amount, PLACEHOLDERS, Programme, Side};

use super::Names;
use crate::lint::{File, RuleCache};

/// Longest duration of a task, in working days, when written as a number.
const MOST_DAYS: u32 = 260;

pub(super) fn lint(file: &mut File<'_, '_>, rules: &mut RuleCache, programme: &Programme, names: &Names<'_>) {
    let ids = programme.tasks.iter().enumerate().map(|(i, task)| (format!("task.{i}.id"), task.id.as_str()));
    let milestone_ids =
        programme.milestones.iter().enumerate().map(|(i, m)| (format!("milestone.{i}.id"), m.id.as_str()));
    file.unique("task or milestone", ids.chain(milestone_ids));
    for (i, task) in programme.tasks.iter().enumerate() {
        let at = |key: &str| format!("task.{i}.{key}");
        file.known(&at("phase"), "phase", &task.phase, &names.phases);
        file.known(&at("role"), "role", &task.role, &names.roles);
        rules.when(file, &at("when"), task.when.as_deref());
        rules.amount(file, &at("days"), &task.days);
        if let Amount::Fixed(days) = task.days
            && days > MOST_DAYS
        {
            file.error(&at("days"), format!("{days} working days are more than a year"), "split the task");
        }
        let role = programme.roles.iter().find(|role| role.id == task.role);
        if let Some(role) = role
            && task.owner != Side::Joint
            && task.owner != role.side
        {
            file.error(
                &at("owner"),
                format!(
                    "`{}` belongs to the {} but its role `{}` to the {}",
                    task.id,
                    side(task.owner),
                    role.id,
                    side(role.side)
                ),
                "make owner and role agree, or write `owner = \"joint\"`",
            );
        }
        if task.chain && task.for_each.is_none() {
            file.error(
                &at("chain"),
                "`chain` needs `for_each`",
                "a task that is not repeated has nothing to be chained to",
            );
        }
        file.placeholders(&at("name"), &task.name, PLACEHOLDERS);
        for (key, text) in [("deliverable", &task.deliverable), ("note", &task.note)] {
            if let Some(text) = text {
                file.placeholders(&at(key), text, PLACEHOLDERS);
            }
        }
        if task.for_each.is_none() && task.name.contains("{item}") {
            file.error(
                &at("name"),
                "`{item}` needs `for_each`",
                "say what the task is repeated for, or leave `{item}` out",
            );
        }
    }
    exactly_one(file, programme, "kickoff", |i| programme.tasks[i].kickoff);
    exactly_one(file, programme, "go_live", |i| programme.tasks[i].go_live);
    for (i, task) in programme.tasks.iter().enumerate().filter(|(_, task)| task.kickoff || task.go_live) {
        if task.when.is_some() || task.for_each.is_some() {
            file.error(
                &format!("task.{i}"),
                format!("`{}` must always be there, once", task.id),
                "kickoff and go-live take neither `when` nor `for_each`",
            );
        }
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Vendor => "vendor",
        Side::Customer => "customer",
        Side::Joint => "both",
    }
}

fn exactly_one(file: &mut File<'_, '_>, programme: &Programme, flag: &str, is: impl Fn(usize) -> bool) {
    let with: Vec<usize> = (0..programme.tasks.len()).filter(|i| is(*i)).collect();
    match with.as_slice() {
        [_] => {}
        [] => file.error(
            "task",
            format!("no task has `{flag} = true`"),
            format!("mark exactly one task with `{flag} = true`"),
        ),
        [first, rest @ ..] => {
            for i in rest {
                file.error(
                    &format!("task.{i}.{flag}"),
                    format!(
                        "`{}` and `{}` both have `{flag} = true`",
                        programme.tasks[*first].id, programme.tasks[*i].id
                    ),
                    format!("mark exactly one task with `{flag} = true`"),
                );
            }
        }
    }
}
