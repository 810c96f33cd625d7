//! The way off the list: the page behind the link in mail nobody asked for, and the one click of mail programs
//! (RFC 8058). Opening it changes nothing.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::mail::{self, Unsubscribing};
use gangway_app::portal;

use super::{Failed, PortalFrame};
use crate::Web;
use crate::extract::Names;
use crate::pages::render;

#[derive(Template)]
#[template(path = "pages/portal/unsubscribe.html")]
struct Page {
    frame: PortalFrame,
    token: String,
    holder: Unsubscribing,
}

/// Whose address it is, and a button.
pub(crate) async fn show(
    State(web): State<Web>,
    Names(token): Names<String>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let holder = match mail::unsubscribing(&web.app, &token).await {
        Ok(holder) => holder,
        Err(AppError::LinkEnded) => return Ok(super::enter::gone_of_nobody(super::spoken(&headers))),
        Err(error) => return Err(error.into()),
    };
    let setting = portal::setting(&web.app, holder.workspace).await?;
    let language = super::spoken(&headers);
    let frame = PortalFrame::before(&holder.vendor, &setting, holder.workspace, language, "");
    let title = frame.say("unsubscribe.title").to_owned();
    let frame = PortalFrame { title, ..frame };
    Ok(render(StatusCode::OK, &Page { frame, token, holder }))
}

/// Takes the address off the list, or puts it back with `again`. Mail programs send `List-Unsubscribe=One-Click`.
pub(crate) async fn change(
    State(web): State<Web>,
    Names(token): Names<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failed> {
    // A mail program may send it as either kind of form: what it says is looked for, wherever it stands.
    let body = String::from_utf8_lossy(&body);
    let outcome = if body == "again=yes" {
        mail::subscribe(&web.app, &token).await
    } else {
        mail::unsubscribe(&web.app, &token).await
    };
    match outcome {
        Ok(()) if body.contains("List-Unsubscribe") => Ok(StatusCode::OK.into_response()),
        Ok(()) => Ok(Redirect::to(&format!("/unsubscribe/{token}")).into_response()),
        Err(AppError::LinkEnded) => Ok(super::enter::gone_of_nobody(super::spoken(&headers))),
        Err(error) => Err(error.into()),
    }
}
