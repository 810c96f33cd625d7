//! Taking up an invitation.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::identity::{self, Joining, Secret};

use super::provider::Way;
use crate::Web;
use crate::extract::Names;
use crate::form::{Fields, Wrong};
use crate::pages::failure::Failure;
use crate::pages::{Frame, render};
use crate::session::{self, Client};

#[derive(Template)]
#[template(path = "pages/access/join.html")]
struct Page {
    frame: Frame,
    secret: String,
    joining: Joining,
    name: String,
    wrong: Wrong,
    /// The identity provider.
    provider: Option<Way>,
    /// Mail address and password are a way in.
    passwords: bool,
}

/// The form behind the link. Opening it uses nothing up: mail scanners open links too.
pub(crate) async fn show(State(web): State<Web>, Names(secret): Names<String>) -> Result<Response, Failure> {
    page(&web, StatusCode::OK, secret, String::new(), Wrong::default()).await
}

/// Joins the team.
pub(crate) async fn create(
    State(web): State<Web>,
    Names(secret): Names<String>,
    client: Client,
    fields: Fields,
) -> Result<Response, Failure> {
    let held = Secret::from_holder(&secret);
    let (name, password) = (fields.text("name"), fields.text("password"));
    match identity::accept(&web.app, &held, name, password, &client.agent).await {
        Ok(signed) => Ok(session::begin(&web, &signed, "/")),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, status, secret, name.to_owned(), wrong).await
        }
    }
}

async fn page(
    web: &Web,
    status: StatusCode,
    secret: String,
    name: String,
    wrong: Wrong,
) -> Result<Response, Failure> {
    let joining = identity::invited(&web.app, &Secret::from_holder(&secret)).await?;
    let title = format!("Join {}", joining.workspace_name);
    let (provider, passwords) = (Way::joining(web, &secret), web.app.ways.passwords);
    Ok(render(status, &Page { frame: Frame::new(title), secret, joining, name, wrong, provider, passwords }))
}
