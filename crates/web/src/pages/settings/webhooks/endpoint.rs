//! One endpoint: its settings, its secret, and what was sent to it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::webhook::{self, NewSecret, Wanted};
use gangway_domain::ids::WebhookId;
use gangway_store::delivery::Delivery;

use super::super::{Tab, tabs};
use super::{Form, Health, PATH, wanted};
use crate::Web;
use crate::extract::{Answer, Here, Posted, named};
use crate::form::Wrong;
use crate::format::{Moment, moment};
use crate::pages::{Frame, Nav, render};

#[derive(Template)]
#[template(path = "pages/settings/webhooks/endpoint.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    id: String,
    url: String,
    health: Health,
    failing_since: Option<Moment>,
    disabled_why: String,
    /// A secret just made: shown once.
    made: Option<String>,
    /// Until when the secret before signs too.
    overlap: Option<Moment>,
    sheet: Form,
    wrong: Wrong,
    deliveries: Vec<Line>,
}

struct Line {
    id: String,
    kind: String,
    at: Moment,
    attempts: i64,
    outcome: Outcome,
}

/// How a delivery is doing.
pub(super) enum Outcome {
    Delivered,
    Waiting(Moment),
    Failed(String),
}

impl Outcome {
    pub(super) fn of(delivery: &Delivery, web: &Web) -> Self {
        match (delivery.delivered_at, delivery.failed_at) {
            (Some(_), _) => Self::Delivered,
            (None, Some(_)) => Self::Failed(delivery.problem.clone().unwrap_or_default()),
            (None, None) => {
                let next = delivery.next_at.unwrap_or(delivery.created_at);
                Self::Waiting(moment(next, &web.app.time_zone))
            }
        }
    }
}

/// What came of something that was sent.
#[derive(Default)]
struct Sent {
    wanted: Option<Wanted>,
    secret: Option<String>,
    wrong: Wrong,
}

/// The endpoint.
pub(crate) async fn show(Here(web, session, id): Here<String>) -> Answer {
    page(&web, &session, known(&id)?, StatusCode::OK, Sent::default()).await
}

/// Changes its settings.
pub(crate) async fn change(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let (id, wanted) = (known(&id)?, wanted(&fields));
    match webhook::change(&web.app, &session.actor, id, &wanted).await {
        Ok(()) => Ok(to(id)),
        Err(error @ AppError::NotFound { .. }) => Err(error.into()),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            let sent = Sent { wanted: Some(wanted), wrong, ..Sent::default() };
            page(&web, &session, id, status, sent).await
        }
    }
}

/// Gives it a new secret, shown this once.
pub(crate) async fn rotate(Here(web, session, id): Here<String>) -> Answer {
    let made = webhook::rotate(&web.app, &session.actor, known(&id)?).await?;
    with_secret(&web, &session, made, StatusCode::CREATED).await
}

/// Switches it on or off.
pub(crate) async fn switch(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = known(&id)?;
    webhook::switch(&web.app, &session.actor, id, fields.text("on") == "yes").await?;
    Ok(to(id))
}

/// Sends an event that only tries it out.
pub(crate) async fn test(Here(web, session, id): Here<String>) -> Answer {
    let id = known(&id)?;
    let delivery = webhook::test(&web.app, &session.actor, id).await?;
    Ok(Redirect::to(&format!("{PATH}/{id}/deliveries/{delivery}")).into_response())
}

/// Removes it with its log.
pub(crate) async fn remove(Here(web, session, id): Here<String>) -> Answer {
    webhook::remove(&web.app, &session.actor, known(&id)?, None).await?;
    Ok(Redirect::to(PATH).into_response())
}

/// The endpoint with a secret just made.
pub(super) async fn with_secret(web: &Web, session: &Session, made: NewSecret, status: StatusCode) -> Answer {
    let sent = Sent { secret: Some(made.secret.reveal()), ..Sent::default() };
    page(web, session, made.endpoint, status, sent).await
}

fn to(id: WebhookId) -> Response {
    Redirect::to(&format!("{PATH}/{id}")).into_response()
}

/// The webhook an address names.
pub(super) fn known(id: &str) -> Result<WebhookId, AppError> {
    named("webhook", id)
}

async fn page(web: &Web, session: &Session, id: WebhookId, status: StatusCode, sent: Sent) -> Answer {
    let (endpoint, deliveries) = webhook::endpoint(&web.app, &session.actor, id).await?;
    let (zone, now) = (&web.app.time_zone, web.app.now());
    let as_known = || Wanted {
        url: endpoint.url.clone(),
        description: endpoint.description.clone(),
        kinds: endpoint.kinds.split_whitespace().map(str::to_owned).collect(),
    };
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Webhook"),
        tabs: tabs(session, PATH),
        id: id.to_string(),
        health: Health::of(&endpoint),
        failing_since: endpoint.failing_since.map(|at| moment(at, zone)),
        disabled_why: endpoint.disabled_why.clone().unwrap_or_default(),
        made: sent.secret,
        overlap: endpoint.previous_until.filter(|until| *until > now).map(|until| moment(until, zone)),
        sheet: Form::of(&sent.wanted.unwrap_or_else(as_known)),
        wrong: sent.wrong,
        deliveries: deliveries
            .into_iter()
            .map(|delivery| Line {
                id: delivery.id.to_string(),
                at: moment(delivery.created_at, zone),
                attempts: delivery.attempts,
                outcome: Outcome::of(&delivery, web),
                kind: delivery.kind,
            })
            .collect(),
        url: endpoint.url,
    };
    Ok(render(status, &page))
}
