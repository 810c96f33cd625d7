//! The portfolio: every onboarding as list, board or timeline, and the door for a new one.

mod ask;
mod board;
pub(crate) mod export;
mod filters;
pub(crate) mod health;
pub(crate) mod paste;
mod saved;
mod steps;
mod table;
mod timeline;
mod view;
pub(crate) mod views;

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::onboarding::{self, GenerateOptions};
use gangway_app::{AppError, first_run, handoff, portfolio};

use super::onboarding::KNOWN;
use super::render;
use crate::Web;
use crate::extract::{Answer, Asked, Here};
use crate::form::Wrong;
use crate::format::sentence;
use ask::{Ask, Show};
use paste::Pasted;
use view::{Page, Paste, Shown};

/// Lines on one page.
const LINES: u32 = 50;

/// With fewer onboardings a workspace is new, and its first steps are shown until they are done.
const FEW: i64 = 3;

/// `/` leads to the work.
pub(crate) async fn home() -> Redirect {
    Redirect::to("/onboardings")
}

/// The portfolio. The bare address begins with the view the person has chosen.
pub(crate) async fn show(Asked(web, session, (), values): Asked, uri: Uri) -> Answer {
    if uri.query().is_none() {
        let views = portfolio::view::list(&web.app, &session.actor).await?;
        if let Some(view) = views.iter().find(|view| view.is_default) {
            return Ok(Redirect::to(&views::address(view)).into_response());
        }
    }
    let ask = Ask::new(&values);
    if let Some(short) = ask.shortened(&values) {
        return Ok(short);
    }
    page(&web, &session, ask, Sent::default(), StatusCode::OK).await
}

/// Forms on the page that came back, with what was typed.
#[derive(Default)]
struct Sent {
    paste: Paste,
    /// Name for a view, and what was wrong with it.
    view: Option<(String, Wrong)>,
}

/// A deal was pasted: the same use cases as on the command line. What cannot be used comes back
/// with the reason and with what was typed.
pub(crate) async fn create(Here(web, session, ()): Here, pasted: Pasted) -> Answer {
    let back = |paste| Sent { paste, ..Sent::default() };
    let deal = match pasted {
        Pasted::Deal(deal) => deal,
        Pasted::TooLarge(start) => {
            let paste = Paste { text: start, problem: Some(paste::too_large()) };
            return page(&web, &session, Ask::default(), back(paste), StatusCode::PAYLOAD_TOO_LARGE).await;
        }
    };
    match generate(&web, &session, &deal).await {
        Ok(address) => Ok(Redirect::to(&address).into_response()),
        Err(error) if error.is_input() => {
            let paste = Paste { text: deal, problem: Some(sentence(&error.to_string())) };
            page(&web, &session, Ask::default(), back(paste), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn generate(web: &Web, session: &Session, deal: &str) -> Result<String, AppError> {
    let actor = &session.actor;
    let accepted = handoff::accept(&web.app, actor, deal.as_bytes().to_vec(), None).await?;
    let made = onboarding::generate(&web.app, actor, accepted.handoff, GenerateOptions::default()).await?;
    let known = if made.new { String::new() } else { format!("?{KNOWN}=1") };
    Ok(format!("/onboardings/{}{known}", made.id))
}

async fn page(web: &Web, session: &Session, ask: Ask, sent: Sent, status: StatusCode) -> Answer {
    let query = ask.to_query(web, session)?;
    let shown = match ask.show {
        Show::Board => Shown::Board(portfolio::board(&web.app, &session.actor, query).await?),
        Show::List | Show::Timeline => Shown::Lines(portfolio::list(&web.app, &session.actor, query).await?),
    };
    let views = portfolio::view::list(&web.app, &session.actor).await?;
    let few = shown.summary().all < FEW;
    let steps = if few { Some(first_run::steps(&web.app, &session.actor).await?) } else { None };
    let bands = portfolio::bands(&web.app);
    Ok(render(status, &Page::new(session, shown, views, (steps, bands.as_slice()), &ask, sent)))
}
