//! Working the plan: tasks, milestones, changes and their ledger, comments, files, checklists, my work.

pub(crate) mod mine;
pub(crate) mod plan;
pub(crate) mod talk;
pub(crate) mod task;

use gangway_domain::work::Assignee;

/// The id of whoever does a task, a person's or a contact's; none when only a name is known.
fn assignee_id(assignee: &Assignee) -> Option<String> {
    match assignee {
        Assignee::Person { id, .. } => Some(id.to_string()),
        Assignee::Contact { id, .. } => Some(id.to_string()),
        Assignee::Name { .. } => None,
    }
}
