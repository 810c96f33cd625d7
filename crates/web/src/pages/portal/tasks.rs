//! A task of a guest: done, not done after all, comments, files, a colleague, help.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::portal::{self, TaskPage, Visit};
use gangway_app::{AppError, Problem};
use gangway_domain::ids::{AttachmentId, ContactId, TaskId};
use gangway_domain::portal::{Resource, Right};

use super::guest::{GuestAsked, GuestHere, GuestPosted};
use super::{Failed, Place, PortalFrame};
use crate::Web;
use crate::extract::named;
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
    /// What was said and not kept; empty when nothing was.
    typed: String,
    /// What is wrong with it.
    wrong: String,
}

/// What came back of what was sent.
#[derive(Default)]
struct Again<'a> {
    file_wrong: bool,
    /// What was said, and what is wrong with it.
    said: Option<(&'a str, Vec<Problem>)>,
}

/// A task.
pub(crate) async fn show(GuestAsked(web, visit, id, values): GuestAsked<String>) -> Result<Response, Failed> {
    page(&web, &visit, named("task", &id)?, &values.text("said"), Again::default()).await
}

async fn page(
    web: &Web,
    visit: &Visit,
    id: TaskId,
    said: &str,
    Again { file_wrong, said: kept }: Again<'_>,
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
    let is_again = file_wrong || kept.is_some();
    let status = if is_again { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (typed, problems) = kept.unwrap_or_default();
    let wrong: Vec<String> = problems.iter().map(|problem| frame.words.problem(problem)).collect();
    let page = Page {
        file_wrong,
        typed: typed.to_owned(),
        wrong: wrong.join(". "),
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
pub(crate) async fn finish(GuestHere(web, visit, id): GuestHere<String>) -> Result<Response, Failed> {
    let id: TaskId = named("task", &id)?;
    let is_new = portal::finish(&web.app, &visit.actor, id).await?;
    Ok(back(id, if is_new { "done" } else { "already" }))
}

/// It is not done after all.
pub(crate) async fn reopen(GuestHere(web, visit, id): GuestHere<String>) -> Result<Response, Failed> {
    let id: TaskId = named("task", &id)?;
    portal::reopen(&web.app, &visit.actor, id).await?;
    Ok(back(id, "reopened"))
}

/// Says something about it, or asks for help.
pub(crate) async fn comment(
    GuestPosted(web, visit, id, fields): GuestPosted<String>,
) -> Result<Response, Failed> {
    let id: TaskId = named("task", &id)?;
    let help = fields.text("help") == "yes";
    let said = fields.text("said");
    match portal::comment(&web.app, &visit.actor, id, said, help).await {
        Ok(()) => Ok(back(id, if help { "asked" } else { "commented" })),
        Err(AppError::Invalid(problems)) => {
            let again = Again { said: Some((said, problems)), ..Again::default() };
            page(&web, &visit, id, "", again).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Adds a file to it.
pub(crate) async fn add_file(
    GuestHere(web, visit, id): GuestHere<String>,
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
        Err(AppError::Invalid(_)) => {
            page(&web, &visit, id, "", Again { file_wrong: true, ..Again::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Gives it to a colleague; whoever gives it away may not see it any more.
pub(crate) async fn delegate(
    GuestPosted(web, visit, id, fields): GuestPosted<String>,
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
pub(crate) async fn file(GuestHere(web, visit, id): GuestHere<String>) -> Result<Response, Failed> {
    let id: AttachmentId = named("file", &id)?;
    let (row, bytes) = portal::file(&web.app, &visit.actor, id).await?;
    Ok(to_save(&row.name, bytes))
}

/// A file to be saved.
pub(super) fn to_save(name: &str, bytes: Vec<u8>) -> Response {
    document::to_save(name, "application/octet-stream", bytes)
}
