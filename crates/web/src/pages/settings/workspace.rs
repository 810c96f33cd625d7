//! The workspace itself: its name, and making another one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::{self, Session};
use gangway_app::workspace;

use super::{Tab, tabs};
use crate::Web;
use crate::extract::Values;
use crate::form::{Fields, Wrong};
use crate::pages::failure::Failure;
use crate::pages::{Frame, Nav, Toast, render};
use crate::session::Signed;

const PATH: &str = "/settings/workspace";

#[derive(Template)]
#[template(path = "pages/settings/workspace.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    name: String,
    rename_wrong: Wrong,
    another: String,
    another_wrong: Wrong,
}

/// The forms as they were sent, and what was wrong.
#[derive(Default)]
struct Sent {
    name: Option<String>,
    rename_wrong: Wrong,
    another: String,
    another_wrong: Wrong,
    said: &'static str,
}

/// The workspace.
pub(crate) async fn show(Signed(session): Signed, values: Values) -> Response {
    let said = if values.text("said") == "renamed" { "The workspace is renamed." } else { "" };
    page(&session, StatusCode::OK, Sent { said, ..Sent::default() })
}

/// Gives it another name.
pub(crate) async fn rename(
    State(web): State<Web>,
    Signed(session): Signed,
    fields: Fields,
) -> Result<Response, Failure> {
    let name = fields.text("workspace");
    match workspace::rename(&web.app, &session.actor, name).await {
        Ok(()) => Ok(Redirect::to(&format!("{PATH}?said=renamed")).into_response()),
        Err(error) => {
            let (status, rename_wrong) = Wrong::or_fail(error)?;
            let sent = Sent { name: Some(name.to_owned()), rename_wrong, ..Sent::default() };
            Ok(page(&session, status, sent))
        }
    }
}

/// Makes another one and goes there.
pub(crate) async fn create(
    State(web): State<Web>,
    Signed(session): Signed,
    fields: Fields,
) -> Result<Response, Failure> {
    let name = fields.text("workspace");
    match workspace::add(&web.app, &session.actor, name).await {
        Ok(made) => {
            identity::move_to(&web.app, &session, made).await?;
            Ok(Redirect::to("/").into_response())
        }
        Err(error) => {
            let (status, another_wrong) = Wrong::or_fail(error)?;
            let sent = Sent { another: name.to_owned(), another_wrong, ..Sent::default() };
            Ok(page(&session, status, sent))
        }
    }
}

fn page(session: &Session, status: StatusCode, sent: Sent) -> Response {
    let Sent { name, rename_wrong, another, another_wrong, said } = sent;
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Workspace").saying(Toast::of(said)),
        tabs: tabs(session, PATH),
        name: name.unwrap_or_else(|| session.workspace_name.clone()),
        rename_wrong,
        another,
        another_wrong,
    };
    render(status, &page)
}
