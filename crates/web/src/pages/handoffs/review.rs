//! The review of a handoff: the document and what was read from it, side by side.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::intake;

use super::facts::Open;
use super::handoff_id;
use super::new::KNOWN;
use super::view::Page;
use crate::Web;
use crate::extract::{Names, Values};
use crate::pages::failure::Failure;
use crate::pages::render;
use crate::session::Signed;

/// The review; `?edit=` opens the form of a fact, or of a new one.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    values: Values,
) -> Result<Response, Failure> {
    let reviewed = intake::get(&web.app, &session.actor, handoff_id(&id)?).await?;
    let open = Open { key: values.text("edit").parse().ok(), ..Open::default() };
    let known = values.has(KNOWN);
    let page = Page::new(&session, &reviewed, &open, known, None, &web.app.time_zone);
    Ok(render(StatusCode::OK, &page))
}
