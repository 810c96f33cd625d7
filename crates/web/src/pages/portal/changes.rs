//! A change request that waits for a yes of the customer.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::portal::{self, ChangePage, Visit};
use gangway_app::{AppError, Problem};
use gangway_domain::ids::ChangeRequestId;

use super::guest::{GuestAsked, GuestPosted};
use super::{Failed, Place, PortalFrame, is_yes};
use crate::Web;
use crate::pages::render;

#[derive(Template)]
#[template(path = "pages/portal/change.html")]
struct Page {
    frame: PortalFrame,
    lead: String,
    /// What it does to the go-live.
    go_live: String,
    /// What it does to the customer's work; empty for nothing.
    days: String,
    /// What became of it; empty while it waits.
    outcome: &'static str,
    change: ChangePage,
    /// Why they do not agree, when it could not be kept.
    reason: String,
    /// What is wrong with it; empty when nothing is.
    wrong: String,
}

fn request_id(id: String) -> Result<ChangeRequestId, AppError> {
    id.parse().map_err(|_| AppError::NotFound { what: "change request", id })
}

/// A change request.
pub(crate) async fn show(GuestAsked(web, visit, id, values): GuestAsked<String>) -> Result<Response, Failed> {
    page(&web, &visit, request_id(id)?, &values.text("said"), None).await
}

async fn page(
    web: &Web,
    visit: &Visit,
    id: ChangeRequestId,
    said: &str,
    kept: Option<(&str, Vec<Problem>)>,
) -> Result<Response, Failed> {
    let change = portal::change_page(&web.app, &visit.actor, id).await?;
    let frame = PortalFrame::new(visit, Place::Todo, &change.title);
    let status = if kept.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (reason, problems) = kept.unwrap_or_default();
    let wrong: Vec<String> = problems.iter().map(|problem| frame.words.problem(problem)).collect();
    let said = match said {
        "yes" => frame.say("change.said_yes"),
        "no" => frame.say("change.said_no"),
        _ => "",
    };
    let day = frame.day(&change.requested_on);
    let lead = frame.fill("change.lead", [("who", change.requested_by.as_str()), ("day", day.as_str())]);
    let go_live = match (change.before, change.after) {
        (Some(before), Some(after)) if before != after => {
            let (before, after) = (frame.day(&before), frame.day(&after));
            frame.fill("change.go_live", [("before", before.as_str()), ("after", after.as_str())])
        }
        _ => frame.say("change.same").to_owned(),
    };
    let days = match change.days {
        0 => String::new(),
        days => {
            let key = if days > 0 { "change.more_days" } else { "change.less_days" };
            frame.fill(key, [("n", days.unsigned_abs().to_string().as_str())])
        }
    };
    let outcome = match change.state {
        "approved" => frame.say("change.approved"),
        "rejected" => frame.say("change.rejected"),
        "deferred" => frame.say("change.deferred"),
        _ => "",
    };
    let (reason, wrong) = (reason.to_owned(), wrong.join(". "));
    let frame = frame.saying(said);
    Ok(render(status, &Page { frame, lead, go_live, days, outcome, change, reason, wrong }))
}

/// Agrees to it, or does not.
pub(crate) async fn decide(
    GuestPosted(web, visit, id, fields): GuestPosted<String>,
) -> Result<Response, Failed> {
    let id = request_id(id)?;
    let version = fields.text("version").parse().unwrap_or(0);
    // A word nobody knows is no consent.
    let yes = is_yes(&fields, "do")?;
    let reason = fields.text("reason");
    let no = (!yes).then(|| reason.to_owned());
    let said = if yes { "yes" } else { "no" };
    match portal::decide_change(&web.app, &visit.actor, id, version, no).await {
        Ok(()) => Ok(Redirect::to(&format!("/portal/changes/{id}?said={said}")).into_response()),
        Err(AppError::Invalid(problems)) => page(&web, &visit, id, "", Some((reason, problems))).await,
        Err(error) => Err(error.into()),
    }
}
