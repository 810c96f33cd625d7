//! One delivery: what was sent, and what came back each time.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::webhook::{self, Traced};
use gangway_domain::ids::{DeliveryId, WebhookId};

use super::super::{Tab, tabs};
use super::PATH;
use super::endpoint::{Outcome, known};
use crate::Web;
use crate::extract::{Answer, Here};
use crate::format::{Moment, moment};
use crate::pages::{Frame, Nav, render};

#[derive(Template)]
#[template(path = "pages/settings/webhooks/delivery.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    id: String,
    endpoint: String,
    event: String,
    kind: String,
    at: Moment,
    outcome: Outcome,
    body: String,
    attempts: Vec<Line>,
}

struct Line {
    number: i64,
    at: Moment,
    millis: i64,
    outcome: String,
    failed: bool,
    answer: String,
}

/// The delivery.
pub(crate) async fn show(Here(web, session, (endpoint, id)): Here<(String, String)>) -> Answer {
    let Traced { delivery, attempts } = find(&web, &session, endpoint, id).await?;
    let zone = &web.app.time_zone;
    let page = Page {
        frame: Frame::of(&session, Nav::Settings, "Webhook delivery"),
        tabs: tabs(&session, PATH),
        id: delivery.id.to_string(),
        endpoint: delivery.endpoint.to_string(),
        event: delivery.event.to_string(),
        at: moment(delivery.created_at, zone),
        outcome: Outcome::of(&delivery, &web),
        kind: delivery.kind,
        body: indented(&delivery.body),
        attempts: attempts
            .into_iter()
            .map(|attempt| Line {
                number: attempt.number,
                at: moment(attempt.at, zone),
                millis: attempt.millis,
                failed: attempt.problem.is_some(),
                outcome: attempt
                    .problem
                    .unwrap_or_else(|| format!("it answered {}", attempt.status.unwrap_or_default())),
                answer: attempt.answer,
            })
            .collect(),
    };
    Ok(render(StatusCode::OK, &page))
}

/// Sends it once more.
pub(crate) async fn replay(Here(web, session, (endpoint, id)): Here<(String, String)>) -> Answer {
    let Traced { delivery, .. } = find(&web, &session, endpoint, id).await?;
    webhook::replay(&web.app, &session.actor, delivery.id).await?;
    Ok(Redirect::to(&format!("{PATH}/{}/deliveries/{}", delivery.endpoint, delivery.id)).into_response())
}

async fn find(
    web: &Web,
    session: &gangway_app::identity::Session,
    endpoint: String,
    id: String,
) -> Result<Traced, AppError> {
    let endpoint: WebhookId = known(&endpoint)?;
    let missing = |id: String| AppError::NotFound { what: "delivery", id };
    let wanted: DeliveryId = id.parse().map_err(|_| missing(id.clone()))?;
    let traced = webhook::trace(&web.app, &session.actor, wanted).await?;
    if traced.delivery.endpoint == endpoint { Ok(traced) } else { Err(missing(id)) }
}

/// JSON as people read it; what is sent has no spaces.
fn indented(body: &str) -> String {
    let parsed: Option<serde_json::Value> = serde_json::from_str(body).ok();
    parsed.and_then(|json| serde_json::to_string_pretty(&json).ok()).unwrap_or_else(|| body.to_owned())
}
