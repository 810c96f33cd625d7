//! Reminders: one mail a day at most for a contact, of what is late or due soon, with a button for each task.

use gangway_domain::ids::{ContactId, TaskId, WorkspaceId};
use gangway_domain::portal::Language;
use gangway_store::portal::{self, link, reminder, setting};
use gangway_store::{Tx, workspace};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::enter::guest_of;
use super::todo::todo_in;
use super::{Access, PortalTodo, deed};
use crate::App;
use crate::error::AppError;
use crate::mail::{Letter, Many};
use crate::package::Stationery;

/// Name of the template of the mail.
const TEMPLATE: &str = "reminder";

/// Days before something is due that it is told.
const AHEAD: i32 = 2;

/// Most lines of a mail; what comes after is in the portal.
const LINES: usize = 10;

/// Reminds the contacts of a workspace who have access and somebody invited. At weekends nobody is.
pub(crate) async fn remind(app: &App, place: WorkspaceId) -> Result<(), AppError> {
    let today = app.today();
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
    // Read once: however many are reminded, each gets only its own facts.
    let mut sheets = Vec::with_capacity(Language::ALL.len());
    for language in Language::ALL {
        sheets.push((*language, Stationery::one(&app.methodology, TEMPLATE, *language)?));
    }
    let from = Sender { place, vendor: &vendor, sheets: &sheets };
    let mut rest = accesses.as_slice();
    while let Some(first) = rest.first() {
        let (theirs, others) =
            rest.split_at(rest.iter().take_while(|one| one.contact == first.contact).count());
        rest = others;
        tell(app, &from, first.contact, theirs, today).await?;
    }
    let mut tx = app.db.write().await?;
    link::delete_expired(&mut tx, place, app.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Who reminds, and with which words.
struct Sender<'a> {
    place: WorkspaceId,
    vendor: &'a str,
    sheets: &'a [(Language, Stationery<'a>)],
}

/// Reminds one contact of what waits in every onboarding they take part in.
async fn tell(
    app: &App,
    from: &Sender<'_>,
    who: ContactId,
    accesses: &[Access],
    today: Date,
) -> Result<(), AppError> {
    let soon = today.saturating_add(AHEAD.days());
    let mut tx = app.db.write().await?;
    let mut lines: Vec<(Access, PortalTodo)> = Vec::new();
    for access in accesses.iter().filter(|one| !one.made_by.is_empty() && one.expires_at > app.now()) {
        let waits = todo_in(app, &mut tx, &guest_of(access, false), today).await?;
        let urgent = waits.into_iter().filter(|item| item.overdue || item.due.is_some_and(|due| due <= soon));
        lines.extend(urgent.map(|item| (access.clone(), item)));
    }
    let Some((first, _)) = lines.first() else { return Ok(()) };
    let (name, language) = (first.name.clone(), first.language);
    let Some(to) = first.email.clone().filter(|email| !email.is_empty()) else { return Ok(()) };
    let place = from.place;
    let mut many = Many::begin(app, &mut tx, place).await?;
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    if !many.takes(&to) || !reminder::insert(&mut tx, place, who, today, count, app.now()).await? {
        return Ok(());
    }
    let mut items = Vec::new();
    for (access, item) in lines.iter().take(LINES) {
        items.push(line(app, &mut tx, access, item).await?);
    }
    let facts = serde_json::json!({ "reminder": {
        "name": name,
        "vendor": from.vendor,
        "count": lines.len(),
        "lines": items,
        "link": app.link("/portal/todo"),
    }});
    let Some((_, sheet)) = from.sheets.iter().find(|(known, _)| *known == language) else { return Ok(()) };
    let (subject, text) = sheet.write(&facts)?;
    let letter = Letter { to, subject, text, action: None, vendor: from.vendor.to_owned(), language };
    many.send(app, &mut tx, &letter).await?;
    many.finish(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// A line of the mail: a task is done from the mail, anything else is opened.
async fn line(
    app: &App,
    tx: &mut Tx,
    access: &Access,
    item: &PortalTodo,
) -> Result<serde_json::Value, AppError> {
    let task = item.href.strip_prefix("/portal/tasks/").and_then(|id| id.parse::<TaskId>().ok());
    let link = match task.filter(|_| item.kind == "task") {
        Some(task) => {
            let secret = deed::make(app, tx, access, task).await?;
            app.link(&format!("/portal/do/{}", secret.reveal()))
        }
        None => app.link(&item.href),
    };
    Ok(serde_json::json!({ "title": item.title, "link": link, "due": item.due, "overdue": item.overdue }))
}
