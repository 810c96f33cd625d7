//! Integrations: CRMs that announce won deals, and CRMs people pick them from.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::crm::{self, Access};
use gangway_app::crm_hook::{self, Crm};
use gangway_app::identity::Session;
use gangway_domain::ids::HookId;

use super::{Tab, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::Wrong;
use crate::format::{Moment, moment};
use crate::pages::failure::Failure;
use crate::pages::{Frame, Nav, Toast, render};

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
    /// Where CRMs would have to send, when that is nothing they can reach encrypted.
    unreachable: Option<String>,
}

/// A CRM people can pick deals from, once it is connected.
struct Pickable {
    crm: Crm,
    connected: Option<(String, String, Moment)>,
    /// Why an announced deal could not be fetched.
    problem: Option<String>,
    /// What it must allow.
    needed: Vec<&'static str>,
    /// What was typed, when it came back, or what the connection was made with; never the secret.
    address: String,
    client: String,
    /// The form came back.
    open: bool,
    wrong: Wrong,
}

impl Pickable {
    /// What its form asks for the secret.
    fn secret_label(&self) -> &'static str {
        match self.crm {
            Crm::Hubspot => "Access token",
            Crm::Salesforce => "Consumer secret",
        }
    }
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
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let said = match values.text("said").as_str() {
        "connected" => "The CRM is connected. Its won deals can be picked under Hand over a deal.",
        "disconnected" => "The connection and its secret are gone.",
        _ => "",
    };
    page(&web, &session, StatusCode::OK, (None, Wrong::default()), None, said).await
}

/// Makes an address and shows it; that of Salesforce this once.
pub(crate) async fn create(Posted(web, session, (), fields): Posted) -> Answer {
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
pub(crate) async fn end(Here(web, session, id): Here<String>) -> Answer {
    let id: HookId = named("CRM address", &id)?;
    crm_hook::end(&web.app, &session.actor, id).await?;
    Ok(Redirect::to(PATH).into_response())
}

/// Connects a CRM, after trying it.
pub(crate) async fn connect(Posted(web, session, crm, fields): Posted<String>) -> Answer {
    let crm: Crm = crm.parse()?;
    // Pasted from elsewhere, with the spaces that were around it.
    let text = |name: &str| fields.text(name).trim().to_owned();
    let access = Access { address: text("address"), client: text("client"), secret: text("secret") };
    match crm::change(&web.app, &session.actor, crm, access).await {
        Ok(_) => Ok(Redirect::to(&format!("{PATH}?said=connected")).into_response()),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            let back = Returned { crm, address: text("address"), client: text("client"), wrong };
            page(&web, &session, status, (None, Wrong::default()), Some(back), "").await
        }
    }
}

/// Takes the connection to a CRM away.
pub(crate) async fn disconnect(Here(web, session, crm): Here<String>) -> Answer {
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
) -> Answer {
    let zone = &web.app.time_zone;
    let line = |hook: crm_hook::Hook| Line {
        id: hook.id.to_string(),
        crm: hook.crm.label(),
        created: moment(hook.created_at, zone),
        used: hook.used_at.map(|at| moment(at, zone)),
    };
    let hooks = crm_hook::list(&web.app, &session.actor).await?;
    let mut pickable = Vec::new();
    for crm in [Crm::Hubspot, Crm::Salesforce] {
        pickable.push(desk(web, session, crm, returned.take_if(|back| back.crm == crm)).await?);
    }
    let is_reachable = web.app.public_url.starts_with("https://");
    let page = Page {
        pickable,
        frame: Frame::of(session, Nav::Settings, "Integrations").saying(Toast::of(said)),
        tabs: tabs(session, PATH),
        hooks: hooks.into_iter().map(line).collect(),
        made,
        wrong,
        unreachable: (!is_reachable).then(|| web.app.public_url.to_string()),
    };
    Ok(render(status, &page))
}

/// A CRM with its form: as it came back, or as the connection was made.
async fn desk(
    web: &Web,
    session: &Session,
    crm: Crm,
    returned: Option<Returned>,
) -> Result<Pickable, Failure> {
    let connections = crm::connections(&web.app, &session.actor).await?;
    let known = connections.into_iter().find(|connection| connection.crm == crm);
    let settings = crm::settings(&web.app, &session.actor, crm).await?.unwrap_or_default();
    let open = returned.is_some();
    let Returned { address, client, wrong, .. } = returned.unwrap_or(Returned {
        crm,
        address: settings.address,
        client: settings.client,
        wrong: Wrong::default(),
    });
    let problem = known.as_ref().and_then(|known| known.problem.clone());
    let connected = known.map(|known| (known.address, known.by, moment(known.at, &web.app.time_zone)));
    let needed = crm::needed(crm).to_vec();
    Ok(Pickable { crm, connected, problem, needed, address, client, open, wrong })
}
