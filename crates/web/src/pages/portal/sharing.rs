//! What both sides share: meetings, documents, status, people.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::portal::{self, DocumentLine, MeetingLine, People, StatusLine};
use gangway_domain::ids::{MeetingId, ReportId};

use super::guest::{GuestAsked, GuestHere, GuestPosted};
use super::tasks::to_save;
use super::{Failed, Place, PortalFrame};
use crate::pages::document::POLICY;
use crate::pages::render;

#[derive(Template)]
#[template(path = "pages/portal/meetings.html")]
struct Meetings {
    frame: PortalFrame,
    ahead: Vec<MeetingLine>,
    /// The newest first.
    over: Vec<MeetingLine>,
}

#[derive(Template)]
#[template(path = "pages/portal/documents.html")]
struct Documents {
    frame: PortalFrame,
    documents: Vec<DocumentLine>,
    reports: Vec<StatusLine>,
}

#[derive(Template)]
#[template(path = "pages/portal/people.html")]
struct PeoplePage {
    frame: PortalFrame,
    people: People,
    name: String,
    email: String,
    /// What is wrong with the form; empty when nothing is.
    wrong: String,
}

/// The meetings.
pub(crate) async fn meetings(GuestHere(web, visit, ()): GuestHere) -> Result<Response, Failed> {
    let all = portal::guest_meetings(&web.app, &visit.actor).await?;
    let today = web.app.today();
    let (ahead, mut over): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| one.state == "planned" && one.day >= today);
    over.reverse();
    let frame = PortalFrame::new(&visit, Place::Meetings, "");
    let title = frame.say("nav.meetings").to_owned();
    Ok(render(StatusCode::OK, &Meetings { frame: PortalFrame { title, ..frame }, ahead, over }))
}

/// A meeting as a calendar entry.
pub(crate) async fn calendar(GuestHere(web, visit, id): GuestHere<String>) -> Result<Response, Failed> {
    let id: MeetingId = id.parse().map_err(|_| AppError::NotFound { what: "meeting", id })?;
    let (name, text) = portal::guest_calendar(&web.app, &visit.actor, id).await?;
    let mut response = to_save(&name, text.into_bytes());
    let kind = HeaderValue::from_static("text/calendar; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// The documents and reports that are shared.
pub(crate) async fn documents(GuestHere(web, visit, ()): GuestHere) -> Result<Response, Failed> {
    let documents = portal::guest_documents(&web.app, &visit.actor).await?;
    let reports = portal::guest_status(&web.app, &visit.actor).await?;
    let frame = PortalFrame::new(&visit, Place::Documents, "");
    let title = frame.say("nav.documents").to_owned();
    Ok(render(StatusCode::OK, &Documents { frame: PortalFrame { title, ..frame }, documents, reports }))
}

/// A document to read.
pub(crate) async fn document(GuestHere(web, visit, name): GuestHere<String>) -> Result<Response, Failed> {
    Ok(boxed(portal::guest_document(&web.app, &visit.actor, &name).await?))
}

/// A document to keep.
pub(crate) async fn document_file(
    GuestHere(web, visit, name): GuestHere<String>,
) -> Result<Response, Failed> {
    let file = portal::guest_document_file(&web.app, &visit.actor, &name).await?;
    let mut response = to_save(&file.path, file.bytes);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    Ok(response)
}

/// A report to read.
pub(crate) async fn report(GuestHere(web, visit, id): GuestHere<String>) -> Result<Response, Failed> {
    let id: ReportId = id.parse().map_err(|_| AppError::NotFound { what: "report", id })?;
    Ok(boxed(portal::guest_report(&web.app, &visit.actor, id).await?))
}

/// A page with words of people: it may show them, and do nothing.
fn boxed(page: String) -> Response {
    let mut answer = Html(page).into_response();
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    answer
}

/// Who takes part.
pub(crate) async fn people(GuestAsked(web, visit, (), values): GuestAsked) -> Result<Response, Failed> {
    let people = portal::guest_people(&web.app, &visit.actor).await?;
    let frame = PortalFrame::new(&visit, Place::People, "");
    let said = if values.text("said") == "invited" { frame.say("people.said_invited") } else { "" };
    let title = frame.say("nav.people").to_owned();
    let page = PeoplePage {
        frame: PortalFrame { title, ..frame }.saying(said),
        people,
        name: String::new(),
        email: String::new(),
        wrong: String::new(),
    };
    Ok(render(StatusCode::OK, &page))
}

/// Invites a colleague.
pub(crate) async fn invite(GuestPosted(web, visit, (), fields): GuestPosted) -> Result<Response, Failed> {
    let (name, email) = (fields.text("name"), fields.text("email"));
    match portal::invite_colleague(&web.app, &visit.actor, name, email).await {
        Ok(_) => Ok(Redirect::to("/portal/people?said=invited").into_response()),
        Err(AppError::Invalid(problems)) => {
            let frame = PortalFrame::new(&visit, Place::People, "");
            let title = frame.say("nav.people").to_owned();
            let said: Vec<String> = problems.iter().map(|problem| frame.words.problem(problem)).collect();
            let page = PeoplePage {
                wrong: format!("{}.", said.join(". ")),
                frame: PortalFrame { title, ..frame },
                people: portal::guest_people(&web.app, &visit.actor).await?,
                name: name.to_owned(),
                email: email.to_owned(),
            };
            Ok(render(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}
