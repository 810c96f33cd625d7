//! The handoffs of a filter as a file, in its order.

use gangway_documents::{Sheet, SheetCell};
use gangway_domain::permission::Action;
use gangway_store::review::{self, Line, Query};
use jiff::tz::TimeZone;

use crate::account::name_key;
use crate::boxed;
use crate::error::AppError;
use crate::export::{BATCH, Export, Format, day, every, file, number, optional, sheet};
use crate::{Actor, App};

/// The handoffs of a filter as a file.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Render`]; or when the database fails.
#[boxed]
pub async fn export(app: &App, actor: &Actor, query: Query, format: Format) -> Result<Export, AppError> {
    actor.require(Action::Export)?;
    // As the names of customers are kept: without legal form and punctuation.
    let search = query.search.as_deref().map(name_key);
    let query = Query { search, limit: BATCH, ..query };
    let workspace = actor.workspace;
    let mut tx = app.db.read().await?;
    let lines = every(&mut tx, move |tx, after| {
        let query = Query { after, ..query.clone() };
        Box::pin(async move { review::list(tx, workspace, &query).await })
    })
    .await?;
    drop(tx);
    let zone = app.time_zone.clone();
    file("handoffs", app.today(), format, move || handoffs(&lines, &zone)).await
}

const COLUMNS: [(&str, f64); 10] = [
    ("Customer", 28.0),
    ("State", 12.0),
    ("Handed over", 13.0),
    ("By", 20.0),
    ("Through", 12.0),
    ("Handoff quality %", 17.0),
    ("Confirmed", 12.0),
    ("Confirmed by", 20.0),
    ("Onboarding", 38.0),
    ("Id", 38.0),
];

fn handoffs(lines: &[Line], zone: &TimeZone) -> Sheet {
    sheet("Handoffs", &COLUMNS, lines.iter().map(|line| row(line, zone)).collect())
}

fn row(line: &Line, zone: &TimeZone) -> Vec<SheetCell> {
    let confirmed = line.confirmed.as_ref();
    vec![
        line.customer.as_str().into(),
        line.state.word().into(),
        day(line.accepted_at, zone),
        line.accepted_by.as_str().into(),
        line.door.as_str().into(),
        line.document_score.map_or_else(SheetCell::default, number),
        confirmed.map_or_else(SheetCell::default, |(at, _)| day(*at, zone)),
        optional(confirmed.map(|(_, by)| by.as_str())),
        line.onboarding.map_or_else(SheetCell::default, |id| id.to_string().into()),
        line.id.to_string().into(),
    ]
}
