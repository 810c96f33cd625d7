//! The contacts of a filter as a file, in its order.

use gangway_documents::{Sheet, SheetCell};
use gangway_domain::permission::Action;
use gangway_store::contact::{self, Contact, Query};
use jiff::tz::TimeZone;

use crate::boxed;
use crate::error::AppError;
use crate::export::{BATCH, Export, Format, day, every, file, optional, sheet};
use crate::{Actor, App};

/// The contacts of a filter as a file.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Render`]; or when the database fails.
#[boxed]
pub async fn export(app: &App, actor: &Actor, query: Query, format: Format) -> Result<Export, AppError> {
    actor.require(Action::Export)?;
    let query = Query { limit: BATCH, ..query };
    let workspace = actor.workspace;
    let mut tx = app.db.read().await?;
    let lines = every(&mut tx, move |tx, after| {
        let query = Query { after, ..query.clone() };
        Box::pin(async move { contact::page(tx, workspace, &query).await })
    })
    .await?;
    drop(tx);
    let zone = app.time_zone.clone();
    file("contacts", app.today(), format, move || contacts(&lines, &zone)).await
}

const COLUMNS: [(&str, f64); 8] = [
    ("Name", 24.0),
    ("Title", 24.0),
    ("Account", 28.0),
    ("Mail address", 30.0),
    ("Telephone", 18.0),
    ("Added", 12.0),
    ("Notes", 40.0),
    ("Id", 38.0),
];

fn contacts(lines: &[Contact], zone: &TimeZone) -> Sheet {
    sheet("Contacts", &COLUMNS, lines.iter().map(|line| row(line, zone)).collect())
}

fn row(line: &Contact, zone: &TimeZone) -> Vec<SheetCell> {
    vec![
        line.name.as_str().into(),
        optional(line.title.as_deref()),
        line.account.as_str().into(),
        optional(line.email.as_deref()),
        optional(line.phone.as_deref()),
        day(line.created_at, zone),
        optional(line.notes.as_deref()),
        line.id.to_string().into(),
    ]
}
