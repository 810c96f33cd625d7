//! The plan, as far as the customer takes part in it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::portal::{self, PhasePlan};

use super::{Failed, Place, PortalFrame, Visitor};
use crate::Web;
use crate::pages::render;

#[derive(Template)]
#[template(path = "pages/portal/plan.html")]
struct Page {
    frame: PortalFrame,
    phases: Vec<PhasePlan>,
}

/// The plan.
pub(crate) async fn show(State(web): State<Web>, Visitor(visit): Visitor) -> Result<Response, Failed> {
    let phases = portal::plan(&web.app, &visit.actor).await?;
    let frame = PortalFrame::new(&visit, Place::Plan, "");
    let title = frame.say("plan.title").to_owned();
    Ok(render(StatusCode::OK, &Page { frame: PortalFrame { title, ..frame }, phases }))
}
