//! The plan, as far as the customer takes part in it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::portal::{self, PhasePlan};

use super::guest::GuestHere;
use super::{Failed, Place, PortalFrame};
use crate::pages::render;

#[derive(Template)]
#[template(path = "pages/portal/plan.html")]
struct Page {
    frame: PortalFrame,
    /// Each with whether it is folded away, because all of it is done.
    phases: Vec<(bool, PhasePlan)>,
}

/// Whether everything in a phase is done.
fn is_over(phase: &PhasePlan) -> bool {
    let has_any = !phase.tasks.is_empty() || !phase.milestones.is_empty();
    let is_done = phase.tasks.iter().all(|task| matches!(task.state, "done" | "skipped"));
    !phase.here && has_any && is_done && phase.milestones.iter().all(|one| one.reached_on.is_some())
}

/// The plan.
pub(crate) async fn show(GuestHere(web, visit, ()): GuestHere) -> Result<Response, Failed> {
    let phases = portal::plan(&web.app, &visit.actor).await?;
    let phases = phases.into_iter().map(|phase| (is_over(&phase), phase)).collect();
    let frame = PortalFrame::new(&visit, Place::Plan, "");
    let title = frame.say("plan.title").to_owned();
    Ok(render(StatusCode::OK, &Page { frame: PortalFrame { title, ..frame }, phases }))
}
