//! Reminders: one mail a day at most for a contact, of what is late or due soon and on Mondays of what waits for their yes,
//! with a button for each task.

use gangway_domain::ids::{TaskId, WorkspaceId};
use gangway_store::portal::link::Link;
use gangway_store::portal::{self, link, reminder, setting};
use gangway_store::workspace;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::enter::guest_of;
use super::todo::todo_in;
use super::{Access, PortalTodo, deed, way};
use crate::error::AppError;
use crate::mail::{self, Letter, Many, with_way_off};
use crate::{App, calculate, job, package};

/// Name of the template of the mail.
const TEMPLATE: &str = "reminder";

/// Days before something is due that it is told.
const AHEAD: i32 = 2;

/// Most lines of a mail; what comes after is in the portal.
const LINES: usize = 10;

/// Reminds the contacts of a workspace who have access and somebody invited, on the day it is there. At weekends nobody
/// is.
pub(crate) async fn remind(app: &App, place: WorkspaceId, today: Date) -> Result<(), AppError> {
    if matches!(today.weekday(), Weekday::Saturday | Weekday::Sunday) {
        return Ok(());
    }
    let mut tx = app.db.read().await?;
    let look = setting::get(&mut tx, place).await?;
    let known = workspace::get(&mut tx, place).await?.map(|known| known.name).unwrap_or_default();
    let accesses = portal::of_workspace(&mut tx, place).await?;
    drop(tx);
    if !look.reminds {
        return Ok(());
    }
    let vendor = if look.name.is_empty() { known } else { look.name };
    let mut each = job::Each::default();
    for theirs in accesses.chunk_by(|one, next| one.contact == next.contact) {
        let Some(first) = theirs.first() else { continue };
        each.saw("reminder", &first.contact, tell(app, &vendor, first, theirs, today).await);
    }
    let mut tx = app.db.write().await?;
    link::delete_expired(&mut tx, place, app.now()).await?;
    tx.commit().await?;
    each.end()
}

/// Whether something that waits is told on a day: what is late or due soon on every one. What waits for a yes may have no
/// day or one that is far off, and whoever has only their mail would never hear of it: it is told every Monday.
fn is_told(item: &PortalTodo, today: Date) -> bool {
    let soon = today.saturating_add(AHEAD.days());
    let asks = matches!(item.kind, "approval" | "outcome");
    item.overdue || item.due.is_some_and(|due| due <= soon) || (asks && today.weekday() == Weekday::Monday)
}

/// Reminds one contact of what waits in every onboarding they take part in. What it takes is read and rendered before
/// anything is written, so that nobody else waits for it.
async fn tell(
    app: &App,
    vendor: &str,
    who: &Access,
    accesses: &[Access],
    today: Date,
) -> Result<(), AppError> {
    let Some(to) = who.email.clone().filter(|email| !email.is_empty()) else { return Ok(()) };
    let (place, contact) = (who.workspace, who.contact);
    let mut tx = app.db.read().await?;
    if reminder::is_sent(&mut tx, place, contact, today).await? {
        return Ok(());
    }
    let mut lines: Vec<(&Access, PortalTodo)> = Vec::new();
    for access in accesses.iter().filter(|one| !one.made_by.is_empty() && one.expires_at > app.now()) {
        let waits = todo_in(app, &mut tx, &guest_of(access, false), today).await?;
        lines.extend(waits.into_iter().filter(|item| is_told(item, today)).map(|item| (access, item)));
    }
    drop(tx);
    let Some((first, _)) = lines.first() else { return Ok(()) };
    let language = first.language;
    let mut links = Vec::new();
    let told = lines.iter().take(LINES).map(|(access, item)| line(app, access, item, &mut links));
    let told = told.collect::<Result<Vec<_>, AppError>>()?;
    let facts = serde_json::json!({ "reminder": {
        "name": first.name,
        "vendor": vendor,
        "count": lines.len(),
        "lines": told,
        "link": way::to(app, first, "/portal/todo")?,
    }});
    let (house, vendor) = (app.clone(), vendor.to_owned());
    let mail = calculate(move || {
        let (subject, text) = package::letter_text(&house.methodology, TEMPLATE, language, &facts)?;
        with_way_off(&house, place, &Letter { to, subject, text, action: None, vendor, language })
    })
    .await??;
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let mut tx = app.db.write().await?;
    let answers = mail::answered_by(&mut tx, place, first.onboarding).await?;
    let mut many = Many::begin(app, &mut tx, place).await?.answered_by(answers);
    if !many.takes(&mail.to) || !reminder::insert(&mut tx, place, contact, today, count, app.now()).await? {
        return Ok(());
    }
    for row in &links {
        link::insert(&mut tx, row).await?;
    }
    many.queue(app, &mut tx, mail).await?;
    many.finish(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// A line of the mail: a task is done from the mail, through a link that is to be kept, anything else is opened, also
/// where the portal is not open.
fn line(
    app: &App,
    access: &Access,
    item: &PortalTodo,
    links: &mut Vec<Link>,
) -> Result<serde_json::Value, AppError> {
    let task = item.href.strip_prefix("/portal/tasks/").and_then(|id| id.parse::<TaskId>().ok());
    let link = match task.filter(|_| item.kind == "task") {
        Some(task) => {
            let (secret, row) = deed::draft(app, access, task);
            links.push(row);
            app.link(&format!("/portal/do/{}", secret.reveal()))
        }
        None => way::to(app, access, &item.href)?,
    };
    Ok(serde_json::json!({ "title": item.title, "link": link, "due": item.due, "overdue": item.overdue }))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_waits_for_a_yes_is_told_on_mondays_and_the_rest_when_it_is_near() {
        let item =
            |kind, due| PortalTodo { kind, title: String::new(), href: String::new(), due, overdue: false };
        let (monday, tuesday) = (date(2027, 3, 1), date(2027, 3, 2));
        let far = Some(date(2027, 4, 30));
        for kind in ["approval", "outcome"] {
            for due in [None, far] {
                assert!(is_told(&item(kind, due), monday), "{kind} due {due:?}");
                assert!(!is_told(&item(kind, due), tuesday), "{kind} due {due:?}");
            }
        }
        assert!(!is_told(&item("task", far), monday));
        assert!(is_told(&item("task", Some(date(2027, 3, 4))), tuesday), "in two days");
        assert!(!is_told(&item("task", Some(date(2027, 3, 5))), tuesday), "in three");
        assert!(is_told(&PortalTodo { overdue: true, ..item("form", far) }, tuesday));
    }
}
