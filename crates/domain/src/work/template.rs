//! Templates for work that comes up, as changes of a running plan.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::outlook::calendar;
use super::{Addition, Assignee, Change, Origin, RunningPlan, WorkError};
use crate::methodology::{TaskTemplate, TemplateTask};
use crate::programme::Side;

/// How a template is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// Nothing of it starts before.
    pub on: Date,
    /// What its first tasks wait for beside (code).
    pub after: Option<String>,
    /// Who does what each side has to do.
    pub owners: BTreeMap<Side, Assignee>,
}

/// The change that adds the tasks of a template to a plan.
///
/// # Errors
/// When the calendars of a side have no working day.
pub fn bundle(
    plan: &RunningPlan,
    template: &TaskTemplate,
    beginning: &Beginning,
) -> Result<Change, WorkError> {
    let prefix = free_prefix(plan, &template.id);
    let tasks: Result<Vec<Addition>, WorkError> =
        template.tasks.iter().map(|task| addition(plan, template, task, beginning, &prefix)).collect();
    Ok(Change::Bundle { name: template.name.clone(), tasks: tasks? })
}

fn addition(
    plan: &RunningPlan,
    template: &TaskTemplate,
    task: &TemplateTask,
    beginning: &Beginning,
    prefix: &str,
) -> Result<Addition, WorkError> {
    let TemplateTask { id, name, side, role, days, after, offset, checklist } = task;
    let Beginning { on, after: first, owners } = beginning;
    let calendar = calendar(plan, *side)
        .map_err(|error| WorkError::invalid("side", format!("has no days to work on: {error}")))?;
    // What waits for another task of it begins when that is done, unless it is told to wait longer.
    let is_first = after.is_empty();
    let starts = calendar.add_workdays(calendar.next_workday(*on), i64::from(*offset));
    let after = match first {
        Some(first) if is_first => vec![first.clone()],
        _ => after.iter().map(|id| format!("{prefix}{id}")).collect(),
    };
    Ok(Addition {
        code: Some(format!("{prefix}{id}")),
        name: name.clone(),
        side: *side,
        role: Some(role.clone()).filter(|role| !role.is_empty()),
        assignee: owners.get(side).cloned(),
        days: *days,
        not_before: Some(starts).filter(|_| is_first || *offset > 0),
        finish_by: None,
        after,
        before: Vec::new(),
        phase: None,
        origin: Origin::Template(template.id.clone()),
        checklist: checklist.clone(),
    })
}

/// `dry-run-1-`, or the first number under which nothing of it is in the plan.
fn free_prefix(plan: &RunningPlan, id: &str) -> String {
    let is_free = |prefix: &String| !plan.tasks.iter().any(|task| task.code.starts_with(prefix.as_str()));
    (1..).map(|number: u32| format!("{id}-{number}-")).find(is_free).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::work::tests::plan;
    use crate::work::{Context, run};

    fn template() -> TaskTemplate {
        let task = |id: &str, side: Side, after: &[&str], offset: u32| TemplateTask {
            id: id.into(),
            name: format!("Task {id}"),
            side,
            role: String::new(),
            days: 2,
            after: after.iter().map(|id| (*id).to_owned()).collect(),
            offset,
            checklist: vec!["Somebody looked".into()],
        };
        TaskTemplate {
            id: "dry-run".into(),
            name: "Dry run".into(),
            when: "Always".into(),
            tasks: vec![
                task("load", Side::Vendor, &[], 0),
                task("check", Side::Customer, &["load"], 0),
                task("again", Side::Customer, &["check"], 10),
            ],
        }
    }

    #[test]
    fn its_tasks_follow_each_other_from_the_day_it_begins() {
        let today = date(2027, 1, 11);
        let owner = Assignee::Name { name: "Dana Whitfield".into() };
        // A Saturday: Monday 16th is the first day of the vendor.
        let beginning = Beginning {
            on: date(2027, 1, 16),
            after: Some("e".into()),
            owners: BTreeMap::from([(Side::Customer, owner.clone())]),
        };
        let change = bundle(&plan(), &template(), &beginning).unwrap();
        let outcome = run(&plan(), &[change], None, &Context { today, who: "Priya", besides: None }).unwrap();
        let days = |code: &str| outcome.plan.task(code).map(|task| (task.start, task.finish));
        assert_eq!(days("dry-run-1-load"), Some((date(2027, 1, 18), date(2027, 1, 19))));
        assert_eq!(days("dry-run-1-check"), Some((date(2027, 1, 20), date(2027, 1, 21))));
        // Ten working days after Monday 18.
        assert_eq!(days("dry-run-1-again"), Some((date(2027, 2, 1), date(2027, 2, 2))));
        let check = outcome.plan.task("dry-run-1-check").unwrap();
        assert_eq!(
            (check.assignee.as_ref(), &check.origin),
            (Some(&owner), &Origin::Template("dry-run".into()))
        );
        assert_eq!(outcome.plan.task("dry-run-1-load").unwrap().assignee, None);
        assert!(outcome.plan.links.iter().any(|link| link.from == "e" && link.to == "dry-run-1-load"));
        assert_eq!(outcome.entries.len(), 1);

        // The same template a second time stands beside the first.
        let change = bundle(&outcome.plan, &template(), &Beginning { after: None, ..beginning }).unwrap();
        let outcome =
            run(&outcome.plan, &[change], None, &Context { today, who: "Priya", besides: None }).unwrap();
        assert!(outcome.plan.task("dry-run-2-load").is_some());
    }
}
