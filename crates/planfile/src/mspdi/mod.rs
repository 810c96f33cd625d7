//! Microsoft Project XML (MSPDI).
//!
//! A plan counts whole working days on calendars of whole days off; a project file counts minutes
//! on calendars of working hours. What this reader does with the difference:
//!
//! - Durations and lags become working days by the file's minutes per day, rounded to whole days
//!   (a task with any work takes at least one). Elapsed lags are converted at five days a week.
//! - A day is worked if the calendar gives it any working time. Working days added by an exception,
//!   where the week has none, have no counterpart.
//! - Summary tasks are no work: they are left out, and their links are rolled down to the tasks they
//!   contain (a link from a summary waits for each of them, a link to it holds each of them back).
//! - Constraints: as late as possible, must start on, start no earlier than and finish no later
//!   than have counterparts, and so has a deadline; must finish on becomes finish no later than.
//! - Resources, costs and progress are not read.
//!
//! Every deviation that can move a date is reported as a notice.

mod calendar;
mod task;
mod value;

use gangway_domain::fact::Notice;
use gangway_domain::plan::{PlanSpec, TimeModel};

use crate::PlanFileError;
use crate::xml;

/// Reads a project file.
pub(crate) fn read(text: &str) -> Result<(PlanSpec, Vec<Notice>), PlanFileError> {
    let root = xml::parse(text)?;
    if root.name != "Project" {
        let message = format!(
            "the root element is `{}`, not `Project`",
            root.name.chars().take(40).collect::<String>()
        );
        return Err(PlanFileError::Project { place: "the file".to_owned(), message });
    }
    let mut notices = Vec::new();
    let scale = value::Scale::of(&root);
    let start = match root.get("StartDate") {
        Some(date) => Some(value::date(date).ok_or_else(|| PlanFileError::Project {
            place: "the project's StartDate".to_owned(),
            message: format!("`{}` is not a date", date.chars().take(40).collect::<String>()),
        })?),
        None => None,
    };
    if root.get("ScheduleFromStart") == Some("0") {
        notices.push(Notice::warning(
            "scheduled_from_finish",
            "The project is scheduled from its finish; here it is scheduled from its start. Give the finish as a target instead.",
        ));
    }
    let calendars = calendar::read(&root, &mut notices);
    let mut plan = PlanSpec {
        name: root.get("Title").or_else(|| root.get("Name")).map(str::to_owned),
        time: TimeModel::Business,
        start,
        calendars: calendars.specs,
        ..PlanSpec::default()
    };
    task::read(&root, &scale, &calendars.ids, &mut plan, &mut notices)?;
    if root.child("Assignments").is_some_and(|assignments| !assignments.children.is_empty()) {
        notices.push(Notice::info(
            "resources_ignored",
            "Resources and their calendars are not read: tasks work on their own or the project's calendar.",
        ));
    }
    Ok((plan, notices))
}
