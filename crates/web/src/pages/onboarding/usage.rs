//! What the customer does in the product: activation against its targets, who is active, which features are used.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::usage::{scorecard, view};
use gangway_app::{AppError, onboarding};
use serde::Deserialize;

use super::read_id;
use super::top::Top;
use crate::extract::{Answer, Here};
use crate::pages::usage::card::Card;
use crate::pages::usage::seen::Seen;
use crate::pages::{Frame, render};

/// No section of the package: what stands above the page comes from rows.
#[derive(Deserialize)]
struct Nothing {}

#[derive(Template)]
#[template(path = "pages/onboarding/usage.html")]
struct Page {
    frame: Frame,
    top: Top,
    /// None where the methodology has no targets for its programme.
    card: Option<Card>,
    seen: Seen,
    /// Where the same stands for the account, with what may be changed.
    account: String,
}

/// The tab.
pub(crate) async fn show(Here(web, session, id): Here<String>) -> Answer {
    let id = read_id(id)?;
    let head = onboarding::sight::<Nothing>(&web.app, &session.actor, id).await?.head;
    let card = match scorecard::of_onboarding(&web.app, &session.actor, id).await {
        Ok(card) => Some(card),
        Err(AppError::Refusal(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let usage = view::of_onboarding(&web.app, &session.actor, id).await?;
    let top = Top::new(&session, &head, "/usage");
    let zone = &web.app.time_zone;
    let page = Page {
        frame: top.frame(&session, "Usage"),
        account: format!("/accounts/{}/usage", head.account_id),
        card: card.map(|card| Card::new(card, zone)),
        seen: Seen::new(usage, zone),
        top,
    };
    Ok(render(StatusCode::OK, &page))
}
