//! Integrations: CRMs that announce won deals, and CRMs people pick them from.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::crm::{self, Access, Connection};
use gangway_app::crm_hook::{self, Crm};
use gangway_app::identity::Session;
use gangway_domain::ids::HookId;

use super::{Tab, tabs};
use crate::Web;
use crate::extract::{Names, Values};
use crate::form::{Fields, Wrong};
use crate::format::{Moment, moment};
use crate::pages::failure::Failure;
use crate::pages::{Frame, Nav, Toast, render};
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
    pickable: Vec<Pickable>,
}

/// A CRM people can pick deals from, once it is connected.
struct Pickable {
    crm: Crm,
    connected: Option<(String, String, Moment)>,
    /// What was typed, when it came back; never the secret.
    address: String,
    client: String,
    wrong: Wrong,
}

/// What came back of the form of a CRM.
struct Returned {
    crm: Crm,
    address: String,
    client: String,
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
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    values: Values,
) -> Result<Response, Failure> {
    let said = match values.text("said").as_str() {
        "connected" => "Connected. Its won deals can be picked under Hand over a deal.",
        "disconnected" => "The connection and its secret are gone.",
        _ => "",
    };
    page(&web, &session, StatusCode::OK, (None, Wrong::default()), None, said).await
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
            page(&web, &session, StatusCode::CREATED, (Some(made), Wrong::default()), None, "").await
        }
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, &session, status, (None, wrong), None, "").await
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

/// Connects a CRM, after trying it.
pub(crate) async fn connect(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(crm): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let crm: Crm = crm.parse()?;
    let text = |name: &str| fields.text(name).to_owned();
    let access = Access { address: text("address"), client: text("client"), secret: text("secret") };
    match crm::connect(&web.app, &session.actor, crm, access).await {
        Ok(_) => Ok(Redirect::to(&format!("{PATH}?said=connected")).into_response()),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            let back = Returned { crm, address: text("address"), client: text("client"), wrong };
            page(&web, &session, status, (None, Wrong::default()), Some(back), "").await
        }
    }
}

/// Takes the connection to a CRM away.
pub(crate) async fn disconnect(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(crm): Names<String>,
) -> Result<Response, Failure> {
    crm::disconnect(&web.app, &session.actor, crm.parse()?).await?;
    Ok(Redirect::to(&format!("{PATH}?said=disconnected")).into_response())
}

async fn page(
    web: &Web,
    session: &Session,
    status: StatusCode,
    (made, wrong): (Option<Made>, Wrong),
    mut returned: Option<Returned>,
    said: &str,
) -> Result<Response, Failure> {
    let zone = &web.app.time_zone;
    let line = |hook: crm_hook::Hook| Line {
        id: hook.id.to_string(),
        crm: hook.crm.label(),
        created: moment(hook.created_at, zone),
        used: hook.used_at.map(|at| moment(at, zone)),
    };
    let hooks = crm_hook::list(&web.app, &session.actor).await?;
    let connections = crm::connections(&web.app, &session.actor).await?;
    let pickable = |crm: Crm| {
        let known = connections.iter().find(|connection| connection.crm == crm);
        let known =
            known.map(|Connection { address, by, at, .. }| (address.clone(), by.clone(), moment(*at, zone)));
        let back = returned.take_if(|back| back.crm == crm);
        let back = back.unwrap_or(Returned {
            crm,
            address: String::new(),
            client: String::new(),
            wrong: Wrong::default(),
        });
        Pickable { crm, connected: known, address: back.address, client: back.client, wrong: back.wrong }
    };
    let pickable = [Crm::Hubspot, Crm::Salesforce].map(pickable).into();
    let page = Page {
        pickable,
        frame: Frame::of(session, Nav::Settings, "Integrations").saying(Toast::of(said)),
        tabs: tabs(session, PATH),
        hooks: hooks.into_iter().map(line).collect(),
        made,
        wrong,
    };
    Ok(render(status, &page))
}
