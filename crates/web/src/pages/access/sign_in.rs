//! Signing in and out.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use gangway_app::{AppError, demo, identity};

use super::provider::Way;
use crate::Web;
use crate::extract::{Answer, Values};
use crate::form::{Fields, Wrong};
use crate::pages::{Frame, render};
use crate::session::{self, Client};

#[derive(Template)]
#[template(path = "pages/access/sign_in.html")]
struct Page {
    frame: Frame,
    email: String,
    to: String,
    wrong: Wrong,
    people: Vec<demo::Person>,
    /// The identity provider.
    provider: Option<Way>,
    /// Mail address and password are a way in.
    passwords: bool,
}

/// The form; on a fresh installation the way to its set-up.
pub(crate) async fn show(State(web): State<Web>, values: Values) -> Answer {
    if identity::is_fresh(&web.app).await? {
        return Ok(Redirect::to("/setup").into_response());
    }
    page(&web, StatusCode::OK, String::new(), values.text("to"), Wrong::default()).await
}

/// Signs in with mail address and password.
pub(crate) async fn create(State(web): State<Web>, client: Client, fields: Fields) -> Answer {
    let (email, to) = (fields.text("email"), fields.text("to"));
    match identity::sign_in(&web.app, email, fields.text("password"), &client.agent, &client.from).await {
        Ok(signed) => Ok(session::begin(&web, &signed, session::safe_path(to))),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, status, email.to_owned(), to.to_owned(), wrong).await
        }
    }
}

/// Looks around a demo as one of its people.
pub(crate) async fn as_demo_person(State(web): State<Web>, client: Client, fields: Fields) -> Answer {
    if !web.demo {
        return Err(AppError::NotFound { what: "demo", id: "here".to_owned() }.into());
    }
    let signed = demo::sign_in(&web.app, fields.text("person"), &client.agent).await?;
    Ok(session::begin(&web, &signed, session::safe_path(fields.text("to"))))
}

/// Signs out, and goes on where that was asked for.
pub(crate) async fn end(State(web): State<Web>, headers: HeaderMap, values: Values) -> Answer {
    if let Some(secret) = session::cookie(&web, &headers) {
        identity::sign_out(&web.app, &secret).await?;
    }
    let to = values.text("to");
    Ok(session::end(&web, if to.is_empty() { "/sign-in" } else { session::safe_path(&to) }))
}

async fn page(web: &Web, status: StatusCode, email: String, to: String, wrong: Wrong) -> Answer {
    let people = if web.demo { demo::people(&web.app).await? } else { Vec::new() };
    let provider = Way::back_to(web, &to);
    let passwords = web.app.ways.passwords;
    Ok(render(status, &Page { frame: Frame::new("Sign in"), email, to, wrong, people, provider, passwords }))
}
