//! The plan as a file: every task and milestone, with its dates as they are and as agreed last.

use std::collections::BTreeMap;

use gangway_documents::SheetCell;
use gangway_domain::ids::{OnboardingId, TaskId};
use gangway_domain::permission::Action;
use gangway_domain::work::{RunningMilestone, RunningPlan, RunningTask, TaskState};
use jiff::civil::Date;

use super::{Sight, descriptions, sight};
use crate::boxed;
use crate::error::AppError;
use crate::export::{Export, Format, file, number, sheet};
use crate::{Actor, App};

const COLUMNS: [(&str, f64); 19] = [
    ("Phase", 24.0),
    ("Kind", 10.0),
    ("Name", 40.0),
    ("State", 10.0),
    ("Because", 30.0),
    ("Side", 10.0),
    ("Role", 22.0),
    ("Who", 20.0),
    ("Start", 12.0),
    ("Finish", 12.0),
    ("Working days", 13.0),
    ("Agreed start", 12.0),
    ("Agreed finish", 13.0),
    ("Days later than agreed", 21.0),
    ("Slack", 8.0),
    ("Critical", 9.0),
    ("Waits for", 40.0),
    ("Code", 26.0),
    ("Description", 60.0),
];

/// The plan of an onboarding as comma-separated values, phase by phase.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Render`]; or when the database fails.
#[boxed]
pub async fn plan_file(app: &App, actor: &Actor, id: OnboardingId) -> Result<Export, AppError> {
    actor.require(Action::Export)?;
    let seen = sight(app, actor, id).await?;
    let described = descriptions(app, actor, id).await?;
    file("plan", seen.today, Format::Csv, move || sheet("Plan", &COLUMNS, rows(&seen, &described))).await
}

fn rows(seen: &Sight, described: &BTreeMap<TaskId, String>) -> Vec<Vec<SheetCell>> {
    let plan = &seen.stored.plan;
    let mut rows = Vec::with_capacity(plan.tasks.len() + plan.milestones.len());
    for phase in &plan.phases {
        let tasks = plan.tasks.iter().filter(|task| task.phase == phase.code);
        rows.extend(tasks.map(|task| of_task(seen, &phase.name, task, described)));
        let milestones = plan.milestones.iter().filter(|one| one.phase == phase.code);
        rows.extend(milestones.map(|one| of_milestone(seen, &phase.name, one)));
    }
    rows
}

fn of_task(
    seen: &Sight,
    phase: &str,
    task: &RunningTask,
    described: &BTreeMap<TaskId, String>,
) -> Vec<SheetCell> {
    let plan = &seen.stored.plan;
    let facts = seen.stored.tasks.get(&task.code);
    let agreed = facts.and_then(|facts| facts.baseline);
    let description = facts.and_then(|facts| described.get(&facts.id)).map_or("", String::as_str);
    let because = match &task.state {
        TaskState::Blocked { because, .. } => because.as_str(),
        TaskState::Skipped { reason } => reason.as_str(),
        TaskState::Open | TaskState::Started { .. } | TaskState::Done { .. } => "",
    };
    vec![
        phase.into(),
        "Task".into(),
        task.name.as_str().into(),
        task.state.word().into(),
        because.into(),
        task.side.word().into(),
        task.role.as_str().into(),
        task.assignee.as_ref().map_or("", |who| who.name()).into(),
        task.start.into(),
        task.finish.into(),
        number(i64::from(task.days)),
        day(agreed.map(|(start, ..)| start)),
        day(agreed.map(|(_, finish, _)| finish)),
        later(agreed.map(|(_, finish, _)| finish), task.finish),
        number(task.slack),
        if task.critical { "yes" } else { "" }.into(),
        waits_for(plan, &task.code).into(),
        task.code.as_str().into(),
        description.into(),
    ]
}

fn of_milestone(seen: &Sight, phase: &str, one: &RunningMilestone) -> Vec<SheetCell> {
    let plan = &seen.stored.plan;
    let agreed = seen.stored.milestones.get(&one.code).and_then(|facts| facts.baseline);
    let (state, because) = match (one.reached_on, &one.waived) {
        (Some(_), _) => ("reached", ""),
        (None, Some(waiver)) => ("waived", waiver.reason.as_str()),
        (None, None) => ("ahead", ""),
    };
    vec![
        phase.into(),
        if one.gate { "Gate" } else { "Milestone" }.into(),
        one.name.as_str().into(),
        state.into(),
        because.into(),
        SheetCell::default(),
        SheetCell::default(),
        plan.answer_for(&one.code).join(", ").into(),
        SheetCell::default(),
        one.planned.into(),
        SheetCell::default(),
        SheetCell::default(),
        day(agreed),
        later(agreed, one.planned),
        SheetCell::default(),
        SheetCell::default(),
        waits_for(plan, &one.code).into(),
        one.code.as_str().into(),
        SheetCell::default(),
    ]
}

fn day(known: Option<Date>) -> SheetCell {
    known.map_or_else(SheetCell::default, SheetCell::from)
}

/// Calendar days between the day agreed and the day it is; fewer than none when it is earlier.
fn later(agreed: Option<Date>, is: Date) -> SheetCell {
    agreed.map_or_else(SheetCell::default, |agreed| number(i64::from((is - agreed).get_days())))
}

/// The names of what it waits for.
fn waits_for(plan: &RunningPlan, code: &str) -> String {
    let before = plan.links.iter().filter(|link| link.to == code);
    before.map(|link| plan.name(&link.from)).collect::<Vec<_>>().join("; ")
}
