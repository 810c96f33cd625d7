//! A link in a mail that does one thing: the page says what, the button does it.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use gangway_app::AppError;
use gangway_app::identity::Secret;
use gangway_app::portal::{self, Deed};

use super::{Failed, PortalFrame};
use crate::Web;
use crate::extract::Names;
use crate::pages::render;

#[derive(Template)]
#[template(path = "pages/portal/deed.html")]
struct Page {
    frame: PortalFrame,
    secret: String,
    name: String,
    deed: Deed,
    /// It was done before the button was pressed.
    already: bool,
}

/// What the link does. Opening it does nothing: mail scanners open links too.
pub(crate) async fn show(
    State(web): State<Web>,
    Names(secret): Names<String>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    page(&web, secret, &headers, false).await
}

/// Does it, and says so; where it was done already, it says who did it.
pub(crate) async fn perform(
    State(web): State<Web>,
    Names(secret): Names<String>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let held = Secret::from_holder(&secret);
    match portal::do_deed(&web.app, &held).await {
        Ok(is_new) => page(&web, secret, &headers, !is_new).await,
        Err(AppError::LinkEnded) => super::enter::gone(&web, &secret, &headers).await,
        Err(error) => {
            let failed = Failed::from(error).into_response();
            let outside = portal::behind_link(&web.app, &held).await?;
            Ok(super::told_in(super::enter::around(outside, super::spoken(&headers)), &[], failed))
        }
    }
}

async fn page(web: &Web, secret: String, headers: &HeaderMap, already: bool) -> Result<Response, Failed> {
    let deed = match portal::deed(&web.app, &Secret::from_holder(&secret)).await {
        Ok(deed) => deed,
        Err(AppError::LinkEnded) => return super::enter::gone(web, &secret, headers).await,
        Err(error) => return Err(error.into()),
    };
    let Some(guest) = deed.actor.as_guest() else { return Err(AppError::NotForGuest.into()) };
    let frame =
        PortalFrame::before(&deed.vendor, &deed.setting, guest.workspace, guest.language, &deed.task.title);
    let name = deed.name.clone();
    Ok(render(StatusCode::OK, &Page { frame, secret, name, deed, already }))
}
