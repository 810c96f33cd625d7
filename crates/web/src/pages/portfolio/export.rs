//! The portfolio as a file.

use axum::extract::State;
use gangway_app::portfolio::{self, Format};

use super::ask::Ask;
use crate::Web;
use crate::extract::{Answer, Values};
use crate::pages::document::to_save;
use crate::session::Signed;

/// Comma-separated values.
pub(crate) async fn csv(State(web): State<Web>, signed: Signed, values: Values) -> Answer {
    file(web, signed, &values, Format::Csv).await
}

/// A workbook.
pub(crate) async fn xlsx(State(web): State<Web>, signed: Signed, values: Values) -> Answer {
    file(web, signed, &values, Format::Xlsx).await
}

async fn file(web: Web, Signed(session): Signed, values: &Values, format: Format) -> Answer {
    let query = Ask::new(values).to_query(&web, &session)?;
    let file = portfolio::export(&web.app, &session.actor, query, format).await?;
    Ok(to_save(&file.name, file.media_type, file.bytes))
}
