//! The portfolio: every onboarding, and the door for a new one.

mod view;

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::onboarding::{self, GenerateOptions};
use gangway_app::{AppError, handoff};
use gangway_store::onboarding::list::{self, Direction, SortBy};
use serde::Deserialize;

use super::failure::Failure;
use super::render;
use crate::Web;
use view::{Page, Paste};

/// Lines on one page.
const LINES: u32 = 50;

/// What the address asks for. Empty fields are what a form sends for "any".
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Ask {
    q: String,
    segment: String,
    state: String,
    sort: String,
    dir: String,
    after: String,
}

/// The columns a person can sort by: word in the address, order.
const SORTS: [(&str, SortBy); 6] = [
    ("customer", SortBy::Customer),
    ("kickoff", SortBy::Kickoff),
    ("go-live", SortBy::GoLive),
    ("finish", SortBy::Finish),
    ("late", SortBy::Late),
    ("quality", SortBy::Quality),
];

/// A deal pasted into the form.
#[derive(Deserialize)]
pub(crate) struct Pasted {
    deal: String,
}

/// `/` leads to the work.
pub(crate) async fn home() -> Redirect {
    Redirect::to("/onboardings")
}

/// The portfolio.
pub(crate) async fn show(State(web): State<Web>, Query(ask): Query<Ask>) -> Result<Response, Failure> {
    page(&web, ask, Paste::default(), StatusCode::OK).await
}

/// A deal was pasted: the same use cases as on the command line. What cannot be read comes back
/// with the reason and with what was typed.
pub(crate) async fn create(
    State(web): State<Web>,
    Form(Pasted { deal }): Form<Pasted>,
) -> Result<Response, Failure> {
    match generate(&web, &deal).await {
        Ok(address) => Ok(Redirect::to(&address).into_response()),
        Err(error) if error.is_input() => {
            let paste = Paste { text: deal, problem: Some(error.to_string()) };
            page(&web, Ask::default(), paste, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn generate(web: &Web, deal: &str) -> Result<String, AppError> {
    let actor = web.actor();
    let accepted = handoff::accept(&web.app, &actor, deal.as_bytes().to_vec(), None).await?;
    let made = onboarding::generate(&web.app, &actor, accepted.handoff, GenerateOptions::default()).await?;
    Ok(format!("/onboardings/{}", made.id))
}

async fn page(web: &Web, ask: Ask, paste: Paste, status: StatusCode) -> Result<Response, Failure> {
    let portfolio = onboarding::list(&web.app, &web.actor(), query(web, &ask)?).await?;
    Ok(render(status, &Page::new(portfolio, &ask, paste)))
}

fn query(web: &Web, ask: &Ask) -> Result<list::Query, AppError> {
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let after = filled(&ask.after).map(|cursor| cursor.parse()).transpose().map_err(AppError::Cursor)?;
    Ok(list::Query {
        segment: filled(&ask.segment),
        state: filled(&ask.state),
        search: filled(&ask.q),
        sort: SORTS
            .iter()
            .find(|(word, _)| *word == ask.sort)
            .map_or_else(SortBy::default, |(_, sort)| *sort),
        direction: if ask.dir == "desc" { Direction::Descending } else { Direction::Ascending },
        after,
        limit: LINES,
        today: web.app.today(),
    })
}
