//! Taking up an invitation.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::{self, Joining, Secret, Session};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::provider::Way;
use crate::Web;
use crate::extract::{Answer, Names};
use crate::form::{Fields, Wrong};
use crate::pages::{Frame, render};
use crate::session::{self, Client, PerhapsSigned};

#[derive(Template)]
#[template(path = "pages/access/join.html")]
struct Page {
    frame: Frame,
    secret: String,
    joining: Joining,
    name: String,
    wrong: Wrong,
    /// Who is signed in already.
    here: Option<Here>,
    /// The identity provider.
    provider: Option<Way>,
    /// Mail address and password are a way in.
    passwords: bool,
}

/// Somebody who is signed in and opens an invitation.
struct Here {
    name: String,
    email: String,
    is_invited: bool,
    /// Where they sign out and come back here.
    sign_out: String,
}

impl Here {
    fn new(session: &Session, joining: &Joining, secret: &str) -> Self {
        let back = format!("/join/{secret}");
        Self {
            name: session.actor.name.clone(),
            email: session.email.clone(),
            is_invited: joining.is_for(session),
            sign_out: format!("/sign-out?to={}", utf8_percent_encode(&back, NON_ALPHANUMERIC)),
        }
    }
}

/// The form behind the link. Opening it uses nothing up: mail scanners open links too.
pub(crate) async fn show(
    State(web): State<Web>,
    PerhapsSigned(signed): PerhapsSigned,
    Names(secret): Names<String>,
) -> Answer {
    page(&web, StatusCode::OK, signed.as_ref(), secret, String::new(), Wrong::default()).await
}

/// Joins the team: whoever is signed in as the invited person by saying so, others with a password.
pub(crate) async fn create(
    State(web): State<Web>,
    PerhapsSigned(signed): PerhapsSigned,
    Names(secret): Names<String>,
    client: Client,
    fields: Fields,
) -> Answer {
    let held = Secret::from_holder(&secret);
    let (name, password) = (fields.text("name"), fields.text("password"));
    let outcome = match &signed {
        Some(session) => {
            let joined = identity::accept_as(&web.app, session, &held).await;
            joined.map(|()| Redirect::to("/").into_response())
        }
        None => {
            let joined = identity::accept(&web.app, &held, name, password, &client.agent).await;
            joined.map(|begun| session::begin(&web, &begun, "/"))
        }
    };
    match outcome {
        Ok(response) => Ok(response),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, status, signed.as_ref(), secret, name.to_owned(), wrong).await
        }
    }
}

async fn page(
    web: &Web,
    status: StatusCode,
    signed: Option<&Session>,
    secret: String,
    name: String,
    wrong: Wrong,
) -> Answer {
    let joining = identity::invited(&web.app, &Secret::from_holder(&secret)).await?;
    let title = format!("Join {}", joining.workspace_name);
    let page = Page {
        frame: Frame::new(title),
        here: signed.map(|session| Here::new(session, &joining, &secret)),
        provider: Way::joining(web, &secret),
        passwords: web.app.ways.passwords,
        secret,
        joining,
        name,
        wrong,
    };
    Ok(render(status, &page))
}
