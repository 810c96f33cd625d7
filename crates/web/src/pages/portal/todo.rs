//! Everything that waits for a guest; and what of it waits for a yes.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::portal::{self, PortalTodo};
use gangway_domain::portal::{Resource, Right};

use super::guest::{GuestAsked, GuestHere};
use super::{Failed, Place, PortalFrame};
use crate::pages::render;

/// Kinds of what waits for a yes.
const APPROVALS: [&str; 2] = ["approval", "outcome"];

#[derive(Template)]
#[template(path = "pages/portal/todo.html")]
struct Page {
    frame: PortalFrame,
    lead: &'static str,
    nothing: &'static str,
    todo: Vec<PortalTodo>,
    /// There is a page of approvals alone, and this is not it.
    approvals: bool,
}

/// Everything that waits.
pub(crate) async fn show(GuestAsked(web, visit, (), values): GuestAsked) -> Result<Response, Failed> {
    let todo = portal::todo(&web.app, &visit.actor).await?;
    let frame = PortalFrame::new(&visit, Place::Todo, "");
    let said = if values.text("said") == "given" { frame.say("task.said_given") } else { "" };
    let page = Page {
        lead: frame.say("todo.lead"),
        nothing: frame.say("home.nothing"),
        approvals: visit.guest.may(Resource::Approval, Right::See),
        frame: PortalFrame { title: frame.say("todo.title").to_owned(), ..frame }.saying(said),
        todo,
    };
    Ok(render(StatusCode::OK, &page))
}

/// What waits for a yes.
pub(crate) async fn approvals(GuestHere(web, visit, ()): GuestHere) -> Result<Response, Failed> {
    visit.actor.require_guest(Resource::Approval, Right::See)?;
    let mut todo = portal::todo(&web.app, &visit.actor).await?;
    todo.retain(|item| APPROVALS.contains(&item.kind));
    let frame = PortalFrame::new(&visit, Place::Todo, "");
    let page = Page {
        lead: frame.say("todo.approvals_lead"),
        nothing: frame.say("todo.no_approval"),
        approvals: false,
        frame: PortalFrame { title: frame.say("todo.approvals").to_owned(), ..frame },
        todo,
    };
    Ok(render(StatusCode::OK, &page))
}
