//! From rows to lines of the daily mail.

use gangway_domain::digest::{Item, Part};
use gangway_store::work::duty::OwnEntry;
use gangway_store::work::mine::Mine;
use jiff::civil::Date;

/// A task.
pub(super) fn of_task(task: Mine, part: Part) -> Item {
    let because = task.because.filter(|because| !because.is_empty() && task.status == "blocked");
    let due = format!("due {}", said(task.finishes_on));
    Item {
        path: format!("/onboardings/{}/tasks/{}", task.onboarding, task.id),
        onboarding: task.onboarding,
        customer: task.customer,
        part,
        name: task.name,
        note: because.map_or_else(|| due.clone(), |because| format!("{due}, blocked: {because}")),
        on: task.finishes_on,
    }
}

/// An entry of a register that is due; none where it became a task or has no day.
pub(super) fn of_entry(entry: OwnEntry, today: Date) -> Option<Item> {
    let due = entry.due().filter(|_| !entry.is_task())?;
    let part = match due {
        due if due < today => Part::Overdue,
        due if due == today => Part::Today,
        _ => Part::Week,
    };
    Some(Item {
        path: format!("/onboardings/{}/register/{}", entry.onboarding, entry.id),
        onboarding: entry.onboarding,
        part,
        name: format!("{} {}", entry.code(), entry.title),
        note: format!("due {}", said(due)),
        on: due,
        customer: entry.customer,
    })
}

/// A day in words.
pub(super) fn said(day: Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}
