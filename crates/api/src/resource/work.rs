//! Working the plan: tasks, milestones, changes and their ledger, comments, files, checklists, my work.

pub(crate) mod calendars;
pub(crate) mod milestone;
pub(crate) mod mine;
pub(crate) mod plan;
pub(crate) mod recurring;
pub(crate) mod talk;
pub(crate) mod task;
pub(crate) mod template;

use gangway_app::{AppError, work};
use gangway_domain::ids::{ContactId, OnboardingId, PersonId};
use gangway_domain::work::Assignee;

use crate::Api;
use crate::caller::Caller;
use crate::problem::Problem;

/// The id of whoever does a task, a person's or a contact's; none when only a name is known.
fn assignee_id(assignee: &Assignee) -> Option<String> {
    match assignee {
        Assignee::Person { id, .. } => Some(id.to_string()),
        Assignee::Contact { id, .. } => Some(id.to_string()),
        Assignee::Name { .. } => None,
    }
}

/// Who a word names: a member, a contact of the account, or somebody by their name only.
async fn assignee_named(
    api: &Api,
    caller: &Caller,
    onboarding: OnboardingId,
    field: &'static str,
    who: &str,
) -> Result<Assignee, Problem> {
    if who.parse::<PersonId>().is_ok() || who.parse::<ContactId>().is_ok() {
        return match work::assignee(&api.app, &caller.actor, onboarding, who).await {
            Ok(Some(known)) => Ok(known),
            Ok(None) | Err(AppError::NotFound { what: "person or contact", .. }) => {
                Err(Problem::field(field, "is neither a member nor a contact of this account"))
            }
            Err(error) => Err(error.into()),
        };
    }
    let name = who.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > 200 {
        return Err(Problem::field(field, "must have 1 to 200 characters"));
    }
    Ok(Assignee::Name { name })
}
