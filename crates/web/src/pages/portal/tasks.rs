//! A task of a guest: done, not done after all, comments, files, a colleague, help.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::portal::{self, TaskPage, Visit};
use gangway_domain::ids::{AttachmentId, ContactId, TaskId};
use gangway_domain::portal::{Resource, Right};

use super::{Failed, Place, PortalFrame, Visitor};
use crate::Web;
use crate::extract::{Names, Values, named};
use crate::form::Fields;
use crate::pages::onboarding::work::talk::Sent;
use crate::pages::{document, render};

#[derive(Template)]
#[template(path = "pages/portal/task.html")]
struct Page {
    frame: PortalFrame,
    task: TaskPage,
    /// It was done today, so that it can be taken back.
    fresh: bool,
    may_talk: bool,
    may_add: bool,
    /// Nothing was kept of a file.
    file_wrong: bool,
}

/// A task.
pub(crate) async fn show(
    State(web): State<Web>,
    Visitor(visit): Visitor,
    Names(id): Names<String>,
    values: Values,
) -> Result<Response, Failed> {
    page(&web, &visit, named("task", &id)?, &values.text("said"), false).await
}

async fn page(
    web: &Web,
    visit: &Visit,
    id: TaskId,
    said: &str,
    file_wrong: bool,
) -> Result<Response, Failed> {
    let task = portal::task(&web.app, &visit.actor, id).await?;
    let frame = PortalFrame::new(visit, Place::Todo, &task.title);
    let said = match said {
        "done" => frame.say("task.said_done"),
        "already" => frame.say("task.said_already"),
        "reopened" => frame.say("task.said_reopened"),
        "commented" => frame.say("task.said_commented"),
        "asked" => frame.say("task.said_asked"),
        "added" => frame.say("task.said_added"),
        "given" => frame.say("task.said_given"),
        _ => "",
    };
    let status = if file_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page {
        file_wrong,
        fresh: task.done_on == Some(web.app.today()),
        may_talk: visit.guest.may(Resource::Comment, Right::Do),
        may_add: visit.guest.may(Resource::File, Right::Do),
        frame: frame.saying(said),
        task,
    };
    Ok(render(status, &page))
}

fn back(id: TaskId, said: &str) -> Response {
    Redirect::to(&format!("/portal/tasks/{id}?said={said}")).into_response()
}

/// It is done; where it was done already, the page says who did it.
pub(crate) async fn finish(
    State(web): State<Web>,
    Visitor(visit): Visitor,
    Names(id): Names<String>,
) -> Result<Response, Failed> {
    let id: TaskId = named("task", &id)?;
    let is_new = portal::finish(&web.app, &visit.actor, id).await?;
    Ok(back(id, if is_new { "done" } else { "already" }))
}

/// It is not done after all.
pub(crate) async fn reopen(
    State(web): State<Web>,
    Visitor(visit): Visitor,
    Names(id): Names<String>,
) -> Result<Response, Failed> {
    let id: TaskId = named("task", &id)?;
    portal::reopen(&web.app, &visit.actor, id).await?;
    Ok(back(id, "reopened"))
}

/// Says something about it, or asks for help.
pub(crate) async fn comment(
    State(web): State<Web>,
    Visitor(visit): Visitor,
    Names(id): Names<String>,
    fields: Fields,
) -> Result<Response, Failed> {
    let id: TaskId = named("task", &id)?;
    let help = fields.text("help") == "yes";
    portal::comment(&web.app, &visit.actor, id, fields.text("said"), help).await?;
    Ok(back(id, if help { "asked" } else { "commented" }))
}

/// Adds a file to it.
pub(crate) async fn add_file(
    State(web): State<Web>,
    Visitor(visit): Visitor,
    Names(id): Names<String>,
    sent: Result<Sent, Response>,
) -> Result<Response, Failed> {
    let id: TaskId = named("task", &id)?;
    let kept = match sent {
        Ok(sent) => portal::add_file(&web.app, &visit.actor, id, sent.file).await,
        // Larger than what is read, or damaged on its way.
        Err(_) => Err(AppError::Invalid(Vec::new())),
    };
    match kept {
        Ok(()) => Ok(back(id, "added")),
        Err(AppError::Invalid(_)) => page(&web, &visit, id, "", true).await,
        Err(error) => Err(error.into()),
    }
}

/// Gives it to a colleague; whoever gives it away may not see it any more.
pub(crate) async fn delegate(
    State(web): State<Web>,
    Visitor(visit): Visitor,
    Names(id): Names<String>,
    fields: Fields,
) -> Result<Response, Failed> {
    let id: TaskId = named("task", &id)?;
    let word = fields.text("colleague").to_owned();
    let to: ContactId = named("colleague", &word)?;
    portal::delegate(&web.app, &visit.actor, id, to).await?;
    if visit.guest.may(Resource::AnyTask, Right::See) {
        return Ok(back(id, "given"));
    }
    Ok(Redirect::to("/portal/todo?said=given").into_response())
}

/// A file both sides share, to be saved: nothing of it is shown here, whatever it says it is.
pub(crate) async fn file(
    State(web): State<Web>,
    Visitor(visit): Visitor,
    Names(id): Names<String>,
) -> Result<Response, Failed> {
    let id: AttachmentId = named("file", &id)?;
    let (row, bytes) = portal::file(&web.app, &visit.actor, id).await?;
    Ok(to_save(&row.name, bytes))
}

/// A file to be saved.
pub(super) fn to_save(name: &str, bytes: Vec<u8>) -> Response {
    document::to_save(name, "application/octet-stream", bytes)
}
