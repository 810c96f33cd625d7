//! The go-live as a customer sees it: what is ready, the approvals, and whether things are stable afterwards.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::launch::{self, GuestLaunch};
use gangway_app::portal::Visit;
use gangway_domain::portal::{Resource, Right};

use super::guest::{GuestAsked, GuestPosted};
use super::{Failed, Place, PortalFrame, Why, is_yes};
use crate::Web;
use crate::pages::render;

#[derive(Template)]
#[template(path = "pages/portal/launch.html")]
struct Page {
    frame: PortalFrame,
    launch: GuestLaunch,
    /// What was decided, in words; empty while nothing was.
    decision: &'static str,
    /// Why a form came back; empty when none did.
    wrong: String,
    note: String,
    /// From when on approvals are asked for; empty once they are.
    later: String,
}

/// The go-live.
pub(crate) async fn show(GuestAsked(web, visit, (), values): GuestAsked) -> Result<Response, Failed> {
    let said = match values.text("said").as_str() {
        "approved" => "launch.said_approved",
        "refused" => "launch.said_refused",
        "stable" => "launch.said_stable",
        _ => "",
    };
    page(&web, &visit, said, None, StatusCode::OK).await
}

/// A guest approves in their role, or says why not.
pub(crate) async fn approve(GuestPosted(web, visit, (), fields): GuestPosted) -> Result<Response, Failed> {
    let yes = is_yes(&fields, "said")?;
    let (role, note) = (fields.text("role"), fields.text("note"));
    let done = launch::approve_as_guest(&web.app, &visit.actor, role, yes, note).await;
    let said = if yes { "approved" } else { "refused" };
    answered(&web, &visit, said, note, done).await
}

/// A guest says whether things are stable.
pub(crate) async fn stable(GuestPosted(web, visit, (), fields): GuestPosted) -> Result<Response, Failed> {
    let (yes, note) = (is_yes(&fields, "said")?, fields.text("note"));
    let done = launch::confirm_as_guest(&web.app, &visit.actor, yes, note).await;
    answered(&web, &visit, "stable", note, done).await
}

async fn answered(
    web: &Web,
    visit: &Visit,
    said: &str,
    note: &str,
    done: Result<(), AppError>,
) -> Result<Response, Failed> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/portal/launch?said={said}")).into_response()),
        Err(AppError::Invalid(_)) => {
            let kept = Some((Why::Key("launch.wrong_note"), note.to_owned()));
            page(web, visit, "", kept, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(AppError::Barred(barrier)) => {
            let kept = Some((Why::Barred(barrier), note.to_owned()));
            page(web, visit, "", kept, StatusCode::CONFLICT).await
        }
        Err(AppError::Refusal(_)) => {
            let kept = Some((Why::Key("launch.wrong_late"), note.to_owned()));
            page(web, visit, "", kept, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(
    web: &Web,
    visit: &Visit,
    said: &str,
    kept: Option<(Why, String)>,
    status: StatusCode,
) -> Result<Response, Failed> {
    let launch = launch::for_guest(&web.app, &visit.actor).await?;
    let frame = PortalFrame::new(visit, Place::Elsewhere, "");
    let frame = PortalFrame { title: frame.say("launch.title").to_owned(), ..frame };
    let said = match said {
        "launch.said_approved" => frame.say("launch.said_approved"),
        "launch.said_refused" => frame.say("launch.said_refused"),
        "launch.said_stable" => frame.say("launch.said_stable"),
        _ => "",
    };
    let decision = match launch.decision.as_deref() {
        Some("go") => frame.say("launch.go"),
        Some("conditional") => frame.say("launch.conditional"),
        Some("no-go") => frame.say("launch.no_go"),
        _ => "",
    };
    let wrong = kept.as_ref().map(|(why, _)| why.words(frame.words)).unwrap_or_default();
    let note = kept.map(|(_, note)| note).unwrap_or_default();
    let is_early = launch.live_on.is_none() && web.app.today() < launch.asks_from;
    let day = frame.day(&launch.asks_from);
    let later =
        if is_early { frame.fill("launch.asked_from", [("day", day.as_str())]) } else { String::new() };
    let page = Page { frame: frame.saying(said), launch, decision, wrong, note, later };
    Ok(render(status, &page))
}
