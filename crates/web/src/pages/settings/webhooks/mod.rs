//! Webhooks: the endpoints, one endpoint with its log, one delivery with its tries.

pub(crate) mod delivery;
pub(crate) mod endpoint;

use askama::Template;
use axum::http::StatusCode;
use gangway_app::identity::Session;
use gangway_app::webhook::{self, KINDS, Wanted};
use gangway_store::webhook::Endpoint;

use super::{Tab, tabs};
use crate::Web;
use crate::extract::{Answer, Here, Posted};
use crate::form::{Fields, Wrong};
use crate::format::count;
use crate::pages::{Frame, Nav, render};

pub(super) const PATH: &str = "/settings/webhooks";

#[derive(Template)]
#[template(path = "pages/settings/webhooks/webhooks.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    endpoints: Vec<Line>,
    sheet: Form,
    wrong: Wrong,
}

struct Line {
    id: String,
    url: String,
    description: String,
    kinds: String,
    state: Health,
}

/// How an endpoint is doing.
pub(super) enum Health {
    Works,
    Failing,
    Off,
}

impl Health {
    pub(super) fn of(endpoint: &Endpoint) -> Self {
        match (endpoint.disabled_at, endpoint.failing_since) {
            (Some(_), _) => Self::Off,
            (None, Some(_)) => Self::Failing,
            (None, None) => Self::Works,
        }
    }
}

/// The form of an endpoint, new or known.
pub(super) struct Form {
    pub url: String,
    pub description: String,
    pub kinds: Vec<Choice>,
}

pub(super) struct Choice {
    pub word: &'static str,
    pub means: &'static str,
    pub chosen: bool,
}

impl Form {
    pub(super) fn of(wanted: &Wanted) -> Self {
        Self {
            url: wanted.url.clone(),
            description: wanted.description.clone(),
            kinds: KINDS
                .iter()
                .map(|&(word, means)| Choice {
                    word,
                    means,
                    chosen: wanted.kinds.iter().any(|kind| kind == word),
                })
                .collect(),
        }
    }

    /// It is told of some events only.
    pub(super) fn is_picked(&self) -> bool {
        self.kinds.iter().any(|kind| kind.chosen)
    }
}

pub(super) fn wanted(fields: &Fields) -> Wanted {
    Wanted {
        url: fields.text("url").to_owned(),
        description: fields.text("description").to_owned(),
        kinds: fields.all("kinds").map(str::to_owned).collect(),
    }
}

/// The endpoints.
pub(crate) async fn show(Here(web, session, ()): Here) -> Answer {
    page(&web, &session, StatusCode::OK, Wanted::default(), Wrong::default()).await
}

/// Adds an endpoint and shows it with its secret, this once.
pub(crate) async fn create(Posted(web, session, (), fields): Posted) -> Answer {
    let wanted = wanted(&fields);
    match webhook::add(&web.app, &session.actor, &wanted).await {
        Ok(made) => endpoint::with_secret(&web, &session, made, StatusCode::CREATED).await,
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, &session, status, wanted, wrong).await
        }
    }
}

async fn page(web: &Web, session: &Session, status: StatusCode, wanted: Wanted, wrong: Wrong) -> Answer {
    let endpoints = webhook::endpoints(&web.app, &session.actor).await?;
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Webhooks"),
        tabs: tabs(session, PATH),
        endpoints: endpoints
            .into_iter()
            .map(|endpoint| Line {
                id: endpoint.id.to_string(),
                kinds: match endpoint.kinds.split_whitespace().count() {
                    0 => "all events".to_owned(),
                    some => count(some, "kind") + " of events",
                },
                state: Health::of(&endpoint),
                url: endpoint.url,
                description: endpoint.description,
            })
            .collect(),
        sheet: Form::of(&wanted),
        wrong,
    };
    Ok(render(status, &page))
}
