//! The portfolio: every onboarding, and the door for a new one.

pub(crate) mod paste;
mod view;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::Session;
use gangway_app::onboarding::{self, GenerateOptions};
use gangway_app::{AppError, first_run, handoff};
use gangway_store::onboarding::list::{self, Direction, SortBy};

use super::failure::Failure;
use super::onboarding::KNOWN;
use super::render;
use crate::Web;
use crate::extract::Values;
use crate::session::Signed;
use paste::Pasted;
use view::{Page, Paste};

/// Lines on one page.
const LINES: u32 = 50;

/// With fewer onboardings a workspace is new, and its first steps are shown until they are done.
const FEW: i64 = 3;

/// What the address asks for. Empty fields are what a form sends for "any".
#[derive(Debug, Clone, Default)]
struct Ask {
    q: String,
    segment: String,
    state: String,
    sort: String,
    dir: String,
    after: String,
}

impl Ask {
    fn new(values: &Values) -> Self {
        Self {
            q: values.text("q"),
            segment: values.text("segment"),
            state: values.text("state"),
            sort: values.text("sort"),
            dir: values.text("dir"),
            after: values.text("after"),
        }
    }
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

/// `/` leads to the work.
pub(crate) async fn home() -> Redirect {
    Redirect::to("/onboardings")
}

/// The portfolio.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    values: Values,
) -> Result<Response, Failure> {
    page(&web, &session, Ask::new(&values), Paste::default(), StatusCode::OK).await
}

/// A deal was pasted: the same use cases as on the command line. What cannot be used comes back
/// with the reason and with what was typed.
pub(crate) async fn create(
    State(web): State<Web>,
    Signed(session): Signed,
    pasted: Pasted,
) -> Result<Response, Failure> {
    let deal = match pasted {
        Pasted::Deal(deal) => deal,
        Pasted::TooLarge(start) => {
            let paste = Paste { text: start, problem: Some(paste::too_large()) };
            return page(&web, &session, Ask::default(), paste, StatusCode::PAYLOAD_TOO_LARGE).await;
        }
    };
    match generate(&web, &session, &deal).await {
        Ok(address) => Ok(Redirect::to(&address).into_response()),
        Err(error) if error.is_input() => {
            let paste = Paste { text: deal, problem: Some(error.to_string()) };
            page(&web, &session, Ask::default(), paste, StatusCode::UNPROCESSABLE_ENTITY).await
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

async fn page(
    web: &Web,
    session: &Session,
    ask: Ask,
    paste: Paste,
    status: StatusCode,
) -> Result<Response, Failure> {
    let portfolio = onboarding::list(&web.app, &session.actor, query(web, &ask)?).await?;
    let few = portfolio.summary.all < FEW;
    let steps = if few { Some(first_run::steps(&web.app, &session.actor).await?) } else { None };
    Ok(render(status, &Page::new(session, portfolio, steps, &ask, paste)))
}

fn query(web: &Web, ask: &Ask) -> Result<list::Query, AppError> {
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let after = filled(&ask.after).map(|cursor| cursor.parse()).transpose().map_err(AppError::Cursor)?;
    Ok(list::Query {
        segment: filled(&ask.segment),
        state: filled(&ask.state),
        search: filled(&ask.q),
        owner: None,
        late_only: false,
        stage: None,
        account: None,
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
