//! The first page: where the onboarding stands, and what waits for the guest.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::portal::{self, Overview, PortalTodo};

use super::{Failed, Place, PortalFrame, Visitor};
use crate::Web;
use crate::pages::render;

/// Things to do that are shown.
const SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "pages/portal/home.html")]
struct Page {
    frame: PortalFrame,
    greeting: String,
    name: String,
    overview: Overview,
    todo: Vec<PortalTodo>,
    /// There are more than are shown.
    more: bool,
}

/// The first page.
pub(crate) async fn show(State(web): State<Web>, Visitor(visit): Visitor) -> Result<Response, Failed> {
    let overview = portal::overview(&web.app, &visit.actor).await?;
    let mut todo = portal::todo(&web.app, &visit.actor).await?;
    let more = todo.len() > SHOWN;
    todo.truncate(SHOWN);
    let frame = PortalFrame::new(&visit, Place::Home, &visit.product);
    let page = Page {
        greeting: visit.setting.greeting.clone(),
        name: visit.name.clone(),
        frame,
        overview,
        todo,
        more,
    };
    Ok(render(StatusCode::OK, &page))
}
