//! The list of handoffs.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::{AppError, intake};
use gangway_domain::permission::Action;
use gangway_store::onboarding::list::Direction;
use gangway_store::review::{Query, SortBy, State as Stage};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{door_words, state_words};
use crate::Web;
use crate::extract::Values;
use crate::format::{Moment, moment};
use crate::pages::failure::Failure;
use crate::pages::order::{Column, Head, largest, latest, rising};
use crate::pages::{Frame, Nav, Part, render};
use crate::session::Signed;

#[derive(Template)]
#[template(path = "pages/handoffs/list.html")]
struct Page {
    frame: Frame,
    may_hand_over: bool,
    empty: bool,
    parts: Vec<Part>,
    search: String,
    state: String,
    sort: String,
    dir: String,
    customer: Head,
    accepted: Head,
    score: Head,
    rows: Vec<Row>,
    next: Option<String>,
}

/// The columns that sort.
const CUSTOMER: (Column, SortBy) = (rising("customer", "Customer"), SortBy::Customer);
const ACCEPTED: (Column, SortBy) = (latest("accepted", "Handed over"), SortBy::Accepted);
const SCORE: (Column, SortBy) = (largest("complete", "Complete"), SortBy::Score);

/// What the address asks for.
#[derive(Clone)]
struct Ask {
    q: String,
    state: String,
    sort: String,
    dir: String,
    after: String,
}

impl Ask {
    fn address(&self) -> String {
        let parts: Vec<String> = [
            ("q", &self.q),
            ("state", &self.state),
            ("sort", &self.sort),
            ("dir", &self.dir),
            ("after", &self.after),
        ]
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
        format!("/handoffs?{}", parts.join("&"))
    }
}

struct Row {
    href: String,
    customer: String,
    by: String,
    door: &'static str,
    at: Moment,
    score: Option<i64>,
    score_class: &'static str,
    state: &'static str,
    state_class: &'static str,
    confirmed: Option<String>,
    onboarding: Option<String>,
}

/// The handoffs, newest first unless asked otherwise.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    values: Values,
) -> Result<Response, Failure> {
    let ask = Ask {
        q: values.text("q").trim().to_owned(),
        state: values.text("state"),
        sort: values.text("sort"),
        dir: values.text("dir"),
        after: values.text("after"),
    };
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let stage = Stage::of_word(&ask.state);
    let known = [CUSTOMER, SCORE].into_iter().find(|(column, _)| column.word == ask.sort);
    let (column, sort) = known.unwrap_or(ACCEPTED);
    let falling = column.is_falling(&ask.dir);
    let query = Query {
        search: filled(&ask.q),
        state: stage,
        sort,
        direction: if falling { Direction::Descending } else { Direction::Ascending },
        after: filled(&ask.after).map(|cursor| cursor.parse()).transpose().map_err(AppError::Cursor)?,
        ..intake::newest()
    };
    let found = intake::list(&web.app, &session.actor, &query).await?;
    let all: i64 = found.counts.iter().map(|(_, count)| count).sum();
    let first = Ask { after: String::new(), ..ask.clone() };
    let part = |label: &str, count: i64, state: Option<Stage>| Part {
        label: label.to_owned(),
        count,
        href: Ask { state: state.map_or_else(String::new, |state| state.word().to_owned()), ..first.clone() }
            .address(),
        here: stage == state,
    };
    let head = |(known, _): (Column, SortBy)| {
        known.head(column.word, falling, |sort, dir| {
            Ask { sort: sort.to_owned(), dir: dir.to_owned(), ..first.clone() }.address()
        })
    };
    let page = Page {
        frame: Frame::of(&session, Nav::Handoffs, "Handoffs").live_on_all(),
        may_hand_over: session.actor.may(Action::HandOver),
        empty: all == 0,
        parts: std::iter::once(part("All", all, None))
            .chain(
                found.counts.iter().map(|(known, count)| part(state_words(*known).0, *count, Some(*known))),
            )
            .collect(),
        customer: head(CUSTOMER),
        accepted: head(ACCEPTED),
        score: head(SCORE),
        next: found.next.map(|cursor| Ask { after: cursor.to_string(), ..ask.clone() }.address()),
        search: ask.q,
        state: ask.state,
        sort: ask.sort,
        dir: ask.dir,
        rows: found
            .lines
            .into_iter()
            .map(|line| {
                let (state, state_class) = state_words(line.state);
                Row {
                    href: format!("/handoffs/{}", line.id),
                    customer: line.customer,
                    by: line.accepted_by,
                    door: door_words(&line.door),
                    at: moment(line.accepted_at, &web.app.time_zone),
                    score_class: score_class(line.document_score),
                    score: line.document_score,
                    state,
                    state_class,
                    confirmed: line.confirmed.map(|(_, by)| by),
                    onboarding: line.onboarding.map(|id| format!("/onboardings/{id}")),
                }
            })
            .collect(),
    };
    Ok(render(StatusCode::OK, &page))
}

fn score_class(score: Option<i64>) -> &'static str {
    match score {
        None => "",
        Some(..50) => "bad",
        Some(50..70) => "fair",
        Some(_) => "good",
    }
}
