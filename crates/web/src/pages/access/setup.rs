//! The first admin of a fresh installation.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::{self, Setup};
use subtle::ConstantTimeEq;

use crate::Web;
use crate::extract::{Answer, Values};
use crate::form::{Fields, Wrong};
use crate::pages::{Frame, render};
use crate::session::{self, Client};

#[derive(Template)]
#[template(path = "pages/access/setup.html")]
struct Page {
    frame: Frame,
    code: String,
    setup: Setup,
    wrong: Wrong,
}

/// The form, while nobody can sign in yet.
pub(crate) async fn show(State(web): State<Web>, values: Values) -> Answer {
    if !identity::is_fresh(&web.app).await? {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    Ok(page(StatusCode::OK, values.text("code"), Setup::default(), Wrong::default()))
}

/// Makes the first admin.
pub(crate) async fn create(State(web): State<Web>, client: Client, fields: Fields) -> Answer {
    let text = |name: &str| fields.text(name).to_owned();
    let setup = Setup {
        workspace: text("workspace"),
        name: text("name"),
        email: text("email"),
        password: text("password"),
    };
    if !code_fits(&web, fields.text("code").trim()) {
        let wrong = Wrong::whole("The set-up code is wrong. It is on the screen where Gangway was started.");
        return Ok(page(StatusCode::FORBIDDEN, text("code"), setup, wrong));
    }
    match identity::set_up(&web.app, &setup, &client.agent).await {
        Ok(signed) => Ok(session::begin(&web, &signed, "/")),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            Ok(page(status, text("code"), setup, wrong))
        }
    }
}

fn code_fits(web: &Web, code: &str) -> bool {
    web.setup_code.as_ref().is_some_and(|known| known.reveal().as_bytes().ct_eq(code.as_bytes()).into())
}

fn page(status: StatusCode, code: String, setup: Setup, wrong: Wrong) -> Response {
    render(status, &Page { frame: Frame::new("Set up Gangway"), code, setup, wrong })
}
