//! Forgotten passwords.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::{self, Secret};

use crate::Web;
use crate::extract::{Answer, Names};
use crate::form::{Fields, Wrong};
use crate::pages::{Frame, render};
use crate::session::{self, Client};

#[derive(Template)]
#[template(path = "pages/access/forgot.html")]
struct Ask {
    frame: Frame,
    email: String,
    sent: bool,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "pages/access/reset.html")]
struct Page {
    frame: Frame,
    secret: String,
    wrong: Wrong,
}

/// Asks for the mail address, where there are passwords.
pub(crate) async fn ask(State(web): State<Web>) -> Response {
    if !web.app.ways.passwords {
        return Redirect::to("/sign-in").into_response();
    }
    asked(StatusCode::OK, String::new(), false, Wrong::default())
}

/// Sends the link, and says the same whether or not anybody has the address.
pub(crate) async fn send(State(web): State<Web>, client: Client, fields: Fields) -> Answer {
    let email = fields.text("email").trim().to_owned();
    match identity::request_reset(&web.app, &email, &client.from).await {
        Ok(()) => Ok(asked(StatusCode::OK, email, true, Wrong::default())),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            Ok(asked(status, email, false, wrong))
        }
    }
}

fn asked(status: StatusCode, email: String, sent: bool, wrong: Wrong) -> Response {
    render(status, &Ask { frame: Frame::new("Forgotten password"), email, sent, wrong })
}

/// The form behind the link. Opening it changes nothing: mail scanners open links too.
pub(crate) async fn show(Names(secret): Names<String>) -> Response {
    page(StatusCode::OK, secret, Wrong::default())
}

/// Sets the new password and signs in.
pub(crate) async fn create(
    State(web): State<Web>,
    Names(secret): Names<String>,
    client: Client,
    fields: Fields,
) -> Answer {
    let held = Secret::from_holder(&secret);
    match identity::reset(&web.app, &held, fields.text("password"), &client.agent).await {
        Ok(signed) => Ok(session::begin(&web, &signed, "/")),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            Ok(page(status, secret, wrong))
        }
    }
}

fn page(status: StatusCode, secret: String, wrong: Wrong) -> Response {
    render(status, &Page { frame: Frame::new("New password"), secret, wrong })
}
