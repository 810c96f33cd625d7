//! Integrations: addresses at which a CRM announces won deals.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::crm_hook::{self, Crm};
use gangway_app::identity::Session;
use gangway_domain::ids::HookId;

use super::{Tab, tabs};
use crate::Web;
use crate::extract::Names;
use crate::form::{Fields, Wrong};
use crate::format::{Moment, moment};
use crate::pages::failure::Failure;
use crate::pages::{Frame, Nav, render};
use crate::session::Signed;

const PATH: &str = "/settings/integrations";

#[derive(Template)]
#[template(path = "pages/settings/integrations.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    hooks: Vec<Line>,
    /// An address just made, and what to do with it.
    made: Option<Made>,
    wrong: Wrong,
}

struct Line {
    id: String,
    crm: &'static str,
    created: Moment,
    used: Option<Moment>,
}

struct Made {
    address: String,
    crm: &'static str,
    secret: bool,
}

/// The addresses.
pub(crate) async fn show(State(web): State<Web>, Signed(session): Signed) -> Result<Response, Failure> {
    page(&web, &session, StatusCode::OK, (None, Wrong::default())).await
}

/// Makes an address and shows it; that of Salesforce this once.
pub(crate) async fn create(
    State(web): State<Web>,
    Signed(session): Signed,
    fields: Fields,
) -> Result<Response, Failure> {
    let crm: Crm = fields.text("crm").parse()?;
    // Never shown again: a secret does not come back in a page.
    let sent = (crm == Crm::Hubspot).then(|| fields.text("signing_secret"));
    match crm_hook::make(&web.app, &session.actor, crm, sent).await {
        Ok((hook, secret)) => {
            let mut path = format!("/hooks/{}/{}", crm.word(), hook.id);
            if let Some(secret) = &secret {
                path = format!("{path}/{}", secret.reveal());
            }
            let made = Made { address: web.app.link(&path), crm: crm.label(), secret: secret.is_some() };
            page(&web, &session, StatusCode::CREATED, (Some(made), Wrong::default())).await
        }
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, &session, status, (None, wrong)).await
        }
    }
}

/// Ends an address at once.
pub(crate) async fn end(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
) -> Result<Response, Failure> {
    let id: HookId = id.parse().map_err(|_| AppError::NotFound { what: "CRM address", id })?;
    crm_hook::end(&web.app, &session.actor, id).await?;
    Ok(Redirect::to(PATH).into_response())
}

async fn page(
    web: &Web,
    session: &Session,
    status: StatusCode,
    (made, wrong): (Option<Made>, Wrong),
) -> Result<Response, Failure> {
    let zone = &web.app.time_zone;
    let line = |hook: crm_hook::Hook| Line {
        id: hook.id.to_string(),
        crm: hook.crm.label(),
        created: moment(hook.created_at, zone),
        used: hook.used_at.map(|at| moment(at, zone)),
    };
    let hooks = crm_hook::list(&web.app, &session.actor).await?;
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Integrations"),
        tabs: tabs(session, PATH),
        hooks: hooks.into_iter().map(line).collect(),
        made,
        wrong,
    };
    Ok(render(status, &page))
}
