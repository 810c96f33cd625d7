//! The accounts of a filter as a file, in its order.

use gangway_documents::{Sheet, SheetCell};
use gangway_domain::permission::Action;
use gangway_store::account::list::{self, Line, Query};
use jiff::tz::TimeZone;

use super::book::as_kept;
use crate::boxed;
use crate::error::AppError;
use crate::export::{BATCH, Export, Format, day, every, file, number, optional, sheet};
use crate::{Actor, App};

/// The accounts of a filter as a file.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Render`]; or when the database fails.
#[boxed]
pub async fn export(app: &App, actor: &Actor, query: Query, format: Format) -> Result<Export, AppError> {
    actor.require(Action::Export)?;
    let query = Query { limit: BATCH, ..as_kept(query) };
    let workspace = actor.workspace;
    let mut tx = app.db.read().await?;
    let lines = every(&mut tx, move |tx, after| {
        let query = Query { after, ..query.clone() };
        Box::pin(async move { list::page(tx, workspace, &query).await })
    })
    .await?;
    drop(tx);
    let zone = app.time_zone.clone();
    file("accounts", app.today(), format, move || accounts(&lines, &zone)).await
}

const COLUMNS: [(&str, f64); 12] = [
    ("Account", 28.0),
    ("Industry", 20.0),
    ("Country", 9.0),
    ("Website", 26.0),
    ("Open onboardings", 17.0),
    ("All onboardings", 15.0),
    ("Last activity", 13.0),
    ("Health", 9.0),
    ("Health status", 16.0),
    ("Contacts", 10.0),
    ("Id in the CRM", 20.0),
    ("Id", 38.0),
];

fn accounts(lines: &[Line], zone: &TimeZone) -> Sheet {
    sheet("Accounts", &COLUMNS, lines.iter().map(|line| row(line, zone)).collect())
}

fn row(line: &Line, zone: &TimeZone) -> Vec<SheetCell> {
    vec![
        line.name.as_str().into(),
        optional(line.industry.as_deref()),
        optional(line.country.as_deref()),
        optional(line.website.as_deref()),
        number(line.open),
        number(line.onboardings),
        day(line.active_at, zone),
        line.health_score.map_or_else(SheetCell::default, number),
        optional(line.health.as_deref()),
        number(line.contacts),
        optional(line.external_id.as_deref()),
        line.id.to_string().into(),
    ]
}
