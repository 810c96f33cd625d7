//! Tasks and links of project files.

use std::collections::HashMap;
use std::ops::Range;

use gangway_domain::fact::Notice;
use gangway_domain::plan::{Constraint, LinkKind, LinkSpec, PlanSpec, Point, Preference, TaskSpec};

use super::value::{self, Scale};
use crate::PlanFileError;
use crate::xml::Element;

/// Links a single link between summary tasks may become.
const MOST_ROLLED_DOWN: usize = 10_000;

/// Links of a whole file: a plan of 100,000 tasks has a few times as many.
const MOST_LINKS: usize = 1_000_000;

/// Reads tasks and links into the plan.
pub(super) fn read(
    project: &Element,
    scale: &Scale,
    calendars: &HashMap<String, String>,
    plan: &mut PlanSpec,
    notices: &mut Vec<Notice>,
) -> Result<(), PlanFileError> {
    let all: Vec<&Element> =
        project.child("Tasks").map(|list| list.all("Task").collect()).unwrap_or_default();
    let tasks: Vec<&Element> = all.into_iter().filter(|task| is_task(task, notices)).collect();
    let outline = Outline::of(&tasks);
    let mut durations = HashMap::new();
    for (position, &task) in tasks.iter().enumerate() {
        let (uid, label) = identify(task)?;
        if outline.is_summary(position) {
            if constraint_type(task) > 1 || task.get("Deadline").is_some() {
                notices.push(Notice::warning(
                    "summary_constraint",
                    format!("{label}: constraints of summary tasks are not read."),
                ));
            }
            continue;
        }
        let spec = leaf(task, uid, &label, scale, calendars, plan, notices)?;
        durations.insert(uid, i64::from(spec.duration));
        plan.tasks.push(spec);
    }
    for &task in &tasks {
        let (uid, label) = identify(task)?;
        for link in task.all("PredecessorLink") {
            read_link(link, uid, &label, scale, &outline, &durations, plan, notices)?;
        }
    }
    Ok(())
}

fn is_task(task: &Element, notices: &mut Vec<Notice>) -> bool {
    if task.get("IsNull") == Some("1") {
        return false;
    }
    if task.get("Active") == Some("0") {
        let name = task.get("Name").unwrap_or_default();
        notices.push(Notice::warning(
            "inactive_task",
            format!("The inactive task `{name}` and its links are left out."),
        ));
        return false;
    }
    true
}

/// UID of a task and how messages call it.
fn identify(task: &Element) -> Result<(&str, String), PlanFileError> {
    let name = task.get("Name").unwrap_or_default();
    let uid = task.get("UID").ok_or_else(|| problem(&format!("task \"{name}\""), "it has no UID"))?;
    Ok((uid, format!("task {uid} \"{name}\"")))
}

fn leaf(
    task: &Element,
    uid: &str,
    label: &str,
    scale: &Scale,
    calendars: &HashMap<String, String>,
    plan: &PlanSpec,
    notices: &mut Vec<Notice>,
) -> Result<TaskSpec, PlanFileError> {
    let text = task.get("Duration").unwrap_or("PT0H0M0S");
    let minutes =
        value::minutes(text).ok_or_else(|| problem(label, &format!("`{}` is not a duration", clip(text))))?;
    let days = scale.duration(minutes, task.get("DurationFormat").and_then(|format| format.parse().ok()));
    if !days.exact {
        notices.push(Notice::warning(
            "rounded_duration",
            format!(
                "{label}: its duration {text} is not a whole number of working days and became {}.",
                days.days
            ),
        ));
    }
    if task.get("Manual") == Some("1") {
        notices.push(Notice::warning(
            "manual_task",
            format!("{label} is scheduled by hand in the file; here it follows its links."),
        ));
    }
    let mut spec = TaskSpec {
        id: uid.to_owned(),
        name: task.get("Name").unwrap_or_default().to_owned(),
        duration: u32::try_from(days.days).map_err(|_| problem(label, "its duration is absurd"))?,
        ..TaskSpec::default()
    };
    if let Some(calendar) = task.get("CalendarUID").filter(|uid| *uid != "-1") {
        match calendars.get(calendar) {
            Some(id) => spec.calendars.push(id.clone()),
            None => notices.push(Notice::warning(
                "unknown_calendar",
                format!(
                    "{label}: its calendar {} is not in the file; the project's is used.",
                    clip(calendar)
                ),
            )),
        }
    }
    constrain(task, label, plan, &mut spec, notices);
    Ok(spec)
}

fn constraint_type(task: &Element) -> u8 {
    task.get("ConstraintType").and_then(|kind| kind.parse().ok()).unwrap_or(0)
}

fn constrain(task: &Element, label: &str, plan: &PlanSpec, spec: &mut TaskSpec, notices: &mut Vec<Notice>) {
    let date = task.get("ConstraintDate").and_then(value::date);
    let not_mapped = |what: &str| {
        Notice::warning(
            "constraint_not_read",
            format!("{label}: the constraint \"{what}\" has no counterpart and is left out."),
        )
    };
    match (constraint_type(task), date) {
        (0, _) => {}
        (1, _) => spec.prefer = Preference::Alap,
        (2, Some(at)) if plan.start.is_none_or(|start| at >= start) => {
            spec.constraint = Some(Constraint::FixedStart { at: Point::Day(at) });
        }
        (3, Some(at)) => {
            spec.constraint = Some(Constraint::FinishBy { at: Point::Day(at) });
            notices.push(Notice::warning(
                "must_finish_on",
                format!("{label} must finish on {at}; here it must finish by then."),
            ));
        }
        (4, Some(at)) => spec.constraint = Some(Constraint::NotBefore { at: Point::Day(at) }),
        (7, Some(at)) => spec.constraint = Some(Constraint::FinishBy { at: Point::Day(at) }),
        (2, Some(_)) => notices.push(not_mapped("must start on, before the project starts")),
        (5, _) => notices.push(not_mapped("start no later than")),
        (6, _) => notices.push(not_mapped("finish no earlier than")),
        (_, None) => notices.push(not_mapped("without a date")),
        (other, Some(_)) => notices.push(not_mapped(&format!("type {other}"))),
    }
    if let Some(at) = task.get("Deadline").and_then(value::date) {
        if spec.constraint.is_none() {
            spec.constraint = Some(Constraint::FinishBy { at: Point::Day(at) });
        } else {
            notices.push(Notice::warning(
                "deadline_not_read",
                format!("{label}: its deadline {at} is left out beside its constraint."),
            ));
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "everything a link may depend on, passed once")]
fn read_link(
    link: &Element,
    to: &str,
    label: &str,
    scale: &Scale,
    outline: &Outline<'_>,
    durations: &HashMap<&str, i64>,
    plan: &mut PlanSpec,
    notices: &mut Vec<Notice>,
) -> Result<(), PlanFileError> {
    let from = link.get("PredecessorUID").ok_or_else(|| problem(label, "a link has no PredecessorUID"))?;
    if link.get("CrossProject") == Some("1") {
        notices.push(Notice::warning(
            "cross_project_link",
            format!("{label}: a link to another project is left out."),
        ));
        return Ok(());
    }
    let kind = match link.get("Type").unwrap_or("1") {
        "0" => LinkKind::FinishFinish,
        "1" => LinkKind::FinishStart,
        "2" => LinkKind::StartFinish,
        "3" => LinkKind::StartStart,
        other => return Err(problem(label, &format!("`{}` is not a type of link (0 to 3)", clip(other)))),
    };
    let (Some(before), Some(after)) = (outline.part(from), outline.part(to)) else {
        notices.push(Notice::warning(
            "unknown_predecessor",
            format!("{label}: its predecessor {} is not in the file; the link is left out.", clip(from)),
        ));
        return Ok(());
    };
    if before.start < after.end && after.start < before.end {
        let whom = if from == to {
            "itself".to_owned()
        } else {
            format!("task {}, which contains it or is part of it", clip(from))
        };
        notices.push(Notice::warning(
            "link_to_itself",
            format!("{label} is linked with {whom}: no task can wait for itself. The link is left out; remove it in the file."),
        ));
        return Ok(());
    }
    let summary = before.len() > 1 || after.len() > 1;
    let waits_for_finish = matches!(kind, LinkKind::FinishStart | LinkKind::FinishFinish);
    let holds_start = matches!(kind, LinkKind::FinishStart | LinkKind::StartStart);
    if summary && !(waits_for_finish && holds_start) {
        notices.push(Notice::warning("summary_link", format!("{label}: only finish-to-start links of summary tasks can be rolled down; another kind, with {}, is left out.", clip(from))));
        return Ok(());
    }
    let (before, after) = (outline.leaves(before), outline.leaves(after));
    if before.is_empty() || after.is_empty() {
        notices.push(Notice::warning(
            "summary_link",
            format!(
                "{label}: its link with {} is left out, because a summary without tasks has nothing to link.",
                clip(from)
            ),
        ));
        return Ok(());
    }
    let links = before.len().saturating_mul(after.len());
    if links > MOST_ROLLED_DOWN {
        notices.push(Notice::warning("summary_link", format!("{label}: its link with {} would become more than {MOST_ROLLED_DOWN} links and is left out; put a milestone between them.", clip(from))));
        return Ok(());
    }
    if plan.links.len() + links > MOST_LINKS {
        return Err(problem(
            label,
            &format!(
                "with its link to {}, the tasks have more than {MOST_LINKS} links; put milestones between summary tasks instead of linking them",
                clip(from)
            ),
        ));
    }
    let amount: f64 = match link.get("LinkLag") {
        None => 0.0,
        Some(text) => text
            .parse()
            .ok()
            .filter(|lag: &f64| lag.is_finite())
            .ok_or_else(|| problem(label, &format!("`{}` is not a lag", clip(text))))?,
    };
    let format = link.get("LagFormat").and_then(|format| format.parse().ok());
    for &from in before {
        let lag = scale.lag(amount, format, durations.get(from).copied().unwrap_or(0));
        let days = i32::try_from(lag.days).map_err(|_| problem(label, "the lag of a link is absurd"))?;
        if !lag.exact && amount != 0.0 {
            notices.push(Notice::warning("rounded_lag", format!("{label}: the lag after task {from} is not a whole number of working days and became {days}.")));
        }
        for &to in after {
            plan.links.push(LinkSpec { from: from.to_owned(), to: to.to_owned(), kind, lag: days });
        }
    }
    Ok(())
}

/// Which tasks contain which.
struct Outline<'a> {
    /// One past the last task contained in each.
    until: Vec<usize>,
    summary: Vec<bool>,
    by_uid: HashMap<&'a str, usize>,
    /// The tasks that contain none, in the order of the file.
    leaves: Vec<&'a str>,
    /// How many of them stand before each task, and before the end.
    leaves_before: Vec<usize>,
}

impl<'a> Outline<'a> {
    fn of(tasks: &[&'a Element]) -> Self {
        let level = |task: &Element| {
            task.get("OutlineLevel").and_then(|level| level.parse::<u32>().ok()).unwrap_or(1)
        };
        let mut until: Vec<usize> = (1..=tasks.len()).collect();
        let mut open: Vec<(u32, usize)> = Vec::new();
        for (position, task) in tasks.iter().enumerate() {
            while let Some(&(outer, container)) = open.last().filter(|(outer, _)| *outer >= level(task)) {
                debug_assert!(outer >= level(task));
                if let Some(end) = until.get_mut(container) {
                    *end = position;
                }
                open.pop();
            }
            open.push((level(task), position));
        }
        for (_, container) in open {
            if let Some(end) = until.get_mut(container) {
                *end = tasks.len();
            }
        }
        let uids: Vec<&str> = tasks.iter().map(|task| task.get("UID").unwrap_or_default()).collect();
        let summary = tasks
            .iter()
            .zip(&until)
            .enumerate()
            .map(|(at, (task, until))| task.get("Summary") == Some("1") || *until > at + 1)
            .collect();
        let by_uid = uids.iter().enumerate().map(|(position, uid)| (*uid, position)).collect();
        let mut outline = Self { until, summary, by_uid, leaves: Vec::new(), leaves_before: vec![0] };
        for (position, uid) in uids.into_iter().enumerate() {
            if !outline.is_summary(position) {
                outline.leaves.push(uid);
            }
            outline.leaves_before.push(outline.leaves.len());
        }
        outline
    }

    fn is_summary(&self, position: usize) -> bool {
        self.summary.get(position).copied().unwrap_or(false)
    }

    /// A task with all that it contains, as positions in the file. `None` for an unknown one.
    fn part(&self, uid: &str) -> Option<Range<usize>> {
        let position = *self.by_uid.get(uid)?;
        Some(position..*self.until.get(position)?)
    }

    /// The tasks of a part that contain no others: the task itself, or those a summary contains.
    fn leaves(&self, part: Range<usize>) -> &[&'a str] {
        let before = |position: usize| self.leaves_before.get(position).copied().unwrap_or(self.leaves.len());
        self.leaves.get(before(part.start)..before(part.end)).unwrap_or_default()
    }
}

fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

fn problem(place: &str, message: &str) -> PlanFileError {
    PlanFileError::Project { place: place.to_owned(), message: message.to_owned() }
}
